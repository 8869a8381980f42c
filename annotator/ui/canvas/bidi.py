"""Where stretches lie in a line in which directions of writing mix.

Qt is asked for whole glyphs only: of a part of a right-to-left ligature it names a place outside of the glyph.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtGui import QTextLine

Box = tuple[float, float]
_TOUCHING = 0.75
"""Pixels up to which neighbours are one piece."""
_NEXT = 0.1


class MixedLine:
    """A line with its graphemes.

    Args:
        borders: code points at which its graphemes begin, and the line's end.
        units: gives a stretch as first UTF-16 unit in the layout and number of units.
        tabs: indexes of the graphemes that are tabs.
    """

    __slots__ = ("_borders", "_keys", "_qt", "_right_to_left", "_tabs", "_units")

    def __init__(
        self,
        qt: QTextLine,
        borders: list[int],
        units: Callable[[int, int], tuple[int, int]],
        *,
        tabs: list[int],
        right_to_left: bool,
    ) -> None:
        self._qt = qt
        self._borders = borders
        self._units = units
        self._tabs = tabs
        self._right_to_left = right_to_left
        self._keys: dict[int, frozenset[tuple[int, float]]] = {}

    def boxes(self, start: int, end: int) -> list[Box]:
        """Give the pixels of a stretch of whole graphemes; nothing where none of them is seen."""
        first, last = bisect_left(self._borders, start), bisect_left(self._borders, end)
        tabs = [self._tab_box(index) for index in self._tabs if first <= index < last]
        found = []
        group = self._ligature(first)
        if group is not None:
            stop = min(last, group[1])
            found.append(self._share(group, first, stop))
            first = stop
        group = self._ligature(last) if first < last else None
        if group is not None:
            found.append(self._share(group, group[0], last))
            last = group[0]
        if first < last:
            found += self._glyphs(first, last)
        return joined([*found, *tabs])

    def _glyphs(self, first: int, last: int) -> list[Box]:
        return glyph_boxes(self._qt, *self._units(self._borders[first], self._borders[last]))

    def _ligature(self, index: int) -> tuple[int, int] | None:
        """Give the graphemes (first, last + 1) of the glyph that the border before a grapheme would cut."""
        if not 0 < index < len(self._borders) - 1 or not self._share_glyph(index):
            return None
        low, high = index - 1, index + 1
        while low > 0 and self._share_glyph(low):
            low -= 1
        while high < len(self._borders) - 1 and self._share_glyph(high):
            high += 1
        return low, high

    def _share_glyph(self, index: int) -> bool:
        return not self._glyph_keys(index - 1).isdisjoint(self._glyph_keys(index))

    def _glyph_keys(self, index: int) -> frozenset[tuple[int, float]]:
        """Name the glyphs of a grapheme by number and place; none where it is not seen."""
        found = self._keys.get(index)
        if found is None:
            runs = self._qt.glyphRuns(*self._units(self._borders[index], self._borders[index + 1]))
            found = self._keys[index] = frozenset(
                (glyph, place.x())
                for run in runs
                if run.boundingRect().width() > 0
                for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True)
            )
        return found

    def _share(self, group: tuple[int, int], first: int, last: int) -> Box:
        """Give the part of a ligature that some of its graphemes take, all having the same share."""
        low, high = group
        boxes = self._glyphs(low, high)
        left, right = min(box[0] for box in boxes), max(box[1] for box in boxes)
        each = (right - left) / (high - low)
        runs = self._qt.glyphRuns(*self._units(self._borders[low], self._borders[high]))
        if runs[0].isRightToLeft():
            return right - (last - low) * each, right - (first - low) * each
        return left + (first - low) * each, left + (last - low) * each

    def _tab_box(self, index: int) -> Box:
        """Give a tab's place: from its edge, in the paragraph's direction, to what comes next."""
        x = self._edge(index)
        edges = [self._edge(tab) for tab in self._tabs]
        boxes = [run.boundingRect() for run in self._qt.glyphRuns()]
        natural = self._qt.naturalTextRect()
        if self._right_to_left:
            ends = [edge for edge in edges if edge < x] + [
                box.right() for box in boxes if box.right() < x + _NEXT
            ]
            return min(x, max(ends, default=natural.left())), x
        ends = [edge for edge in edges if edge > x] + [box.left() for box in boxes if box.left() > x - _NEXT]
        return x, max(x, min(ends, default=natural.right()))

    def _edge(self, index: int) -> float:
        return cursor_x(self._qt, self._units(self._borders[index], self._borders[index + 1])[0])


def glyph_boxes(line: QTextLine, first: int, length: int) -> list[Box]:
    """Give the pixels of the glyphs of some UTF-16 units, from left to right."""
    rects = (run.boundingRect() for run in line.glyphRuns(first, length))
    return joined((rect.left(), rect.right()) for rect in rects if rect.width() > 0)


def joined(boxes: Iterable[Box]) -> list[Box]:
    """Sort boxes and make one of those that touch."""
    found: list[Box] = []
    for left, right in sorted(boxes):
        if found and left - found[-1][1] < _TOUCHING:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    return found


def cursor_x(line: QTextLine, unit: int) -> float:
    """Give where a cursor before a UTF-16 unit stands."""
    # The stubs know a number, PySide gives a pair of place and unit.
    found: Any = line.cursorToX(unit)
    return float(found[0])
