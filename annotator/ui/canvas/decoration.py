"""Lays out what belongs to spans in one block: underline rows and tags. Relations come after, in `connect.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from annotator.ui.canvas.figures import SpanFigure, SpanPiece, Tag
from annotator.ui.canvas.items import SpanItem
from annotator.ui.canvas.layout import Piece, TextBlock
from annotator.ui.canvas.style import Style

_TAG_GAP = 2.0
_OWN_SHARE = 0.6
"""A tag slides sideways only while this share of it (or of its words) stays over its own words."""


def span_figures(
    items: Iterable[SpanItem],
    text: TextBlock,
    style: Style,
    *,
    begins_here: Callable[[SpanItem], bool],
    measure: int,
    with_score: bool,
) -> list[SpanFigure]:
    """Make the figures of the spans that touch a block, inner ones first.

    Each stretch gets the lowest free underline row of its line, each tag the lowest free row above it.
    """
    figures = []
    rows: dict[int, list[list[tuple[float, float]]]] = {}
    tags: dict[int, list[tuple[Tag, SpanItem]]] = {}
    for item in sorted(items, key=lambda each: (each.length, each.start, each.id)):
        pieces = [
            SpanPiece(piece.line, piece.left, piece.right, 0)
            for start, end in item.fragments
            for piece in text.pieces(start, end)
        ]
        first = None
        if pieces and begins_here(item):
            first = _holding(pieces, text, max(item.start, text.start), default=0)
            first.begins = True
        if pieces and item.end <= text.end:
            _holding(pieces, text, item.end - 1, default=-1).ends = True
        joins = []
        if len(item.fragments) > 1 and (gaps := _gaps(item, text)):
            joins = _set_joined_rows(pieces, gaps, rows)
        else:
            for piece in pieces:
                piece.row = _free_row(rows.setdefault(piece.line, []), piece.left, piece.right)
        figure = SpanFigure(item, pieces, joins=joins)
        if first is not None and not style.metrics.compact:
            leftward = _is_leftward(text, item.start, first)
            figure.tag = _tag(item, first, style, leftward=leftward, with_score=with_score)
            _settle(figure.tag, first, item, others=tags.setdefault(first.line, []), measure=measure)
        figures.append(figure)
    return figures


def _gaps(item: SpanItem, text: TextBlock) -> list[Piece]:
    return [gap for before, after in pairwise(item.fragments) for gap in text.pieces(before.end, after.start)]


def _holding(pieces: list[SpanPiece], text: TextBlock, offset: int, *, default: int) -> SpanPiece:
    """Find the piece in which a code point lies, by its place, since directions of writing may mix."""
    boxes = text.pieces(offset, offset + 1) if text.is_bidi and len(pieces) > 1 else []
    if not boxes:
        return pieces[default]
    middle = (boxes[0].left + boxes[0].right) / 2
    on_line = [piece for piece in pieces if piece.line == boxes[0].line] or pieces
    return min(on_line, key=lambda piece: max(piece.left - middle, middle - piece.right))


def _free_row(rows: list[list[tuple[float, float]]], left: float, right: float) -> int:
    # Half a pixel of tolerance: neighbours that touch stand side by side.
    for index, row in enumerate(rows):
        if all(right <= other_left + 0.5 or left >= other_right - 0.5 for other_left, other_right in row):
            row.append((left, right))
            return index
    rows.append([(left, right)])
    return len(rows) - 1


def _tag(item: SpanItem, piece: SpanPiece, style: Style, *, leftward: bool, with_score: bool) -> Tag:
    words = style.tag_words(item, with_score=with_score)
    width = style.tag_width(words, flagged=item.flagged)
    if leftward:
        return Tag(piece.line, 0, piece.right + 1 - width, width, words, piece.right)
    return Tag(piece.line, 0, piece.left - 1, width, words, piece.left)


def _is_leftward(text: TextBlock, offset: int, piece: SpanPiece) -> bool:
    """Tell whether reading goes leftwards in a piece, seen from its first code point."""
    boxes = text.pieces(offset, offset + 1) if text.is_bidi else []
    if not boxes:
        return False
    before, after = boxes[0].left - piece.left, piece.right - boxes[0].right
    if abs(before - after) < 0.5:  # it is the only one
        return text.runs_left(offset)
    return after < before


def _settle(
    tag: Tag, piece: SpanPiece, item: SpanItem, *, others: list[tuple[Tag, SpanItem]], measure: int
) -> None:
    """Find a tag's place: where it belongs, else beside its neighbour over its own words, else a row higher."""
    tag.left = max(-2.0, min(tag.left, measure + 2.0 - tag.width))
    clashing = [each for each in others if _clash(tag, each[0])]
    taken = {other.row for other, _ in clashing}
    if 0 in taken and not _slide(
        tag,
        piece,
        item,
        clashing=[each for each in clashing if not each[0].row],
        others=others,
        measure=measure,
    ):
        tag.row = next(row for row in range(1, len(taken) + 1) if row not in taken)
    tag.anchor = max(tag.left + 0.5, min(tag.anchor, tag.right - 0.5))
    others.append((tag, item))


def _slide(
    tag: Tag,
    piece: SpanPiece,
    item: SpanItem,
    *,
    clashing: list[tuple[Tag, SpanItem]],
    others: list[tuple[Tag, SpanItem]],
    measure: int,
) -> bool:
    if any(its.start < item.end and item.start < its.end for _, its in clashing):
        return False  # a tag beside one of its own words' tags would look like a neighbour's
    right_of = max(other.right for other, _ in clashing) + _TAG_GAP
    left_of = min(other.left for other, _ in clashing) - _TAG_GAP - tag.width
    for left in sorted((right_of, left_of), key=lambda place: abs(place - tag.left)):
        over = min(left + tag.width, piece.right) - max(left, piece.left)
        if over < _OWN_SHARE * min(tag.width, piece.right - piece.left):
            continue
        if left < -2 or left + tag.width > measure + 2:
            continue
        before, tag.left = tag.left, left
        if not any(other.row == 0 and _clash(tag, other) for other, _ in others):
            return True
        tag.left = before
    return False


def _clash(tag: Tag, other: Tag) -> bool:
    # The edges are summed here: this is asked some thousand times for a dense page.
    return tag.left < other.left + other.width + _TAG_GAP and other.left < tag.left + tag.width + _TAG_GAP


def _set_joined_rows(
    pieces: list[SpanPiece], gaps: list[Piece], rows: dict[int, list[list[tuple[float, float]]]]
) -> list[tuple[int, float, float, int]]:
    """Give all of a span's fragments on a line one row, free from the first to the last of them.

    Gives the dotted stretches between them: line, pixels, row.
    """
    extents: dict[int, tuple[float, float]] = {}
    stretches = [(piece.line, piece.left, piece.right) for piece in pieces]
    for line, left, right in [*stretches, *gaps]:
        before = extents.get(line, (left, right))
        extents[line] = min(before[0], left), max(before[1], right)
    found = {line: _free_row(rows.setdefault(line, []), *extent) for line, extent in extents.items()}
    for piece in pieces:
        piece.row = found[piece.line]
    return [(gap.line, gap.left, gap.right, found[gap.line]) for gap in gaps]
