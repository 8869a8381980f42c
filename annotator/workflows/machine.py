"""Where language work is done: in this process for short commands and tests, in the worker process for the window.

Both offer the same three things: cutting texts into tokens, proposing candidates, and naming installed pipelines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from annotator.model.document import Tokens

if TYPE_CHECKING:
    from annotator.suggest.base import Settings, Suggestions, Text
    from annotator.workflows.session import Session


class Machine(Protocol):
    """What does language work."""

    def tokenize(self, items: Sequence[tuple[str, str]]) -> list[Tokens]:
        """Give the tokens of texts; each item is a text and its language code."""

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:
        """Give candidates for texts, in their order."""

    def close(self) -> None:
        """End it."""


def machine_of(session: Session) -> Machine:
    """Give what does the language work of a session; without a worker, this process does."""
    if session.machine is None:
        from annotator.suggest.worker import InProcess

        session.machine = InProcess()
    return session.machine


def start_worker(session: Session) -> Machine:
    """Give a session a worker process of its own for language work."""
    from annotator.suggest.worker import Worker

    worker = Worker()
    worker.start()
    session.machine = worker
    return worker
