"""The dialog that exports a copy of the project: whole, or clean for strangers; and where it went."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from annotator.model.errors import Cancelled, UserError
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.parts import add_browse, while_alive
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.words import path_of, path_words, size_words
from annotator.ui.jobs import Job
from annotator.ui.widgets import Button, FormField, RadioCard, ThinProgress, make_label
from annotator.workflows.copying import copy_project, free_name
from annotator.workflows.reporting import Report

_GOES = (
    "the journal: who did what and when, and undo",
    "what was rejected, and documents that were removed",
    "paths, file names and the folder of the pipeline",
    "names of annotators: they are annotator-1, annotator-2, …",
)


class CopyDialog(DialogFrame):
    """Chooses, copies in a job, and says where the copy is.

    Args:
        path: the project. folder: where the copy is offered to go.
    """

    def __init__(self, path: Path, run: RunJob, *, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__("Export a copy", parent, subtitle=path.name, width=560, height=0)
        self._path, self._run, self._folder = path, run, folder
        self._job: Job | None = None
        self._places_itself = True
        self.made: Path | None = None
        self.whole_card = RadioCard("Whole", "Everything, as it is now. You can go on working.")
        self.clean_card = RadioCard(
            "Clean, for strangers", "Texts, labels, relations, notes and open candidates."
        )
        self.whole_card.setChecked(True)
        self._goes_head = make_label("What a clean copy leaves behind", "section")
        self._goes = [make_label(f"–  {words}") for words in _GOES]
        self.place_field = QLineEdit()
        add_browse(self.place_field, "Choose the place", self._choose_place)
        self._place = FormField("Into", self.place_field)
        self.progress = ThinProgress(name="Copying")
        self.progress.hide()
        for widget in (
            self.whole_card,
            self.clean_card,
            self._goes_head,
            *self._goes,
            self._place,
            self.progress,
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self._add_buttons()
        for card in (self.whole_card, self.clean_card):
            card.clicked.connect(lambda _checked=False: self._show())
        self.place_field.textEdited.connect(self._on_place_edited)
        self._show()
        self.whole_card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_buttons(self) -> None:
        self.folder_button = Button("Show in its folder", kind="quiet")
        self.folder_button.clicked.connect(self._show_folder)
        self.folder_button.hide()
        self.add_to_foot(self.folder_button)
        self.cancel_button = self.add_cancel()
        self.copy_button = self.add_button("Copy", kind="primary", key="Return")
        self.copy_button.clicked.connect(self._go_on)

    @property
    def is_clean(self) -> bool:
        """Tell whether a copy for strangers is wanted."""
        return self.clean_card.isChecked()

    def _show(self) -> None:
        for widget in (self._goes_head, *self._goes):
            widget.setVisible(self.is_clean)
        if self._places_itself:
            addition = "clean copy" if self.is_clean else "copy"
            self.place_field.setText(
                path_words(free_name(self._path, addition=addition, folder=self._folder))
            )
        self.fit()

    def _on_place_edited(self, text: str) -> None:
        self._places_itself = False
        self.set_fault("")
        self.copy_button.setEnabled(bool(text.strip()))

    def _choose_place(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self,
            "Export a copy",
            str(path_of(self.place_field.text())),
            "Projects (*.annot)",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self.place_field.setText(path_words(Path(name)))
            self._on_place_edited(name)

    # ------------------------------------------------------------------ copying

    def _go_on(self) -> None:
        if self.made is not None:
            self.accept()
            return
        self.set_fault("")
        self.copy_button.setEnabled(False)
        self.progress.show()
        work = partial(_copied, self._path, path_of(self.place_field.text()), self.is_clean)
        self._job = job = self._run("Copying", work)
        job.progress.connect(while_alive(self, self._on_progress))
        job.finished.connect(while_alive(self, self._on_made))
        job.failed.connect(while_alive(self, self._on_failed))
        job.ended.connect(while_alive(self, self._on_ended))

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        self.progress.set_progress(done, total)

    def _on_made(self, made: object) -> None:
        if isinstance(made, Path):
            self.made = made
            for widget in (self.whole_card, self.clean_card, self._place):
                widget.setEnabled(False)
            self.set_note(f"Copied and checked: {size_words(made.stat().st_size)}.", token="good")
            self.copy_button.setText("Close")
            self.cancel_button.hide()
            self.folder_button.show()

    def _on_failed(self, error: object) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.set_fault(error)
            self.fit()

    def _on_ended(self) -> None:
        self._job = None
        self.progress.hide()
        self.copy_button.setEnabled(True)

    def done(self, result: int) -> None:
        """Close; a copy that is being made is stopped, and nothing of it stays."""
        if self._job is not None:
            self._job.cancel()
        super().done(result)

    def _show_folder(self) -> None:
        if self.made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.made.parent)))


def _copied(path: Path, target: Path, clean: bool, report: Report) -> Path:  # noqa: FBT001 - handed on by `partial`
    return copy_project(path, target, clean=clean, report=report)
