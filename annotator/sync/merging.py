"""Merges what two sides made of a document since they were the same.

Spans and relations that changed are gathered into clusters of what belongs together: a span that was taken out and the
one that took its place, a relation and its ends. A cluster that one side changed goes to the other side; one that both
changed in different ways is a conflict. Whatever is decided for a cluster is decided for all of it, so that no relation
loses an end and nothing overlaps that may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from annotator.sync.content import VALUES, Base, Content, Item, Place, Tie, Values, paragraphs


class Side(StrEnum):
    """Whose version stands; `LEAVE` leaves both as they are."""

    MINE = "mine"
    THEIRS = "theirs"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Spans and relations that stand or fall together, by which side added or took them out."""

    here: frozenset[Item]
    there: frozenset[Item]

    @property
    def items(self) -> frozenset[Item]:
        """Give all of them."""
        return self.here | self.there

    @property
    def is_conflict(self) -> bool:
        """Tell whether both sides changed it, and not in the same way."""
        return bool(self.here and self.there and self.here != self.there)

    @property
    def is_settled(self) -> bool:
        """Tell whether both sides did the same."""
        return self.here == self.there

    @property
    def side(self) -> Side:
        """Give the side that changed it, where it is no conflict."""
        return Side.MINE if self.here else Side.THEIRS


@dataclass(frozen=True, slots=True)
class Difference:
    """One of `VALUES` that is not the same on both sides and was changed here, there or on both since the base."""

    name: str
    here: bool
    there: bool

    @property
    def is_conflict(self) -> bool:
        """Tell whether both sides changed it."""
        return self.here and self.there

    @property
    def side(self) -> Side:
        """Give the side that changed it, where it is no conflict."""
        return Side.MINE if self.here else Side.THEIRS


Change = Cluster | Difference


