"""Which finished documents count as a person's own, and when their evidence is another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.document import State
from annotator.store.evidence import finished_by_hand
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, a_record, bring, place


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = a_project(tmp_path)
    yield session
    session.close()


def _keys(session: Session, *, imported: bool = False) -> list[int]:
    return [each.document for each in finished_by_hand(session.project, imported=imported)]


def test_what_a_person_finished_counts_in_the_order_in_which_they_did(session: Session) -> None:
    first, second, third = (a_document(session, f"[Ada](PERSON) came {number}.") for number in range(3))
    for key in (second, first):
        session.do(commands.FinishDocument(document=key, accept_rest=True))
    assert _keys(session) == [second, first]
    session.do(commands.SetState(documents=(second,), state=State.IN_PROGRESS))
    assert _keys(session) == [first]
    assert third not in _keys(session, imported=True)


def test_what_was_done_in_bulk_does_not_count_but_for_single_decisions(session: Session) -> None:
    first, second = (a_document(session, f"[Ada](PERSON) met [Bob](PERSON) {number}.") for number in range(2))
    session.do(commands.AddSpan(second, place("Ada met", "Ada"), "PERSON"))
    session.do(commands.AcceptMany(done=True))
    assert {session.document(key).state for key in (first, second)} == {State.DONE}
    assert _keys(session) == [second]


def test_what_came_done_counts_where_it_is_said_to_be_gold(session: Session) -> None:
    record = a_record("[Ada](PERSON) came.")
    bring(session, type(record)(text=record.text, tokens=record.tokens, spans=record.spans, state=State.DONE))
    (key,) = session.document_keys()
    assert session.document(key).state is State.DONE
    assert _keys(session) == []
    assert _keys(session, imported=True) == [key]


def test_evidence_is_another_when_a_decision_is(session: Session) -> None:
    key = a_document(session, "[Ada](PERSON) met Bob.")
    session.do(commands.FinishDocument(document=key, accept_rest=True))
    before = finished_by_hand(session.project)
    assert finished_by_hand(session.project) == before
    session.do(commands.AddSpan(key, place("Ada met Bob", "Bob"), "PERSON"))
    assert finished_by_hand(session.project) != before
