"""Opens, locks, backs up and closes a project file, and runs transactions in it.

While it is open for writing the file is in WAL mode with `synchronous=FULL`; closing folds everything back, so that
the one file is the project. What is asked of the tables stands in the neighbouring modules, as functions of a
`Project`.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from annotator.model.errors import LockedError, ProjectError
from annotator.store.faults import ConflictError, told
from annotator.store.locking import FileLock, Turn
from annotator.store.migrate import latest, migrate, version_of
from annotator.store.rows import Types, type_of

SUFFIX = ".annot"
_REFUSALS = (sqlite3.OperationalError, sqlite3.DatabaseError)


class Project:
    """A connection to a project file; one for each thread, made with `sibling`.

    Args:
        path: the file. read_only: nothing can be written. lock: held by the first connection of a writer.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, *, read_only: bool, turn: Turn) -> None:
        self.path = path
        self.read_only = read_only
        self.connection = connection
        self.turn = turn
        self.urgent = True
        self._lock: FileLock | None = None
        self._types: Types | None = None
        self._types_version: int | None = None
        self._depth = 0
        self._siblings: list[Project] = []
        self._kept: tuple[tuple[str, int], tuple[int, int], Any] | None = None

    @classmethod
    def create(cls, path: Path, *, annotator: str) -> Project:
        """Make a new, empty project file and open it for writing.

        Raises:
            ProjectError: something is there already, or the place cannot be written.
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
        try:
            project = cls._open_for_writing(path, annotator=annotator)
        except ProjectError:
            with contextlib.suppress(OSError):
                if path.exists() and path.stat().st_size == 0:
                    path.unlink()
            raise
        return project

    @classmethod
    def open(cls, path: Path, *, annotator: str, read_only: bool = False) -> Project:
        """Open a project file.

        Raises:
            LockedError: somebody else writes in it. NewerError: made by a newer program.
            ProjectError: missing, damaged, not a project, or its place does not allow it.
        """
        try:
            if not path.is_file():
                kind = "a folder" if path.is_dir() else "not there"
                raise ProjectError(f"{path} is {kind}.", "Choose a project file; its name ends in .annot.")
            with path.open("rb") as file:
                head = file.read(16)
        except OSError as error:
            raise told(error, path) from error
        if head and head != b"SQLite format 3\x00":
            raise ProjectError(
                f"{path.name} is not a project: it does not begin like one.", "Import it instead."
            )
        if not head:
            raise ProjectError(
                f"{path.name} is empty, not a project.", "Choose another file, or make a new project."
            )
        if read_only:
            return cls._open_for_reading(path)
        return cls._open_for_writing(path, annotator=annotator)

    @classmethod
    def _open_for_writing(cls, path: Path, *, annotator: str) -> Project:
        lock = FileLock(path.with_name(path.name + ".lock"))
        try:
            free = lock.acquire(annotator=annotator)
        except OSError as error:
            raise told(error, path) from error
        if not free:
            raise _locked(path, lock.holder())
        try:
            connection = _connect(path, read_only=False)
            try:
                version = version_of(connection)
                if version and version < latest():
                    backup(connection, path.with_name(f"{path.name}.backup-{version}"))
                if version < latest():
                    migrate(connection, start=version)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
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
        project._lock = lock
        return project

    @classmethod
    def _open_for_reading(cls, path: Path) -> Project:
        try:
            connection = _connect(path, read_only=True)
            try:
                version = version_of(connection)
                if version < latest():
                    raise ProjectError(
                        f"{path.name} was made by an older annotator and must be brought up to date first.",
                        "Open it for writing once.",
                    )
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            raise told(error, path) from error
        return cls(path, connection, read_only=True, turn=Turn())

    def sibling(self) -> Project:
        """Give another connection for long work in another thread; it yields to the window at every turn."""
        connection = _connect(self.path, read_only=self.read_only)
        if not self.read_only:
            connection.execute("PRAGMA synchronous = FULL")
        other = Project(self.path, connection, read_only=self.read_only, turn=self.turn)
        other.urgent = False
        self._siblings.append(other)
        return other

    def close(self) -> None:
        """Fold everything into the one file and let it go; a sibling only closes its connection."""
        if self._lock is None:
            self.connection.close()
            return
        for other in self._siblings:
            with contextlib.suppress(sqlite3.Error):
                other.connection.close()
        try:
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError:
            pass  # a reader holds on: the WAL file stays beside the project and is folded in at the next opening
        finally:
            self.connection.close()
            self._lock.release()
            self._lock = None

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run one transaction: all of it is durable when the block ends, or none of it.

        Raises:
            ProjectError: the project is read only, or the disk refused.
        ConflictError: a row would hang in the air.
        """
        if self.read_only:
            raise ProjectError(
                "Read only: this project is open for reading.", "Open it for writing, or open a copy."
            )
        if self._depth:
            yield self.connection
            return
        with self.turn.take(urgent=self.urgent):
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                self._depth += 1
                try:
                    yield self.connection
                    self.connection.execute("COMMIT")
                except BaseException:
                    self._types = None
                    self._kept = None
                    if self.connection.in_transaction:
                        self.connection.rollback()
                    raise
                finally:
                    self._depth -= 1
            except sqlite3.IntegrityError as error:
                raise ConflictError(str(error)) from error
            except _REFUSALS as error:
                if isinstance(error, sqlite3.ProgrammingError):
                    raise
                raise told(error, self.path) from error

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
            raise told(error, self.path) from error

    def value(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Ask, and give the first column of the first row, or None."""
        found = self.rows(statement, values)
        return found[0][0] if found else None

    def next_key(self, table: str) -> int:
        """Give a row key that was never used; only inside `writing`."""
        last = self.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
        key = (last or 0) + 1
        if last is None:
            self.connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, key))
        else:
            self.connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (key, table))
        return key

    @property
    def types(self) -> Types:
        """Give the types of the project, read again when another connection changed the file."""
        version = self.value("PRAGMA data_version")
        if self._types is None or version != self._types_version:
            rows = self.rows("SELECT * FROM type")
            names = {row["key"]: row["name"] for row in rows}
            self._types = Types(type_of(row, names) for row in rows)
            self._types_version = version
        return self._types

    def keep(self, what: str, key: int, value: Any) -> Any:
        """Keep the last thing that was read, for as long as nothing is written; gives it back."""
        self._kept = ((what, key), self._state(), value)
        return value

    def kept(self, what: str, key: int) -> Any:
        """Give what `keep` kept of this very thing, or None where something was read or written since."""
        if self._kept is None or self._kept[0] != (what, key) or self._kept[1] != self._state():
            return None
        return self._kept[2]

    def _state(self) -> tuple[int, int]:
        """Give two numbers that change with every write, by this connection or by another."""
        return self.value("PRAGMA data_version"), self.connection.total_changes

    def forget_types(self) -> None:
        """Read the types again at the next asking; call it after writing one."""
        self._types = None

    def setting(self, name: str, default: Any = None) -> Any:
        """Give a setting of the project (JSON), or the default."""
        written = self.value("SELECT value FROM setting WHERE name = ?", (name,))
        return default if written is None else json.loads(written)

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a setting of the project (anything JSON holds)."""
        with self.writing() as connection:
            connection.execute(
                "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (name, json.dumps(value, ensure_ascii=False)),
            )


def backup(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a database whole, also while others write in it."""
    with contextlib.closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    uri = path.absolute().as_uri() + ("?mode=ro" if read_only else "?mode=rwc")
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10.0, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cache_size = -16000")
    return connection


def _locked(path: Path, holder: Mapping[str, Any]) -> LockedError:
    who = (
        f"{holder.get('annotator') or 'Somebody'} on {holder['host']} (process {holder.get('process')})"
        if holder.get("host")
        else "Another program"
    )
    return LockedError(
        f"{who} has {path.name} open for writing.", "Close it there first, or open it read only."
    )
