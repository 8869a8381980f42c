"""Picking a partner: who is legal, which way it runs, choosing among types, moving an end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.model.schema import EntityType, RelationType, Schema
from annotator.ui.controller import Controller
from annotator.ui.relation_mode import RelationMode
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, place

SCHEMA = Schema(
    (EntityType(name="PERSON"), EntityType(name="GPE"), EntityType(name="DATE")),
    (
        RelationType(name="VISITED", heads=("PERSON",), children=("GPE",)),
        RelationType(name="BORN_IN", heads=("PERSON",), children=("GPE",)),
        RelationType(name="PART_OF", heads=("GPE",), children=("GPE",)),
        RelationType(name="MET", heads=("PERSON",), children=("PERSON",), symmetric=True),
    ),
).with_defaults()
TEXT = "[Ada](PERSON) left [London](GPE) in [May](DATE), met [Bob](PERSON) in [Paris](GPE)."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Session]:
    session = a_project(tmp_path, schema=SCHEMA)
    a_document(session, TEXT)
    yield session
    session.close()


@pytest.fixture
def controller(application: QApplication, project: Session) -> Controller:
    controller = Controller()
    controller.set_session(project)
    controller.open_document(project.documents(limit=1)[0].key)
    return controller


@pytest.fixture
def mode(controller: Controller) -> RelationMode:
    return RelationMode(controller, on_screen=lambda: (0, 1000))


def select(controller: Controller, words: str) -> None:
    wanted = place(controller.text, words)
    for item in controller.things.spans:
        thing = controller.things.get(item)
        if thing is not None and controller.things.fragments(thing) == wanted:
            controller.select(item)
            return
    raise AssertionError(words)


def letter_of(mode: RelationMode, controller: Controller, words: str) -> str:
    wanted = place(controller.text, words)
    for item, letters in mode.hints.items():
        thing = controller.things.get(item)
        if thing is not None and controller.things.fragments(thing) == wanted:
            return letters
    return ""


def joined(controller: Controller) -> list[tuple[str, str, str]]:
    found = controller.annotations
    ends = {span.key: controller.words(span.fragments) for span in found.spans}
    return [(ends[each.head], each.label, ends[each.child]) for each in found.relations]


def test_only_legal_partners_have_letters_the_nearest_first(
    controller: Controller, mode: RelationMode
) -> None:
    select(controller, "Ada")
    mode.begin()
    assert letter_of(mode, controller, "London") == "S"
    assert letter_of(mode, controller, "Bob") == "D"
    assert letter_of(mode, controller, "Paris") == "F"
    assert letter_of(mode, controller, "May") == ""


def test_one_legal_type_is_made_at_once_and_accepts_both_ends(
    controller: Controller, mode: RelationMode
) -> None:
    select(controller, "Bob")
    mode.begin()
    mode.letter(letter_of(mode, controller, "Ada"))
    assert joined(controller) == [("Bob", "MET", "Ada")]
    assert len(controller.annotations.spans) == 2
    assert not mode.is_on
    assert controller.selected.kind == "relation"


def test_several_types_are_chosen_by_their_own_digits(controller: Controller, mode: RelationMode) -> None:
    select(controller, "London")
    mode.begin()
    mode.letter(letter_of(mode, controller, "Ada"))
    assert [choice.name for choice in mode.choices] == ["VISITED", "BORN_IN"]
    assert list(mode.hints) == [mode.target.item if mode.target else ""]
    mode.digit("2")
    assert joined(controller) == [("Ada", "BORN_IN", "London")]


def test_what_was_taken_before_is_the_likeliest(controller: Controller, mode: RelationMode) -> None:
    select(controller, "Ada")
    mode.begin()
    mode.letter(letter_of(mode, controller, "London"))
    mode.digit("2")
    select(controller, "Bob")
    mode.begin()
    mode.letter(letter_of(mode, controller, "Paris"))
    mode.take()
    assert joined(controller)[-1] == ("Bob", "BORN_IN", "Paris")


def test_a_digit_first_keeps_that_type_and_escape_goes_one_step(
    controller: Controller, mode: RelationMode
) -> None:
    select(controller, "Ada")
    mode.begin()
    mode.digit("4")
    assert letter_of(mode, controller, "Bob")
    assert not letter_of(mode, controller, "London")
    mode.leave()
    assert letter_of(mode, controller, "London")
    mode.leave()
    assert not mode.is_on


def test_a_type_that_runs_both_ways_is_turned(controller: Controller, mode: RelationMode) -> None:
    select(controller, "London")
    mode.begin()
    mode.digit("3")
    mode.letter(letter_of(mode, controller, "Paris"))
    assert joined(controller) == [("London", "PART_OF", "Paris")]


def test_without_a_legal_partner_the_mode_is_not_entered(controller: Controller, mode: RelationMode) -> None:
    heard: list[str] = []
    controller.message.connect(lambda text, _kind, _undoable: heard.append(text))
    select(controller, "May")
    mode.begin()
    assert not mode.is_on
    assert heard == ["No legal partner for a DATE in this schema."]


def test_an_end_is_moved_and_the_other_one_with_tab(controller: Controller, mode: RelationMode) -> None:
    select(controller, "Ada")
    mode.begin()
    mode.letter(letter_of(mode, controller, "London"))
    mode.take()
    mode.begin()
    assert mode.moving == "VISITED"
    assert not letter_of(mode, controller, "Bob")
    mode.letter(letter_of(mode, controller, "Paris"))
    assert joined(controller) == [("Ada", "VISITED", "Paris")]
    mode.begin()
    mode.other_end()
    mode.letter(letter_of(mode, controller, "Bob"))
    assert joined(controller) == [("Bob", "VISITED", "Paris")]


def test_words_without_a_span_become_one_by_a_digit(controller: Controller, mode: RelationMode) -> None:
    select(controller, "Ada")
    mode.begin()
    mode.offer_words(place(controller.text, "left"))
    mode.digit("1")
    assert joined(controller) == [("Ada", "MET", "left")]


def test_the_panel_is_told_what_will_be_made(controller: Controller, mode: RelationMode) -> None:
    select(controller, "London")
    mode.begin()
    mode.letter(letter_of(mode, controller, "Ada"))
    told = mode.panel_state()
    assert told is not None
    assert told.offered == ("VISITED", "BORN_IN")
    assert told.turned
    assert told.legal == {"VISITED", "BORN_IN", "PART_OF"}
