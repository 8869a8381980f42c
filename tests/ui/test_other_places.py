"""Words that carry another label elsewhere: the sign, the tooltip, the card, and going through the places."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.editing.commands import AcceptSpan, AddSpan, RemoveSpans
from annotator.ui.panels.cards import OtherwiseRow
from annotator.ui.window import MainWindow
from tests.builders import a_record, place
from tests.builders import bring as bring_records
from tests.ui.driving import Person, wait_until


def bring(window: MainWindow, written: str) -> int:
    session = window.controller.session
    assert session is not None
    key = bring_records(session, a_record(written, source=written)).first_document
    assert key is not None
    return key


def signs(window: MainWindow) -> dict[str, str]:
    """Give what is said of the spans that carry the sign, by the words that stand on their tags."""
    items = window.centre.view.scene.index.spans.values()
    style = window.centre.view.style_in_force
    return {
        f"{style.tag_words(item, with_score=False)} {item.start}": item.tooltip.rpartition("≠ ")[2]
        for item in items
        if item.otherwise
    }


def compared(window: MainWindow) -> None:
    """Wait until the open document and the others were looked at."""
    places = window.other_places
    wait_until(
        lambda: not places._soon.isActive() and not places.known.unknown() and places._job is None,
        what="comparing labels",
    )


def row(window: MainWindow) -> OtherwiseRow:
    return window.page.work.work.span._otherwise


def test_the_sign_stands_on_the_tag_and_the_card_says_where(person: Person, window: MainWindow) -> None:
    bring(window, "[Jordan](GPE) and [jordan](GPE)")
    window.controller.open_document(bring(window, "[Jordan](PERSON) met [Ada](PERSON). [Jordan](ROLE)."))
    compared(window)
    assert signs(window) == {
        "PERSON ≠ 0": "also GPE in 2 places, ROLE in 1 place",
        "ROLE ≠ 16": "also GPE in 2 places, PERSON in 1 place",
    }
    first, other, _ = window.controller.annotations.spans
    window.controller.select(f"s{first.key}")
    assert not row(window).isHidden()
    assert row(window)._words.text().startswith("≠ also GPE in 2 places")
    assert window.menus.actions["otherwise"].isEnabled()
    window.controller.select(f"s{other.key}")
    assert row(window).isHidden()
    assert not window.menus.actions["otherwise"].isEnabled()
    person.press("M")
    assert person.said == "These words carry no other label elsewhere, as far as is known."


def test_a_key_goes_through_the_places_and_back(person: Person, window: MainWindow) -> None:
    there = bring(window, "So [Jordan](GPE) it is.")
    here = bring(window, "[Jordan](PERSON) met [Jordan](ROLE).")
    window.controller.open_document(here)
    compared(window)
    first, second = window.controller.annotations.spans
    window.controller.select(f"s{first.key}")
    person.press("M")
    assert window.controller.selected.id == f"s{second.key}"
    assert person.said == "“Jordan” as ROLE, 1 of 2. M goes on, Alt ← returns."
    person.press("M")
    assert (window.controller.document, person.words, person.selected.label) == (there, "Jordan", "GPE")
    assert person.said == "“Jordan” as GPE, 2 of 2. M goes on, Alt ← returns."
    person.press("M")
    assert window.controller.document == here
    assert window.controller.selected.id == f"s{second.key}"
    person.press("Alt+Left", "Alt+Left", "Alt+Left")
    assert window.controller.selected.id == f"s{first.key}"


def test_the_button_of_the_card_goes_there_too(person: Person, window: MainWindow) -> None:
    window.controller.open_document(bring(window, "[Jordan](PERSON) met [Jordan](ROLE)."))
    compared(window)
    window.controller.select(f"s{window.controller.annotations.spans[0].key}")
    QTest.mouseClick(row(window).button, Qt.MouseButton.LeftButton)
    assert person.selected.label == "ROLE"
    assert person.focus() is window.centre.view


def test_the_sign_follows_decisions_and_undo(person: Person, window: MainWindow) -> None:
    controller = window.controller
    controller.open_document(bring(window, "[Jordan](PERSON) met Jordan."))
    compared(window)
    assert signs(window) == {}
    assert controller.document is not None
    controller.do(AddSpan(controller.document, place(controller.text, "Jordan", number=1), "GPE"))
    wait_until(lambda: len(signs(window)) == 2, what="two signs")
    person.press("Ctrl+Z")
    wait_until(lambda: signs(window) == {}, what="no sign")


def test_a_candidate_is_told_what_was_accepted(person: Person, window: MainWindow) -> None:
    bring(window, "[Paris](PERSON) is her name.")
    document = window.controller.document
    window.controller.open_document(window.controller.order.neighbour(forward=True))
    window.controller.open_document(document)
    compared(window)
    assert [words for tag, words in signs(window).items() if tag.startswith("GPE")] == [
        "also PERSON in 1 place"
    ]


def test_a_place_that_is_gone_is_passed_over(person: Person, window: MainWindow) -> None:
    there = bring(window, "So [Jordan](GPE) it is.")
    here = bring(window, "[Jordan](PERSON) left.")
    window.controller.open_document(here)
    compared(window)
    session = window.controller.session
    assert session is not None
    (span,) = session.annotations(there).spans
    before = window.other_places.known.elsewhere
    session.do(RemoveSpans((span.key,)))
    window.other_places.known.elsewhere = before
    window.controller.select(f"s{window.controller.annotations.spans[0].key}")
    person.press("M")
    assert window.controller.document == here
    assert person.said == "These words carry no other label elsewhere any more."


def test_decisions_in_other_documents_are_looked_at_anew(person: Person, window: MainWindow) -> None:
    controller = window.controller
    first = controller.document
    controller.open_document(bring(window, "[Rome](PERSON) is a name."))
    compared(window)
    assert signs(window) == {}
    session = controller.session
    assert session is not None
    assert first is not None
    readings = next(
        each
        for each in session.annotations(first).undecided
        if session.text(first)[each.best.fragments[0].start :].startswith("Rome")
    )
    session.do(AcceptSpan(document=first, candidate=readings.best.what))
    wait_until(lambda: signs(window) == {"PERSON ≠ 0": "also GPE in 1 place"}, what="the sign")
