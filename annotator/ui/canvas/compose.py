"""Composes one block: text, spans and relations together become a `Drawing` with a height."""

from __future__ import annotations

from typing import Literal, Protocol

from PySide6.QtCore import QRectF

from annotator.ui.canvas import connect, levels
from annotator.ui.canvas.decoration import span_figures
from annotator.ui.canvas.figures import Connector, Drawing, Foot, LineBox, SpanFigure, Tag
from annotator.ui.canvas.index import ItemIndex
from annotator.ui.canvas.items import End, RelationItem, SpanItem
from annotator.ui.canvas.lanes import Lane
from annotator.ui.canvas.layout import TextBlock
from annotator.ui.canvas.routes import Route, Routes
from annotator.ui.canvas.style import Style, short_score

_CHIP_TEXT = 28


class Surroundings(Protocol):
    """What composing a block needs to know of the whole article."""

    index: ItemIndex
    routes: Routes
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
    """Lay out everything of one block; depends on the items near it alone."""
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
    connectors = [] if metrics.compact else _connectors(around, tags)
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
    blank = not around.index.blocks.numbers[block] and not any(figure.pieces for figure in figures)
    lines, bottom = _lines(around, block, tag_rows, heights, rows, blank=blank)
    text.place([line.baseline for line in lines])
    for tag in tags.values():
        line = lines[tag.line]
        top = line.baseline - metrics.ascent - (tag.row + 1) * metrics.tag_pitch
        tag.box = QRectF(tag.left, top, tag.width, metrics.tag_height)
    for connector in connectors:
        connect.draw_connector(connector, lines, by_id, style, measure=around.measure)
    return Drawing(block, text, lines, bottom, figures, connectors, by_id)


def _lines(
    around: Surroundings,
    block: int,
    tag_rows: list[int],
    heights: list[int],
    rows: list[int],
    *,
    blank: bool,
) -> tuple[list[LineBox], int]:
    metrics = around.style.metrics
    blocks = around.index.blocks
    lines = []
    top = 0
    if blank:
        # Blank paragraphs only part their neighbours.
        lines = [LineBox(0, metrics.blank - 2, metrics.blank, 1, 0, 1) for _ in tag_rows]
        return lines, metrics.blank
    for each_tags, each_levels, each_rows in zip(tag_rows, heights, rows, strict=True):
        baseline = top + metrics.above(tag_rows=each_tags, levels=each_levels)
        bottom = top + metrics.line_height(tag_rows=each_tags, levels=each_levels, rows=each_rows)
        lines.append(LineBox(top, baseline, bottom, each_tags, each_levels, each_rows))
        top = bottom
    return lines, top + (metrics.paragraph_gap if blocks.closes(block) else 0)


def _connectors(around: Surroundings, tags: dict[str, Tag]) -> list[Connector]:
    relations: dict[str, RelationItem] = {}
    for span in tags:
        if span in around.index.relations_by_span:
            relations |= {relation.id: relation for relation in around.index.relations_of(span)}
    found = []
    for relation in relations.values():
        found += _connectors_of(around, relation, tags)
    return found


def _connectors_of(around: Surroundings, relation: RelationItem, tags: dict[str, Tag]) -> list[Connector]:
    route = around.routes.of(relation)
    if route is not None and route.kind in ("arc", "bow"):
        return _joined(around, relation, route, tags)
    lane = around.routes.lane(relation.id, route) if route is not None and route.kind == "rail" else None
    ends: list[tuple[End, str]] = [("head", relation.head), ("child", relation.child)]
    found = []
    for end, span in ends:
        tag = tags.get(span)
        if tag is None:
            continue
        foot = Foot(span, end, 0)
        if route is not None and route.kind == "wrap":
            found.append(_wrapped(around, relation, foot, tag.line, route))
        elif route is not None and lane is not None:
            found.append(_rail(around, relation, foot, route, lane, line=tag.line))
        else:
            words = _chip_words(around, relation, end)
            found.append(Connector(relation, "chip", tag.line, [foot], words=words))
    return found


