"""Hands in the article, in the real window: jumps and the way back, fragments, edges, the word cursor, undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from annotator.model.annotation import RelationKey, SpanKey
from annotator.ui.canvas.view import ArticleView
from annotator.ui.window import MainWindow
from tests.builders import a_document, a_project, place, propose
from tests.ui.canvas.test_mouse import CONTROL, LEFT, NONE, _handle, at, click, drag
from tests.ui.conftest import filled
from tests.ui.driving import Person, wait_until

FILLER = "\n".join(
    f"Paragraph {number} says that nothing happened on that day either." for number in range(40)
)
LONG = (
    "[Ada](PERSON) was born early and met nobody.\n"
    + FILLER
    + "\nIn the end [Bob](PERSON) met [Eve](PERSON) and [Rome](GPE) fell.\n"
    + FILLER
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project whose first article is long and has relations near and far."""
    session = a_project(tmp_path, name="Long")
    document = a_document(session, LONG, source="long")
    text = session.text(document)
    ada, bob, eve = (SpanKey(place(text, name), "PERSON") for name in ("Ada", "Bob", "Eve"))
    rome = SpanKey(place(text, "Rome"), "GPE")
    propose(session, document, [RelationKey(ada, rome, "VISITED"), RelationKey(bob, eve, "MET")], score=0.7)
    filled(session)
    session.close()
    return session.path


@pytest.fixture
def view(person: Person, window: MainWindow) -> ArticleView:
    """Give the article with the first article open."""
    return window.centre.view


def item_of(window: MainWindow, words: str) -> str:
    """Give the id of the span of some words."""
    things = window.controller.things
    return next(
        name
        for name in things.spans
        if (thing := things.get(name)) is not None
        and window.controller.words(things.fragments(thing)) == words
    )


def relation_of(window: MainWindow, label: str) -> str:
    """Give the id of the relation of a type."""
    things = window.controller.things
    for name in things.standing:
        thing = things.get(name)
        if label in {getattr(thing, "label", ""), getattr(getattr(thing, "candidate", None), "label", "")}:
            return name
    raise AssertionError(label)


def chip_at(view: ArticleView, span: str) -> QPoint:
    """Give the middle of the chip beside a span."""
    block = view.scene.index.home(view.scene.index.spans[span])
    chip = next(
        each
        for each in view.scene.drawing(block).connectors
        if each.kind == "chip" and each.feet[0].span == span
    )
    return chip.box.center().toPoint() + QPoint(view.left, view.scroller.top_of(block))


def standing(view: ArticleView) -> tuple[int, int, str]:
    """Say exactly where the article stands and what is selected."""
    return view.scroller.block, view.scroller.y, view.selection.id


@pytest.mark.parametrize(("near", "far"), [("Ada", "Rome"), ("Rome", "Ada")])
def test_a_stub_jump_and_back_end_exactly_where_one_was(
    person: Person, window: MainWindow, view: ArticleView, near: str, far: str
) -> None:
    begin, end = item_of(window, near), item_of(window, far)
    window.controller.select(begin)
    view.scroll_by(-37)
    click(view, chip_at(view, begin))
    assert window.controller.selected.id == end
    assert view.state.flashed == end
    there = standing(view)
    person.press("Alt+Left")
    here = standing(view)
    assert here[2] == relation_of(window, "VISITED")
    view.scroll_by(1)
    click(view, chip_at(view, begin))
    left = here[0], here[1] - 1, here[2]
    person.press("Alt+Left")
    assert standing(view) == left
    person.press("Alt+Right")
    assert standing(view) == there
    person.press("Alt+Left")
    assert standing(view) == left


def test_going_back_leads_to_the_height_at_which_a_document_was_left(
    person: Person, window: MainWindow, view: ArticleView
) -> None:
    first = window.controller.document
    window.controller.select(item_of(window, "Eve"), third=True)
    view.scroll_by(23)
    left = standing(view)
    person.press("Ctrl+PgDown")
    assert window.controller.document != first
    person.press("Alt+Left")
    assert window.controller.document == first
    assert standing(view) == left


