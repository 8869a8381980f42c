"""Copies a project whole: through SQLite's backup interface, checked, and in its place only when complete.

Others may read and write meanwhile: the copy is the project as it was at one moment.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from annotator.model.errors import ProjectError
from annotator.store.connections import connect, connect_for_reading, interruptible, side_file
from annotator.store.holders import start_of

Step = Callable[[int, int], None]
"""`step(done, total)`, called between pages with the window's own pace; it may raise `Cancelled`."""

PAGES = 512
"""Pages that are copied together: 2 MB, some milliseconds."""
_PAUSE = 0.001
_BEGINNINGS = 8
"""How often copying begins anew when somebody writes meanwhile, where there is no snapshot to copy from."""
_OLD_PART = 600.0
"""Seconds after which a half-made copy, which grows while it is made, was left by somebody who is gone."""
_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class CopyError(ProjectError):
    """A copy could not be made; the project itself was not touched.

    Args:
        is_damage: what was to be copied is damaged.
    """

    def __init__(self, what: str, todo: str = "", *, is_damage: bool = False) -> None:
        super().__init__(what, todo)
        self.is_damage = is_damage


def no_step(_done: int, _total: int) -> None:
    """Report to nobody."""


def copy_whole(source: Path, target: Path, *, step: Step = no_step) -> None:
    """Copy a project into a file that replaces the target only when it is complete and sound.

    Raises:
        CopyError: source or target do not allow it. Cancelled: `step` said so; nothing is left.
    """
    part = part_of(target)
    clear_parts(target.parent, of=target.name)
    try:
        try:
            _copy(source, part, step)
            check(part, source, step)
            put_in_place(part, target)
        finally:
            remove_part(part)
    except sqlite3.Error as error:
        raise refused(error, source, target) from error
    except OSError as error:
        raise refused(error, source, target) from error


def part_of(target: Path) -> Path:
    """Give the file that a copy, or a new project, grows in, beside its target."""
    return target.with_name(f".{target.name}.{socket.gethostname()}-{os.getpid()}.part")


def clear_parts(folder: Path, *, of: str = "") -> None:
    """Remove what grew in a folder and was left by somebody who is gone: all of it, or what was to have one name."""
    mine = f".{socket.gethostname()}-"
    for part in folder.glob(f".{glob.escape(of)}.*.part" if of else ".*.part"):
        with contextlib.suppress(OSError, ValueError):
            is_ended = False
            if mine in part.name and sys.platform == "linux":
                process = int(part.name.rpartition("-")[2].removesuffix(".part"))
                is_ended = not start_of(process)
            if is_ended or time.time() - part.stat().st_mtime > _OLD_PART:
                remove_part(part)


def remove_part(part: Path) -> None:
    """Remove a file that grew, and what SQLite and a lock put beside it.

    Raises:
        OSError: the disk refuses.
    """
    for side in (*(part.with_name(part.name + end) for end in ("-journal", "-wal", "-shm")), side_file(part)):
        side.unlink(missing_ok=True)
    part.unlink(missing_ok=True)  # the last one: what lies beside it is found by its name


def check(part: Path, source: Path, step: Step = no_step) -> None:
    """Let SQLite check a copy.

    Raises:
        CopyError: it is not sound, so neither is what it was made of.
    """
    opened = contextlib.closing(connect(part, read_only=True, frozen=True))
    with opened as connection, interruptible(connection, lambda: step(1, 1)):
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise CopyError(
            f"{source.name} is damaged ({'; '.join(found)}). The copy was not kept.",
            "Older backups were not touched: put one back, or open one as a copy.",
            is_damage=True,
        )


def put_in_place(part: Path, target: Path) -> None:
    """Let a complete file take its place, so that it is there also when the power goes.

    Raises:
        OSError: the disk refuses.
    """
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)
    if sys.platform != "win32":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # some file systems do not sync folders
                os.fsync(folder)
        finally:
            os.close(folder)


def refused(error: sqlite3.Error | OSError, source: Path, target: Path) -> CopyError:
    """Say in plain words why a copy could not be made."""
    place = target.parent
    if isinstance(error, OSError):
        if error.errno in _ROOM:
            return CopyError(
                f"There is no room in {place} for a copy of {source.name}.", "Free some room there."
            )
        return CopyError(
            f"{source.name} cannot be copied to {place}: {error.strerror or error}.", "Choose another folder."
        )
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return CopyError(f"There is no room in {place} for a copy of {source.name}.", "Free some room there.")
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        what = f"{source.name} is damaged ({error}). The copy was not kept."
        return CopyError(what, "Older backups were not touched.", is_damage=True)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return CopyError(
            f"{source.name} is being written all the time and was not copied.", "Try again later."
        )
    return CopyError(f"{source.name} cannot be copied to {place}: {error}.", "Choose another folder.")


def _copy(source: Path, part: Path, step: Step) -> None:
    with contextlib.closing(connect_for_reading(source)) as original:
        has_snapshot = original.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        if has_snapshot:
            # What others write meanwhile goes into the log; without it copying would begin anew each time.
            original.execute("BEGIN")
            original.execute("SELECT 1 FROM sqlite_master").fetchone()
        part.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy:
            # Half a copy is thrown away whole, so nothing is kept safe before the end.
            copy.execute("PRAGMA synchronous = OFF")
            original.backup(copy, pages=PAGES, progress=_watch(step), sleep=0.05)
            copy.execute("PRAGMA journal_mode = DELETE")


def _watch(step: Step) -> Callable[[int, int, int], None]:
    """Give a function that tells how far a copy is, and gives up where it never comes to an end."""
    least: list[int] = []
    beginnings = 0

    def watch(_status: int, remaining: int, total: int) -> None:
        nonlocal beginnings
        if least and remaining > least[0]:
            beginnings += 1
        least[:] = [remaining]
        if beginnings > _BEGINNINGS:
            raise CopyError(
                "The project is being written all the time and was not copied.", "Try again later."
            )
        step(total - remaining, total)
        time.sleep(_PAUSE)

    return watch
