"""Candidates are made for what is open, once, and nothing decided is touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from annotator.editing import commands
from annotator.model.change import ChangeSet
from annotator.model.document import State
from annotator.model.errors import Cancelled
from annotator.model.schema import EntityType, Schema
from annotator.workflows.importing import import_text
from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.suggesting import PipelineInfo, mapping_for, mapping_preview, retokenize, suggest
from tests.builders import SCHEMA, place
from tests.workflows.conftest import PlainMachine


def paste(session: Session, text: str, language: str = "en") -> int:
    key = import_text(session, text, language=language).first_document
    assert key is not None
    return key


def undecided(session: Session, document: int) -> list[str]:
    text = session.text(document)
    found = session.annotations(document).undecided
    return [text[group.best.fragments[0].start : group.best.fragments[0].end] for group in found]


def test_candidates_are_made_once_and_skipped_documents_named(
    session: Session, machine: PlainMachine
) -> None:
    ada, german, nobody = (
        paste(session, "Ada left."),
        paste(session, "Ada ging.", "de"),
        paste(session, "Rain."),
    )
    assert session.without_candidates() == [ada, german, nobody]
    done = suggest(session)
    assert (done.documents, done.spans, done.relations) == (3, 1, 0)
    assert [(each.document, each.title, each.reason) for each in done.skipped] == [
        (german, "Ada ging.", "the pipeline reads en, not de")
    ]
    assert [problem.refused for problem in done.problems] == [False]
    assert session.row(german).skipped_by_suggester == "the pipeline reads en, not de"
    assert undecided(session, ada) == ["Ada"]
    assert session.row(ada).undecided == 1
    assert session.without_candidates() == []
    assert suggest(session).documents == 0
    assert machine.asked == [[ada, german, nobody]]


def test_running_again_adds_nothing_twice_and_touches_no_decision(session: Session) -> None:
    document = paste(session, "Ada left. Bob too.")
    suggest(session)
    session.do(commands.AddSpan(document, place("Ada left. Bob", "Bob"), "PERSON"))
    for _ in range(2):
        suggest(session, again=True)
    assert session.project.value("SELECT count(*) FROM candidate") == 1
    session.do(commands.AcceptMany())
    before = session.annotations(document)
    suggest(session, again=True)
    assert session.annotations(document) == before
    assert session.row(document).undecided == 0


def test_finished_documents_are_left_alone(session: Session, machine: PlainMachine) -> None:
    finished, skipped, open_one = (paste(session, f"{word} Ada.") for word in ("One", "Two", "Three"))
    session.do(commands.SetState(documents=(finished,), state=State.DONE))
    session.do(commands.SetState(documents=(skipped,), state=State.SKIPPED, reason="x"))
    done = suggest(session, again=True)
    assert machine.asked == [[open_one]]
    assert done.documents == 1
    assert session.row(finished).undecided == 0


def test_a_document_that_goes_while_candidates_are_made_stops_nothing(
    session: Session, machine: PlainMachine
) -> None:
    first, second = paste(session, "Ada left."), paste(session, "Ada stayed.")

    def remove() -> None:
        session.do(commands.RemoveDocuments((first,)))

    machine.before_answer = remove
    done = suggest(session, documents=[first, second, 999])
    assert (done.documents, done.spans) == (1, 1)
    session.undo(None)
    assert undecided(session, first) == []
    assert session.without_candidates() == [first]


def test_what_was_made_before_a_stop_is_kept(session: Session) -> None:
    documents = [paste(session, f"Ada wrote letter {number}.") for number in range(20)]

    def stop(done: int, total: int, text: str) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        suggest(session, stop)
    assert session.without_candidates() == documents[16:]
    assert suggest(session).documents == 4


def test_listeners_hear_which_documents_have_new_candidates(session: Session) -> None:
    document = paste(session, "Ada left.")
    heard: list[ChangeSet] = []
    stop = session.listen(heard.append)
    suggest(session)
    stop()
    suggest(session, again=True)
    assert [(each.candidates, each.documents, each.step) for each in heard] == [
        (True, frozenset({document}), None)
    ]


def test_a_crew_is_handed_shards_and_its_answers_are_kept(session: Session, machine: PlainMachine) -> None:
    keys = [paste(session, f"Ada saw Bob, number {number}.") for number in range(5)]
    handed: list[list[int]] = []

    class Two:
        shard = 2

        def propose_stream(self, shards: Any, settings: Any) -> Iterator[Any]:
            for own, texts in list(shards):
                handed.append([each.document for each in texts])
                yield own, machine.propose(texts, settings)

        def close(self) -> None: ...

    report = suggest(session, crew=Two())
    assert handed == [keys[:2], keys[2:4], keys[4:]]
    assert report.documents == 5
    assert all(undecided(session, key) == undecided(session, keys[0]) != [] for key in keys)


def test_what_proposes_is_kept_with_the_project(session: Session) -> None:
    assert session.suggest_settings() == SuggestSettings()
    chosen = SuggestSettings(pipeline="en_x", mapping={"LAW": "", "PER": "PERSON"}, roles=False)
    session.set_suggest_settings(chosen)
    assert session.suggest_settings() == chosen


def test_new_tokens_come_from_the_machine(session: Session) -> None:
    document = paste(session, "Ada left.")
    session.do(
        commands.Retokenize(document=document, language="x", starts=(), ends=(), sentences=(), tokenizer="")
    )
    retokenize(session, document, "de")
    assert (session.document(document).language, len(session.tokens(document))) == ("de", 3)


def test_a_mapping_goes_by_name_where_nothing_was_chosen(machine: PlainMachine) -> None:
    pipeline = PipelineInfo(name="p", language="en", version="1", labels=("PERSON", "GPE", "LAW"))
    assert mapping_for(pipeline, SCHEMA) == {"PERSON": "PERSON", "GPE": "GPE", "LAW": ""}
    chosen = SuggestSettings(mapping={"LAW": "ROLE", "GPE": "", "OTHER": "X"})
    assert mapping_for(pipeline, SCHEMA, chosen) == {"PERSON": "PERSON", "GPE": "", "LAW": "ROLE"}
    rows = mapping_preview(machine, [("Ada left.", "en"), ("Ada sang.", "en")], pipeline, SCHEMA)
    assert [(row.label, row.target, row.hits, row.examples) for row in rows] == [
        ("PERSON", "PERSON", 2, ("Ada",)),
        ("GPE", "GPE", 0, ()),
        ("LAW", "", 0, ()),
    ]
    assert mapping_for(pipeline, Schema((EntityType(name="X"),)))["PERSON"] == ""
