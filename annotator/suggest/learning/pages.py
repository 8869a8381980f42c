"""A document as learning sees it: words, sentences, and what other suggesters found in it, counted in tokens."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from annotator.model.annotation import SpanKey
from annotator.model.document import Tokens
from annotator.suggest.hints import Heard, Hint

LONGEST = 60
"""Tokens after which a sentence is cut in two: time to train grows with the longest."""


class Place(NamedTuple):
    """A labelled stretch of tokens: first, last + 1, label."""

    first: int
    last: int
    label: str


class Tie(NamedTuple):
    """A relation between two places; of one without direction the head comes first in the text."""

    head: Place
    child: Place
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the fine-tuned pipeline says of a document that it has not seen.

    Args:
        made: tells it apart from any other. documents: how many it was made of. places: what it finds.
        counts: label to how often it was right, and how often it was said, where it was tried.
        promises: what was promised beside the word of those before it, and what came true, as `Promise` has it.
    """

    made: str
    documents: int
    places: frozenset[Place]
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    promises: Mapping[str, tuple[int, float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document in tokens.

    Args:
        document: row key. words: its tokens, in composed form (NFC). sentences: ranges (first, last + 1), none longer
            than `LONGEST`. hints: what other suggesters say. vectors, advice: as in `Heard`; advice is weighed when it
            is given, and not kept.
    """

    document: int
    words: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]
    hints: tuple[Hint, ...] = ()
    vectors: bytes = b""
    advice: Advice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a person decided in a document that they finished.

    Args:
        page: the document. gold: all accepted spans. rejected: what was proposed and is not so.
        relations: all accepted relations. said: what patterns say of relations between the accepted spans, with
            their scores, 0 to 1.
        evidence: tells these decisions from others in the same document; for whoever hands them over.
    """

    page: Page
    gold: tuple[Place, ...]
    rejected: tuple[Place, ...] = ()
    relations: tuple[Tie, ...] = ()
    said: tuple[tuple[Tie, float], ...] = ()
    evidence: str = ""


def page_of(heard: Heard) -> Page:
    """Make a page of a text and what was said of it."""
    text, tokens = heard.text.text, heard.text.tokens
    words = tuple(composed(text[start:end]) for start, end in zip(tokens.starts, tokens.ends, strict=True))
    return Page(
        document=heard.text.document,
        words=words,
        sentences=tuple(_sentences(tokens)),
        hints=heard.hints,
        vectors=heard.vectors,
        advice=heard.advice,
    )


def composed(word: str) -> str:
    """Give a word in composed form (NFC), in which memory compares."""
    return word if word.isascii() else unicodedata.normalize("NFC", word)


def place_of(key: SpanKey, tokens: Tokens) -> Place | None:
    """Give the tokens of a span, widened to token borders; None where it has several fragments or holds no token."""
    if len(key.fragments) > 1:
        return None
    first, last = tokens.covering(*key.fragments[0])
    return Place(first, last, key.label) if last > first else None


def _sentences(tokens: Tokens) -> Iterable[tuple[int, int]]:
    starts = [*(tokens.sentences or (0,)), len(tokens)]
    for first, last in pairwise(starts):
        for begin in range(first, last, LONGEST):
            yield begin, min(begin + LONGEST, last)
