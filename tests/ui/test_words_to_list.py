"""`Shift+L`: the selected words go to a pattern list, which is asked for only where that is not clear."""

from __future__ import annotations

from annotator.editing.commands import AddPatternLists, NewPatternList
from annotator.model.patterns import phrase
from annotator.ui.window import MainWindow
from annotator.workflows import patterns
from tests.builders import a_document, place
from tests.ui.driving import Person

TEXT = "Zora met Quill and Zora."


def _lists(window: MainWindow) -> dict[str, list[str]]:
    session = window.controller.session
    assert session is not None
    return {
        each.list.name: [one.text for one in patterns.patterns_of(session, each.list.key)]
        for each in patterns.listed(session)
    }


def _select(window: MainWindow, words: str) -> None:
    session = window.controller.session
    assert session is not None
    document = window.controller.document
    if session.text(document or 1) != TEXT:
        window.controller.open_document(a_document(session, TEXT, source="third"))
    window.controller.select_text(place(TEXT, words))


def _have(window: MainWindow, name: str, label: str) -> None:
    made = NewPatternList(name=name, label=label, patterns=(phrase("Ada"),))
    window.controller.do(AddPatternLists((made,)))


def test_words_of_a_span_go_to_the_list_of_its_label_begun_where_there_is_none(
    person: Person, window: MainWindow
) -> None:
    _select(window, "Zora")
    person.press("1", "Shift+L")
    assert _lists(window) == {"PERSON words": ["Zora"]}
    _select(window, "Quill")
    person.press("1", "Shift+L")
    assert _lists(window) == {"PERSON words": ["Zora", "Quill"]}
    assert person.said.startswith("Added Quill to PERSON words.")
    person.press("Shift+L")
    assert _lists(window) == {"PERSON words": ["Zora", "Quill"]}
    person.press("Ctrl+Z")
    assert _lists(window) == {"PERSON words": ["Zora"]}


def test_of_several_lists_one_is_asked_for(person: Person, window: MainWindow) -> None:
    _select(window, "Quill")
    for name, label in (("Crew", "PERSON"), ("Guests", "PERSON"), ("Towns", "GPE")):
        _have(window, name, label)
    person.press("1", "Shift+L")
    finder = window.words_to_list.finder
    assert finder is not None
    assert finder.isVisible()
    person.type("gue")
    person.press("Return")
    assert _lists(window) == {"Crew": ["Ada"], "Guests": ["Ada", "Quill"], "Towns": ["Ada"]}
    assert window.centre.view.hasFocus()
    person.press("Shift+L", "Escape")
    assert _lists(window)["Crew"] == ["Ada"]


def test_bare_words_ask_for_a_list_or_for_the_label_of_a_new_one(person: Person, window: MainWindow) -> None:
    _select(window, "Quill")
    person.press("Shift+L")
    assert window.label_finder.isVisible(), "there is no list yet"
    person.type("gpe")
    person.press("Return")
    assert _lists(window) == {"GPE words": ["Quill"]}
    _select(window, "Zora")
    person.press("Shift+L")
    finder = window.words_to_list.finder
    assert finder is not None
    assert finder.isVisible()
    person.press("Down", "Return")  # a new one
    person.type("person")
    person.press("Return")
    assert _lists(window) == {"GPE words": ["Quill"], "PERSON words": ["Zora"]}
