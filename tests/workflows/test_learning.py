"""What a person finishes is learnt once, in its order, and anew where it changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import SpanKey
from annotator.model.document import State
from annotator.model.patterns import phrase
from annotator.store.patterns import pattern_lists
from annotator.suggest.in_process import InProcess
from annotator.suggest.learning import keeping
from annotator.workflows.importing import import_text
from annotator.workflows.learning import learn, learn_ahead
from annotator.workflows.queueing import ranking_of
from annotator.workflows.removing import remove_for_good
from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.suggesting import learnt_file, suggest
from tests.builders import place
from tests.workflows.conftest import PlainMachine

ALONE = SuggestSettings(uses_pipeline=False, roles=False, relations=False)


@pytest.fixture(autouse=True)
def session_that_learns(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let memory and tagger work alone, in this process, and keep what they learnt in a folder of the test."""
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    session.machine = InProcess()
    session.set_suggest_settings(ALONE)


def _paste(session: Session, text: str) -> int:
    session.machine = PlainMachine()  # whose tokens need no language library
    key = import_text(session, text).first_document
    assert key is not None
    session.machine = InProcess()
    return key


def _finished(session: Session, text: str, words: str, label: str = "PERSON") -> int:
    key = _paste(session, text)
    session.do(commands.AddSpan(key, place(text, words), label))
    session.do(commands.FinishDocument(document=key))
    return key


def _learnt(session: Session) -> list[int]:
    told = keeping.known(str(learnt_file(session)))
    return [] if told is None else [document for document, _ in told.lessons]


def _undecided(session: Session, key: int) -> list[tuple[str, str, str]]:
    text = session.text(key)
    return [
        (text[best.fragments[0].start : best.fragments[0].end], best.label, best.proposals[0].reason)
        for best in (group.best for group in session.annotations(key).undecided)
    ]


def test_a_finished_document_teaches_the_next_one(session: Session) -> None:
    done = _finished(session, "Zora Quill spoke.", "Zora Quill")
    open_now, later = _paste(session, "Zora Quill sang."), _paste(session, "So Zora Quill danced.")
    report = learn_ahead(session, opened=lambda: open_now)
    assert (report.documents, report.trainings, report.anew) == (1, 1, True)
    assert _learnt(session) == [done]
    assert _undecided(session, open_now) == []
    assert ("Zora Quill", "PERSON", "accepted once as PERSON (1 document)") in _undecided(session, later)
    suggest(session)
    assert "Zora Quill" in [words for words, _, _ in _undecided(session, open_now)]


def test_other_pattern_lists_are_learnt_with_anew_and_another_word_in_one_is_not(session: Session) -> None:
    _finished(session, "Zora Quill spoke.", "Zora Quill")
    assert learn(session).anew
    assert learn(session).documents == 0
    ships = commands.NewPatternList(name="Ships", label="PERSON", patterns=(phrase("Vasa"),))
    session.do(commands.AddPatternLists((ships,)))
    report = learn(session)
    assert (report.documents, report.anew) == (1, True)
    (listed,) = pattern_lists(session.project)
    session.do(commands.ChangePatterns(list=listed.key, added=(phrase("Kalmar"),)))
    assert learn(session).documents == 0
    session.do(commands.ChangePatternList(replace(listed, label="GPE")))
    assert learn(session).anew


