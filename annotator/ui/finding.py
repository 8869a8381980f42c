"""The bar that finds words in the open document; it tells what was found and draws nothing in the article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from annotator.model.annotation import Fragment
from annotator.ui.messages import IconLabel
from annotator.ui.style import set_look, set_surface, set_wrong
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, IconButton

LIMIT = 2000
"""Most hits that are marked."""


def find_all(text: str, words: str, *, limit: int = LIMIT) -> list[Fragment]:
    """List where words stand in a text, code points; blanks in them stand for any blanks, case is not looked at."""
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return []
    pattern = re.compile(r"\s+".join(parts), re.IGNORECASE)
    found = []
    for match in pattern.finditer(text):
        found.append(Fragment(match.start(), match.end()))
        if len(found) >= limit:
            break
    return found


def find_apart(text: str, words: str, *, limit: int = LIMIT) -> list[Fragment]:
    """List where any of some words stands, code points, as the index of words finds it: the last may go on."""
    parts = [re.escape(part) for part in words.split() if any(map(str.isalnum, part))]
    if not parts:
        return []
    each = [rf"(?<!\w){part}(?!\w)" for part in parts[:-1]] + [rf"(?<!\w){parts[-1]}\w*"]
    found = []
    for match in re.finditer("|".join(each), text, re.IGNORECASE):
        found.append(Fragment(match.start(), match.end()))
        if len(found) >= limit:
            break
    return found


class FindBar(QWidget):
    """A field with next and previous.

    Signals: `found(fragments, current index)` after every change; `closed()` when it is left with `Esc`.
    """

    found = Signal(object, int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_surface(self, "panel")
        self.setAccessibleName("Find in this document")
        self._text = ""
        self.hits: Sequence[Fragment] = ()
        self.current = -1
        self._begin = 0
        self._apart = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 5, 12, 5)
        row.setSpacing(8)
        row.addWidget(IconLabel("search", "dim", self))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Find in this document")
        self.field.setAccessibleName("Words to find")
        self.field.setMaximumWidth(theme_hub().px(360))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.installEventFilter(self)
        row.addWidget(self.field, 1)
        self._count = QLabel(self)
        set_look(self._count, "dim")
        row.addWidget(self._count)
        row.addStretch(1)
        for text, icon, forward in (("Previous", "chevron_up", False), ("Next", "chevron_down", True)):
            button = IconButton(icon, text, self, key="F3" if forward else "Shift+F3")
            button.clicked.connect(lambda _checked=False, way=forward: self.step(forward=way))
            row.addWidget(button)
        close = Button("Close", self, kind="quiet", key="Esc")
        close.clicked.connect(self.leave)
        row.addWidget(close)
        self.hide()

    def open(self, text: str, *, words: str, begin: int, apart: bool = False) -> None:
        """Search a text; `words` stand in the field, the hit at or behind `begin` (code points) is the first.

        `apart` marks each of the words where they do not stand together, until others are typed.
        """
        self._text, self._begin = text, begin
        self._apart = words if apart else ""
        self.show()
        if words and "\n" not in words:
            self.field.setText(words)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search()

    def set_text(self, text: str) -> None:
        """Search another text for the same words."""
        self._text, self._begin = text, 0
        if self.isVisible():
            self._search(quiet=True)

    def leave(self) -> None:
        """Close it and take the marks away."""
        self.hide()
        self.hits, self.current = (), -1
        self.found.emit((), -1)
        self.closed.emit()

    def step(self, *, forward: bool) -> None:
        """Go to the next or previous hit, round at the end."""
        if not self.hits:
            return
        self.current = (self.current + (1 if forward else -1)) % len(self.hits)
        self._tell()

    def _on_text_changed(self) -> None:
        self._search()

    def _search(self, *, quiet: bool = False) -> None:
        words = self.field.text()
        self.hits = find_all(self._text, words)
        if not self.hits and words == self._apart:
            self.hits = find_apart(self._text, words)
        behind = (index for index, hit in enumerate(self.hits) if hit.start >= self._begin)
        self.current = -1 if quiet or not self.hits else next(behind, 0)
        set_wrong(self.field, bool(words.strip()) and not self.hits)
        self._tell()

    def _tell(self) -> None:
        words = self.field.text().strip()
        if self.hits:
            more = "+" if len(self.hits) >= LIMIT else ""
            at = f"{self.current + 1} of " if self.current >= 0 else ""
            self._count.setText(f"{at}{len(self.hits):,}{more}")
        else:
            self._count.setText("not in this document" if words else "")
        self.found.emit(tuple(self.hits), self.current)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key == Qt.Key.Key_Escape:
                self.leave()
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(forward=not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                return True
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.step(forward=key == Qt.Key.Key_Down)
                return True
        return super().eventFilter(watched, event)
