"""Backups and copies in the window: by themselves, asked for, put back, and where they fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.ui.dialogs.backups import BackupsDialog
from annotator.ui.dialogs.copying import CopyDialog
from annotator.ui.dialogs.repairing import RepairDialog
from annotator.ui.keeping import STRIP
from annotator.ui.widgets import Strip
from annotator.ui.window import MainWindow
from annotator.workflows.backups import backup_settings, keep_backup_settings, list_backups, make_backup
from tests.ui.driving import Person, wait_until, wait_until_quiet


def path_of(window: MainWindow) -> Path:
    assert window.controller.session is not None
    return window.controller.session.path


def spans_in(window: MainWindow) -> int:
    return len(window.controller.annotations.spans)


def quiet(window: MainWindow) -> None:
    wait_until_quiet(window)


def backups_dialog(person: Person) -> BackupsDialog:
    person.press("Ctrl+Shift+B")
    dialog = person.dialog()
    assert isinstance(dialog, BackupsDialog)
    quiet(person.window)
    return dialog


def test_a_backup_is_made_by_itself_after_opening_and_after_closing(person: Person) -> None:
    window, path = person.window, path_of(person.window)
    window.keeping._on_time()
    quiet(window)
    (first,) = list_backups(path)
    window.keeping._on_time()
    quiet(window)
    assert list_backups(path) == [first]
    first.path.rename(first.path.with_name("News 2026-01-01T000000Z.annot"))
    person.press("A")
    window.projects.close()
    quiet(window)
    assert len(list_backups(path)) == 2


def test_quitting_waits_for_the_backup(person: Person) -> None:
    path = path_of(person.window)
    person.press("A")
    person.window.close()
    assert not person.window.isVisible()
    assert len(list_backups(path)) == 1


def test_no_backup_is_made_where_none_is_wanted(person: Person) -> None:
    keep_backup_settings(replace(backup_settings(), on=False))
    person.window.keeping._on_time()
    quiet(person.window)
    assert list_backups(path_of(person.window)) == []


def test_a_place_that_fails_is_said_once_and_work_goes_on(person: Person, tmp_path: Path) -> None:
    (tmp_path / "full").touch()
    keep_backup_settings(replace(backup_settings(), folder=str(tmp_path / "full")))
    window = person.window
    window.keeping._on_time()
    quiet(window)
    strip = window.centre.strips.get(STRIP)
    assert isinstance(strip, Strip)
    assert strip.text.startswith(f"No backup can be made in {tmp_path / 'full'}")
    person.press("Esc", "A")
    assert window.centre.strips.get(STRIP) is None
    assert len(window.controller.annotations.spans) == 1
    window.keeping._on_time()
    quiet(window)
    assert window.centre.strips.get(STRIP) is None


def test_backups_are_listed_made_and_put_back(person: Person) -> None:
    window, path = person.window, path_of(person.window)
    dialog = backups_dialog(person)
    assert dialog.empty.isVisible()
    assert not dialog.back_button.isEnabled()
    dialog.now_button.click()
    wait_until(dialog.table.isVisible, what="the backup")
    quiet(window)
    dialog.accept()
    person.press("A")
    assert spans_in(window) == 1
    dialog = backups_dialog(person)
    assert dialog.note.startswith("1 backup, ")
    dialog.back_button.click()
    wait_until(lambda: window.controller.writable, what="the project to be open again")
    quiet(window)
    assert path_of(window) == path
    assert not spans_in(window)
    assert [each.reason for each in list_backups(path)] == ["before putting back", "asked for"]
    assert person.said.startswith("The project is as it was: today, ")


def test_a_backup_is_opened_as_a_copy(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = person.window
    make_backup(path_of(window))
    person.press("A")
    target = tmp_path / "old.annot"
    monkeypatch.setattr(
        "annotator.ui.keeping.QFileDialog.getSaveFileName", lambda *_values, **_options: (str(target), "")
    )
    backups_dialog(person).copy_button.click()
    wait_until(lambda: path_of(window) == target, what="the copy")
    assert window.controller.annotations.spans == ()


def test_a_spoilt_backup_can_be_neither_opened_nor_put_back(person: Person) -> None:
    make_backup(path_of(person.window)).path.write_bytes(b"spoilt")
    dialog = backups_dialog(person)
    assert not dialog.back_button.isEnabled()
    assert not dialog.copy_button.isEnabled()
    assert "cannot be opened" in dialog.table.model().index(0, 1).data()
    dialog.accept()


def test_for_a_damaged_project_its_backups_are_offered(window: MainWindow, project: Path) -> None:
    make_backup(project)
    project.write_bytes(b"SQLite format 3\x00" + b"x" * 9000)
    assert not window.open_project(project)
    offer = QApplication.activeModalWidget()
    assert isinstance(offer, RepairDialog)
    assert offer.backups_button.isVisible()
    offer.backups_button.click()
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), BackupsDialog), what="the backups")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, BackupsDialog)
    assert "is damaged" in dialog.fault
    quiet(window)
    dialog.back_button.click()
    wait_until(lambda: window.controller.writable, what="the project")
    assert window.controller.session is not None
    assert window.controller.session.counts().all == 2


@pytest.mark.parametrize("clean", [False, True])
def test_a_copy_is_exported_by_keys(person: Person, *, clean: bool) -> None:
    person.press("A", "Ctrl+Shift+E")
    dialog = person.dialog()
    assert isinstance(dialog, CopyDialog)
    if clean:
        person.press("Down")
        dialog.clean_card.click()
    assert dialog._goes_head.isVisible() == clean
    target = Path(dialog.place_field.text()).expanduser()
    person.press("Return")
    wait_until(lambda: dialog.made is not None, what="the copy")
    quiet(person.window)
    assert dialog.made == target
    assert dialog.note.startswith("Copied and checked")
    assert (b"Mara" in target.read_bytes()) != clean
    person.press("Return")
    wait_until(lambda: QApplication.activeModalWidget() is None, what="the dialog to close")


def test_a_copy_over_something_is_refused_in_the_dialog(person: Person) -> None:
    person.press("Ctrl+Shift+E")
    dialog = person.dialog()
    assert isinstance(dialog, CopyDialog)
    dialog.place_field.setText(str(path_of(person.window)))
    dialog.copy_button.click()
    wait_until(lambda: dialog.fault, what="the refusal")
    assert "exists already" in dialog.fault
    quiet(person.window)
    dialog.reject()


def test_choices_for_backups_are_kept_at_once(person: Person, tmp_path: Path) -> None:
    from annotator.ui.dialogs.settings import SettingsDialog

    person.window.places.show_settings()
    dialog = person.dialog()
    assert isinstance(dialog, SettingsDialog)
    dialog.backups.on_card.click()
    dialog.backups.folder_field.setText(str(tmp_path))
    dialog.backups.folder_field.editingFinished.emit()
    dialog.backups.days_box.setCurrentIndex(0)
    dialog.backups.days_box.activated.emit(0)
    kept = backup_settings()
    assert (kept.on, kept.folder, kept.days) == (False, str(tmp_path), 3)
    dialog.backups.folder_field.setText(str(tmp_path / "no such"))
    dialog.backups.folder_field.editingFinished.emit()
    assert backup_settings().folder == str(tmp_path)
    assert "no such folder" in dialog.backups._folder.fault
    dialog.accept()
