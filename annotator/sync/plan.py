"""What a sync would do, as values for a person to look at, and what follows of what that person chooses.

Nothing here asks a server or a project: pairs of documents come in, as both sides hold them and as they were at the
last sync, and counts, conflicts and decisions come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from annotator.model.record import Loss, Problem
from annotator.sync.content import Base, Content, Item, Place, Tie
from annotator.sync.mapping import Here, There, metadata_of
from annotator.sync.merging import Change, Cluster, Deciding, Difference, Merge, Side, settled
from annotator.sync.remote import RemoteProject
from annotator.sync.words import item_words, items_words, metadata_words, value_words

__all__ = [
    "Choices",
    "Conflict",
    "Deed",
    "DocumentChange",
    "Options",
    "Others",
    "Pair",
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
    CATEGORY = "category"
    TYPE = "type"


class Deed(StrEnum):
    """What is done."""

    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"


Counts = Mapping[tuple[Way, Deed, Thing], int]
_THINGS = {
    "note": Thing.NOTE,
    "confirmed": Thing.STATE,
    "categories": Thing.CATEGORY,
    "metadata": Thing.DOCUMENT,
}


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
class SyncPlan:
    """What a sync would do.

    Args:
        counts: what is done without any choice. documents: those in which something changes, as the project has them.
        stays: what doccano cannot hold, with examples. missing_here, missing_there: linked documents that are gone on
            one side. uploads: documents that go by upload. calls, seconds: the estimate of the single calls.
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
    uploads: int = 0
    calls: int = 0
    seconds: float = 0.0
    problems: Sequence[Problem] = ()
    told: Sequence[str] = ()
    inside: Any = field(default=None, repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is to be done and nothing to be chosen."""
        return not self.counts and not self.conflicts and not self.others


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person chose.

    Args:
        conflicts: for all that is not chosen one by one. by_thing, by_document: for some of them, the latter first.
        skipped: ids of documents (or `remote:17`) that are left as they are altogether.
        delete_others: what others made may be deleted there. delete_missing_here: documents that are gone here are
            deleted there. delete_missing_there: documents that are gone there are removed here.
        only: one way alone.
    """

    conflicts: Side = Side.LEAVE
    by_thing: Mapping[Thing, Side] = field(default_factory=dict)
    by_document: Mapping[str, Side] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    delete_others: bool = False
    delete_missing_here: bool = False
    delete_missing_there: bool = False
    only: Way | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a server is read.

    Args:
        unit: what its offsets count: `auto`, `code points`, `utf-16` or `graphemes`.
        member: whose work is read in a project that is not shared; empty for the account's.
        make_types: label types that the server lacks are made there.
    """

    unit: str = "auto"
    member: str = ""
    make_types: bool = True


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


@dataclass(frozen=True, slots=True)
class Pair:
    """A document that both sides have, and what changed in it since `base`.

    Args:
        users: names of makers by number. untold: names of values that this account cannot change on the server.
    """

    here: Here
    there: There
    base: Base | None
    merge: Merge
    users: Mapping[int, str] = field(default_factory=dict)
    account: int = 0
    is_shared: bool = False
    untold: frozenset[str] = frozenset()

    @property
    def identity(self) -> str:
        """Give the stable id of the document."""
        return self.here.document.id

    @property
    def title(self) -> str:
        """Give its title."""
        return self.here.document.title


def thing_of(each: Change) -> Thing:
    """Tell what a conflict is about."""
    if isinstance(each, Difference):
        return _THINGS[each.name]
    return Thing.SPAN if any(isinstance(item, Place) for item in each.items) else Thing.RELATION


def others_in(pair: Pair, cluster: Cluster) -> list[tuple[Item, int]]:
    """List what others made and what goes there if our version of a cluster stands, each with its maker's number."""
    found: list[tuple[Item, int]] = []
    if not pair.is_shared:
        return found
    for item in sorted(cluster.items, key=repr):
        if item in pair.here.content.items or item not in pair.there.content.items:
            continue
        things = (
            pair.there.spans.get(item, ()) if isinstance(item, Place) else pair.there.relations.get(item, ())
        )
        found += [(item, thing.user) for thing in things if thing.user not in (0, pair.account)]
    return found


def decider(pair: Pair, choices: Choices) -> Deciding:
    """Give what decides over each change of a document, by what a person chose."""

    def chosen(each: Change) -> Side:
        if not each.is_conflict:
            return each.side
        return choices.by_document.get(pair.identity, choices.by_thing.get(thing_of(each), choices.conflicts))

    is_left = pair.identity in choices.skipped or f"remote:{pair.there.document.id}" in choices.skipped
    # A document with a conflict that is left is left altogether, so that what is looked at later is all there.
    is_left = is_left or any(chosen(each) is Side.LEAVE for each in pair.merge.conflicts)

    def decide(each: Change) -> Side:
        side = Side.LEAVE if is_left else chosen(each)
        if side is Side.MINE:
            if choices.only is Way.HERE or (isinstance(each, Difference) and each.name in pair.untold):
                return Side.LEAVE
            if isinstance(each, Cluster) and not choices.delete_others and others_in(pair, each):
                return Side.LEAVE
        if side is Side.THEIRS and choices.only is Way.THERE:
            return Side.LEAVE
        return side

    return decide


def targets(pair: Pair, decide: Deciding) -> tuple[Content, Content]:
    """Give what both sides of a document become."""
    return settled(pair.merge, pair.here.content, pair.there.content, decide)


def counts_of(pair: Pair, decide: Deciding) -> Counter[tuple[Way, Deed, Thing]]:
    """Count what is done to a document, both ways."""
    counts: Counter[tuple[Way, Deed, Thing]] = Counter()
    for each in pair.merge.changes:
        side = decide(each)
        if side is Side.LEAVE:
            continue
        way = Way.THERE if side is Side.MINE else Way.HERE
        now, then = pair.here.content, pair.there.content
        before, after = (then, now) if side is Side.MINE else (now, then)
        if isinstance(each, Difference):
            counts[way, _deed(each, before, after), thing_of(each)] += 1
        else:
            counts += _counted(way, each.items & before.items, each.items & after.items)
    return counts


def _deed(each: Difference, before: Content, after: Content) -> Deed:
    if not getattr(before.values, each.name):
        return Deed.ADD
    return Deed.CHANGE if getattr(after.values, each.name) else Deed.DELETE


def _counted(way: Way, before: frozenset[Item], after: frozenset[Item]) -> Counter[tuple[Way, Deed, Thing]]:
    """Count what changes in a cluster: what goes where something comes is changed."""
    counts: Counter[tuple[Way, Deed, Thing]] = Counter()
    for thing, kind in ((Thing.SPAN, Place), (Thing.RELATION, Tie)):
        added = sum(isinstance(item, kind) for item in after - before)
        gone = sum(isinstance(item, kind) for item in before - after)
        changed = min(added, gone)
        for deed, count in (
            (Deed.ADD, added - changed),
            (Deed.CHANGE, changed),
            (Deed.DELETE, gone - changed),
        ):
            if count:
                counts[way, deed, thing] += count
    return counts


def conflicts_of(pair: Pair, *, first: int) -> list[Conflict]:
    """Tell the conflicts of a document; `first` is the number of the first one."""
    found = []
    for number, each in enumerate(pair.merge.conflicts, start=first):
        if isinstance(each, Difference):
            mine, theirs = _values_words(pair, each.name)
            whose = ""
        else:
            text = pair.here.text
            mine = items_words(text, each.items & pair.here.content.items)
            theirs = items_words(text, each.items & pair.there.content.items)
            whose = _whose(pair, each)
        found.append(
            Conflict(
                number=number,
                thing=thing_of(each),
                document=pair.identity,
                title=pair.title,
                mine=mine,
                theirs=theirs,
                whose=whose,
            )
        )
    return found


def _values_words(pair: Pair, name: str) -> tuple[str, str]:
    """Say what either side has of a value that is not the same on both."""
    if name == "metadata":
        here, there = pair.here.document.metadata, metadata_of(pair.there.document)
        return metadata_words(here, there), metadata_words(there, here)
    sides = (pair.here.content, pair.there.content)
    mine, theirs = (value_words(name, getattr(each.values, name)) for each in sides)
    return mine, theirs


def _whose(pair: Pair, cluster: Cluster) -> str:
    users = {
        thing.user
        for item in cluster.items
        for thing in (
            pair.there.spans.get(item, ()) if isinstance(item, Place) else pair.there.relations.get(item, ())
        )
    }
    return ", ".join(sorted(pair.users[user] for user in users if user in pair.users))


def others_of(pair: Pair) -> list[Others]:
    """Name what others made and what would be deleted there if it may be."""
    decide = decider(pair, Choices(delete_others=True))
    found = []
    for cluster in pair.merge.clusters:
        if decide(cluster) is not Side.MINE:
            continue
        for item, user in others_in(pair, cluster):
            found.append(
                Others(
                    whose=pair.users.get(user, f"user {user}"),
                    label=item.label,
                    words=item_words(pair.here.text, item),
                    title=pair.title,
                    document=pair.identity,
                )
            )
    return found
