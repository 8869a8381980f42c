"""The dialog that brings pattern files in: what was found in them, and what each label becomes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QWidget

from annotator.model.record import Problem
from annotator.model.schema import Schema
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.tables import VALUE, CellDelegate, Choice, PlainTable, cell, choice_cell
from annotator.ui.widgets import Strip
from annotator.workflows.patterns import Adding, ArrivingPatterns, targets_of

_HEADS = ("From", "Label there", "Patterns", "Proposed as")
_SHOWN = 3


class AddPatternsDialog(DialogFrame):
    """`wanted(Adding)` says what becomes of them."""

    wanted = Signal(object)

    def __init__(self, arriving: ArrivingPatterns, schema: Schema, parent: QWidget | None = None) -> None:
        names = list(dict.fromkeys(each.source for each in arriving.lists))
        title = (
            f"Add patterns from {names[0]}" if len(names) == 1 else f"Add patterns from {len(names)} files"
        )
        super().__init__(
            title,
            parent,
            subtitle="Each label becomes a list of its own, which can be switched, tried and changed.",
            width=680,
            height=540,
            scrolls=False,
        )
        self._schema = schema
        self._model = QStandardItemModel(0, len(_HEADS), self)
        self._model.setHorizontalHeaderLabels(list(_HEADS))
        self._labels: list[str] = []
        self.table = PlainTable("Labels of the files")
        self.table.show_model(self._model, widths=(0, 140, 90, 200))
        delegate = self.table.itemDelegate()
        assert isinstance(delegate, CellDelegate), "the table draws its own cells"
        delegate.chosen.connect(self._on_chosen)
        targets = targets_of(arriving, schema)
        for each in arriving.lists:
            self._labels.append(each.label)
            self._model.appendRow(self._row(each.source, each.label, len(each.patterns), targets[each.label]))
        self.table.setCurrentIndex(self._model.index(0, 0))
        self.body.addWidget(self.table, 1)
        self.case_box = QCheckBox("Find phrases in any case")
        self.body.addWidget(self.case_box)
        if arriving.problems_total:
            self.body.addWidget(Strip(_told(arriving.problems, arriving.problems_total), tone="warn"))
        self.add_cancel()
        self.add_patterns_button = self.add_button("Add", kind="primary", key="Return")
        self.add_patterns_button.clicked.connect(self._keep)
        self._show_count()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def targets(self) -> dict[str, str]:
        """Give what was chosen for each label of the files."""
        return {
            label: str(self._model.item(row, 3).data(VALUE) or "") for row, label in enumerate(self._labels)
        }

    def choose(self, label: str, target: str) -> None:
        """Choose the project's label for a label of the files, in all their rows; empty leaves it out."""
        for row, each in enumerate(self._labels):
            if each == label:
                source, count = self._model.item(row, 0).text(), self._model.item(row, 2).data(VALUE)
                self._model.setItem(row, 3, self._row(source, label, count, target)[3])
        self._show_count()

    def _row(self, source: str, label: str, count: int, target: str) -> list[QStandardItem]:
        choices = [Choice(one.name, one.shown or one.name, one.color) for one in self._schema.entities]
        if label and self._schema.entity(label) is None:
            choices.append(Choice(label, f"{label}, a new label"))
        choices.append(Choice("", "leave out"))
        return [
            cell(source, icon="file:dim"),
            cell(label or "none", token="ink" if label else "faint"),
            cell(f"{count:,}", right=True, value=count),
            choice_cell(choices, target, name=f"Propose {label or 'them'} as"),
        ]

    def _on_chosen(self, index: QPersistentModelIndex, value: object) -> None:
        if index.isValid():
            self.choose(self._labels[index.row()], str(value))

    def _show_count(self) -> None:
        targets = self.targets
        chosen = [row for row, label in enumerate(self._labels) if targets[label]]
        counts = [int(self._model.item(row, 2).data(VALUE)) for row in range(self._model.rowCount())]
        patterns = sum(counts[row] for row in chosen)
        self.add_patterns_button.setEnabled(bool(chosen))
        words = f"{counted(patterns, 'pattern')} in {counted(len(chosen), 'list')}"
        if left := sum(counts) - patterns:
            words += f"; {left:,} left out"
        self.set_note(words if chosen else "Choose what they are proposed as: Space opens the choice.")

    def _keep(self) -> None:
        adding = Adding(self.targets, self.case_box.isChecked())
        self.accept()
        self.wanted.emit(adding)


def _told(problems: Sequence[Problem], total: int) -> str:
    """Say what was left out, the first few by their lines."""
    told = [f"{Path(each.file).name}, line {each.line:,}: {each.message}" for each in problems[:_SHOWN]]
    more = total - len(told)
    return "\n".join([*told, *([f"And {more:,} more that were left out."] if more > 0 else [])])
