"""Tabs with counts: words in a row, the current one underlined."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from annotator.ui import fonts
from annotator.ui.theme import theme_hub
from annotator.ui.widgets.painting import RADIUS_TAG, paint_frame, paint_words

_WIDE, _NARROW, _BEFORE_COUNT, _UNDERLINE = 16, 8, 6, 2


class CountTabs(QTabBar):
    """A row of tabs, each a word and maybe a count: `All 214   To do 138`.

    A tab bar of Qt's for keys, focus and screen readers (`currentChanged`, `setCurrentIndex`), drawn by us. When it
    gets too narrow the gaps shrink first, then the counts of the other tabs go, then words are cut.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        name: str = "",
        height: int = 30,
        has_hairline: bool = True,
    ) -> None:
        super().__init__(parent)
        self._height, self._has_hairline = height, has_hairline
        self._counts: list[str] = []
        self._hovered = -1
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.currentChanged.connect(self._lay_out)
        theme_hub().changed.connect(self._lay_out)

    def add_tab(self, text: str, count: int | None = None) -> int:
        """Add a tab at the end and return its index."""
        self._counts.append("")
        index = self.addTab(text)
        self.set_count(index, count)
        return index

    def set_count(self, index: int, count: int | None) -> None:
        """Show another count after a tab's word, or none."""
        shown = "" if count is None else f"{count:,}"
        self._counts[index] = shown
        text = self.tabText(index)
        self.setAccessibleTabName(index, f"{text}, {shown}" if shown else text)
        self._lay_out()

    def sizeHint(self) -> QSize:
        gaps = theme_hub().px(_WIDE) * max(0, self.count() - 1)
        width = sum(self._content_width(index, with_count=True) for index in range(self.count())) + gaps
        return QSize(width, theme_hub().px(self._height))

    def minimumSizeHint(self) -> QSize:
        gaps = theme_hub().px(_NARROW) * max(0, self.count() - 1)
        width = sum(
            min(self._content_width(index, with_count=False), theme_hub().px(32))
            for index in range(self.count())
        )
        return QSize(width + gaps, theme_hub().px(self._height))

    def tabSizeHint(self, index: int) -> QSize:
        gap, with_counts = self._plan()
        content = self._content_width(index, with_count=with_counts or index == self.currentIndex())
        end = gap if index < self.count() - 1 else 0
        return QSize(content + end, theme_hub().px(self._height))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return QSize(theme_hub().px(24), theme_hub().px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_hub().theme
        painter = QPainter(self)
        if self._has_hairline:
            painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.line)
        gap, with_counts = self._plan()
        for index in range(self.count()):
            is_current = index == self.currentIndex()
            area = QRectF(self.tabRect(index))
            if index < self.count() - 1:
                if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                    area.adjust(gap, 0, 0, 0)
                else:
                    area.adjust(0, 0, -gap, 0)
            self._paint_tab(painter, index, area, shows_count=with_counts or is_current)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.tabAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def _paint_tab(self, painter: QPainter, index: int, area: QRectF, *, shows_count: bool) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        is_current = index == self.currentIndex()
        font = self._font()
        count = self._counts[index] if shows_count else ""
        count_width = math.ceil(QFontMetricsF(self._count_font()).horizontalAdvance(count)) if count else 0
        word = QRectF(area)
        word.setHeight(area.height() - _UNDERLINE)
        number = QRectF(word)
        room = count_width + hub.px(_BEFORE_COUNT) if count else 0
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            word.adjust(room, 0, 0, 0)
        else:
            word.adjust(0, 0, -room, 0)
            number.setLeft(number.right() - count_width)
        number.setWidth(count_width)
        color = theme.ink if is_current or index == self._hovered else theme.dim
        has_focus = is_current and self.hasFocus()
        if has_focus:
            # A ring would be cut at the edge of the panel, where the first tab begins.
            ground = area.adjusted(-6, 2, 6, 0)
            paint_frame(painter, ground, fill=theme.wash, border=None, radius=RADIUS_TAG)
            color = theme.on_wash
        if not self.isTabEnabled(index):
            color = theme.off_word
        paint_words(painter, word, self.tabText(index), font=font, color=color)
        if count:
            paint_words(painter, number, count, font=self._count_font(), color=theme.faint)
        if is_current:
            thickness = _UNDERLINE + 1 if has_focus else _UNDERLINE
            line = QRectF(area.left(), self.height() - thickness, area.width(), thickness)
            painter.fillRect(line, theme.accent)

    def _plan(self) -> tuple[int, bool]:
        """Decide on the gap between tabs, in pixels, and whether all counts find room."""
        hub = theme_hub()
        gaps = max(1, self.count() - 1)
        whole = sum(self._content_width(index, with_count=True) for index in range(self.count()))
        spare = (self.width() - whole) // gaps
        if spare >= hub.px(_NARROW):
            return min(spare, hub.px(_WIDE)), True
        bare = sum(
            self._content_width(index, with_count=index == self.currentIndex())
            for index in range(self.count())
        )
        spare = (self.width() - bare) // gaps
        return max(hub.px(_NARROW), min(spare, hub.px(_WIDE))), False

    def _content_width(self, index: int, *, with_count: bool) -> int:
        width = math.ceil(QFontMetricsF(self._font()).horizontalAdvance(self.tabText(index)))
        # While Qt adds a tab it asks for its size before the count is known.
        count = self._counts[index] if with_count and index < len(self._counts) else ""
        if count:
            width += theme_hub().px(_BEFORE_COUNT)
            width += math.ceil(QFontMetricsF(self._count_font()).horizontalAdvance(count))
        return width

    def _font(self) -> QFont:
        return fonts.sans(12, 500)

    def _count_font(self) -> QFont:
        return fonts.sans(12, 400)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def _lay_out(self) -> None:
        # Qt keeps the sizes of tabs until one of them changes.
        if self.count():
            self.setTabText(0, self.tabText(0))
        self.updateGeometry()
        self.update()
