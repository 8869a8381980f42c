"""The window learns when a document is finished, one job at a time, and leaves the open document as it is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from annotator.suggest.base import Settings
from annotator.suggest.teaching import Decided
from annotator.ui.window import MainWindow
from annotator.workflows.session import SuggestSettings
from tests.builders import FindsPatterns, a_document
from tests.ui.driving import Person, let_live, wait_until


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Note which documents are handed over to be learnt."""
    asked: list[list[int]] = []

    def learn(_: object, decided: Sequence[Decided], settings: Settings, *, anew: bool) -> int:
        assert settings.learnt
        assert anew
        asked.append([each.text.document for each in decided])
        return 1

    monkeypatch.setattr(FindsPatterns, "learn", learn)
    return asked


def _finish(person: Person, window: MainWindow) -> int:
    document = window.controller.document
    assert document is not None
    let_live(20)  # learning begins once a project is open
    wait_until(lambda: not window.learning.is_learning, what="quiet")
    person.press("Ctrl+Return", "Ctrl+Return")
    wait_until(lambda: not window.learning.is_learning and not window.jobs.running, what="learnt")
    return document


def test_a_finished_document_is_learnt(person: Person, window: MainWindow, taught: list[list[int]]) -> None:
    document = _finish(person, window)
    assert taught == [[document]]


def test_candidates_of_the_open_document_stay_and_those_behind_it_are_made_anew(
    person: Person, window: MainWindow, taught: list[list[int]]
) -> None:
    session = window.controller.session
    assert session is not None
    behind = a_document(session, "[Grace](PERSON) came.", source="third")
    _finish(person, window)
    opened = window.controller.document
    assert opened is not None
    assert taught
    assert session.annotations(opened).undecided
    assert not session.annotations(behind).undecided  # this machine proposes nothing


def test_nothing_is_learnt_where_that_is_switched_off(
    person: Person, window: MainWindow, taught: list[list[int]]
) -> None:
    session = window.controller.session
    assert session is not None
    session.set_suggest_settings(SuggestSettings(learns=False))
    _finish(person, window)
    assert taught == []


def test_what_goes_wrong_is_said_and_work_goes_on(
    person: Person, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        from annotator.suggest.worker import WorkerError

        raise WorkerError("Learning was cut off.", "Candidates stay as they were before.")

    monkeypatch.setattr(FindsPatterns, "learn", refuse)
    _finish(person, window)
    wait_until(lambda: "Nothing was learnt" in person.said, what="said")
    assert not window.learning.is_learning
