"""Letters over words: which words have them, that no name begins another, and the mode by keys."""

from __future__ import annotations

from itertools import pairwise

import pytest

from annotator.ui.relation_letters import ALPHABET
from annotator.ui.window import MainWindow
from annotator.ui.word_jump import names_for, words_in
from tests.builders import plain_tokens
from tests.ui.driving import Person


@pytest.mark.parametrize("count", [0, 1, 18, 324, 325, 400, 5832])
def test_every_word_has_a_name_of_its_own_and_none_begins_another(count: int) -> None:
    names = names_for(count)
    assert len(set(names)) == count
    assert all(2 <= len(name) <= 3 and set(name) <= set(ALPHABET) for name in names)
    assert count > 324 or all(len(name) == 2 for name in names)
    ordered = sorted(names)
    assert not any(after.startswith(before) for before, after in pairwise(ordered))


def test_what_no_triple_can_name_has_none() -> None:
    assert names_for(5834)[-2:] == ["", ""]


def test_signs_have_no_letters() -> None:
    text = "Ada, 7 – (met) Bob."
    words = words_in(text, plain_tokens(text), start=0, end=len(text))
    assert [text[start:end] for start, end in words] == ["Ada", "7", "met", "Bob"]


def letters_over(person: Person, words: str) -> str:
    controller = person.window.controller
    return next(
        letters
        for (start, end), letters in person.window.jump.hints.items()
        if controller.text[start:end] == words
    )


def test_typing_the_letters_selects_the_word_and_a_digit_labels_it(
    person: Person, window: MainWindow
) -> None:
    person.press("J")
    assert window.controller.mode == "jump"
    assert person.said == "Type the letters over a word to select it. Esc leaves."
    assert window.centre.hint_bar.shown[0].words == "select the word"
    assert window.centre.view.state.word_hints == window.jump.hints
    letters = letters_over(person, "left")
    person.press(letters[0])
    assert set(window.centre.view.state.word_hints.values()) <= {letters[0] + each for each in ALPHABET}
    person.press(letters[1])
    assert (person.kind, person.words) == ("text", "left")
    assert window.controller.mode == "decide"
    assert window.centre.view.state.word_hints == {}
    person.press("G")
    assert person.words == "left Rome"
    person.press("2")
    assert (person.kind, person.selected.label) == ("span", "ROLE")


def test_letters_mean_nothing_else_meanwhile_and_escape_leaves_with_the_selection(
    person: Person, window: MainWindow
) -> None:
    person.press("J", "A", "X", "1")
    assert window.controller.mode == "jump"
    assert window.controller.annotations.decided == 0
    person.press("B")
    assert person.said == "No word has the letters B."
    person.press("S", "Backspace")
    assert (window.controller.mode, window.jump.typed) == ("jump", "")
    person.press("Esc")
    assert window.controller.mode == "decide"
    assert (person.kind, person.words) == ("candidate", "President")
    assert window.centre.view.state.word_hints == {}


def test_a_click_or_another_document_leaves_it(person: Person, window: MainWindow) -> None:
    person.press("J")
    window.controller.select(window.controller.things.undecided[1])
    assert not window.jump.is_on
    person.press("J", "Ctrl+PgDown")
    assert not window.jump.is_on
    assert window.centre.view.state.word_hints == {}


def test_from_a_word_w_leads_to_the_span_that_holds_it(person: Person) -> None:
    person.press("J")
    person.press(*letters_over(person, "Charles"))
    assert person.kind == "text"
    person.press("W")
    assert (person.kind, person.words) == ("candidate", "Charles Babbage")
