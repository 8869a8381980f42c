"""Batches: nobody sees one before it is published, and nothing of a broken one stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.model.annotation import Kind
from annotator.model.document import State
from annotator.model.packing import packed
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.store import batches
from annotator.workflows.arrival import Arrival, OnDuplicate
from annotator.workflows.projects import open_project
from annotator.workflows.session import DocumentFilter, Session
from tests.builders import a_project, a_record, bring

#: Tables of the full-text index hold its own bookkeeping; `search_docsize` has one row a document.
COUNTED = ("search_docsize",)


def sizes(session: Session) -> dict[str, int]:
    """Count the rows of every table."""
    tables = [
        row[0]
        for row in session.project.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    own = [name for name in tables if name in COUNTED or not name.startswith(("search", "sqlite"))]
    return {name: session.project.value(f"SELECT count(*) FROM {name}") for name in own}


def rich_record(number: int) -> Record:
    """Make a record with an accepted and a rejected span, a candidate, relations, and new types."""
    record = a_record(
        f"Number {number}: [Ada](PERSON) saw a [comet](THING) and a [star](GLOW).", source=str(number)
    )
    accepted, thing, glow = record.spans
    spans = (
        accepted,
        thing,
        RecordSpan(fragments=glow.fragments, label="GLOW", score=0.7),
        RecordSpan(fragments=glow.fragments, label="PERSON", rejected=True),
    )
    relations = (
        RecordRelation(head=0, child=1, label="SAW"),
        RecordRelation(head=0, child=2, label="SAW", score=0.4),
        RecordRelation(head=1, child=0, label="SAW", rejected=True),
    )
    return replace(record, spans=spans, relations=relations)


def begun(session: Session, count: int) -> int:
    """Write a batch and publish nothing."""
    batch = batches.begin_batch(session.project, name="half", at=0.0, annotator="Mara")
    arrival = Arrival(session, batch.key, on_duplicate=OnDuplicate.SKIP, problem=lambda _problem: None)
    wanted = [arrival.meet(rich_record(number)) for number in range(count)]
    arrival.write([(each, packed(each.record.tokens)) for each in wanted if each and each.record.tokens])
    return batch.key


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project with one document."""
    session = a_project(tmp_path)
    bring(session, a_record("[Eve](PERSON) left."))
    yield session
    session.close()


def test_a_batch_is_not_seen_before_it_is_published(session: Session) -> None:
    before = session.counts(), session.usage(), session.schema
    begun(session, 3)
    assert (session.counts(), session.usage(), session.schema) == before
    assert session.document_keys(DocumentFilter(text="comet")) == []
    assert session.neighbour(session.document_keys()[0]) is None


def test_nothing_of_a_dropped_batch_stays_in_any_table(session: Session) -> None:
    before = sizes(session)
    batch = begun(session, 3)
    written = sizes(session)
    assert all(
        written[name] > before[name]
        for name in ("document", "span", "relation", "rejection", "candidate", "type")
    )
    batches.drop_batch(session.project, batch)
    assert sizes(session) == before
    matches = session.project.value("SELECT count(*) FROM search WHERE search MATCH 'comet'")
    assert matches == 0
    assert session.project.value("PRAGMA integrity_check") == "ok"
    session.project.connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_what_a_killed_import_left_is_removed_at_the_next_opening(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    before = sizes(session)
    begun(session, 3)
    session.close()
    reader = open_project(session.path, annotator="Mara", read_only=True)
    assert reader.counts().all == 0
    assert sizes(reader) != before
    reader.close()
    again = open_project(session.path, annotator="Mara")
    assert sizes(again) == before
    again.close()


def test_opening_does_not_wait_for_all_that_a_large_killed_import_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = a_project(tmp_path)
    before = sizes(session)
    batch = begun(session, 7)
    session.close()
    monkeypatch.setattr(batches, "DROPPED_AT_ONCE", 2)
    monkeypatch.setattr("annotator.workflows.projects.PATIENCE", -1.0)
    again = open_project(session.path, annotator="Mara")
    left = again.project.value("SELECT count(*) FROM document WHERE batch = ?", (batch,))
    assert left == 5, "one turn of two"
    assert again.counts().all == 0
    assert again.document_keys() == []
    bring(again, a_record("[Eve](PERSON) left."))
    assert again.project.value("SELECT count(*) FROM document WHERE batch = ?", (batch,)) == 0
    assert again.counts().all == 1
    again.undo(None)
    assert sizes(again)["span"] == before["span"] + 1, "that of the import, hidden now"
    again.close()


def test_a_dropped_batch_takes_no_type_that_another_needs(session: Session) -> None:
    bring(session, rich_record(1))
    session.undo(None)
    begun(session, 1)
    batch = begun(session, 2)
    batches.drop_batch(session.project, batch)
    session.redo(None)
    assert session.schema.entity("GLOW") is not None
    assert session.schema.relation("SAW") is not None
    assert batches.drop_pending(session.project) == 1
    assert [kind for kind, name in session.usage() if name in ("THING", "SAW")] == [Kind.SPAN, Kind.RELATION]


def test_two_imports_at_once_get_keys_of_their_own(session: Session) -> None:
    one, other = (
        Arrival(
            session,
            batches.begin_batch(session.project, name="b", at=0.0, annotator="Mara").key,
            on_duplicate=OnDuplicate.SKIP,
            problem=lambda _problem: None,
        )
        for _ in range(2)
    )
    for number, arrival in enumerate((one, other, one, other)):
        wanted = arrival.meet(rich_record(number))
        assert wanted is not None
        assert wanted.record.tokens is not None
        arrival.write([(wanted, packed(wanted.record.tokens))])
    written = session.project.rows("SELECT source FROM document WHERE batch > 1")
    assert sorted(row["source"] for row in written) == ["0", "1", "2", "3"]


def test_a_document_that_comes_as_done_with_something_undecided_is_in_progress(session: Session) -> None:
    open_one = replace(rich_record(1), state=State.DONE)
    clear = replace(a_record("[Zoe](PERSON) left.", source="z"), state=State.DONE)
    bring(session, open_one, clear)
    first, second = session.document_keys()[1:]
    assert session.row(first).undecided == 2
    assert session.document(first).state is State.IN_PROGRESS
    assert session.document(second).state is State.DONE
