"""What is learnt comes back as candidates with reasons, in this process and through the worker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.model.annotation import SpanKey
from annotator.model.schema import EntityType, Schema
from annotator.suggest.base import Settings, Text
from annotator.suggest.engine import learn_all, propose_all
from annotator.suggest.in_process import InProcess
from annotator.suggest.teaching import Decided, LearningError
from annotator.suggest.worker import Worker
from tests.builders import marked, place, plain_tokens
from tests.suggest.helpers import NEWS, a_text, needs_pipeline, said


def _decided(written: str, number: int, rejected: tuple[SpanKey, ...] = ()) -> Decided:
    text, spans = marked(written)
    made = Text(
        document=number,
        text=text,
        language="en",
        tokens=plain_tokens(text),
        accepted=tuple(spans),
        rejected=rejected,
    )
    return Decided(text=made, evidence=str(number))


LESSONS = [_decided(f"Number {number}: [Zora Quill](PERSON) saw [Odda](GPE).", number) for number in range(3)]
LATER = a_text("Then Zora Quill left Odda.", document=9)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Let memory and tagger work alone."""
    return Settings(schema=NEWS, enabled=(), learnt=str(tmp_path / "learnt"))


def test_nothing_learnt_proposes_nothing(settings: Settings) -> None:
    assert propose_all([LATER], settings)[0].proposals == ()


def test_what_was_learnt_is_proposed_with_reasons(settings: Settings) -> None:
    assert learn_all(LESSONS, settings, anew=True) == 3
    (answer,) = propose_all([LATER], settings)
    assert {("Zora Quill", "PERSON"), ("Odda", "GPE")} <= said(LATER, answer.proposals)
    assert {each.suggester for each in answer.proposals} == {"memory", "tagger"}
    assert all(each.reason and 0 < each.score < 1 for each in answer.proposals)


def test_learning_on_is_as_learning_at_once(settings: Settings, tmp_path: Path) -> None:
    other = replace(settings, learnt=str(tmp_path / "other"))
    learn_all(LESSONS, settings, anew=True)
    learn_all(LESSONS[:1], other, anew=True)
    learn_all(LESSONS[1:], other, anew=False)
    assert propose_all([LATER], other) == propose_all([LATER], settings)


def test_decided_spans_are_not_proposed(settings: Settings) -> None:
    learn_all(LESSONS, settings, anew=True)
    (answer,) = propose_all([LATER], settings)
    first, *_ = [each.what for each in answer.proposals if isinstance(each.what, SpanKey)]
    for left in (replace(LATER, accepted=(first,)), replace(LATER, rejected=(first,))):
        assert first not in {each.what for each in propose_all([left], settings)[0].proposals}


def test_spans_inside_others_are_proposed_where_that_was_seen(settings: Settings) -> None:
    lessons = []
    for number in range(6):
        made = _decided(f"The [Bank of Odda{number}](ORG) met.", number)
        within = SpanKey(place(made.text.text, f"Odda{number}"), "GPE")
        accepted = (*made.text.accepted, within)
        lessons.append(replace(made, text=replace(made.text, accepted=accepted)))
    learn_all(lessons, settings, anew=True)
    later = a_text("The Bank of Odda1 met.", document=9)
    found = said(later, propose_all([later], settings)[0].proposals)
    assert {("Bank of Odda1", "ORG"), ("Odda1", "GPE")} <= found


@needs_pipeline
def test_the_worker_learns_as_this_process_does(settings: Settings, tmp_path: Path) -> None:
    other = replace(settings, learnt=str(tmp_path / "other"), enabled=None)
    both = replace(settings, enabled=None)
    with Worker() as worker:
        assert worker.learn(LESSONS, both, anew=True) == InProcess().learn(LESSONS, other, anew=True)
        assert worker.propose([LATER], both) == InProcess().propose([LATER], other)


def test_what_was_learnt_of_labels_that_are_gone_is_not_asked(settings: Settings) -> None:
    learn_all(LESSONS, settings, anew=True)
    other = replace(settings, schema=Schema((EntityType(name="HUMAN"), EntityType(name="GPE"))))
    assert propose_all([LATER], other)[0].proposals == ()


def test_a_place_that_cannot_be_written_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LearningError, match="cannot be written"):
        learn_all(LESSONS, replace(settings, learnt=str(tmp_path / "file" / "learnt")), anew=True)
