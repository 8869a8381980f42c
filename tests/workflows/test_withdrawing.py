"""A rejection takes candidates of the same words along that are hardly likely any more, and no others."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.annotation import How, SpanKey
from annotator.workflows.session import Session
from annotator.workflows.withdrawing import MOST, withdrawn_with
from tests.builders import a_document, place, propose

TEXT = "May came. May left. May stayed. Maybe May slept."
LEAST = 0.25


def may(number: int, label: str = "PERSON") -> SpanKey:
    return SpanKey(place(TEXT, "May", number=number), label)


def withdrawn(session: Session, document: int, *, number: int = 0) -> list[int]:
    found = session.annotations(document)
    readings = found.group_of(may(number))
    assert readings is not None
    gone = withdrawn_with(found, session.text(document), rejected=readings.candidates, least=LEAST)
    return [each.fragments[0].start for each in gone]


@pytest.fixture
def document(session: Session) -> int:
    """Bring a text with the same words at four places, the third of them hardly doubtful."""
    document = a_document(session, TEXT)
    propose(session, document, [may(0), may(1)], score=0.5)
    propose(session, document, [may(2)], score=0.9)
    propose(session, document, [may(4)], score=0.45)
    return document


def test_what_is_hardly_likely_any_more_goes(session: Session, document: int) -> None:
    assert withdrawn(session, document) == [10, 38]


def test_what_is_sure_goes_after_more_rejections(session: Session, document: int) -> None:
    session.do(commands.RejectSpan(document, (may(0),), also=(may(1),)))
    assert withdrawn(session, document, number=4) == [20]


def test_what_was_accepted_here_speaks_for_the_others(session: Session, document: int) -> None:
    session.do(commands.AcceptSpan(document=document, candidate=may(2)))
    assert withdrawn(session, document) == []


def test_other_labels_and_words_in_words_stay(session: Session) -> None:
    document = a_document(session, TEXT)
    propose(session, document, [may(0), may(1, "GPE")], score=0.5)
    propose(session, document, [SpanKey(place(TEXT, "May came"), "PERSON")], score=0.3)
    assert withdrawn(session, document) == []


def test_another_reading_comes_forward_where_it_would_be_shown_by_itself(
    session: Session, document: int
) -> None:
    propose(session, document, [may(1, "GPE")], score=0.2)
    propose(session, document, [may(4, "GPE")], score=0.4)
    session.do(commands.RejectSpan(document, (may(0),), also=(may(1), may(4))))
    left = session.annotations(document).undecided
    assert [each.best.what for each in left] == [may(2), may(4, "GPE")]


def test_it_has_a_bound(session: Session) -> None:
    text = "so " * 200
    document = a_document(session, text)
    found = [SpanKey(place(text, "so", number=number), "ROLE") for number in range(200)]
    propose(session, document, found, score=0.4)
    annotations = session.annotations(document)
    gone = withdrawn_with(
        annotations,
        text,
        rejected=annotations.undecided[0].candidates,
        least=LEAST,
    )
    assert len(gone) == MOST


def test_they_go_in_the_step_of_the_decision_and_come_back_with_it(session: Session, document: int) -> None:
    before = session.annotations(document)
    done = session.do(commands.RejectSpan(document, (may(0),), also=(may(1), may(4))))
    assert done.message == "Rejected May as PERSON, and 2 alike."
    found = session.annotations(document)
    assert [each.best.what for each in found.undecided] == [may(2)]
    assert [each.provenance.how for each in found.rejections] == [How.SINGLE, How.BULK, How.BULK]
    session.undo(document)
    assert session.annotations(document) == before


def test_what_was_decided_meanwhile_is_passed_over(session: Session, document: int) -> None:
    session.do(commands.AcceptSpan(document=document, candidate=may(1)))
    done = session.do(commands.RejectSpan(document, (may(0),), also=(may(0), may(1))))
    assert done.message == "Rejected May as PERSON."
    assert len(session.annotations(document).spans) == 1