def test_a_key_goes_along_a_relation_and_back(person: Person, window: MainWindow, view: ArticleView) -> None:
    visited = relation_of(window, "VISITED")
    window.controller.select(visited)
    left = standing(view)
    person.press("T")
    assert person.words == "Ada"
    assert view.state.flashed == item_of(window, "Ada")
    assert 0 < view.rect_of(item_of(window, "Ada")).center().y() < view.viewport().height()
    person.press("T")
    assert person.words == "Rome"
    person.press("T")
    assert person.words == "Ada"
    person.press("Alt+Left", "Alt+Left", "Alt+Left")
    assert standing(view) == left


def test_the_key_along_goes_to_the_end_that_is_off_screen(
    person: Person, window: MainWindow, view: ArticleView
) -> None:
    window.controller.select(item_of(window, "Ada"))
    window.controller.select(relation_of(window, "VISITED"), reveal=False)
    person.press("T")
    assert person.words == "Rome"


def test_the_key_along_says_where_there_is_no_relation(person: Person) -> None:
    person.press("Ctrl+PgDown", "Ctrl+PgDown", "T")
    assert person.words == "Grace Hopper"
    assert person.said == "Select a relation first, or a span that has one."


def test_spans_and_relations_are_reached_in_reading_order_decided_or_not(
    person: Person, window: MainWindow
) -> None:
    person.press("A")
    while window.controller.things.undecided:
        person.press("A")
    assert window.controller.annotations.relations
    person.press("Esc", "Ctrl+Down")
    found = [(person.kind, person.words)]
    for _ in range(5):
        person.press("Ctrl+Down")
        found.append((person.kind, person.words))
    assert found == [
        ("span", "Ada"),
        ("span", "Bob"),
        ("span", "Eve"),
        ("relation", "Eve"),
        ("span", "Rome"),
        ("relation", "Rome"),
    ]
    person.press("Ctrl+Down")
    assert person.said == "No span or relation after this one."
    person.press("Ctrl+Up", "Ctrl+Up")
    assert (person.kind, person.selected.label) == ("relation", "MET")


# ---------------------------------------------------------------------- fragments


def test_another_fragment_by_keys_is_one_step_and_keeps_the_label(person: Person, window: MainWindow) -> None:
    person.press("A")
    session = window.controller.session
    assert session is not None
    window.controller.select(item_of(window, "Ada"))
    person.press("P")
    assert person.words == "Ada was"
    assert window.centre.hint_bar.shown[0].words == "add to the span"
    person.press("Right", "Right", "Shift+Right")
    assert person.words == "Ada early and"
    person.press("Return")
    assert (person.kind, person.words, person.selected.label) == ("span", "Ada early and", "PERSON")
    person.press("Ctrl+Z")
    assert (person.kind, person.words) == ("span", "Ada")
    person.press("Ctrl+Z")
    assert not window.controller.annotations.spans


def test_a_fragment_is_taken_away_by_keys(person: Person, window: MainWindow) -> None:
    person.press("P", "Right", "Return")
    assert person.words == "Ada born"
    person.press("Shift+P")
    assert (person.kind, person.words) == ("span", "Ada")
    person.press("Shift+P")
    assert person.said == "There is only one fragment. X removes the span."
    person.press("P", "Right", "P", "Right", "Return")
    assert person.words == "Ada born and"
    # The cursor goes onto a fragment in the middle; that is taken away.
    person.press("P", "Left", "Left", "Left")
    assert person.words == "Ada born and"
    person.press("Shift+P", "Return")
    assert person.words == "Ada and"


def test_escape_while_a_fragment_is_chosen_leaves_the_span_as_it_is(
    person: Person, window: MainWindow
) -> None:
    person.press("A", "Ctrl+Up", "Ctrl+Up", "Ctrl+Up", "P", "Right")
    assert person.kind == "text"
    person.press("Esc")
    assert (person.kind, person.words) == ("span", "Ada")


