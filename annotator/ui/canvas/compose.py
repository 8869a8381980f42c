"""Composes one block: text, spans and relations together become a `Drawing` with a height."""

from __future__ import annotations

from math import ceil
from typing import Protocol

from PySide6.QtCore import QRectF

from annotator.ui.canvas import connect, levels
from annotator.ui.canvas.decoration import span_figures
from annotator.ui.canvas.figures import Connector, Drawing, Foot, LineBox, SpanFigure, Tag
from annotator.ui.canvas.index import ItemIndex
from annotator.ui.canvas.items import End, RelationItem, SpanItem
from annotator.ui.canvas.lanes import Lane, Lanes
from annotator.ui.canvas.layout import TextBlock
from annotator.ui.canvas.style import Style

NEAR = 2
"""Relations to a block farther away than this are named by chips."""
_CHIP_TEXT = 28


class Surroundings(Protocol):
    """What composing a block needs to know of the whole article."""

    index: ItemIndex
    lanes: Lanes
    style: Style
    measure: int
    with_score: bool

    def text_block(self, block: int) -> TextBlock:
        """Give the laid-out text of a block."""
        ...

    def words_of(self, item: SpanItem) -> str:
        """Give the text a span covers."""
        ...


def compose(around: Surroundings, block: int) -> Drawing:
    """Lay out everything of one block; depends on the items near it and on lanes already given."""
    text = around.text_block(block)
    style, metrics = around.style, around.style.metrics
    figures = span_figures(
        around.index.spans_in(block),
        text,
        style,
        begins_here=lambda item: text.start <= item.start < text.end or around.index.home(item) == block,
        measure=around.measure,
        with_score=around.with_score,
    )
    by_id = {figure.item.id: figure for figure in figures}
    tags: dict[str, Tag] = {figure.item.id: figure.tag for figure in figures if figure.tag is not None}
    connectors = [] if metrics.compact else _connectors(around, block, tags)
    tag_rows, rows = [1] * len(text.lines), [1] * len(text.lines)
    for figure in figures:
        for piece in figure.pieces:
            rows[piece.line] = max(rows[piece.line], piece.row + 1)
        for joined, *_, row in figure.joins:
            rows[joined] = max(rows[joined], row + 1)
    for tag in tags.values():
        tag_rows[tag.line] = max(tag_rows[tag.line], tag.row + 1)
    heights = [0] * len(text.lines)
    _set_levels(connectors, by_id, tags, style, heights, measure=around.measure)
    lines, bottom = _lines(around, block, tag_rows, heights, rows)
    text.place([line.baseline for line in lines])
    for tag in tags.values():
        line = lines[tag.line]
        top = line.baseline - metrics.ascent - (tag.row + 1) * metrics.tag_pitch + 1
        tag.box = QRectF(tag.left, top, tag.width, metrics.tag_height)
    for connector in connectors:
        connect.draw_connector(connector, lines[connector.line], tags, style, measure=around.measure)
    return Drawing(block, text, lines, bottom, figures, connectors, by_id)


def estimated_heights(around: Surroundings) -> list[int]:
    """Guess the height of every block from its length alone."""
    metrics, blocks = around.style.metrics, around.index.blocks
    per_line = around.measure / around.style.character
    pitch = metrics.line_height() * 1.12
    ends_paragraph = [*blocks.opens[1:], True]
    return [
        round(max(1, ceil((end - start) / per_line)) * pitch) + closes * metrics.paragraph_gap
        if number
        else metrics.blank
        for start, end, number, closes in zip(
            blocks.starts, blocks.ends, blocks.numbers, ends_paragraph, strict=True
        )
    ]


