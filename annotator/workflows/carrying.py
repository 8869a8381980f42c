"""Carries decisions over to another text of the same document, where the text around them did not change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotator.model.annotation import Fragment, Span, surface
from annotator.model.article import Annotations
from annotator.model.record import Record, RecordRelation, RecordSpan

CONTEXT = 20
"""Code points before and after a span that must be the same."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The record with what could be carried over, and the words of what could not."""

    record: Record
    lost: tuple[str, ...]


def carry_over(annotations: Annotations, *, old_text: str, record: Record) -> Carried:
    """Add the accepted spans and relations of the old document to a record, as far as their surroundings stand."""
    spans = list(record.spans)
    known = {span.identity: index for index, span in enumerate(spans)}
    places: dict[int, int] = {}
    lost: list[str] = []
    for span in annotations.spans:
        fragments = _found(span, old_text, record.text)
        if fragments is None:
            lost.append(f"{surface(old_text, span.fragments)} ({span.label})")
            continue
        moved = _as_record(span, fragments)
        if moved.identity not in known:
            known[moved.identity] = len(spans)
            spans.append(moved)
        places[span.key] = known[moved.identity]
    relations = list(record.relations)
    there = {(each.head, each.child, each.label) for each in relations}
    for relation in annotations.relations:
        head, child = places.get(relation.head), places.get(relation.child)
        if head is None or child is None:
            lost.append(f"a relation {relation.label}")
        elif (head, child, relation.label) not in there:
            relations.append(RecordRelation(head=head, child=child, label=relation.label, note=relation.note))
    return Carried(replace(record, spans=tuple(spans), relations=tuple(relations)), tuple(lost))


def _found(span: Span, old: str, new: str) -> tuple[Fragment, ...] | None:
    fragments = []
    for start, end in span.fragments:
        before = old[max(0, start - CONTEXT) : start]
        after = old[end : end + CONTEXT]
        needle = before + old[start:end] + after
        place = new.find(needle)
        if place < 0 or new.find(needle, place + 1) >= 0:
            return None
        moved = place + len(before)
        fragments.append(Fragment(moved, moved + end - start))
    return tuple(fragments)


def _as_record(span: Span, fragments: tuple[Fragment, ...]) -> RecordSpan:
    return RecordSpan(
        fragments=fragments,
        label=span.label,
        annotator=span.provenance.annotator,
        how=span.provenance.how,
        at=span.provenance.at,
        flagged=span.flagged,
        note=span.note,
        attributes=span.attributes,
    )
