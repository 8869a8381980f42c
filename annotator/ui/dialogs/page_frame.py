"""The frame of a page that stands in place of the article: a list on the left, a head with buttons, a strip under it.

What is listed, and what stands below the head, is each page's own.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.errors import UserError
from annotator.ui.dialogs.frame import plain_scroll_area
from annotator.ui.style import set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, ElidedLabel, Hairline, Strip, Tone
from annotator.workflows.session import Session


class FramedPage(QWidget):
    """A page that shows a part of a project, once `_put_in` was called; `closed()` goes back to the article.

    What is shown is read anew by `_read` as soon as it is out of date and on screen.
    """

    closed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        set_surface(self, "page")
        self._session: Session | None = None
        self._is_stale = True
        self._title, self._about = ElidedLabel(name, "head"), ElidedLabel("", "dim")
        self.back_button = Button("Back to the article", kind="quiet", key="Esc")
        self.back_button.clicked.connect(self.closed)
        self.strip = Strip("", tone="bad")
        self.strip.add_button("Close").clicked.connect(self.strip.hide)
        self.strip.hide()

    def _put_in(self, lists: QWidget, buttons: Iterable[QWidget], below: QHBoxLayout) -> None:
        """Lay the page out: the lists, the buttons of the head, and what stands below that."""
        self._left = plain_scroll_area(lists)
        self._left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addWidget(self._about, 1)
        for button in (*buttons, self.back_button):
            self._head.addWidget(button)
        below.setSpacing(0)
        centre = QVBoxLayout()
        centre.setSpacing(0)
        centre.addLayout(self._head)
        centre.addWidget(Hairline())
        centre.addWidget(self.strip)
        centre.addLayout(below, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left)
        row.addWidget(Hairline(orientation=Qt.Orientation.Vertical))
        row.addLayout(centre, 1)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def refresh(self) -> None:
        """Read anew; while the page is not on screen, when it next is."""
        self._is_stale = True
        if self.isVisible():
            self._read()

    def say(self, error: UserError) -> None:
        """Say on the page what could not be done."""
        self._tell(str(error), tone="bad")

    def _tell(self, message: str, *, tone: Tone) -> None:
        self.strip.set_message(message, tone=tone)
        self.strip.show()

    def _read(self) -> None:
        """Read what is shown, and show it."""
        raise NotImplementedError

    def _catch_up(self) -> None:
        if self._is_stale:
            self._read()

    @property
    def _writable(self) -> bool:
        return self._session is not None and not self._session.read_only

    @property
    def _is_narrow(self) -> bool:
        return self.width() < theme_hub().px(1080)

    def _arrange(self) -> None:
        """Give the parts the widths that there is room for."""
        most = theme_hub().px(236 if self._is_narrow else 272)
        self._left.setFixedWidth(min(most, round(self.width() * 0.36)))
        self._about.setVisible(not self._is_narrow)

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        self._head.setContentsMargins(hub.px(20), hub.px(7), hub.px(16), hub.px(7))
        self._head.setSpacing(hub.px(8))
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
