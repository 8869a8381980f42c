"""Chooses the way each relation takes: arc, bow, wrap, or rail with its lane; far ones have none and get chips.

Only the document's structure decides, never what was looked at before: whatever a choice depends on is looked up or
laid out (as text alone) before it is made. What was chosen is kept until an item changes or lines are broken anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol
from zlib import crc32

from annotator.ui.canvas.index import Changes, ItemIndex
from annotator.ui.canvas.items import RelationItem, SpanItem
from annotator.ui.canvas.lanes import Lane, LaneRun, Lanes, Place
from annotator.ui.canvas.layout import TextBlock

NEAR = 2
"""Relations to a block farther away than this are named by chips."""
_KNOT = 300.0
"""How many pixels longer a rail may become to be spared a crossing."""
_ROOM = 12.0
"""The least width of words on which a bow may stand from below."""


class Ground(Protocol):
    """What choosing ways needs to know of the whole article."""

    index: ItemIndex
    measure: int

    def text_block(self, block: int) -> TextBlock:
        """Give the laid-out text of a block."""
        ...


class Spot(NamedTuple):
    """Where a span begins: block, line, pixels from the left."""

    block: int
    line: int
    x: float

    @property
    def place(self) -> Place:
        """Give block and line."""
        return self.block, self.line


class Route(NamedTuple):
    """The way of a relation between near lines.

    Args:
        upper, lower: ids of the spans at its ends, in reading order; first, last: where they begin.
        room: of a bow, the stretch of the upper words under which it may stand (pixels).
        rank: of a rail; the lowest chooses its lane first.
    """

    kind: Literal["arc", "bow", "wrap", "rail"]
    upper: str
    lower: str
    first: Spot
    last: Spot
    room: tuple[float, float] = (0.0, 0.0)
    rank: tuple[int, int, float, str] = (0, 0, 0.0, "")


class Routes:
    """The ways of all relations of an article."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._lanes = Lanes()
        self._spots: dict[str, Spot] = {}
        self._by_block: dict[int, dict[str, Route]] = {}

    def of(self, relation: RelationItem) -> Route | None:
        """Give the way of a drawn relation; None for one that goes far."""
        spans, index = self._ground.index.spans, self._ground.index
        homes = index.home(spans[relation.head]), index.home(spans[relation.child])
        if abs(homes[0] - homes[1]) > NEAR:
            return None
        return self._in_block(min(homes)).get(relation.id)

    def lane(self, relation: str, route: Route) -> Lane | None:
        """Give the lane of a rail, None where all were taken."""
        self._settle(relation, route)
        return self._lanes.lane(relation)

    def beside(self, first: int, last: int) -> list[LaneRun]:
        """List the rails that run beside some blocks."""
        for block in range(max(0, first - NEAR), last + 1):
            for key, route in self._in_block(block).items():
                if route.kind == "rail" and route.last.block >= first:
                    self._settle(key, route)
        return self._lanes.crossing((first, 0), (last, 1 << 30))

    def forget(self, changes: Changes) -> None:
        """Forget what depends on items that changed; rails that did not change keep their lanes."""
        for relation in changes.relations:
            self._lanes.release(relation)
        for block in changes.blocks:
            self._by_block.pop(block, None)
        for item in changes.spans:
            self._spots.pop(item.id, None)

    def clear(self) -> None:
        """Forget everything, as when lines are broken anew."""
        self._lanes.clear()
        self._by_block.clear()
        self._spots.clear()

    def _in_block(self, block: int) -> dict[str, Route]:
        """Give the ways of the near relations whose upper end begins in a block."""
        found = self._by_block.get(block)
        if found is None:
            found = self._by_block[block] = {}
            index = self._ground.index
            for span in index.spans_in(block):
                if span.id not in index.relations_by_span or index.home(span) != block:
                    continue
                for relation in index.relations_of(span.id):
                    other = index.spans[relation.other(span.id)]
                    if relation.id not in found and 0 <= index.home(other) - block <= NEAR:
                        route = found[relation.id] = self._route(relation.id, span, other)
                        if route.kind != "rail":
                            self._lanes.release(relation.id)
        return found

    def _route(self, relation: str, one: SpanItem, other: SpanItem) -> Route:
        upper, lower = sorted((one, other), key=lambda span: (span.start, span.id))
        first, last = self._spot(upper), self._spot(lower)
        if first.place == last.place:
            return Route("arc", upper.id, lower.id, first, last)
        if first.block == last.block and first.line + 1 == last.line:
            room = self._room(upper, first, last)
            if self._wraps(first, last, room):
                return Route("wrap", upper.id, lower.id, first, last)
            if room is not None:
                return Route("bow", upper.id, lower.id, first, last, room)
        between = sum(len(self._ground.text_block(each).lines) for each in range(first.block, last.block))
        # The shortest first. Among equals chance decides, since an order from above would make the lanes here depend on
        # all that stands before; between the same two lines, the order in which they leave them.
        chance = crc32(f"{first.place}{last.place}".encode())
        order = first.x - last.x * 1e-4
        is_left = first.x + last.x <= self._ground.measure
        rank = (between + last.line - first.line, chance, order if is_left else -order, relation)
        return Route("rail", upper.id, lower.id, first, last, rank=rank)

    def _spot(self, span: SpanItem) -> Spot:
        found = self._spots.get(span.id)
        if found is None:
            block = self._ground.index.home(span)
            text = self._ground.text_block(block)
            start = max(span.start, text.start)
            line = text.line_of(start)
            if start >= text.lines[line].shown_end and line + 1 < len(text.lines):
                line += 1
            pieces = text.pieces(start, start + 1)
            found = self._spots[span.id] = Spot(block, line, pieces[0].left if pieces else 0.0)
        return found

    def _wraps(self, first: Spot, last: Spot, room: tuple[float, float] | None) -> bool:
        """Tell whether a relation runs on to the next line as the words do.

        It does from the end of one line to the begin of the next, where any other way would be much longer.
        """
        measure, left, right = self._ground.measure, first.x, last.x
        if self._ground.text_block(first.block).is_right_to_left:
            left, right = measure - left, measure - right
        others = [left + right, 2 * measure - left - right]
        if room is not None:
            others.append(max(0.0, room[0] - last.x, last.x - room[1]))
        return (measure - left + right) * 1.6 < min(others)

    def _room(self, span: SpanItem, spot: Spot, below: Spot) -> tuple[float, float] | None:
        """Find the words of a span's first line, its alone, under which a bow may stand, nearest to the other end."""
        text = self._ground.text_block(spot.block)
        line = text.lines[spot.line]
        free = [
            (max(span.start, line.start), min(end, line.shown_end))
            for start, end in span.fragments
            if start < line.shown_end and end > line.start
        ][:1]
        for other in self._ground.index.spans_in(spot.block):
            if other.start < span.end and span.start < other.end and other.id != span.id:
                for start, end in other.fragments:
                    free = [part for each in free for part in _without(each, start, end)]
        rooms = [
            (piece.left, piece.right)
            for start, end in free
            for piece in text.pieces(start, end)
            if piece.right - piece.left >= _ROOM
        ]
        return min(rooms, key=lambda room: max(room[0] - below.x, below.x - room[1]), default=None)

    def _settle(self, relation: str, route: Route) -> None:
        """Give a rail its lane after all that it meets and that choose before it."""
        if self._lanes.given(relation):
            return
        for key, rival in self._rivals(route):
            if rival.rank < route.rank:
                self._settle(key, rival)
        first, last = route.first.place, route.last.place
        length = route.first.x + route.last.x
        cost = {
            -1: length + _KNOT * self._lanes.entangled(-1, first, last),
            1: 2 * self._ground.measure - length + _KNOT * self._lanes.entangled(1, first, last),
        }
        self._lanes.give(relation, first, last, side=-1 if cost[-1] <= cost[1] else 1)

    def _rivals(self, route: Route) -> Iterator[tuple[str, Route]]:
        first, last = route.first.place, route.last.place
        for block in range(max(0, first[0] - NEAR), last[0] + 1):
            for key, other in self._in_block(block).items():
                if other.kind == "rail" and other.first.place <= last and other.last.place >= first:
                    yield key, other


def _without(stretch: tuple[int, int], start: int, end: int) -> list[tuple[int, int]]:
    """Take one stretch out of another; give what is left."""
    low, high = stretch
    return [part for part in ((low, min(high, start)), (max(low, end), high)) if part[0] < part[1]]
