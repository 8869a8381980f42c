"""What stands in documents, and the counts kept beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import Kind, RelationKey, SpanKey
from annotator.model.candidate import Proposal
from annotator.model.schema import EntityType
from annotator.store import articles
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, a_record, bring, place, propose
from tests.editing.test_undo import TEXT as RICH
from tests.editing.test_undo import every_command

TEXT = "[Ada](PERSON) met [Bob](PERSON) in [Paris](GPE)."


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open an empty project."""
    session = a_project(tmp_path)
    yield session
    session.close()


def key(session: Session, document: int, words: str, label: str) -> SpanKey:
    return SpanKey(place(session.text(document), words), label)


def check_counts(session: Session) -> None:
    for row in session.documents():
        found = session.annotations(row.key)
        counted = (row.spans, row.relations, row.rejected, row.undecided)
        assert counted == (len(found.spans), len(found.relations), found.rejected, found.left), row


def test_candidates_of_a_hidden_type_stay_away_when_another_takes_its_name(session: Session) -> None:
    document = a_document(session, "Ada saw a comet.")
    bring(session, a_record("A [ring](THING).", source="ring"))
    propose(session, document, [SpanKey(place("Ada saw a comet.", "comet"), "THING")])
    assert session.row(document).undecided == 1
    newest = session.history(1)[0].key
    session.do(commands.Undo(steps=(newest,)))
    assert session.annotations(document).undecided == ()
    session.do(commands.AddType(EntityType(name="THING")))
    assert session.annotations(document).undecided == ()
    assert session.row(document).undecided == 0


def test_counts_agree_with_the_rows_after_every_command_undo_and_redo(session: Session) -> None:
    document = a_document(session, RICH)
    beginning = session.history()[0].key
    for make in every_command(session, document):
        session.do(make())
        check_counts(session)
    while (step := session.undoable(None)) is not None and step.key > beginning:
        session.undo(None)
        check_counts(session)
    while session.redo(None) is not None:
        check_counts(session)


def test_a_new_run_replaces_the_candidates_but_not_those_of_a_file_or_a_hand(session: Session) -> None:
    document = a_document(session, TEXT)
    paris = key(session, document, "Paris", "GPE")
    propose(session, document, [paris], suggester="file")
    propose(session, document, [key(session, document, "met", "ROLE")], suggester="hand")
    ada = key(session, document, "Ada", "PERSON")
    run = [Proposal(what=ada, suggester="test", score=0.3), Proposal(what=ada, suggester="test", score=0.4)]
    for _ in range(2):
        with session.project.writing():
            articles.set_candidates(session.project, document, run, version="1")
            articles.refresh_tally(session.project, document)
    found = {group.best.what: group.best.score for group in session.annotations(document).undecided}
    assert found == {ada: 0.4, key(session, document, "met", "ROLE"): 0.8, paris: 0.8}
    assert len(session.project.rows("SELECT * FROM candidate")) == 3
    assert session.row(document).suggested
    check_counts(session)


def test_candidates_of_types_that_are_gone_are_dropped(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    propose(session, document, [SpanKey(ada.fragments, "NOPE"), RelationKey(ada, ada, "NOPE")])
    assert session.annotations(document).left == 3


def test_many_candidates_are_kept_quickly(session: Session) -> None:
    text = "word " * 8000
    document = a_document(session, text)
    what = [SpanKey(place_at(number), "PERSON") for number in range(8000)]
    propose(session, document, what)
    propose(session, document, what)
    assert session.row(document).undecided == 8000


def place_at(number: int) -> tuple:  # type: ignore[type-arg]
    from annotator.model.annotation import fragments_of

    return fragments_of((number * 5, number * 5 + 4))


def test_proposals_for_one_thing_are_one_candidate_best_first(session: Session) -> None:
    document = a_document(session, TEXT)
    ada = key(session, document, "Ada", "PERSON")
    propose(session, document, [ada], suggester="sure", score=0.95)
    candidate = session.annotations(document).undecided[0].best
    assert [(each.suggester, each.score) for each in candidate.proposals] == [("sure", 0.95), ("test", 0.8)]
    assert candidate.score == 0.95


def test_usage_counts_what_can_be_seen(session: Session) -> None:
    first, second = a_document(session, TEXT), a_document(session, "[Eve](PERSON) left.")
    session.do(commands.AcceptMany())
    spans = session.annotations(first).spans
    session.do(commands.AddRelation(document=first, head=spans[0].key, child=spans[1].key, label="MET"))
    everything = {(Kind.SPAN, "PERSON"): (3, 2), (Kind.SPAN, "GPE"): (1, 1), (Kind.RELATION, "MET"): (1, 1)}
    assert session.usage() == everything
    session.do(commands.RemoveDocuments((second,)))
    assert session.usage()[Kind.SPAN, "PERSON"] == (2, 1)
    session.undo(None)
    bring(session, a_record("[Zoe](PERSON) left.", source="z"))
    session.undo(None)
    assert session.usage() == everything


def test_what_a_type_touches_is_counted(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.AcceptMany())
    ada, bob, paris = session.annotations(document).spans
    for child, label in ((bob, "MET"), (paris, "VISITED")):
        session.do(commands.AddRelation(document=document, head=ada.key, child=child.key, label=label))
    person = session.touched_by_type(Kind.SPAN, "PERSON")
    assert (person.documents, person.spans, person.relations) == (1, 2, 2)
    met = session.touched_by_type(Kind.RELATION, "MET")
    assert (met.documents, met.spans, met.relations) == (1, 0, 1)
    role = session.touched_by_type(Kind.SPAN, "ROLE")
    assert (role.documents, role.spans, role.relations) == (0, 0, 0)
