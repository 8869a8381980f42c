"""The row of key caps under the article: what can be done with what is selected now."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from annotator.ui.coming import Outlook
from annotator.ui.style import set_look, set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import KeyCap
from annotator.ui.widgets.lines import make_label


@dataclass(frozen=True, slots=True)
class Hint:
    """Keys and what they do, in a word or two."""

    keys: tuple[str, ...]
    words: str


_LABEL = Hint(("1–9",), "label")
_EDGES = (Hint(("S", "D"), "left edge"), Hint(("F", "G"), "right edge"))
_READING, _TURN = Hint(("C",), "other reading"), Hint(("V",), "turn round")
_NEXT = Hint(("Tab",), "next")
_WORD, _JUMP, _FIND = Hint(("← →",), "word"), Hint(("J",), "jump to a word"), Hint(("Ctrl F",), "find")
_ALONE = (_WORD, _JUMP, _FIND)
_HINTS: dict[str, tuple[Hint, ...]] = {
    "none": (_NEXT, _WORD, _JUMP, Hint(("Ctrl ↓",), "next span"), _FIND),
    "text": (
        _LABEL,
        Hint(("E",), "find a label"),
        *_EDGES,
        Hint(("P",), "another part"),
        Hint(("O",), "same words"),
        Hint(("Esc",), "drop"),
        _NEXT,
    ),
    "grows": (
        Hint(("Enter",), "add to the span"),
        Hint(("← →",), "other word"),
        Hint(("Shift →",), "longer"),
        Hint(("P",), "one more"),
        Hint(("Shift P",), "take away"),
        Hint(("Esc",), "leave"),
    ),
    "candidate": (
        Hint(("A",), "accept"),
        Hint(("X",), "reject"),
        _LABEL,
        *_EDGES,
        _READING,
        Hint(("R",), "relation"),
        _NEXT,
        Hint(("Shift A",), "all alike"),
    ),
    "span": (
        Hint(("X",), "remove"),
        _LABEL,
        *_EDGES,
        Hint(("R",), "relation"),
        Hint(("U",), "undecided"),
        Hint(("O",), "same words"),
        Hint(("N",), "note"),
        _NEXT,
    ),
    "relation_candidate": (
        Hint(("A",), "accept"),
        Hint(("X",), "reject"),
        Hint(("1–9",), "other type"),
        _TURN,
        Hint(("R",), "move its end"),
        Hint(("T",), "other end"),
        _NEXT,
    ),
    "relation": (
        Hint(("X",), "remove"),
        Hint(("1–9",), "other type"),
        _TURN,
        Hint(("R",), "move its end"),
        Hint(("T",), "other end"),
        Hint(("U",), "undecided"),
        Hint(("N",), "note"),
        _NEXT,
    ),
    "rejection": (Hint(("U",), "undecided"), _NEXT),
    Outlook.COMING.name: (Hint((), Outlook.COMING.value), *_ALONE),
    Outlook.FAILED.name: (Hint(("F5",), "make candidates"), *_ALONE),
    Outlook.NOT_MADE.name: (Hint(("F5",), "make candidates"), *_ALONE),
    Outlook.NO_SUGGESTER.name: (Hint(("Ctrl Shift L",), "where candidates come from"), *_ALONE),
    "done": (
        Hint(("Ctrl Enter",), "done, next document"),
        Hint(("Ctrl ↓",), "next span"),
        _WORD,
    ),
    "relation_mode": (
        Hint(("letters",), "pick"),
        Hint(("Ctrl F",), "find partner by text"),
        Hint(("PgDn",), "further on"),
        Hint(("1–9",), "only this type"),
        Hint(("Esc",), "leave"),
    ),
    "relation_move": (
        Hint(("letters",), "pick"),
        Hint(("Tab",), "the other end"),
        Hint(("PgDn",), "further on"),
        Hint(("Esc",), "leave"),
    ),
    "chooser": (
        Hint(("Enter",), "take it"),
        Hint(("1–9",), "this type"),
        Hint(("↑", "↓"), "choose"),
        Hint(("Space",), "turn round"),
        Hint(("Esc",), "back"),
    ),
    "jump": (
        Hint(("letters",), "select the word"),
        Hint(("Backspace",), "forget a letter"),
        Hint(("PgDn",), "further on"),
        Hint(("Esc",), "leave"),
    ),
    "letters": (
        Hint(("letter",), "this label"),
        Hint(("↑", "↓"), "choose"),
        Hint(("Enter",), "take it"),
        Hint(("Esc",), "leave"),
    ),
    "read_only": (
        Hint(("Ctrl ↓",), "next span"),
        Hint(("Tab",), "next candidate"),
        _FIND,
    ),
    "empty": (
        Hint(("Ctrl I",), "import"),
        Hint(("Ctrl V",), "paste a text"),
        Hint(("Ctrl K",), "anything else"),
    ),
}
LAST = Hint(("?",), "all keys")
"""The hint that stays however narrow the row is."""


def hints_for(situation: str, *, has_readings: bool = False, can_turn: bool = False) -> tuple[Hint, ...]:
    """Give the hints of a situation, the most useful first; `can_turn`: the selected relation may run the other way."""
    found = _HINTS.get(situation, _HINTS["none"])
    idle = (None if has_readings else _READING, None if can_turn else _TURN)
    return tuple(hint for hint in found if hint not in idle)


class HintBar(QWidget):
    """Shows hints from the left and drops them from the right where there is no room."""

    keys_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_surface(self, "panel")
        self.setAccessibleName("Keys")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(16)
        self._shown: tuple[Hint, ...] = ()
        self._cells: list[_Cell] = []
        self._built: dict[tuple[Hint, ...], list[_Cell]] = {}
        self._row.addStretch(1)
        self._last = _Cell(LAST, self)
        self._last.clicked.connect(self.keys_wanted)
        self._last.setCursor(Qt.CursorShape.PointingHandCursor)
        self._last.setToolTip("List every key  (F1)")
        self._row.addWidget(self._last)
        theme_hub().changed.connect(self._on_theme_changed)

    @property
    def shown(self) -> tuple[Hint, ...]:
        """Give the hints that there is room for."""
        return tuple(hint for hint, cell in zip(self._shown, self._cells, strict=True) if not cell.isHidden())

    def show_hints(self, hints: tuple[Hint, ...]) -> None:
        """Show other hints."""
        if hints == self._shown:
            return
        for cell in self._cells:
            cell.hide()
        self._shown = hints
        if hints not in self._built:
            # A handful of situations come again and again: their caps are made once.
            self._built[hints] = [_Cell(hint, self) for hint in hints]
            for cell in self._built[hints]:
                self._row.insertWidget(self._row.count() - 2, cell)
        self._cells = self._built[hints]
        self._fit()

    def minimumSizeHint(self) -> QSize:
        # What does not fit is dropped, so the row never asks for more than its last hint.
        return QSize(self._last.sizeHint().width() + 32, theme_hub().px(34))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _on_theme_changed(self) -> None:
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 32 - self._last.sizeHint().width()
        for cell in self._cells:
            room -= cell.sizeHint().width() + self._row.spacing()
            cell.setVisible(room >= 0)
            if room < 0:
                room = -1


class _Cell(QWidget):
    """Key caps with a word behind them."""

    clicked = Signal()

    def __init__(self, hint: Hint, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for key in hint.keys:
            row.addWidget(KeyCap(key, self))
        words = make_label(hint.words, parent=self)
        set_look(words, "dim")
        row.addWidget(words)

    def mouseReleaseEvent(self, event: object) -> None:
        self.clicked.emit()
