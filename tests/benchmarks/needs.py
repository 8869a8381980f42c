"""What a simulated annotator sees to do in an open document: what is proposed rightly, wrongly, and what is missing.

Pure. The annotator knows the gold, reads from the beginning to the end, and takes each candidate for what it comes
nearest to: right, another reading of it, another label, other borders, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from annotator.model.annotation import RelationKey, SpanKey, overlaps
from annotator.model.article import Annotations, Readings, RelationToDecide, identity_of
from annotator.model.schema import Schema

Place = tuple[int, int, int, str]
"""Where something stands in reading order; a relation stands behind its later end."""


class Act(Enum):
    """What is done about something."""

    ACCEPT = auto()
    READ_OTHERWISE = auto()
    RELABEL = auto()
    RESHAPE = auto()
    REJECT = auto()
    ADD = auto()
    ACCEPT_ALIKE = auto()
    REJECT_ALIKE = auto()
    TURN = auto()
    FINISH = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing to do in a document.

    Args:
        act: what. place: where it stands. proposed: the candidate it is about, None where something is missing.
        reading: which reading of it is taken. gold: what is to come of it, None where nothing is.
    """

    act: Act
    place: Place
    proposed: Readings | RelationToDecide | None = None
    reading: int = 0
    gold: SpanKey | RelationKey | None = None


@dataclass(frozen=True, slots=True)
class Gold:
    """What is truly in a document; relations run as the schema has them, those without direction in text order."""

    spans: frozenset[SpanKey]
    relations: frozenset[RelationKey] = frozenset()


def gold_of(spans: Iterable[SpanKey], relations: Iterable[RelationKey], schema: Schema) -> Gold:
    """Give the gold of a document under a schema."""
    return Gold(frozenset(spans), frozenset(directed(each, schema) for each in relations))


def directed(key: RelationKey, schema: Schema) -> RelationKey:
    """Give a relation with its ends in text order where its type has no direction."""
    kind = schema.relation(key.label)
    if kind is not None and kind.symmetric and key.child < key.head:
        return RelationKey(key.child, key.head, key.label)
    return key


def key_of(found: RelationToDecide) -> RelationKey:
    """Say what a relation candidate would join now."""
    return RelationKey(identity_of(found.head), identity_of(found.child), found.candidate.label)


def needs_of(annotations: Annotations, gold: Gold, schema: Schema) -> list[Need]:
    """List all there is to do, in reading order; nothing where the document is as the gold has it."""
    return sorted(
        (*_spans(annotations, gold), *_relations(annotations, gold, schema)), key=lambda each: each.place
    )


def place_of_span(key: SpanKey) -> Place:
    """Give the place of a span in reading order."""
    return key.fragments[0].start, 0, -key.fragments[-1].end, ""


def place_of_relation(key: RelationKey) -> Place:
    """Give the place of a relation in reading order: behind its later end."""
    first, last = sorted(end.fragments[0].start for end in (key.head, key.child))
    return last, 1, first, key.label


# --------------------------------------------------------------------------- spans


def _spans(annotations: Annotations, gold: Gold) -> Iterator[Need]:
    missing = set(gold.spans) - {span.identity for span in annotations.spans}
    wrong: list[Readings] = []
    for group in annotations.undecided:
        whats = [each.what for each in group.candidates]
        right = next((number for number, what in enumerate(whats) if what in missing), None)
        if right is None:
            wrong.append(group)
            continue
        missing.remove(whats[right])
        act = Act.READ_OTHERWISE if right else Act.ACCEPT
        yield Need(
            act=act,
            place=place_of_span(group.best.what),
            proposed=group,
            reading=right,
            gold=whats[right],
        )
    left = sorted(missing)
    for group in wrong:
        need = _mended(group, left)
        if isinstance(need.gold, SpanKey):
            left.remove(need.gold)
        yield need
    for key in left:
        yield Need(act=Act.ADD, place=place_of_span(key), gold=key)


def _mended(group: Readings, missing: Sequence[SpanKey]) -> Need:
    place = place_of_span(group.best.what)
    first = min(each.fragments[0].start for each in group.candidates)
    last = max(each.fragments[-1].end for each in group.candidates)
    near = [key for key in missing if key.fragments[0].start < last and first < key.fragments[-1].end]
    for number, each in enumerate(group.candidates):
        same = next((key for key in near if key.fragments == each.fragments), None)
        if same is not None:
            return Need(act=Act.RELABEL, place=place, proposed=group, reading=number, gold=same)
    across = [key for key in near if overlaps(key.fragments, group.best.fragments)]
    if across:
        nearest = min(across, key=lambda key: (key.label != group.best.label, _off(key, group.best.what)))
        return Need(act=Act.RESHAPE, place=place, proposed=group, gold=nearest)
    return Need(act=Act.REJECT, place=place, proposed=group)


def _off(key: SpanKey, other: SpanKey) -> int:
    (start, end), (begin, stop) = key.fragments[0], other.fragments[0]
    return abs(start - begin) + abs(end - stop)


# --------------------------------------------------------------------------- relations


def _relations(annotations: Annotations, gold: Gold, schema: Schema) -> Iterator[Need]:
    spans = {span.key: span.identity for span in annotations.spans}
    there = {
        directed(RelationKey(spans[each.head], spans[each.child], each.label), schema)
        for each in annotations.relations
    }
    missing = set(gold.relations) - there
    wrong: list[RelationToDecide] = []
    for found in annotations.undecided_relations:
        key = directed(key_of(found), schema)
        if key not in missing:
            wrong.append(found)
            continue
        missing.remove(key)
        yield Need(act=Act.ACCEPT, place=place_of_relation(key), proposed=found, gold=key)
    for found in wrong:
        need = _mended_relation(found, missing)
        if isinstance(need.gold, RelationKey):
            missing.remove(need.gold)
        yield need
    for key in missing:
        yield Need(act=Act.ADD, place=place_of_relation(key), gold=key)


def _mended_relation(found: RelationToDecide, missing: set[RelationKey]) -> Need:
    key = key_of(found)
    place = place_of_relation(key)
    between = {key.head, key.child}
    for each in sorted(missing):
        if {each.head, each.child} != between:
            continue
        is_turned = each.label == key.label
        return Need(act=Act.TURN if is_turned else Act.RELABEL, place=place, proposed=found, gold=each)
    return Need(act=Act.REJECT, place=place, proposed=found)


# --------------------------------------------------------------------------- what costs how much


WEIGHTS = {
    Act.ACCEPT: 0,
    Act.ACCEPT_ALIKE: 0,
    Act.READ_OTHERWISE: 2,
    Act.RELABEL: 2,
    Act.TURN: 2,
    Act.RESHAPE: 3,
    Act.REJECT: 2,
    Act.REJECT_ALIKE: 2,
    Act.ADD: 4,
    Act.FINISH: 1,
}
"""Actions of each act: what is right is accepted by finishing the document, what is wrong is selected and changed."""


def actions(needs: Sequence[Need]) -> int:
    """Count the actions that make the gold of what is shown, with the finishing of the document."""
    return WEIGHTS[Act.FINISH] + sum(WEIGHTS[each.act] for each in needs)
