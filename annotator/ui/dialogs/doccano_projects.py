"""Which project of the server: the second page of the doccano dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.tables import VALUE, Choice, ChoiceBox, PlainTable, cell
from annotator.ui.dialogs.words import listed
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import CheckCard, FormField, make_label
from annotator.workflows.doccano import Details, Options, ProjectRow, RemoteProject, TypeKind

NEW = "new"
"""The value of the row that stands for a project that is yet to be made."""
_UNITS = (
    Choice("auto", "Found out from the texts"),
    Choice("utf-16", "UTF-16 units, as doccano's window"),
    Choice("graphemes", "Characters as people see them"),
    Choice("code points", "Code points, as programs"),
)
_ROWS = 7


class ProjectsPage(QWidget):
    """The projects of an account as a table, what the chosen one holds, and how it is read.

    Signals: `chosen()` when another is chosen; `details_wanted(RemoteProject)`.
    """

    chosen = Signal()
    details_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, may_make: bool, name: str = "") -> None:
        super().__init__(parent)
        self._may_make = may_make
        self._rows: list[ProjectRow] = []
        self.table = PlainTable("Projects of the server", row_height=34)
        self._details = make_label("", "dim", wrap=True)
        self.name_field = QLineEdit(name)
        self.name_field.textEdited.connect(self.chosen)
        self.shared_card = CheckCard(
            "All members work on the same annotations",
            "Otherwise each member has their own. doccano cannot change that later.",
        )
        self.shared_card.setChecked(True)
        self.unit_box = ChoiceBox(_UNITS)
        self.member_box = ChoiceBox([Choice("", "Mine")])
        self._new_fields = QWidget()
        self._member = FormField("Whose work", self.member_box)
        self._build()

    def _build(self) -> None:
        new = QVBoxLayout(self._new_fields)
        new.setContentsMargins(0, 0, 0, 0)
        new.setSpacing(8)
        new.addWidget(FormField("Name of the new project", self.name_field))
        new.addWidget(self.shared_card)
        self._how = RowOfFields([FormField("What offsets count", self.unit_box), self._member], narrowest=190)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme_hub().px(12))
        for each in (self.table, self._details, self._new_fields, self._how):
            column.addWidget(each)
        column.addStretch(1)
        self._new_fields.hide()
        self._member.hide()
        theme_hub().changed.connect(self._fit_table)

    # ------------------------------------------------------------------ what is chosen

    @property
    def project(self) -> RemoteProject | None:
        """Give the project that is chosen, if it can be used; None for a new one too."""
        row = self._row
        return row.project if row is not None and not row.obstacle else None

    @property
    def is_new(self) -> bool:
        """Tell whether a project is to be made."""
        return self._value == NEW

    @property
    def obstacle(self) -> str:
        """Say why the chosen project cannot be used; empty where it can."""
        if self.is_new:
            return "" if self.name_field.text().strip() else "The new project needs a name."
        row = self._row
        return "Choose a project." if row is None else row.obstacle

    @property
    def options(self) -> Options:
        """Give how the project is read."""
        return Options(unit=str(self.unit_box.value), member=str(self.member_box.value or ""))

    @property
    def _value(self) -> object:
        index = self.table.currentIndex()
        return index.siblingAtColumn(0).data(VALUE) if index.isValid() else None

    @property
    def _row(self) -> ProjectRow | None:
        value = self._value
        return self._rows[value] if isinstance(value, int) else None

    # ------------------------------------------------------------------ showing

    def show_projects(self, rows: Sequence[ProjectRow]) -> None:
        """Show the projects of an account; the one that is linked with this project is chosen."""
        self._rows = sorted(rows, key=lambda row: (not row.is_linked, bool(row.obstacle)))
        model = QStandardItemModel(0, 4, self)
        model.setHorizontalHeaderLabels(["Project", "Documents", "Holds", "Annotations"])
        for number, row in enumerate(self._rows):
            model.appendRow(_cells(row, number))
        if self._may_make:
            model.appendRow(
                [cell("A new project …", icon="plus:dim", value=NEW), cell(""), cell(""), cell("")]
            )
        self.table.show_model(model, widths=(0, 90, 150, 150))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._on_chosen())
        self._fit_table()
        usable = [number for number, row in enumerate(self._rows) if not row.obstacle]
        first = usable[0] if usable else model.rowCount() - 1
        if first >= 0:
            self.table.setCurrentIndex(model.index(first, 0))
        self._on_chosen()

    def show_details(self, project: RemoteProject, details: Details) -> None:
        """Show what a project holds, unless another was chosen meanwhile."""
        row = self._row
        if row is None or row.project.id != project.id:
            return
        names = {kind: [each.name for each in details.types if each.kind is kind] for kind in TypeKind}
        told = [
            f"{counted(len(found), word)}: {listed(found, limit=8)}."
            for kind, word in ((TypeKind.SPAN, "label"), (TypeKind.RELATION, "relation type"))
            if (found := names[kind])
        ]
        self._details.setText(" ".join(told) or "It has no labels yet.")
        others = [Choice(name, name) for name in details.members[1:]]
        self.member_box.offer(
            [Choice("", f"Mine ({details.members[0]})" if details.members else "Mine"), *others]
        )
        self._member.setVisible(not project.is_shared and bool(others))

    def _on_chosen(self) -> None:
        row = self._row
        self._new_fields.setVisible(self.is_new)
        self._member.hide()
        self.member_box.offer([Choice("", "Mine")])
        if row is None:
            self._details.setText("")
        elif row.obstacle:
            self._details.setText(row.obstacle)
        else:
            self._details.setText("Asking for its labels …")
            self.details_wanted.emit(row.project)
        self._details.setVisible(bool(self._details.text()))
        self.chosen.emit()

    def _fit_table(self) -> None:
        row = theme_hub().px(34)
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(head + row * max(2, min(self.table.model().rowCount(), _ROWS)) + 2)


def _cells(row: ProjectRow, number: int) -> list[QStandardItem]:
    project, token = row.project, "off_word" if row.obstacle else ""
    holds = "spans and relations" if project.has_relations else "spans" if project.holds_spans else "no spans"
    first = cell(
        project.name,
        token=token,
        icon="refresh:accent" if row.is_linked else "",
        value=number,
        tip=project.description,
    )
    return [
        first,
        cell(f"{row.documents:,}", token=token or "dim", right=True),
        cell(holds, token=token or "dim"),
        cell("shared by all" if project.is_shared else "each their own", token=token or "dim"),
    ]
