"""What is said of a document while its candidates are made, when they cannot be, and when nothing makes any."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from annotator.editing.commands import AddSpan
from annotator.model.annotation import SpanKey
from annotator.model.candidate import Proposal
from annotator.model.errors import UserError
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.ui.coming import Outlook, Run
from annotator.ui.window import MainWindow
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, place
from tests.ui.conftest import PlainMachine
from tests.ui.driving import Person, let_live, wait_until, wait_until_quiet

COMING = "candidates are coming"


class SlowMachine(PlainMachine):
    """Proposes what it is told to, once it may."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.words: tuple[str, ...] = ("Ada",)
        self.fault = ""

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:  # noqa: ARG002 - a machine's
        self.may_go.wait(30)
        if self.fault:
            raise UserError(self.fault)
        return [
            Suggestions(
                document=text.document,
                proposals=tuple(
                    Proposal(what=SpanKey(place(text.text, word), "PERSON"), score=0.9, suggester="test")
                    for word in self.words
                ),
            )
            for text in texts
        ]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowMachine]:
    machine = SlowMachine()

    def start(session: Session) -> SlowMachine:
        session.machine = machine
        return machine

    monkeypatch.setattr("annotator.ui.opening.start_worker", start)
    yield machine
    machine.may_go.set()


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Give a project of two articles over which no suggester went."""
    session = a_project(tmp_path, name="News")
    a_document(session, "Ada left Rome.", source="first")
    second = a_document(session, "Bob and Ada stayed.", source="second")
    session.do(AddSpan(document=second, fragments=place("Bob and", "Bob"), label="PERSON"))
    session.close()
    return session.path


@pytest.fixture
def reader(window: MainWindow, machine: SlowMachine, fresh: Path) -> Iterator[MainWindow]:
    assert window.open_project(fresh)
    window.activateWindow()
    window.focus_article()
    yield window
    machine.may_go.set()
    wait_until_quiet(window)


def hints(window: MainWindow) -> list[str]:
    return [hint.words for hint in window.centre.hint_bar.shown]


def test_head_and_hints_say_that_candidates_are_coming(reader: MainWindow, machine: SlowMachine) -> None:
    wait_until(lambda: reader.centre.decided.text() == COMING, what="the head")
    assert hints(reader)[0] == COMING
    assert "done, next document" not in hints(reader)
    said = [label.text() for label in reader.page.work.findChildren(QLabel)]
    assert "Candidates are coming." in said
    assert "Nothing left to decide here." not in said
    Person(reader).press("Tab")
    assert Person(reader).said == "Candidates are coming."
    machine.may_go.set()
    wait_until(lambda: reader.centre.decided.text() == "0 of 1 decided", what="the candidates")
    assert hints(reader)[0] == "accept"


def test_where_all_that_was_imported_is_decided_they_may_still_come(
    reader: MainWindow, machine: SlowMachine
) -> None:
    reader.controller.open_document(2)
    wait_until(lambda: hints(reader)[0] == COMING, what="the hint")
    assert reader.centre.decided.text() == "1 of 1 decided"
    assert reader.centre.strips.get("nothing_left") is None
    machine.words = ()
    machine.may_go.set()
    wait_until(lambda: hints(reader)[0] == "done, next document", what="the end of the run")
    assert reader.centre.strips.get("nothing_left") is not None


def test_nothing_is_said_for_a_moment_so_that_nothing_flickers(
    reader: MainWindow,
) -> None:
    centre = reader.centre
    centre.coming._patience.setInterval(60_000)
    reader.controller.open_document(2)
    reader.controller.open_document(1)
    before = hints(reader)
    let_live(20)
    assert centre.coming.outlook is Outlook.UNSAID
    assert centre.decided.text().strip() == ""
    assert hints(reader) == before


def test_what_could_not_be_made_is_told_with_the_key_that_tries_again(
    reader: MainWindow, machine: SlowMachine
) -> None:
    machine.fault = "The pipeline is gone."
    machine.may_go.set()
    wait_until(lambda: reader.centre.decided.text() == "candidates could not be made", what="the head")
    assert hints(reader)[0] == "make candidates"
    machine.fault = ""
    reader.run("suggest_here")
    wait_until(lambda: reader.centre.decided.text() == "0 of 1 decided", what="another try")


def test_where_nobody_makes_any_the_key_that_does_is_shown(reader: MainWindow) -> None:
    wait_until(lambda: reader.centre.decided.text() == COMING, what="the head")
    reader.centre.coming.follow(Run.OVER)
    assert reader.centre.decided.text() == "no candidates yet"
    assert hints(reader)[0] == "make candidates"


def test_with_no_suggester_on_that_is_said(window: MainWindow, machine: SlowMachine, fresh: Path) -> None:
    with_none = open_project(fresh, annotator="Mara")
    off = replace(with_none.suggest_settings(), uses_pipeline=False, roles=False, relations=False)
    with_none.set_suggest_settings(off)
    with_none.close()
    machine.words = ()
    machine.may_go.set()
    assert window.open_project(fresh)
    wait_until_quiet(window)
    wait_until(lambda: window.centre.decided.text() == "no suggester is on", what="the head")
    assert hints(window)[0] == "where candidates come from"
    strip = window.centre.strips.get("no_candidates")
    assert strip is not None
    assert "No suggester is on." in strip.accessibleName()
