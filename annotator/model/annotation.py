"""What people decided: spans, relations and rejections. Candidates, which nobody decided, live elsewhere.

A span is a labelled stretch of one document's text, of one or more fragments; a relation is a labelled link
from a head span to a child span. Both are values: changing one means making a new one with the same key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Fragment(NamedTuple):
    """A stretch of text: code points `start` to `end`, end exclusive."""

    start: int
    end: int


Fragments = tuple[Fragment, ...]
"""One or more fragments, sorted, apart from each other."""


class How(StrEnum):
    """How a decision was made: one at a time, many in one act, or by an import."""

    SINGLE = "single"
    BULK = "bulk"
    IMPORTED = "imported"


class Origin(StrEnum):
    """Where an accepted span or relation came from."""

    MANUAL = "manual"
    CANDIDATE = "candidate"
    FIXED = "fixed"
    IMPORTED = "imported"


class Kind(StrEnum):
    """Which of the two kinds of annotation something is about."""

    SPAN = "span"
    RELATION = "relation"


class SpanKey(NamedTuple):
    """What makes a span of a document unlike every other: its fragments and its label."""

    fragments: Fragments
    label: str


class RelationKey(NamedTuple):
    """What makes a relation of a document unlike every other: both ends and its label."""

    head: SpanKey
    child: SpanKey
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who decided, when, how, and what had been proposed.

    Args:
        annotator: name of the person.
        at: seconds since 1970.
        how: single, bulk or imported.
        origin: by hand, from a candidate, from a candidate that was changed, or from a file.
        suggesters: names of those that had proposed it, best first.
        score: the score at the time, 0 to 1, or None.
    """

    annotator: str
    at: float
    how: How = How.SINGLE
    origin: Origin = Origin.MANUAL
    suggesters: tuple[str, ...] = ()
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An accepted span. `key` is its row, `id` its UUIDv7, `version` the step that left it as it is."""

    key: int
    id: str
    document: int
    layer: int
    fragments: Fragments
    label: str
    provenance: Provenance
    flagged: bool = False
    note: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0

    @property
    def start(self) -> int:
        """Give the first code point."""
        return self.fragments[0].start

    @property
    def end(self) -> int:
        """Give the code point after the last."""
        return self.fragments[-1].end

    @property
    def identity(self) -> SpanKey:
        """Give fragments and label."""
        return SpanKey(self.fragments, self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """An accepted relation; `head` and `child` are row keys of spans of the same document."""

    key: int
    id: str
    document: int
    layer: int
    head: int
    child: int
    label: str
    provenance: Provenance
    flagged: bool = False
    note: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0


class Reason(StrEnum):
    """Why a candidate was rejected."""

    WRONG = "wrong"
    WRONG_LABEL = "wrong label"
    WRONG_EXTENT = "wrong extent"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A decision that something is not so; it hides the same proposal of every suggester for good."""

    key: int
    id: str
    document: int
    layer: int
    what: SpanKey | RelationKey
    reason: Reason
    provenance: Provenance
    version: int = 0

    @property
    def kind(self) -> Kind:
        """Tell whether a span or a relation was rejected."""
        return Kind.RELATION if isinstance(self.what, RelationKey) else Kind.SPAN


def fragments_of(*pairs: tuple[int, int]) -> Fragments:
    """Make fragments from pairs of code point offsets, sorted, touching or overlapping ones joined."""
    joined: list[Fragment] = []
    for start, end in sorted(pairs):
        if joined and start <= joined[-1].end:
            joined[-1] = Fragment(joined[-1].start, max(end, joined[-1].end))
        else:
            joined.append(Fragment(start, end))
    return tuple(joined)


def surface(text: str, fragments: Fragments) -> str:
    """Give the words of a span as people read them: fragments joined by one space."""
    return " ".join(text[start:end] for start, end in fragments)


def overlaps(first: Fragments, second: Fragments) -> bool:
    """Tell whether two spans share a character."""
    return any(a.start < b.end and b.start < a.end for a in first for b in second)
