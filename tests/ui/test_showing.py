"""Fewer and more candidates, by keys: in the article, and on the page of suggesters."""

from __future__ import annotations

from annotator.ui.showing import shown_words
from annotator.workflows.session import Session
from annotator.workflows.showing import Shown, least_shown
from tests.builders import place, propose
from tests.ui.driving import Person, let_live, wait_until


def settle(person: Person) -> None:
    let_live(10)
    wait_until(lambda: not person.window.jobs.running, what="the count to end")


def session_of(person: Person) -> Session:
    session = person.window.controller.session
    assert session is not None
    return session


def with_low_one(person: Person) -> int:
    """Have a candidate in the open article that is scored too low to be shown; gives how many are shown."""
    session, document = session_of(person), person.window.controller.document
    assert document is not None
    text = session.text(document)
    words = next(each for each in text.split() if each.islower() and text.count(each) == 1)
    from annotator.model.annotation import SpanKey

    propose(session, document, [SpanKey(place(text, words), "PERSON")], score=0.18)
    return len(session.annotations(document).undecided)


def shown(person: Person) -> int:
    return len(person.window.controller.annotations.undecided)


def test_more_and_fewer_by_keys_in_the_article(person: Person) -> None:
    before = with_low_one(person)
    person.press("Ctrl+Alt+Right")
    settle(person)
    assert least_shown(session_of(person)) == 0.2
    assert person.said == "Candidates scored .20 or more are shown now: the same ones as before."
    person.press("Ctrl+Alt+Right")
    settle(person)
    assert shown(person) == before + 1
    assert person.said == "Candidates scored .15 or more are shown now: 1 more to decide, in 1 document."
    person.press("Ctrl+Alt+Right")
    assert person.said == "All candidates that are kept are shown: scored .15 or more."
    person.press("Ctrl+Alt+Left")
    settle(person)
    assert shown(person) == before
    assert person.said == "Candidates scored .20 or more are shown now: 1 fewer to decide, in 1 document."


def test_the_slider_on_the_page_of_suggesters_does_the_same(person: Person) -> None:
    before = with_low_one(person)
    person.press("Ctrl+G")
    settle(person)
    how_many = person.window.places.suggesters.page.lists.how_many
    how_many.slider.setFocus()
    assert how_many.words.startswith("Scored .25 or more.")
    person.press("Right", "Right")
    settle(person)
    assert how_many.words.startswith("Scored .15 or more.")
    assert least_shown(session_of(person)) == 0.15
    person.press("Escape")
    assert shown(person) == before + 1


def test_what_changed_is_said_in_words() -> None:
    assert shown_words(Shown(least=0.5, more=-1200, documents=40)) == (
        "Candidates scored .50 or more are shown now: 1,200 fewer to decide, in 40 documents."
    )
