"""The window fine-tunes the pipeline while nobody works, where that is wanted, and the next key ends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.model.errors import UserError
from annotator.ui.window import MainWindow
from annotator.workflows.fine_tuning import FineTuneReport
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session
from tests.ui.driving import Person, let_live, wait_until, wait_until_quiet

GAIN = FineTuneReport(documents=30, tried_on=6, title="small", start=0.5, own=0.75)


class Work:
    """Stands in for the work: goes on until it is told to end, and counts how often it began."""

    def __init__(self) -> None:
        self.begun = 0
        self.ends: Callable[[], FineTuneReport] | None = None

    def __call__(self, _session: Session, report: Report, **_: Any) -> FineTuneReport:
        self.begun += 1
        while self.ends is None:
            report(0, 0, "Fine-tuning")
            time.sleep(0.005)
        return self.ends()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    made = Work()
    monkeypatch.setattr("annotator.workflows.fine_tuning.fine_tune_ahead", made)
    return made


def _switch_on(person: Person, window: MainWindow) -> None:
    window.fine_tuning.idling._timer.setInterval(30)
    session = window.controller.session
    assert session is not None
    session.set_suggest_settings(replace(session.suggest_settings(), fine_tunes=True))
    window.learning.learn()
    wait_until(lambda: _watches(window), what="watching")


def _watches(window: MainWindow) -> bool:
    return window.fine_tuning.idling.is_watching


def _key(window: MainWindow) -> None:
    handle = window.windowHandle()
    wait_until(window.isActiveWindow, what="the focus")
    QTest.keyClick(handle, Qt.Key.Key_Shift)


def test_it_is_off_until_it_is_switched_on_by_a_key(person: Person, window: MainWindow, work: Work) -> None:
    session = window.controller.session
    assert session is not None
    assert not _watches(window)
    person.press("Ctrl+G")
    page = window.places.suggesters.page
    page.choose("fine_tuned")
    page.take_focus()
    assert page.built_in.about.isVisible()
    person.press("Space")
    assert session.suggest_settings().fine_tunes
    assert _watches(window)
    person.press("Space")
    assert not session.suggest_settings().fine_tunes
    assert not _watches(window)
    let_live(50)
    assert work.begun == 0


def test_it_begins_when_nobody_works_and_a_key_ends_it(
    person: Person, window: MainWindow, work: Work
) -> None:
    _switch_on(person, window)
    wait_until(lambda: work.begun == 1, what="begun")
    _key(window)
    wait_until(lambda: not window.fine_tuning.is_at_work, what="ended")
    wait_until(lambda: work.begun == 2, what="begun again")
    work.ends = lambda: GAIN
    wait_until_quiet(window)
    assert person.said == "Fine-tuned small on 30 documents (F1 0.50 before, 0.75 after, on 6 held out)."
    let_live(100)
    assert work.begun == 2, "nothing was learnt since"


def test_while_keys_come_it_does_not_begin(person: Person, window: MainWindow, work: Work) -> None:
    _switch_on(person, window)
    window.fine_tuning.idling._timer.setInterval(60_000)
    _key(window)
    let_live(100)
    assert work.begun == 0


def test_what_goes_wrong_is_said_once(person: Person, window: MainWindow, work: Work) -> None:
    def refuse() -> FineTuneReport:
        raise UserError("Fine-tuning was cut off.", "Candidates stay as they were before.")

    work.ends = refuse
    _switch_on(person, window)
    wait_until(lambda: "Nothing was fine-tuned: Fine-tuning was cut off." in person.said, what="said")
    window.fine_tuning.look_again()
    let_live(100)
    assert work.begun == 1
    work.ends = lambda: GAIN
    window.fine_tuning.take_settings()
    wait_until(lambda: work.begun == 2, what="begun again")


def test_with_the_project_it_ends(person: Person, window: MainWindow, work: Work) -> None:
    _switch_on(person, window)
    wait_until(lambda: work.begun == 1, what="begun")
    window.projects.let_go()
    assert not window.fine_tuning.is_at_work
    assert not _watches(window)
    let_live(100)
    assert work.begun == 1
