"""A machine that needs no language library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from annotator.model.document import Tokens
from annotator.model.packing import PackedTokens, packed
from annotator.suggest.base import Settings, Suggestions, Text
from tests.builders import FindsPatterns, plain_tokens

T = TypeVar("T")


class PlainMachine(FindsPatterns):
    """Cuts texts at blanks and signs, and proposes nothing."""

    def tokenize(self, items: Sequence[tuple[str, str]]) -> list[Tokens]:
        """Cut texts."""
        return [plain_tokens(text) for text, _ in items]

    def tokenize_stream(
        self, chunks: Iterable[tuple[T, Sequence[tuple[str, str]]]]
    ) -> Iterator[tuple[T, list[PackedTokens]]]:
        """Cut chunks of texts."""
        for beside, texts in chunks:
            yield beside, [packed(each) for each in self.tokenize(texts)]

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:  # noqa: ARG002 - a machine's
        """Propose nothing."""
        return [Suggestions(document=text.document) for text in texts]

    def close(self) -> None:
        """End."""
