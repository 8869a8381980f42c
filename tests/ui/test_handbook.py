"""The handbook: every key in it is in force, every link leads somewhere, and it is read beside the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication

from annotator.ui.actions import ACTIONS, BY_ID
from annotator.ui.dialogs.handbook import HandbookDialog
from annotator.ui.handbook import ACTION, PAGE, Page, pages
from tests.ui.driving import Person, wait_until

PAGES = pages()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Page) -> None:
    names = {each.name for each in PAGES}
    for link in page.links:
        if link.startswith(ACTION):
            assert link.removeprefix(ACTION) in BY_ID
        else:
            assert link.removeprefix(PAGE) in names
    assert "[[" not in page.markdown
    assert page.title


@pytest.mark.parametrize("menu", ["Candidates", "Relations", "Document"])
def test_whatever_decides_something_is_told_with_its_key(menu: str) -> None:
    told = frozenset().union(*(page.actions for page in PAGES))
    assert {each.id for each in ACTIONS if each.menu == menu and each.key} <= told


def opened(person: Person) -> HandbookDialog:
    person.press("Ctrl+F1")
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, HandbookDialog)]
    assert len(found) == 1
    wait_until(found[0].isVisible, what="the handbook")
    return found[0]


def titles(book: HandbookDialog) -> list[str]:
    return [book.list.item(row).text() for row in range(book.list.count())]


def test_it_is_read_beside_the_window_which_goes_on(person: Person) -> None:
    book = opened(person)
    assert not book.isModal()
    assert titles(book)[0] == "First steps"
    assert "candidates" in book.text.toPlainText()
    person.window.activateWindow()
    assert opened(person) is book
    book.accept()
    wait_until(lambda: not book.isVisible())


def test_keys_stand_in_it_as_they_are_written_on_screen(person: Person) -> None:
    book = opened(person)
    book.turn_to("02-deciding")
    text = book.text.toPlainText()
    assert "A accepts, X rejects." in text
    assert "Ctrl Shift R shows it" in text


def test_a_search_leaves_the_pages_that_say_it(person: Person) -> None:
    book = opened(person)
    book.filter.setText("offsets emoji")
    assert titles(book) == ["When something is wrong"]
    assert book.text.textCursor().selectedText().casefold() == "offsets"
    book.filter.setText("zebra")
    assert titles(book) == []
    assert not book.list.isVisible()
    book.turn_to("04-relations")
    assert book.filter.text() == ""
    assert book.page is not None
    assert book.page.title == "Relations"


def test_links_turn_pages_and_run_actions(person: Person) -> None:
    book = opened(person)
    book.text.anchorClicked.emit(QUrl("page:02-deciding"))
    assert book.list.currentItem().text() == "Confirm and fix"
    asked: list[str] = []
    book.action_wanted.connect(asked.append)
    book.text.anchorClicked.emit(QUrl("action:about"))
    assert asked == ["about"]
    person.dialog().reject()
