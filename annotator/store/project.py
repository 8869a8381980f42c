"""Opens, locks, backs up and closes a project file, and runs transactions in it.

While it is open for writing the file is in WAL mode with `synchronous=FULL`; closing folds everything back, so that
the one file is the project. What is asked of the tables stands in the neighbouring modules, as functions of a
`Project`.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from annotator.model.errors import LeftLockError, LockedError, ProjectError, RepairableError
from annotator.model.limits import TYPE_LIMIT
from annotator.store.backups import copy_before_migration
from annotator.store.connections import (
    LOG_ROOM,
    Closed,
    choose_journal,
    connect,
    connect_for_reading,
    fold_in,
    fold_in_what_was_left,
    is_written_by_somebody,
    lay_out_log,
    log_of,
    side_file,
    wait_for_disk,
)
from annotator.store.faults import ConflictError, not_read, not_saved, told
from annotator.store.file_systems import care_words, file_system_of
from annotator.store.foreign import refuse_foreign
from annotator.store.holders import Holder, held_words, left_words
from annotator.store.in_place import InPlace
from annotator.store.locking import FileLock, Turn
from annotator.store.migrate import latest, migrate, version_of
from annotator.store.soundness import UNREADABLE, DamagedError
from annotator.store.standing import Mark, Writes
from annotator.store.type_rows import Types, type_of

S = TypeVar("S")
SUFFIX = ".annot"
LAST_KEY = 1 << 62
"""Row keys end long before SQLite's own do."""
MOST_TYPES = 20 * TYPE_LIMIT
"""Types with which a project is still opened, seen or hidden; a schema may have far fewer."""
_SQLITE = b"SQLite format 3\x00"
_ASKED_AGAIN = 5
"""How often a lock is asked for that nobody is named to hold."""
CALM = 5.0
"""Seconds after an act in the window in which long work keeps its turns short."""
REST = 0.008
"""Seconds that long work rests between two pieces of some milliseconds: as long as a key takes."""
LONG_LOG = LOG_ROOM
"""Bytes of the write-ahead log beyond which long work folds it in; twice as many, and the window's commits do."""
_REFUSALS = (sqlite3.OperationalError, sqlite3.DatabaseError)


