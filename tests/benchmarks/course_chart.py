"""Draws what a run of the simulated annotator measured, as a PNG: one row a corpus, three charts in it.

F1 of what was shown, actions and key presses for 100 tokens, over the buckets of documents; one line each for working
from nothing, with the start pipeline alone, and with what learns. Drawn with the program's own fonts and colours.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from annotator.ui import fonts
from annotator.ui.app import make_application
from annotator.ui.theme import theme_hub
from annotator.ui.widgets.painting import paint_words

FOLDER = Path("build", "bench")
"""Where pictures of runs go."""
_WIDE, _HIGH, _GAP, _NAMES, _TOP = 330, 168, 28, 168, 76
_LEFT, _FOOT, _ABOVE, _RIGHT = 40, 24, 30, 66
_RATIO = 2.0
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart: its name, the most it can show (None: what is needed), and its lines by name, a value a bucket."""

    name: str
    lines: Mapping[str, Sequence[float]]
    most: float | None = None
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The charts of one corpus: name, a line about it, the ends of its buckets (documents), the charts."""

    name: str
    about: str
    ends: Sequence[int]
    figures: Sequence[Figure]


def draw(rows: Sequence[Row], title: str, path: Path) -> Path:
    """Draw all rows on one picture; give its path.

    Raises:
        OSError: it cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make_application()
    columns = max(len(each.figures) for each in rows)
    width = _NAMES + columns * (_WIDE + _GAP) + _GAP
    height = _TOP + len(rows) * (_HIGH + _GAP) + _GAP
    image = QImage(round(width * _RATIO), round(height * _RATIO), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_RATIO)
    image.fill(theme_hub().theme.page)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    theme = theme_hub().theme
    paint_words(painter, QRectF(_GAP, 18, width, 24), title, font=fonts.sans(16, 600), color=theme.ink)
    for number, row in enumerate(rows):
        _draw_row(painter, row, QPointF(_GAP, _TOP + number * (_HIGH + _GAP)))
    painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(path)):
        raise OSError(f"{path} cannot be written.")
    return path


def _draw_row(painter: QPainter, row: Row, corner: QPointF) -> None:
    theme = theme_hub().theme
    place = QRectF(corner.x(), corner.y(), _NAMES - _GAP, 20)
    paint_words(painter, place, row.name, font=fonts.sans(14, 600), color=theme.ink)
    for line in row.about.split("\n"):
        place.translate(0, 20)
        paint_words(painter, place, line, font=fonts.sans(12), color=theme.dim)
    for number, figure in enumerate(row.figures):
        left = corner.x() + _NAMES + number * (_WIDE + _GAP)
        _Chart(painter, figure, row.ends, QRectF(left, corner.y(), _WIDE, _HIGH)).draw()


class _Chart:
    """One chart on a picture; its lines are told apart by dashes, too, and named at their ends."""

    def __init__(self, painter: QPainter, figure: Figure, ends: Sequence[int], place: QRectF) -> None:
        self._painter, self._figure, self._ends = painter, figure, ends
        self._place = place
        self._area = place.adjusted(_LEFT, _ABOVE, -_RIGHT, -_FOOT)
        highest = max((value for line in figure.lines.values() for value in line), default=1.0)
        self._step, self._most = _scale(figure.most or highest)

    def draw(self) -> None:
        """Draw frame, goal and lines."""
        theme = theme_hub().theme
        top = QRectF(self._place.left(), self._place.top(), self._place.width(), 18)
        paint_words(self._painter, top, self._figure.name, font=fonts.sans(12, 600), color=theme.dim)
        self._draw_frame()
        names = self._names()
        for number, (name, values) in enumerate(self._figure.lines.items()):
            self._draw_line(name, values, _look(number, len(self._figure.lines)), names[name])

    def _draw_frame(self) -> None:
        theme, area = theme_hub().theme, self._area
        level = 0.0
        while level <= self._most * 1.001:
            y = self._at(0, level).y()
            self._painter.setPen(QPen(theme.control if level == 0 else theme.line, 1))
            self._painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            place = QRectF(self._place.left(), y - 8, _LEFT - 6, 16)
            right = Qt.AlignmentFlag.AlignRight
            paint_words(self._painter, place, f"{level:g}", font=fonts.sans(11), color=theme.dim, align=right)
            level += self._step
        for number, end in enumerate(self._ends):
            x = self._at(number, 0).x()
            place = QRectF(x - 24, area.bottom() + 5, 48, 16)
            middle = Qt.AlignmentFlag.AlignHCenter
            paint_words(self._painter, place, f"{end}", font=fonts.sans(11), color=theme.dim, align=middle)
        if self._figure.goal is not None:
            y = self._at(0, self._figure.goal).y()
            self._painter.setPen(QPen(theme.good, 1, Qt.PenStyle.DotLine))
            self._painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

    def _draw_line(self, name: str, values: Sequence[float], look: QPen, level: float) -> None:
        points = [self._at(number, value) for number, value in enumerate(values)]
        self._painter.setPen(look)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPolyline(points)
        self._painter.setPen(QPen(theme_hub().theme.page, 1.5))
        self._painter.setBrush(look.color())
        for point in points:
            self._painter.drawEllipse(point, 3.5, 3.5)
        place = QRectF(self._area.right() + 8, level - 8, _RIGHT - 8, 16)
        paint_words(self._painter, place, name, font=fonts.sans(11), color=look.color())

    def _names(self) -> dict[str, float]:
        """Give the height at which each line is named, apart from each other."""
        ends = sorted((self._at(0, values[-1]).y(), name) for name, values in self._figure.lines.items())
        found: dict[str, float] = {}
        lowest = self._area.top() - 15.0
        for y, name in ends:
            found[name] = lowest = max(y, lowest + 15)
        over = lowest - self._area.bottom()
        return {name: y - max(0.0, over) for name, y in found.items()}

    def _at(self, number: int, value: float) -> QPointF:
        area = self._area
        share = (number + 0.5) / max(1, len(self._ends))
        return QPointF(
            area.left() + share * area.width(), area.bottom() - min(1.0, value / self._most) * area.height()
        )


def _look(number: int, lines: int) -> QPen:
    """Give the pen of a line: the last one, which is ours, in the accent; the others grey, by dashes."""
    theme = theme_hub().theme
    if number == lines - 1:
        return _pen(theme.accent, 2.4, Qt.PenStyle.SolidLine)
    dashes = (Qt.PenStyle.DotLine, Qt.PenStyle.DashLine)
    return _pen(
        theme.faint if number == 0 and lines > 2 else theme.dim, 1.8, dashes[number % 2 if lines > 2 else 1]
    )


def _pen(color: QColor, width: float, dashes: Qt.PenStyle) -> QPen:
    return QPen(color, width, dashes, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)


def _scale(highest: float) -> tuple[float, float]:
    """Give the distance of the lines of a scale and its end: three to five lines."""
    step = next((each for each in _STEPS if highest / each <= 4), _STEPS[-1])
    count = int(-(-highest // step))
    return float(step), float(step * max(1, count))
