"""The fields of the training dialog: which documents, what is learnt, what is kept together, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from annotator.ui.dialogs.export_fields import document_choices, group_choices
from annotator.ui.dialogs.parts import add_browse
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.dialogs.words import file_stem, path_of, path_words
from annotator.ui.widgets import FormField
from annotator.workflows.session import Session
from annotator.workflows.training import TrainOptions

_LAYOUTS = (
    Choice("auto", "Chosen by the spans"),
    Choice("ents", "Entities (ner)"),
    Choice("spans", "Spans that overlap (spancat)"),
    Choice("both", "Both"),
)


class TrainingFields(QWidget):
    """What is chosen for a training; `chosen()` when a person changes something."""

    chosen = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.documents_box = ChoiceBox([each for each in document_choices(session) if each.value != "all"])
        self.layout_box = ChoiceBox(_LAYOUTS)
        self.group_box = ChoiceBox(group_choices(session))
        self.place_field = QLineEdit()
        add_browse(self.place_field, "Choose the folder", self._browse)
        self.place_field.setText(path_words(session.path.parent / f"{file_stem(session.name)}-pipeline"))
        self.place_field.setCursorPosition(0)
        self.place_field.textEdited.connect(self.chosen)
        for box in (self.documents_box, self.layout_box, self.group_box):
            box.activated.connect(self.chosen)
        first = [FormField("Documents", self.documents_box), FormField("What is learnt", self.layout_box)]
        second = [
            FormField("Into the folder", self.place_field),
            FormField("Kept in one part", self.group_box),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(RowOfFields(first, narrowest=190))
        column.addWidget(RowOfFields(second, narrowest=190))

    @property
    def options(self) -> TrainOptions:
        """Give what was chosen."""
        return TrainOptions(
            layout=str(self.layout_box.value),
            documents=str(self.documents_box.value),
            group_by=str(self.group_box.value),
        )

    @property
    def target(self) -> Path:
        """Give the folder of the pipeline."""
        return path_of(self.place_field.text())

    def _browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Train into the folder", str(self.target), options=QFileDialog.Option.DontConfirmOverwrite
        )
        if name:
            self.place_field.setText(path_words(Path(name)))
            self.chosen.emit()