def test_a_candidate_gets_fragments_and_label_in_one_step(person: Person, window: MainWindow) -> None:
    person.press("P", "3")
    (span,) = window.controller.annotations.spans
    assert (window.controller.words(span.fragments), span.label) == ("Ada was", "GPE")
    person.press("Ctrl+Z")
    assert (person.kind, person.words) == ("candidate", "Ada")


def test_text_of_several_fragments_is_labelled_by_a_digit_and_copied(
    person: Person, window: MainWindow
) -> None:
    person.press("Esc", "Ctrl+Home", "Right", "P", "Right", "Shift+Right")
    assert person.words == "was early and"
    person.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == "was early and"
    person.press("2")
    assert (person.kind, person.words, person.selected.label) == ("span", "was early and", "ROLE")
    assert len(person.selected.fragments) == 2


def test_control_drag_in_the_window_adds_a_fragment_in_one_step(
    person: Person, window: MainWindow, view: ArticleView
) -> None:
    person.press("A", "Ctrl+Up", "Ctrl+Up", "Ctrl+Up")
    assert person.kind == "span"
    drag(view, at(view, "early"), at(view, "met"), modifiers=CONTROL)
    assert (person.kind, person.words, person.selected.label) == ("span", "Ada early and met", "PERSON")
    click(view, at(view, "nobody"), CONTROL)
    assert person.words == "Ada early and met nobody"
    click(view, at(view, "early"), CONTROL)
    assert person.words == "Ada nobody"
    person.press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert (person.kind, person.words) == ("span", "Ada")


def test_dragging_a_handle_is_one_step(person: Person, window: MainWindow, view: ArticleView) -> None:
    person.press("A", "Ctrl+Up", "Ctrl+Up", "Ctrl+Up")
    handle = _handle(view, view.selection.id, "right")
    drag(view, handle, at(view, "was"), at(view, "early"), at(view, "met"))
    assert person.words == "Ada was born early and met"
    person.press("Ctrl+Z")
    assert (person.kind, person.words) == ("span", "Ada")
    person.press("Ctrl+Shift+Z")
    assert person.words == "Ada was born early and met"
    drag(view, _handle(view, view.selection.id, "right"), at(view, "was"), drop=False)
    person.press("Esc")
    QTest.mouseRelease(view.viewport(), LEFT, NONE, at(view, "was"))
    assert person.words == "Ada was born early and met"


# ---------------------------------------------------------------------- ends of relations


def test_the_end_of_a_candidate_relation_is_dragged_in_one_step(
    person: Person, window: MainWindow, view: ArticleView
) -> None:
    met = relation_of(window, "MET")
    window.controller.select(met)
    before = window.controller.annotations
    begin, ada = foot_in_window(view, met, "child"), item_of(window, "Ada")
    drag(view, begin, begin + QPoint(0, 40), drop=False)
    assert set(view.state.hints) == {item_of(window, "Eve"), ada}, "only persons are legal"
    assert view.state.hint_source == item_of(window, "Bob")
    person.press("Esc")
    assert not view.state.hints
    assert window.controller.annotations == before
    visited = relation_of(window, "VISITED")
    window.controller.select(visited)
    chip = chip_at(view, item_of(window, "Rome"))
    drag(view, chip, at(view, "Eve"))
    (relation,) = window.controller.annotations.relations
    assert person.selected.relation == relation
    head = window.controller.annotations.span(relation.head)
    assert head is not None
    assert window.controller.words(head.fragments) == "Eve"
    person.press("Ctrl+Z")
    assert window.controller.annotations == before


def test_an_end_is_moved_by_keys_in_one_step_too(person: Person, window: MainWindow) -> None:
    window.controller.select(relation_of(window, "VISITED"))
    before = window.controller.annotations
    person.press("R", "Tab")
    bob = item_of(window, "Bob")
    person.press(*window.relation.hints[bob])
    (relation,) = window.controller.annotations.relations
    head = window.controller.annotations.span(relation.head)
    assert head is not None
    assert window.controller.words(head.fragments) == "Bob"
    assert person.selected.relation == relation
    person.press("Ctrl+Z")
    assert window.controller.annotations == before


