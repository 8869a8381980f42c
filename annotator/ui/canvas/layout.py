"""One block's text as laid out: lines, where a stretch lies in them, and which grapheme is at a place.

Code points are turned into Qt's UTF-16 units here and nowhere else. Distances are from the block's left edge.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QTextLayout, QTextLine, QTextOption

from annotator.model.offsets import Utf16Map, grapheme_starts, whole_graphemes
from annotator.ui.canvas.bidi import Box, MixedLine, cursor_x, glyph_boxes

_BIDI = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# What Qt would draw as nothing, or as something else than one character.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Piece(NamedTuple):
    """A part of a stretch on one line: pixels `left` to `right`."""

    line: int
    left: float
    right: float


class Line(NamedTuple):
    """One line: code points `start` to `end` of the whole text; `shown_end` leaves out blanks at a wrap."""

    qt: QTextLine
    start: int
    end: int
    shown_end: int
    left: float
    right: float


class TextBlock:
    """The text of one block, broken into lines of a measure (pixels).

    Offsets are code points of the whole text.
    """

    __slots__ = (
        "_graphemes",
        "_map",
        "_mixed",
        "_qt",
        "_starts",
        "end",
        "is_bidi",
        "is_right_to_left",
        "lines",
        "start",
        "text",
    )

    def __init__(self, text: str, start: int, *, font: QFont, measure: int) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)
        self._map = Utf16Map(text)
        plain = text.isascii()
        self.is_bidi = not plain and _BIDI.search(text) is not None
        self.is_right_to_left = self.is_bidi and _begins_right_to_left(text)
        shown = _UNSHOWN.sub(_visible, text)
        self._qt = QTextLayout(shown, font)
        self._qt.setTextOption(_OPTIONS[self.is_right_to_left])
        self._qt.setCacheEnabled(True)
        self._graphemes: dict[int, list[tuple[float, float, int, int]]] = {}
        self._mixed: dict[int, MixedLine] = {}
        self.lines = self._broken(measure)
        self._starts = [line.start for line in self.lines]

    def place(self, baselines: list[int]) -> None:
        """Set the lines on baselines, so that a fallback font with other ascents moves nothing."""
        for line, baseline in zip(self.lines, baselines, strict=True):
            line.qt.setPosition(QPointF(0, baseline - line.qt.ascent()))

    def draw(self, painter: object, ranges: list[QTextLayout.FormatRange], clip: object) -> None:
        """Draw the text at the painter's origin; `ranges` draws parts of it otherwise."""
        self._qt.draw(painter, QPointF(0, 0), ranges, clip)  # type: ignore[arg-type]

    def units(self, start: int, end: int) -> tuple[int, int]:
        """Give a stretch as first UTF-16 unit in this block and number of units, clipped to the block."""
        first = self._map.to_utf16(max(start, self.start) - self.start)
        return first, self._map.to_utf16(min(end, self.end) - self.start) - first

    def line_of(self, offset: int) -> int:
        """Give the line that holds a code point."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Give where a stretch lies, widened to whole graphemes; nothing where it lies outside this block."""
        found: list[Piece] = []
        start, end = max(start, self.start), min(end, self.end)
        if start < end:
            start, end = whole_graphemes(self.text, start - self.start, end - self.start)
            start, end = start + self.start, end + self.start
        for index in range(self.line_of(start), len(self.lines)):
            line = self.lines[index]
            if line.start >= end:
                break
            left, right = max(start, line.start), min(end, line.shown_end)
            if right > left:
                found += self._pieces_of_line(index, line, left, right)
        return found

    def runs_left(self, offset: int) -> bool:
        """Tell whether a character is read from right to left; what has no direction follows the paragraph."""
        direction = unicodedata.bidirectional(self.text[offset - self.start]) if self.is_bidi else "L"
        return direction in ("R", "AL") or (direction not in ("L", "EN", "AN") and self.is_right_to_left)

    def edge(self, offset: int, *, begins: bool) -> tuple[int, float] | None:
        """Give line and place where reading enters a grapheme, or leaves it; None where it is not shown."""
        pieces = self.pieces(offset, offset + 1)
        if not pieces:
            return None
        piece = pieces[0]
        return piece.line, piece.right if begins == self.runs_left(offset) else piece.left

    def graphemes(self, index: int) -> list[tuple[float, float, int, int]]:
        """List the graphemes of a line from left to right: pixels, then code points."""
        found = self._graphemes.get(index)
        if found is None:
            found = self._graphemes[index] = self._grapheme_boxes(index)
        return found

    def offset_at(self, index: int, x: float) -> int:
        """Give the code point at which the grapheme under (or nearest to) a place of a line begins."""
        boxes = self.graphemes(index)
        if not boxes:
            return self.lines[index].start
        position = bisect_right(boxes, x, key=lambda box: box[0]) - 1
        return boxes[max(0, position)][2]

    def border_at(self, index: int, x: float) -> int:
        """Give the grapheme border nearest to a place of a line."""
        boxes = self.graphemes(index)
        if not boxes:
            return self.lines[index].start
        position = max(0, bisect_right(boxes, x, key=lambda box: box[0]) - 1)
        left, right, start, end = boxes[position]
        is_left_half = x < (left + right) / 2
        return start if is_left_half != self._runs_left(boxes, position) else end

    def _runs_left(self, boxes: list[tuple[float, float, int, int]], position: int) -> bool:
        """Tell whether reading goes leftwards at a grapheme, by its neighbours."""
        if not self.is_bidi:
            return False
        if position + 1 < len(boxes) and boxes[position + 1][3] == boxes[position][2]:
            return True
        return position > 0 and boxes[position - 1][2] == boxes[position][3]

    def _broken(self, measure: int) -> list[Line]:
        lines = []
        layout = self._qt
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(measure)
            line.setPosition(QPointF(0, 0))
        layout.endLayout()
        for index in range(layout.lineCount()):
            line = layout.lineAt(index)
            start = self._map.to_code_point(line.textStart())
            end = self._map.to_code_point(line.textStart() + line.textLength())
            shown_end = end
            if index + 1 < layout.lineCount():
                while shown_end > start and self.text[shown_end - 1].isspace():
                    shown_end -= 1
            rect = line.naturalTextRect()
            lines.append(
                Line(
                    line,
                    self.start + start,
                    self.start + end,
                    self.start + shown_end,
                    rect.left(),
                    rect.right(),
                )
            )
        return lines

    def _pieces_of_line(self, index: int, line: Line, start: int, end: int) -> list[Piece]:
        boxes = self._boxes(index, line, start, end)
        if not boxes:  # what is not seen by itself is marked where it stands
            x = cursor_x(line.qt, self.units(start, end)[0])
            boxes = [(x, x + 1)]
        return [Piece(index, left, right) for left, right in boxes]

    def _boxes(self, index: int, line: Line, start: int, end: int) -> list[Box]:
        """Give the pixels of some whole graphemes of a line; nothing where they are not seen."""
        first, length = self.units(start, end)
        if not self.is_bidi:
            left, right = cursor_x(line.qt, first), cursor_x(line.qt, first + length)
            return [(left, right)] if right > left else []
        text, low, high = self.text, start - self.start, end - self.start
        begins_free = start == line.start or text[low - 1].isspace() or text[low].isspace()
        ends_free = end == line.end or text[high - 1].isspace() or text[high].isspace()
        if begins_free and ends_free and "\t" not in text[low:high]:
            return glyph_boxes(line.qt, first, length)
        return self._mixed_line(index).boxes(start, end)

    def _mixed_line(self, index: int) -> MixedLine:
        found = self._mixed.get(index)
        if found is None:
            line = self.lines[index]
            borders = self._borders(line)
            tabs = [number for number, at in enumerate(borders[:-1]) if self.text[at - self.start] == "\t"]
            found = self._mixed[index] = MixedLine(
                line.qt, borders, self.units, tabs=tabs, right_to_left=self.is_right_to_left
            )
        return found

    def _borders(self, line: Line) -> list[int]:
        own = self.text[line.start - self.start : line.end - self.start]
        return [*(line.start + start for start in grapheme_starts(own)), line.end]

    def _grapheme_boxes(self, index: int) -> list[tuple[float, float, int, int]]:
        line = self.lines[index]
        return sorted(
            (left, right, start, end)
            for start, end in pairwise(self._borders(line))
            for left, right in self._boxes(index, line, start, end)
        )


def _options(*, right_to_left: bool) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
    )
    if right_to_left:
        option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
    return option


_OPTIONS = {flag: _options(right_to_left=flag) for flag in (False, True)}


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def _begins_right_to_left(text: str) -> bool:
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False
