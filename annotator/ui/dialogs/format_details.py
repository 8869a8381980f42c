"""The further options of a format, drawn from what it declares: a choice, on and off, or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import clear_layout
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.plain import plain_tip
from annotator.ui.widgets import FormField
from annotator.workflows.exporting import Option


class FormatDetails(QWidget):
    """Fields for the options of one format; `changed()` when one is chosen anew.

    `offers` gives the choices of options that only a project can name, by the name of their list.
    """

    changed = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, offers: Mapping[str, Sequence[Choice]] | None = None
    ) -> None:
        super().__init__(parent)
        self._offers = dict(offers or {})
        self._boxes: dict[str, ChoiceBox] = {}
        self._switches: dict[str, QCheckBox] = {}
        self._lines: dict[str, QLineEdit] = {}
        self._defaults: dict[str, Any] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_options(self, options: Sequence[Option]) -> None:
        """Show the fields of a format, at their defaults."""
        clear_layout(self._column)
        self._boxes, self._switches, self._lines = {}, {}, {}
        self._defaults = {option.name: option.default for option in options}
        fields = []
        for option in options:
            choices = self._choices(option)
            if option.is_switch:
                self._switches[option.name] = self._switch(option)
            elif choices:
                fields.append(FormField(option.title, self._box(option, choices)))
            elif not option.offers:
                fields.append(FormField(option.title, self._line(option)))
        if fields:
            self._column.addWidget(RowOfFields(fields, narrowest=150))
        for switch in self._switches.values():
            self._column.addWidget(switch)
        self.setVisible(bool(options))

    @property
    def values(self) -> dict[str, Any]:
        """Give what is chosen, by the names of the options."""
        chosen: dict[str, Any] = {name: box.value for name, box in self._boxes.items()}
        chosen |= {name: line.text().strip() for name, line in self._lines.items()}
        return {**chosen, **{name: switch.isChecked() for name, switch in self._switches.items()}}

    @property
    def changed_values(self) -> dict[str, Any]:
        """Give what is not as it is by default."""
        return {name: value for name, value in self.values.items() if value != self._defaults[name]}

    def choose(self, values: Mapping[str, Any]) -> None:
        """Choose values by name; those of other formats are passed over."""
        for name, value in values.items():
            if name in self._boxes:
                self._boxes[name].choose(value)
            elif name in self._lines:
                self._lines[name].setText(str(value))
            elif name in self._switches:
                self._switches[name].setChecked(bool(value))

    def _choices(self, option: Option) -> Sequence[Choice]:
        if option.offers:
            return self._offers.get(option.offers, ())
        return [Choice(each, each) for each in option.choices]

    def _box(self, option: Option, choices: Sequence[Choice]) -> ChoiceBox:
        box = ChoiceBox(choices)
        box.choose(option.default)
        box.setToolTip(plain_tip(option.about))
        box.activated.connect(lambda _index: self.changed.emit())
        self._boxes[option.name] = box
        return box

    def _line(self, option: Option) -> QLineEdit:
        line = QLineEdit(str(option.default or ""))
        line.setToolTip(plain_tip(option.about))
        line.editingFinished.connect(self.changed)
        self._lines[option.name] = line
        return line

    def _switch(self, option: Option) -> QCheckBox:
        switch = QCheckBox(option.title)
        switch.setChecked(bool(option.default))
        switch.setToolTip(plain_tip(option.about))
        switch.toggled.connect(lambda _on: self.changed.emit())
        return switch
