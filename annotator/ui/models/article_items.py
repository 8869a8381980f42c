"""Names everything in an article by a stable id and makes the items that the article view draws.

Without Qt: plain values in, plain values out. By an id the article view, the panels and the controller mean
the same thing; what it stands for is looked up here (`value_of`), and the order of deciding is made here.

    s12                          the accepted span of row 12
    c:680-707:ROLE               a span to decide, named by its best reading, whichever reading is shown
    r7                           the accepted relation of row 7
    q:680-707:ROLE:708-718:PERSON:HOLDS_ROLE    a relation to decide: head, child, type
    x3                           the rejection of row 3
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping

from annotator.model.annotation import (
    Fragments,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
)
from annotator.model.article import Annotations, Readings, RelationToDecide, reading_place
from annotator.model.candidate import DOUBTFUL, Candidate
from annotator.model.document import Tokens
from annotator.model.rules import is_learnable
from annotator.model.schema import Schema
from annotator.ui.canvas.items import RelationItem, SpanItem
from annotator.ui.models.article_words import (
    decided_words,
    is_symmetric,
    proposal_words,
    rejected_words,
    relation_tooltip,
    score_words,
    span_tooltip,
    suggester_words,
)
from annotator.ui.models.item_memory import Ends, ItemMemory, RelationValue, SpanValue

Value = Span | Readings | Relation | RelationToDecide | Rejection
"""What an id can stand for."""

DecidePlace = tuple[int, int, tuple[tuple[int, int], ...], str]
"""Start, whether it is a relation, what tells it from others that start there, label."""

_CANDIDATE = re.compile(r"c:(\d+)-")
_NONE_CHOSEN: Mapping[str, int] = {}


def id_of(value: Value) -> str:
    """Give the stable id of a span, a span to decide, a relation, a relation to decide or a rejection."""
    match value:
        case Span():
            return f"s{value.key}"
        case Relation():
            return f"r{value.key}"
        case Rejection():
            return f"x{value.key}"
        case Readings():
            return candidate_id(value.best.what)
        case RelationToDecide():
            return relation_candidate_id(value.candidate.what)


def candidate_id(best: SpanKey) -> str:
    """Give the id of a span to decide from the key of its best reading."""
    return f"c:{fragments_text(best.fragments)}:{best.label}"


def relation_candidate_id(what: RelationKey) -> str:
    """Give the id of a relation to decide from its key."""
    ends = (f"{fragments_text(end.fragments)}:{_escaped(end.label)}" for end in (what.head, what.child))
    return f"q:{':'.join(ends)}:{what.label}"


def fragments_text(fragments: Fragments) -> str:
    """Write fragments as in ids: `680-707`, or `680-690,702-707`."""
    return ",".join(f"{start}-{end}" for start, end in fragments)


def value_of(annotations: Annotations, item_id: str) -> Value | None:
    """Give what an id stands for, or None when it is gone."""
    if item_id[:1] == "s" and item_id[1:].isdecimal():
        return annotations.span(int(item_id[1:]))
    values: Iterable[Value] = _values(annotations)
    if match := _CANDIDATE.match(item_id):
        start, groups = int(match[1]), annotations.undecided
        first = bisect_left(groups, start, key=_drawn_start)
        values = groups[first : bisect_right(groups, start, key=_drawn_start)]
    return next((value for value in values if id_of(value) == item_id), None)


def chosen_reading(readings: Readings, chosen: Mapping[str, int] = _NONE_CHOSEN) -> Candidate:
    """Give the reading that is shown: the one a person stepped to, else the best."""
    index = chosen.get(id_of(readings), 0)
    return readings.candidates[index % len(readings.candidates)]


def span_items(
    annotations: Annotations,
    schema: Schema,
    tokens: Tokens,
    text: str,
    readings_chosen: Mapping[str, int] = _NONE_CHOSEN,
    *,
    memory: ItemMemory | None = None,
) -> tuple[SpanItem, ...]:
    """Make the items of all spans, decided, undecided and rejected, in reading order.

    Args:
        readings_chosen: by id, which reading of a span to decide is shown (0 is the best).
        memory: kept by the caller for as long as the document is open; makes the next call quick.
    """

    def make(value: SpanValue) -> SpanItem:
        match value:
            case Span():
                return _accepted_item(value, schema, tokens, text)
            case Readings():
                shown = readings_chosen.get(id_of(value), 0) % len(value.candidates)
                return _candidate_item(value, shown, schema, tokens, text)
            case Rejection(what=SpanKey() as what):
                return _rejected_item(value, what, schema, tokens, text)
        raise TypeError(value)

    memory = memory if memory is not None else ItemMemory()
    memory.stand_on(schema, tokens, text)
    return memory.spans.items(annotations, readings_chosen, id_of=id_of, make=make)


def relation_items(
    annotations: Annotations, schema: Schema, tokens: Tokens, text: str, *, memory: ItemMemory | None = None
) -> tuple[RelationItem, ...]:
    """Make the items of all relations whose ends are there, accepted ones first, each in reading order.

    A relation between two readings of one span to decide has no two ends to be drawn between; it is left out
    here and in `decide_place`, and goes when that span is decided. `memory` as in `span_items`.
    """
    memory = memory if memory is not None else ItemMemory()
    memory.stand_on(schema, tokens, text)
    ends = memory.relations.ends

    def make(value: RelationValue) -> RelationItem | None:
        match value:
            case Relation():
                return _accepted_relation(value, annotations, schema, text)
            case RelationToDecide():
                head, child = (id_of(ends.drawn(end)) for end in (value.head, value.child))
                return None if head == child else _candidate_relation(value, head, child, schema, text)
            case Rejection(what=RelationKey() as what):
                return _rejected_relation(value, what, ends, schema, text)
        raise TypeError(value)

    return memory.relations.items(annotations, make)


def relation_ends(annotations: Annotations, value: Relation | RelationToDecide) -> tuple[str, str]:
    """Give the ids of the spans at both ends of a relation: head, child."""
    if isinstance(value, Relation):
        return f"s{value.head}", f"s{value.child}"
    head, child = (_id_of_end(end, annotations) for end in (value.head, value.child))
    return head, child


def _id_of_end(end: Span | Candidate, annotations: Annotations) -> str:
    if isinstance(end, Span):
        return id_of(end)
    group = annotations.group_of(end.what)
    return candidate_id(end.what) if group is None else id_of(group)


def relations_at(annotations: Annotations, item_id: str) -> tuple[Relation | RelationToDecide, ...]:
    """List the relations, accepted ones first, that have a span at one of their ends."""
    value = value_of(annotations, item_id)
    if isinstance(value, Span):
        key = value.key
        return (
            *(each for each in annotations.relations if key in (each.head, each.child)),
            *(each for each in annotations.undecided_relations if each.head is value or each.child is value),
        )
    if not isinstance(value, Readings):
        return ()
    found = [
        each
        for candidate in value.candidates
        for each in annotations.undecided_relations
        if each.head is candidate or each.child is candidate
    ]
    # Between two readings of one span nothing is drawn; such a one is found twice.
    return tuple(sorted((each for each in found if found.count(each) == 1), key=reading_place))


def decide_place(value: Readings | RelationToDecide, ends: Ends) -> DecidePlace | None:
    """Give the place of something undecided in the order of deciding; None for what is left out there."""
    if isinstance(value, Readings):
        best = value.best.what
        return best.fragments[0].start, 0, best.fragments, best.label
    head, child = ends.drawn(value.head), ends.drawn(value.child)
    if head is child:
        return None
    earlier, later = sorted(_drawn_start(each) for each in (head, child))
    return later, 1, ((earlier, earlier),), value.candidate.label


def _drawn_start(value: Span | Readings) -> int:
    return (value if isinstance(value, Span) else value.best).fragments[0].start


def is_illegal(relation: Relation, annotations: Annotations, schema: Schema) -> bool:
    """Tell whether an accepted relation does not fit the schema."""
    kind = schema.relation(relation.label)
    head, child = annotations.span(relation.head), annotations.span(relation.child)
    if kind is None or head is None or child is None:
        return True
    return not kind.allows(head=head.label, child=child.label)


def relation_words(label: str, schema: Schema) -> str:
    """Give the words of a relation type as they stand on arcs: its shown name, or small with spaces."""
    kind = schema.relation(label)
    return kind.shown if kind is not None and kind.shown else label.replace("_", " ").lower()


def label_words(label: str, schema: Schema) -> str:
    """Give the words of an entity type as they stand on tags and chips."""
    kind = schema.entity(label)
    return kind.shown if kind is not None and kind.shown else label


def label_color(label: str, schema: Schema) -> str:
    """Give the hue of an entity type; one that the schema lacks is neutral."""
    kind = schema.entity(label)
    return kind.color if kind is not None else "slate"


def _values(annotations: Annotations) -> Iterator[Value]:
    yield from annotations.spans
    yield from annotations.undecided
    yield from annotations.relations
    yield from annotations.undecided_relations
    yield from annotations.rejections


def _escaped(label: str) -> str:
    """Keep the colons of a label from being read as those between the parts of an id."""
    return label.replace("%", "%25").replace(":", "%3A")


def _accepted_item(span: Span, schema: Schema, tokens: Tokens, text: str) -> SpanItem:
    learnable = is_learnable(tokens, span.fragments)
    told = [decided_words(span.provenance)]
    if span.provenance.suggesters:
        told.append(f"proposed by {suggester_words(span.provenance)}")
    if span.note:
        told.append(f"Note: {span.note}")
    return SpanItem(
        id=f"s{span.key}",
        fragments=span.fragments,
        label=span.label,
        shown=label_words(span.label, schema),
        color=label_color(span.label, schema),
        learnable=learnable,
        noted=bool(span.note),
        flagged=span.flagged,
        tooltip=span_tooltip(span.identity, schema, text, told, learnable=learnable),
    )


def _candidate_item(readings: Readings, shown: int, schema: Schema, tokens: Tokens, text: str) -> SpanItem:
    reading = readings.candidates[shown]
    learnable = is_learnable(tokens, reading.fragments)
    told = [f"candidate: {proposal_words(reading.proposals)}"]
    if len(readings.candidates) > 1:
        others = (
            f"{each.label} {score_words(each.score)}" for each in readings.candidates if each is not reading
        )
        told.append(f"other readings: {', '.join(others)}")
    return SpanItem(
        id=id_of(readings),
        fragments=reading.fragments,
        label=reading.label,
        shown=label_words(reading.label, schema),
        color=label_color(reading.label, schema),
        state="candidate",
        doubtful=reading.score < DOUBTFUL,
        learnable=learnable,
        score=reading.score,
        readings=len(readings.candidates),
        other_labels=tuple(each.label for each in readings.candidates if each is not reading),
        tooltip=span_tooltip(reading.what, schema, text, told, learnable=learnable),
    )


def _rejected_item(
    rejection: Rejection, what: SpanKey, schema: Schema, tokens: Tokens, text: str
) -> SpanItem:
    learnable = is_learnable(tokens, what.fragments)
    told = [rejected_words(rejection)]
    return SpanItem(
        id=id_of(rejection),
        fragments=what.fragments,
        label=what.label,
        shown=label_words(what.label, schema),
        color=label_color(what.label, schema),
        state="rejected",
        learnable=learnable,
        score=rejection.provenance.score,
        tooltip=span_tooltip(what, schema, text, told, learnable=learnable),
    )


def _accepted_relation(
    relation: Relation, annotations: Annotations, schema: Schema, text: str
) -> RelationItem | None:
    head, child = annotations.span(relation.head), annotations.span(relation.child)
    if head is None or child is None:
        return None
    illegal = is_illegal(relation, annotations, schema)
    told = [decided_words(relation.provenance)]
    if relation.provenance.suggesters:
        told.append(f"proposed by {suggester_words(relation.provenance)}")
    if illegal:
        told.append("It does not fit the schema.")
    if relation.note:
        told.append(f"Note: {relation.note}")
    what = RelationKey(head.identity, child.identity, relation.label)
    return RelationItem(
        id=id_of(relation),
        head=id_of(head),
        child=id_of(child),
        label=relation.label,
        shown=relation_words(relation.label, schema),
        symmetric=is_symmetric(relation.label, schema),
        illegal=illegal,
        tooltip=relation_tooltip(what, schema, text, told),
    )


def _candidate_relation(
    each: RelationToDecide, head: str, child: str, schema: Schema, text: str
) -> RelationItem:
    label = each.candidate.label
    told = [f"candidate: {proposal_words(each.candidate.proposals)}"]
    return RelationItem(
        id=id_of(each),
        head=head,
        child=child,
        label=label,
        shown=relation_words(label, schema),
        symmetric=is_symmetric(label, schema),
        state="candidate",
        score=each.candidate.score,
        tooltip=relation_tooltip(each.candidate.what, schema, text, told),
    )


def _rejected_relation(
    rejection: Rejection, what: RelationKey, ends: Ends, schema: Schema, text: str
) -> RelationItem | None:
    head, child = ends.named(what.head), ends.named(what.child)
    if head is None or child is None:
        return None
    return RelationItem(
        id=id_of(rejection),
        head=id_of(head),
        child=id_of(child),
        label=what.label,
        shown=relation_words(what.label, schema),
        symmetric=is_symmetric(what.label, schema),
        state="rejected",
        score=rejection.provenance.score,
        tooltip=relation_tooltip(what, schema, text, [rejected_words(rejection)]),
    )
