"""An open project whose language work is done by a few lines, so that no language library is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from annotator.model.annotation import SpanKey
from annotator.model.candidate import Proposal
from annotator.model.document import Tokens
from annotator.model.packing import PackedTokens, packed
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.workflows.session import Session
from tests.builders import FindsPatterns, a_project, place, plain_tokens

T = TypeVar("T")


class PlainMachine(FindsPatterns):
    """Cuts texts into words and proposes every "Ada" as a person; documents in German are passed over."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.before_answer: Callable[[], None] = lambda: None
        self.closed = False

    def tokenize(self, items: Sequence[tuple[str, str]]) -> list[Tokens]:
        """Give the tokens of texts."""
        return [plain_tokens(text) for text, _ in items]

    def tokenize_stream(
        self, chunks: Iterable[tuple[T, Sequence[tuple[str, str]]]]
    ) -> Iterator[tuple[T, list[PackedTokens]]]:
        """Give the tokens of chunks of texts."""
        return ((own, [packed(each) for each in self.tokenize(items)]) for own, items in chunks)

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:
        """Give candidates for texts."""
        assert settings.schema.entities
        self.asked.append([text.document for text in texts])
        self.before_answer()
        return [self._propose(text) for text in texts]

    def close(self) -> None:
        """End it."""
        self.closed = True

    def _propose(self, text: Text) -> Suggestions:
        if text.language == "de":
            return Suggestions(document=text.document, proposals=(), skipped="the pipeline reads en, not de")
        proposals = []
        if "Ada" in text.text:
            what = SpanKey(place(text.text, "Ada"), "PERSON")
            proposals.append(Proposal(what=what, suggester="plain", score=0.9, reason="it says Ada"))
        return Suggestions(document=text.document, proposals=tuple(proposals))


@pytest.fixture
def machine() -> PlainMachine:
    """Give what does the language work."""
    return PlainMachine()


@pytest.fixture
def session(tmp_path: Path, machine: PlainMachine) -> Iterator[Session]:
    """Open an empty project."""
    folder = tmp_path / "project"
    folder.mkdir()
    session = a_project(folder)
    session.machine = machine
    yield session
    session.close()
