"""A sitting of many acts on a project, in a process of its own whose writes are recorded (`run_watched`).

    python -m tests.faults.recorded_acts PROJECT [rollback] [NORMAL | OFF]

`rollback` is a disk whose locks cannot be trusted, so that the journal is one that rolls back; `NORMAL` and `OFF` are
programs that wait for the disk at times, or never. After each act it says `done` and the state of the project then.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.model.document import State
from annotator.model.record import Record
from annotator.model.schema import EntityType
from annotator.store import project
from annotator.store.file_systems import FileSystem
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_project, a_record, bring, marked, place, plain_tokens, propose
from tests.faults.states import state_of
from tests.faults.watching import Watch

CHECKPOINT_AT = 40
"""Pages of the log after which SQLite folds it in by itself; few, so that it happens in the middle of acts."""
WORDS = "[Ada](PERSON) met [Bob](PERSON) in [Paris](GPE) while [Eve](PERSON) went to [Rome](GPE) by train."


class _Altered(sqlite3.Connection):
    """A connection on a machine that is not as one would wish."""

    level = ""

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Carry a statement out, but for what this machine lacks."""
        asked = statement.upper().replace(" ", "")
        if self.level and asked.startswith("PRAGMASYNCHRONOUS="):
            statement = f"PRAGMA synchronous = {self.level}"
        return super().execute(statement, *values)


def _alter(*, is_trusted: bool, level: str) -> None:
    project.file_system_of = lambda folder: FileSystem("x", trusted=is_trusted)  # type: ignore[attr-defined]  # noqa: ARG005
    _Altered.level = level
    connect = sqlite3.connect

    def altered(*arguments: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*arguments, **{**options, "factory": _Altered})
        return made

    sqlite3.connect = altered  # type: ignore[assignment]


def act(path: Path) -> Iterator[tuple[str, Session]]:
    """Act, and yield after each act, when it was told to be done: its name and the open session."""
    session = a_project(path.parent, name=path.stem)
    yield "made", session
    session.project.connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_AT}")
    documents = []
    for number in range(3):
        text, spans = marked(f"{WORDS} It was number {number}.")
        report = bring(session, Record(text=text, source=f"{number}.txt", tokens=plain_tokens(text)))
        assert report.first_document is not None
        documents.append(report.first_document)
        yield "a-document", session
        propose(session, documents[-1], spans)
        yield "candidates", session
    yield from _decide(session, documents[0])
    yield from _undo_and_redo(session, documents[0])
    session.project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    yield "folded-in", session
    yield from _change_types(session, documents[1])
    bring(session, *_many(25))
    yield "an-import", session
    session.project.connection.execute("PRAGMA wal_checkpoint(RESTART)")
    yield "folded-in", session
    clone = session.clone()
    bring(clone, a_record("[Uma](PERSON) met [Kim](STRANGER).", source="beside.txt"))
    clone.close()
    yield "an-import-beside", session
    session.do(commands.AcceptMany())
    yield "accept-many", session
    session.close()
    session = open_project(path, annotator="Mara")
    yield "opened-again", session
    yield from _decide(session, documents[2])
    session.undo(None)
    yield "undo", session
    session.close()
    # Nobody holds it open now, so that the last state can be read without writing.
    session = open_project(path, annotator="Mara", read_only=True)
    yield "closed", session
    session.close()


def _decide(session: Session, document: int) -> Iterator[tuple[str, Session]]:
    text = session.text(document)
    for readings in session.annotations(document).undecided[:3]:
        session.do(commands.AcceptSpan(document=document, candidate=readings.best.what))
        yield "accept", session
    left = session.annotations(document).undecided
    if left:
        session.do(commands.RejectSpan(document, (left[0].best.what,)))
        yield "reject", session
    session.do(commands.AddSpan(document, place(text, "train"), "GPE"))
    yield "add", session
    train = max(session.annotations(document).spans, key=lambda span: span.key)
    session.do(commands.MoveSpan(train.key, place(text, "by train")))
    yield "move", session
    session.do(commands.RelabelSpans((train.key,), "ROLE"))
    yield "relabel", session
    first, second = [span.key for span in session.annotations(document).spans if span.label == "PERSON"][:2]
    session.do(commands.AddRelation(document=document, head=first, child=second, label="MET"))
    yield "relation", session
    session.do(commands.SetNote(kind=Kind.SPAN, key=first, note="The countess. " * 40))
    yield "note", session


def _undo_and_redo(session: Session, document: int) -> Iterator[tuple[str, Session]]:
    for _ in range(3):
        session.undo(document)
        yield "undo", session
    session.redo(document)
    yield "redo", session
    session.do(commands.SetState(documents=(document,), state=State.SKIPPED, reason="too long"))
    yield "skip", session


def _change_types(session: Session, document: int) -> Iterator[tuple[str, Session]]:
    session.do(commands.AddType(EntityType(name="EVENT", color="teal")))
    yield "add-type", session
    session.do(commands.AddSpan(document, place(session.text(document), "met"), "EVENT"))
    yield "add", session
    session.do(commands.DeleteType(kind=Kind.SPAN, name="EVENT"))
    yield "delete-type", session
    session.set_setting("view", {"document": document})
    yield "setting", session


def _many(count: int) -> list[Record]:
    texts = [f"Comet {number} passed. " + "It was seen by many. " * 30 for number in range(count)]
    return [Record(text=text, source=f"{text[:8]}", tokens=plain_tokens(text)) for text in texts]


def main(path: str, *how: str) -> None:
    """Act on a project that is not there yet."""
    _alter(is_trusted="rollback" not in how, level=next(iter({"OFF", "NORMAL"} & {*how}), ""))
    watch = Watch()
    for name, session in act(Path(path)):
        watch.say(f"done:{name}:{state_of(session.project)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
