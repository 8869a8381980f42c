"""What a composed block consists of: plain figures in pixels from the block's top left corner.

Made by `compose.py` and `connect.py`, drawn by `painting.py`, searched by `hit.py`; nothing here decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from annotator.ui.canvas.items import End, RelationItem, SpanItem
from annotator.ui.canvas.layout import TextBlock


@dataclass(slots=True)
class LineBox:
    """Where a line lies: its top, its baseline and its bottom; how much stands above the text."""

    top: int
    baseline: int
    bottom: int
    tag_rows: int
    levels: int
    rows: int

    def highlight(self, ascent: int, descent: int) -> tuple[int, int]:
        """Give top and bottom of what is tinted."""
        return self.baseline - ascent, self.baseline + descent


@dataclass(slots=True)
class Tag:
    """A span's tag: its words, row (0 lowest) and box; `anchor` is where its stem meets the span."""

    line: int
    row: int
    left: float
    width: float
    words: str
    anchor: float
    box: QRectF = field(default_factory=QRectF)

    @property
    def right(self) -> float:
        """Give its right edge."""
        return self.left + self.width


@dataclass(slots=True)
class SpanPiece:
    """A stretch of a span on one line: pixels, underline row, and whether the span begins or ends there.

    `dashes` are those under it, kept by the painter.
    """

    line: int
    left: float
    right: float
    row: int
    begins: bool = False
    ends: bool = False
    dashes: list[QRectF] = field(default_factory=list)


@dataclass(slots=True)
class SpanFigure:
    """A span as drawn in one block.

    `tag` stands only where it begins; `joins` are dotted stretches between fragments (line, left, right, row).
    """

    item: SpanItem
    pieces: list[SpanPiece]
    tag: Tag | None = None
    joins: list[tuple[int, float, float, int]] = field(default_factory=list)


@dataclass(slots=True)
class Foot:
    """An end of a relation: where its line touches a tag from above, or words from below (`hangs`)."""

    span: str
    end: End
    x: float
    y: float = 0.0
    hangs: bool = False


@dataclass(slots=True)
class Connector:
    """A relation, or one end of it, on one line.

    Args:
        kind: `arc` joins two tags of the line, `bow` a tag with words of the line above, `rail` runs from one to a
            lane in a margin, `wrap` to the end of the line and on from the begin of the next, as the words do, `chip`
            names a far partner.
        feet: where it touches tags or words, one or two.
        side: of the margin (-1 left, 1 right), lane: counted from the text.
        left, right: what its level is kept free for; level: 0 lowest.
        goes_down: a rail's other end lies below.
        room: of a bow, the stretch of words under which it may stand.
        words: on its run, empty where none are wanted.
        box: of the words; of a chip the whole chip.
        turn: where a rail leaves its run for its lane, where a wrap leaves its line.
        sign: the angle or bar at the end of a wrap. outlines: of its dashes by width, kept by the painter.
    """

    relation: RelationItem
    kind: Literal["arc", "bow", "rail", "wrap", "chip"]
    line: int
    feet: list[Foot]
    words: str = ""
    side: int = 0
    lane: int = 0
    goes_down: bool = False
    room: tuple[float, float] = (0.0, 0.0)
    left: float = 0.0
    right: float = 0.0
    level: int = 0
    run_y: float = 0.0
    words_left: float = 0.0
    path: QPainterPath = field(default_factory=QPainterPath)
    box: QRectF = field(default_factory=QRectF)
    turn: QPointF = field(default_factory=QPointF)
    sign: list[QPointF] = field(default_factory=list)
    outlines: dict[float, QPainterPath] = field(default_factory=dict)

    def stretch(self) -> tuple[float, float]:
        """Give the left and right end of its run; of a chip, its box is no part of it."""
        xs = [foot.x for foot in self.feet]
        if self.kind in ("rail", "wrap"):
            xs.append(self.turn.x())
        return min(xs), max(xs)

    def falls(self) -> list[float]:
        """Give where it runs down from its level: to tags, or in a margin."""
        found = [foot.x for foot in self.feet if not foot.hangs]
        return [*found, self.turn.x()] if self.kind == "rail" and self.goes_down else found

    def rises(self) -> list[float]:
        """Give where it runs up from its level: to words above, or in a margin."""
        found = [foot.x for foot in self.feet if foot.hangs]
        return [*found, self.turn.x()] if self.kind == "rail" and not self.goes_down else found

    def foot(self, end: End) -> Foot | None:
        """Give the foot at an end, if it is on this line."""
        return next((foot for foot in self.feet if foot.end == end), None)


@dataclass(slots=True)
class Drawing:
    """A composed block: its text, its lines, its spans and the parts of relations on its lines."""

    block: int
    text: TextBlock
    lines: list[LineBox]
    height: int
    spans: list[SpanFigure]
    connectors: list[Connector]
    by_id: dict[str, SpanFigure]

    def line_at(self, y: float) -> int:
        """Give the line nearest to a height."""
        for index, line in enumerate(self.lines):
            if y < line.bottom:
                return index
        return len(self.lines) - 1
