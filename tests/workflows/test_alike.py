"""Candidates alike in all documents: found with what is left of them, and accepted in one step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing.commands import AcceptMany, AcceptSpan, ExcludeDocuments, ProposeSpans, SetState
from annotator.model.annotation import Kind, SpanKey
from annotator.model.document import State
from annotator.model.errors import Cancelled, RuleError
from annotator.workflows.alike import find_alike
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, place

PARIS = "[Ada](PERSON) left [Paris](GPE) for [Paris](GPE) in week {}."


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = a_project(tmp_path)
    yield session
    session.close()


def test_only_what_is_undecided_in_unfinished_documents_counts(session: Session) -> None:
    keys = [a_document(session, PARIS.format(number), source=f"{number}") for number in range(5)]
    other = a_document(session, "[Paris](PERSON) met [Parisa](GPE) and 🙂 [Paris](GPE).")
    text = session.text(keys[1])
    for number in range(2):
        session.do(
            AcceptSpan(document=keys[1], candidate=SpanKey(place(text, "Paris", number=number), "GPE"))
        )
    session.do(AcceptSpan(document=keys[0], candidate=SpanKey(place(text, "Paris"), "GPE")))
    session.do(SetState(documents=(keys[2],), state=State.SKIPPED))
    session.do(ExcludeDocuments(documents=(keys[3],), excluded=True))
    found = find_alike(session, "GPE", "Paris")
    assert (found.documents, found.count) == ((keys[0], keys[4], other), 4)


def test_what_a_person_asked_for_counts_as_well(session: Session) -> None:
    key = a_document(session, "Nobody left Paris in week 1.")
    places = ((key, place(session.text(key), "Paris")),)
    session.do(ProposeSpans(places=places, label="GPE", words="Paris", reason="asked"))
    assert find_alike(session, "GPE", "Paris").documents == (key,)


def test_all_are_accepted_and_undone_as_one_step(session: Session) -> None:
    for number in range(3):
        a_document(session, PARIS.format(number), source=f"{number}")
    found = find_alike(session, "GPE", "Paris")
    command = AcceptMany(documents=found.documents, label="GPE", words="Paris", kinds=(Kind.SPAN,))
    assert session.do(command).message == "Accepted 6 spans Paris as GPE in 3 documents."
    assert find_alike(session, "GPE", "Paris").count == 0
    session.undo(None)
    assert find_alike(session, "GPE", "Paris") == found


def test_no_more_documents_are_looked_for_than_one_step_may_touch(session: Session) -> None:
    keys = [a_document(session, PARIS.format(number), source=f"{number}") for number in range(3)]
    found = find_alike(session, "GPE", "Paris", most=2)
    assert (found.documents, found.count, found.more) == (tuple(keys[:2]), 4, True)
    assert not find_alike(session, "GPE", "Paris", most=3).more
    assert find_alike(session, "GPE", "Paris", here=keys[2], most=1).documents == (keys[2],)


def test_it_can_be_stopped_and_knows_the_labels(session: Session) -> None:
    a_document(session, PARIS.format(1))
    with pytest.raises(RuleError, match="no label PLANET"):
        find_alike(session, "PLANET", "Paris")

    def stop(_done: int, total: int, _text: str) -> None:
        if total:
            raise Cancelled

    with pytest.raises(Cancelled):
        find_alike(session, "GPE", "Paris", stop)
