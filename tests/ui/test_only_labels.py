"""Showing the spans of some labels alone: nothing hidden is drawn, gone to or finished unseen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QMenu

from annotator.editing.commands import ChangeType
from annotator.ui.widgets import Strip
from annotator.ui.window import MainWindow
from tests.builders import place
from tests.ui.driving import Person


def go_to(person: Person, words: str) -> None:
    for _ in range(20):
        if person.words == words:
            return
        person.press("Tab")
    raise AssertionError(f"{words} is not reached")


def drawn(window: MainWindow) -> set[str]:
    index = window.centre.view.scene.index
    found = (item for block in range(len(index.blocks)) for item in index.spans_in(block))
    return {window.controller.words(item.fragments) for item in found}


def strip_words(window: MainWindow) -> str:
    strip = window.centre.strips.get("only")
    return strip.text if isinstance(strip, Strip) else ""


def test_a_key_shows_the_label_of_the_selection_alone_and_all_again(
    person: Person, window: MainWindow
) -> None:
    go_to(person, "Paris")
    person.press("K")
    # What may be a GPE by another reading is one of them.
    assert drawn(window) == {"Ada Lovelace", "Paris", "Rome"}
    assert strip_words(window) == "Only GPE is shown. 3 spans of other labels are hidden."
    assert window.menus.actions["only_label"].isChecked()
    assert person.words == "Paris"
    person.press("K")
    assert len(drawn(window)) == 6
    assert strip_words(window) == ""


def test_escape_shows_all_and_keeps_the_selection(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    person.press("K", "Esc")
    assert not window.controller.only
    assert person.words == "Paris"
    person.press("Esc")
    assert person.kind == "none"


def test_no_key_lands_on_what_is_hidden(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    person.press("K")
    met = set()
    for stroke in (
        "Tab",
        "Tab",
        "Shift+Tab",
        "Q",
        "Q",
        "Ctrl+Up",
        "Ctrl+Up",
        "Ctrl+Down",
        "W",
        "Tab",
        "A",
        "X",
    ):
        person.press(stroke)
        met.add(person.words)
    assert met <= {"Ada Lovelace", "Lovelace", "Paris", "Rome"}
    assert window.controller.only == {"GPE"}


def test_relations_hang_on_what_is_shown(person: Person, window: MainWindow) -> None:
    (relation,) = window.controller.annotations.undecided_relations
    index = window.centre.view.scene.index
    (drawn_one,) = index.relations.values()
    assert index.is_drawn(drawn_one)
    go_to(person, "Bob")
    person.press("K")
    assert not index.is_drawn(drawn_one)
    assert "HOLDS_ROLE" not in " ".join(window.controller.things.undecided)
    window.only_labels.choose("ROLE")
    assert index.is_drawn(drawn_one)
    assert any("HOLDS_ROLE" in each for each in window.controller.things.undecided)
    assert relation.candidate.label == "HOLDS_ROLE"


def test_labels_are_found_by_typing_and_added(person: Person, window: MainWindow) -> None:
    person.press("Shift+K")
    person.type("gpe")
    person.press("Return")
    assert window.controller.only == {"GPE"}
    assert person.focus() is window.centre.view
    person.press("Shift+K")
    person.type("role")
    person.press("Return")
    assert strip_words(window) == "Only ROLE and GPE are shown. 2 spans of other labels are hidden."
    window.only_labels.choose("ROLE")
    window.only_labels.choose("GPE")
    assert strip_words(window) == ""


def test_selecting_something_hidden_shows_all_labels_and_says_so(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    bob = window.controller.things.of_key(
        next(
            each.best.what
            for each in window.controller.annotations.undecided
            if window.controller.words(each.best.fragments) == "Bob"
        )
    )
    person.press("K")
    window.page.work.item_chosen.emit(bob)
    assert person.words == "Bob"
    assert not window.controller.only
    assert person.said == "All labels are shown again, as this is PERSON."


def test_undo_of_something_hidden_shows_it(person: Person, window: MainWindow) -> None:
    go_to(person, "Bob")
    person.press("A")
    go_to(person, "Rome")
    person.press("K", "Ctrl+Z")
    assert person.words == "Bob"
    assert not window.controller.only
    assert person.has_heard("All labels are shown again, as this is PERSON.")


def test_going_on_after_a_relabel_stays_among_what_is_shown(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    person.press("K", "1")
    assert person.words == "Rome"
    assert window.controller.only == {"GPE"}
    assert "Paris" not in drawn(window)


def test_new_words_with_a_hidden_label_show_all(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    person.press("K")
    window.controller.select_text(place(window.controller.text, "left"))
    person.press("1")
    assert (person.kind, person.words) == ("span", "left")
    assert not window.controller.only


def test_finishing_warns_of_what_is_hidden(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    person.press("K", "Ctrl+Return")
    assert not window.finishing.is_ready
    assert not window.controller.only
    assert person.said == "4 undecided ones were hidden. All labels are shown again; Ctrl+Enter goes on."


def test_nothing_left_says_what_is_hidden(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    person.press("K", "X", "X", "X", "Tab")
    assert person.said == "Nothing left to decide here but 3 of hidden labels. Esc shows all."
    assert window.centre.strips.get("nothing_left") is None


def test_it_ends_with_the_document_and_with_relations(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    person.press("K", "Ctrl+PgDown")
    assert not window.controller.only
    assert strip_words(window) == ""
    go_to(person, "New York")
    person.press("K", "R")
    assert window.controller.mode == "relation"
    assert not window.controller.only


def test_a_label_that_is_gone_is_shown_alone_no_longer(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    person.press("K")
    label = window.controller.schema.entity("GPE")
    assert label is not None
    window.controller.do(ChangeType(replace(label, name="PLACE")))
    assert not window.controller.only


def test_the_map_follows(person: Person, window: MainWindow) -> None:
    bar = window.centre.view.bar
    go_to(person, "Paris")
    assert len(bar.ticks()) == 6
    person.press("K")
    assert len(bar.ticks()) == 3


def test_the_menus_name_the_label(person: Person, window: MainWindow) -> None:
    go_to(person, "Paris")
    person.press("Shift+F10")
    menu = window.article_menu.menu
    assert isinstance(menu, QMenu)
    action = next(each for each in menu.actions() if each.objectName() == "only_label")
    assert action.text() == "Show only GPE\tK"
    action.trigger()
    menu.close()
    assert window.controller.only == {"GPE"}
    only = window.only_labels
    assert (only.words_for("GPE"), only.words_for("ROLE")) == ("Show all labels", "Show ROLE, too")
    only.choose("ROLE")
    assert only.words_for("GPE") == "Hide GPE, too"
