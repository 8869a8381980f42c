"""What a sync would do, what a person chooses of it, and what it did: values to look at and to hand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from annotator.model.annotation import Kind
from annotator.model.record import Loss, Problem
from annotator.sync.merging import Side
from annotator.sync.remote import RemoteProject

__all__ = [
    "Choices",
    "Conflict",
    "Deed",
    "DocumentChange",
    "GoneType",
    "Options",
    "Others",
    "Side",
    "SyncPlan",
    "SyncResult",
    "Thing",
    "Way",
]


class Way(StrEnum):
    """From the server into this project, or from here to the server."""

    HERE = "here"
    THERE = "there"


class Thing(StrEnum):
    """What something is done to."""

    DOCUMENT = "document"
    SPAN = "span"
    RELATION = "relation"
    NOTE = "note"
    STATE = "state"
    METADATA = "metadata"
    CATEGORY = "category"
    TYPE = "type"


class Deed(StrEnum):
    """What is done."""

    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"


Counts = Mapping[tuple[Way, Deed, Thing], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Something that both sides changed, in different ways.

    Args:
        number: stable within the plan. document: stable id of ours, empty for a type. title: of the document or type.
        mine, theirs: in words. whose: name of who made theirs, where it is known.
    """

    number: int
    thing: Thing
    document: str
    title: str
    mine: str
    theirs: str
    whose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChange:
    """What changes in a document; `document` is empty for one that is on the server alone, `remote` 0 for one here."""

    document: str
    remote: int
    title: str
    counts: Counts
    conflicts: Sequence[Conflict] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What somebody else made in a shared project and what would be deleted there."""

    whose: str
    label: str
    words: str
    title: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneType:
    """A label type that one side deleted and nothing uses any more on the other, to which `way` leads."""

    way: Way
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPlan:
    """What a sync would do.

    Args:
        counts: what is done without any choice. documents: those in which something changes, as the project has them.
        stays: what doccano cannot hold, with examples. missing_here, missing_there: linked documents that are gone on
            one side. gone_types: label types of which the same is so. uploads: documents that go by upload.
            calls, seconds: the estimate of the single calls.
        told: what else a person should know. inside: what `carry_out` needs.
    """

    project: RemoteProject
    counts: Counts = field(default_factory=dict)
    documents: Sequence[DocumentChange] = ()
    conflicts: Sequence[Conflict] = ()
    stays: Sequence[Loss] = ()
    others: Sequence[Others] = ()
    missing_here: int = 0
    missing_there: int = 0
    gone_types: Sequence[GoneType] = ()
    uploads: int = 0
    calls: int = 0
    seconds: float = 0.0
    problems: Sequence[Problem] = ()
    told: Sequence[str] = ()
    inside: Any = field(default=None, repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is to be done and nothing to be chosen."""
        missing = self.missing_here or self.missing_there or self.gone_types
        return not self.counts and not self.conflicts and not self.others and not missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person chose.

    Args:
        conflicts: for all that is not chosen one by one. by_thing, by_document: for some of them, the latter first.
        skipped: ids of documents (or `remote:17`) that are left as they are altogether.
        delete_others: what others made may be deleted there. delete_missing_here: documents that are gone here are
            deleted there. delete_missing_there: documents that are gone there are removed here. delete_types: label
            types that one side deleted go on the other, once nothing uses them there.
        only: one way alone.
    """

    conflicts: Side = Side.LEAVE
    by_thing: Mapping[Thing, Side] = field(default_factory=dict)
    by_document: Mapping[str, Side] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    delete_others: bool = False
    delete_missing_here: bool = False
    delete_missing_there: bool = False
    delete_types: bool = False
    only: Way | None = None

    def side_of(self, thing: Thing) -> Side:
        """Give whose version of a kind of things stands, where nothing was chosen for a document."""
        return self.by_thing.get(thing, self.conflicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a server is read.

    Args:
        unit: what its offsets count: `auto`, `code points`, `utf-16` or `graphemes`.
        member: whose work is read in a project that is not shared; empty for the account's.
        make_types: label types that the server lacks are made there.
        makers: who made what is asked of each document that comes, however many do.
    """

    unit: str = "auto"
    member: str = ""
    make_types: bool = True
    makers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """What a sync did.

    Args:
        left: conflicts that were left as they were. healed: in words, what was mended after it went wrong.
        differences: what still differs after reading back. first_document: row key of the first one that came.
        steps: keys of the steps of the journal, the newest first; undoing them all takes back what came here.
    """

    done: Counts = field(default_factory=dict)
    left: Sequence[Conflict] = ()
    healed: Sequence[str] = ()
    differences: Sequence[Problem] = ()
    problems: Sequence[Problem] = ()
    seconds: float = 0.0
    first_document: int | None = None
    steps: tuple[int, ...] = ()
