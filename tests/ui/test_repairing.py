"""Repairing in the window: offered where a project cannot be opened, done in a job, told in a list, opened after."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from annotator.ui.dialogs.repairing import RepairDialog, RepairReportDialog
from annotator.ui.window import MainWindow
from tests.ui.driving import Person, wait_until, wait_until_quiet


def damaged(project: Path, *tables: str) -> Path:
    """Put zeros over the first page of a project, and over all pages of some tables."""
    data = bytearray(project.read_bytes())
    with contextlib.closing(sqlite3.connect(project)) as connection:
        for table in tables:
            root = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
            ).fetchone()[0]
            data[(root - 1) * 4096 : root * 4096] = bytes(4096)
    data[:4096] = bytes(4096)
    path = project.with_name("Damaged.annot")
    path.write_bytes(data)
    return path


def report_of(person: Person) -> RepairReportDialog:
    wait_until(lambda: isinstance(person.dialog(), RepairReportDialog), what="the report")
    dialog = person.dialog()
    assert isinstance(dialog, RepairReportDialog)
    return dialog


def test_a_damaged_project_is_repaired_and_opened_with_enter(window: MainWindow, project: Path) -> None:
    person = Person(window)
    path = damaged(project)
    before = path.read_bytes()
    assert not window.open_project(path)
    dialog = person.dialog()
    assert isinstance(dialog, RepairDialog)
    assert dialog.windowTitle() == "Damaged.annot cannot be opened"
    assert not dialog.backups_button.isVisible()
    person.press("Return")
    report = report_of(person)
    assert report.windowTitle().startswith(("Everything came back", "Repaired, with"))
    person.press("Return")
    session = window.controller.session
    assert session is not None
    assert session.path.name == "Damaged repaired.annot"
    assert session.counts().all == 2
    assert path.read_bytes() == before
    wait_until_quiet(window)


def test_what_did_not_come_back_is_listed_and_can_be_taken_along(window: MainWindow, project: Path) -> None:
    person = Person(window)
    window.open_project(damaged(project, "tokenization", "content"))
    person.press("Return")
    wait_until_quiet(window)
    dialog = person.dialog()
    assert isinstance(dialog, RepairDialog), "no text is left, so nothing could be done"
    assert "no text is left" in dialog.fault
    assert dialog.repair_button.isEnabled()
    person.press("Escape")
    window.open_project(damaged(project, "tally", "document"))
    person.press("Return")
    report = report_of(person)
    assert report.windowTitle().startswith("Repaired, with")
    report.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert "title, language, state, note and source are lost" in copied
    assert "not as it was" in copied
    table = project.with_name("lost.csv")
    report.save_to(table)
    assert table.read_text(encoding="utf-8").count("\n") >= 3
    report.save_to(project.parent)
    assert "is a folder" in report.fault
    person.press("Escape")
    assert window.controller.session is None


def test_its_action_asks_for_a_project_and_shows_what_stands_in_the_way(
    window: MainWindow, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.ui import repairing

    person = Person(window)
    path = damaged(project)
    asked = type("Asked", (), {"getOpenFileName": staticmethod(lambda *_: (str(path), ""))})
    monkeypatch.setattr(repairing, "QFileDialog", asked)
    person.press("Ctrl+Shift+D")
    dialog = person.dialog()
    assert isinstance(dialog, RepairDialog)
    assert dialog.windowTitle() == "Repair Damaged.annot"
    dialog._target = project
    person.press("Return")
    wait_until_quiet(window)
    assert "exists already" in dialog.fault
    person.press("Escape")
    assert QApplication.activeModalWidget() is None
