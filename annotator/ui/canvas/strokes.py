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


def joining_dashes(
    top: float, bottom: float, x: float, *, width: float, pattern: tuple[float, float] = DASH
) -> list[QRectF]:
    """Give the boxes of an upright dashed line whose middle is at `x`.

    It begins and ends with half a dash, and the pattern is stretched a little to fit, so that two of them below each
    other are one line.
    """
    number = max(1, round((bottom - top) / sum(pattern)))
    step = (bottom - top) / number
    half = step * pattern[0] / sum(pattern) / 2
    starts = [top + index * step for index in range(number + 1)]
    return [
        QRectF(
            x - width / 2, max(top, start - half), width, min(bottom, start + half) - max(top, start - half)
        )
        for start in starts
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
