"""The middle of the page of suggesters: one pattern list, its patterns in a table, and a field to add or change one.

What is typed is tried at once; what is wrong with it is said under the field. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from annotator.model.errors import RuleError
from annotator.model.patterns import Pattern, PatternList, check_list_name, typed_pattern
from annotator.model.schema import Schema
from annotator.model.wording import counted
from annotator.ui.dialogs.pattern_rows import PatternsModel
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.tables import Choice, ChoiceBox, PlainTable
from annotator.ui.widgets import Button, ElidedLabel, FormField, SearchField
from annotator.workflows.patterns import Record, Trial

_ADD = "Add a phrase, or a token pattern such as [{“LOWER”: “acme”}, {“IS_TITLE”: true}]"
_CHANGE = "Change the pattern: Enter keeps it, Esc leaves it as it was"
_PAUSE = 200
"""Milliseconds without a key after which what was typed is tried."""


class PatternTable(PlainTable):
    """The table of patterns: Enter or F2 changes one, Delete takes it out."""

    edit_wanted = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if row >= 0 and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2}:
            self.edit_wanted.emit(row)
            return
        super().keyPressEvent(event)


class PatternEditor(QWidget):
    """Shows one list.

    Signals: `changed(PatternList)` with the list as it shall be; `put(removed, added)` with tuples of patterns;
    `typed(Pattern or None)` while one is being written or looked at; `remove_wanted()` for the whole list.
    """

    changed = Signal(object)
    put = Signal(object, object)
    typed = Signal(object)
    remove_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list: PatternList | None = None
        self._changing: Pattern | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._tell_typed)
        self._build_list_fields()
        self._build_pattern_field()
        self._build_table()
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 16, 28, 16)
        column.setSpacing(10)
        column.addWidget(RowOfFields([self._name, self._label], narrowest=150, stretches=(3, 2)))
        switches = QHBoxLayout()
        switches.addWidget(self.case_box)
        switches.addWidget(self._source, 1)
        switches.addWidget(self.remove_button)
        column.addLayout(switches)
        column.addWidget(self._pattern)
        below = QHBoxLayout()
        below.addWidget(self.search_field, 1)
        below.addWidget(self._count)
        column.addLayout(below)
        column.addWidget(self.table, 1)

    def _build_list_fields(self) -> None:
        self.name_field = QLineEdit()
        self.label_box = ChoiceBox()
        self._name = FormField("Name of the list", self.name_field)
        self._label = FormField("Proposed as", self.label_box)
        self.case_box = QCheckBox("Phrases in any case")
        self._source = ElidedLabel("", "dim")
        self.remove_button = Button("Remove the list", kind="quiet")
        self.name_field.editingFinished.connect(self._on_named)
        self.name_field.textEdited.connect(lambda _text: self._name.set_fault(""))
        self.label_box.activated.connect(lambda _index: self._hand_on(label=str(self.label_box.value)))
        self.case_box.clicked.connect(lambda is_on: self._hand_on(ignore_case=is_on))
        self.remove_button.clicked.connect(self.remove_wanted)

    def _build_pattern_field(self) -> None:
        self.pattern_field = QLineEdit()
        self.pattern_field.setPlaceholderText(_ADD)
        self.keep_button = Button("Add", key="Return")
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.pattern_field, 1)
        row.addWidget(self.keep_button)
        self.pattern_field.setAccessibleName("A pattern")
        self._pattern = FormField("A pattern", self._row)
        self.pattern_field.textEdited.connect(self._on_typed)
        self.pattern_field.returnPressed.connect(self._keep)
        self.keep_button.clicked.connect(self._keep)

    def _build_table(self) -> None:
        self.search_field = SearchField("Find a pattern", name="Find a pattern of this list")
        self._count = ElidedLabel("", "dim")
        self.model = PatternsModel(self)
        self.table = PatternTable("Patterns", row_height=30)
        self.table.show_model(self.model, widths=(0, 90, 120))
        self.table.remove_wanted.connect(self._remove)
        self.table.edit_wanted.connect(self._begin_change)
        self.table.doubleClicked.connect(lambda index: self._begin_change(index.row()))
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._on_row(now.row()))
        self.search_field.textChanged.connect(self._search)

    # ------------------------------------------------------------------ showing

    @property
    def list(self) -> PatternList | None:
        """Give the list that is shown."""
        return self._list

    def show_list(self, each: PatternList, schema: Schema) -> None:
        """Show a list; a name whose value is as it was keeps what is being typed into it."""
        before = self._list if self._list is not None and self._list.key == each.key else None
        self._list = each
        if before is None or before.name != each.name or not self.name_field.isModified():
            self.name_field.setText(each.name)
            self.name_field.setModified(False)
        self._name.set_fault("")
        self.label_box.offer([Choice(one.name, one.shown or one.name, one.color) for one in schema.entities])
        self.label_box.choose(each.label)
        self.case_box.setChecked(each.ignore_case)
        self._source.setText(f"from {each.source}" if each.source else "")
        if before is None:
            self.model.show_patterns(())
            self.search_field.clear()
            self.stop_changing()

    def show_patterns(self, patterns: Sequence[Pattern]) -> None:
        """Show what is in the list; the current pattern stays current."""
        row = self.table.currentIndex().row()
        current = self.model.pattern(row)
        self.model.show_patterns(patterns)
        found = self.model.row_of(current) if current is not None else -1
        rows = self.model.rowCount()
        if rows and current is not None:
            self.table.setCurrentIndex(self.model.index(found if found >= 0 else min(row, rows - 1), 0))
        self._say_count()

    def show_trial(self, trial: Trial | None, record: Record) -> None:
        """Show what the patterns of the list find."""
        self.model.show_trial(trial, record)

    def set_fault(self, sentence: str) -> None:
        """Say under the field what is wrong with the pattern in it."""
        self._pattern.set_fault(sentence)

    def set_writable(self, writable: bool) -> None:  # noqa: FBT001 - a setter of one flag, as Qt's own
        """Let the list be changed, or only be looked at."""
        self.name_field.setReadOnly(not writable)
        self.pattern_field.setReadOnly(not writable)
        for widget in (self.label_box, self.case_box, self.keep_button, self.remove_button):
            widget.setEnabled(writable)

    def _search(self, words: str) -> None:
        self.model.show_only(words)
        self._say_count()

    def _say_count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        words = counted(total, "pattern")
        self._count.setText(words if shown == total else f"{shown:,} of {words}")

    # ------------------------------------------------------------------ changing the list

    def _on_named(self) -> None:
        each = self._list
        if each is None or self.name_field.text() == each.name:
            return
        try:
            self._hand_on(name=check_list_name(self.name_field.text()))
        except RuleError as error:
            self._name.set_fault(str(error))

    def _hand_on(self, **values: Any) -> None:
        if self._list is None or self.name_field.isReadOnly():
            return
        wanted = replace(self._list, **values)
        if wanted != self._list:
            self.name_field.setModified(False)
            self.changed.emit(wanted)

    # ------------------------------------------------------------------ changing a pattern

    @property
    def written(self) -> Pattern | None:
        """Give the pattern in the field; None where there is none, or what is there is none."""
        try:
            return typed_pattern(self.pattern_field.text())
        except RuleError:
            return None

    @property
    def changing(self) -> Pattern | None:
        """Give the pattern that is being changed, None where one is being added."""
        return self._changing

    def stop_changing(self) -> None:
        """Let the field be empty, for another pattern."""
        self._changing = None
        self.pattern_field.clear()
        self.pattern_field.setPlaceholderText(_ADD)
        self.keep_button.setText("Add")
        self._pattern.set_fault("")
        self._pause.stop()

    def leave_field(self) -> bool:
        """Empty the field of the pattern, or put the name back; tell whether there was something."""
        each = self._list
        if self.pattern_field.text() or self._changing is not None:
            was_changing = self._changing is not None
            self.stop_changing()
            self.typed.emit(None)
            if was_changing:
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if each is not None and self.name_field.text() != each.name:
            self.name_field.setText(each.name)
            self._name.set_fault("")
            return True
        return False

    def _begin_change(self, row: int) -> None:
        pattern = self.model.pattern(row)
        if pattern is None or self.pattern_field.isReadOnly():
            return
        self._changing = pattern
        self.pattern_field.setText(pattern.text)
        self.pattern_field.setPlaceholderText(_CHANGE)
        self.keep_button.setText("Change")
        self._pattern.set_fault("")
        self.pattern_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pattern_field.selectAll()
        self._tell_typed()

    def _on_typed(self, _text: str) -> None:
        self._pattern.set_fault("")
        self._pause.start()

    def _on_row(self, row: int) -> None:
        """Try the pattern that somebody goes to in the table."""
        pattern = self.model.pattern(row)
        if pattern is not None and self.table.hasFocus():
            self.typed.emit(pattern)

    def _tell_typed(self) -> None:
        self.typed.emit(self.written)

    def _keep(self) -> None:
        text = self.pattern_field.text()
        if self.pattern_field.isReadOnly() or (not text.strip() and self._changing is None):
            return
        self._pause.stop()
        try:
            pattern = typed_pattern(text)
        except RuleError as error:
            self._pattern.set_fault(str(error))
            return
        removed = () if self._changing is None else (self._changing,)
        if removed == (pattern,):
            self.leave_field()
            return
        self.put.emit(removed, (pattern,))

    def _remove(self, row: int) -> None:
        pattern = self.model.pattern(row)
        if pattern is not None and not self.pattern_field.isReadOnly():
            self.put.emit((pattern,), ())
