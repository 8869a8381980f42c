"""Backups as a person has them: settings, when one is due, rotation, and the ways back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.errors import ProjectError
from annotator.workflows import backups
from annotator.workflows.backups import BackupSettings
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project, place

TEXT = "[Ada](PERSON) met [Bob](PERSON) and left."


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    session = a_project(tmp_path)
    a_document(session, TEXT)
    session.close()
    return session.path


def accept(path: Path, words: str) -> None:
    session = open_project(path, annotator="Mara")
    document = session.document_keys()[0]
    session.do(commands.AddSpan(document, place(session.text(document), words), "ROLE"))
    session.close()


def test_settings_are_kept_and_nonsense_in_them_is_passed_over(tmp_path: Path) -> None:
    assert backups.backup_settings() == BackupSettings()
    chosen = BackupSettings(on=False, folder=str(tmp_path / "there"), days=3, megabytes=50)
    backups.keep_backup_settings(chosen)
    assert backups.backup_settings() == chosen
    assert backups.backup_root() == tmp_path / "there"
    (tmp_path / "settings" / "backups.json").write_text('{"days": "many", "megabytes": -4, "on": false}')
    assert backups.backup_settings() == BackupSettings(on=False, megabytes=1)
    (tmp_path / "settings" / "backups.json").write_text("[")
    assert backups.backup_settings() == BackupSettings()


def test_settings_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    (tmp_path / "settings").touch()
    with pytest.raises(ProjectError, match="settings of backups cannot be kept"):
        backups.keep_backup_settings(BackupSettings(days=3))


def test_a_backup_is_due_once_the_newest_is_old_and_something_changed(path: Path, tmp_path: Path) -> None:
    assert backups.is_due(path, age=backups.AT_OPENING)
    made = backups.make_backup(path)
    later = made.at + backups.AT_OPENING
    assert not backups.is_due(path, age=backups.AT_OPENING, now=later)
    accept(path, "left")
    assert not backups.is_due(path, age=backups.AT_OPENING, now=later - 1)
    assert backups.is_due(path, age=backups.AT_OPENING, now=later)
    made.path.write_bytes(b"spoilt")
    assert backups.is_due(path, age=backups.AT_OPENING, now=later)
    backups.keep_backup_settings(BackupSettings(on=False))
    assert not backups.is_due(path, age=backups.AT_OPENING, now=later)
    backups.keep_backup_settings(BackupSettings())
    with pytest.raises(ProjectError):
        backups.is_due(tmp_path / "gone.annot", age=0.0)


def test_an_empty_project_needs_no_backup(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    session.close()
    assert not backups.is_due(session.path, age=0.0)


def test_old_backups_go_when_another_is_made(path: Path) -> None:
    backups.keep_backup_settings(BackupSettings(megabytes=1, days=1))
    first = backups.make_backup(path)
    old = first.path.with_name(f"{path.stem} 2020-01-01T000000Z.annot")
    first.path.rename(old)
    assert [each.path for each in backups.list_backups(path)] == [old]
    made = backups.make_backup(path, asked=True)
    assert backups.list_backups(path) == [made]
    assert made.reason == "asked for"


def test_backups_that_hold_a_document_are_listed_and_can_be_removed(path: Path) -> None:
    session = open_project(path, annotator="Mara")
    first = session.document(session.document_keys()[0]).id
    old = backups.make_backup(path)
    later = session.document(a_document(session, "Another text.", source="b")).id
    new = backups.make_backup(path, asked=True)
    session.close()
    assert {each.path for each in backups.backups_holding(path, [first])} == {old.path, new.path}
    assert [each.path for each in backups.backups_holding(path, [later])] == [new.path]
    old.path.write_bytes(b"spoilt")
    # Nobody can tell what it holds.
    assert {each.path for each in backups.backups_holding(path, [later])} == {old.path, new.path}
    assert backups.why_not_open(replace(old, size=6))
    assert backups.remove_backups([old, new]) == []
    assert backups.list_backups(path) == []


def test_a_backup_is_opened_as_a_copy_or_put_back(path: Path, tmp_path: Path) -> None:
    made = backups.make_backup(path)
    accept(path, "left")
    target = tmp_path / "copy.annot"
    backups.copy_backup(made, target)
    with pytest.raises(backups.CopyError, match="exists already"):
        backups.copy_backup(made, target)
    kept = backups.put_back(path, made, annotator="Mara")
    assert kept is not None
    assert kept.parent == made.path.parent
    for each in (target, path):
        session = open_project(each, annotator="Mara", read_only=True)
        assert session.annotations(session.document_keys()[0]).spans == ()
        session.close()


def test_a_project_of_an_older_program_is_kept_among_its_backups(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.store.migrate import migrations

    more = (*migrations(), "CREATE TABLE later (x);")
    monkeypatch.setattr("annotator.store.migrate.migrations", lambda: more)
    open_project(path, annotator="Mara").close()
    assert [each.reason for each in backups.list_backups(path)] == ["before update"]
    assert [each.name for each in path.parent.glob("test*")] == [path.name]


def test_a_backup_before_an_update_lies_beside_the_project_where_its_place_fails(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.store.migrate import latest, migrations

    before = latest()
    more = (*migrations(), "CREATE TABLE later (x);")
    monkeypatch.setattr("annotator.store.migrate.migrations", lambda: more)
    (tmp_path / "full").touch()
    backups.keep_backup_settings(BackupSettings(folder=str(tmp_path / "full")))
    open_project(path, annotator="Mara").close()
    assert path.with_name(f"test.annot.backup-{before}").is_file()
