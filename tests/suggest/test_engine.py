"""All suggesters together: order, failures, languages, and what a person switched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from annotator.model.annotation import RelationKey, SpanKey, fragments_of
from annotator.model.document import Tokens
from annotator.suggest.base import GivenSuggester, Settings, Suggestions, Text
from annotator.suggest.engine import Stage, batches, propose_all
from annotator.suggest.pipelines import PipelineError, find_pipeline, installed_pipelines
from annotator.suggest.spacy_pipeline import PipelineSuggester
from tests.suggest.helpers import ECHO, NEWS, PIPELINE, a_text, echo_settings, needs_pipeline, related, said

SETTINGS = Settings(schema=NEWS)
STORY = (
    "Irish Prime Minister Aoife Brennan arrived in Lisbon on Tuesday. She met João Teixeira, the mayor of Lisbon.\n"
    "Brennan was born in Galway."
)


def _one(text: Text, settings: Settings = SETTINGS) -> Suggestions:
    return propose_all([text], settings)[0]


@needs_pipeline
def test_a_story_is_read_from_end_to_end() -> None:
    text = a_text(STORY)
    found = _one(text)
    assert found.skipped == ""
    assert {
        ("Irish", "NORP"),
        ("Prime Minister", "ROLE"),
        ("Aoife Brennan", "PERSON"),
        ("Lisbon", "GPE"),
        ("Tuesday", "DATE"),
        ("mayor", "ROLE"),
        ("Brennan", "PERSON"),
        ("Galway", "GPE"),
    } <= said(text, found.proposals)
    assert {
        ("Aoife Brennan", "HOLDS_ROLE", "Prime Minister"),
        ("Prime Minister", "ROLE_OF", "Irish"),
        ("Aoife Brennan", "VISITED", "Lisbon"),
        ("mayor", "ROLE_OF", "Lisbon"),
        ("Brennan", "BORN_IN", "Galway"),
    } <= related(text, found.proposals)


@needs_pipeline
def test_running_twice_gives_the_same() -> None:
    texts = [a_text(STORY, document=7), a_text("Norlab of Odda hired Ann Roe.", document=9)]
    first = propose_all(texts, SETTINGS)
    assert first == propose_all(texts, SETTINGS)
    assert [each.document for each in first] == [7, 9]
    assert first[0] == _one(texts[0])


@needs_pipeline
def test_relations_join_what_was_accepted_and_nothing_overlaps_it() -> None:
    text = a_text(STORY)
    start = STORY.index("Aoife")
    kept = SpanKey(fragments_of((start, start + len("Aoife Brennan"))), "PERSON")
    found = _one(replace(text, accepted=(kept,)))
    assert ("Aoife Brennan", "PERSON") not in said(text, found.proposals)
    assert ("Aoife Brennan", "VISITED", "Lisbon") in related(text, found.proposals)


@needs_pipeline
def test_relations_hang_on_nothing_that_was_rejected() -> None:
    text = a_text(STORY)
    wrong = next(
        each.what
        for each in _one(text).proposals
        if isinstance(each.what, SpanKey) and said(text, [each]) == {("Lisbon", "GPE")}
    )
    for proposal in _one(replace(text, rejected=(wrong,))).proposals:
        assert proposal.what != wrong
        assert not isinstance(proposal.what, RelationKey) or wrong not in (
            proposal.what.head,
            proposal.what.child,
        )


@needs_pipeline
def test_a_document_in_another_language_is_skipped_with_the_reason() -> None:
    stated = a_text("Der Bürgermeister von Köln kam.", language="de")
    guessed = a_text(
        "Der Bürgermeister von Köln ist am Dienstag nach Bonn gefahren und hat dort mit dem Rat gesprochen."
    )
    for text in (stated, guessed):
        found = _one(text)
        assert found.skipped == f"{PIPELINE} reads English; this document is German."
        assert found.proposals == ()


@needs_pipeline
def test_labels_go_where_a_person_sent_them() -> None:
    text = a_text(STORY)
    found = _one(text, Settings(schema=NEWS, mapping={"GPE": "LOC", "PERSON": ""}))
    labels = {label for _, label in said(text, found.proposals)}
    assert "LOC" in labels
    assert not labels & {"GPE", "PERSON"}


@needs_pipeline
def test_each_suggester_can_be_switched_off() -> None:
    text = a_text(STORY)
    assert not related(text, _one(text, Settings(schema=NEWS, relations=False)).proposals)
    assert "ROLE" not in {
        label for _, label in said(text, _one(text, Settings(schema=NEWS, roles=False)).proposals)
    }
    alone = said(text, _one(text, Settings(schema=NEWS, enabled=("roles",))).proposals)
    assert {label for _, label in alone} == {"ROLE"}


@needs_pipeline
def test_scores_and_reasons_are_given_for_every_proposal() -> None:
    for proposal in _one(a_text(STORY)).proposals:
        assert 0.15 <= proposal.score <= 1
        assert proposal.suggester
        assert proposal.reason


@needs_pipeline
def test_spans_that_do_not_fit_the_documents_own_tokens_are_dropped_and_counted() -> None:
    text = a_text("She flew to Lisbon with Aoife Brennan on Tuesday.")
    glued = Tokens((0, 4, 9, 12), (3, 8, 11, len(text.text)), (0,))
    found = _one(replace(text, tokens=glued))
    assert found.proposals == ()
    assert found.misaligned == 3


@needs_pipeline
def test_the_pipeline_is_described_without_loading_it() -> None:
    pipeline = find_pipeline()
    assert pipeline is not None
    assert pipeline.name == PIPELINE
    assert pipeline.language == "en"
    assert {"PERSON", "GPE"} <= set(pipeline.labels)
    assert installed_pipelines()[0] == pipeline
    assert find_pipeline(pipeline.path) is not None


def test_a_pipeline_that_is_not_there_is_named() -> None:
    with pytest.raises(PipelineError, match="no spaCy pipeline xx_not_there"):
        propose_all([a_text("Hello.")], Settings(schema=NEWS, pipeline="xx_not_there"))
    with pytest.raises(PipelineError, match="no spaCy pipeline"):
        PipelineSuggester(Settings(schema=NEWS, pipeline="/nowhere/at all"))


def test_without_a_pipeline_the_rules_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.suggest.pipelines.PREFERRED", ())
    text = a_text("The mayor slept.")
    found = _one(text)
    assert found.skipped == "No spaCy pipeline is installed."
    assert said(text, found.proposals) == {("mayor", "ROLE")}


def test_a_suggester_that_raises_is_named_on_that_document_alone() -> None:
    texts = [a_text("Echo.", document=1), a_text("RAISE Echo.", document=2), a_text("Echo!", document=3)]
    stages: list[Stage] = []
    found = propose_all(texts, echo_settings(), note=stages.append)
    assert [len(each.proposals) for each in found] == [1, 0, 1]
    assert found[1].skipped == "echo (tests) could not read this document (ZeroDivisionError: as asked)."
    assert stages[0] == Stage(ECHO, "echo (tests)", (1, 2, 3))


def test_a_suggester_that_is_not_there_is_named() -> None:
    nowhere = GivenSuggester("no", "nowhere:Nothing", "none")
    (found,) = propose_all(
        [a_text("Echo.")], Settings(schema=NEWS, enabled=(nowhere.kind,), others=(nowhere,))
    )
    assert found.skipped == "no (none) cannot be used: ModuleNotFoundError: No module named 'nowhere'."


def test_batches_are_bounded_in_number_and_length() -> None:
    texts: Sequence[Text] = [a_text("Echo.", document=number) for number in range(130)]
    assert [len(batch) for batch in batches(texts)] == [64, 64, 2]
    long = replace(texts[0], text="x" * 300_000)
    assert [len(batch) for batch in batches([long, long, texts[1]])] == [1, 2]
    assert batches([]) == []
