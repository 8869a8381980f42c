"""What a victim wears: connections and writers that note on the board what is being written, and that can end it.

Nothing of the program is changed but for what is noted; `Fault` alone makes it worse, to show that this is noticed.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from annotator.formats import whole_files
from annotator.suggest import in_process
from tests.stress.board import Board, Place
from tests.stress.texts import PlainMachine

OPERATIONS = 40
"""Operations of SQLite's machine between two looks at the count."""


class Fault(StrEnum):
    """Ways in which the program is made worse, to show that it is noticed."""

    NONE = ""
    EARLY = "early"  # says that an act is done before it is committed
    BEHIND = "behind"  # takes a row away without telling the journal
    HALVES = "halves"  # commits in the middle of an act
    DIRECT = "direct"  # writes exports under their own name
    UNDONE = "undone"  # forgets an entry of the journal that says what was undone


@dataclass(slots=True)
class Ending:
    """When a victim ends itself: at the n-th look inside a transaction, or before its n-th statement there."""

    operations: int = 0
    statements: int = 0

    def operation(self, board: Board) -> int:
        """Count one look of SQLite's machine."""
        if self.operations and board.place is not Place.NOTHING:
            self.operations -= 1
            if not self.operations:
                os.kill(os.getpid(), signal.SIGKILL)
        return 0

    def statement(self) -> None:
        """Count one statement of a transaction."""
        if self.statements:
            self.statements -= 1
            if not self.statements:
                os.kill(os.getpid(), signal.SIGKILL)


class Watched(sqlite3.Connection):
    """A connection that notes what it writes."""

    board: Board
    ending: Ending
    fault: Fault = Fault.NONE
    _since: Place | None = None
    _changes = 0

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:
        """Note transactions, commits and checkpoints."""
        word = statement.lstrip()[:17].upper()
        if word.startswith("BEGIN IMMEDIATE"):
            return self._begin(statement)
        if word.startswith("COMMIT"):
            return self._commit(statement)
        if word.startswith(("PRAGMA WAL_CHECKP", "PRAGMA JOURNAL_MO")):
            with self.board.at(Place.CHECKPOINT):
                return super().execute(statement, values)
        if word.startswith("VACUUM"):
            with self.board.at(Place.REWRITE):
                return super().execute(statement, values)
        if self._since is not None:
            self.ending.statement()
            self._worsen(statement)
        return super().execute(statement, values)

    def executemany(self, statement: str, values: Any, /) -> sqlite3.Cursor:
        """Note that something is written many times."""
        if self._since is not None:
            self.ending.statement()
        return super().executemany(statement, values)

    def executescript(self, script: str, /) -> sqlite3.Cursor:
        """Note a migration: nothing else is written as a script."""
        with self.board.at(Place.MIGRATION):
            return super().executescript(script)

    def rollback(self) -> None:
        """Note that a transaction is over."""
        super().rollback()
        self._over()

    def backup(self, target: sqlite3.Connection, **options: Any) -> None:
        """Note that a copy is made."""
        with self.board.at(Place.BACKUP):
            super().backup(target, **options)

    def _begin(self, statement: str) -> sqlite3.Cursor:
        if self.in_transaction and self.fault is Fault.EARLY:
            super().execute("COMMIT")
        done = super().execute(statement)
        self._since = self.board.enter(Place.TRANSACTION)
        return done

    def _commit(self, statement: str) -> sqlite3.Cursor:
        self.ending.statement()
        if self.fault is Fault.EARLY:
            self._over()
            return super().execute("SELECT 1")
        with self.board.at(Place.COMMIT):
            done = super().execute(statement)
        self._over()
        return done

    def _over(self) -> None:
        if self._since is not None:
            self.board.place = self._since
            self._since = None

    def _worsen(self, statement: str) -> None:
        """Commit between two changes of one act."""
        if self.fault is Fault.HALVES and statement.lstrip().upper().startswith("INSERT INTO CHANGE"):
            self._changes += 1
            if self._changes % 2 == 0:
                super().execute("COMMIT")
                super().execute("BEGIN IMMEDIATE")


def watch(board: Board, ending: Ending, fault: Fault = Fault.NONE) -> None:
    """Let every connection, every export and every settings file of this process be noted."""
    connect = sqlite3.connect
    kind = type("WatchedHere", (Watched,), {"board": board, "ending": ending, "fault": fault})

    def connected(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, factory=kind, **options)
        if ending.operations:
            connection.set_progress_handler(partial(ending.operation, board), OPERATIONS)
        return connection

    sqlite3.connect = connected  # type: ignore[assignment]
    setattr(in_process, "InProcess", PlainMachine)  # noqa: B010 - spaCy takes longer than most victims live
    _watch_files(board, fault)


def _watch_files(board: Board, fault: Fault) -> None:
    safely, put = whole_files.write_safely, whole_files.put_in_place

    def write_safely(target: Path, write: Callable[[Path], None], check: Callable[[Path], None]) -> None:
        with board.at(Place.EXPORT):
            safely(target, write, check)

    def put_in_place(written: Path, target: Path) -> None:
        with board.at(Place.EXPORT):
            put(written, target)

    _replace("write_safely", safely, write_safely)
    _replace("put_in_place", put, put_in_place)

    def write_directly(target: Path, write: Callable[[Path], None], _check: Callable[[Path], None]) -> None:
        with board.at(Place.EXPORT):
            write(target)

    if fault is Fault.DIRECT:
        _replace("beside", whole_files.beside, lambda target, **_endings: target)
        _replace("write_safely", write_safely, write_directly)
        _replace("put_in_place", put_in_place, lambda _written, _target: None)


def _replace(name: str, old: Any, new: Any) -> None:
    """Let every module of the program that knows a function by its name know another one."""
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("annotator.") and getattr(module, name, None) is old:
            setattr(module, name, new)
