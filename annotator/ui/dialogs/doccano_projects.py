"""Which project of the server: the second page of the doccano dialog."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.parts import add_browse, while_alive
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.tables import VALUE, Choice, ChoiceBox, PlainTable, cell
from annotator.ui.dialogs.words import file_stem, listed, path_of, path_words
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import CheckCard, FormField, make_label
from annotator.workflows import doccano
from annotator.workflows.doccano import (
    ASKED_SINGLY,
    Details,
    Options,
    ProjectRow,
    Remote,
    RemoteProject,
    TypeKind,
)

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

    Args:
        name: of the open project, which a new one on the server may get; None where a chosen one is brought into a new
            file, whose place is asked for.

    Signals: `chosen()` when another is chosen; `grown()` when more is shown of it; `failed(object)` with why not.
    """

    chosen = Signal()
    grown = Signal()
    failed = Signal(object)

    def __init__(self, run: RunJob, parent: QWidget | None = None, *, name: str | None) -> None:
        super().__init__(parent)
        self._run = run
        self._may_make = name is not None
        self._remote: Remote | None = None
        self._rows: list[ProjectRow] = []
        self.table = PlainTable("Projects of the server", row_height=34)
        self._details = make_label("", "dim", wrap=True)
        self.name_field = QLineEdit(name or "")
        self.name_field.textEdited.connect(self.chosen)
        self.shared_card = CheckCard(
            "All members work on the same annotations",
            "Otherwise each member has their own. doccano cannot change that later.",
        )
        self.shared_card.setChecked(True)
        self.unit_box = ChoiceBox(_UNITS)
        self.member_box = ChoiceBox([Choice("", "Mine")])
        self.makers_card = CheckCard(
            "Ask who made what in every document",
            f"Otherwise only where at most {ASKED_SINGLY:,} come: each takes the server a call of its own.",
        )
        self.place_field = QLineEdit()
        self.place_field.textEdited.connect(self.chosen)
        add_browse(self.place_field, "Choose the project file", self._browse)
        self._place = FormField("Project file", self.place_field)
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
        for each in (
            self.table,
            self._details,
            self._new_fields,
            self._how,
            self.makers_card,
            self._place,
        ):
            column.addWidget(each)
        column.addStretch(1)
        self._place.setVisible(not self._may_make)
        self._new_fields.hide()
        self._member.hide()
        self.makers_card.hide()
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
        if row is None or row.obstacle:
            return "Choose a project." if row is None else row.obstacle
        needs_place = not self._may_make and not self.place_field.text().strip()
        return "The new project needs a file." if needs_place else ""

    @property
    def place(self) -> Path:
        """Give where the new file is wanted."""
        return path_of(self.place_field.text())

    @property
    def options(self) -> Options:
        """Give how the project is read."""
        return Options(
            unit=str(self.unit_box.value),
            member=str(self.member_box.value or ""),
            makers=self.makers_card.isChecked() and not self.makers_card.isHidden(),
        )

    @property
    def _value(self) -> object:
        index = self.table.currentIndex()
        return index.siblingAtColumn(0).data(VALUE) if index.isValid() else None

    @property
    def _row(self) -> ProjectRow | None:
        value = self._value
        return self._rows[value] if isinstance(value, int) else None

    # ------------------------------------------------------------------ showing

    def show_made(self, project: RemoteProject) -> None:
        """Show one that was made meanwhile beside the others, and choose it, so that nobody makes it again."""
        assert self._remote is not None, "whoever makes projects is signed in"
        made = ProjectRow(project=project, documents=0, is_linked=False)
        self.show_projects(self._remote, [*self._rows, made], chosen=project)

    def show_projects(
        self, remote: Remote, rows: Sequence[ProjectRow], *, chosen: RemoteProject | None = None
    ) -> None:
        """Show the projects of an account and choose one, else the one that is linked with this project."""
        self._remote = remote
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
        usable = [number for number in usable if self._rows[number].project == chosen] or usable
        first = usable[0] if usable else model.rowCount() - 1
        if first >= 0:
            self.table.setCurrentIndex(model.index(first, 0))
        self._on_chosen()

    def _ask(self, project: RemoteProject) -> None:
        """Ask what a project holds, and propose a place for it."""
        remote = self._remote
        assert remote is not None, "whoever shows projects is signed in"
        if not self._may_make:
            self.place_field.setText(path_words(Path.home() / f"{file_stem(project.name)}.annot"))
        job = self._run(
            f"Asking what {project.name} holds", lambda report: doccano.details_of(remote, project, report)
        )
        job.finished.connect(while_alive(self, lambda details: self._show_details(project, details)))
        job.failed.connect(while_alive(self, self._on_failed))

    def _on_failed(self, error: object) -> None:
        if self.isVisible():
            self.failed.emit(error)

    def _show_details(self, project: RemoteProject, details: Details) -> None:
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
        self.grown.emit()

    def _browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "The new project", str(self.place), "Projects (*.annot)")
        if name:
            self.place_field.setText(path_words(Path(name)))
            self.chosen.emit()

    def _on_chosen(self) -> None:
        row = self._row
        is_large = row is not None and row.project.is_shared and row.documents > ASKED_SINGLY
        self.makers_card.setVisible(is_large)
        self._new_fields.setVisible(self.is_new)
        self._member.hide()
        self.member_box.offer([Choice("", "Mine")])
        if row is None:
            self._details.setText("")
        elif row.obstacle:
            self._details.setText(row.obstacle)
        else:
            self._details.setText("Asking for its labels …")
            self._ask(row.project)
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
