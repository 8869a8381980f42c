"""Mending many spans is one step: other fragments, doubles that go, and relations that go over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing.commands import AddRelation, AddSpan, MendSpans
from annotator.model.annotation import Fragment, How, SpanKey
from annotator.model.errors import RuleError, StaleError
from annotator.workflows.checking import check
from annotator.workflows.session import Session
from tests.builders import a_document, a_project

TEXT = "Ada  met Bob in Oslo."


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project."""
    session = a_project(tmp_path)
    yield session
    session.close()


def added(session: Session, document: int, start: int, end: int, label: str = "PERSON") -> int:
    what = SpanKey((Fragment(start, end),), label)
    session.do(AddSpan(document, what.fragments, label))
    found = session.annotations(document).accepted(what)
    assert found is not None
    return found.key


def places(session: Session, document: int) -> list[tuple[int, int, str]]:
    return [(each.start, each.end, each.label) for each in session.annotations(document).spans]


def test_many_spans_are_moved_in_one_step_that_is_undone_as_one(session: Session) -> None:
    one, two = a_document(session, TEXT), a_document(session, TEXT + " ")
    first, second = added(session, one, 0, 4), added(session, two, 9, 13)
    before = session.count_steps()
    changes = session.do(
        MendSpans(
            name="Trim blanks off 2 spans", moves=((first, (Fragment(0, 3),)), (second, (Fragment(9, 12),)))
        )
    )
    assert session.count_steps() == before + 1
    assert changes.step is not None
    assert changes.step.name == "Trim blanks off 2 spans"
    assert (places(session, one), places(session, two)) == ([(0, 3, "PERSON")], [(9, 12, "PERSON")])
    assert session.annotations(one).spans[0].provenance.how is How.BULK
    session.undo(None)
    assert (places(session, one), places(session, two)) == ([(0, 4, "PERSON")], [(9, 13, "PERSON")])


def test_a_span_that_comes_to_say_what_another_says_gives_way_with_its_relations(session: Session) -> None:
    document = a_document(session, TEXT)
    ada, double = added(session, document, 0, 3), added(session, document, 0, 4)
    bob, place = added(session, document, 9, 12), added(session, document, 16, 20, "GPE")
    for head, child, label in ((double, place, "VISITED"), (double, bob, "MET"), (bob, ada, "MET")):
        session.do(AddRelation(document=document, head=head, child=child, label=label))
    session.do(MendSpans(name="Trim blanks off 1 span", moves=((double, (Fragment(0, 3),)),)))
    assert places(session, document) == [(0, 3, "PERSON"), (9, 12, "PERSON"), (16, 20, "GPE")]
    # The symmetric relation stood there already, the other way round.
    joined = {(each.head, each.child, each.label) for each in session.annotations(document).relations}
    assert joined == {(ada, place, "VISITED"), (bob, ada, "MET")}
    assert check(session.project).breaches == ()
    session.undo(None)
    assert len(session.annotations(document).relations) == 3


def test_two_that_come_to_say_the_same_become_one(session: Session) -> None:
    document = a_document(session, TEXT)
    first, second = added(session, document, 0, 4), added(session, document, 0, 5)
    wanted = (Fragment(0, 3),)
    session.do(MendSpans(name="Trim blanks off 2 spans", moves=((first, wanted), (second, wanted))))
    assert [each.key for each in session.annotations(document).spans] == [first]
    assert check(session.project).breaches == ()


def test_what_goes_without_an_heir_takes_its_relations_along(session: Session) -> None:
    document = a_document(session, TEXT)
    blank, place = added(session, document, 3, 5), added(session, document, 16, 20, "GPE")
    session.do(AddRelation(document=document, head=blank, child=place, label="VISITED"))
    session.do(MendSpans(name="Drop 1 empty span", drops=((blank, 0),)))
    assert places(session, document) == [(16, 20, "GPE")]
    assert session.annotations(document).relations == ()


def test_what_is_not_there_or_cannot_be_is_refused(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = added(session, document, 0, 3)
    with pytest.raises(StaleError):
        session.do(MendSpans(name="Nothing", moves=((ada, (Fragment(0, 3),)),)))
    with pytest.raises(StaleError):
        session.do(MendSpans(name="Gone", drops=((999, 0),)))
    with pytest.raises(RuleError):
        session.do(MendSpans(name="Outside", moves=((ada, (Fragment(0, 300),)),)))
    assert places(session, document) == [(0, 3, "PERSON")]