class Project:
    """A connection to a project file; one for each thread, made with `sibling`.

    Args:
        path: the file. read_only: nothing can be written. turn: shared by all connections of this program.
        writes: what they tell each other.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        *,
        read_only: bool,
        turn: Turn,
        writes: Writes | None = None,
    ) -> None:
        self.path = path
        self.read_only = read_only
        self.connection = connection
        self.turn = turn
        self.writes = writes or Writes()
        self.urgent = True
        self._lock: FileLock | None = None
        self._right: FileLock | None = None
        self._main: Project | None = None
        self._is_closed = False
        self._folds_in = False
        self._closed = Closed(path)
        self._types: Types | None = None
        self._types_read: Mark | None = None
        self._depth = 0
        self._version_within = 0
        self._in_place = InPlace(path)
        self._siblings: list[Project] = []
        self.given_up: set[int] = set()
        self._kept: tuple[tuple[str, int], Mark, Any] | None = None

    @classmethod
    def create(cls, path: Path, *, annotator: str) -> Project:
        """Make a new, empty project file and open it for writing.

        Raises:
            ProjectError: something is there already, or the place cannot be written.
        """
        check_free(path)
        try:
            project = cls._open_for_writing(path, annotator=annotator)
        except ProjectError:
            with contextlib.suppress(OSError):
                if path.exists() and path.stat().st_size == 0:
                    path.unlink()
            raise
        return project

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        annotator: str,
        read_only: bool = False,
        take_over: bool = False,
        backups: Path | None = None,
    ) -> Project:
        """Open a project file.

        Args:
            take_over: also where somebody who is gone left it open; never where somebody lives.
            backups: where a copy goes before a migration; without it, beside the project.

        Raises:
            LockedError: somebody else writes in it; LeftLockError: and is gone. NewerError: made by a newer program.
            ProjectError: missing, damaged, not a project, or its place does not allow it.
        """
        try:
            if not path.is_file():
                kind = "a folder" if path.is_dir() else "not there"
                raise ProjectError(f"{path} is {kind}.", "Choose a project file; its name ends in .annot.")
            head = _SQLITE if _is_open_somewhere(path) else _head_of(path)
        except OSError as error:
            raise told(error, path) from error
        if head and head != _SQLITE:
            raise RepairableError(
                f"{path.name} is not a project: it does not begin like one.",
                "Import it instead, or repair it where it was one.",
            )
        if not head:
            raise ProjectError(
                f"{path.name} is empty, not a project.", "Choose another file, or make a new project."
            )
        if read_only:
            return cls._open_for_reading(path)
        return cls._open_for_writing(path, annotator=annotator, take_over=take_over, backups=backups)

    @classmethod
    def _open_for_writing(
        cls, path: Path, *, annotator: str, take_over: bool = False, backups: Path | None = None
    ) -> Project:
        lock = lock_project(path, annotator=annotator, take_over=take_over)
        try:
            connection = connect(path, read_only=False)
            try:
                if not lock.trusted:
                    choose_journal(connection, trusted=False)
                version = version_of(connection)
                if version:
                    refuse_foreign(connection, version=version, name=path.name)
                if version and version < latest():
                    copy_before_migration(connection, path, version=version, folder=backups)
                if version < latest():
                    migrate(connection, start=version)
                choose_journal(connection, trusted=lock.trusted)
                if lock.trusted:
                    lay_out_log(connection, path)
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            lock.release()
            raise told(error, path) from error
        except BaseException:
            lock.release()
            raise
        project = cls(path, connection, read_only=False, turn=Turn())
        project._lock = project._right = lock
        return project

    @classmethod
    def _open_for_reading(cls, path: Path) -> Project:
        had_log = log_of(path).exists()
        try:
            connection = connect_for_reading(path)
            try:
                version = version_of(connection)
                if version < latest():
                    raise ProjectError(
                        f"{path.name} was made by an older annotator and must be brought up to date first.",
                        "Open it for writing once.",
                    )
                refuse_foreign(connection, version=version, name=path.name, read_only=True)
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            raise told(error, path) from error
        project = cls(path, connection, read_only=True, turn=Turn())
        # A log that a killed writer left is none of a reader's business; that of one who comes and goes is.
        project._folds_in = not had_log or is_written_by_somebody(path)
        return project

    @property
    def has_rollback_journal(self) -> bool:
        """Tell whether the disk's locks cannot be trusted, so that there is no write-ahead log."""
        return self._right is not None and not self._right.trusted

    def care(self) -> str:
        """Say that the disk's locks cannot be trusted, and what follows; empty where they can."""
        return (
            care_words(file_system_of(self.path.parent), self.path.name) if self.has_rollback_journal else ""
        )

    @property
    def left_by(self) -> Holder | None:
        """Give who wrote here before and did not close the project; None where it was closed."""
        return None if self._right is None else self._right.left_by

    def sibling(self) -> Project:
        """Give another connection for long work in another thread; it yields to the window at every turn.

        Raises:
            ProjectError: the file is not there any more, the disk refuses, or the project was closed.
        """
        if self._is_closed:
            raise ProjectError(f"{self.path.name} is closed.", "Open it again.")
        try:
            if self.read_only:
                connection = connect_for_reading(self.path)
            else:
                self._in_place.check(trusted=not self.has_rollback_journal)  # or another file would be made
                connection = connect(self.path, read_only=False)
                wait_for_disk(connection)
        except sqlite3.Error as error:
            raise told(error, self.path) from error
        writes = self.writes.for_another()
        other = Project(self.path, connection, read_only=self.read_only, turn=self.turn, writes=writes)
        other.urgent = False
        if not self.read_only:
            connection.execute("PRAGMA wal_autocheckpoint = 0")  # `fold_log` does it, outside of any turn
        other._right = self._right
        other._main = self
        other.given_up = self.given_up
        self._siblings.append(other)
        return other

    def close(self) -> Closed:
        """Fold everything into the one file and let it go; a sibling only closes its connection.

        Where somebody else still reads, a part stays in a file beside it: the outcome says so.
        """
        if self._is_closed or self._main is not None:
            self.connection.close()
            self._is_closed = True
            return self._closed
        self._is_closed = True
        for other in self._siblings:
            with contextlib.suppress(sqlite3.Error):
                other.connection.close()
        if self._lock is None:
            self.connection.close()
            if self._folds_in:
                fold_in_what_was_left(self.path)
            return self._closed
        try:
            if self._lock.is_held():
                self._closed = fold_in(self.connection, self.path)
        finally:
            self.connection.close()
            self._lock.release()
            self._lock = None
        return self._closed

    @contextlib.contextmanager
    def writing(self, *, tells: bool = False) -> Iterator[sqlite3.Connection]:
        """Run one transaction: all of it is durable when the block ends, or none of it.

        Args:
            tells: nothing is written but candidates, and `writes.of` is told of each document before.

        Raises:
            NotSavedError: the disk refused, or the file is not there any more; nothing of the block is written.
            ProjectError: the project is read only, or damaged. ConflictError: a row would hang in the air.
        """
        if self.read_only:
            raise ProjectError(
                "Read only: this project is open for reading.", "Open it for writing, or open a copy."
            )
        if self._depth:
            if not tells:
                self.writes.of_all()
            yield self.connection
            return
        with self.turn.take(urgent=self.urgent):
            if self._right is not None and not self._right.is_held():
                self._in_place.check(trusted=self._right.trusted)
                raise LockedError(
                    f"{held_words(self._right.holder(), self.path.name)} It was taken over from here.",
                    "All you did before is in the file. Close it here.",
                )
            try:
                with self.writes.open(tells=tells):
                    yield from self._transaction()
            except sqlite3.IntegrityError as error:
                raise ConflictError(str(error)) from error
            except _REFUSALS as error:
                if isinstance(error, sqlite3.ProgrammingError):
                    raise
                raise not_saved(error, self.path) from error

    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self.connection.in_transaction:  # left where taking an act back was refused, too
            self.connection.rollback()
        self.connection.execute("BEGIN IMMEDIATE")
        written = self.connection.total_changes
        self._version_within = self._version()
        self._depth += 1
        try:
            yield self.connection
            self._in_place.check(trusted=not self.has_rollback_journal)
            self.connection.execute("COMMIT")
        except BaseException:
            self._forget(wrote=self.connection.total_changes != written)
            raise
        finally:
            self._depth -= 1

    def _forget(self, *, wrote: bool) -> None:
        """Take back what was begun, in the file and in memory; where the disk refuses that, the next act does it."""
        if wrote:
            self._types = None
            self._kept = None
        with contextlib.suppress(*_REFUSALS):
            if self.connection.in_transaction:
                self.connection.rollback()

    def rows(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """Ask, and give all rows.

        Raises:
            ProjectError: the file cannot be read.
        """
        try:
            return self.connection.execute(statement, values).fetchall()
        except _REFUSALS as error:
            if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError):
                raise
            # In the middle of an act SQLite may write whenever it reads.
            raise (not_saved if self._depth else not_read)(error, self.path) from error
        except MemoryError as error:  # where a damaged page speaks of a cell that no memory holds
            raise not_read(sqlite3.DatabaseError("more than the memory holds"), self.path) from error

    def value(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Ask, and give the first column of the first row, or None."""
        found = self.rows(statement, values)
        return found[0][0] if found else None

    def is_undisturbed(self) -> bool:
        """Tell whether nobody in this program writes beside long work on this connection, nor did lately."""
        return self.urgent or time.monotonic() - self.turn.asked_urgently > CALM

    def rest(self) -> None:
        """Let the window go first for a moment, after a piece of long work, while somebody writes in it."""
        if not self.is_undisturbed():
            time.sleep(REST)

    def fold_log(self) -> None:
        """Fold a long write-ahead log into the file, between two turns: for long work, whose commits leave it be."""
        if self.has_rollback_journal:
            return
        with contextlib.suppress(OSError, sqlite3.Error):  # the next one, or closing, does it
            if log_of(self.path).stat().st_size > LONG_LOG:
                self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def next_key(self, table: str) -> int:
        """Give a row key that was never used; only inside `writing`."""
        return self.next_keys(table, 1)[0]

    def next_keys(self, table: str, count: int) -> range:
        """Give row keys that were never used, rising; only inside `writing`."""
        last = self.last_key(table)
        values = last + count, table
        if not self.connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", values).rowcount:
            self.connection.execute("INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)", values)
        return range(last + 1, last + 1 + count)

    def last_key(self, table: str) -> int:
        """Give the last row key that was taken, 0 where none was; a row written with a higher one takes it."""
        last = self.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
        if last is not None and (not isinstance(last, int) or not 0 <= last < LAST_KEY):
            raise DamagedError(f"keys of {table}", f"the last one is {str(last)[:40]!r}")
        return last or 0

    def return_keys(self, table: str, unused: range) -> None:
        """Take back the last row keys of a table, if nobody was given any since; only inside `writing`."""
        self.connection.execute(
            "UPDATE sqlite_sequence SET seq = ? WHERE name = ? AND seq = ?",
            (unused.start - 1, table, unused.stop - 1),
        )

    @property
    def types(self) -> Types:
        """Give the types of the project, read again when another connection changed the file."""
        if self._types is not None and self._types_read is not None:
            self._types_read = self._still(self._types_read)
        if self._types is None or self._types_read is None:
            read = self.mark()
            rows = self.rows(f"SELECT * FROM type LIMIT {MOST_TYPES + 1}")
            if len(rows) > MOST_TYPES:
                raise ProjectError(
                    f"{self.path.name} has more than {MOST_TYPES:,} types.", "No window could show them."
                )
            names = {row["key"]: row["name"] for row in rows}
            self._types = Types(type_of(row, names) for row in rows)
            self._types_read = read
        return self._types

    def keep(self, what: str, key: int, value: Any, *, read: Mark | None = None) -> Any:
        """Keep the last thing that was read, for as long as nothing is written that may change it; gives it back.

        Args:
            what: its kind. key: the row key of its document. read: `mark` before it was read; within `writing` now.
        """
        self._kept = ((what, key), read or self.mark(), value)
        return value

    def kept_key(self, what: str) -> int | None:
        """Give of which key something was kept last, whether it holds or not; None where it was something else."""
        return None if self._kept is None or self._kept[0][0] != what else self._kept[0][1]

    def stands(self, document: int, since: Mark) -> bool:
        """Tell whether nobody may have changed a document, by its row key, since a `mark` was taken."""
        is_own = self.connection.total_changes != since.own
        return not is_own and self._still(since, document=document) is not None

    def kept(self, what: str, key: int) -> Any:
        """Give what `keep` kept of this very thing, or None where something was read or written since."""
        if self._kept is None or self._kept[0] != (what, key):
            return None
        _, read, value = self._kept
        mark = self._still(read, document=key) if read.own == self.connection.total_changes else None
        if mark is None:
            return None
        self._kept = ((what, key), mark, value)
        return value

    def mark(self) -> Mark:
        """Give what tells this moment from every later one in which something was written."""
        # The writes first: what comes in between counts as unknown then.
        of_all, of_some = self.writes.now(within=bool(self._depth))
        return Mark(self._version(), self.connection.total_changes, of_all, of_some)

    def _still(self, since: Mark, *, document: int | None = None) -> Mark | None:
        """Give the mark from which on something that was read stands, or None where others may have changed it."""
        version = self._version()
        if version == since.version:
            return since
        of_all, of_some = self.writes.now(within=True)
        if self.has_rollback_journal or not self.writes.spared(document, since):
            return None
        return Mark(version, since.own, of_all, of_some)

    def _version(self) -> int:
        """Give a number that changes when another connection writes, which none does within `writing`."""
        found: int = self._version_within if self._depth else self.value("PRAGMA data_version")
        return found

    def forget_types(self) -> None:
        """Read the types again at the next asking; call it after writing one."""
        self._types = None

    def setting(self, name: str, default: Any = None) -> Any:
        """Give a setting of the project (JSON), or the default where there is none that can be read."""
        written = self.value("SELECT value FROM setting WHERE name = ?", (name,))
        try:
            return default if written is None else json.loads(written)
        except UNREADABLE:
            return default

    def setting_like(self, name: str, default: S) -> S:
        """Give a setting, or the default where there is none of the default's kind: a stranger may have written it."""
        found = self.setting(name, default)
        return found if isinstance(found, type(default)) else default

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a setting of the project (anything JSON holds)."""
        with self.writing() as connection:
            key = None if self._kept is None else self._kept[0]
            kept = None if key is None else self.kept(*key)
            connection.execute(
                "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (name, json.dumps(value, ensure_ascii=False)),
            )
            if key is not None and kept is not None:
                self.keep(*key, kept)  # no setting was read for it


def _is_open_somewhere(path: Path) -> bool:
    """Tell whether a project seems to be open: closing a file drops every lock that this process has on it (POSIX)."""
    return side_file(path).exists() or log_of(path).exists()


def check_free(path: Path) -> None:
    """Look whether a project can be made under a name.

    Raises:
        ProjectError: something is there already, or there is no folder for it.
    """
    try:
        if path.exists():
            raise ProjectError(f"{path} exists already.", "Choose another name, or open it.")
        if not path.parent.is_dir():
            raise ProjectError(
                f"There is no folder {path.parent}.", "Make it first, or choose another place."
            )
    except OSError as error:
        raise told(error, path) from error


def _head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_SQLITE))


def lock_project(path: Path, *, annotator: str, take_over: bool = False) -> FileLock:
    """Take the right to write in a project.

    Raises:
        LockedError: somebody has it. LeftLockError: somebody had it and is gone. ProjectError: the place forbids it.
    """
    name = path.name
    try:
        lock = FileLock(side_file(path), trusted=file_system_of(path.parent).trusted)
        answer, holder = lock.acquire(annotator=annotator, take_over=take_over), lock.holder()
        for _ in range(_ASKED_AGAIN):
            if answer != "held" or holder is not None:
                break
            time.sleep(0.02)  # it is being taken or given back this moment
            answer, holder = lock.acquire(annotator=annotator, take_over=take_over), lock.holder()
        left = left_words(holder, name, folder=path.parent) if answer == "left" else ""
    except OSError as error:
        raise told(error, path) from error
    if left:
        raise LeftLockError(left, f"Take it over (annotator take-over {name}), or open it read only.")
    if answer == "held":
        raise LockedError(held_words(holder, name), "Close it there first, or open it read only.")
    return lock
