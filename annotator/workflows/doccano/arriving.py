"""Brings documents of a server into the project, and changes of them: commands and an import, which undo takes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from annotator.editing.commands import TakenDocument, TakenSpan
from annotator.model.annotation import Fragment, How, Kind, RelationKey, SpanKey
from annotator.model.document import State
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.sync.content import Content, Place, Tie
from annotator.sync.deciding import Pair
from annotator.sync.labels import Labels
from annotator.sync.mapping import ATTRIBUTES, CATEGORIES, There, metadata_of, tie_of
from annotator.sync.remote import RemoteSpan
from annotator.workflows.doccano.facts import Facts
from annotator.workflows.doccano.links import source_of


def taken_over(pair: Pair, target: Content, labels: Labels, *, by: Mapping[int, str]) -> TakenDocument:
    """Give what changes here so that a document becomes `target`; `by` names makers by number."""
    now = pair.here.content
    added, gone = target.spans - now.spans, now.spans - target.spans
    instead = _replaced(added, gone)
    spans = tuple(
        TakenSpan(
            (Fragment(place.start, place.end),),
            labels.here(Kind.SPAN, place.label),
            _maker(pair.there, place, by),
            pair.here.spans[instead[place]].key if place in instead else 0,
        )
        for place in sorted(added)
    )
    moved = {old: new for new, old in instead.items()}
    without, coming = _relations(pair, target, labels, moved)
    values: dict[str, Any] = {}
    if target.values.note != now.values.note:
        values["note"] = target.values.note
    if target.values.confirmed != now.values.confirmed:
        values["done"] = target.values.confirmed
    if target.values.metadata != now.values.metadata:
        values["metadata"] = metadata_of(pair.there.document)
    if target.values.categories != now.values.categories:
        values["attributes"] = with_categories(pair.here.document.attributes, pair.there.document.categories)
    return TakenDocument(
        document=pair.here.document.key,
        spans=spans,
        relations=tuple(_key(tie, labels) for tie in sorted(coming)),
        without_spans=tuple(pair.here.spans[place].key for place in sorted(gone) if place not in moved),
        without_relations=without,
        **values,
    )


def _replaced(added: frozenset[Place], gone: frozenset[Place]) -> dict[Place, Place]:
    """Give for spans that come the one they take the place of: at the same extent first, else one they meet."""
    left, found = set(gone), {}
    for alike in (True, False):
        for place in sorted(added):
            if place in found:
                continue
            fits = sorted(
                old
                for old in left
                if ((old.start, old.end) == (place.start, place.end) if alike else old.meets(place))
            )
            if fits:
                found[place] = fits[0]
                left.discard(fits[0])
    return found


def _relations(
    pair: Pair, target: Content, labels: Labels, moved: Mapping[Place, Place]
) -> tuple[tuple[int, ...], set[Tie]]:
    """Give the rows of relations that go, and the relations that come; those of a moved span go along with it."""
    now = pair.here.content.relations
    coming = set(target.relations - now)
    gone = []
    for tie in sorted(now - target.relations):
        after = tie_of(labels, moved.get(tie.head, tie.head), moved.get(tie.child, tie.child), tie.label)
        if after != tie and after in coming:
            coming.discard(after)
        else:
            gone.append(pair.here.relations[tie].key)
    return tuple(gone), coming


def _key(tie: Tie, labels: Labels) -> RelationKey:
    head, child = (
        SpanKey((Fragment(end.start, end.end),), labels.here(Kind.SPAN, end.label))
        for end in (tie.head, tie.child)
    )
    return RelationKey(head, child, labels.here(Kind.RELATION, tie.label))


def _maker(there: There, place: Place, names: Mapping[int, str]) -> str:
    users = [each.user for each in there.spans.get(place, ()) if each.user]
    return names.get(users[0], "") if users else ""


def with_categories(attributes: Mapping[str, Any], categories: Sequence[str]) -> dict[str, Any]:
    """Give attributes of a document with its categories in doccano."""
    own = attributes.get(ATTRIBUTES)
    kept = {**(own if isinstance(own, Mapping) else {}), CATEGORIES: sorted(categories)}
    return {**attributes, ATTRIBUTES: kept}


def needs_types(content: Content, labels: Labels, known: frozenset[tuple[Kind, str]]) -> str:
    """Name a type that a content needs and the schema lacks; empty where it has all."""
    for item in content.items:
        kind = Kind.SPAN if isinstance(item, Place) else Kind.RELATION
        if (kind, labels.here(kind, item.label)) not in known:
            return item.label
    return ""


def records_of(facts: Facts, documents: Sequence[There], labels: Labels, *, by: str) -> Iterator[Record]:
    """Make the records of documents that are new here; `by` made what nothing else is known of."""
    for there in documents:
        yield _record(facts, there, labels, by=by)


def _record(facts: Facts, there: There, labels: Labels, *, by: str) -> Record:
    makers = _makers(facts.makers.get(there.document.id, ()), facts.users)
    places = sorted(there.content.spans)
    index = {place: number for number, place in enumerate(places)}
    spans = tuple(
        RecordSpan(
            fragments=(Fragment(place.start, place.end),),
            label=labels.here(Kind.SPAN, place.label),
            annotator=_made_by(there, place, makers) or by,
            how=How.IMPORTED,
        )
        for place in places
    )
    relations = tuple(
        RecordRelation(
            head=index[tie.head],
            child=index[tie.child],
            label=labels.here(Kind.RELATION, tie.label),
            annotator=by,
            how=How.IMPORTED,
        )
        for tie in sorted(there.content.relations)
    )
    values = there.content.values
    return Record(
        text=there.document.text,
        source=source_of(facts.system, there.document.id),
        state=State.DONE if values.confirmed else None,
        note=values.note,
        spans=spans,
        relations=relations,
        metadata=metadata_of(there.document),
        attributes=with_categories({}, there.document.categories) if there.document.categories else {},
    )


def _makers(spans: Iterable[RemoteSpan], names: Mapping[int, str]) -> dict[tuple[int, int, str], str]:
    return {(each.start, each.end, each.label): names.get(each.user, "") for each in spans}


def _made_by(there: There, place: Place, makers: Mapping[tuple[int, int, str], str]) -> str:
    found = there.spans.get(place, ())
    return makers.get((found[0].start, found[0].end, found[0].label), "") if found else ""
