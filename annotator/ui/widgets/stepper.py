"""The head of a dialog of several steps: a circle with a number and a word each, done ones with a check."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.theme import theme_hub
from annotator.ui.widgets.painting import paint_frame, paint_words

_CIRCLE, _AFTER_CIRCLE, _AROUND_LINE, _LINE, _HEIGHT = 20, 6, 8, 20, 24


class Stepper(QWidget):
    """Shows where one is among a few steps; a click on a step that is done asks to go back to it."""

    step_chosen = Signal(int)

    def __init__(self, steps: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = tuple(steps)
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.set_current(0)
        theme_hub().changed.connect(self._on_look_changed)

    @property
    def current(self) -> int:
        """The index of the step one is at."""
        return self._current

    def set_current(self, index: int) -> None:
        """Go to a step; all before it count as done.

        Raises:
            IndexError: there is no such step.
        """
        if not 0 <= index < len(self._steps):
            raise IndexError(index)
        self._current = index
        self.setAccessibleName(
            self.tr("Step {number} of {all}: {name}").format(
                number=index + 1, all=len(self._steps), name=self._steps[index]
            )
        )
        self._on_look_changed()

    def sizeHint(self) -> QSize:
        right = max(area.right() for area in self._areas())
        return QSize(math.ceil(right) + 1, theme_hub().px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        painter = QPainter(self)
        middle = self.height() / 2
        areas = self._areas()
        for index, area in enumerate(areas):
            self._paint_step(painter, index, area)
            if index + 1 < len(areas):
                is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
                start = areas[index + 1].right() if is_mirrored else area.right()
                line = QRectF(start + hub.px(_AROUND_LINE), math.floor(middle), hub.px(_LINE), 1)
                painter.fillRect(line, theme.accent if index < self._current else theme.control)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_over = self._done_step_at(event.position().x()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._done_step_at(event.position().x())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.step_chosen.emit(index)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.update()

    def _paint_step(self, painter: QPainter, index: int, area: QRectF) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        is_current, is_done = index == self._current, index < self._current
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = hub.px(_CIRCLE)
        circle = QRectF(area.left(), (self.height() - side) / 2, side, side)
        name = area.adjusted(side + hub.px(_AFTER_CIRCLE), 0, 1, 0)
        if is_mirrored:
            circle.moveRight(area.right())
            name = area.adjusted(-1, 0, -side - hub.px(_AFTER_CIRCLE), 0)
        paint_frame(
            painter,
            circle,
            fill=theme.accent if is_current else None,
            border=theme.accent if is_current or is_done else theme.edge,
            radius=side / 2,
            width=1.5,
        )
        if is_done:
            paint_icon(painter, "check", circle.adjusted(3, 3, -3, -3), theme.accent)
        else:
            paint_words(
                painter,
                circle,
                str(index + 1),
                font=fonts.sans(11, 600),
                color=theme.on_accent if is_current else theme.dim,
                align=Qt.AlignmentFlag.AlignHCenter,
            )
        paint_words(
            painter,
            name,
            self._steps[index],
            font=fonts.sans(13, 600 if is_current else 400),
            color=theme.ink if is_current else theme.dim,
            align=Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft,
        )

    def _done_step_at(self, x: float) -> int | None:
        areas = self._areas()[: self._current]
        return next((index for index, area in enumerate(areas) if area.left() <= x <= area.right()), None)

    def _areas(self) -> list[QRectF]:
        """Give the place of each step, circle and word, in reading order."""
        hub = theme_hub()
        areas: list[QRectF] = []
        left = 0.0
        for name in self._steps:
            # Room for the bold weight in any case, so that nothing moves from step to step.
            word = math.ceil(QFontMetricsF(fonts.sans(13, 600)).horizontalAdvance(name))
            width = hub.px(_CIRCLE) + hub.px(_AFTER_CIRCLE) + word
            areas.append(QRectF(left, 0, width, hub.px(_HEIGHT)))
            left += width + 2 * hub.px(_AROUND_LINE) + hub.px(_LINE)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            whole = areas[-1].right()
            for area in areas:
                area.moveLeft(whole - area.right())
        return areas

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()
