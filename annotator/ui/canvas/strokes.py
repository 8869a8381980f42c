"""Dashes as filled shapes. A dashed pen draws a little otherwise where its line is clipped, and scrolling clips."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker

DASH = (4.0, 3.0)
"""On and off, in pixels: what is dashed is a candidate."""
DOT = (1.0, 3.0)


def level_dashes(
    left: float, right: float, y: float, *, width: float, pattern: tuple[float, float] = DASH
) -> list[QRectF]:
    """Give the boxes of a level dashed line whose upper edge is at `y`."""
    return [
        QRectF(start, y, min(start + pattern[0], right) - start, width)
        for start in _steps(left, right, pattern)
    ]


def upright_dashes(
    top: float, bottom: float, x: float, *, width: float, pattern: tuple[float, float] = DASH
) -> list[QRectF]:
    """Give the boxes of an upright dashed line whose middle is at `x`."""
    return [
        QRectF(x - width / 2, start, width, min(start + pattern[0], bottom) - start)
        for start in _steps(top, bottom, pattern)
    ]


def dashed(path: QPainterPath, *, width: float, pattern: tuple[float, float] = DASH) -> QPainterPath:
    """Give the outline of a path drawn in dashes."""
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap)
    stroker.setDashPattern([pattern[0] / width, pattern[1] / width])
    return stroker.createStroke(path)


def _steps(low: float, high: float, pattern: tuple[float, float]) -> list[float]:
    step = pattern[0] + pattern[1]
    return [
        low + number * step for number in range(int((high - low) / step) + 1) if low + number * step < high
    ]
