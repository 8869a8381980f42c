"""What was changed on both sides, and whose version is taken: for all, or for one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPersistentModelIndex, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.tables import (
    VALUE,
    CellDelegate,
    Choice,
    ChoiceBox,
    PlainTable,
    cell,
    choice_cell,
    show_choice,
)
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import make_label
from annotator.workflows.doccano import Conflict, Side

_ROWS = 6
_SIDES = (
    Choice(Side.LEAVE, "Leave both"),
    Choice(Side.MINE, "Take ours"),
    Choice(Side.THEIRS, "Take theirs"),
)
_CHOICE = 4
"""The column in which one chooses."""


class ConflictsTable(QWidget):
    """A row for each conflict; a choice in one is for all of its document. `chosen()` when a person chooses."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conflicts: Sequence[Conflict] = ()
        self._head = make_label("", "head")
        self.all_box = ChoiceBox(_SIDES)
        self.all_box.setAccessibleName("For all conflicts")
        self.all_box.activated.connect(self._choose_all)
        self.table = PlainTable("Conflicts", row_height=34)
        delegate = self.table.itemDelegate()
        assert isinstance(delegate, CellDelegate), "the table draws its own cells"
        delegate.chosen.connect(self._on_chosen)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._head, 1)
        row.addWidget(make_label("For all", "dim"))
        row.addWidget(self.all_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.table)
        theme_hub().changed.connect(self._fit)

    @property
    def by_document(self) -> Mapping[str, Side]:
        """Give what was chosen for each document, by its stable id; what is left as it is is not named."""
        sides = {each.document: self._side(row) for row, each in enumerate(self._conflicts)}
        return {document: side for document, side in sides.items() if side is not Side.LEAVE}

    @property
    def left(self) -> int:
        """Give how many conflicts stay as they are."""
        return sum(self._side(row) is Side.LEAVE for row in range(len(self._conflicts)))

    def show_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        """Show other conflicts; nothing is chosen."""
        self._conflicts = conflicts
        self._head.setText(f"{counted(len(conflicts), 'conflict')}: changed on both sides")
        model = QStandardItemModel(0, 5, self)
        model.setHorizontalHeaderLabels(["Document", "Here", "On the server", "By", ""])
        for each in conflicts:
            model.appendRow(_cells(each))
        self.table.show_model(model, widths=(150, 0, 0, 80, 120))
        self.all_box.choose(Side.LEAVE)
        self.setVisible(bool(conflicts))
        self._fit()

    def _choose_all(self) -> None:
        for row in range(len(self._conflicts)):
            show_choice(self._cell(row), self.all_box.value)
        self.chosen.emit()

    def _on_chosen(self, index: QPersistentModelIndex, value: object) -> None:
        document = self._conflicts[index.row()].document
        for row, conflict in enumerate(self._conflicts):
            if conflict.document == document:
                show_choice(self._cell(row), value)
        self.chosen.emit()

    def _side(self, row: int) -> Side:
        return Side(self._cell(row).data(VALUE))

    def _cell(self, row: int) -> QStandardItem:
        model = self.table.model()
        assert isinstance(model, QStandardItemModel), "shown above"
        return model.item(row, _CHOICE)

    def _fit(self) -> None:
        row = theme_hub().px(34)
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(head + row * max(1, min(len(self._conflicts), _ROWS)) + 2)


def _cells(conflict: Conflict) -> list[QStandardItem]:
    return [
        cell(conflict.title, tip=conflict.title),
        cell(conflict.mine, tip=conflict.mine),
        cell(conflict.theirs, tip=conflict.theirs),
        cell(conflict.whose, token="dim"),
        choice_cell(_SIDES, Side.LEAVE, name=f"Whose version of {conflict.title}"),
    ]
