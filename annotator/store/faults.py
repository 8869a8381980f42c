"""Says in plain words what SQLite or the operating system refused, where, and what to do about it."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path
from typing import Literal

from annotator.model.errors import NotSavedError, ProjectError, RepairableError

__all__ = [
    "ConflictError",
    "NotSavedError",
    "forbids_writing",
    "is_full",
    "moved",
    "not_read",
    "not_saved",
    "told",
]

LITTLE = 65_536
"""Bytes of free room below which a disk is full: SQLite writes a page for every change, and its log takes more."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class ConflictError(Exception):
    """A row is not as expected, or something would hang on a row that is not there."""


def forbids_writing(error: ProjectError) -> bool:
    """Tell whether a project could not be opened only because its place, or its rights, forbid writing."""
    cause = error.__cause__
    if isinstance(cause, OSError):
        return cause.errno in _FORBIDDEN
    return isinstance(cause, sqlite3.Error) and (
        getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY
    )


def told(error: sqlite3.Error | OSError, path: Path) -> ProjectError:
    """Turn what was refused while a project was made, opened or closed into a message with something to do."""
    reason = _reason(error, path)
    match _kind(error, path):
        case "full":
            return ProjectError(f"{path} cannot be written: the disk is full.", _ROOM)
        case "forbidden" if isinstance(error, OSError):
            return ProjectError(f"{path} cannot be used: {reason}.", _ELSEWHERE)
        case "forbidden":
            return ProjectError(
                f"{path} cannot be written: it or its folder is read only.", "Open a copy elsewhere."
            )
        case "busy":
            return ProjectError(f"{path.name} is busy in another program.", "Try again in a moment.")
        case "damaged":
            return RepairableError(
                f"{path.name} is damaged or not a project: {reason}.",
                "Repair it into a copy (annotator repair PROJECT), or open a backup.",
            )
        case "missing" | "shut":
            return ProjectError(f"{path} cannot be opened.", "Look whether it is there and may be read.")
        case "refused":
            return ProjectError(f"The disk refused {path} ({reason}).", _LOOK)
    return ProjectError(f"{path} cannot be used: {reason}.", _ELSEWHERE if isinstance(error, OSError) else "")


def not_saved(error: sqlite3.Error, path: Path) -> ProjectError:
    """Turn what was refused while an act was written; the act is not in the file, what was before it is."""
    reason = _reason(error, path)
    match _kind(error, path):
        case "full":
            return NotSavedError("The disk is full.", f"Free some room in {path.parent}, then try again.")
        case "missing":
            return moved(path)
        case "forbidden":
            return NotSavedError(
                f"{path} cannot be written: it or its folder is read only.",
                "Let it be written again, then try again.",
            )
        case "busy":
            return NotSavedError(f"{path.name} is busy in another program.", "Try again in a moment.")
        case "damaged":
            return told(error, path)
    return NotSavedError(f"The disk refused to write {path} ({reason}).", _LOOK)


def not_read(error: sqlite3.Error, path: Path) -> ProjectError:
    """Turn what was refused while a project was only read."""
    if _kind(error, path) in {"full", "missing", "shut", "refused"}:
        return ProjectError(
            f"{path} cannot be read ({_reason(error, path)}).",
            "Look whether its disk was taken away or is full, then try again.",
        )
    return told(error, path)


def moved(path: Path) -> NotSavedError:
    """Say that the file of an open project is no longer where it was."""
    return NotSavedError(
        f"{path} is not there any more: it was moved, replaced or deleted.",
        "Put it back where it was, then try again.",
    )


def is_full(path: Path) -> bool:
    """Tell whether there is next to no room where a file is; False where nobody can say."""
    try:
        return shutil.disk_usage(path.parent).free < LITTLE
    except OSError:
        return False


_ROOM = "Free some room there, or choose another place."
_LOOK = "Look whether the disk is full, damaged or was taken away, then try again."
_ELSEWHERE = "Choose another place or mend the rights."
_Kind = Literal["full", "forbidden", "missing", "shut", "busy", "damaged", "refused", "other"]
_KINDS: dict[int, _Kind] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "forbidden",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_IOERR: "refused",
    sqlite3.SQLITE_CANTOPEN: "shut",
}


def _kind(error: sqlite3.Error | OSError, path: Path) -> _Kind:
    """Tell what kind of refusal it was; what SQLite only calls an error of the disk is looked at once more."""
    if isinstance(error, OSError):
        return "full" if error.errno in _FULL else "forbidden" if error.errno in _FORBIDDEN else "other"
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return "missing"
    kind = _KINDS.get(code & 0xFF, "other")
    if kind in {"refused", "shut"}:
        return "missing" if not path.exists() else "full" if is_full(path) else kind
    return kind


def _reason(error: sqlite3.Error | OSError, path: Path) -> str:
    if not isinstance(error, OSError):
        return str(error)
    return error.strerror or str(error).replace(str(path), path.name)
