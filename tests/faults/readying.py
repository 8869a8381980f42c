"""A project on a small disk, made ready for acts that are refused."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from annotator.editing import commands
from annotator.workflows.projects import new_project
from annotator.workflows.session import Session
from tests.builders import SCHEMA, a_document, a_project, place
from tests.faults.ledger import Ledger
from tests.faults.machines import PlainMachine
from tests.faults.small_disk import SmallDisk

WORDS = "[Ada](PERSON) met [Bob](PERSON) in [Paris](GPE) while [Eve](PERSON) went to [Rome](GPE) by train."
FULL = ("The disk is full.", "Free some room", "then try again")


def a_disk(folder: Path) -> SmallDisk:
    """Mount a small disk in a folder."""
    return SmallDisk(folder / "disk")


@contextlib.contextmanager
def ready(disk: SmallDisk) -> Iterator[tuple[Ledger, int]]:
    """Open a project with a document of candidates on a disk, and close it afterwards."""
    session = a_project(disk.folder)
    session.machine = PlainMachine()
    key = a_document(session, WORDS)
    session.do(commands.AddSpan(key, place(session.text(key), "train"), "GPE"))
    yield Ledger(session), key
    session.close()


def fold_in(session: Session) -> None:
    """Let the log be empty, so that the next act needs room."""
    session.project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def make_new(path: Path) -> None:
    """Make a project, look into it, and remove it again."""
    session = new_project(path, name="New", schema=SCHEMA, language="en", annotator="Mara")
    assert session.schema.entity("PERSON") is not None
    session.close()
    path.unlink()
