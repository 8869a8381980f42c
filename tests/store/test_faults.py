"""What SQLite or the operating system refused is said in plain words with something to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from annotator.model.errors import ProjectError
from annotator.store.faults import NotSavedError, told


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (sqlite3.SQLITE_FULL, NotSavedError, "The disk is full. Your last act is NOT saved"),
        (sqlite3.SQLITE_IOERR_WRITE, NotSavedError, "refused to write p.annot"),
        (sqlite3.SQLITE_READONLY, NotSavedError, "p.annot cannot be written"),
        (sqlite3.SQLITE_BUSY, NotSavedError, "busy in another program"),
        (sqlite3.SQLITE_CORRUPT, ProjectError, "damaged or not a project"),
        (sqlite3.SQLITE_NOTADB, ProjectError, "damaged or not a project"),
        (sqlite3.SQLITE_CANTOPEN, ProjectError, "cannot be opened"),
        (sqlite3.SQLITE_MISUSE, ProjectError, "p.annot: what it says"),
    ],
)
def test_a_refusal_of_the_database(code: int, kind: type[ProjectError], words: str) -> None:
    error = sqlite3.OperationalError("what it says")
    error.sqlite_errorcode = code
    found = told(error, Path("/somewhere/p.annot"))
    assert type(found) is kind
    assert words in str(found)


def test_a_refusal_of_the_system() -> None:
    found = told(PermissionError(13, "Permission denied"), Path("/somewhere/p.annot"))
    assert str(found) == (
        "/somewhere/p.annot cannot be used: Permission denied. Choose another place or mend the rights."
    )
