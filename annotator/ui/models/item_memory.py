"""Keeps what was made of an article, so that after an act only what it touched is made anew. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from annotator.model.annotation import Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.article import Annotations, Readings, RelationToDecide
from annotator.model.candidate import Candidate
from annotator.model.differences import differing, tell_difference
from annotator.ui.canvas.items import RelationItem, SpanItem
from annotator.ui.differences import cuts_in, rejoined

SpanValue = Span | Readings | Rejection
V = TypeVar("V")
RelationValue = Relation | RelationToDecide | Rejection


class ItemMemory:
    """The items of one document between two calls of `span_items` or `relation_items`.

    Another schema, text or tokenizer empties it.
    """

    def __init__(self) -> None:
        self._ground: tuple[object, ...] = ()
        self.spans = SpanMemory()
        self.relations = RelationMemory()

    def stand_on(self, *ground: object) -> None:
        """Forget what was made of other ground."""
        if len(ground) != len(self._ground) or any(
            one is not other and one != other for one, other in zip(ground, self._ground, strict=True)
        ):
            self.spans, self.relations = SpanMemory(), RelationMemory()
        self._ground = ground


class SpanMemory:
    """The items of spans by id and in reading order."""

    def __init__(self) -> None:
        self._rows: Sequence[Sequence[SpanValue]] = ((), (), ())
        self._chosen: Mapping[str, int] = {}
        self._kept: dict[str, tuple[SpanValue, int, SpanItem]] = {}
        self._given: tuple[SpanItem, ...] = ()

    def items(
        self,
        annotations: Annotations,
        chosen: Mapping[str, int],
        *,
        id_of: Callable[[SpanValue], str],
        make: Callable[[SpanValue], SpanItem],
    ) -> tuple[SpanItem, ...]:
        """Give the items of all spans, decided, undecided and rejected; makes those of which nothing is kept."""
        rows: Sequence[Sequence[SpanValue]] = (
            annotations.spans,
            annotations.undecided,
            annotations.rejections,
        )
        gone_values, new_values = _changed(self._rows, rows)
        gone = {id_of(value) for value in gone_values if _is_of_span(value)}
        new = {id_of(value): value for value in new_values if _is_of_span(value)}
        for item_id in self._chosen.keys() | chosen.keys():
            if self._chosen.get(item_id) != chosen.get(item_id) and item_id in self._kept:
                new.setdefault(item_id, self._kept[item_id][0])
        self._rows, self._chosen = rows, dict(chosen)
        removed = [self._kept.pop(item_id)[2] for item_id in gone - new.keys()]
        added = []
        for item_id, value in new.items():
            shown = chosen.get(item_id, 0) % len(value.candidates) if isinstance(value, Readings) else 0
            known = self._kept.get(item_id)
            if known is not None and known[:2] == (value, shown):
                self._kept[item_id] = value, shown, known[2]
                continue
            if known is not None:
                removed.append(known[2])
            item = make(value)
            added.append(item)
            self._kept[item_id] = value, shown, item
        return self._put(removed, added)

    def _put(self, removed: list[SpanItem], added: list[SpanItem]) -> tuple[SpanItem, ...]:
        before = self._given
        if not before:
            self._given = tuple(sorted(added, key=_order))
        elif removed or added:
            self._given = tuple(rejoined(before, cuts_in(before, removed, added, place=_order)))
            tell_difference(before, self._given, removed, added)
        return self._given


class Ends:
    """What the relations of an article hang on: spans, the groups that readings belong to, rejected spans."""

    def __init__(self) -> None:
        self.annotations = Annotations()
        self._groups: dict[SpanKey, Readings] = {}
        self._rejected: dict[SpanKey, Rejection] = {}
        self._at: dict[Hashable, dict[int, RelationValue]] = {}

    def follow(
        self, annotations: Annotations
    ) -> tuple[list[RelationValue], list[RelationValue], list[RelationValue]]:
        """Take over what stands now; give the relations that are gone, that are new, and that hang on other ends."""
        before, self.annotations = self.annotations, annotations
        touched = self._follow_ends(before, annotations)
        changed = _changed(_relations_in(before), _relations_in(annotations))
        gone, new = (list(filter(_is_of_relation, each)) for each in changed)
        for value in gone:
            for name in _names_of_ends(value):
                del self._at[name][id(value)]
        hanging = {key: value for name in touched for key, value in self._at.get(name, {}).items()}
        for value in new:
            for name in _names_of_ends(value):
                self._at.setdefault(name, {})[id(value)] = value
        return gone, new, list(hanging.values())

    def drawn(self, end: Span | Candidate) -> Span | Readings:
        """Give what is drawn for an end: an accepted span, or the group a reading belongs to."""
        return end if isinstance(end, Span) else self._groups[end.what]

    def named(self, end: SpanKey) -> Span | Readings | Rejection | None:
        """Give what is drawn for an end of a rejected relation, if it still is."""
        return self.annotations.accepted(end) or self._groups.get(end) or self._rejected.get(end)

    def group_of(self, what: SpanKey) -> Readings | None:
        """Give the readings of which a candidate is one, if it is left to decide."""
        return self._groups.get(what)

    def _follow_ends(self, before: Annotations, now: Annotations) -> set[Hashable]:
        """Give the row keys, and the fragments and labels, of all ends that may be others."""
        spans = chain(*differing(before.spans, now.spans))
        touched: set[Hashable] = {name for span in spans for name in (span.key, span.identity)}
        gone_groups, groups = differing(before.undecided, now.undecided)
        for group in gone_groups:
            for each in group.candidates:
                del self._groups[each.what]
                touched.add(each.what)
        for group in groups:
            for each in group.candidates:
                self._groups[each.what] = group
                touched.add(each.what)
        gone_rejections, rejections = differing(before.rejections, now.rejections)
        for rejection in gone_rejections:
            if isinstance(rejection.what, SpanKey):
                self._rejected.pop(rejection.what, None)
                touched.add(rejection.what)
        for rejection in rejections:
            if isinstance(rejection.what, SpanKey):
                self._rejected[rejection.what] = rejection
                touched.add(rejection.what)
        return touched


class RelationMemory:
    """The items of relations."""

    def __init__(self) -> None:
        self.ends = Ends()
        # By the identity of the value, which is kept as well; None is not drawn.
        self._values: dict[int, RelationValue] = {}
        self._items: dict[int, RelationItem | None] = {}
        self._given: tuple[RelationItem, ...] = ()

    def items(
        self, annotations: Annotations, make: Callable[[RelationValue], RelationItem | None]
    ) -> tuple[RelationItem, ...]:
        """Give the items of all relations, accepted ones first; makes those of which nothing is kept."""
        gone, new, hanging = self.ends.follow(annotations)
        before = [self._items.pop(id(value), None) for value in (*gone, *hanging)]
        for value in gone:
            del self._values[id(value)]
        made = {id(value): make(value) for value in (*new, *hanging)}
        self._values.update((id(value), value) for value in new)
        self._items.update(made)
        removed, added = ([item for item in items if item is not None] for items in (before, made.values()))
        if removed or added:
            old, drawn = self._given, map(self._items.get, map(id, chain(*_relations_in(annotations))))
            self._given = tuple(item for item in drawn if item is not None)
            tell_difference(old, self._given, removed, added)
        return self._given


def _relations_in(annotations: Annotations) -> Sequence[Sequence[RelationValue]]:
    return annotations.relations, annotations.undecided_relations, annotations.rejections


def _changed(before: Sequence[Sequence[V]], now: Sequence[Sequence[V]]) -> tuple[list[V], list[V]]:
    """Give what of some rows of values is gone and what is new."""
    gone: list[V] = []
    new: list[V] = []
    for old_row, new_row in zip(before, now, strict=True):
        old_part, new_part = differing(old_row, new_row)
        gone += old_part
        new += new_part
    return gone, new


def _order(item: SpanItem) -> tuple[object, str]:
    return item.fragments, item.id


def _is_of_span(value: SpanValue) -> bool:
    return not isinstance(value, Rejection) or isinstance(value.what, SpanKey)


def _is_of_relation(value: RelationValue) -> bool:
    return not isinstance(value, Rejection) or isinstance(value.what, RelationKey)


def _names_of_ends(value: RelationValue) -> set[Hashable]:
    match value:
        case Relation():
            return {value.head, value.child}
        case RelationToDecide():
            return {end.key if isinstance(end, Span) else end.what for end in (value.head, value.child)}
        case Rejection(what=RelationKey() as what):
            return {what.head, what.child}
    return set()
