"""What a person chooses for backups, as a part of the settings. Each choice is kept at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from annotator.model.errors import UserError
from annotator.ui.dialogs.parts import add_browse
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.dialogs.words import path_of, path_words
from annotator.ui.widgets import CheckCard, FormField
from annotator.workflows.backups import BackupSettings, backup_settings, keep_backup_settings, own_place

_DAYS = (3, 7, 14, 30, 90)
_MEGABYTES = (200, 500, 1_000, 2_000, 5_000, 10_000, 50_000)


class BackupFields(QObject):
    """The rows, for a dialog to put under each other; `failed(UserError)` where a choice could not be kept."""

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        now = backup_settings()
        self.on_card = CheckCard(
            "Backups by themselves", "each day you work on a project, and when you close it after changes"
        )
        self.on_card.setChecked(now.on)
        self.folder_field = QLineEdit("" if not now.folder else path_words(Path(now.folder)))
        self.folder_field.setPlaceholderText(path_words(own_place()))
        add_browse(self.folder_field, "Choose the folder", self._choose_folder)
        self._folder = FormField("Folder", self.folder_field, hint="Another disk is safer than this one.")
        self.days_box = ChoiceBox(
            [Choice(days, f"{days} days of work") for days in sorted({*_DAYS, now.days})]
        )
        self.days_box.choose(now.days)
        sizes = sorted({*_MEGABYTES, now.megabytes})
        self.size_box = ChoiceBox([Choice(size, _size_words(size)) for size in sizes])
        self.size_box.choose(now.megabytes)
        fields = [FormField("Keep the last", self.days_box), FormField("At most, a project", self.size_box)]
        self.rows: tuple[QWidget, ...] = (self.on_card, self._folder, RowOfFields(fields, narrowest=200))
        self.on_card.clicked.connect(lambda on: self._keep(replace(backup_settings(), on=on)))
        self.days_box.activated.connect(lambda _index: self._keep_numbers())
        self.size_box.activated.connect(lambda _index: self._keep_numbers())
        self.folder_field.editingFinished.connect(self._keep_folder)

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self.folder_field, "Backups go to", self.folder_field.text())
        if name:
            self.folder_field.setText(path_words(Path(name)))
            self._keep_folder()

    def _keep_folder(self) -> None:
        words = self.folder_field.text().strip()
        folder = path_of(words) if words else None
        is_wrong = folder is not None and not (folder.is_absolute() and folder.is_dir())
        self._folder.set_fault("There is no such folder. Backups go where they went." if is_wrong else "")
        if not is_wrong:
            self._keep(replace(backup_settings(), folder="" if folder is None else str(folder)))

    def _keep_numbers(self) -> None:
        days, size = self.days_box.value, self.size_box.value
        if isinstance(days, int) and isinstance(size, int):
            self._keep(replace(backup_settings(), days=days, megabytes=size))

    def _keep(self, settings: BackupSettings) -> None:
        try:
            keep_backup_settings(settings)
        except UserError as error:
            self.failed.emit(error)


def _size_words(megabytes: int) -> str:
    return f"{megabytes:,} MB" if megabytes < 1_000 else f"{megabytes / 1_000:g} GB"
