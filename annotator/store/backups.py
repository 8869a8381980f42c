"""The backups of a project: where they lie, which there are, which are kept.

A backup is a whole project file. Its name says of what, when (UTC) and why: `news 2026-11-25T103000Z.annot`,
`news 2026-11-25T103000Z before update.annot`. The folder of a project's backups is named after it, the end of its id
and the place it lies at, so that a copy elsewhere has a folder of its own.
"""

from __future__ import annotations

import calendar
import contextlib
import hashlib
import re
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from annotator.model.errors import ProjectError
from annotator.store.connections import connect, connect_for_reading
from annotator.store.foreign import refuse_foreign
from annotator.store.migrate import version_of
from annotator.store.whole_copies import CopyError, Step, clear_parts, copy_whole, no_step

Reason = Literal["", "asked for", "before update", "before putting back"]
"""Why a backup was made; empty for those made by themselves."""
_NAME = re.compile(
    r"(?P<stem>.+) (?P<at>\d{4}-\d\d-\d\dT\d{6}Z)"
    r"(?: (?P<reason>asked for|before update|before putting back))?(?: \d+)?\.annot"
)
_STAMP = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup.

    Args:
        at: seconds since 1970. size: bytes. name: of the project file it was made of.
    """

    path: Path
    at: float
    size: int
    name: str
    reason: Reason


def identity_of(path: Path) -> str:
    """Give what names a project in the folder of its backups: the end of its id; empty where it cannot be read."""
    try:
        with contextlib.closing(connect_for_reading(path)) as connection:
            return _identity_in(connection)
    except (sqlite3.Error, ProjectError, OSError):
        return ""


def folder_of(root: Path, path: Path, *, identity: str) -> Path:
    """Give the folder of the backups of a project at its place."""
    return root / f"{path.stem}-{identity or 'unknown'}-{_place(path)}"


def list_backups(root: Path, path: Path, *, identity: str) -> list[Backup]:
    """List the backups of a project, newest first: those made at this place, and those of its id made elsewhere."""
    folders = set(root.glob(f"*-{_place(path)}"))
    if identity:
        folders |= set(root.glob(f"*-{identity}-*"))
    found = [backup for folder in folders for backup in backups_in(folder)]
    return sorted(found, key=lambda each: (each.at, each.path.name), reverse=True)


def backups_in(folder: Path) -> list[Backup]:
    """List the backups that lie in one folder, in no order; a folder that cannot be read has none."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match is None:
                continue
            with contextlib.suppress(OSError, ValueError):
                found.append(
                    Backup(
                        path=path,
                        at=calendar.timegm(time.strptime(match["at"], _STAMP)),
                        size=path.stat().st_size,
                        name=match["stem"],
                        reason=match["reason"] or "",  # type: ignore[arg-type]
                    )
                )
    return found


def make_backup(
    path: Path, folder: Path, *, reason: Reason = "", at: float | None = None, step: Step = no_step
) -> Backup:
    """Copy a project into a folder of backups, which is made where it is not there yet.

    Raises:
        CopyError: the place or the project does not allow it. Cancelled: `step` said so.
    """
    stamp = time.strftime(_STAMP, time.gmtime(time.time() if at is None else at))
    mark = f" {reason}" if reason else ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear_parts(folder)
        target = folder / f"{path.stem} {stamp}{mark}.annot"
        number = 2
        while target.exists():  # made within the same second
            target = folder / f"{path.stem} {stamp}{mark} {number}.annot"
            number += 1
    except OSError as error:
        raise CopyError(
            f"No backup can be made in {folder.parent}: {error.strerror or error}.",
            "Choose another folder in the settings. The project itself is not touched.",
        ) from error
    copy_whole(path, target, step=step)
    return next(each for each in backups_in(folder) if each.path == target)


