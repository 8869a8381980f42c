"""A pipeline is fine-tuned when enough was learnt, proposes beside the others, and goes with what it was made of."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import surface
from annotator.model.errors import Cancelled
from annotator.suggest import fine_tuned
from annotator.suggest.in_process import InProcess
from annotator.workflows import fine_tuning
from annotator.workflows.fine_tuning import fine_tune, fine_tune_ahead
from annotator.workflows.learning import forget_learnt, learn
from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.suggester_list import built_in_suggesters
from annotator.workflows.suggester_records import records_so_far
from annotator.workflows.suggesting import fine_tuned_file, suggest
from tests.builders import a_document
from tests.suggest.small_pipeline import small_pipeline, written


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    return small_pipeline(tmp_path_factory.mktemp("pipelines") / "small")


@pytest.fixture(autouse=True)
def session_that_fine_tunes(
    session: Session, pipeline: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Switch it on, with a pipeline that is quickly trained, and let ten documents be enough."""
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setattr(fine_tuning, "FIRST", 10)
    monkeypatch.setattr("annotator.suggest.fine_tuning.LEARN_RATE", 0.01)
    session.machine = InProcess()
    session.set_suggest_settings(
        SuggestSettings(pipeline=pipeline, roles=False, relations=False, fine_tunes=True)
    )


def _finished(session: Session, *numbers: int) -> list[int]:
    keys = []
    for number in numbers:
        key = a_document(session, written(number), source=f"{number}")
        session.do(commands.FinishDocument(document=key, accept_rest=True))
        keys.append(key)
    return keys


def _made(session: Session) -> fine_tuned.Made | None:
    return fine_tuned.made(str(fine_tuned_file(session)))


def test_it_waits_for_enough_documents_and_for_more_of_them(session: Session) -> None:
    _finished(session, *range(9))
    learn(session)
    assert fine_tune(session).documents == 0
    _finished(session, 9)
    assert fine_tune(session).documents == 0, "what is learnt in other ways goes first"
    learn(session)
    report = fine_tune(session)
    assert (report.documents, report.tried_on, report.is_used) == (10, 2, True)
    assert report.words().startswith("Fine-tuned small on 10 documents (F1 0.00 before, 1.00 after")
    assert fine_tune(session).documents == 0
    _finished(session, 10, 11)
    learn(session)
    assert fine_tune(session).documents == 0
    _finished(session, 12)
    learn(session)
    assert fine_tune(session).documents == 13


def test_its_word_is_on_candidates_with_its_reason_and_record(session: Session) -> None:
    _finished(session, *range(12))
    later = a_document(session, "Then Zora went to Bergen on a train.", source="later")
    learn(session)
    fine_tune_ahead(session, opened=lambda: 0)
    found = {
        surface(session.text(later), group.best.fragments): {
            each.suggester: each.reason for each in group.best.proposals
        }
        for group in session.annotations(later).undecided
    }
    assert "fine-tuned on 12 documents here, says PERSON" in found["Zora"]["fine-tuned"]
    (best,) = [
        group.best
        for group in session.annotations(later).undecided
        if surface(session.text(later), group.best.fragments) == "Zora"
    ]
    session.do(commands.AcceptSpan(document=later, candidate=best.what))
    assert records_so_far(session)["fine_tuned"].right == 1
    (row,) = [each for each in built_in_suggesters(session) if each.kind == "fine_tuned"]
    assert row.is_on
    assert row.detail == "12 documents, F1 0.00 → 1.00"


def test_the_same_decisions_give_the_same_candidates_after_all_is_learnt_anew(session: Session) -> None:
    _finished(session, *range(10))
    learn(session)
    fine_tune(session)
    for number in range(20, 26):
        _finished(session, number)
        learn(session)
    later = a_document(session, "Then Zora went to Bergen on a train.", source="later")
    suggest(session, documents=[later], again=True)
    before = session.annotations(later)
    from annotator.workflows.suggesting import learnt_file

    learnt_file(session).unlink()
    assert learn(session).anew
    suggest(session, documents=[later], again=True)
    assert session.annotations(later) == before


def test_off_nothing_is_fine_tuned_asked_or_loaded(session: Session) -> None:
    _finished(session, *range(10))
    learn(session)
    fine_tune(session)
    session.set_suggest_settings(replace(session.suggest_settings(), fine_tunes=False))
    later = a_document(session, "Then Zora went to Bergen on a train.", source="later")
    suggest(session, documents=[later], again=True)
    assert "fine-tuned" not in {
        each.suggester for group in session.annotations(later).undecided for each in group.best.proposals
    }
    fine_tuned_file(session).unlink()
    assert fine_tune(session).documents == 0
    assert SuggestSettings().fine_tunes is False


def test_where_it_is_off_its_parts_are_not_loaded() -> None:
    program = """
import sys
from annotator.model.schema import EntityType, Schema
from annotator.suggest.base import Settings
from annotator.suggest.engine import learn_all, propose_all
settings = Settings(schema=Schema((EntityType(name="PERSON"),)), enabled=())
propose_all([], settings)
names = ("advice", "entity_copy", "fine_tuning")
print(*(name for name in names if f"annotator.suggest.{name}" in sys.modules), "spacy" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_it_goes_with_another_decision_in_what_it_was_made_of(session: Session) -> None:
    keys = _finished(session, *range(10))
    learn(session)
    fine_tune(session)
    (first, *_) = session.annotations(keys[0]).spans
    session.do(commands.RelabelSpans((first.key,), "ROLE"))
    learn(session)
    assert _made(session) is None
    assert fine_tune(session).documents == 10


def test_it_goes_with_a_label_that_is_renamed_and_with_another_pipeline(
    session: Session, tmp_path: Path
) -> None:
    _finished(session, *range(10))
    learn(session)
    fine_tune(session)
    person = session.schema.entity("PERSON")
    assert person is not None
    session.do(commands.ChangeType(type=replace(person, name="HUMAN")))
    learn(session)
    assert _made(session) is None
    fine_tune(session)
    again = _made(session)
    assert again is not None
    assert "HUMAN" in again.labels
    another = small_pipeline(tmp_path / "another", seed=1)
    session.set_suggest_settings(replace(session.suggest_settings(), pipeline=another))
    learn(session)
    assert _made(session) is None


def test_it_is_forgotten_with_what_was_learnt(session: Session) -> None:
    _finished(session, *range(10))
    learn(session)
    fine_tune(session)
    forget_learnt(session)
    assert not fine_tuned_file(session).exists()


def test_a_person_may_stop_it_and_nothing_is_left(session: Session) -> None:
    _finished(session, *range(10))
    learn(session)

    def report(done: int, _total: int, _text: str) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        fine_tune(session, report)
    assert not fine_tuned_file(session).exists()
    assert fine_tune(session).documents == 10
