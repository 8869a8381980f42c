"""The backups of a project: when, how large, why, and two ways back: open one as a copy, or put it back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QStandardItemModel
from PySide6.QtWidgets import QWidget

from annotator.model.errors import Cancelled, UserError
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.parts import while_alive
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.tables import VALUE, PlainTable, cell
from annotator.ui.dialogs.words import moment_words, path_words, size_words
from annotator.ui.widgets import Button, EmptyState, ThinProgress
from annotator.workflows.backups import Backup, backup_root, list_backups, make_backup, why_not_open
from annotator.workflows.reporting import Report

_REASONS = {
    "": "by itself",
    "asked for": "asked for",
    "before update": "before an update of the program",
    "before putting back": "before another was put back",
}


class BackupsDialog(DialogFrame):
    """`copy_wanted(Backup)` and `put_back_wanted(Backup)`; the list is read, and a backup made, in jobs.

    Args:
        path: the project. is_held: another window writes in it, so that nothing can be put back.
    """

    copy_wanted = Signal(object)
    put_back_wanted = Signal(object)

    def __init__(
        self, path: Path, run: RunJob, *, is_held: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Backups",
            parent,
            subtitle=f"{path.name} · in {path_words(backup_root())}",
            width=720,
            height=460,
            scrolls=False,
        )
        self._path, self._run, self._is_held = path, run, is_held
        self._backups: list[Backup] = []
        self._faults: dict[Path, str] = {}
        self._model = QStandardItemModel(0, 3, self)
        self.table = PlainTable("Backups, newest first", row_height=32)
        self.table.setProperty("keeps_choice", True)
        self.empty = EmptyState(
            "clock",
            "No backups yet",
            "One is made by itself each day you work, and after changes.",
        )
        self.progress = ThinProgress(name="Making a backup")
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.empty, 1)
        self._add_buttons()
        self._show()
        self._read()

    def _add_buttons(self) -> None:
        self.folder_button = Button("Show the folder", kind="quiet")
        self.folder_button.clicked.connect(self._show_folder)
        self.add_to_foot(self.folder_button)
        self.now_button = self.add_button("Back up now")
        self.now_button.setToolTip("Make a backup of the project as it is")
        self.copy_button = self.add_button("Open as a copy …")
        self.copy_button.setToolTip("Make a project of its own of the backup; this one stays")
        self.back_button = self.add_button("Put back")
        self.close_button = self.add_button("Close", kind="primary")
        self.now_button.clicked.connect(self._back_up)
        self.copy_button.clicked.connect(lambda: self._answer(self.copy_wanted))
        self.back_button.clicked.connect(lambda: self._answer(self.put_back_wanted))
        self.close_button.clicked.connect(self.accept)

    # ------------------------------------------------------------------ jobs

    def _read(self) -> None:
        job = self._run("Looking for backups", partial(_listed, self._path))
        job.finished.connect(while_alive(self, self._on_read))

    def _on_read(self, found: object) -> None:
        if isinstance(found, dict):
            self._backups = list(found)
            self._faults = {backup.path: fault for backup, fault in found.items() if fault}
            self._show()

    def _back_up(self) -> None:
        self.now_button.setEnabled(False)
        self.set_fault("")
        self.progress.show()
        job = self._run("Making a backup", partial(_made, self._path))
        job.progress.connect(while_alive(self, self._on_progress))
        job.failed.connect(while_alive(self, self._on_failed))
        job.ended.connect(while_alive(self, self._on_ended))

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        self.progress.set_progress(done, total)

    def _on_failed(self, error: object) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.set_fault(error)

    def _on_ended(self) -> None:
        self.progress.hide()
        self.now_button.setEnabled(True)
        self._read()

    # ------------------------------------------------------------------ what is seen

    def _show(self) -> None:
        chosen = self._chosen()
        self._model.clear()
        self._model.setHorizontalHeaderLabels(["When", "Why", "Size"])
        for backup in self._backups:
            fault = self._faults.get(backup.path, "")
            why = "cannot be opened" if fault else _REASONS[backup.reason]
            tip = fault or path_words(backup.path)
            token = "warn" if fault else "dim"
            self._model.appendRow(
                [
                    cell(
                        moment_words(backup.at),
                        icon="warning:warn" if fault else "clock:dim",
                        value=backup,
                        tip=tip,
                    ),
                    cell(why, token=token, tip=tip),
                    cell(size_words(backup.size), token="dim", right=True),
                ]
            )
        self.table.show_model(self._model, widths=(220, 0, 90))
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_buttons())
        if self._backups:
            row = next((number for number, each in enumerate(self._backups) if each == chosen), 0)
            self.table.selectRow(row)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.setVisible(bool(self._backups))
        self.empty.setVisible(not self._backups)
        self._show_buttons()

    def _show_buttons(self) -> None:
        backup = self._chosen()
        can_open = backup is not None and backup.path not in self._faults
        self.copy_button.setEnabled(can_open)
        self.back_button.setEnabled(can_open and not self._is_held)
        self.back_button.setToolTip(
            "Another window writes in the project: put it back there"
            if self._is_held
            else "Let the project be as it was; what it is now is kept as a backup, too"
        )
        total = sum(each.size for each in self._backups)
        count = counted(len(self._backups), "backup")
        self.set_note(f"{count}, {size_words(total)}" if self._backups else "")

    def _chosen(self) -> Backup | None:
        index: QModelIndex = self.table.currentIndex()
        found = index.siblingAtColumn(0).data(VALUE) if index.isValid() else None
        return found if isinstance(found, Backup) else None

    def _answer(self, wanted: object) -> None:
        backup = self._chosen()
        if backup is not None:
            self.accept()
            wanted.emit(backup)  # type: ignore[attr-defined]

    def _show_folder(self) -> None:
        folder = self._backups[0].path.parent if self._backups else backup_root()
        if folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            self.set_note(f"There is no folder yet: {path_words(folder)}")


def _listed(path: Path, report: Report) -> dict[Backup, str]:
    """List backups with what is wrong with each; runs in a thread of its own."""
    found = list_backups(path)
    checked = {}
    for number, backup in enumerate(found):
        report(number, len(found), "Looking for backups")
        checked[backup] = why_not_open(backup)
    return checked


def _made(path: Path, report: Report) -> Backup:
    return make_backup(path, report, asked=True)
