"""The bar that finds words in the open document; it tells what was found and draws nothing in the article."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from annotator.model.annotation import Fragment
from annotator.ui.actions import BY_ID
from annotator.ui.messages import IconLabel
from annotator.ui.plain import plain_tip
from annotator.ui.style import set_look, set_surface, set_wrong
from annotator.ui.text_search import STRETCH, Alphabet, Options, query_for
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, IconButton
from annotator.ui.widgets.lines import make_label


class FindBar(QWidget):
    """A field with next and previous, and how words are found.

    All hits are marked. A long text is searched stretch by stretch, so that typing never waits for its end.

    Signals: `found(fragments, current index)` after every change, and again as more is found; `opened()` when it
    appears; `closed(bool)` when it is left: whether to go back to where one was.
    """

    found = Signal(object, int)
    opened = Signal()
    closed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_surface(self, "panel")
        self.setAccessibleName("Find in this document")
        self._text = ""
        self._alphabet: Alphabet | None = None
        self.hits: list[Fragment] = []
        self.current = -1
        self._begin: int | None = 0
        self._apart = ""
        self._rest: Iterator[list[Fragment]] | None = None
        self._searched = 0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._go_on)
        self._build()
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()
        self.hide()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 5, 12, 5)
        row.setSpacing(8)
        row.addWidget(IconLabel("search", "dim", self))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Find in this document")
        self.field.setAccessibleName("Words to find")
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        row.addWidget(self.field, 1)
        self.case = self._option("Aa", "find_case")
        self.whole = self._option("Whole words", "find_whole")
        row.addWidget(self.case)
        row.addWidget(self.whole)
        self._count = make_label(parent=self)
        self._count.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        set_look(self._count, "dim")
        row.addWidget(self._count)
        for text, icon, forward in (("Previous", "chevron_up", False), ("Next", "chevron_down", True)):
            button = IconButton(icon, text, self, key="F3" if forward else "Shift+F3")
            button.clicked.connect(lambda _checked=False, way=forward: self.step(forward=way))
            row.addWidget(button)
        close = Button("Close", self, kind="quiet", key="Esc")
        close.clicked.connect(lambda: self.leave(back=True))
        row.addWidget(close)

    def _option(self, text: str, action: str) -> Button:
        button = Button(text, self, kind="quiet")
        button.setCheckable(True)
        button.setAccessibleName(BY_ID[action].text)
        button.setToolTip(plain_tip(BY_ID[action].tooltip))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.toggled.connect(self._search)
        return button

    @property
    def is_searching(self) -> bool:
        """Tell whether a part of the text is still to be searched."""
        return self._rest is not None

    def open(self, text: str, *, words: str, begin: int, apart: bool = False) -> None:
        """Search a text; `words` stand in the field, the hit at or behind `begin` (code points) is the first.

        `apart` marks each of the words where they do not stand together, until others are typed.
        """
        if not self.isVisible():
            self.opened.emit()
        self._set_text(text)
        self._begin = begin
        self._apart = words if apart else ""
        self.show()
        before = self.field.blockSignals(True)
        if words and "\n" not in words:
            self.field.setText(words)
        self.field.blockSignals(before)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search()

    def set_text(self, text: str) -> None:
        """Search another text for the same words; no hit is gone to."""
        self._set_text(text)
        self._begin = None
        if self.isVisible():
            self._search()

    def leave(self, *, back: bool = False) -> None:
        """Close it and take the marks away; `back` asks to go to where one was before it opened."""
        self.hide()
        self._stop()
        self.hits, self.current = [], -1
        self.found.emit((), -1)
        self.closed.emit(back)

    def step(self, *, forward: bool) -> None:
        """Go to the next or previous hit, round at the end."""
        if self.hits:
            self.current = (self.current + (1 if forward else -1)) % len(self.hits)
            if self.current >= 0:
                # A search that opened here starts from what one looks at, when other words are typed.
                self._begin = self.hits[self.current].start
            self._tell()

    def _set_text(self, text: str) -> None:
        if text is not self._text:
            self._text, self._alphabet = text, None
            self._stop()

    def _stop(self) -> None:
        self._later.stop()
        self._rest = None

    def _search(self) -> None:
        words = self.field.text()
        if self._alphabet is None:
            self._alphabet = Alphabet(self._text)
        options = Options(match_case=self.case.isChecked(), whole_words=self.whole.isChecked())
        self._stop()
        self.hits, self.current = [], -1
        query = query_for(words, self._alphabet, options)
        if query is not None:
            self._rest, self._searched = query.stretches(self._text), 0
            self._take_stretch()
        if not self.hits and self._rest is None and self._apart and words == self._apart:
            query = query_for(words, self._alphabet, options, apart=True)
            self.hits = [] if query is None else [hit for hits in query.stretches(self._text) for hit in hits]
        self._choose()
        self._tell()

    def _take_stretch(self) -> None:
        """Search one stretch more, and see to it that the next one follows."""
        if self._rest is not None:
            self.hits += next(self._rest, ())
            self._searched += STRETCH
            if self._searched < len(self._text):
                self._later.start()
            else:
                self._rest = None

    def _go_on(self) -> None:
        """Search one stretch more; tell when there is a hit to go to, and at the end."""
        self._take_stretch()
        had = self.current
        self._choose()
        if self.current != had or self._rest is None:
            self._tell()
        else:
            self._count_hits()

    def _choose(self) -> None:
        """Stand at the first hit at or behind where the search began; without one, at the very first."""
        if self.current >= 0 or self._begin is None or not self.hits:
            return
        index = bisect_left(self.hits, (self._begin, 0))
        if index < len(self.hits):
            self.current = index
        elif self._rest is None:
            self.current = 0

    def _tell(self) -> None:
        self._count_hits()
        self.found.emit(self.hits, self.current)

    def _count_hits(self) -> None:
        words = self.field.text().strip()
        more = "…" if self._rest is not None else ""
        set_wrong(self.field, bool(words) and not self.hits and not more)
        if self.hits:
            at = f"{self.current + 1:,} of " if self.current >= 0 else ""
            self._count.setText(f"{at}{len(self.hits):,}{more}")
        else:
            self._count.setText(more or "not in this document" if words else "")

    def _on_look_changed(self) -> None:
        self.field.setMaximumWidth(theme_hub().px(360))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key == Qt.Key.Key_Escape:
                self.leave(back=True)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(forward=not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                return True
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.step(forward=key == Qt.Key.Key_Down)
                return True
        return super().eventFilter(watched, event)
