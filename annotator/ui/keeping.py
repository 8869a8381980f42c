"""Copies and backups of the open project: made in jobs, so that the window never waits for a disk."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from annotator.model.errors import Cancelled, UserError
from annotator.ui.dialogs.words import moment_words, path_words
from annotator.ui.jobs import Job
from annotator.ui.strips import Answer, make_strip
from annotator.workflows.backups import (
    AT_CLOSING,
    AT_OPENING,
    AT_WORK,
    Backup,
    copy_backup,
    is_due,
    list_backups,
    make_backup,
    put_back,
)
from annotator.workflows.copying import copy_project, free_name
from annotator.workflows.reporting import Report

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

STRIP = "backup"
_BEGIN = 5_000
"""Milliseconds after opening: the first look at the project comes before its backup."""
_EVERY = 10 * 60_000
_PATIENCE = 10.0
"""Seconds that quitting waits, without a window, for the last backup."""


class Keeping(QObject):
    """Makes copies and backups, by itself and when asked."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._running: Job | None = None
        self._told: set[str] = set()
        self._age = AT_OPENING
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_time)

    # ------------------------------------------------------------------ backups by themselves

    def begin(self) -> None:
        """Look now and then whether a backup of the open project is due."""
        if self._is_picture:
            return
        self._age = AT_OPENING
        self._timer.start(_BEGIN)

    def end(self) -> None:
        """Look no more."""
        self._timer.stop()

    def after_closing(self, path: Path) -> None:
        """Make a backup of a project that was closed, if one is due."""
        if not self._is_picture:
            self._back_up(path, AT_CLOSING)

    def finish(self) -> None:
        """Wait for the last backup; the window is gone from the screen meanwhile."""
        end = QTimer()
        end.setSingleShot(True)
        end.start(round(_PATIENCE * 1000))
        while self._running is not None and end.isActive():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, 20)

    @property
    def _is_picture(self) -> bool:
        """Tell whether the window is only drawn, and nobody works in it."""
        return self._window.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)

    def _on_time(self) -> None:
        session = self._window.controller.session
        self._timer.start(_EVERY)
        if session is not None and not session.read_only:
            self._back_up(session.path, self._age)
            self._age = AT_WORK

    def _back_up(self, path: Path, age: float) -> None:
        if self._running is not None:
            return
        job = self._window.jobs.run("Making a backup", partial(_back_up_if_due, path, age))
        self._running = job
        job.failed.connect(self._on_backup_failed)
        job.ended.connect(self._on_backup_ended)

    def _on_backup_ended(self) -> None:
        self._running = None

    def _on_backup_failed(self, error: object) -> None:
        """Say it once, and let the person go on."""
        if isinstance(error, Cancelled) or not isinstance(error, UserError) or error.what in self._told:
            return
        self._told.add(error.what)
        window = self._window
        window.log.say(str(error), "refused")
        if window.controller.session is None:
            return
        strips = window.centre.strips

        def close() -> None:
            strips.take_down(STRIP)
            window.focus_article()

        strip = make_strip(
            str(error),
            Answer(text="Settings", run=window.places.show_settings),
            Answer(text="Close", run=close),
            tone="warn",
        )
        strips.show_strip(STRIP, strip)

    # ------------------------------------------------------------------ backups when asked

    def show_backups(self, path: Path | None = None, *, fault: UserError | None = None) -> None:
        """List the backups of a project, the open one if none is named, with the ways back."""
        from annotator.ui.dialogs.backups import BackupsDialog

        window = self._window
        session = window.controller.session
        if path is None and session is None:
            return
        place = path or (session.path if session is not None else Path())
        is_held = bool(session is not None and session.path == place and session.read_only and session.holder)
        dialog = BackupsDialog(place, window.jobs.run, is_held=is_held, parent=window)
        dialog.copy_wanted.connect(lambda backup: self.open_backup(place, backup))
        dialog.put_back_wanted.connect(lambda backup: self.put_back(place, backup))
        if fault is not None:
            dialog.set_fault(fault)
        window.places.open_dialog(dialog)

    def has_backups(self, path: Path) -> bool:
        """Tell whether there is a way back for a project that cannot be opened."""
        return path.suffix == ".annot" and bool(list_backups(path))

    def open_backup(self, path: Path, backup: Backup) -> None:
        """Ask where a backup is opened as a project of its own, and open it there."""
        day = moment_words(backup.at).replace(":", ".")
        target = self._ask_place("Open the backup as a copy", path, addition=f"of {day}")
        if target is not None:
            job = self._window.jobs.run("Copying", partial(_copy_backup, backup, target))
            self._open_when_made(job)

    def put_back(self, path: Path, backup: Backup) -> None:
        """Let a backup be the project from now on; it is closed meanwhile, and what it was is kept."""
        window = self._window
        window.projects.let_go(backs_up=False)
        job = window.jobs.run("Putting a backup back", partial(_put_back, path, backup, window.annotator))
        job.finished.connect(lambda kept: self._on_put_back(path, backup, kept))
        job.failed.connect(lambda error: self._on_put_back_failed(path, error))

    def _on_put_back(self, path: Path, backup: Backup, kept: object) -> None:
        window = self._window
        window.projects.open_path(path)
        words = f"The project is as it was: {moment_words(backup.at)}."
        words += " What it was before is among its backups." if isinstance(kept, Path) else ""
        window.log.say(words, "done")

    def _on_put_back_failed(self, path: Path, error: object) -> None:
        window = self._window
        if path.is_file():
            window.projects.open_path(path)
        else:
            window.show_welcome()
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            window.show_problem(error)

    # ------------------------------------------------------------------ copies

    def open_copy(self) -> None:
        """Ask where a copy of the open project goes, make it and open it."""
        session = self._window.controller.session
        if session is None:
            return
        target = self._ask_place("Open a copy", session.path)
        if target is not None:
            job = self._window.jobs.run("Copying", partial(_copy, session.path, target))
            self._open_when_made(job)

    def export_copy(self) -> None:
        """Ask for a copy of the open project, whole or clean."""
        from annotator.ui.dialogs.copying import CopyDialog

        window = self._window
        if window.controller.session is not None:
            session = window.controller.session
            dialog = CopyDialog(
                session.path, window.jobs.run, folder=_folder_for(session.path), parent=window
            )
            window.places.open_dialog(dialog)

    def _ask_place(self, title: str, path: Path, *, addition: str = "copy") -> Path | None:
        offered = free_name(path, addition=addition, folder=_folder_for(path))
        name, _ = QFileDialog.getSaveFileName(self._window, title, str(offered), "Projects (*.annot)")
        return Path(name) if name else None

    def _open_when_made(self, job: Job) -> None:
        window = self._window

        def opened(target: Path) -> None:
            if window.projects.open_path(target):
                window.log.say(f"This is the copy: {path_words(target)}.", "done")

        job.finished.connect(opened)
        job.failed.connect(self._on_copy_failed)

    def _on_copy_failed(self, error: object) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self._window.show_problem(error)


def _folder_for(path: Path) -> Path:
    """Give the folder of a project, or the person's own where that cannot be written."""
    return path.parent if os.access(path.parent, os.W_OK) else Path.home()


def _back_up_if_due(path: Path, age: float, report: Report) -> Backup | None:
    return make_backup(path, report) if is_due(path, age=age) else None


def _copy(path: Path, target: Path, report: Report) -> Path:
    return copy_project(path, target, clean=False, report=report)


def _copy_backup(backup: Backup, target: Path, report: Report) -> Path:
    copy_backup(backup, target, report)
    return target


def _put_back(path: Path, backup: Backup, annotator: str, report: Report) -> Path | None:
    return put_back(path, backup, annotator=annotator, report=report)