def test_in_another_order_the_next_of_that_are_made_anew(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _finished(session, "Zora Quill spoke.", "Zora Quill")
    first, second, third = (_paste(session, f"Zora Quill {verb}.") for verb in ("sang", "danced", "slept"))
    monkeypatch.setattr("annotator.workflows.learning.AHEAD", 1)
    learn_ahead(session, opened=lambda: third, ranking=lambda: ranking_of([third, first, second]))
    assert [bool(_undecided(session, key)) for key in (first, second, third)] == [True, False, False]


def test_what_was_learnt_is_not_learnt_again(session: Session) -> None:
    first = _finished(session, "Zora Quill spoke.", "Zora Quill")
    learn(session)
    assert learn(session).documents == 0
    second = _finished(session, "Yan Moss spoke.", "Yan Moss")
    report = learn(session)
    assert (report.documents, report.anew) == (1, False)
    assert _learnt(session) == [first, second]


def test_another_decision_in_a_learnt_document_begins_anew(session: Session) -> None:
    first = _finished(session, "Zora Quill met Yan.", "Zora Quill")
    second = _finished(session, "Yan Moss spoke.", "Yan Moss")
    learn(session)
    session.do(commands.AddSpan(first, place("Zora Quill met Yan", "Yan"), "PERSON"))
    session.do(commands.SetState(documents=(first,), state=State.DONE))
    report = learn(session)
    assert (report.documents, report.anew) == (2, True)
    assert sorted(_learnt(session)) == [first, second]


def test_a_label_under_another_name_begins_anew_and_is_proposed_under_it(session: Session) -> None:
    _finished(session, "Zora Quill spoke.", "Zora Quill")
    learn(session)
    person = session.schema.entity("PERSON")
    assert person is not None
    session.do(commands.ChangeType(type=replace(person, name="HUMAN")))
    assert learn(session).anew
    later = _paste(session, "Then Zora Quill sang.")
    suggest(session, documents=[later], again=True)
    assert {label for _, label, _ in _undecided(session, later)} == {"HUMAN"}


def test_a_document_taken_back_is_forgotten(session: Session) -> None:
    key = _finished(session, "Zora Quill spoke.", "Zora Quill")
    learn(session)
    session.do(commands.SetState(documents=(key,), state=State.IN_PROGRESS))
    assert learn(session).anew
    assert not learnt_file(session).exists()


def test_a_file_that_is_gone_is_made_again_alike(session: Session) -> None:
    for number in range(3):
        _finished(session, f"Zora Quill spoke {number}.", "Zora Quill")
    later = _paste(session, "Then Zora Quill sang to Ivy Quill.")
    learn(session)
    suggest(session, documents=[later], again=True)
    before = session.annotations(later)
    learnt_file(session).unlink()
    learn(session)
    suggest(session, documents=[later], again=True)
    assert session.annotations(later) == before


def test_what_is_removed_for_good_is_no_longer_in_what_was_learnt(session: Session) -> None:
    gone = _finished(session, "Zora Quill spoke.", "Zora Quill")
    kept = _finished(session, "Yan Moss spoke.", "Yan Moss")
    learn(session)
    session.do(commands.RemoveDocuments(documents=(gone,)))
    remove_for_good(session, [gone])
    assert not learnt_file(session).exists()
    learn(session)
    assert _learnt(session) == [kept]


def test_of_too_many_documents_the_newest_half_is_learnt_and_then_gone_on_from(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.workflows.learning.MOST", 4)
    keys = [_finished(session, f"Zora Quill spoke {number}.", "Zora Quill") for number in range(5)]
    assert learn(session).documents == 2
    assert _learnt(session) == keys[-2:]
    assert learn(session).documents == 0
    keys.append(_finished(session, "Zora Quill sang.", "Zora Quill"))
    report = learn(session)
    assert (report.documents, report.anew) == (1, False)
    assert _learnt(session) == keys[-3:]


def test_nothing_is_learnt_where_that_is_switched_off(session: Session) -> None:
    _finished(session, "Zora Quill spoke.", "Zora Quill")
    session.set_suggest_settings(SuggestSettings(uses_pipeline=False, learns=False))
    assert learn(session).documents == 0
    assert not learnt_file(session).exists()


def _related(session: Session, text: str, head: str, child: str, label: str) -> int:
    key = _paste(session, text)
    spans = []
    for words, kind in ((head, "PERSON"), (child, "GPE")):
        session.do(commands.AddSpan(key, place(text, words), kind))
        spans.append(SpanKey(place(text, words), kind))
    session.do(commands.AddRelation(document=key, head=spans[0], child=spans[1], label=label))
    session.do(commands.FinishDocument(document=key))
    return key


def _relations_to_decide(session: Session, key: int) -> list[tuple[str, str]]:
    return [
        (each.candidate.what.label, each.candidate.proposals[0].suggester)
        for each in session.annotations(key).undecided_relations
    ]


def test_relations_are_learnt_with_the_entities_they_join(session: Session) -> None:
    session.set_suggest_settings(replace(ALONE, relations=True))
    for name, town in zip(("Ada", "Bob", "Cleo", "Dan"), ("Rome", "Oslo", "Lima", "Bern"), strict=True):
        _related(session, f"{name} rejected {town}.", name, town, "VISITED")
    learn(session)
    text = "Eve rejected Pisa."
    key = _paste(session, text)
    for words, kind in (("Eve", "PERSON"), ("Pisa", "GPE")):
        session.do(commands.AddSpan(key, place(text, words), kind))
    suggest(session, documents=[key], again=True)
    assert _relations_to_decide(session, key) == [("VISITED", "learnt relations")]


def test_another_relation_in_a_learnt_document_begins_anew(session: Session) -> None:
    key = _related(session, "Ada rejected Rome.", "Ada", "Rome", "VISITED")
    learn(session)
    (relation,) = session.annotations(key).relations
    session.do(commands.RemoveRelations((relation.key,)))
    assert learn(session).anew
