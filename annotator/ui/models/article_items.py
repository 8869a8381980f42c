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

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from annotator.model.annotation import (
    Fragments,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
)
from annotator.model.article import Annotations, Readings, RelationToDecide
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

Value = Span | Readings | Relation | RelationToDecide | Rejection
"""What an id can stand for."""

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


def values_by_id(annotations: Annotations) -> dict[str, Value]:
    """Give everything in an article, decided or not, by its id."""
    return {id_of(value): value for value in _values(annotations)}


def value_of(annotations: Annotations, item_id: str) -> Value | None:
    """Give what an id stands for, or None when it is gone."""
    if item_id[:1] == "s" and item_id[1:].isdecimal():
        return annotations.span(int(item_id[1:]))
    return next((value for value in _values(annotations) if id_of(value) == item_id), None)


def chosen_reading(readings: Readings, chosen: Mapping[str, int] = _NONE_CHOSEN) -> Candidate:
    """Give the reading that is shown: the one a person stepped to, else the best."""
    index = chosen.get(id_of(readings), 0)
    return readings.candidates[index % len(readings.candidates)]


class ItemMemory:
    """Keeps the items of one document between two calls of `span_items`: only what changed is made anew.

    A row of one key and version is the same row; a candidate is the same while its proposals are. Another
    schema, text or tokenizer empties it.
    """

    def __init__(self) -> None:
        self._ground: tuple[object, ...] = ()
        self._kept: dict[str, tuple[object, SpanItem]] = {}
        self._next: dict[str, tuple[object, SpanItem]] = {}

    def begin(self, *ground: object) -> None:
        """Start a round; what stood on other ground is forgotten."""
        if len(ground) != len(self._ground) or any(
            one is not other and one != other for one, other in zip(ground, self._ground, strict=True)
        ):
            self._kept = {}
        self._ground = ground
        self._next = {}

    def item(self, item_id: str, state: object, make: Callable[[], SpanItem]) -> SpanItem:
        """Give the item of an id as it was for an equal state, else make it."""
        known = self._kept.get(item_id)
        item = known[1] if known is not None and known[0] == state else make()
        self._next[item_id] = (state, item)
        return item

    def end(self) -> None:
        """Forget what this round had no use for."""
        self._kept, self._next = self._next, {}


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
    memory = memory if memory is not None else ItemMemory()
    memory.begin(schema, tokens, text)
    found = [
        memory.item(f"s{span.key}", span.version, partial(_accepted_item, span, schema, tokens, text))
        for span in annotations.spans
    ]
    for readings in annotations.undecided:
        item_id = id_of(readings)
        shown = readings_chosen.get(item_id, 0) % len(readings.candidates)
        make = partial(_candidate_item, readings, shown, schema, tokens, text)
        found.append(memory.item(item_id, (shown, readings), make))
    for each in annotations.rejections:
        if isinstance(each.what, SpanKey):
            make = partial(_rejected_item, each, each.what, schema, tokens, text)
            found.append(memory.item(f"x{each.key}", each.version, make))
    memory.end()
    return tuple(sorted(found, key=lambda item: (item.fragments, item.id)))


def relation_items(annotations: Annotations, schema: Schema, text: str) -> tuple[RelationItem, ...]:
    """Make the items of all relations whose ends are there, accepted ones first, each in reading order.

    A relation between two readings of one span to decide has no two ends to be drawn between; it is left out
    here and in `decide_order`, and goes when that span is decided.
    """
    ends = _Ends(annotations)
    found = [_accepted_relation(each, annotations, schema, text) for each in annotations.relations]
    for each in annotations.undecided_relations:
        head, child = ends.item(each.head), ends.item(each.child)
        if head != child:
            found.append(_candidate_relation(each, head, child, schema, text))
    found += [
        _rejected_relation(rejection, rejection.what, ends, schema, text)
        for rejection in annotations.rejections
        if isinstance(rejection.what, RelationKey)
    ]
    return tuple(item for item in found if item is not None)


def relation_ends(annotations: Annotations, value: Relation | RelationToDecide) -> tuple[str, str]:
    """Give the ids of the spans at both ends of a relation: head, child."""
    if isinstance(value, Relation):
        return f"s{value.head}", f"s{value.child}"
    ends = _Ends(annotations)
    return ends.item(value.head), ends.item(value.child)


def relations_at(annotations: Annotations, item_id: str) -> tuple[Relation | RelationToDecide, ...]:
    """List the relations, accepted ones first, that have a span at one of their ends."""
    ends = _Ends(annotations)
    found: list[Relation | RelationToDecide] = [
        each for each in annotations.relations if item_id in (f"s{each.head}", f"s{each.child}")
    ]
    for each in annotations.undecided_relations:
        head, child = ends.item(each.head), ends.item(each.child)
        if head != child and item_id in (head, child):
            found.append(each)
    return tuple(found)


def decide_order(annotations: Annotations) -> list[str]:
    """List the ids of what is left to decide in reading order: a relation right after its later end."""
    ends = _Ends(annotations)
    places: list[tuple[tuple[int, int, int, str], str]] = [
        ((readings.best.fragments[0].start, 0, number, ""), id_of(readings))
        for number, readings in enumerate(annotations.undecided)
    ]
    for each in annotations.undecided_relations:
        if ends.item(each.head) == ends.item(each.child):
            continue
        earlier, later = sorted((ends.start(each.head), ends.start(each.child)))
        places.append(((later, 1, earlier, each.candidate.label), id_of(each)))
    return [item_id for _, item_id in sorted(places)]


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


class _Ends:
    """Finds what is drawn for an end of a relation: an accepted span, or the group a reading belongs to."""

    def __init__(self, annotations: Annotations) -> None:
        self._groups: dict[SpanKey, Readings] = {
            each.what: readings for readings in annotations.undecided for each in readings.candidates
        }
        self._accepted: dict[SpanKey, Span] = {}
        self._rejected: dict[SpanKey, Rejection] = {}
        if any(isinstance(each.what, RelationKey) for each in annotations.rejections):
            self._accepted = {span.identity: span for span in annotations.spans}
            self._rejected = {
                each.what: each for each in annotations.rejections if isinstance(each.what, SpanKey)
            }

    def item(self, end: Span | Candidate) -> str:
        """Give the id under which an end is drawn."""
        return id_of(end) if isinstance(end, Span) else id_of(self._groups[end.what])

    def start(self, end: Span | Candidate) -> int:
        """Give the first code point of what is drawn for an end."""
        fragments = end.fragments if isinstance(end, Span) else self._groups[end.what].best.fragments
        return fragments[0].start

    def named(self, end: SpanKey) -> str | None:
        """Give the id under which a span of a rejected relation is drawn, if it still is."""
        value = self._accepted.get(end) or self._groups.get(end) or self._rejected.get(end)
        return None if value is None else id_of(value)


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
    rejection: Rejection, what: RelationKey, ends: _Ends, schema: Schema, text: str
) -> RelationItem | None:
    head, child = ends.named(what.head), ends.named(what.child)
    if head is None or child is None:
        return None
    return RelationItem(
        id=id_of(rejection),
        head=head,
        child=child,
        label=what.label,
        shown=relation_words(what.label, schema),
        symmetric=is_symmetric(what.label, schema),
        state="rejected",
        score=rejection.provenance.score,
        tooltip=relation_tooltip(what, schema, text, [rejected_words(rejection)]),
    )