def _joined(
    around: Surroundings, relation: RelationItem, route: Route, tags: dict[str, Tag]
) -> list[Connector]:
    """Make an arc or a bow, which has both its ends in one block."""
    if relation.head not in tags or relation.child not in tags:
        return []
    is_bow = route.kind == "bow"
    feet = [
        Foot(relation.head, "head", 0, hangs=is_bow and relation.head == route.upper),
        Foot(relation.child, "child", 0, hangs=is_bow and relation.child == route.upper),
    ]
    kind: Literal["arc", "bow"] = "bow" if is_bow else "arc"
    line, words = tags[route.lower].line, _words(around, relation)
    return [Connector(relation, kind, line, feet, words=words, room=route.room)]


def _rail(
    around: Surroundings, relation: RelationItem, foot: Foot, route: Route, lane: Lane, *, line: int
) -> Connector:
    is_wordy = foot.span in _wordy_ends(around, relation, route, lane)
    return Connector(
        relation,
        "rail",
        line,
        [foot],
        words=_words(around, relation) if is_wordy else "",
        side=lane.side,
        lane=lane.number,
        goes_down=foot.span == route.upper,
    )


def _wordy_ends(around: Surroundings, relation: RelationItem, route: Route, lane: Lane) -> list[str]:
    """Choose the runs of a rail that carry its words: where there is room, both only if they lie apart."""
    style = around.style
    needed = style.arc_words_width(_words(around, relation)) + style.metrics.corner + 6
    rooms = {}
    for span, spot in ((route.upper, route.first), (route.lower, route.last)):
        words = style.tag_words(around.index.spans[span], with_score=around.with_score)
        middle = spot.x + style.tag_width(words) / 2
        rooms[span] = middle if lane.side < 0 else around.measure - middle
    order = (route.upper, route.lower) if relation.symmetric else (relation.head, relation.child)
    roomy = [span for span in order if rooms[span] >= needed]
    near = route.first.block == route.last.block and abs(route.first.line - route.last.line) <= 2
    if not roomy:
        return [max(rooms, key=lambda span: rooms[span])]
    return roomy[:1] if near else roomy


def _wrapped(around: Surroundings, relation: RelationItem, foot: Foot, line: int, route: Route) -> Connector:
    backward = around.text_block(route.first.block).is_right_to_left
    rooms = around.measure - route.first.x, route.last.x
    wordy = route.upper if (rooms[0] >= rooms[1]) != backward else route.lower
    side = -1 if (foot.span == route.lower) != backward else 1
    words = _words(around, relation) if foot.span == wordy else ""
    return Connector(
        relation, "wrap", line, [foot], words=words, side=side, goes_down=foot.span == route.upper
    )


def _words(around: Surroundings, relation: RelationItem) -> str:
    words = relation.shown + " !" if relation.illegal else relation.shown
    if around.with_score and relation.score is not None:
        words += " " + short_score(relation.score)
    return words


def _chip_words(around: Surroundings, relation: RelationItem, end: End) -> str:
    other = around.index.spans[relation.child if end == "head" else relation.head]
    words = " ".join(around.words_of(other).split())
    if len(words) > _CHIP_TEXT:
        words = words[: _CHIP_TEXT - 1].rstrip() + "…"
    arrow = "–" if relation.symmetric else "→" if end == "head" else "←"
    number = around.index.blocks.number_at(other.start)
    # The partner's words keep their own direction inside the chip.
    return f"{_words(around, relation)} {arrow} \u2068{words}\u2069  ¶{number}"


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
    tags_of_lines: dict[int, list[Tag]] = {}
    for tag in tags.values():
        tags_of_lines.setdefault(tag.line, []).append(tag)
    for line, own in lines.items():
        connect.avoid_higher_tags(own, by_id, tags_of_lines[line])
        connect.part_feet(own)
        connect.hang_feet(own, tags)
        connect.measure_runs(own, style, measure=measure)
        heights[line] = levels.assign_levels(own)
        connect.shift_words(own, style)
