"""Where a victim works: the open project, and the line to its killer on which it says what it begins and what is done.

A message is its length in four bytes and a pickled tuple. What is said to be done carries the rows as they are then.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from annotator.model.change import ChangeSet
from annotator.model.errors import UserError
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.stress.board import Board
from tests.stress.state import Difference, Reader
from tests.stress.texts import PlainMachine

ANNOTATOR = "Mara"


@dataclass(frozen=True, slots=True)
class Made:
    """A project file that is made beside the one that is worked in, and what it must hold."""

    path: str
    name: str
    types: int
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An act that is about to happen.

    Args:
        expected: what is known of it beforehand, by kind of act (`judging.py` reads it).
    """

    number: int
    kind: str
    words: str
    expected: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An act that returned.

    Args:
        refused: it was said to be impossible. step: the journal's entry that its listeners were told of.
        rows: what those were told of rows: table, key, and version, None for a row that went.
        changed: all rows that are not as they were. files: SHA-256 by name of what was written beside the project.
    """

    number: int
    refused: bool
    step: int | None
    rows: tuple[tuple[str, int, int | None], ...]
    changed: Difference
    files: dict[str, str]
    told: dict[str, Any]


@dataclass(slots=True)
class Outcome:
    """What an act found out while it ran."""

    changes: ChangeSet | None = None
    files: tuple[Path, ...] = ()
    told: dict[str, Any] = field(default_factory=dict)


class Line:
    """The line to the killer; used by several threads."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.lock = threading.RLock()

    def say(self, message: Any) -> None:
        """Send one message, whole."""
        packed = pickle.dumps(message)
        with self.lock:
            rest = memoryview(struct.pack("<I", len(packed)) + packed)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]


class Desk:
    """An open project and everything that acts on it need.

    Args:
        path: the project. rng: what decides on everything. first: the newest step that is not to be undone.
    """

    def __init__(self, path: Path, *, board: Board, line: Line, rng: Random, first: int) -> None:
        self.path = path
        self.board = board
        self.line = line
        self.rng = rng
        self.first = first
        self.session = self.open()
        self._number = 0
        reader = Reader(self.session.project.connection)
        reader.difference()
        self._kept = reader.kept

    @property
    def folder(self) -> Path:
        """Give where files are written: a folder beside the project."""
        return self.path.parent / "out"

    def open(self) -> Session:
        """Open the project as the window does."""
        session = open_project(self.path, annotator=ANNOTATOR)
        session.machine = PlainMachine()
        return session

    def open_again(self) -> None:
        """Open the project again after it was closed."""
        self.session = self.open()

    @contextlib.contextmanager
    def act(
        self, kind: str, words: str = "", *, session: Session | None = None, **expected: Any
    ) -> Iterator[Outcome]:
        """Say that an act begins and, when the block returned, that it is done; a refusal is an outcome too.

        `session` is the one that acts, if it is not that of the desk: its connection belongs to another thread.
        """
        with self.line.lock:
            self._number += 1
            number = self._number
        self.line.say(Begun(number=number, kind=kind, words=words, expected=expected))
        outcome = Outcome()
        refused = False
        try:
            yield outcome
        except UserError as error:
            refused = True
            outcome.told["refusal"] = str(error)
        with self.line.lock:
            reader = Reader((session or self.session).project.connection)
            reader.kept = self._kept
            changed = reader.difference(whole=kind in ("put back", "removal"))
            self._kept = reader.kept
            self.line.say(_done(number, outcome, changed, refused=refused))


def _done(number: int, outcome: Outcome, changed: Difference, *, refused: bool) -> Done:
    changes = outcome.changes
    return Done(
        number=number,
        refused=refused,
        step=changes.step.key if changes is not None and changes.step is not None else None,
        rows=_told(changes),
        changed=changed,
        files={str(path): digest(path) for path in outcome.files},
        told=outcome.told,
    )


def digest(path: Path) -> str:
    """Give the SHA-256 of a file, empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _told(changes: ChangeSet | None) -> tuple[tuple[str, int, int | None], ...]:
    """Give what listeners were told of each row, the last word on each."""
    if changes is None:
        return ()
    from annotator.store.tables import table_of

    found: dict[tuple[str, int], int | None] = {}
    for change in changes.changes:
        key = table_of(change.row).name, change.row.key
        found[key] = None if change.after is None else change.after.version
    return tuple((name, key, version) for (name, key), version in found.items())
