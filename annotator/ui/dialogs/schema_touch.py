"""What a change of the schema touches, said before it is done; and merging and deleting, confirmed in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.editing.commands import DeleteType, MergeTypes
from annotator.model.annotation import Kind
from annotator.model.schema import EntityType, RelationType, Schema, Type
from annotator.model.wording import counted, printable
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, Strip, make_label
from annotator.workflows.session import Touched

Count = Callable[[Kind, str], Touched]
"""Counts what a type touches: `Session.touched_by_type`."""


class TouchPanel(QWidget):
    """The right column. `command_wanted(command)` for a merge or a deletion; `rename_wanted` goes to the name."""

    command_wanted = Signal(object)
    rename_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._type: Type | None = None
        self._schema = Schema()
        self._touched: Touched | None = None
        self._head = make_label("What a change touches", "head")
        self._now = make_label("", wrap=True)
        self._rest = make_label("", "dim", wrap=True)
        self.rename_button = Button("Rename …")
        self.merge_button = Button("Merge into another …")
        self.delete_button = Button("Delete this type …", kind="danger")
        self.rename_button.clicked.connect(self.rename_wanted)
        self.merge_button.clicked.connect(self._ask_merge)
        self.delete_button.clicked.connect(self._ask_delete)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(8)
        for widget in (self._head, self._now, self._rest):
            self._column.addWidget(widget)
        self._column.addSpacing(4)
        for button in (self.rename_button, self.merge_button, self.delete_button):
            self._column.addWidget(button)
        self._build_merge()
        self._build_delete()
        self._column.addStretch(1)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def _build_merge(self) -> None:
        self._merge = QWidget()
        self.target_box = ChoiceBox()
        self.target_box.setAccessibleName("Merge into")
        self.target_box.activated.connect(lambda _index: self._show_merge())
        self._merge_words = make_label("", "dim", wrap=True)
        self.merge_now_button = Button("Merge", kind="soft")
        self.merge_now_button.clicked.connect(self._merge_now)
        keep = Button("Keep both", kind="quiet")
        keep.clicked.connect(self.close_questions)
        row = QHBoxLayout()
        row.addWidget(self.merge_now_button)
        row.addWidget(keep)
        row.addStretch(1)
        column = QVBoxLayout(self._merge)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.target_box)
        column.addWidget(self._merge_words)
        column.addLayout(row)
        self._column.addWidget(self._merge)
        self._merge.hide()

    def _build_delete(self) -> None:
        self._delete = QWidget()
        self.strip = Strip("", tone="warn")
        self._delete_words = make_label("", "dim", wrap=True)
        self.delete_now_button = Button("Delete", kind="danger")
        self.delete_now_button.clicked.connect(self._delete_now)
        self.keep_button = Button("Keep it")
        self.keep_button.clicked.connect(self.close_questions)
        row = QHBoxLayout()
        row.addWidget(self.delete_now_button)
        row.addWidget(self.keep_button)
        row.addStretch(1)
        column = QVBoxLayout(self._delete)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.strip)
        column.addWidget(self._delete_words)
        column.addLayout(row)
        self._column.addWidget(self._delete)
        self._delete.hide()

    # ------------------------------------------------------------------ showing

    @property
    def is_asking(self) -> bool:
        """Tell whether a question is open."""
        return not (self._merge.isHidden() and self._delete.isHidden())

    def show_type(self, each: Type | None, schema: Schema, count: Count, *, writable: bool) -> None:
        """Show a type; another one closes what was asked about the last."""
        if each is None or self._type is None or each.key != self._type.key:
            self.close_questions()
        self._type, self._schema = each, schema
        self._touched = None if each is None else count(_kind(each), each.name)
        for button in (self.rename_button, self.merge_button, self.delete_button):
            button.setVisible(each is not None)
            button.setEnabled(writable)
        if each is not None:
            self.merge_button.setEnabled(writable and len(_types(schema, _kind(each))) > 1)
        self.show_pending("", None)

    def show_pending(self, name: str, key: str | None) -> None:
        """Say what it would touch to take another name or key; without either, what there is now."""
        each, touched = self._type, self._touched
        if each is None or touched is None:
            self._now.setText("A new type touches nothing that is there.")
            self._rest.setText("It gets the next free key and colour; both can be changed at once.")
            return
        told = self._told(touched)
        renamed = bool(name) and name != each.name
        if renamed:
            self._now.setText(f"{each.name} becomes {name}.")
            self._rest.setText(f"{told} keep their label under its new name. Nothing is deleted.")
        elif key is not None and key != each.shortcut:
            self._now.setText(self._key_words(each, key))
            self._rest.setText("Keys touch nothing that is labelled.")
        else:
            self._now.setText(told)
            self._rest.setText(
                "Colour, key, and guideline touch nothing of it. Every change is one step to undo."
            )

    def _key_words(self, each: Type, key: str) -> str:
        if not key:
            return f"{each.name} has no key then."
        other = next((one for one in _types(self._schema, _kind(each)) if one.shortcut == key), None)
        if other is None or other.key == each.key:
            return f"Key {key} is free."
        gets = f"gets {each.shortcut}" if each.shortcut else "has none then"
        return f"Key {key} is {other.name}’s. {other.name} {gets}."

    def _told(self, touched: Touched) -> str:
        each = self._type
        if isinstance(each, RelationType):
            return f"{counted(touched.relations, 'relation')} in {counted(touched.documents, 'document')}"
        return f"{counted(touched.spans, 'span')} in {counted(touched.documents, 'document')}"

    # ------------------------------------------------------------------ asking

    def close_questions(self) -> None:
        """Take open questions away."""
        self._merge.hide()
        self._delete.hide()

    def _ask_merge(self) -> None:
        each = self._type
        if each is None:
            return
        self.close_questions()
        others = [other for other in _types(self._schema, _kind(each)) if other.key != each.key]
        self.target_box.offer(
            [
                Choice(
                    other.name,
                    other.shown or other.name,
                    other.color if isinstance(other, EntityType) else None,
                )
                for other in others
            ]
        )
        self._merge.show()
        self._show_merge()
        self.target_box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_merge(self) -> None:
        each, touched = self._type, self._touched
        if each is not None and touched is not None:
            self._merge_words.setText(
                f"{self._told(touched)} get the label {self.target_box.value}, and {each.name} goes. "
                "What has that label already stays once."
            )

    def _merge_now(self) -> None:
        each = self._type
        if each is not None:
            self.close_questions()
            self.command_wanted.emit(
                MergeTypes(kind=_kind(each), source=each.name, target=str(self.target_box.value))
            )

    def _ask_delete(self) -> None:
        each, touched = self._type, self._touched
        if each is None or touched is None:
            return
        self.close_questions()
        is_label = isinstance(each, EntityType)
        number = touched.spans if is_label else touched.relations
        noun = "span" if is_label else "relation"
        self.strip.set_message(
            f"{counted(number, noun)} would go." if number else "Nothing is labelled with it."
        )
        self._delete_words.setText(" ".join(self._also_gone(each, touched)))
        self.delete_now_button.setText(printable(f"Delete {each.name}"))
        self._delete.show()
        # The careful answer has the focus.
        self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _also_gone(self, each: Type, touched: Touched) -> list[str]:
        told = []
        if isinstance(each, EntityType):
            if touched.relations:
                told.append(f"So would {counted(touched.relations, 'relation')} that join them.")
            last = [
                one.name
                for one in self._schema.relations
                if each.name in {_only(one.heads), _only(one.children)}
            ]
            if last:
                verb = "has no other end and goes" if len(last) == 1 else "have no other end and go"
                told.append(f"{', '.join(last)} {verb} too.")
        if touched.spans or touched.relations:
            told.append("You can merge it into another type instead, or undo it later.")
        return told

    def _delete_now(self) -> None:
        each = self._type
        if each is not None:
            self.close_questions()
            self.command_wanted.emit(DeleteType(kind=_kind(each), name=each.name))

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        self._column.setContentsMargins(hub.px(20), hub.px(14), hub.px(20), hub.px(20))


def _kind(each: Type) -> Kind:
    return Kind.RELATION if isinstance(each, RelationType) else Kind.SPAN


def _types(schema: Schema, kind: Kind) -> tuple[Type, ...]:
    return schema.entities if kind is Kind.SPAN else schema.relations


def _only(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else ""
