"""Keys and wheels in the article that are no decision: readings, outer spans, edges by characters, zoom, copying."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from annotator.editing.commands import AddRelation, AddSpan, AddType
from annotator.model.annotation import Relation
from annotator.model.schema import RelationType
from annotator.ui import article_keys
from annotator.ui.window import MainWindow
from tests.builders import place
from tests.ui.canvas.test_mouse import CONTROL, NONE, _wheel, at, click, drag, hover
from tests.ui.driving import Person, wait_until


def add_span(window: MainWindow, words: str, label: str) -> None:
    """Label some words as a person would."""
    document = window.controller.document
    assert document is not None
    window.controller.do(AddSpan(document, place(window.controller.text, words), label))


def key_of(window: MainWindow, words: str) -> int:
    """Give the row key of the accepted span of some words."""
    controller = window.controller
    return next(
        each.key for each in controller.annotations.spans if controller.words(each.fragments) == words
    )


def add_relation(window: MainWindow, head: str, label: str, child: str) -> Relation:
    """Join two accepted spans and select the relation."""
    document = window.controller.document
    assert document is not None
    ends = {"head": key_of(window, head), "child": key_of(window, child)}
    window.controller.do(AddRelation(document=document, label=label, **ends))
    (relation,) = window.controller.annotations.relations
    window.controller.select(f"r{relation.key}")
    return relation


def test_w_goes_outward_and_round(person: Person, window: MainWindow) -> None:
    for words, label in (
        ("Ada", "PERSON"),
        ("Ada Lovelace met", "ROLE"),
        ("President Ada Lovelace met", "GPE"),
    ):
        add_span(window, words, label)
    window.controller.select(f"s{key_of(window, 'Ada')}")
    found = []
    for _ in range(4):
        found.append(person.words)
        person.press("W")
    assert found == ["Ada", "Ada Lovelace met", "President Ada Lovelace met", "Ada"]


def test_shift_w_selects_the_sentence_and_then_the_next_one_as_well(
    person: Person, window: MainWindow
) -> None:
    text = window.controller.text
    window.controller.select_text(place(text, "Paris"))
    person.press("Shift+W")
    first = person.words
    assert (person.kind, text.startswith(first)) == ("text", True)
    assert "Paris" in first
    # The text of these tests has no sentences of its own: it is one.
    person.press("Shift+W")
    assert person.words.startswith(first)
    person.press("Ctrl+Down", "Shift+W")
    assert person.kind == "text"


def test_w_says_that_there_is_no_other_span(person: Person) -> None:
    person.press("W")
    assert person.words == "President"
    assert person.said == "No other span lies here."


def test_readings_go_round_both_ways(person: Person) -> None:
    person.press("Tab")
    first = person.words
    person.press("Shift+C")
    assert person.words == "Lovelace"
    person.press("Shift+C")
    assert person.words == first
    person.press("C", "C")
    assert person.words == first


def test_scores_are_shown_while_i_is_held_and_switched_by_a_tap(
    person: Person, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = window.centre.view
    monkeypatch.setattr(article_keys, "PEEK", 0.0)
    shown = []
    QTest.keyPress(view, Qt.Key.Key_I)
    shown.append(view.scene.with_score)
    QTest.keyRelease(view, Qt.Key.Key_I, NONE, 2)
    shown.append(view.scene.with_score)
    assert shown == [True, False]
    monkeypatch.setattr(article_keys, "PEEK", 1000.0)
    person.press("I")
    shown.append(view.scene.with_score)
    person.press("I")
    shown.append(view.scene.with_score)
    assert shown[2:] == [True, False]


def test_edges_move_by_characters_with_shift(person: Person) -> None:
    person.press("Tab", "Shift+D")
    assert person.words == "da Lovelace"
    person.press("Shift+S", "Shift+F")
    assert person.words == "Ada Lovelac"
    person.press("Shift+G", "Shift+G")
    assert person.words == "Ada Lovelace "
    assert person.kind == "span"
    person.press(*["Ctrl+Z"] * 5)
    assert person.kind == "candidate"


def test_bare_text_is_chosen_by_characters_with_keys(person: Person, window: MainWindow) -> None:
    person.press("Esc", "Ctrl+Home", "Home")
    while person.words != "met":
        person.press("Right")
    person.press("Shift+D", "Shift+F")
    assert (person.kind, person.words) == ("text", "e")
    person.press("Shift+G", "Shift+S", "Shift+S")
    assert person.words == " met"
    person.press("D", "1")
    assert (person.kind, person.words) == ("span", "met")
    person.press("Ctrl+Z")
    assert not window.controller.annotations.spans


def test_line_and_page_keys_move_the_word_cursor(person: Person, window: MainWindow) -> None:
    click(window.centre.view, at(window.centre.view, "Paris"))
    assert person.kind == "candidate"
    click(window.centre.view, at(window.centre.view, "met"))
    assert person.kind == "none"
    person.press("End")
    assert person.words == "."
    person.press("Home")
    assert person.words == "President"
    person.press("Shift+End")
    assert person.words == window.controller.text
    person.press("Esc", "PgDown")
    assert person.kind == "none"
    person.press("Shift+Home")
    assert person.words == window.controller.text


def test_v_turns_a_relation_round_where_it_has_a_direction(person: Person, window: MainWindow) -> None:
    window.controller.do(AddType(RelationType(name="KNOWS", heads=("PERSON",), children=("PERSON",))))
    for words in ("Ada Lovelace", "Charles Babbage"):
        add_span(window, words, "PERSON")
    before = add_relation(window, "Ada Lovelace", "KNOWS", "Charles Babbage")
    person.press("V")
    (after,) = window.controller.annotations.relations
    assert (after.head, after.child) == (before.child, before.head)
    assert person.selected.relation == after
    person.press("Ctrl+Z")
    assert window.controller.annotations.relations == (before,)


def test_v_says_that_a_symmetric_relation_has_no_direction(person: Person, window: MainWindow) -> None:
    for words in ("Ada Lovelace", "Charles Babbage"):
        add_span(window, words, "PERSON")
    before = add_relation(window, "Ada Lovelace", "MET", "Charles Babbage")
    person.press("V")
    assert person.said == "MET has no direction."
    assert window.controller.annotations.relations == (before,)


def test_v_on_a_candidate_that_fits_only_one_way_is_refused(person: Person, window: MainWindow) -> None:
    while person.kind != "relation_candidate":
        person.press("Tab")
    person.press("V")
    assert person.said.startswith("HOLDS_ROLE does not go from ROLE to PERSON")
    assert not window.controller.annotations.relations


def test_keys_and_the_wheel_zoom(person: Person, window: MainWindow) -> None:
    view = window.centre.view
    normal = view.font_size
    person.press("Ctrl++")
    assert view.font_size > normal
    person.press("Ctrl+0", "Ctrl+-")
    assert view.font_size < normal
    person.press("Ctrl+0")
    assert view.font_size == normal
    _wheel(view, 120, CONTROL)
    _wheel(view, 120, CONTROL)
    assert view.font_size == normal + 2
    _wheel(view, -120, CONTROL)
    person.press("Tab")
    assert view.font_size == normal + 1, "other acts leave it"
    person.press("Ctrl+0")
    assert view.font_size == normal


def test_copying_takes_the_text_alone(person: Person, window: MainWindow) -> None:
    view = window.centre.view
    drag(view, at(view, "met"), at(view, "Babbage"))
    person.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == "met Charles Babbage"
    assert not QGuiApplication.clipboard().mimeData().hasHtml()
    assert person.said == "Copied."


def test_an_arc_follows_the_mouse_while_a_partner_is_picked(person: Person, window: MainWindow) -> None:
    view = window.centre.view
    person.press("Tab", "R")
    hover(view, at(view, "Babbage"))
    assert view.state.rubber is not None
    assert view.state.rubber.target
    view.scroll_by(-8)
    assert view.state.rubber.start == view.hit.span_place(view.state.hint_source)
    person.press("Esc")
    wait_until(lambda: view.state.rubber is None)
