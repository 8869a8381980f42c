"""A document: an immutable text with its tokens, sentences and what is known about it.

Tokens and sentences are stored with the document, so that opening one needs no language library.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How far a document is. `IN_PROGRESS` is set by the first decision."""

    TODO = "to do"
    IN_PROGRESS = "in progress"
    DONE = "done"
    SKIPPED = "skipped"


class Part(StrEnum):
    """Which part of the corpus a document belongs to."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of one text; two are equal where they say the same, in whatever kind of sequence.

    Args:
        starts: code point offset of each token, rising.
        ends: end (exclusive) of each token; no token overlaps the next.
        sentences: indexes of the tokens that begin a sentence, rising, beginning with 0 if there are tokens.
        tokenizer: `source`, or name, version and rules hash of what made them.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    sentences: Sequence[int] = ()
    tokenizer: str = "source"

    def __len__(self) -> int:
        return len(self.starts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tokens):
            return NotImplemented
        return self.tokenizer == other.tokenizer and all(
            mine == theirs if type(mine) is type(theirs) else list(mine) == list(theirs)
            for mine, theirs in (
                (self.starts, other.starts),
                (self.ends, other.ends),
                (self.sentences, other.sentences),
            )
        )

    __hash__ = None  # type: ignore[assignment] # they are compared, never looked up

    def at(self, offset: int) -> int:
        """Give the index of the token that holds a code point, or of the next one; may equal `len(self)`."""
        return bisect_right(self.ends, offset)

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """Give the range of tokens (first, last + 1) that share a character with the stretch."""
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end)
        return first, max(first, last)

    def stretch(self, first: int, last: int) -> tuple[int, int]:
        """Give the code points (start, end) of the tokens from `first` up to, not including, `last`."""
        return self.starts[first], self.ends[last - 1]

    def snap(self, start: int, end: int) -> tuple[int, int] | None:
        """Widen a stretch to token borders; None if it holds no token."""
        first, last = self.covering(start, end)
        return (self.starts[first], self.ends[last - 1]) if last > first else None

    def on_borders(self, start: int, end: int) -> bool:
        """Tell whether a stretch begins and ends with a token."""
        first = bisect_left(self.starts, start)
        last = bisect_left(self.ends, end)
        return (
            first < len(self.starts)
            and last < len(self.ends)
            and self.starts[first] == start
            and self.ends[last] == end
        )

    def sentence_of(self, token: int) -> tuple[int, int]:
        """Give the range of tokens (first, last + 1) of the sentence that holds a token."""
        index = bisect_right(self.sentences, token) - 1
        if index < 0:
            return 0, len(self)
        last = self.sentences[index + 1] if index + 1 < len(self.sentences) else len(self)
        return self.sentences[index], last


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the project knows about one document, without its text.

    Args:
        key: row key; documents stand in its order. id: UUIDv7. batch: row key of the import that brought it.
        length: code points of the text.
        hash: `content_hash` of the text. source: file or record it came from.
        group: documents of one group share a part; empty means the document alone.
        metadata: what the file said of it (source, date ...). attributes: fields of other tools, by format name,
            kept so that they can be written back.
    """

    key: int
    id: str
    batch: int
    title: str
    language: str
    length: int
    hash: str
    source: str
    state: State = State.TODO
    reason: str = ""
    flagged: bool = False
    note: str = ""
    part: Part = Part.TRAIN
    group: str = ""
    excluded: bool = False
    removed: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0


def content_hash(text: str) -> str:
    """Give the SHA-256 of the text's code points as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def part_of(group: str, *, seed: str, dev: int = 10, test: int = 10) -> Part:
    """Give the part of a document from its id or group and the project's seed; `dev`, `test` in percent.

    The answer depends on nothing else, so that adding documents never moves one.
    """
    share = int.from_bytes(hashlib.sha256(f"{seed}\n{group}".encode()).digest()[:8]) % 100
    if share < test:
        return Part.TEST
    return Part.DEV if share < test + dev else Part.TRAIN


_TITLE = 90
"""Characters of a title that is guessed."""


def title_of(text: str) -> str:
    """Guess a title: the first line that holds something, cut at a word."""
    beginning = text[:2000].lstrip()
    near = beginning[: _TITLE + 1]
    if (
        len(near) > _TITLE and not near[-1].isspace() and len(near.splitlines()) == 1
    ):  # the line goes on, as of most
        line = near
    else:
        line = beginning.splitlines()[0].rstrip() if beginning else ""
    if len(line) <= _TITLE:
        return line
    cut = line[:_TITLE].rsplit(" ", 1)[0]
    return (cut if len(cut) > _TITLE // 2 else line[:_TITLE]) + "…"
