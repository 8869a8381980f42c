"""Says in plain words what SQLite or the operating system refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from annotator.model.errors import ProjectError


class NotSavedError(ProjectError):
    """The last act could not be written; everything before it is in the file."""


class ConflictError(Exception):
    """A row is not as expected, or something would hang on a row that is not there."""


def told(error: sqlite3.Error | OSError, path: Path) -> ProjectError:
    """Turn a refusal of the database or the file system into a message with something to do."""
    name = path.name
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        return ProjectError(f"{path} cannot be used: {reason}.", "Choose another place or mend the rights.")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    text = str(error)
    if code == sqlite3.SQLITE_FULL:
        return NotSavedError(
            "The disk is full. Your last act is NOT saved; all before it are.", "Free some room."
        )
    if code == sqlite3.SQLITE_IOERR:
        return NotSavedError(
            f"The disk refused to write {name} ({text}). Your last act is NOT saved; all before it are.",
            "Look whether the disk is full or was taken away, then try again.",
        )
    if code == sqlite3.SQLITE_READONLY:
        return NotSavedError(
            f"{name} cannot be written: it or its folder is read only.", "Open a copy elsewhere."
        )
    if code == sqlite3.SQLITE_BUSY:
        return NotSavedError(f"{name} is busy in another program.", "Try again in a moment.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return ProjectError(
            f"{name} is damaged or not a project: {text}.", "Open a backup, or a copy from elsewhere."
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return ProjectError(f"{path} cannot be opened.", "Look whether it is there and may be read.")
    return ProjectError(f"{name}: {text}.")
