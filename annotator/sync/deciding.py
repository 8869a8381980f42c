"""What becomes of a document that both sides have, by what a person chose: decisions, counts and conflicts.

Nothing here asks a server or a project: pairs of documents come in, as both sides hold them and as they were at the
last sync.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.model.annotation import Kind
from annotator.sync.content import Base, Content, Item, Place, Tie
from annotator.sync.mapping import Here, There, metadata_of
from annotator.sync.merging import Change, Cluster, Deciding, Difference, Merge, Side, settled
from annotator.sync.plan import Choices, Conflict, Deed, Others, Thing, Way
from annotator.sync.words import item_words, items_words, metadata_words, value_words

_THINGS = {
    "note": Thing.NOTE,
    "confirmed": Thing.STATE,
    "categories": Thing.CATEGORY,
    "metadata": Thing.METADATA,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A document that both sides have, and what changed in it since `base`.

    Args:
        users: names of makers by number. untold: names of values that this account cannot change on the server.
        disputed: types that the server deleted and that are used here: what is of them goes as the type does.
    """

    here: Here
    there: There
    base: Base | None
    merge: Merge
    users: Mapping[int, str] = field(default_factory=dict)
    account: int = 0
    is_shared: bool = False
    untold: frozenset[str] = frozenset()
    disputed: frozenset[tuple[Kind, str]] = frozenset()

    def is_disputed(self, each: Change) -> bool:
        """Tell whether a change has to do with a type that is disputed."""
        if not self.disputed or not isinstance(each, Cluster):
            return False
        items = Content().having(each.items)
        return items.without(self.disputed) != items

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
        if pair.is_disputed(each):
            return choices.side_of(Thing.TYPE)
        if not each.is_conflict:
            return each.side
        return choices.by_document.get(pair.identity, choices.side_of(thing_of(each)))

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
