"""The strip right of the article: scroll bar and map in one.

A grey tick is an undecided span, one at the left a place that was found, the accent one the selection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.model.annotation import Fragment
from annotator.ui.canvas.scroller import TOP

if TYPE_CHECKING:
    from annotator.ui.canvas.page import ArticlePage

WIDTH = 14
_LEAST_THUMB = 28
_SETTLE = 120


class ArticleBar(QWidget):
    """A bar of 14 pixels that mirrors and moves the page it belongs to."""

    def __init__(self, page: ArticlePage) -> None:
        super().__init__(page)
        self._page = page
        self._ticks: list[QRectF] = []
        self._marks: list[QRectF] = []
        self._marked: tuple[object, int] = ((), 0)
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

    def refresh(self, *, items: bool = False, marks: bool = False) -> None:
        """Draw anew; `items` and `marks` say that their ticks moved too, which is worked out a moment later."""
        is_other = marks and self._is_other(self._page.state.marks)
        if is_other and not self._page.state.marks:
            self._place_marks()
        elif (items or is_other) and not self._later.isActive():
            self._later.start()
        self.update()

    def ticks(self) -> list[int]:
        """Give the heights of the ticks of undecided spans, rising, none twice."""
        scene = self._page.scene
        total = max(1, self._page.scroller.total)
        share = self.height() / total
        tops = scene.heights.tops()
        found: set[int] = set()
        for block, items in scene.index.spans_by_block():
            start = scene.blocks.starts[block]
            y, height = TOP + tops[block], scene.heights[block]
            open_ones = (item.start for item in items if item.state == "candidate" and item.start >= start)
            if height * share < 1:  # one tick is all that there is room for
                offset = next(open_ones, None)
                if offset is not None:
                    found.add(int(y * share))
                continue
            length = max(1, scene.blocks.ends[block] - start)
            found.update(int((y + (offset - start) / length * height) * share) for offset in open_ones)
        return sorted(found)

    def mark_ticks(self) -> list[int]:
        """Give the heights of the ticks of what a search found, rising; costs the same for any number of places."""
        page = self._page
        scene, marks = page.scene, page.state.marks
        blocks, tops = scene.blocks, scene.heights.tops()
        share = self.height() / max(1, page.scroller.total)
        found: list[int] = []
        index = 0
        while index < len(marks):
            block = blocks.at(marks[index].start)
            start, length = blocks.starts[block], max(1, blocks.ends[block] - blocks.starts[block])
            inside = (marks[index].start - start) / length * (tops[block + 1] - tops[block])
            y = int((TOP + tops[block] + inside) * share)
            found.append(y)
            # On to the first mark that lies a pixel lower.
            lower = (y + 1) / share - TOP
            block = max(0, min(len(blocks), bisect_right(tops, lower)) - 1)
            height = max(1, tops[block + 1] - tops[block])
            offset = blocks.starts[block] + ceil(
                (lower - tops[block]) / height * (blocks.ends[block] - blocks.starts[block])
            )
            index = max(index + 1, bisect_left(marks, (offset, offset)))
        return sorted(set(found))

    def paintEvent(self, event: QPaintEvent) -> None:
        page = self._page
        color = page.style_in_force.color
        painter = QPainter(self)
        painter.fillRect(self.rect(), color["page"])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if page.scroller.maximum > 0:
            strong = self._hovered or self._grip is not None
            thumb = QColor(color["edge"] if strong else color["faint"])
            thumb.setAlphaF(0.55 if strong else 0.28)
            painter.setBrush(thumb)
            painter.drawRoundedRect(self._thumb(), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(page.style_in_force.blend(color["faint"], 0.7))
        painter.drawRects(self._ticks)
        painter.setBrush(color["warn"])
        painter.drawRects(self._marks)
        state = page.state
        if 0 <= state.current_mark < len(state.marks):
            painter.drawRect(QRectF(1, self._bar_y(state.marks[state.current_mark].start) - 1, WIDTH - 2, 3))
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
        self._page.verticalScrollBar().setSliderDown(True)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._drag_to(event.position().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._grip = None
            self._page.verticalScrollBar().setSliderDown(False)
            self._page.mirror()
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._page.wheelEvent(event)

    def enterEvent(self, event: object) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = False
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.refresh(items=True)

    def _thumb(self) -> QRectF:
        scroller = self._page.scroller
        height = self.height() - 4
        length = min(height, max(_LEAST_THUMB, height * scroller.height / max(1, scroller.total)))
        share = scroller.value / scroller.maximum if scroller.maximum else 0.0
        return QRectF(4, 2 + min(1.0, share) * (height - length), WIDTH - 7, length)

    def _drag_to(self, y: float) -> None:
        scroller = self._page.scroller
        room = self.height() - 4 - self._thumb().height()
        share = (y - (self._grip or 0) - 2) / room if room > 0 else 0.0
        self._page.scroll_to_value(round(max(0.0, min(1.0, share)) * scroller.maximum))

    def _selected_y(self) -> int | None:
        page = self._page
        offset = page.selected_offset()
        if offset is None:
            return None
        return self._bar_y(offset)

    def _bar_y(self, offset: int) -> int:
        """Give the height on the bar of a code point."""
        return int(self._y_of(offset) * self.height() / max(1, self._page.scroller.total))

    def _y_of(self, offset: int) -> float:
        """Give the distance of a code point from the top of everything, guessed inside its block."""
        scene = self._page.scene
        block = scene.blocks.at(offset)
        start = scene.blocks.starts[block]
        inside = (offset - start) / max(1, scene.blocks.ends[block] - start) * scene.heights[block]
        return TOP + scene.heights.top(block) + inside

    def _place_marks(self) -> None:
        self._marks = [QRectF(1, y, 5, 2) for y in self.mark_ticks()]
        self._marked = self._page.state.marks, len(self._page.state.marks)

    def _is_other(self, marks: Sequence[Fragment]) -> bool:
        return marks is not self._marked[0] or len(marks) != self._marked[1]

    def _on_later(self) -> None:
        self._ticks = [QRectF(WIDTH - 6, y, 5, 1) for y in self.ticks()]
        self._place_marks()
        self.update()