def superfluous(backups: Iterable[Backup], *, days: int, megabytes: int) -> list[Backup]:
    """Tell which backups of one folder may go.

    All of the newest day stay, and the last of each day before that, for as many days as there were backups on. Those
    made for a reason stay as long as their day does. Beyond the size the oldest go, but never the newest of all.
    """
    newest_first = sorted(backups, key=lambda each: (each.at, each.path.name), reverse=True)
    kept: list[Backup] = []
    dates: list[str] = []
    for backup in newest_first:
        date = time.strftime("%Y-%m-%d", time.localtime(backup.at))
        is_first = date not in dates
        if is_first:
            dates.append(date)
        if len(dates) <= max(1, days) and (is_first or len(dates) == 1 or backup.reason):
            kept.append(backup)
    size = sum(each.size for each in kept)
    while len(kept) > 1 and size > megabytes * 1_000_000:
        size -= kept.pop().size
    return [each for each in newest_first if each not in kept]


def remove_backups(backups: Sequence[Backup]) -> list[Backup]:
    """Remove backups; gives those that could not be."""
    left = []
    for backup in backups:
        try:
            backup.path.unlink(missing_ok=True)
        except OSError:
            left.append(backup)
    return left


def state_of(path: Path) -> tuple[int, ...]:
    """Give numbers that change with every act, import and document of a project.

    Raises:
        ProjectError: it cannot be opened.
    """
    tables = ("step", "document", "batch")
    try:
        with contextlib.closing(connect_for_reading(path)) as connection:
            return tuple(
                connection.execute(f"SELECT coalesce(max(key), 0) FROM {table}").fetchone()[0]
                for table in tables
            )
    except (sqlite3.Error, OSError) as error:
        raise ProjectError(f"{path.name} cannot be read: {error}.") from error


def why_not_open(path: Path) -> str:
    """Say why a backup cannot be opened; empty if it can."""
    try:
        with contextlib.closing(connect(path, read_only=True, frozen=True)) as connection:
            version = version_of(connection)
            if version == 0:
                return f"{path.name} is empty."
            refuse_foreign(connection, version=version, name=path.name, read_only=True)
            connection.execute("SELECT count(*) FROM document").fetchone()
    except ProjectError as error:
        return error.what
    except (sqlite3.Error, OSError) as error:
        return f"{path.name} cannot be read: {error}."
    return ""


def documents_in(path: Path, ids: Sequence[str]) -> set[str]:
    """Tell which documents of these ids a backup holds, whichever version of the program made it.

    Raises:
        ProjectError: it cannot be read.
    """
    held = set()
    try:
        with contextlib.closing(connect(path, read_only=True, frozen=True)) as connection:
            for each in ids:
                both = each, bytes.fromhex(each.replace("-", ""))
                if connection.execute("SELECT 1 FROM document WHERE id IN (?, ?)", both).fetchone():
                    held.add(each)
    except (sqlite3.Error, OSError) as error:
        raise ProjectError(f"{path.name} cannot be read: {error}.", "Delete it, or look into it.") from error
    return held


def copy_before_migration(
    connection: sqlite3.Connection, path: Path, *, version: int, folder: Path | None
) -> Path:
    """Copy a project before it is brought up to date; where its backups cannot lie, beside it, over no older copy.

    Raises:
        CopyError: it could be copied to neither place, and so stays as it is.
    """
    if folder is not None:
        with contextlib.suppress(CopyError):
            mine = folder_of(folder, path, identity=_identity_in(connection))
            return make_backup(path, mine, reason="before update").path
    beside = path.with_name(f"{path.name}.backup-{version}")
    number = 2
    while beside.exists():
        beside = path.with_name(f"{path.name}.backup-{version}-{number}")
        number += 1
    try:
        copy_whole(path, beside)
    except CopyError as error:
        raise CopyError(
            f"{path.name} was made by an older annotator and is copied before it is brought up to date, "
            f"but that failed: {error.what} It was not touched.",
            error.todo,
            is_damage=error.is_damage,
        ) from error
    return beside


def _identity_in(connection: sqlite3.Connection) -> str:
    found = connection.execute("SELECT value FROM setting WHERE name = 'id'").fetchone()
    return re.sub(r"[^0-9a-f]", "", str(found[0]))[-12:] if found else ""


def _place(path: Path) -> str:
    return hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:8]
