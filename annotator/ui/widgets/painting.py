"""Strokes that several widgets and views share: crisp frames, focus rings, chosen rows, words centred by sight.

All take rectangles in logical pixels and leave the painter as they found it.
"""

from __future__ import annotations

from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from annotator.ui.theme import Theme

RADIUS_TAG = 4
RADIUS_CONTROL = 6
RADIUS_CARD = 8
BAR = 3
"""Width of the bar before a chosen row, in pixels."""


def paint_frame(
    painter: QPainter,
    rect: QRect | QRectF,
    *,
    fill: QColor | None,
    border: QColor | None,
    radius: float,
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """Fill a rounded rectangle and draw its border inside it, so that it never grows over its neighbours."""
    area = QRectF(rect)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        pen = QPen(border, width)
        if dashed:
            pen.setDashPattern([3 / width, 2 / width])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        area.adjust(width / 2, width / 2, -width / 2, -width / 2)
        radius = max(0.0, radius - width / 2)
    if fill is None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setBrush(fill)
    painter.drawRoundedRect(area, radius, radius)
    painter.restore()


def paint_focus_ring(painter: QPainter, rect: QRect | QRectF, theme: Theme) -> None:
    """Draw the ring that shows where the keyboard is, just inside a rectangle."""
    paint_frame(painter, rect, fill=None, border=theme.accent, radius=RADIUS_CONTROL, width=2.0)


def paint_row(
    painter: QPainter,
    rect: QRect | QRectF,
    theme: Theme,
    *,
    chosen: bool = False,
    hovered: bool = False,
    right_to_left: bool = False,
) -> None:
    """Lay the ground of a row of a list: the wash with a bar before it if chosen, the hover tone, or nothing."""
    if chosen:
        area = QRectF(rect)
        paint_frame(painter, area, fill=theme.wash, border=None, radius=RADIUS_CONTROL)
        bar = QRectF(area.left(), area.top() + 4, BAR, area.height() - 8)
        if right_to_left:
            bar.moveRight(area.right())
        painter.fillRect(bar, theme.accent)
    elif hovered:
        paint_frame(painter, rect, fill=theme.hover, border=None, radius=RADIUS_CONTROL)


def paint_words(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    *,
    font: QFont,
    color: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """Write one line so that its capitals stand in the middle of the height; cut with an ellipsis if too wide.

    Returns the width that was written, in pixels.
    """
    area = QRectF(rect)
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width() + 0.5)
    width = metrics.horizontalAdvance(shown)
    left = area.left()
    if align == Qt.AlignmentFlag.AlignHCenter:
        left += (area.width() - width) / 2
    elif align == Qt.AlignmentFlag.AlignRight:
        left += area.width() - width
    painter.save()
    painter.setFont(font)
    painter.setPen(color)
    if painter.layoutDirection() == Qt.LayoutDirection.RightToLeft and not _reads_from_right(shown):
        # Else `1–9` would become `9–1`, and a full stop go to the wrong end.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    painter.drawText(QPointF(left, _baseline(area, metrics, painter)), shown)
    painter.restore()
    return width


def _reads_from_right(text: str) -> bool:
    """Tell whether the first letter that has a direction goes from right to left."""
    directions = (bidirectional(letter) for letter in text)
    return next((each != "L" for each in directions if each in {"L", "R", "AL"}), False)


def _baseline(area: QRectF, metrics: QFontMetricsF, painter: QPainter) -> float:
    ratio = painter.device().devicePixelRatioF()
    baseline = area.center().y() + metrics.capHeight() / 2
    return round(baseline * ratio) / ratio
