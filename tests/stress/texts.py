"""Small articles made from a number, and what a machine without any language library proposes in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TypeVar

from annotator.model.annotation import Fragment, RelationKey, SpanKey
from annotator.model.candidate import Proposal
from annotator.model.document import Tokens
from annotator.model.packing import PackedTokens, packed
from annotator.suggest.base import Settings, Suggestions, Text
from tests.builders import FindsPatterns, plain_tokens

T = TypeVar("T")
_PEOPLE = ("Ada", "Bob", "Eve", "Mara", "Ben", "Uma", "Ira", "Kim", "Lee", "Max")
_PLACES = ("Paris", "Rome", "Oslo", "Lima", "Kyiv", "Cairo")
_ROLES = ("President", "Minister", "Judge", "Mayor")
_WORDS = ("met", "left", "praised", "called", "followed", "thanked", "saw", "asked", "warned")
LABELS = {
    **dict.fromkeys(_PEOPLE, "PERSON"),
    **dict.fromkeys(_PLACES, "GPE"),
    **dict.fromkeys(_ROLES, "ROLE"),
}
SUGGESTER = "plain words"


def an_article(rng: Random, number: str) -> str:
    """Write some sentences that no other number gives."""
    sentences = [
        f"{rng.choice(_ROLES)} {rng.choice(_PEOPLE)} {rng.choice(_WORDS)} {rng.choice(_PEOPLE)} "
        f"in {rng.choice(_PLACES)}."
        for _ in range(rng.randint(1, 6))
    ]
    return f"Report {number}. " + " ".join(sentences)


def a_task(rng: Random, text: str, *, labels: Sequence[str] = ()) -> str:
    """Write an article as a line of Prodigy JSONL: its tokens, some accepted spans, one in `labels` by chance."""
    tokens = plain_tokens(text)
    words = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    written = [
        {"text": word, "start": start, "end": end, "id": index, "ws": text[end : end + 1] == " "}
        for index, (word, start, end) in enumerate(zip(words, tokens.starts, tokens.ends, strict=True))
    ]
    spans = [
        {
            "start": tokens.starts[index],
            "end": tokens.ends[index],
            "token_start": index,
            "token_end": index,
            "label": rng.choice((LABELS[word], *labels)),
        }
        for index, word in enumerate(words)
        if word in LABELS and rng.random() < 0.5
    ]
    return json.dumps({"text": text, "tokens": written, "spans": spans, "answer": "accept"})


def write_tasks(path: Path, rng: Random, count: int, *, name: str, labels: Sequence[str] = ()) -> list[str]:
    """Write a file of articles; gives their texts."""
    texts = [an_article(rng, f"{name}/{number}") for number in range(count)]
    path.write_text("".join(a_task(rng, text, labels=labels) + "\n" for text in texts), encoding="utf-8")
    return texts


class PlainMachine(FindsPatterns):
    """Cuts texts into words and proposes what `LABELS` knows, and for two people in a row that they met."""

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
        del settings
        return [Suggestions(document=text.document, proposals=proposals(text.text)) for text in texts]

    def close(self) -> None:
        """End it: there is nothing to end."""


def proposals(text: str) -> tuple[Proposal, ...]:
    """Give what is proposed in a text, whatever was decided in it."""
    tokens = plain_tokens(text)
    found: list[Proposal] = []
    people: list[SpanKey] = []
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        label = LABELS.get(text[start:end])
        if label is not None:
            what = SpanKey((Fragment(start, end),), label)
            found.append(_proposal(what, 0.5 + (start % 50) / 100))
            people += [what] * (label == "PERSON")
    found += [_proposal(RelationKey(head, child, "MET"), 0.7) for head, child in pairwise(people)]
    return tuple(found)


def _proposal(what: SpanKey | RelationKey, score: float) -> Proposal:
    return Proposal(what=what, suggester=SUGGESTER, score=score, reason="a word of the list")
