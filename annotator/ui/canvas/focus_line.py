"""The line at the left edge of an article that has the keyboard focus: single letters act only then.

Upright at the side, since the line of progress already lies above the article in the same colour; and a widget of its
own, since what lies over the text would have to be painted anew whenever it is scrolled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from annotator.ui.canvas.page import ArticlePage

FOCUS_WIDTH = 2
_INSET = 8
"""The line begins and ends this far from the corners, where it would join those above and below."""


class FocusLine(QWidget):
    """Two pixels wide: the accent, or the page where the focus is elsewhere."""

    def __init__(self, page: ArticlePage) -> None:
        super().__init__(page)
        self._page = page

    def paintEvent(self, event: QPaintEvent) -> None:
        page = self._page
        color = page.style_in_force.color
        painter = QPainter(self)
        painter.fillRect(self.rect(), color["page"])
        if page.state.focused:
            painter.fillRect(self.rect().adjusted(0, _INSET, 0, -_INSET), color["accent"])
