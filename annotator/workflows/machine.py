"""Where language work is done: in this process for short commands and tests, in the worker process for the window.

Both offer the same: cutting texts into tokens, proposing candidates, looking for patterns, naming installed pipelines.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from annotator.model.document import Tokens
from annotator.model.errors import UserError
from annotator.model.packing import PackedTokens

if TYPE_CHECKING:
    from annotator.suggest.base import GivenPatterns, Settings, Suggestions, Text
    from annotator.suggest.crews import Crew
    from annotator.suggest.fine_tuned import Made
    from annotator.suggest.fine_tuning import Tell
    from annotator.suggest.phrases import Hit
    from annotator.suggest.teaching import Decided
    from annotator.workflows.session import Session


T = TypeVar("T")


class Machine(Protocol):
    """What does language work."""

    def tokenize(self, items: Sequence[tuple[str, str]]) -> list[Tokens]:
        """Give the tokens of texts; each item is a text and its language code."""

    def tokenize_stream(
        self, chunks: Iterable[tuple[T, Sequence[tuple[str, str]]]]
    ) -> Iterator[tuple[T, list[PackedTokens]]]:
        """Give the tokens of chunks of texts, packed, in order, each with what the caller put beside it.

        The next chunks may be asked for before the last one given is dealt with.
        """

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:
        """Give candidates for texts, in their order."""

    def find_patterns(
        self, texts: Sequence[Text], given: GivenPatterns, pipeline: str = ""
    ) -> list[list[Hit]]:
        """Give for each text where the patterns of a list stand; `pipeline` as in the suggesters' settings."""

    def pattern_faults(self, patterns: Sequence[str]) -> list[str]:
        """Say of token patterns, as they are written, what spaCy has against each; empty where it takes it."""

    def learn(self, decided: Sequence[Decided], settings: Settings, *, anew: bool) -> int:
        """Learn from finished documents, in their order; give how often the tagger was trained."""

    def fine_tune(
        self, decided: Sequence[Decided], settings: Settings, *, tell: Tell, check: Callable[[], None]
    ) -> Made:
        """Fine-tune the pipeline on finished documents, in their order; give what it was made of."""

    def close(self) -> None:
        """End it."""


def machine_of(session: Session) -> Machine:
    """Give what does the language work of a session; without a worker, this process does."""
    if session.machine is None:
        session.machine = in_process()
    return session.machine


def in_process() -> Machine:
    """Give what does language work in this process, without a project."""
    from annotator.suggest.in_process import InProcess

    return InProcess()


def is_in_process(session: Session) -> bool:
    """Tell whether this process does the language work of a session itself."""
    from annotator.suggest.in_process import InProcess

    return isinstance(machine_of(session), InProcess)


def start_worker(session: Session) -> Machine:
    """Give a session a worker process of its own for language work."""
    from annotator.suggest.worker import Worker

    worker = Worker()
    worker.start()
    session.machine = worker
    return worker


def warm_up(session: Session) -> None:
    """Give a session a worker process that loads what cuts texts while this thread does something else."""
    worker, language = start_worker(session), session.language

    def load() -> None:
        with suppress(UserError):  # whoever needs it meets that again, and tells it
            worker.tokenize([("a", language)])

    threading.Thread(target=load, name="warming up", daemon=True).start()


@contextmanager
def crew(*, workers: int = 0, cluster: str = "") -> Iterator[Crew | None]:
    """Get several together who propose at once: worker processes of this machine, or those of a Dask cluster.

    None where neither is asked for: the machine of the session does it then.

    Raises:
        UserError: the package `distributed` is missing, or no scheduler with workers answers at the address.
    """
    from annotator.suggest.crews import Cluster, Workers

    made = Cluster(cluster) if cluster else Workers(workers) if workers else None
    try:
        yield made
    finally:
        if made is not None:
            made.close()
