"""The handbook: its pages at the left, found by their words, the one that is read at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.handbook import ACTION, PAGE, Page, pages
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import MarkdownText, SearchField, make_label

_NAME = int(Qt.ItemDataRole.UserRole)


class HandbookDialog(DialogFrame):
    """Reads beside the window, which goes on. `action_wanted(str id)` when a link is to be done."""

    action_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Handbook", parent, scrolls=False, width=860, height=620)
        self.pages = pages()
        self.filter = SearchField("Search the handbook")
        self.filter.textChanged.connect(self._show_list)
        self.filter.returnPressed.connect(self._find_next)
        self.list = QListWidget()
        self.list.setAccessibleName("Pages")
        self.list.currentItemChanged.connect(lambda *_: self._show_page())
        self.text = MarkdownText(size=14, head=3, follows=True)
        self.text.setAccessibleName("Page")
        self.text.anchorClicked.connect(self._follow)
        self._nothing = make_label("", "dim", wrap=True)
        self._build()
        self._show_list()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for each in (self.filter, self.list, self._nothing):
            column.addWidget(each)
        self._side = side
        theme_hub().changed.connect(self._fit_side)
        self._fit_side()
        row = QHBoxLayout()
        row.setSpacing(theme_hub().px(28))
        row.addWidget(side)
        row.addWidget(self.text, 1)
        self.body.addLayout(row, 1)
        self.keys_button = self.add_button("All keys", kind="quiet", key="F1")
        self.keys_button.clicked.connect(lambda: self.action_wanted.emit("keys"))
        self.add_button("Close", kind="primary").clicked.connect(self.accept)

    def _fit_side(self) -> None:
        self._side.setFixedWidth(theme_hub().px(230))

    @property
    def page(self) -> Page | None:
        """Give the page that is read."""
        row = self.list.currentRow()
        name = self.list.item(row).data(_NAME) if row >= 0 else None
        return next((each for each in self.pages if each.name == name), None)

    def turn_to(self, name: str) -> None:
        """Read another page; the search is given up where it would hide it."""
        if not self._choose(name):
            self.filter.clear()
            self._choose(name)

    def _choose(self, name: str) -> bool:
        for row in range(self.list.count()):
            if self.list.item(row).data(_NAME) == name:
                self.list.setCurrentRow(row)
                return True
        return False

    def _show_list(self) -> None:
        words, before = self.filter.text(), self.page
        found = [each for each in self.pages if each.holds(words)]
        self.list.clear()
        for each in found:
            item = QListWidgetItem(each.title)
            item.setData(_NAME, each.name)
            self.list.addItem(item)
        self._nothing.setText(f"No page says “{words}”.")
        self._nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        if found:
            self._choose((before if before in found else found[0]).name)

    def _show_page(self) -> None:
        page = self.page
        if page is not None:
            self.text.set_markdown(page.markdown)
            if self.filter.text().split():
                self.text.find(self.filter.text().split()[0])

    def _find_next(self) -> None:
        """Go on to the next place of the first word that is searched, round at the end of the page."""
        word = next(iter(self.filter.text().split()), "")
        if word and not self.text.find(word):
            self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
            self.text.find(word)

    def _follow(self, link: QUrl) -> None:
        target = link.toString()
        if target.startswith(PAGE):
            self.turn_to(target.removeprefix(PAGE))
        elif target.startswith(ACTION):
            self.action_wanted.emit(target.removeprefix(ACTION))
