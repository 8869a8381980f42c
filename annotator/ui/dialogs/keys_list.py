"""All keys, grouped as the menus are, with a field to search them; read from the one table of actions."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QWidget

from annotator.model.wording import counted
from annotator.ui.action import Action
from annotator.ui.actions import ACTIONS, MENUS
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.key_cells import HEAD, KeyCells
from annotator.ui.dialogs.tables import VALUE, PlainTable, cell
from annotator.ui.widgets import SearchField, key_words, make_label

_SCOPES = {
    "window": "everywhere",
    "article": "in the article",
    "relation": "while a partner is picked",
    "jump": "while words have letters",
    "letter": "after L",
}
_MODES = {
    "relation": "Picking a partner",
    "jump": "Jumping to a word",
    "letter": "Giving a label by its letter",
}


class KeysDialog(DialogFrame):
    """Every action that has a key. Enter runs the chosen one: `action_wanted(str id)`."""

    action_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Keys", parent, scrolls=False)
        self.filter = SearchField("Search keys and what they do")
        self.filter.textChanged.connect(lambda _text: self._show())
        self._model = QStandardItemModel(0, 3, self)
        self.table = PlainTable("Keys", row_height=30)
        self.table.setItemDelegateForColumn(0, KeyCells(self.table))
        self.table.activated.connect(self._run)
        self._nothing = make_label("", "dim")
        self.body.addWidget(self.filter)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._nothing)
        self.add_button("Close", kind="primary").clicked.connect(self.accept)
        self._show()
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        words = self.filter.text().casefold().split()
        self._model.clear()
        self._model.setHorizontalHeaderLabels(["Keys", "What they do", "Where"])
        count = 0
        for group in (*MENUS, *_MODES.values()):
            found = [each for each in ACTIONS if _group(each) == group and each.key and _fits(each, words)]
            if not found:
                continue
            self._add_head(group)
            for each in found:
                count += 1
                self._add(each)
        self.table.show_model(self._model, widths=(210, 0, 170))
        for row in range(self._model.rowCount()):
            if self._model.item(row, 0).data(VALUE) is None:
                self.table.setSpan(row, 0, 1, 3)
        self.table.setVisible(bool(count))
        self._nothing.setText(f"No key matches “{self.filter.text()}”.")
        self._nothing.setVisible(not count)
        self.set_note(counted(count, "key"))

    def _add_head(self, group: str) -> None:
        head = cell("")
        head.setData(group, int(Qt.ItemDataRole.AccessibleTextRole))
        head.setData(group, HEAD)
        head.setFlags(Qt.ItemFlag.NoItemFlags)
        self._model.appendRow([head])

    def _add(self, action: Action) -> None:
        shown = [action.key] if action.shown_keys else [*action.keys, *action.article_keys]
        keys = cell("  ".join(shown), value=action.id)
        keys.setData(", ".join(key_words(key) for key in shown), int(Qt.ItemDataRole.AccessibleTextRole))
        what = cell(action.text.rstrip("…"), tip=action.tip)
        self._model.appendRow([keys, what, cell(_SCOPES[action.scope], token="dim")])

    def _run(self, index: QModelIndex) -> None:
        name = index.siblingAtColumn(0).data(VALUE)
        action = next((each for each in ACTIONS if each.id == name), None)
        # What acts on a selection, or in a mode, is not run from a list.
        if action is not None and action.scope == "window":
            self.accept()
            self.action_wanted.emit(action.id)


def _group(action: Action) -> str:
    return action.menu or _MODES[action.scope]


def _fits(action: Action, words: list[str]) -> bool:
    every = (*action.keys, *action.article_keys, action.shown_keys)
    caps = {cap for key in every for cap in key_words(key).casefold().split()}
    text = f"{action.text} {action.tip} {action.menu}".casefold()
    # A single letter means a key, not any word with that letter in it.
    return all(word in caps or (len(word) > 1 and word in text) for word in words)
