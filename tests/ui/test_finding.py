"""Finding words in a document and anything in the palette."""

from __future__ import annotations

from PySide6.QtGui import QColor

from annotator.ui.palette_entries import Entry, best, match, narrowing
from annotator.ui.text_search import STRETCH
from annotator.ui.window import MainWindow
from tests.ui.driving import Person, let_live, wait_until
from tests.ui.test_beyond_digits import bring

LONG = "\n".join(f"Line {number} of a long report." for number in range(1, 301))


def count(window: MainWindow) -> str:
    return window.centre.find_bar._count.text()


def test_the_place_is_counted_and_gone_round(person: Person, window: MainWindow) -> None:
    window.controller.open_document(bring(window, "Rome, rome and ROME."))
    person.press("Ctrl+F")
    person.type("rome")
    assert count(window) == "1 of 3"
    person.press("F3", "F3")
    assert count(window) == "3 of 3"
    person.press("Return")
    assert count(window) == "1 of 3"
    person.press("Shift+F3")
    assert count(window) == "3 of 3"
    person.type("x")
    assert count(window) == "not in this document"


def test_capitals_and_whole_words_are_asked_for_by_key(person: Person, window: MainWindow) -> None:
    window.controller.open_document(bring(window, "Rome, romes and rome."))
    person.press("Ctrl+F")
    person.type("rome")
    assert count(window) == "1 of 3"
    person.press("Shift+F8")
    assert count(window) == "1 of 2"
    person.press("F8")
    assert count(window) == "1 of 1"
    assert window.menus.actions["find_case"].isChecked()
    person.press("F8", "Shift+F8")
    assert count(window) == "1 of 3"


def test_escape_returns_to_where_one_was(person: Person, window: MainWindow) -> None:
    window.controller.open_document(bring(window, LONG))
    view = window.centre.view
    view.scroll_to(view.scene.text.index("Line 100 "))
    before = view.baselines()
    person.press("Ctrl+F")
    person.type("line 250")
    assert view.baselines() != before
    person.press("Esc")
    let_live(50)
    assert view.baselines() == before
    assert person.focus() is view


def test_escape_in_the_article_stays_at_what_was_found(person: Person, window: MainWindow) -> None:
    window.controller.open_document(bring(window, LONG))
    view = window.centre.view
    person.press("Ctrl+F")
    person.type("line 250")
    window.focus_article()
    there = view.top_offset()
    person.press("Esc")
    assert not window.centre.find_bar.isVisible()
    # Only the bar went from above.
    assert abs(view.paragraph_of(view.top_offset()) - view.paragraph_of(there)) <= 1


def test_what_was_found_is_selected_to_be_labelled(person: Person, window: MainWindow) -> None:
    window.controller.open_document(bring(window, LONG + "\nRome is far."))
    person.press("Ctrl+F")
    person.type("rome")
    person.press("F4")
    assert not window.centre.find_bar.isVisible()
    assert (person.kind, person.words) == ("text", "Rome")
    person.press("3")
    (span,) = window.controller.annotations.spans
    assert (span.label, window.controller.words(span.fragments)) == ("GPE", "Rome")


def test_everything_is_marked_however_much_and_typing_does_not_wait_for_it(
    person: Person, window: MainWindow
) -> None:
    text = "rome " * (2 * STRETCH // 5) + "\nThe end is here: rome"
    window.controller.open_document(bring(window, text))
    bar, view = window.centre.find_bar, window.centre.view
    person.press("Ctrl+F")
    person.type("rome")
    assert bar.is_searching
    assert count(window).endswith("…")
    wait_until(lambda: not bar.is_searching, what="the end of the search")
    assert count(window) == f"1 of {text.count('rome'):,}"
    assert len(view.state.marks) == text.count("rome")
    person.press("Shift+F3")
    assert count(window) == f"{text.count('rome'):,} of {text.count('rome'):,}"
    assert view.visible_range()[1] == len(text)


def test_the_map_shows_where_the_hits_are(person: Person, window: MainWindow) -> None:
    window.controller.open_document(bring(window, LONG))
    bar = window.centre.view.bar
    person.press("Ctrl+F")
    person.type("report")
    every = bar.mark_ticks()
    assert len(every) > 100
    assert every == sorted(set(every))
    window.centre.find_bar.field.setText("line 150")
    (middle,) = bar.mark_ticks()
    assert abs(middle - bar.height() / 2) < 0.1 * bar.height()
    warn = window.centre.view.style_in_force.color["warn"]

    def is_shown() -> bool:
        (place,) = bar.mark_ticks()
        return QColor(bar.grab().toImage().pixel(3, place)).rgb() == warn.rgb()

    wait_until(is_shown, what="the tick")
    person.press("Esc")
    assert bar.mark_ticks() == []


def test_marks_follow_into_the_next_document(person: Person, window: MainWindow) -> None:
    person.press("Ctrl+F")
    person.type("new york")
    assert count(window) == "not in this document"
    person.press("Ctrl+PgDown")
    assert count(window) == "1"
    assert len(window.centre.view.state.marks) == 1
    person.press("F3")
    assert count(window) == "1 of 1"


def test_a_sign_narrows() -> None:
    assert narrowing("> acc") == (">", "acc")
    assert narrowing("acc") == ("", "acc")
    assert narrowing(":12") == (":", "12")


def test_the_beginning_counts_most_then_the_beginning_of_a_word() -> None:
    assert match("Accept", "acc") == (0, (0, 3))
    assert match("Find: accept", "acc") == (1, (6, 9))
    assert match("Accra accord", "cc") == (2, (1, 3))
    assert match("Accept all alike", "alike acc") is not None
    assert match("Reject", "acc") is None


def test_what_cannot_be_done_comes_last_and_sections_keep_their_order() -> None:
    def entry(section: str, text: str, *, why_not: str = "", rank: int = 0) -> Entry:
        return Entry(section=section, text=text, run=list, why_not=why_not, rank=rank)

    found = best(
        [
            entry("Documents", "b"),
            entry("Actions", "off", why_not="no"),
            entry("Actions", "second", rank=2),
            entry("Actions", "first"),
        ],
        narrowed=False,
    )
    assert [each.text for each in found] == ["first", "second", "off", "b"]
