"""What was decided elsewhere is taken over in one step, which undo takes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing.commands import AcceptMany, AddRelation, AddSpan, TakenDocument, TakenSpan, TakeOver
from annotator.model.annotation import How, Kind, Origin, RelationKey, SpanKey
from annotator.model.document import State
from annotator.model.errors import RuleError, StaleError
from annotator.workflows.checking import check
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, place, propose

TEXT = "Ada met Bob in Rome."


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project."""
    session = a_project(tmp_path)
    yield session
    session.close()


def key(words: str, label: str) -> SpanKey:
    return SpanKey(place(TEXT, words), label)


def said(session: Session, document: int) -> set[tuple[str, str]]:
    text = session.text(document)
    return {(text[each.start : each.end], each.label) for each in session.annotations(document).spans}


def row(session: Session, document: int, what: SpanKey) -> int:
    found = session.annotations(document).accepted(what)
    assert found is not None
    return found.key


def test_spans_and_relations_come_change_and_go_in_one_step(session: Session) -> None:
    document = a_document(session, TEXT)
    for words, label in (("Ada", "PERSON"), ("Bob", "PERSON"), ("Rome", "PERSON")):
        session.do(AddSpan(document, place(TEXT, words), label))
    ada, rome = row(session, document, key("Ada", "PERSON")), row(session, document, key("Rome", "PERSON"))
    session.do(AddRelation(document=document, head=ada, child=rome, label="MET"))
    before = len(session.history())
    taken = TakenDocument(
        document=document,
        spans=(
            TakenSpan(place(TEXT, "Rome"), "GPE", "eve", instead=rome),
            TakenSpan(place(TEXT, "met"), "ROLE", "eve"),
            TakenSpan(place(TEXT, "Ada"), "PERSON"),  # is there
        ),
        relations=(RelationKey(key("Ada", "PERSON"), key("Rome", "GPE"), "VISITED"),),
        without_spans=(row(session, document, key("Bob", "PERSON")),),
        without_relations=tuple(each.key for each in session.annotations(document).relations),
        note="said there",
        metadata={"a": 1},
        attributes={"doccano": {"categories": ["news"]}},
    )
    done = session.do(TakeOver(name="Sync with News", documents=(taken,), by="server"))
    assert done.step is not None
    assert len(session.history()) == before + 1
    assert said(session, document) == {("Ada", "PERSON"), ("Rome", "GPE"), ("met", "ROLE")}
    found = session.annotations(document)
    assert [each.label for each in found.relations] == ["VISITED"]
    changed = found.accepted(key("Rome", "GPE"))
    assert changed is not None
    assert (changed.key, changed.provenance.annotator) == (rome, "eve")
    assert (changed.provenance.how, changed.provenance.origin) == (How.IMPORTED, Origin.IMPORTED)
    told = session.document(document)
    assert (told.note, told.metadata, told.attributes) == (
        "said there",
        {"a": 1},
        {"doccano": {"categories": ["news"]}},
    )
    assert check(session.project).breaches == ()
    session.undo(document)
    assert said(session, document) == {("Ada", "PERSON"), ("Bob", "PERSON"), ("Rome", "PERSON")}
    assert session.document(document).note == ""


def test_what_is_so_already_is_no_step(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(AddSpan(document, place(TEXT, "Ada"), "PERSON"))
    taken = TakenDocument(document=document, spans=(TakenSpan(place(TEXT, "Ada"), "PERSON"),), done=False)
    written: list[int] = []
    done = session.do(TakeOver(name="Sync", documents=(taken,)), along=lambda: written.append(1))
    assert done.step is None
    assert written == [1]


def test_a_relabelled_span_keeps_what_hangs_on_it(session: Session) -> None:
    document = a_document(session, TEXT)
    for words in ("Ada", "Bob"):
        session.do(AddSpan(document, place(TEXT, words), "PERSON"))
    ada, bob = row(session, document, key("Ada", "PERSON")), row(session, document, key("Bob", "PERSON"))
    session.do(AddRelation(document=document, head=ada, child=bob, label="MET"))
    relation = session.annotations(document).relations[0]
    taken = TakenDocument(document=document, spans=(TakenSpan(place(TEXT, "Bob"), "ROLE", instead=bob),))
    session.do(TakeOver(name="Sync", documents=(taken,)))
    assert [each.key for each in session.annotations(document).relations] == [relation.key]


def test_finished_elsewhere_nothing_is_left_to_decide(session: Session) -> None:
    document = a_document(session, f"[Ada](PERSON){TEXT[3:]}")
    assert session.annotations(document).left == 1
    session.do(TakeOver(name="Sync", documents=(TakenDocument(document=document, done=True),)))
    assert session.document(document).state is State.DONE
    assert session.annotations(document).left == 0
    assert check(session.project).breaches == ()
    session.do(TakeOver(name="Sync", documents=(TakenDocument(document=document, done=False),)))
    assert session.document(document).state is State.IN_PROGRESS


def test_a_span_from_a_candidate_that_went_elsewhere_counts_as_rejected(session: Session) -> None:
    document = a_document(session, f"[Ada](PERSON) met [Bob](PERSON){TEXT[11:]}")
    session.do(AcceptMany())
    ada, bob = row(session, document, key("Ada", "PERSON")), row(session, document, key("Bob", "PERSON"))
    taken = TakenDocument(
        document=document,
        spans=(TakenSpan(place(TEXT, "Bob"), "ROLE", instead=bob),),
        without_spans=(ada,),
    )
    session.do(TakeOver(name="Sync", documents=(taken,)))
    assert {each.what for each in session.annotations(document).rejections} == {
        key("Ada", "PERSON"),
        key("Bob", "PERSON"),
    }
    propose(session, document, [key("Ada", "PERSON")])
    assert session.annotations(document).left == 0


@pytest.mark.parametrize(
    ("taken", "error"),
    [
        (TakenDocument(document=1, spans=(TakenSpan(place(TEXT, "Ada"), "NONE"),)), RuleError),
        (TakenDocument(document=1, spans=(TakenSpan(((90, 91),), "GPE"),)), RuleError),  # type: ignore[arg-type]
        (
            TakenDocument(
                document=1, relations=(RelationKey(key("Ada", "PERSON"), key("Bob", "PERSON"), "MET"),)
            ),
            StaleError,
        ),
        (
            TakenDocument(
                document=1, relations=(RelationKey(key("Ada", "PERSON"), key("Bob", "PERSON"), "NONE"),)
            ),
            RuleError,
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    session: Session, taken: TakenDocument, error: type[Exception]
) -> None:
    a_document(session, TEXT)
    before = session.history()
    written: list[int] = []
    with pytest.raises(error):
        session.do(TakeOver(name="Sync", documents=(taken,)), along=lambda: written.append(1))
    assert session.history() == before
    assert written == []
    assert session.usage().get((Kind.SPAN, "GPE")) is None
