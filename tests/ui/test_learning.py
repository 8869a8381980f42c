"""The window learns when a document is finished, one job at a time, and leaves the open document as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from annotator.editing.commands import ChangeType
from annotator.model.annotation import SpanKey
from annotator.suggest.base import Settings
from annotator.suggest.teaching import Decided
from annotator.ui.painted import OncePainted
from annotator.ui.window import MainWindow
from annotator.workflows.learning import learn_ahead
from annotator.workflows.session import SuggestSettings
from tests.builders import FindsPatterns, a_document, place, propose
from tests.ui.driving import Person, wait_until


@pytest.fixture(autouse=True)
def window_that_learns(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the window of these tests learn, as no other does."""
    monkeypatch.setattr("annotator.workflows.learning.learn_ahead", learn_ahead)


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
    wait_until(lambda: not window.findChildren(OncePainted), what="the beginning of learning")
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


def test_what_is_labelled_is_proposed_at_the_same_words_and_undone_with_them(
    person: Person, window: MainWindow
) -> None:
    session = window.controller.session
    assert session is not None
    text = "Zora came. Then Zora left. Zora!"
    document = a_document(session, text, source="third")
    window.controller.open_document(document)
    window.controller.select_text(place(text, "Zora"))
    person.press("1")
    assert [each.best.fragments for each in session.annotations(document).undecided] == [
        place(text, "Zora", number=1),
        place(text, "Zora", number=2),
    ]
    assert person.said.startswith("Labelled Zora as PERSON. Proposed at 2 more places.")
    assert window.controller.selected.fragments == place(text, "Zora")
    person.press("Ctrl+Z")
    assert session.annotations(document).undecided == ()
    assert session.annotations(document).spans == ()


def test_what_is_rejected_takes_doubtful_ones_alike_along(person: Person, window: MainWindow) -> None:
    session = window.controller.session
    assert session is not None
    text = "Zora came. Then Zora left. Zora!"
    document = a_document(session, text, source="third")
    found = [SpanKey(place(text, "Zora", number=number), "PERSON") for number in range(3)]
    propose(session, document, found, score=0.5)
    window.controller.open_document(document)
    person.press("x")
    assert person.said.startswith("Rejected Zora as PERSON, and 2 alike.")
    assert session.annotations(document).undecided == ()
    person.press("Ctrl+Z")
    assert [each.best.what for each in session.annotations(document).undecided] == found


def test_other_types_are_learnt_anew_when_they_have_settled(
    person: Person, window: MainWindow, taught: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _finish(person, window)
    taught.clear()
    window.learning._settling.setInterval(10)
    person_type = window.controller.schema.entity("PERSON")
    assert person_type is not None
    for name in ("HUMAN", "BEING"):
        assert window.controller.do(ChangeType(replace(person_type, name=name))) is not None
    wait_until(lambda: taught and not window.learning.is_learning, what="learnt")
    assert len(taught) == 1
