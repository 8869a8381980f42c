"""Relations follow the entities of the open document in the background, once decisions pause."""

from __future__ import annotations

import pytest

from annotator.ui.window import MainWindow
from annotator.workflows.session import Session
from tests.ui.driving import Person, let_live, wait_until


@pytest.fixture
def looked(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note for which documents relations were looked for."""
    del window
    asked: list[int] = []

    def relate(_session: Session, document: int) -> bool:
        asked.append(document)
        return False

    monkeypatch.setattr("annotator.workflows.relating.relate", relate)
    return asked


def test_a_run_of_decisions_on_entities_is_one_look(person: Person, looked: list[int]) -> None:
    document = person.window.controller.document
    person.press("A", "A", "A")
    wait_until(lambda: looked, what="the look")
    let_live(600)
    assert looked == [document]


def test_what_is_no_entity_asks_for_nothing(person: Person, looked: list[int]) -> None:
    person.press("B")
    let_live(600)
    assert looked == []


def test_a_document_that_was_left_meanwhile_is_looked_at_as_well(person: Person, looked: list[int]) -> None:
    session = person.window.controller.session
    assert session is not None
    first, second = session.document_keys()
    person.press("A", "Ctrl+PgDown", "A")
    wait_until(lambda: len(looked) == 2, what="both")
    assert looked == [first, second]
    assert person.window.controller.document == second