def _lines(
    around: Surroundings, block: int, tag_rows: list[int], heights: list[int], rows: list[int]
) -> tuple[list[LineBox], int]:
    metrics = around.style.metrics
    blocks = around.index.blocks
    lines = []
    top = 0
    if not blocks.numbers[block] and max(tag_rows) == 1 and not around.index.spans_in(block):
        # Blank paragraphs only part their neighbours.
        lines = [LineBox(0, metrics.blank - 2, metrics.blank, 1, 0, 1) for _ in tag_rows]
        return lines, metrics.blank
    for each_tags, each_levels, each_rows in zip(tag_rows, heights, rows, strict=True):
        baseline = top + metrics.above(tag_rows=each_tags, levels=each_levels)
        bottom = top + metrics.line_height(tag_rows=each_tags, levels=each_levels, rows=each_rows)
        lines.append(LineBox(top, baseline, bottom, each_tags, each_levels, each_rows))
        top = bottom
    return lines, top + (metrics.paragraph_gap if blocks.closes(block) else 0)


def _connectors(around: Surroundings, block: int, tags: dict[str, Tag]) -> list[Connector]:
    relations: dict[str, RelationItem] = {}
    for span in tags:
        for relation in around.index.relations_of(span):
            relations[relation.id] = relation
    _give_lanes(around, list(relations.values()))
    found = []
    for relation in relations.values():
        found += _connectors_of(around, block, relation, tags)
    return found


def _connectors_of(
    around: Surroundings, block: int, relation: RelationItem, tags: dict[str, Tag]
) -> list[Connector]:
    head, child = tags.get(relation.head), tags.get(relation.child)
    if head is not None and child is not None and head.line == child.line:
        feet = [Foot(relation.head, "head", 0), Foot(relation.child, "child", 0)]
        return [Connector(relation, "arc", head.line, feet, words=_words(relation))]
    wrapping = _wrap(around, relation)
    lane = around.lanes.lane(relation.id) if around.lanes.given(relation.id) else None
    ends: list[tuple[End, str, Tag | None]] = [
        ("head", relation.head, head),
        ("child", relation.child, child),
    ]
    found = []
    for end, span, tag in ends:
        if tag is None:
            continue
        feet = [Foot(span, end, 0)]
        if wrapping is not None:
            found.append(_wrapped(around, relation, feet[0], tag.line, wrapping))
        elif lane is None:
            words = _chip_words(around, relation, end)
            found.append(Connector(relation, "chip", tag.line, feet, words=words))
        else:
            found.append(_rail(around, relation, feet[0], lane, (block, tag.line)))
    return found


def _rail(
    around: Surroundings,
    relation: RelationItem,
    foot: Foot,
    lane: Lane,
    own_place: tuple[int, int],
) -> Connector:
    other_place = _place(around, around.index.spans[relation.other(foot.span)])
    words = (
        _words(relation) if foot.end in _wordy_ends(around, relation, lane, own_place, other_place) else ""
    )
    return Connector(
        relation,
        "rail",
        own_place[1],
        [foot],
        words=words,
        side=lane.side,
        lane=lane.number,
        goes_down=own_place < other_place,
    )


def _wordy_ends(
    around: Surroundings,
    relation: RelationItem,
    lane: Lane,
    own_place: tuple[int, int],
    other_place: tuple[int, int],
) -> tuple[End, ...]:
    """Choose the runs of a rail that carry its words: where there is room, both only if they lie apart."""
    needed = around.style.arc_words_width(_words(relation)) + 2 * around.style.metrics.corner + 6
    rooms: dict[End, float] = {}
    ends: list[tuple[End, str]] = [("head", relation.head), ("child", relation.child)]
    for end, span in ends:
        x = _x(around, around.index.spans[span])
        rooms[end] = x if lane.side < 0 else around.measure - x
    roomy = tuple(end for end, room in rooms.items() if room >= needed)
    near = own_place[0] == other_place[0] and abs(own_place[1] - other_place[1]) <= 2
    if not roomy:
        return ("head",)
    return roomy[:1] if near else roomy


