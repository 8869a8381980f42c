"""Acts on a disk that is full, forbidden or gone, in a process with a small disk of its own (`small_disk.py`).

    python -m tests.faults.full_disk_acts SCENARIO FOLDER

Every function of this module that is in `SCENARIOS` is one; a failing assertion ends the process.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.model.document import State
from annotator.model.errors import NotSavedError
from annotator.model.identity import new_id
from annotator.model.record import Record
from annotator.model.schema import EntityType
from annotator.workflows.exporting import ExportOptions, export
from annotator.workflows.importing import import_documents
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from annotator.workflows.suggesting import suggest
from tests.builders import bring, place, plain_tokens
from tests.faults.ledger import refused
from tests.faults.readying import FULL, a_disk, fold_in, make_new, ready
from tests.faults.small_disk import SmallDisk, run_scenario
from tests.faults.states import state_of


def _acts(session: Session, key: int, folder: Path) -> dict[str, Callable[[], object]]:
    """Give an act of each kind that writes in a project."""
    source = folder / "more.txt"
    source.write_text("Somebody else came by.\n", encoding="utf-8")
    first = session.annotations(key).undecided[0].best.what
    train = session.annotations(key).spans[0].key
    tokens = session.tokens(key)
    return {
        "Accept Ada as PERSON": lambda: session.do(commands.AcceptSpan(document=key, candidate=first)),
        "Accept": lambda: session.do(commands.AcceptMany(documents=(key,))),
        "Reject": lambda: session.do(commands.RejectSpan(key, (first,))),
        "Label": lambda: session.do(commands.AddSpan(key, place(session.text(key), "met"), "GPE")),
        "Remove": lambda: session.do(commands.RemoveSpans((train,))),
        "Note on": lambda: session.do(commands.SetNote(kind=Kind.SPAN, key=train, note="by rail")),
        "Skipped": lambda: session.do(
            commands.SetState(documents=(key,), state=State.SKIPPED, reason="long")
        ),
        "Finish": lambda: session.do(commands.FinishDocument(document=key, accept_rest=True)),
        "New tokens": lambda: session.do(
            commands.Retokenize(
                document=key,
                language="de",
                starts=tuple(tokens.starts),
                ends=tuple(tokens.ends),
                sentences=tuple(tokens.sentences),
                tokenizer="x",
            )
        ),
        "Add": lambda: session.do(commands.AddType(EntityType(name="EVENT", color="teal"))),
        "Delete": lambda: session.do(commands.DeleteType(kind=Kind.SPAN, name="GPE")),
        "Undo: ": lambda: session.undo(None),
        "Import more.txt": lambda: import_documents(session, [source]),
        "": lambda: session.set_setting("view", {"document": key}),
        " ": lambda: suggest(session, documents=[key], again=True),
    }


def every_act(folder: Path) -> None:
    """Refuse every kind of act while the disk is full, and let it be done when there is room again."""
    names = []
    with ready(a_disk(folder)) as (ledger, key):
        names = list(_acts(ledger.session, key, folder))
    for name in names:
        shutil.rmtree(folder / "disk", ignore_errors=True)
        disk = SmallDisk(folder / "disk")
        with ready(disk) as (ledger, key):
            act = _acts(ledger.session, key, folder)[name]
            fold_in(ledger.session)
            disk.fill()
            error = ledger.refused(act, *FULL, str(disk.folder))
            assert error.act.startswith(name.strip()), (name, error.act)
            ledger.refused(act, *FULL)
            disk.free()
            ledger.done(act)
        ledger.opened_again().close()


def import_that_fills_it(folder: Path) -> None:
    """Fill the disk with an import itself: nobody sees any of it, and when it is tried again nothing is left of it."""
    disk = a_disk(folder)
    with ready(disk) as (ledger, _key):
        session = ledger.session
        before = session.counts()
        documents = session.project.value("SELECT count(*) FROM document")
        texts = [f"{number} came by. " + "It was late. " * 40 for number in range(250)]
        ids = [new_id() for _ in texts]
        records = [
            Record(id=own, text=text, source=own, tokens=plain_tokens(text))
            for own, text in zip(ids, texts, strict=True)
        ]
        fold_in(session)
        disk.fill(leave=250_000)
        refused(lambda: bring(session, *records), *FULL, "“Import test”")
        assert session.counts() == before
        disk.fill()
        refused(lambda: bring(session, *records), *FULL)
        disk.free()
        assert bring(session, *records).documents == len(records)
        assert session.project.value("SELECT count(*) FROM document") == documents + len(records)
        assert {session.document(each).id for each in session.document_keys()} >= set(ids)
        ledger.state = state_of(session.project)
        ledger.agree()
    ledger.opened_again().close()


def redo(folder: Path) -> None:
    """Refuse a redo, then do it."""
    disk = a_disk(folder)
    with ready(disk) as (ledger, _key):
        ledger.session.undo(None)
        ledger.state = state_of(ledger.session.project)
        fold_in(ledger.session)
        disk.fill()
        error = ledger.refused(lambda: ledger.session.redo(None), *FULL)
        assert error.act.startswith("Redo: Label train"), error.act
        disk.free()
        ledger.done(lambda: ledger.session.redo(None))
    ledger.opened_again().close()


def fills_while_working(folder: Path) -> None:
    """Work until the disk is full, far beyond, with the log folded in by itself in between; then make room."""
    disk = a_disk(folder)
    with ready(disk) as (ledger, key):
        session = ledger.session
        session.project.connection.execute("PRAGMA wal_autocheckpoint = 20")
        disk.fill(leave=300_000)
        refusals = number = 0
        while refusals < 5:
            number += 1
            note = f"{number} " + "x" * 4000
            try:
                session.do(commands.SetNote(kind=None, key=key, note=note))
                ledger.state = state_of(session.project)
            except NotSavedError:
                refusals += 1
                ledger.agree()
        assert number > 10, "it was full at once"
        disk.free()
        ledger.done(lambda: session.do(commands.SetNote(kind=None, key=key, note="room again")))
    ledger.opened_again().close()


def checkpoint(folder: Path) -> None:
    """Fill the disk in the middle of folding the log in: the file cannot grow, and nothing is lost."""
    disk = a_disk(folder)
    with ready(disk) as (ledger, key):
        session = ledger.session
        session.project.connection.execute("PRAGMA wal_autocheckpoint = 0")
        fold_in(session)
        for number in range(8):
            session.do(commands.SetNote(kind=None, key=key, note=f"{number} " + "x" * 6000))
        ledger.state = state_of(session.project)
        disk.fill(leave=4096)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            session.project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ledger.agree()
        disk.free()
        ledger.done(lambda: session.do(commands.SetNote(kind=None, key=key, note="room again")))
    ledger.opened_again().close()


def closing(folder: Path) -> None:
    """Close on a full disk: the log stays, which is said; it opens again, full or not, with all that was done."""
    disk = a_disk(folder)
    with ready(disk) as (ledger, key):
        session = ledger.session
        session.project.connection.execute("PRAGMA wal_autocheckpoint = 0")
        fold_in(session)
        for number in range(8):
            session.do(commands.SetNote(kind=None, key=key, note=f"{number} " + "x" * 6000))
        ledger.state = state_of(session.project)
        disk.fill()
        closed = session.close()
    path = session.path
    assert not closed.is_whole
    assert "The disk is full" in closed.words()
    assert "test.annot-wal" in closed.words()
    assert path.with_name("test.annot-wal").stat().st_size > 0
    disk.fill()  # closing gave some room back: that of the memory shared with readers
    refused(lambda: open_project(path, annotator="Mara"), str(path), "the disk is full", "Free some room")
    disk.free()
    ledger.opened_again(path).close()
    assert {each.name for each in disk.folder.iterdir()} == {path.name}


def read_only_place(folder: Path) -> None:
    """Open, make and export at a place that is read only."""
    disk = a_disk(folder)
    with ready(disk) as (ledger, key):
        path = ledger.session.path
        fold_in(ledger.session)
        shutil.copy(path, folder / "later.annot")  # while it is open: its log is to be used
    disk.forbid_writing()
    refused(lambda: open_project(path, annotator="Mara"), str(path), "Read-only", "another place")
    session = open_project(path, annotator="Mara", or_read_only=True)
    assert session.read_only
    assert state_of(session.project) == ledger.state
    refused(lambda: session.undo(None), "Read only", "open a copy")
    assert session.annotations(key).spans
    session.close()
    refused(lambda: make_new(disk.folder / "new.annot"), "new.annot", "Read-only")
    session = open_project(path, annotator="Mara", read_only=True)
    options = ExportOptions(format="prodigy", documents="all")
    refused(lambda: export(session, disk.folder / "out.jsonl", options), "out.jsonl", "read only")
    export(session, folder / "out.jsonl", options)
    session.close()
    disk.allow_writing()
    # The copy was made while the project was open: it opens where it can be written, not with the log of another.
    shutil.move(folder / "later.annot", disk.folder / "later.annot")
    disk.forbid_writing()
    session = open_project(disk.folder / "later.annot", annotator="Mara", or_read_only=True)
    assert session.read_only
    assert session.annotations(key).spans
    session.close()


def log_on_a_read_only_place(folder: Path) -> None:
    """Open a project with a log, left by a program that was killed, where nothing can be written: both are named."""
    disk = a_disk(folder)
    with ready(disk) as (ledger, _key):
        path = ledger.session.path
        for side in ("", "-wal"):
            shutil.copy(path.with_name(path.name + side), disk.folder / f"left.annot{side}")
    disk.forbid_writing()
    left = disk.folder / "left.annot"
    refused(lambda: open_project(left, annotator="Mara", or_read_only=True), "left.annot-wal", "Copy both")
    for side in ("", "-wal"):
        shutil.copy(left.with_name(left.name + side), folder / f"left.annot{side}")
    ledger.opened_again(folder / "left.annot").close()


SCENARIOS: tuple[Callable[[Path], None], ...] = (
    *(every_act, import_that_fills_it, redo, fills_while_working, checkpoint, closing),
    *(read_only_place, log_on_a_read_only_place),
)


if __name__ == "__main__":
    run_scenario(SCENARIOS)
