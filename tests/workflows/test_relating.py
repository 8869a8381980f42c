"""Relations are looked for again once entities are others; nothing else of a document moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from annotator.editing import commands
from annotator.model.annotation import RelationKey, SpanKey
from annotator.model.change import ChangeSet
from annotator.model.document import State
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.engine import propose_all
from annotator.workflows.relating import relate
from annotator.workflows.session import Session
from tests.builders import a_document, place, propose
from tests.workflows.conftest import PlainMachine

TEXT = "[Ada Lovelace](PERSON) visited Paris last year."


class Looking(PlainMachine):
    """Looks for relations as the program does, in this process; `meanwhile` is called before it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[Text] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:
        assert settings.between
        self.texts += texts
        found = propose_all(texts, settings)
        self.meanwhile()
        return found


@pytest.fixture
def looking(session: Session) -> Looking:
    machine = Looking()
    session.machine = machine
    return machine


@pytest.fixture
def document(session: Session, looking: Looking) -> int:
    """Bring a document in of which a person is accepted, and over which suggesters were run."""
    del looking
    key = a_document(session, TEXT)
    with session.project.writing() as connection:
        connection.execute(
            "INSERT INTO suggested (document, version, skipped, at) VALUES (?, 'test', '', 0.0)", (key,)
        )
    session.do(commands.AcceptMany(documents=(key,)))
    return key


def relations(session: Session, document: int) -> list[tuple[str, str]]:
    """Give the words of both ends of all relations that are left to decide."""
    text = session.text(document)

    def words(key: SpanKey) -> str:
        return text[key.fragments[0].start : key.fragments[0].end]

    left = session.annotations(document).undecided_relations
    return [(words(each.candidate.what.head), words(each.candidate.what.child)) for each in left]


def add_paris(session: Session, document: int) -> None:
    session.do(commands.AddSpan(document, place(session.text(document), "Paris"), "GPE"))


def test_an_entity_that_is_added_gets_its_relations(session: Session, document: int) -> None:
    assert not relate(session, document)
    assert relations(session, document) == []
    add_paris(session, document)
    assert relate(session, document)
    assert relations(session, document) == [("Ada Lovelace", "Paris")]
    assert session.row(document).undecided == 1


def test_it_says_so_once_and_keeps_rows_that_stay(session: Session, document: int) -> None:
    add_paris(session, document)
    told: list[ChangeSet] = []
    session.listen(told.append)
    assert relate(session, document)
    assert [(each.documents, each.candidates) for each in told] == [(frozenset([document]), True)]
    before = session.project.rows("SELECT key FROM candidate ORDER BY key")
    assert not relate(session, document)
    assert session.project.rows("SELECT key FROM candidate ORDER BY key") == before
    assert len(told) == 1


def test_a_likely_candidate_is_an_end_as_well(session: Session, document: int) -> None:
    propose(session, document, [SpanKey(place(session.text(document), "Paris"), "GPE")], score=0.9)
    assert relate(session, document)
    assert relations(session, document) == [("Ada Lovelace", "Paris")]
    assert [each.best.label for each in session.annotations(document).undecided] == ["GPE"]


def test_what_lost_an_end_goes_and_what_others_proposed_stays(session: Session, document: int) -> None:
    add_paris(session, document)
    relate(session, document)
    spans = session.annotations(document).spans
    paris = next(each for each in spans if each.label == "GPE")
    session.do(commands.RelabelSpans(spans=(paris.key,), label="ROLE"))
    assert relate(session, document)
    assert relations(session, document) == []
    head, child = (
        next(each for each in spans if each.label == label).identity for label in ("PERSON", "GPE")
    )
    propose(session, document, [RelationKey(head, child, "VISITED")], suggester="file")
    relate(session, document)
    assert session.project.value("SELECT count(*) FROM candidate WHERE suggester = 'file'") == 1


def test_what_was_rejected_does_not_come_back(session: Session, document: int) -> None:
    add_paris(session, document)
    relate(session, document)
    left = session.annotations(document).undecided_relations
    session.do(commands.RejectRelation(document, left[0].candidate.what))
    relate(session, document)
    assert relations(session, document) == []


def test_a_decision_made_meanwhile_is_never_answered_with_what_was_before(
    session: Session, document: int, looking: Looking
) -> None:
    add_paris(session, document)
    looking.meanwhile = lambda: session.do(commands.Undo(steps=(_newest(session),)))
    assert not relate(session, document)
    assert relations(session, document) == []


def _newest(session: Session) -> int:
    step = session.undoable(None)
    assert step is not None
    return step.key


def test_nothing_is_asked_where_nothing_can_come_of_it(
    session: Session, document: int, looking: Looking
) -> None:
    add_paris(session, document)
    session.do(commands.SetState(documents=(document,), state=State.DONE))
    assert not relate(session, document)
    other = a_document(session, "[Bob](PERSON) visited Rome.", source="other")
    assert not relate(session, other)
    assert not relate(session, 99)
    assert looking.texts == []
