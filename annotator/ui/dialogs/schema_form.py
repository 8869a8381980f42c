"""The fields of one type on the page of the schema. Each change is handed on when a field is left or Enter pressed.

What a person is typing is never overwritten by what comes back: a field is filled anew only when its own value changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from annotator.model.errors import RuleError
from annotator.model.schema import DIGITS, EntityType, RelationType, Schema, Type, check_name
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.schema_ends import EndsOfRelation, RelationsOfLabel
from annotator.ui.dialogs.schema_look import Swatches, previews
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import FormField, key_words, make_label

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTCUTS = (*DIGITS, *(f"Shift+{digit}" for digit in DIGITS), *(f"L {letter}" for letter in _LETTERS))


class TypeForm(QWidget):
    """Shows one type, or asks for the name of a new one.

    Signals: `changed(Type)` with the type as it shall be; `added(str)` with the name of a new one; `typed()` while a
    field is being edited; `relation_changed(RelationType)` when a label was added to its ends; `relation_chosen(str)`.
    """

    changed = Signal(object)
    added = Signal(str)
    typed = Signal()
    relation_changed = Signal(object)
    relation_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._type: Type | None = None
        self._schema = Schema()
        self._build_fields()
        self._build_look()
        self.relations = RelationsOfLabel()
        self.relations.changed.connect(self.relation_changed)
        self.relations.chosen.connect(self.relation_chosen)
        self.ends = EndsOfRelation()
        self.ends.changed.connect(self._on_ends_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 16, 28, 24)
        column.setSpacing(10)
        column.addWidget(
            RowOfFields([self._name, self._key, self._shown], narrowest=120, stretches=(3, 1, 3))
        )
        for widget in (self._color_label, self.swatches, self._looks, self._summary, self._guideline):
            column.addWidget(widget)
        column.addWidget(self.ends)
        column.addWidget(self.relations)
        column.addStretch(1)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def _build_fields(self) -> None:
        self.name_field = QLineEdit()
        self.key_box = ChoiceBox()
        self.shown_field = QLineEdit()
        self.shown_field.setPlaceholderText("same as the name")
        self.summary_field = QLineEdit()
        self.guideline_field = QPlainTextEdit()
        self.guideline_field.setTabChangesFocus(True)
        self._name = FormField("Name", self.name_field)
        self._key = FormField("Key", self.key_box)
        self._shown = FormField("Shown as", self.shown_field)
        self._summary = FormField(
            "What it is, in a sentence: shown to annotators beside the label", self.summary_field
        )
        self._guideline = FormField(
            "Rules and examples (Markdown): open on the Guide tab while this label is chosen",
            self.guideline_field,
        )
        self.name_field.editingFinished.connect(self._on_named)
        self.name_field.textEdited.connect(self._on_name_typed)
        self.key_box.activated.connect(lambda _index: self._hand_on(shortcut=str(self.key_box.value)))
        self.key_box.highlighted.connect(self._on_key_highlighted)
        self.shown_field.editingFinished.connect(lambda: self._hand_on(shown=self.shown_field.text().strip()))
        self.summary_field.editingFinished.connect(
            lambda: self._hand_on(summary=self.summary_field.text().strip())
        )
        self.highlighted_key: str | None = None
        for field in (self.name_field, self.shown_field, self.summary_field, self.guideline_field):
            field.installEventFilter(self)

    def _build_look(self) -> None:
        self._color_label = make_label("Colour", "label")
        self.swatches = Swatches()
        self.swatches.chosen.connect(lambda color: self._hand_on(color=color))
        self._looks = QWidget()
        row = QHBoxLayout(self._looks)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.previews = previews()
        for preview in self.previews:
            row.addWidget(preview)

    # ------------------------------------------------------------------ showing

    @property
    def type(self) -> Type | None:
        """Give the type that is shown; None for a new one."""
        return self._type

    def show_type(self, each: Type, schema: Schema, used: dict[str, int]) -> None:
        """Show a type; a field whose value is as it was keeps what is being typed into it."""
        before = self._type if self._type is not None and self._type.key == each.key else None
        same_kind = before is not None and isinstance(before, EntityType) == isinstance(each, EntityType)
        self._type, self._schema = each, schema
        for name, field in (
            ("name", self.name_field),
            ("shown", self.shown_field),
            ("summary", self.summary_field),
        ):
            value = getattr(each, name)
            if not same_kind or getattr(before, name) != value or not field.isModified():
                field.setText(value)
                field.setModified(False)
        if not same_kind or getattr(before, "guideline", "") != each.guideline:
            self.guideline_field.setPlainText(each.guideline)
        self._name.set_fault("")
        self._offer_keys(each)
        is_label = isinstance(each, EntityType)
        for field_row in (self._key, self._shown, self._summary, self._guideline):
            field_row.setVisible(True)
        for widget in (self._color_label, self.swatches, self._looks, self.relations):
            widget.setVisible(is_label)
        self.ends.setVisible(not is_label)
        self._show_look(each)
        if isinstance(each, EntityType):
            self.relations.show_label(each, schema, used)
        else:
            self.ends.show_type(each, schema)

    def show_new(self, *, kind_words: str) -> None:
        """Ask for the name of a new type."""
        self._type = None
        self.name_field.clear()
        self.name_field.setPlaceholderText(f"Name of the new {kind_words}")
        self._name.set_fault("")
        for widget in (
            self._key,
            self._shown,
            self._summary,
            self._guideline,
            self._color_label,
            self.swatches,
            self._looks,
            self.relations,
            self.ends,
        ):
            widget.setVisible(False)
        self.name_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_keys(self, each: Type) -> None:
        types: tuple[Type, ...] = (
            self._schema.entities if isinstance(each, EntityType) else self._schema.relations
        )
        owners = {other.shortcut: other for other in types if other.shortcut and other.key != each.key}
        shortcuts = dict.fromkeys([*_SHORTCUTS, *([each.shortcut] if each.shortcut else [])])
        choices = [Choice("", "none")]
        for shortcut in shortcuts:
            other = owners.get(shortcut)
            words = key_words(shortcut)
            choices.append(Choice(shortcut, f"{words}  is {other.shown or other.name}’s" if other else words))
        self.key_box.offer(choices)
        self.key_box.choose(each.shortcut)

    def _show_look(self, each: Type) -> None:
        self.swatches.show_color(each.color)
        for preview in self.previews:
            preview.show_look(each.shown or each.name, each.color, ("President", "Press Secretary"))

    def set_writable(self, writable: bool) -> None:  # noqa: FBT001 - a setter of one flag, as Qt's own
        """Let the fields be changed, or only be read."""
        for field in (self.name_field, self.shown_field, self.summary_field, self.guideline_field):
            field.setReadOnly(not writable)
        for widget in (self.key_box, self.swatches, self.ends):
            widget.setEnabled(writable)
        self.relations.set_writable(writable)

    # ------------------------------------------------------------------ changing

    def fault_of(self, name: str) -> str:
        """Say why a name cannot be taken; empty if it can."""
        each = self._type
        try:
            check_name(name)
        except RuleError as error:
            return str(error)
        is_relation = isinstance(each, RelationType) or (each is None and self.property("adds") == "relation")
        found: Type | None = self._schema.relation(name) if is_relation else self._schema.entity(name)
        if found is not None and (each is None or found.key != each.key):
            more = " Merge the two instead." if each is not None else ""
            return f"There is a type {name} already.{more}"
        return ""

    @property
    def typed_name(self) -> str:
        """Give what stands in the field of the name."""
        return self.name_field.text().strip()

    def _on_name_typed(self, _text: str) -> None:
        name = self.typed_name
        self._name.set_fault(self.fault_of(name) if name else "")
        self.typed.emit()

    def _on_named(self) -> None:
        name = self.typed_name
        if self._type is None:
            if name and not self.fault_of(name) and self.isVisible():
                self.name_field.clear()
                self.added.emit(name)
            return
        if name == self._type.name:
            self._name.set_fault("")
            return
        fault = self.fault_of(name)
        self._name.set_fault(fault)
        if not fault:
            self._hand_on(name=name)

    def _on_key_highlighted(self, index: int) -> None:
        self.highlighted_key = _SHORTCUTS[index - 1] if 0 < index <= len(_SHORTCUTS) else ""
        self.typed.emit()
        self.highlighted_key = None

    def _on_ends_changed(self, each: RelationType) -> None:
        self.changed.emit(each)

    def _hand_on(self, **values: Any) -> None:
        if self._type is None or self.name_field.isReadOnly():
            return
        wanted = replace(self._type, **values)
        if wanted != self._type:
            for field in (self.name_field, self.shown_field, self.summary_field):
                field.setModified(False)
            self.changed.emit(wanted)

    def leave_field(self) -> bool:
        """Put a line that was typed back to what is kept; tell whether there was something to put back.

        A guideline is kept instead: nobody wants a long text gone with one key.
        """
        each = self._type
        if each is None:
            return False
        field = self.focusWidget()
        if field is self.guideline_field:
            before = each.guideline
            self._hand_on(guideline=self.guideline_field.toPlainText().strip("\n"))
            return self.guideline_field.toPlainText().strip("\n") != before.strip("\n")
        stored = {
            self.name_field: each.name,
            self.shown_field: each.shown,
            self.summary_field: each.summary,
        }
        if not isinstance(field, QLineEdit) or field not in stored or field.text() == stored[field]:
            return False
        field.setText(stored[field])
        self._name.set_fault("")
        self.typed.emit()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.guideline_field and event.type() == QEvent.Type.FocusOut:
            self._hand_on(guideline=self.guideline_field.toPlainText().strip("\n"))
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if watched is self.guideline_field and is_enter and is_control:
                self._hand_on(guideline=self.guideline_field.toPlainText().strip("\n"))
                return True
        return super().eventFilter(watched, event)

    def _on_look_changed(self) -> None:
        self.guideline_field.setMinimumHeight(theme_hub().px(96))
