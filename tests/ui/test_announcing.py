"""What screen readers are told while somebody works: decisions with what is next, moves, messages, questions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from tests.ui.driving import Person, wait_until


class Listener:
    """Keeps what is said."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.heard: list[str] = []
        person.window.announcer.said.connect(self.heard.append)

    def hears(self, *strokes: str) -> str:
        """Press keys one by one and give what the last one brought."""
        for stroke in strokes:
            self.heard.clear()
            self.person.press(stroke)
            wait_until(lambda: self.heard, what=f"words after {stroke}")
        return " / ".join(self.heard)


@pytest.fixture
def listener(person: Person) -> Iterator[Listener]:
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    listener = Listener(person)
    yield listener
    QAccessible.setActive(before)


def test_a_decision_is_told_in_few_words_and_then_what_is_next(listener: Listener) -> None:
    assert listener.hears("A") == "accepted, ROLE; next: Ada Lovelace, PERSON, candidate, .80, 2 readings"
    assert listener.hears("A") == (
        "accepted, PERSON; next: Ada Lovelace, holds role, President, relation, candidate, .70"
    )
    assert listener.hears("A") == "accepted, HOLDS_ROLE; next: Charles Babbage, PERSON, candidate, .80"
    assert listener.hears("X") == "rejected, PERSON; next: Paris, GPE, candidate, .80"
    assert listener.hears("1") == "Accepted Paris as PERSON; next: Bob, PERSON, candidate, .80"


def test_what_stays_selected_is_told_as_it_is_now(listener: Listener) -> None:
    assert listener.hears("G") == "Accepted President Ada as ROLE; President Ada, ROLE, accepted"
    assert listener.hears("F") == "ROLE is President now; President, ROLE, accepted"
    assert listener.hears("U") == "Undecided again: 1 decision; President, ROLE, candidate, .99"


def test_a_message_about_several_things_is_told_whole(listener: Listener) -> None:
    told = listener.hears("Tab", "Tab", "A")
    assert told.startswith("Accepted HOLDS_ROLE: Ada Lovelace → President")
    assert told.endswith("; next: Charles Babbage, PERSON, candidate, .80")
    assert listener.hears("Ctrl+Z").startswith("Undone")


def test_every_move_is_told(listener: Listener) -> None:
    assert listener.hears("Tab") == "Ada Lovelace, PERSON, candidate, .80, 2 readings"
    assert listener.hears("C") == "Lovelace, GPE, candidate, .40, 2 readings"
    assert listener.hears("Right") == "met"
    assert listener.hears("Shift+Right") == "met Charles"
    assert listener.hears("Esc") == "nothing selected"


def test_another_document_is_told_with_what_is_left(listener: Listener) -> None:
    told = listener.hears("Ctrl+PgDown")
    assert told == "Grace Hopper went to New York., 2 left to decide; Grace Hopper, PERSON, candidate, .80"


def test_questions_and_refusals_are_told(listener: Listener) -> None:
    told = listener.hears("Ctrl+Return")
    assert told.startswith("7 left, ")
    assert "Accept the rest, next, Not yet" in told
    listener.person.press("Esc")
    assert listener.hears("9").startswith("No label has the key 9")
    told = listener.hears("R")
    assert "Relation from" in told
    assert "partner" in told


def test_nothing_is_worked_out_where_nobody_listens(person: Person) -> None:
    before = QAccessible.isActive()
    QAccessible.setActive(False)
    listener = Listener(person)
    person.press("A", "Tab", "X")
    QApplication.processEvents()
    QAccessible.setActive(before)
    assert listener.heard == []
    assert person.window.centre.view.tree.document is None