def test_a_partner_is_found_by_its_words(person: Person, window: MainWindow, view: ArticleView) -> None:
    window.controller.select(item_of(window, "Ada"))
    person.press("R", "Ctrl+F")
    assert window.partner_finder.isVisible()
    assert [row.text for row in window.partner_finder.rows.rows] == ["Bob", "Eve", "Rome"]
    person.type("ro")
    assert [row.text for row in window.partner_finder.rows.rows] == ["Rome"]
    assert 0 < view.rect_of(item_of(window, "Rome")).center().y() < view.viewport().height()
    person.press("Esc")
    assert window.relation.is_on
    assert person.focus() is view
    person.press("Ctrl+F")
    person.type("eve")
    person.press("Return")
    (relation,) = window.controller.annotations.relations
    assert relation.label == "MET"
    assert window.controller.mode == "decide"


def foot_in_window(view: ArticleView, relation: str, end: str) -> QPoint:
    """Give where an end of a relation can be taken, in the viewport."""
    place = view.hit.foot_place(relation, "head" if end == "head" else "child")
    return QPoint(view.left + round(place.x()), round(place.y()) - 4)


# ---------------------------------------------------------------------- undo


def test_undoing_a_span_made_by_hand_goes_to_its_place_and_lights_it(
    person: Person, window: MainWindow, view: ArticleView
) -> None:
    person.press("Esc", "Ctrl+End", "Left", "3")
    made = person.selected.fragments
    person.press("Ctrl+Home")
    assert not is_on_screen(view, made[0].start)
    person.press("Ctrl+Z")
    assert not window.controller.annotations.spans
    assert is_on_screen(view, made[0].start)
    assert (view.state.flashed_place, view.state.flash) == (made, 1.0)
    wait_until(lambda: not view.state.flash, what="the end of the flash")
    person.press("Ctrl+Home", "Ctrl+Shift+Z")
    assert person.selected.fragments == made
    assert is_on_screen(view, made[0].start)


def test_undoing_a_relation_made_by_hand_goes_to_its_later_end(
    person: Person, window: MainWindow, view: ArticleView
) -> None:
    while window.controller.things.undecided:
        person.press("A")
    window.controller.select(item_of(window, "Ada"))
    person.press("R", "Ctrl+F")
    person.type("eve")
    person.press("Return", "Ctrl+Home")
    eve = place(window.controller.text, "Eve")
    assert not is_on_screen(view, eve[0].start)
    person.press("Ctrl+Z")
    assert is_on_screen(view, eve[0].start)
    assert set(view.state.flashed_place) == {*place(window.controller.text, "Ada"), *eve}


def test_redoing_what_leaves_nothing_goes_to_its_place(
    person: Person, window: MainWindow, view: ArticleView
) -> None:
    rome = place(window.controller.text, "Rome")
    window.controller.select(item_of(window, "Rome"))
    person.press("X", "Ctrl+Z")
    assert person.words == "Rome"
    person.press("Ctrl+Home", "Ctrl+Shift+Z")
    assert is_on_screen(view, rome[0].start)
    assert view.state.flashed_place == rome


def test_with_reduced_motion_a_flash_ends_at_once(
    person: Person, window: MainWindow, view: ArticleView
) -> None:
    view.set_reduced_motion(True)
    strengths: list[float] = []
    view.flashing._show = lambda _item, strength: strengths.append(strength)
    person.press("Esc", "Ctrl+Home", "Right", "3", "Ctrl+Z")
    wait_until(lambda: len(strengths) > 1, what="the end of the flash")
    assert strengths == [1.0, 0.0]


def is_on_screen(view: ArticleView, offset: int) -> bool:
    """Tell whether the line of a code point is wholly on screen."""
    first, last = view.visible_range()
    return first <= offset < last
