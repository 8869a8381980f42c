"""`Y`: all candidates alike in all documents, asked with their number, accepted as one step; and `Q` beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.ui.alike_places import STRIP
from annotator.ui.window import MainWindow
from tests.builders import a_document, a_project
from tests.ui.driving import Person, wait_until, wait_until_quiet
from tests.ui.test_queueing import session_of, suggested
from tests.workflows.test_queueing import scored


@pytest.fixture
def traveller(window: MainWindow, tmp_path: Path) -> Person:
    """Somebody before three documents, two of which speak of Paris twice and once; the first Paris is selected."""
    session = a_project(tmp_path, name="News")
    a_document(session, "[Paris](GPE) is [Paris](GPE), said [Ada](PERSON).", source="a")
    a_document(session, "[Bob](PERSON) left [Paris](GPE).", source="b")
    a_document(session, "[Rome](GPE) was not built in a day.", source="c")
    suggested(session)
    session.close()
    assert window.open_project(session.path)
    window.activateWindow()
    window.focus_article()
    wait_until_quiet(window)
    return Person(window)


def asked(person: Person) -> str:
    person.press("Y")
    strips = person.window.centre.strips
    wait_until(lambda: strips.get(STRIP), what="the question")
    return strips.words()[STRIP]


def test_it_says_how_many_and_accepts_them_all_as_one_step(traveller: Person) -> None:
    session = session_of(traveller)
    assert traveller.words == "Paris"
    assert asked(traveller).startswith("“Paris” as GPE: 3 candidates in 2 documents.")
    assert session.annotations(1).decided == 0, "nothing is done before it was said"
    traveller.press("Y")
    wait_until(lambda: traveller.said == "Accepted 3 spans Paris as GPE in 2 documents.", what="the end")
    assert traveller.window.centre.strips.get(STRIP) is None
    assert [len(session.annotations(key).spans) for key in (1, 2, 3)] == [2, 1, 0]
    assert traveller.words == "Ada", "one goes on"
    step = session.undoable(1)
    assert step is not None
    assert step.name == "Accept 3 spans Paris as GPE in 2 documents"
    session.undo(1)
    assert [len(session.annotations(key).spans) for key in (1, 2, 3)] == [0, 0, 0]


def test_only_those_here_or_none_at_all_is_an_answer(traveller: Person) -> None:
    session, strips = session_of(traveller), traveller.window.centre.strips
    assert "Only the 2 here" in asked(traveller)
    traveller.press("Escape")
    assert strips.get(STRIP) is None
    asked(traveller)
    traveller.press("Tab")
    assert strips.get(STRIP) is not None, "the other Paris is meant as well"
    traveller.press("Tab")
    assert strips.get(STRIP) is None, "another one is selected"
    traveller.press("Shift+Tab", "Shift+Tab")
    asked(traveller)
    traveller.press("Shift+A")
    assert strips.get(STRIP) is None
    assert [len(session.annotations(key).spans) for key in (1, 2)] == [2, 0]


def test_the_buttons_do_the_same(traveller: Person) -> None:
    asked(traveller)
    traveller.press("F6", "F6")
    assert traveller.focus().text() == "Accept all"  # type: ignore[attr-defined]
    traveller.press("Space")
    wait_until(lambda: traveller.said.startswith("Accepted 3 spans"), what="the end")


def test_what_stands_here_alone_is_accepted_at_once(traveller: Person) -> None:
    controller = traveller.window.controller
    controller.open_document(3)
    traveller.window.focus_article()
    assert traveller.words == "Rome"
    traveller.press("Y")
    wait_until(lambda: traveller.said == "Accepted 1 span Rome as GPE.", what="the end")
    controller.open_document(3)
    controller.select(next(iter(controller.things.spans)))
    traveller.press("Y")
    wait_until(lambda: traveller.said == "No candidate “Rome” as GPE is left.", what="the answer")


def test_q_goes_to_the_least_sure_one_left_and_on_from_there(window: MainWindow, tmp_path: Path) -> None:
    session = a_project(tmp_path, name="Scores")
    scored(session, 0.9, 0.3, 0.8, 0.5)  # Ada, Bob, Cleo, Dan
    suggested(session)
    session.close()
    assert window.open_project(session.path)
    window.activateWindow()
    window.focus_article()
    person = Person(window)
    assert person.words == "Ada"
    person.press("Q")
    assert (person.words, person.said) == ("Bob", "Score 0.30, 1 of 4.")
    person.press("Q")
    assert (person.words, person.said) == ("Dan", "Score 0.50, 2 of 4.")
    person.press("Q", "Q", "Q")
    assert (person.words, person.said) == ("Bob", "Score 0.30, 1 of 4.")
    person.press("A")
    assert person.words == "Cleo", "accepting goes on in reading order"
    person.press("Q")
    assert (person.words, person.said) == ("Dan", "Score 0.50, 1 of 3."), (
        "the least sure one, not the next lowest"
    )
