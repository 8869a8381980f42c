"""What was changed on both sides, and whose version is taken: for all, for a kind of thing, or for one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPersistentModelIndex, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.doccano_counts import counted_things
from annotator.ui.dialogs.tables import (
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
from annotator.workflows.doccano import Choices, Conflict, Side, Thing

_ROWS = 6
_SIDES = (
    Choice(Side.LEAVE, "Leave both"),
    Choice(Side.MINE, "Take ours"),
    Choice(Side.THEIRS, "Take theirs"),
)
_ALL = "all"
_WHOSE, _CHOICE = 3, 4
"""The columns that tell who made what is on the server, and in which one chooses."""


class ConflictsTable(QWidget):
    """A row for each conflict; a choice in one is for all of its document. `chosen()` when a person chooses."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conflicts: Sequence[Conflict] = ()
        self._all = Side.LEAVE
        self._by_thing: dict[Thing, Side] = {}
        self._by_document: dict[str, Side] = {}
        self._head = make_label("", "head")
        self._waits = make_label("", "warn", wrap=True)
        self.kind_box = ChoiceBox()
        self.kind_box.setAccessibleName("For which conflicts")
        self.kind_box.activated.connect(self._show_kind)
        self.side_box = ChoiceBox(_SIDES)
        self.side_box.setAccessibleName("For all of these conflicts")
        self.side_box.activated.connect(self._choose_kind)
        self.table = PlainTable("Conflicts", row_height=34)
        delegate = self.table.itemDelegate()
        assert isinstance(delegate, CellDelegate), "the table draws its own cells"
        delegate.chosen.connect(self._on_chosen)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._head, 1)
        row.addWidget(make_label("For", "dim"))
        row.addWidget(self.kind_box)
        row.addWidget(self.side_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.table)
        column.addWidget(self._waits)
        theme_hub().changed.connect(self._fit)

    def taken(self, choices: Choices) -> Choices:
        """Give choices with what was chosen here."""
        return replace(
            choices, conflicts=self._all, by_thing=dict(self._by_thing), by_document=dict(self._by_document)
        )

    @property
    def left(self) -> int:
        """Give how many conflicts stay as they are: those that are left, and all others of their documents."""
        held = self._held
        return sum(self._side(each) is Side.LEAVE or each.document in held for each in self._conflicts)

    @property
    def _held(self) -> set[str]:
        """Give the documents that are left as a whole, since one of their conflicts is."""
        return {each.document for each in self._conflicts if self._side(each) is Side.LEAVE} - {""}

    def show_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        """Show other conflicts; nothing is chosen."""
        self._conflicts = conflicts
        self._all = Side.LEAVE
        self._by_thing, self._by_document = {}, {}
        self._head.setText(f"{counted(len(conflicts), 'conflict')}: changed on both sides")
        model = QStandardItemModel(0, 5, self)
        model.setHorizontalHeaderLabels(["Document", "Here", "On the server", "By", ""])
        for each in conflicts:
            model.appendRow(_cells(each))
        self.table.show_model(model, widths=(150, 0, 0, 80, 120))
        self.table.setColumnHidden(_WHOSE, not any(each.whose for each in conflicts))
        things = [each for each in Thing if any(conflict.thing is each for conflict in conflicts)]
        kinds = [Choice(each.value, counted_things(2, each).removeprefix("2 ")) for each in things]
        self.kind_box.offer([Choice(_ALL, "all"), *kinds])
        self.kind_box.choose(_ALL)
        self._show_kind()
        self._show_waiting()
        self.setVisible(bool(conflicts))
        self._fit()

    def _show_kind(self) -> None:
        """Show what was chosen for the kind of conflicts that is chosen."""
        thing = self._thing
        self.side_box.choose(self._all if thing is None else self._by_thing.get(thing, self._all))

    @property
    def _thing(self) -> Thing | None:
        value = self.kind_box.value
        return None if value in {None, _ALL} else Thing(str(value))

    def _choose_kind(self) -> None:
        """Take a side for all conflicts, or for those of a kind; what was chosen one by one before gives way."""
        thing, side = self._thing, Side(str(self.side_box.value))
        if thing is None:
            self._all = side
            self._by_thing.clear()
            self._by_document.clear()
        else:
            self._by_thing[thing] = side
            for conflict in self._conflicts:
                if conflict.thing is thing:
                    self._by_document.pop(conflict.document, None)
        self._show_sides()

    def _on_chosen(self, index: QPersistentModelIndex, value: object) -> None:
        conflict = self._conflicts[index.row()]
        if conflict.document:
            self._by_document[conflict.document] = Side(str(value))
        else:  # a type, which belongs to no document
            self._by_thing[conflict.thing] = Side(str(value))
        self._show_sides()

    def _show_sides(self) -> None:
        for row, conflict in enumerate(self._conflicts):
            show_choice(self._cell(row), self._side(conflict))
        self._show_kind()
        self._show_waiting()
        self.chosen.emit()

    def _show_waiting(self) -> None:
        """Say which choices do nothing yet."""
        held = self._held
        waiting = sum(
            self._side(each) is not Side.LEAVE and each.document in held for each in self._conflicts
        )
        verb = "does" if waiting == 1 else "do"
        self._waits.setText(
            f"{counted(waiting, 'choice')} {verb} nothing yet: while one conflict of a document is left, "
            "all of the document is."
        )
        self._waits.setVisible(waiting > 0)

    def _side(self, conflict: Conflict) -> Side:
        by_thing = self._by_thing.get(conflict.thing, self._all)
        return self._by_document.get(conflict.document, by_thing) if conflict.document else by_thing

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
