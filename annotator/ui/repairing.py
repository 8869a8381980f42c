"""Repairing a damaged project in a window: offered where opening one fails, or asked for by its action."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from annotator.model.errors import UserError

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow
    from annotator.workflows.repairing import RepairReport


def ask_repair(window: MainWindow) -> None:
    """Ask for a damaged project and offer to repair it."""
    name, _ = QFileDialog.getOpenFileName(
        window, "Repair a damaged project", "", "Projects (*.annot);;All files (*)"
    )
    if name:
        offer_repair(window, Path(name))


def offer_repair(window: MainWindow, path: Path, error: UserError | None = None) -> None:
    """Offer to repair a project into a copy; `error` says why it cannot be opened."""
    from annotator.ui.dialogs.repairing import RepairDialog

    if error is not None:
        window.log.say(str(error), "refused")
    dialog = RepairDialog(
        path,
        window.jobs.run,
        annotator=window.annotator,
        fault="" if error is None else error.what,
        has_backups=window.keeping.has_backups(path),
        parent=window,
    )
    dialog.backups_wanted.connect(lambda: window.keeping.show_backups(path, fault=error))
    dialog.repaired.connect(lambda report: _show_report(window, report))
    window.places.open_dialog(dialog)


def _show_report(window: MainWindow, report: RepairReport) -> None:
    from annotator.ui.dialogs.repairing import RepairReportDialog

    dialog = RepairReportDialog(report, window)
    dialog.project_wanted.connect(window.projects.open_path)
    window.places.open_dialog(dialog)
