"""Candidates from a score on: counted in one document or in many, and accepted in those that hold some."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing.commands import AcceptMany, ExcludeDocuments, SetState
from annotator.model.annotation import Kind, RelationKey, SpanKey
from annotator.model.document import State
from annotator.model.errors import Cancelled
from annotator.workflows.above import undecided_in, undecided_in_all
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, marked, propose

WRITTEN = "[Ada](PERSON) met [Bob](PERSON)."
BOTH = (Kind.SPAN, Kind.RELATION)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = a_project(tmp_path)
    yield session
    session.close()


def _document(session: Session, number: int, *scores: float) -> int:
    """Bring a document with two people of some scores, who met."""
    text, spans = marked(WRITTEN)
    key = a_document(session, f"{text} {number}", source=f"{number}")
    for what, score in zip(spans, scores, strict=True):
        propose(session, key, [what], score=score)
    propose(session, key, [RelationKey(SpanKey(*spans[0]), SpanKey(*spans[1]), "MET")], score=min(scores))
    return key


def test_all_unfinished_documents_that_exports_take_are_counted(session: Session) -> None:
    keys = [_document(session, number, 0.9, 0.5 + number / 10) for number in range(4)]
    session.do(SetState(documents=(keys[1],), state=State.SKIPPED))
    session.do(ExcludeDocuments(documents=(keys[2],), excluded=True))
    found = undecided_in_all(session)
    assert (list(found.documents), found.more) == ([keys[0], keys[3]], False)
    assert (found.count(Kind.SPAN), found.count(Kind.SPAN, 0.6), found.count(Kind.RELATION, 0.6)) == (4, 3, 1)
    assert found.holding(BOTH, 0.6) == (keys[0], keys[3])
    assert found.holding((Kind.RELATION,), 0.6) == (keys[3],)
    assert undecided_in(session, keys[0]).documents == {keys[0]: found.documents[keys[0]]}


def test_what_was_counted_is_what_is_accepted_as_one_step(session: Session) -> None:
    for number in range(3):
        _document(session, number, 0.9, 0.5 + number / 5)
    found = undecided_in_all(session)
    command = AcceptMany(documents=found.holding(BOTH, 0.6), minimum=0.6)
    before = found.count(Kind.SPAN, 0.6), found.count(Kind.RELATION, 0.6)
    session.do(command)
    accepted = [session.annotations(key) for key in found.documents]
    assert (
        sum(len(each.spans) for each in accepted),
        sum(len(each.relations) for each in accepted),
    ) == before
    session.undo(1)
    assert undecided_in_all(session) == found


def test_so_many_documents_are_looked_at_and_no_more(session: Session) -> None:
    keys = [_document(session, number, 0.9, 0.8) for number in range(3)]
    found = undecided_in_all(session, most=2)
    assert (list(found.documents), found.more) == (keys[:2], True)
    assert not undecided_in_all(session, most=3).more


def test_a_person_may_stop(session: Session) -> None:
    _document(session, 1, 0.9, 0.8)

    def stop(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        undecided_in_all(session, stop)
