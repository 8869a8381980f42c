"""How suggesters did so far: what was decided of their candidates, over the documents, and by score."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.annotation import SpanKey
from annotator.model.document import State
from annotator.store.proposed import DecidedProposal
from annotator.workflows.session import Session
from annotator.workflows.suggester_records import (
    BINS,
    MOST_POINTS,
    SuggesterRecord,
    record_of,
    records_so_far,
)
from tests.builders import a_document, place, propose

TEXT = "Ada met Bob, Cleo and Dan."


def names_in(session: Session, document: int, **suggesters: str) -> list[SpanKey]:
    """Propose people, each by one suggester; gives them."""
    names = [SpanKey(place(session.text(document), words), "PERSON") for words in suggesters]
    for name, suggester in zip(names, suggesters.values(), strict=True):
        propose(session, document, [name], suggester=suggester)
    return names


def figures(session: Session, kind: str) -> tuple[int, int]:
    record = records_so_far(session)[kind]
    return record.right, record.decided


def test_single_decisions_are_counted_for_each_that_proposed(session: Session) -> None:
    document = a_document(session, TEXT)
    names = names_in(session, document, Ada="memory", Bob="memory", Cleo="roles", Dan="roles")
    propose(session, document, names[:1], suggester="tagger")
    assert {each.decided for each in records_so_far(session).values()} == {0}
    session.do(commands.AcceptSpan(document=document, candidate=names[0]))
    session.do(commands.RejectSpan(document, (names[1],)))
    session.do(commands.AcceptSpan(document=document, candidate=names[2], label="GPE"))
    session.do(commands.AcceptMany(documents=(document,)))
    found = [figures(session, kind) for kind in ("learnt", "roles", "relations")]
    assert found == [(1, 2), (0, 1), (0, 0)]


def test_of_readings_that_are_rejected_together_the_drawn_one_counts(session: Session) -> None:
    document = a_document(session, TEXT)
    bob, both = (SpanKey(place(TEXT, words), "PERSON") for words in ("Bob", "Bob, Cleo"))
    cleo = SpanKey(place(TEXT, "Cleo"), "PERSON")
    propose(session, document, [bob, cleo], suggester="roles")
    propose(session, document, [both, bob._replace(label="GPE")], score=0.4, suggester="memory")
    session.do(commands.RejectSpan(document, (bob, both, bob._replace(label="GPE")), also=(cleo,)))
    assert figures(session, "roles") == (0, 1)
    assert figures(session, "learnt") == (0, 0)


def test_the_rest_of_a_document_counts_once_a_person_finished_it(session: Session) -> None:
    read, unread = a_document(session, TEXT), a_document(session, f"{TEXT} Again.")
    for document in (read, unread):
        names = names_in(session, document, Ada="memory", Bob="memory")
        if document == read:
            session.do(commands.RejectSpan(document, (names[0],)))
        session.do(commands.AcceptMany(documents=(document,)))
    assert figures(session, "learnt") == (0, 1)
    session.do(commands.SetState(documents=(read, unread), state=State.DONE))
    assert figures(session, "learnt") == (1, 2), "the other one was read by nobody"
    session.do(commands.RemoveDocuments((read,)))
    assert figures(session, "learnt") == (0, 0)


def test_the_line_goes_over_the_documents_in_few_points() -> None:
    decided = [DecidedProposal(number // 2, ("tagger",), 0.5, is_right=number >= 40) for number in range(80)]
    record = record_of(decided, frozenset({"tagger"}))
    assert (record.documents, record.at_once, len(record.over_time)) == (40, 5, 8)
    assert [each.share for each in record.over_time] == [0.0] * 4 + [1.0] * 4
    for many in (1, 13, 1_000_000):
        record = record_of(
            (DecidedProposal(at, ("x",), None, is_right=True) for at in range(many)), frozenset("x")
        )
        assert 1 <= len(record.over_time) <= MOST_POINTS
        assert sum(each.decided for each in record.over_time) == record.decided == many


def test_documents_in_which_others_proposed_leave_a_gap() -> None:
    decided = [DecidedProposal(1, ("a",), 0.5, is_right=True), DecidedProposal(2, ("b",), 0.5, is_right=True)]
    record = record_of(decided, frozenset({"b"}))
    assert [each.decided for each in record.over_time] == [0, 1]
    assert (record.spread, record.documents) == (1, 2)


def test_scores_are_held_against_what_was_right() -> None:
    decided = [DecidedProposal(1, ("a",), 0.84, is_right=each < 9) for each in range(10)]
    decided += [
        DecidedProposal(1, ("a",), each, is_right=True) for each in (0.0, 1.0, None, float("nan"), 7.0)
    ]
    record = record_of(decided, frozenset({"a"}))
    assert len(record.by_score) == BINS
    assert (record.by_score[8].decided, record.by_score[8].share) == (10, 0.9)
    assert record.by_score[8].score == pytest.approx(0.84)
    assert [each.decided for each in record.by_score] == [1, 0, 0, 0, 0, 0, 0, 0, 10, 1]
    assert record_of([], frozenset({"a"})) == SuggesterRecord(
        over_time=(), by_score=record_of([], frozenset()).by_score
    )
