"""A project with two short articles, and a window on it; no language library, no worker process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from annotator.model.annotation import RelationKey, SpanKey
from annotator.model.document import Tokens
from annotator.model.packing import PackedTokens, packed
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.ui.app import make_application
from annotator.ui.window import MainWindow
from annotator.workflows.learning import LearnReport
from annotator.workflows.session import Session
from tests.builders import FindsPatterns, a_document, a_project, place, plain_tokens, propose
from tests.ui.driving import Person, wait_until_quiet

FIRST = (
    "[President](ROLE) [Ada Lovelace](PERSON) met [Charles Babbage](PERSON) in [Paris](GPE). "
    "[Bob](PERSON) left [Rome](GPE)."
)
SECOND = "[Grace Hopper](PERSON) went to [New York](GPE)."

T = TypeVar("T")


class PlainMachine(FindsPatterns):
    """Cuts texts at blanks and proposes nothing."""

    def tokenize(self, items: Sequence[tuple[str, str]]) -> list[Tokens]:
        return [plain_tokens(text) for text, _ in items]

    def tokenize_stream(
        self, chunks: Iterable[tuple[T, Sequence[tuple[str, str]]]]
    ) -> Iterator[tuple[T, list[PackedTokens]]]:
        return ((own, [packed(each) for each in self.tokenize(items)]) for own, items in chunks)

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:  # noqa: ARG002 - a machine's
        return [Suggestions(document=text.document) for text in texts]

    def close(self) -> None:
        pass


def plain_machine(session: Session) -> PlainMachine:
    """Stand in for `start_worker`."""
    machine = PlainMachine()
    session.machine = machine
    return machine


def filled(session: Session) -> Session:
    """Bring two articles with candidates into a project; the first has a candidate relation."""
    first = a_document(session, FIRST, source="first")
    text = session.text(first)
    ada, role = SpanKey(place(text, "Ada Lovelace"), "PERSON"), SpanKey(place(text, "President"), "ROLE")
    propose(session, first, [RelationKey(ada, role, "HOLDS_ROLE")], score=0.7)
    propose(session, first, [SpanKey(place(text, "Lovelace"), "GPE")], score=0.4)
    a_document(session, SECOND, source="second")
    with session.project.writing() as connection:
        # Nothing is left to propose, or the window would let its machine propose anew, which knows nothing.
        rows = [(key, "test", "", 0.0) for key in session.document_keys()]
        connection.executemany(
            "INSERT INTO suggested (document, version, skipped, at) VALUES (?, ?, ?, ?)", rows
        )
    return session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = filled(a_project(tmp_path))
    yield session
    session.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    session = filled(a_project(tmp_path, name="News"))
    session.close()
    return session.path


@pytest.fixture
def application() -> QApplication:
    return make_application()


@pytest.fixture
def window(
    application: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))

    monkeypatch.setattr("annotator.ui.opening.start_worker", plain_machine)
    # Else the candidates of the next documents would be made anew, by a machine that proposes nothing.
    monkeypatch.setattr("annotator.workflows.learning.learn_ahead", lambda *_, **__: LearnReport())
    window = MainWindow(annotator="Mara")
    window.resize(1440, 900)
    window.show()
    yield window
    window.close()
    window.deleteLater()
    application.processEvents()
    # Without a loop that runs nothing is deleted, and each window that is left makes the next one slower.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def person(window: MainWindow, project: Path) -> Person:
    """Somebody before a window with the project open and no work in hand."""
    assert window.open_project(project)
    window.activateWindow()
    window.focus_article()
    wait_until_quiet(window)
    return Person(window)
