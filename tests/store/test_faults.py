"""What SQLite or the operating system refused is said in plain words with something to do."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from annotator.model.errors import ProjectError, RepairableError
from annotator.store.faults import NotSavedError, forbids_writing, is_full, not_read, not_saved, told


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a file that is there."""
    path = tmp_path / "p.annot"
    path.touch()
    return path


def refusal(code: int) -> sqlite3.Error:
    """Make an error of SQLite's."""
    error = sqlite3.OperationalError("what it says")
    error.sqlite_errorcode = code
    return error


OPENING = [
    (sqlite3.SQLITE_FULL, "p.annot cannot be written: the disk is full. Free some room"),
    (sqlite3.SQLITE_IOERR_WRITE, "The disk refused"),
    (sqlite3.SQLITE_READONLY, "p.annot cannot be written: it or its folder is read only"),
    (sqlite3.SQLITE_BUSY, "p.annot is busy in another program"),
    (sqlite3.SQLITE_CORRUPT, "damaged or not a project"),
    (sqlite3.SQLITE_NOTADB, "damaged or not a project"),
    (sqlite3.SQLITE_CANTOPEN, "p.annot cannot be opened. Look whether it is there"),
    (sqlite3.SQLITE_MISUSE, "p.annot cannot be used: what it says"),
]
ACTING = [
    (
        sqlite3.SQLITE_FULL,
        "The disk is full. Your last act is NOT saved; all before it are. Free some room in",
    ),
    (sqlite3.SQLITE_IOERR_FSYNC, "The disk refused to write"),
    (
        sqlite3.SQLITE_READONLY,
        "p.annot cannot be written: it or its folder is read only. Your last act is NOT saved",
    ),
    (
        sqlite3.SQLITE_READONLY_DBMOVED,
        "p.annot is not there any more: it was moved, replaced or deleted. Your last",
    ),
    (sqlite3.SQLITE_BUSY, "p.annot is busy in another program. Your last act is NOT saved"),
    (sqlite3.SQLITE_NOMEM, "what it says"),
]


@pytest.mark.parametrize(("code", "words"), OPENING)
def test_what_was_refused_when_a_project_is_opened(path: Path, code: int, words: str) -> None:
    found = told(refusal(code), path)
    assert type(found) is (RepairableError if "damaged" in words else ProjectError)
    assert words in str(found)
    assert "NOT saved" not in str(found), "nobody acted yet"


@pytest.mark.parametrize(("code", "words"), ACTING)
def test_what_was_refused_in_the_middle_of_an_act(path: Path, code: int, words: str) -> None:
    found = not_saved(refusal(code), path)
    assert type(found) is NotSavedError
    assert words in str(found)
    assert "NOT saved; all before it are." in found.what
    assert found.todo
    named = found.about("Accept Moscow as GPE")
    assert isinstance(named, NotSavedError)
    assert "Your last act, “Accept Moscow as GPE”, is NOT saved; all before it are." in named.what
    assert named.about("Something else") is named


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_CANTOPEN])
def test_what_was_refused_to_be_read(path: Path, code: int) -> None:
    found = not_read(refusal(code), path)
    assert "cannot be read (what it says)" in str(found)
    assert "NOT saved" not in str(found)


def test_a_damaged_file_in_the_middle_of_an_act_is_called_damaged(path: Path) -> None:
    assert "damaged" in str(not_saved(refusal(sqlite3.SQLITE_CORRUPT), path))


def test_an_error_of_the_disk_is_looked_at_once_more(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shared memory that finds no room is an error of the disk to SQLite; a person wants to know that it is full."""
    usage = shutil.disk_usage(path.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=0))
    assert is_full(path)
    assert not_saved(refusal(sqlite3.SQLITE_IOERR_SHMSIZE), path).what.startswith("The disk is full.")
    assert "the disk is full" in told(refusal(sqlite3.SQLITE_CANTOPEN), path).what
    path.unlink()
    assert "not there any more" in not_saved(refusal(sqlite3.SQLITE_IOERR_WRITE), path).what


def test_a_place_that_is_gone_is_not_full(tmp_path: Path) -> None:
    assert not is_full(tmp_path / "gone" / "p.annot")


@pytest.mark.parametrize(
    ("number", "words", "is_forbidden"),
    [
        (errno.EACCES, "cannot be used: Permission denied. Choose another place or mend the rights.", True),
        (errno.EROFS, "cannot be used: Read-only file system.", True),
        (errno.ENOSPC, "cannot be written: the disk is full. Free some room there", False),
        (errno.ENAMETOOLONG, "cannot be used: File name too long.", False),
    ],
)
def test_a_refusal_of_the_system(number: int, words: str, is_forbidden: bool) -> None:  # noqa: FBT001 - a parameter
    error = OSError(number, os.strerror(number))
    found: Any = told(error, Path("/somewhere/p.annot"))
    assert str(found).startswith(f"/somewhere/p.annot {words}")
    found.__cause__ = error
    assert forbids_writing(found) is is_forbidden