def _wrap(around: Surroundings, relation: RelationItem) -> tuple[str, str] | None:
    """Tell whether a relation runs on to the next line as the words do: upper and lower end; None if it does not.

    It does from the end of one line to the begin of the next of a paragraph, where a rail would bow around both.
    """
    spans = around.index.spans
    upper, lower = sorted(
        (spans[relation.head], spans[relation.child]), key=lambda span: (span.start, span.id)
    )
    block, line = _place(around, upper)
    if _place(around, lower) != (block, line + 1):
        return None
    measure = around.measure
    left, right = _x(around, upper), _x(around, lower)
    if around.text_block(block).is_right_to_left:
        left, right = measure - left, measure - right
    wrapped = measure - left + right
    return (upper.id, lower.id) if wrapped * 1.6 < min(left + right, 2 * measure - left - right) else None


def _wrapped(
    around: Surroundings, relation: RelationItem, foot: Foot, line: int, ends: tuple[str, str]
) -> Connector:
    upper, lower = (around.index.spans[end] for end in ends)
    backward = around.text_block(around.index.home(upper)).is_right_to_left
    rooms = around.measure - _x(around, upper), _x(around, lower)
    wordy = ends[0] if (rooms[0] >= rooms[1]) != backward else ends[1]
    side = -1 if (foot.span == lower.id) != backward else 1
    words = _words(relation) if foot.span == wordy else ""
    return Connector(relation, "wrap", line, [foot], words=words, side=side, goes_down=foot.span == upper.id)


def _give_lanes(around: Surroundings, relations: list[RelationItem]) -> None:
    """Give lanes to relations between near lines that were not asked before, the shortest first."""
    wanting = []
    for relation in relations:
        if around.lanes.given(relation.id):
            continue
        head, child = around.index.spans[relation.head], around.index.spans[relation.child]
        if abs(around.index.home(head) - around.index.home(child)) > NEAR:
            continue
        first, last = sorted((_place(around, head), _place(around, child)))
        if first != last and _wrap(around, relation) is None:
            wanting.append((last[0] - first[0], last[1] - first[1], first, last, relation))
    for *_, first, last, relation in sorted(wanting, key=lambda each: (*each[:4], each[4].id)):
        ends = (around.index.spans[relation.head], around.index.spans[relation.child])
        side = -1 if sum(_x(around, end) for end in ends) <= around.measure else 1
        around.lanes.give(relation.id, first, last, side=side)


def _place(around: Surroundings, span: SpanItem) -> tuple[int, int]:
    block = around.index.home(span)
    return block, around.text_block(block).line_of(span.start)


def _x(around: Surroundings, span: SpanItem) -> float:
    pieces = around.text_block(around.index.home(span)).pieces(span.start, span.start + 1)
    return pieces[0].left if pieces else 0.0


def _words(relation: RelationItem) -> str:
    return relation.shown + " !" if relation.illegal else relation.shown


def _chip_words(around: Surroundings, relation: RelationItem, end: End) -> str:
    other = around.index.spans[relation.child if end == "head" else relation.head]
    words = " ".join(around.words_of(other).split())
    if len(words) > _CHIP_TEXT:
        words = words[: _CHIP_TEXT - 1].rstrip() + "…"
    arrow = "–" if relation.symmetric else "→" if end == "head" else "←"
    number = around.index.blocks.number_at(other.start)
    # The partner's words keep their own direction inside the chip.
    return f"{_words(relation)} {arrow} \u2068{words}\u2069  ¶{number}"


def _set_levels(
    connectors: list[Connector],
    by_id: dict[str, SpanFigure],
    tags: dict[str, Tag],
    style: Style,
    heights: list[int],
    *,
    measure: int,
) -> None:
    """Set feet, runs and levels of all connectors, and the number of levels of each line in `heights`."""
    if not connectors:
        return
    lines: dict[int, list[Connector]] = {}
    for connector in connectors:
        lines.setdefault(connector.line, []).append(connector)
    connect.place_feet(connectors, tags)
    for line, own in lines.items():
        connect.avoid_higher_tags(own, by_id, [tag for tag in tags.values() if tag.line == line])
        connect.measure_runs(own, style, measure=measure)
        heights[line] = levels.assign_levels(own)
        connect.shift_words(own, style)
