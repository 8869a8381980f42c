"""The fields of the export dialog: which documents and parts go out, how they are laid out, and where to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from annotator.ui.dialogs.format_details import FormatDetails
from annotator.ui.dialogs.parts import add_browse
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.dialogs.words import file_stem, path_of, path_words
from annotator.ui.widgets import FormField
from annotator.workflows.exporting import ALL, EACH, ExportOptions, FormatInfo, suffix_for
from annotator.workflows.parting import fields_for
from annotator.workflows.session import Session
from annotator.workflows.tokenizers import tokenizers_for

_LAYOUTS = (
    Choice("auto", "Chosen by the spans"),
    Choice("ents", "doc.ents: no overlaps"),
    Choice("spans", 'doc.spans["sc"]: for a spancat'),
    Choice("both", "Both, overlaps in doc.spans"),
)
_PARTS = (
    Choice(ALL, "All together"),
    Choice(EACH, "Apart: train, dev, test"),
    *(Choice(part, f"Only {part}") for part in ("train", "dev", "test")),
)


class ExportFields(QWidget):
    """What is chosen for an export; `chosen()` and `place_edited()` when a person changes something.

    The place is named by the fields themselves until somebody writes one.
    """

    chosen = Signal()
    place_edited = Signal()

    def __init__(self, session: Session, shown: FormatInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._format = session, shown
        self._places_itself = True
        self.documents_box, self.parts_box = ChoiceBox(document_choices(session)), ChoiceBox(_PARTS)
        self.layout_box, self.group_box = ChoiceBox(_LAYOUTS), ChoiceBox(group_choices(session))
        self.place_field = QLineEdit()
        add_browse(self.place_field, "Choose the place", self._browse)
        self._layout_field = FormField("Spans go to", self.layout_box)
        self._parts_field = FormField("Parts", self.parts_box)
        self._group_field = FormField("Kept in one part", self.group_box)
        offered = [Choice(each.name, each.title) for each in tokenizers_for(session)]
        self.details = FormatDetails(offers={"tokenizers": offered})
        self.details.changed.connect(self.chosen)
        first = [FormField("Documents", self.documents_box), self._parts_field]
        second = [FormField("Into", self.place_field), self._layout_field, self._group_field]
        for box in (self.documents_box, self.parts_box, self.layout_box, self.group_box):
            box.activated.connect(self.chosen)
        self.place_field.textEdited.connect(self._on_place_edited)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(RowOfFields(first, narrowest=190))
        column.addWidget(RowOfFields(second, narrowest=190))
        column.addWidget(self.details)

    @property
    def options(self) -> ExportOptions:
        """Give what was chosen."""
        return ExportOptions(
            format=self._format.name,
            layout=str(self.layout_box.value) if self._format.has_layout else "auto",
            documents=str(self.documents_box.value),
            part=self._part,
            group_by=str(self.group_box.value),
            details=self.details.values,
        )

    @property
    def target(self) -> Path:
        """Give the file, or with a file for each part the folder, that is written."""
        return path_of(self.place_field.text())

    @property
    def written_place(self) -> str:
        """Give the place as a person wrote it; empty where the fields named it themselves."""
        return "" if self._places_itself else self.place_field.text()

    @property
    def _part(self) -> str:
        return ALL if self._format.divides else str(self.parts_box.value)

    def show_format(self, shown: FormatInfo) -> None:
        """Show the fields that belong to a format, its own options at their defaults."""
        self._format = shown
        self._layout_field.setVisible(shown.has_layout)
        self._parts_field.setVisible(not shown.divides)
        self.details.show_options(shown.details)
        self.refresh()

    def refresh(self) -> None:
        """Show what follows from what is chosen: whether parts matter, and the place."""
        self._group_field.setVisible(self._format.divides or self._part != ALL)
        if not self._places_itself:
            return
        stem = file_stem(self._session.name)
        more = f"-{self._part}" if self._part in {"train", "dev", "test"} else ""
        self.place_field.setText(
            path_words(self._session.path.parent / f"{stem}{more}{suffix_for(self.options)}")
        )
        self.place_field.setCursorPosition(0)

    def choose(self, told: Mapping[str, Any]) -> None:
        """Take choices by the names of `ExportOptions`; the format is chosen beforehand."""
        self.documents_box.choose(told.get("documents", "done"))
        self.parts_box.choose(told.get("part", ALL))
        self.layout_box.choose(told.get("layout", "auto"))
        self.group_box.choose(told.get("group_by", ""))
        details = told.get("details")
        self.details.choose(details if isinstance(details, dict) else {})
        self.refresh()

    def write_place(self, place: str) -> None:
        """Take a place that a person once wrote; empty lets the fields name it."""
        self._places_itself = not place
        self.place_field.setText(place)

    def _on_place_edited(self, _text: str) -> None:
        self._places_itself = False
        self.place_edited.emit()

    def _browse(self) -> None:
        if self._part == EACH:
            name = QFileDialog.getExistingDirectory(self, "Export into", str(self.target.parent))
        else:
            name, _ = QFileDialog.getSaveFileName(
                self, "Export into", str(self.target), options=QFileDialog.Option.DontConfirmOverwrite
            )
        if name:
            self.place_field.setText(path_words(Path(name)))
            self._on_place_edited(name)


def document_choices(session: Session) -> list[Choice]:
    """Offer documents by how far they are: done, begun too, all."""
    counts = session.counts()
    begun = counts.done + counts.in_progress
    return [
        Choice("done", f"Done: {counts.done:,} of {counts.all:,}"),
        Choice("decided", f"Begun too, as unfinished: {begun:,}"),
        Choice("all", f"All: {counts.all:,}"),
    ]


def group_choices(session: Session) -> list[Choice]:
    """Offer the fields by which documents are kept in one part; empty for none."""
    return [Choice("", "Each document by itself"), *(Choice(each, each) for each in fields_for(session))]
