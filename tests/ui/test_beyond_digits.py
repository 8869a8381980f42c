"""The rest of the table of keys: labels by letter, the same words elsewhere, finding in the project, the menu."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from annotator.editing.commands import AddType, ChangeType, SetState
from annotator.model.annotation import Kind, SpanKey
from annotator.model.document import State
from annotator.model.schema import EntityType, RelationType, parse_schema, write_schema
from annotator.ui.dialogs.schema_page import SchemaPage
from annotator.ui.widgets import Strip, key_words
from annotator.ui.window import MainWindow
from annotator.workflows.importing import import_text
from annotator.workflows.session import SuggestSettings
from tests.builders import place, propose
from tests.ui.driving import Person, wait_until


def give_letters(window: MainWindow) -> None:
    for name, letter in (("EVENT", "L x"), ("STRASSE", "L ß")):
        assert window.controller.do(AddType(EntityType(name=name, shortcut=letter))) is not None


def bring(window: MainWindow, text: str) -> int:
    session = window.controller.session
    assert session is not None
    key = import_text(session, text).first_document
    assert key is not None
    return key


def propose_nothing_unasked(window: MainWindow) -> None:
    """Let what is labelled not be proposed at the same words by itself."""
    session = window.controller.session
    assert session is not None
    session.set_suggest_settings(SuggestSettings(learns=False))


def undecided_words(window: MainWindow, key: int) -> list[tuple[str, str]]:
    session = window.controller.session
    assert session is not None
    text = session.text(key)
    return [
        (text[each.best.fragments[0].start : each.best.fragments[0].end], each.best.label)
        for each in session.annotations(key).undecided
    ]


# ---------------------------------------------------------------------- labels by letter


def test_l_and_a_letter_label_as_a_digit_does(person: Person, window: MainWindow) -> None:
    give_letters(window)
    person.press("L")
    assert window.letters.is_on
    assert [row.key for row in window.letters.rows.rows] == ["ß", "x"]
    assert window.letters.rows.isVisible()
    assert window.centre.hint_bar.shown[0].words == "this label"
    person.press("X")
    (span,) = window.controller.annotations.spans
    assert (span.label, person.words) == ("EVENT", "Ada Lovelace")
    assert not window.letters.rows.isVisible()


def test_a_letter_that_is_not_latin_goes_by_what_is_typed(person: Person, window: MainWindow) -> None:
    give_letters(window)
    person.press("L")
    key = QKeyEvent(QKeyEvent.Type.KeyPress, 0xDF, Qt.KeyboardModifier.NoModifier, "ß")
    QApplication.sendEvent(window.centre.view, key)
    (span,) = window.controller.annotations.spans
    assert span.label == "STRASSE"


def test_arrows_and_enter_take_one_and_escape_none(person: Person, window: MainWindow) -> None:
    give_letters(window)
    person.press("L", "Esc")
    assert not window.letters.is_on
    assert (person.kind, window.controller.annotations.decided) == ("candidate", 0)
    person.press("L", "Down", "Return")
    (span,) = window.controller.annotations.spans
    assert span.label == "EVENT"


def test_a_letter_of_no_label_and_a_schema_without_letters_are_told(
    person: Person, window: MainWindow
) -> None:
    person.press("L")
    assert person.said.startswith("No label has a letter of its own.")
    assert not window.letters.is_on
    give_letters(window)
    person.press("L", "A")
    assert person.said == "No label has the key L a."
    assert window.controller.annotations.decided == 0
    assert not window.letters.is_on


def test_relation_types_have_letters_too(person: Person, window: MainWindow) -> None:
    met = window.controller.schema.relation("HOLDS_ROLE")
    assert met is not None
    assert window.controller.do(ChangeType(replace(met, shortcut="L h"))) is not None
    while person.kind != "relation_candidate":
        person.press("Tab")
    person.press("L", "H")
    (relation,) = window.controller.annotations.relations
    assert relation.label == "HOLDS_ROLE"


def test_the_page_of_the_schema_gives_a_label_its_letter(person: Person, window: MainWindow) -> None:
    window.places.show_schema(kind=Kind.SPAN, name="GPE")
    page = window.pages.currentWidget()
    assert isinstance(page, SchemaPage)
    box = page.form.key_box
    box.choose("L g")
    box.activated.emit(box.currentIndex())
    schema = window.controller.schema
    assert [each.shortcut for each in schema.entities if each.name == "GPE"] == ["L g"]
    assert key_words("L g") == "L g"
    assert parse_schema(write_schema(schema)).entities[2].shortcut == "L g"
    page.closed.emit()
    person.press("L", "G")
    assert [span.label for span in window.controller.annotations.spans] == ["GPE"]


def test_in_the_chooser_of_a_relation_l_and_a_letter_take_a_type(person: Person, window: MainWindow) -> None:
    knows = RelationType(name="KNOWS", heads=("PERSON",), children=("PERSON",), shortcut="L k")
    assert window.controller.do(AddType(knows)) is not None
    person.press("Tab", "R")
    babbage = place(window.controller.text, "Charles Babbage")
    things = window.controller.things
    item = next(
        each
        for each in window.relation.hints
        if (thing := things.get(each)) and things.fragments(thing) == babbage
    )
    person.press(window.relation.hints[item])
    assert len(window.relation.choices) == 2
    person.press("L")
    assert [row.text for row in window.letters.rows.rows] == ["KNOWS"]
    person.press("K")
    (relation,) = window.controller.annotations.relations
    assert relation.label == "KNOWS"
    assert not window.relation.is_on


# ---------------------------------------------------------------------- the same words


def test_o_proposes_the_words_of_a_span_where_else_they_stand(person: Person, window: MainWindow) -> None:
    propose_nothing_unasked(window)
    key = bring(window, "Oslo is far. Oslo is cold. Oslo!")
    window.controller.open_document(key)
    window.controller.select_text(place(window.controller.text, "Oslo"))
    person.press("3")
    assert person.kind == "span"
    person.press("O")
    assert undecided_words(window, key) == [("Oslo", "GPE"), ("Oslo", "GPE")]
    assert person.said == "“Oslo” as GPE: 2 new candidates in this document."
    assert person.kind == "span"
    person.press("O")
    assert person.said == "Nothing new: “Oslo” are candidates for GPE at 2 places in this document."
    person.press("Shift+A")
    assert len(window.controller.annotations.spans) == 3
    person.press("Ctrl+Up", "O")
    assert person.said == "No other “Oslo” is left to label in this document."


def test_o_on_words_asks_for_the_label_and_proposes_them_too(person: Person, window: MainWindow) -> None:
    key = bring(window, "Oslo is far. Oslo is cold.")
    window.controller.open_document(key)
    window.controller.select_text(place(window.controller.text, "Oslo"))
    person.press("O")
    assert window.label_finder.isVisible()
    person.type("GPE")
    person.press("Return")
    assert undecided_words(window, key) == [("Oslo", "GPE"), ("Oslo", "GPE")]
    assert (person.kind, person.words) == ("candidate", "Oslo")
    assert person.focus() is window.centre.view
    assert not window.controller.annotations.spans


def test_e_labels_the_words_after_o_was_left(person: Person, window: MainWindow) -> None:
    key = bring(window, "Oslo is far. Oslo is cold.")
    window.controller.open_document(key)
    window.controller.select_text(place(window.controller.text, "Oslo"))
    person.press("O", "Esc", "E")
    person.type("GPE")
    person.press("Return")
    assert [span.label for span in window.controller.annotations.spans] == ["GPE"]
    assert undecided_words(window, key) == [("Oslo", "GPE")], "the other one, as what is labelled is proposed"


def test_shift_o_goes_through_the_project_in_the_background(person: Person, window: MainWindow) -> None:
    keys = [bring(window, f"{number} Oslo was here.") for number in range(3)]
    assert window.controller.do(SetState(documents=(keys[2],), state=State.DONE)) is not None
    window.controller.open_document(keys[0])
    window.controller.select_text(place(window.controller.text, "Oslo"))
    person.press("3", "Shift+O")
    told = "“Oslo” as GPE: 1 new candidate in 1 document. 1 finished document was left alone."
    # Candidates are made beside it, and may be told of last.
    wait_until(lambda: person.has_heard(told), what="the end of the search")
    assert undecided_words(window, keys[1]) == [("Oslo", "GPE")]
    assert undecided_words(window, keys[2]) == []


def test_o_on_a_candidate_is_one_step_to_undo_and_redo(person: Person, window: MainWindow) -> None:
    key = bring(window, "Oslo is far. Oslo is cold. Oslo!")
    session = window.controller.session
    assert session is not None
    text = session.text(key)
    propose(session, key, [SpanKey(place(text, "Oslo"), "GPE")])
    window.controller.open_document(key)
    assert (person.kind, person.words) == ("candidate", "Oslo")
    person.press("O")
    assert person.said == "“Oslo” as GPE: 2 new candidates in this document."
    assert undecided_words(window, key) == [("Oslo", "GPE")] * 3
    assert (person.kind, person.words) == ("candidate", "Oslo")
    person.press("Ctrl+Z")
    assert undecided_words(window, key) == [("Oslo", "GPE")]
    person.press("Ctrl+Y")
    assert undecided_words(window, key) == [("Oslo", "GPE")] * 3


def test_shift_o_is_one_step_to_undo_in_all_documents(person: Person, window: MainWindow) -> None:
    keys = [bring(window, f"{number} Oslo was here.") for number in range(3)]
    window.controller.open_document(keys[0])
    window.controller.select_text(place(window.controller.text, "Oslo"))
    person.press("Shift+O")
    person.type("GPE")
    person.press("Return")
    told = "“Oslo” as GPE: 3 new candidates in 3 documents."
    wait_until(lambda: person.has_heard(told), what="the end of the search")
    assert [undecided_words(window, key) for key in keys] == [[("Oslo", "GPE")]] * 3
    assert (person.kind, person.words) == ("candidate", "Oslo")
    person.press("Ctrl+Z")
    strip = window.centre.strips.get("undo")
    assert isinstance(strip, Strip)
    QTest.mouseClick(strip.buttons[0], Qt.MouseButton.LeftButton)
    assert [undecided_words(window, key) for key in keys] == [[]] * 3


def test_o_in_a_finished_document_says_how_to_open_it(person: Person, window: MainWindow) -> None:
    propose_nothing_unasked(window)
    key = bring(window, "Oslo and Oslo.")
    window.controller.open_document(key)
    window.controller.select_text(place(window.controller.text, "Oslo"))
    person.press("3")
    window.controller.do(SetState(documents=(key,), state=State.DONE))
    person.press("O")
    assert person.said == "This document is finished. Ctrl Shift U takes it back to work first."
    assert undecided_words(window, key) == []


# ---------------------------------------------------------------------- finding in the project


def test_a_document_found_in_the_project_opens_with_its_hits_marked(
    person: Person, window: MainWindow
) -> None:
    key = bring(window, "A fjord near Oslo. Another Fjord.")
    person.press("Ctrl+Shift+F")
    person.type("fjord")
    person.press("Return")
    assert window.controller.document == key
    bar = window.centre.find_bar
    assert bar.isVisible()
    assert bar.field.text() == "fjord"
    assert len(window.centre.view.state.marks) == 2
    assert person.focus() is window.centre.view
    assert bar.current == 0
    assert person.said == "2 places here. F3 goes on, Esc takes the marks away."
    person.press("F3")
    assert bar.current == 1
    person.press("Esc")
    assert not bar.isVisible()
    assert window.centre.view.state.marks == ()


def test_words_that_stand_apart_are_marked_each(person: Person, window: MainWindow) -> None:
    bring(window, "Oslo has a fjord. Foslo has none.")
    person.press("Ctrl+Shift+F")
    person.type("fjord Oslo")
    person.press("Return")
    text = window.controller.text
    assert [text[start:end] for start, end in window.centre.view.state.marks] == ["Oslo", "fjord"]


def test_selected_words_are_looked_for_at_once_and_the_plain_filter_marks_nothing(
    person: Person, window: MainWindow
) -> None:
    bring(window, "Rome again.")
    window.controller.select_text(place(window.controller.text, "Rome"))
    person.press("Ctrl+Shift+F")
    assert window.page.documents.current_filter().text == "Rome"
    assert window.page.documents.model.rowCount() == 2
    person.press("Ctrl+P", "Return")
    assert not window.centre.find_bar.isVisible()


# ---------------------------------------------------------------------- the menu


def open_menu(person: Person, window: MainWindow, stroke: str = "Shift+F10") -> QMenu:
    person.press(stroke)
    menu = window.article_menu.menu
    assert menu is not None
    wait_until(menu.isVisible, what="the menu")
    return menu


def close_menu(window: MainWindow) -> None:
    menu = window.article_menu.menu
    assert menu is not None
    menu.close()
    assert window.article_menu.menu is None


@pytest.mark.parametrize("stroke", ["Shift+F10", "Menu"])
def test_the_menu_holds_the_window_s_own_actions(person: Person, window: MainWindow, stroke: str) -> None:
    menu = open_menu(person, window, stroke)
    own = window.menus.actions
    assert own["accept"] in menu.actions()
    assert own["accept"].text() == "Accept\tA"
    assert own["reading"] in menu.actions()
    assert not own["reading"].isEnabled()
    close_menu(window)


def test_the_menu_s_labels_label(person: Person, window: MainWindow) -> None:
    menu = open_menu(person, window)
    submenu = next(action.menu() for action in menu.actions() if action.text() == "Accept as")
    assert isinstance(submenu, QMenu)
    labels = [action for action in submenu.actions() if action.objectName() == "GPE"]
    assert labels[0].text() == "GPE\t3"
    assert not labels[0].icon().isNull()
    labels[0].trigger()
    close_menu(window)
    assert [span.label for span in window.controller.annotations.spans] == ["GPE"]


@pytest.mark.parametrize(
    ("kind", "has", "has_not"),
    [
        ("none", "finish", "accept"),
        ("text", "same_here", "accept"),
        ("relation_candidate", "reverse", "outer"),
        ("span", "reopen", "accept"),
        ("relation", "reverse", "accept"),
    ],
)
def test_each_kind_of_selection_has_its_menu(
    person: Person, window: MainWindow, kind: str, has: str, has_not: str
) -> None:
    controller = window.controller
    if kind in {"span", "relation"}:
        person.press("Tab", "Tab", "A")
        made = (
            controller.annotations.spans[0].key if kind == "span" else controller.annotations.relations[0].key
        )
        controller.select(f"{'s' if kind == 'span' else 'r'}{made}")
        if kind == "relation" and person.kind != "relation":
            person.press("Shift+Tab")
    elif kind == "text":
        controller.select_text(place(controller.text, "met"))
    elif kind == "none":
        controller.select("")
    else:
        while person.kind != kind:
            person.press("Tab")
    if kind == "relation":
        item = next(
            each
            for each in controller.things.by_id
            if controller.things.get(each) in controller.annotations.relations
        )
        controller.select(item)
    assert person.kind == kind
    menu = open_menu(person, window)
    assert window.menus.actions[has] in menu.actions()
    assert window.menus.actions[has_not] not in menu.actions()
    close_menu(window)


def test_a_right_click_on_bare_words_selects_the_word(person: Person, window: MainWindow) -> None:
    view = window.centre.view
    offset = window.controller.text.index("met")
    line = view.rect_of_text(offset)
    point = next(
        QPoint(x, line.center().y() + 8)
        for x in range(view.left, view.viewport().width())
        if view.offset_at(QPoint(x, line.center().y() + 8)) == offset + 1
    )
    place_there = view.viewport().mapToGlobal(point)
    for _ in range(2):  # the second one lies in what is selected
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, place_there)
        QApplication.sendEvent(view.viewport(), event)
        assert (person.kind, person.words) == ("text", "met")
        close_menu(window)


def test_a_menu_asked_for_by_the_system_s_key_opens_at_the_selection(
    person: Person, window: MainWindow
) -> None:
    view = window.centre.view
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(view.viewport(), event)
    menu = window.article_menu.menu
    assert menu is not None
    assert person.words == "President"
    QApplication.sendEvent(view.viewport(), event)
    assert window.article_menu.menu is menu
    close_menu(window)


def test_the_keys_are_listed_by_the_question_mark(person: Person, window: MainWindow) -> None:
    QTest.keyClick(window.centre.view, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    dialog = person.dialog()
    assert dialog.windowTitle().startswith("Keys")
    dialog.close()
