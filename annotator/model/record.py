"""What formats read and write: documents on the move, without row keys.

A reader yields records and problems; an exporter hands records to a writer. `Loss` says what a target cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.model.annotation import Fragments, How, SpanKey
from annotator.model.document import Part, State, Tokens


@dataclass(slots=True)
class RecordSpan:
    """A span of a record; nobody changes one, and all but place and label are given by their names.

    It is not frozen, since such a one takes seven times as long to make, and files hold millions; nor does it insist on
    names, which takes twice as long.

    Args:
        id: stable id where the file has one or the project gave one.
        rejected: the file says that this is not so; never a positive and never a gold negative.
        score, suggester: set for what a machine proposed and nobody confirmed: it becomes a candidate.
        attributes: fields of other tools by format name, kept to be written back.
    """

    fragments: Fragments
    label: str
    id: str = ""
    rejected: bool = False
    score: float | None = None
    suggester: str = ""
    annotator: str = ""
    how: How | None = None
    at: float | None = None
    flagged: bool = False
    note: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> SpanKey:
        """Give fragments and label."""
        return SpanKey(self.fragments, self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRelation:
    """A relation of a record; `head` and `child` are indexes into the record's spans."""

    head: int
    child: int
    label: str
    id: str = ""
    rejected: bool = False
    score: float | None = None
    suggester: str = ""
    annotator: str = ""
    how: How | None = None
    at: float | None = None
    flagged: bool = False
    note: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Record:
    """One document with its annotations, as a file holds it; nobody changes one, and it is not frozen, as its spans.

    Args:
        source: name that tells this record from others of its origin (file name, or file and record id).
        id: stable id of the document where the project gave one.
        tokens: tokens that came with the file, if they rebuild the text; else None.
        state: None where the file says nothing of it.
        spans: accepted, rejected and proposed ones; relations point into it.
        overlapping: hint for writers that this export holds overlapping spans.
        metadata, attributes: as in `Document`.
    """

    text: str
    source: str = ""
    id: str = ""
    title: str = ""
    language: str = ""
    tokens: Tokens | None = None
    state: State | None = None
    reason: str = ""
    part: Part | None = None
    flagged: bool = False
    note: str = ""
    spans: tuple[RecordSpan, ...] = ()
    relations: tuple[RecordRelation, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A record, or a part of one, that was refused or repaired.

    Args:
        file: path or name. line: 1-based, 0 where there are no lines. record: id or number in the file.
        message: what is wrong and what was done.
        refused: something was left out; otherwise it was repaired and kept.
    """

    file: str
    message: str
    line: int = 0
    record: str = ""
    refused: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One thing that a target cannot hold, and where it is.

    Args:
        document: what its document is called. id: stable id of that document, empty where it has none.
        label: of the span or relation; empty where it is the document itself. words: what it stands on, or joins.
        places: fragments of the span, or of both ends of the relation; empty where it is the document itself.
    """

    document: str
    id: str = ""
    label: str = ""
    words: str = ""
    places: tuple[Fragments, ...] = ()

    def __str__(self) -> str:
        """Say it in one line: `first.txt: PERSON “Ada” at 14`."""
        if not self.places:
            return self.document
        return f"{self.document}: {self.label} “{self.words}” at {self.places[0][0].start:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something of which a target format cannot hold `count`; `examples` are up to twenty of them."""

    kind: str
    count: int
    message: str
    examples: tuple[Example, ...] = ()