@dataclass(frozen=True, slots=True)
class Merge:
    """What changed in a document."""

    clusters: tuple[Cluster, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """Give all of it."""
        return (*self.clusters, *self.differences)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is to be done."""
        return not self.clusters and not self.differences

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Give what both sides changed."""
        return tuple(each for each in self.changes if each.is_conflict)


Deciding = Callable[[Change], Side]


def merge(base: Base | None, here: Content, there: Content, *, allows_overlap: bool) -> Merge:
    """Compare both sides with what they were at the last sync; without a base, with what they have in common."""
    if base is None:
        clusters = _clusters(here.items & there.items, here, there, allows_overlap=allows_overlap)
        return Merge(clusters, tuple(_differences(Values(), Values(), here.values, there.values)))
    base = after_interruption(base, there)
    clusters = ()
    if here.spans != there.spans or here.relations != there.relations:
        clusters = _clusters(base.items, here, there, allows_overlap=allows_overlap)
    return Merge(clusters, tuple(_differences(base.here, base.there, here.values, there.values)))


def after_interruption(base: Base, there: Content) -> Base:
    """Count what the last sync was about to do there, and did before it was interrupted, as known."""
    going = base.going
    if going is None:
        return base
    now = there.items
    items = base.items
    for item in going.items ^ base.items:
        if (item in now) is (item in going.items):
            items = items | {item} if item in now else items - {item}
    values = base.there
    for name in VALUES:
        if name == "note" and _is_between(base.there.note, going.values.note, there.values.note):
            values = replace(values, note=there.values.note)
        elif getattr(there.values, name) == getattr(going.values, name):
            values = replace(values, **{name: getattr(there.values, name)})
    return replace(base, items=items, there=values, going=None)


def _is_between(before: str, after: str, now: str) -> bool:
    """Tell whether comments may be those of a note that was being replaced by another."""
    return before != after and paragraphs(now) <= paragraphs(before) | paragraphs(after)


# ---------------------------------------------------------------------- values


def _differences(base_here: Values, base_there: Values, here: Values, there: Values) -> Iterable[Difference]:
    for name in VALUES:
        mine, theirs = getattr(here, name), getattr(there, name)
        if mine == theirs:
            continue
        changed_here = mine != getattr(base_here, name)
        changed_there = theirs != getattr(base_there, name)
        if changed_here or changed_there:
            yield Difference(name, changed_here, changed_there)


# ---------------------------------------------------------------------- spans and relations


def _clusters(
    base: frozenset[Item], here: Content, there: Content, *, allows_overlap: bool
) -> tuple[Cluster, ...]:
    mine, theirs = base ^ here.items, base ^ there.items
    if mine == theirs:
        return ()
    groups = _Groups(mine | theirs)
    for changed in (mine, theirs):
        _join_within(groups, changed, base)
    _join_across(groups, mine, theirs, base=base, allows_overlap=allows_overlap)
    _join_across(groups, theirs, mine, base=base, allows_overlap=allows_overlap)
    found = [Cluster(group & mine, group & theirs) for group in groups.found()]
    return tuple(sorted((each for each in found if not each.is_settled), key=_first_place))


def _first_place(cluster: Cluster) -> tuple[int, int, str]:
    return min(
        (item.start, item.end, item.label)
        if isinstance(item, Place)
        else (item.head.start, item.head.end, item.label)
        for item in cluster.items
    )


def _join_within(groups: _Groups, changed: frozenset[Item], base: frozenset[Item]) -> None:
    """Join what one side did at one place: what it took out with what it put there, relations with their ends."""
    added, taken = changed - base, changed & base
    for place in _places(taken):
        for other in _places(added):
            if place.meets(other):
                groups.join(place, other)
    ties = [item for item in changed if isinstance(item, Tie)]
    for tie in ties:
        for end in (tie.head, tie.child):
            if end in changed:
                groups.join(tie, end)
    by_ends: dict[frozenset[Place], Tie] = {}
    for tie in ties:
        ends = frozenset((tie.head, tie.child))
        if tie in taken:
            by_ends[ends] = tie
    for tie in ties:
        if tie in added and (before := by_ends.get(frozenset((tie.head, tie.child)))) is not None:
            groups.join(tie, before)


def _join_across(
    groups: _Groups,
    mine: frozenset[Item],
    theirs: frozenset[Item],
    *,
    base: frozenset[Item],
    allows_overlap: bool,
) -> None:
    """Join what one side added with what it depends on of the other's doing."""
    added, gone = mine - base, theirs & base
    for tie in (item for item in added if isinstance(item, Tie)):
        for end in (tie.head, tie.child):
            if end in gone:
                groups.join(tie, end)
    others = _places(theirs - base)
    for place in _places(added):
        for other in others:
            same_place = (place.start, place.end) == (other.start, other.end)
            if same_place or (not allows_overlap and place.meets(other)):
                groups.join(place, other)


def _places(items: Iterable[Item]) -> list[Place]:
    return [item for item in items if isinstance(item, Place)]


class _Groups:
    """Things that are joined, directly or by others."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._parent: dict[Item, Item] = {item: item for item in items}

    def join(self, one: Item, other: Item) -> None:
        """Put two things into one group."""
        self._parent[self._root(one)] = self._root(other)

    def found(self) -> list[frozenset[Item]]:
        """Give all groups."""
        groups: dict[Item, set[Item]] = {}
        for item in self._parent:
            groups.setdefault(self._root(item), set()).add(item)
        return [frozenset(group) for group in groups.values()]

    def _root(self, item: Item) -> Item:
        while self._parent[item] != item:
            self._parent[item] = item = self._parent[self._parent[item]]
        return item


# ---------------------------------------------------------------------- decisions


def settled(found: Merge, here: Content, there: Content, decide: Deciding) -> tuple[Content, Content]:
    """Give what both sides become."""
    mine = _chosen(found, decide, Side.MINE)
    theirs = _chosen(found, decide, Side.THEIRS)
    next_here = here.having((here.items - theirs) | (there.items & theirs))
    next_there = there.having((there.items - mine) | (here.items & mine))
    told: dict[str, Any] = {}
    taken: dict[str, Any] = {}
    for each in found.differences:
        side = decide(each)
        if side is Side.MINE:
            told[each.name] = getattr(here.values, each.name)
        elif side is Side.THEIRS:
            taken[each.name] = getattr(there.values, each.name)
    return (
        replace(next_here, values=replace(here.values, **taken)),
        replace(next_there, values=replace(there.values, **told)),
    )


def _chosen(found: Merge, decide: Deciding, side: Side) -> frozenset[Item]:
    return frozenset().union(*(each.items for each in found.clusters if decide(each) is side))


def begun(
    base: Base | None, here: Content, there: Content, *, found: Merge, decide: Deciding, target: Content
) -> Base:
    """Give the base that is kept while the server's side is changed to `target`.

    What stands there against a version of here that was chosen counts as known, so that it is no conflict again.
    """
    if base is None:
        base = Base(items=here.items & there.items)
    base = after_interruption(base, there)
    mine = _chosen(found, decide, Side.MINE)
    told = {
        each.name: getattr(there.values, each.name) for each in found.differences if decide(each) is Side.MINE
    }
    return replace(
        base,
        items=(base.items - mine) | (there.items & mine),
        there=replace(base.there, **told),
        going=target,
    )


def next_base(base: Base | None, here: Content, there: Content, *, found: Merge, decide: Deciding) -> Base:
    """Give the base after a sync, of what both sides are now.

    What was left, or could not be done, is known of as before, so that the next sync finds it again.
    """
    before = base or Base(here=here.values, there=there.values)
    both, one = here.items & there.items, here.items ^ there.items
    held = frozenset().union(*(each.items for each in found.clusters if decide(each) is Side.LEAVE))
    items = (both - held) | (before.items & (one | held))
    if base is None:
        items |= both
    left = {each.name for each in found.differences if decide(each) is Side.LEAVE}
    mine: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    for name in VALUES:
        if name in left and getattr(here.values, name) != getattr(there.values, name):
            continue
        mine[name] = getattr(here.values, name)
        theirs[name] = getattr(there.values, name)
    if base is None and left:
        before = replace(before, here=Values(), there=Values())
    return Base(items=items, here=replace(before.here, **mine), there=replace(before.there, **theirs))
