"""The strip right of the article: scroll bar and map in one.

A grey tick is an undecided span, the accent one the selection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui.canvas.scroller import TOP

if TYPE_CHECKING:
    from annotator.ui.canvas.surface import ArticleSurface

WIDTH = 14
_LEAST_THUMB = 28
_SETTLE = 120


class ArticleBar(QWidget):
    """A bar of 14 pixels that mirrors and moves the surface it belongs to."""

    def __init__(self, surface: ArticleSurface) -> None:
        super().__init__(surface)
        self._surface = surface
        self._ticks: list[QRectF] = []
        self._grip: float | None = None
        self._hovered = False
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName("Map of the article")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLE)
        self._later.timeout.connect(self._on_later)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 200)

    def refresh(self, *, items: bool = False) -> None:
        """Draw anew; `items` says that the ticks have moved too, which is worked out a moment later."""
        if items and not self._later.isActive():
            self._later.start()
        self.update()

    def ticks(self) -> list[int]:
        """Give the heights of the ticks of undecided spans, rising, none twice."""
        scene = self._surface.scene
        total = max(1, self._surface.scroller.total)
        share = self.height() / total
        found: set[int] = set()
        y, before = float(TOP), 0
        for block in sorted(scene.index.blocks_with_spans()):
            y += sum(scene.heights[each] for each in range(before, block))
            before = block
            start = scene.blocks.starts[block]
            length = max(1, scene.blocks.ends[block] - start)
            height = scene.heights[block]
            for item in scene.index.spans_in(block):
                if item.state == "candidate" and item.start >= start:
                    found.add(int((y + (item.start - start) / length * height) * share))
        return sorted(found)

    def paintEvent(self, event: QPaintEvent) -> None:
        surface = self._surface
        color = surface.style_in_force.color
        painter = QPainter(self)
        painter.fillRect(self.rect(), color["page"])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if surface.scroller.maximum > 0:
            strong = self._hovered or self._grip is not None
            thumb = QColor(color["edge"] if strong else color["faint"])
            thumb.setAlphaF(0.55 if strong else 0.28)
            painter.setBrush(thumb)
            painter.drawRoundedRect(self._thumb(), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(surface.style_in_force.blend(color["faint"], 0.7))
        painter.drawRects(self._ticks)
        chosen = self._selected_y()
        if chosen is not None:
            painter.fillRect(QRectF(1, chosen - 1, WIDTH - 2, 3), color["accent"])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        thumb, y = self._thumb(), event.position().y()
        if thumb.top() <= y <= thumb.bottom():
            self._grip = y - thumb.top()
        else:
            self._grip = thumb.height() / 2
            self._drag_to(y)
        self._surface.verticalScrollBar().setSliderDown(True)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._drag_to(event.position().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._grip = None
            self._surface.verticalScrollBar().setSliderDown(False)
            self._surface.mirror()
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._surface.wheelEvent(event)

    def enterEvent(self, event: object) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = False
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.refresh(items=True)

    def _thumb(self) -> QRectF:
        scroller = self._surface.scroller
        height = self.height() - 4
        length = min(height, max(_LEAST_THUMB, height * scroller.height / max(1, scroller.total)))
        share = scroller.value / scroller.maximum if scroller.maximum else 0.0
        return QRectF(4, 2 + min(1.0, share) * (height - length), WIDTH - 7, length)

    def _drag_to(self, y: float) -> None:
        scroller = self._surface.scroller
        room = self.height() - 4 - self._thumb().height()
        share = (y - (self._grip or 0) - 2) / room if room > 0 else 0.0
        self._surface.scroll_to_value(round(max(0.0, min(1.0, share)) * scroller.maximum))

    def _selected_y(self) -> int | None:
        surface = self._surface
        offset = surface.selected_offset()
        if offset is None:
            return None
        scene = surface.scene
        block = scene.blocks.at(offset)
        start = scene.blocks.starts[block]
        inside = (offset - start) / max(1, scene.blocks.ends[block] - start) * scene.heights[block]
        y = TOP + scene.heights.top(block) + inside
        return int(y * self.height() / max(1, surface.scroller.total))

    def _on_later(self) -> None:
        self._ticks = [QRectF(WIDTH - 6, y, 5, 1) for y in self.ticks()]
        self.update()
