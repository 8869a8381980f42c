"""The step of a new project that settles its types: a preset, what the files bring, a file, or nothing yet."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.errors import UserError
from annotator.model.schema import Schema
from annotator.model.wording import counted
from annotator.ui.dialogs.key_cells import KeyCells
from annotator.ui.dialogs.project_plan import with_types
from annotator.ui.dialogs.sources import Totals
from annotator.ui.dialogs.tables import PlainTable, cell
from annotator.ui.dialogs.words import listed
from annotator.ui.widgets import Hairline, RadioCard, Strip, make_label
from annotator.workflows.projects import load_schema, preset_schemas

_NO_TOTALS = Totals(0, 0, 0, {}, {})
FILES, FILE, EMPTY = "files", "file", "empty"


class SchemaStep(QWidget):
    """Four ways to begin, and the table of types that come of it. `changed()` when the types are others."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._totals = _NO_TOTALS
        self._presets = dict(preset_schemas())
        self._from_file: Schema | None = None
        self._file = ""
        self._choice = next(iter(self._presets), EMPTY)
        self._was_touched = False
        self.cards: dict[str, RadioCard] = {}
        self._build()
        self._show()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        heads = {name: f"Preset: {name}" for name in self._presets}
        heads |= {FILES: "What the files bring", FILE: "From a file …", EMPTY: "Start empty"}
        for number, (name, head) in enumerate(heads.items()):
            card = RadioCard(head, " ", is_framed=False)
            card.clicked.connect(lambda _checked=False, chosen=name: self._on_clicked(chosen))
            self.cards[name] = card
            grid.addWidget(card, number // 2, number % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._fault = Strip("", tone="bad")
        self._fault.hide()
        self._head = make_label("Entity types", "section")
        self._note = make_label("", "dim")
        heads_row = QHBoxLayout()
        heads_row.addWidget(self._head, 1)
        heads_row.addWidget(self._note)
        self._model = QStandardItemModel(0, 4, self)
        self.table = PlainTable("Types", row_height=29)
        self.table.setItemDelegateForColumn(0, KeyCells(self.table))
        self.table.show_model(self._model, widths=(44, 150, 0, 90))
        self._nothing = make_label("", "dim", wrap=True)
        self._relations = make_label("", "dim", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(grid)
        column.addWidget(self._fault)
        column.addWidget(Hairline())
        column.addLayout(heads_row)
        column.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.table, 1)
        column.addWidget(self._relations)

    @property
    def schema(self) -> Schema:
        """Give the types that were settled; those that the files bring are among them in any case."""
        return with_types(self._base(), self._totals.labels, self._totals.relation_labels)

    def set_totals(self, totals: Totals) -> None:
        """Hear what the files hold."""
        self._totals = totals
        first = next(iter(self._presets), EMPTY)
        # Whoever brings labels of their own most likely wants those; a preset is for plain texts, and for files whose
        # labels it explains.
        if not self._was_touched:
            preset = self._presets.get(first, Schema())
            own = [name for name in totals.labels if preset.entity(name) is None]
            self._choice = FILES if own else first
        elif self._choice == FILES and not totals.labels:
            self._choice = first
        self._show()

    def choose(self, choice: str) -> None:
        """Begin with a preset by name, `files`, `file` (once one was read) or `empty`."""
        self._choice = choice
        self._was_touched = True
        self._show()

    def read_file(self, path: Path) -> None:
        """Take the types from a schema file; what is wrong with it is said here."""
        try:
            self._from_file = load_schema(str(path))
        except UserError as error:
            self._fault.set_message(str(error))
            self._fault.show()
            self._show()
            return
        self._file = path.name
        self.choose(FILE)

    def _on_clicked(self, choice: str) -> None:
        self._fault.hide()
        if choice != FILE:
            self.choose(choice)
            return
        name, _ = QFileDialog.getOpenFileName(
            self, "Take the types from", filter="Schemas (*.toml);;All files (*)"
        )
        if name:
            self.read_file(Path(name))
        elif self._from_file is not None:
            self.choose(FILE)
        else:
            self._show()

    def _base(self) -> Schema:
        if self._choice == FILE and self._from_file is not None:
            return self._from_file
        return self._presets.get(self._choice, Schema())

    def _show(self) -> None:
        for name, preset in self._presets.items():
            types = counted(len(preset.entities), "entity type")
            links = counted(len(preset.relations), "relation type")
            self.cards[name].set_words(f"Preset: {name}", f"{types}, {links}")
        labels = [*self._totals.labels]
        brought = listed(labels)
        if self._totals.relation_labels:
            brought += f"; {counted(len(self._totals.relation_labels), 'relation type')}"
        self.cards[FILES].set_words("What the files bring", brought or "there are no labels in them")
        self.cards[FILES].setEnabled(bool(labels))
        self.cards[FILE].set_words("From a file …", self._file or "a schema in TOML")
        self.cards[EMPTY].set_words("Start empty", "add types as you read")
        for name, card in self.cards.items():
            card.setChecked(name == self._choice)
        self._show_types()
        self.changed.emit()

    def _show_types(self) -> None:
        schema, base = self.schema, self._base()
        has_files = bool(self._totals.labels)
        self._model.clear()
        self._model.setHorizontalHeaderLabels(["Key", "Type", "What it is", "In your files"])
        for each in schema.entities:
            count = self._totals.labels.get(each.name, 0)
            told = each.summary or ("comes with your files" if base.entity(each.name) is None else "")
            self._model.appendRow(
                [
                    cell(each.shortcut),
                    cell(each.shown or each.name, chip=each.color),
                    cell(told, token="dim", tip=told),
                    cell(f"{count:,}" if count else "new", right=True, token="ink" if count else "faint"),
                ]
            )
        head = self._model.horizontalHeaderItem(3)
        if head is not None:
            head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.show_model(self._model, widths=(44, 150, 0, 90))
        self.table.setColumnHidden(3, not has_files)
        self.table.setVisible(bool(schema.entities))
        self._nothing.setText(
            "No types yet. You add them beside the article, or on the page of the schema."
            if not schema.entities
            else ""
        )
        self._nothing.setVisible(not schema.entities)
        joined = has_files and self._choice != FILES and base.entities
        self._note.setText(
            "same names are joined; all can be changed later" if joined else "all can be changed later"
        )
        names = ", ".join(each.name for each in schema.relations)
        self._relations.setText(f"Relation types: {names}")
        self._relations.setVisible(bool(names))
