"""Connections to a project file: to write in the mode its disk allows, to read also where nothing can be written.

On a trusted disk the file has a write-ahead log while it is open; elsewhere a rollback journal, for which nothing has
to be shared in memory between machines.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.model.errors import Cancelled, ProjectError, UserError
from annotator.store.faults import is_full
from annotator.store.hardening import harden
from annotator.store.holders import life_of, read_holder
from annotator.store.locking import FileLock

LOG_PAGES = 4_000
"""Pages of the write-ahead log from which on a commit folds it in."""
LOG_ROOM = 8_000_000
"""Bytes of zeros with which a log begins: a commit that overwrites waits for the disk about half as long as one that
makes a file longer."""
_ROOMY = 20
"""How many times that must be free, so that no small disk is filled with zeros."""
_CLOSING_WAIT = 1_000
"""Milliseconds that closing waits for a reader to finish what it is reading."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing came to.

    Args:
        path: the project. log: the file that still belongs to it, because somebody reads the project, or because
            there is no room to fold it in; the next opening does. None where the one file is all of the project.
        is_full: whether it was room that was missing.
    """

    path: Path
    log: Path | None = None
    is_full: bool = False

    @property
    def is_whole(self) -> bool:
        """Tell whether the one file is all of the project."""
        return self.log is None

    def words(self) -> str:
        """Say what still belongs to the project; empty where the one file is all of it."""
        if self.log is None:
            return ""
        if self.is_full:
            return (
                f"The disk is full, so {self.log.name} stays beside {self.path.name} and belongs to it. "
                "Nothing is lost: copy or move both, or free some room; the next opening makes one file of them."
            )
        return (
            f"Another window still reads {self.path.name}, so {self.log.name} belongs to it for now. "
            "Copy or move both, or close that window: the next opening makes one file of them."
        )


def connect(path: Path, *, read_only: bool, frozen: bool = False) -> sqlite3.Connection:
    """Open a connection; `frozen` reads a file that nobody changes, also where no log can be made beside it."""
    how = "?mode=ro" if read_only else "?mode=rwc"
    uri = path.absolute().as_uri() + how + ("&immutable=1" if frozen else "")
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10.0, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        harden(connection)
        connection.execute("PRAGMA cache_size = -16000")
    except UnicodeDecodeError as error:  # what is wrong cannot even be said
        connection.close()
        damaged = sqlite3.DatabaseError("its list of tables is malformed")
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged from error
    except BaseException:
        connection.close()
        raise
    return connection


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """Open a connection for reading, also to a file on a read-only place that was copied while it was open.

    Raises:
        ProjectError: a part of the project lies in a log that cannot be read there. sqlite3.Error: anything else.
    """
    try:
        connection = connect(path, read_only=True)
        try:
            connection.execute("PRAGMA user_version").fetchone()
        except BaseException:
            connection.close()
            raise
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY} or not path.is_file():
            raise
        for rest in (log_of(path), path.with_name(path.name + "-journal")):
            if rest.exists() and rest.stat().st_size:
                # Without it the file alone would be half of what was written, or an older state of it.
                todo = "Copy both to a folder that can be written, and open it there."
                raise ProjectError(
                    f"A part of {path.name} is in {rest.name}, which cannot be folded in by reading.",
                    "Open it for writing once." if os.access(path.parent, os.W_OK) else todo,
                ) from error
        return connect(path, read_only=True, frozen=True)
    return connection


def choose_journal(connection: sqlite3.Connection, *, trusted: bool) -> None:
    """Set how a writer's connection keeps what is being written: each commit is on the disk when it returns."""
    if trusted:
        connection.execute("PRAGMA journal_mode = WAL")
        # Long work folds the log in sooner, between its turns; so an act of the window hardly ever has to.
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        wait_for_disk(connection)
        return
    # A log that a killed window left is folded in without the shared memory that cannot be trusted here.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA locking_mode = NORMAL")
    connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # lets the exclusive lock go
    wait_for_disk(connection)


def wait_for_disk(connection: sqlite3.Connection) -> None:
    """Let each commit of a writer's connection be on the disk when it returns; once the journal is chosen.

    With a rollback journal, which is also what SQLite keeps to where it can make no log, the folder must be synced as
    well when the journal goes: without that a commit could come undone.
    """
    has_log = connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    connection.execute(f"PRAGMA synchronous = {'FULL' if has_log else 'EXTRA'}")


def lay_out_log(connection: sqlite3.Connection, path: Path) -> None:
    """Give an empty log its room before the first act; a log that holds something, or a small disk, stays as it is.

    To SQLite zeros are no frames, just as what is left of older ones. It writes there only with the lock taken here.
    """
    with contextlib.suppress(OSError, sqlite3.Error):  # it is quicker with the room, and right without
        connection.execute("BEGIN IMMEDIATE")
        try:
            if shutil.disk_usage(path.parent).free < _ROOMY * LOG_ROOM or log_of(path).stat().st_size:
                return
            with log_of(path).open("r+b", buffering=0) as log:
                try:
                    log.write(bytes(LOG_ROOM))
                    os.fsync(log.fileno())
                except OSError:
                    log.truncate(0)
                    raise
        finally:
            connection.execute("ROLLBACK")


def fold_in(connection: sqlite3.Connection, path: Path) -> Closed:
    """Make one file of project and log, close the connection, and tell whether that could be done."""
    try:
        with contextlib.suppress(sqlite3.OperationalError):  # a reader holds on, or there is no room
            connection.execute(f"PRAGMA busy_timeout = {_CLOSING_WAIT}")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()
    log = log_of(path)
    return Closed(path, log, is_full=is_full(path)) if log.exists() else Closed(path)


def fold_in_what_was_left(path: Path) -> None:
    """Make one file of a project whose writer closed while we were reading; quietly, where that can be done."""
    if not log_of(path).exists():
        return
    lock = FileLock(side_file(path))
    with contextlib.suppress(OSError, sqlite3.Error):
        if lock.acquire(annotator="") == "taken":
            try:
                fold_in(connect(path, read_only=False), path)
            finally:
                lock.release()


def is_written_by_somebody(path: Path) -> bool:
    """Tell whether somebody who lives has a project open for writing."""
    holder = read_holder(side_file(path))
    return holder is not None and life_of(holder, folder=path.parent) == "alive"


def log_of(path: Path) -> Path:
    """Give the write-ahead log that stands beside an open project."""
    return path.with_name(path.name + "-wal")


def side_file(path: Path) -> Path:
    """Give the file beside an open project that says who writes in it."""
    return path.with_name(path.name + ".lock")


@contextlib.contextmanager
def interruptible(connection: sqlite3.Connection, look: Callable[[], object]) -> Iterator[None]:
    """Let a long question be stopped: `look` is called again and again meanwhile, and may raise `Cancelled`."""
    stopped: list[Cancelled] = []

    def handle() -> int:
        try:
            look()
        except Cancelled as wish:
            stopped.append(wish)
            return 1
        return 0

    connection.set_progress_handler(handle, 100_000)
    try:
        yield
    except (sqlite3.OperationalError, UserError):
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
