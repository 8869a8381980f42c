"""Carries decisions over to another text of the same document, where the text around them did not change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from annotator.formats.base import is_accepted
from annotator.model.annotation import (
    Fragment,
    Fragments,
    Provenance,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
    surface,
)
from annotator.model.article import Annotations
from annotator.model.record import Record, RecordRelation, RecordSpan

CONTEXT = 20
"""Code points before and after a span that must be the same."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The record with what could be carried over, and a clause on each accepted thing that could not."""

    record: Record
    lost: tuple[str, ...]


def carry_over(annotations: Annotations, *, old_text: str, record: Record) -> Carried:
    """Add the decisions on the old document to a record, as far as their surroundings stand; the record goes first."""
    carrying = _Carrying(record, old_text)
    for span in annotations.spans:
        carrying.span(span)
    for relation in annotations.relations:
        carrying.relation(relation, annotations)
    for rejection in annotations.rejections:
        carrying.rejection(rejection)
    spans, relations = tuple(carrying.spans), tuple(carrying.relations)
    return Carried(replace(record, spans=spans, relations=relations), tuple(carrying.lost))


class _Carrying:
    """The record as it grows, and where the old spans have gone."""

    def __init__(self, record: Record, old_text: str) -> None:
        self.spans = list(record.spans)
        self.relations = list(record.relations)
        self.lost: list[str] = []
        self._old, self._new = old_text, record.text
        self._accepted = {span.identity: index for index, span in enumerate(self.spans) if is_accepted(span)}
        self._refused = {span.identity for span in self.spans if span.rejected}
        self._places: dict[int, int] = {}
        self._joined = {(each.head, each.child, each.label) for each in self.relations if is_accepted(each)}

    def span(self, span: Span) -> None:
        """Carry an accepted span over."""
        words = f"{surface(self._old, span.fragments)} ({span.label})"
        fragments = self._found(span.fragments)
        if fragments is None:
            self.lost.append(f"{words} could not be carried over: the text around it changed")
            return
        what = SpanKey(fragments, span.label)
        if what in self._refused:
            self.lost.append(f"{words} could not be carried over: the new file rejects it")
            return
        if what not in self._accepted:
            self._accepted[what] = len(self.spans)
            self.spans.append(
                RecordSpan(
                    fragments=fragments,
                    label=span.label,
                    flagged=span.flagged,
                    note=span.note,
                    attributes=span.attributes,
                    **_told(span.provenance),
                )
            )
        self._places[span.key] = self._accepted[what]

    def relation(self, relation: Relation, annotations: Annotations) -> None:
        """Carry an accepted relation over, where its ends were."""
        head, child = self._places.get(relation.head), self._places.get(relation.child)
        if head is None or child is None:
            ends = [annotations.span(key) for key in (relation.head, relation.child)]
            words = " → ".join(surface(self._old, end.fragments) for end in ends if end is not None)
            self.lost.append(f"{relation.label} ({words}) could not be carried over: it lost an end")
        elif (head, child, relation.label) not in self._joined:
            self._joined.add((head, child, relation.label))
            self.relations.append(
                RecordRelation(
                    head=head,
                    child=child,
                    label=relation.label,
                    flagged=relation.flagged,
                    note=relation.note,
                    attributes=relation.attributes,
                    **_told(relation.provenance),
                )
            )

    def rejection(self, rejection: Rejection) -> None:
        """Carry a rejection over, so that nothing is proposed again; what the new file accepts stays accepted."""
        told = _told(rejection.provenance)
        if isinstance(rejection.what, SpanKey):
            what = self._moved(rejection.what)
            if what is not None and what not in self._accepted and what not in self._refused:
                self._refused.add(what)
                self.spans.append(
                    RecordSpan(fragments=what.fragments, label=what.label, rejected=True, **told)
                )
            return
        self._relation_rejection(rejection.what, told)

    def _relation_rejection(self, rejected: RelationKey, told: dict[str, Any]) -> None:
        ends = [self._moved(end) for end in (rejected.head, rejected.child)]
        head, child = (None if end is None else self._accepted.get(end) for end in ends)
        if head is None or child is None or (head, child, rejected.label) in self._joined:
            return
        self.relations.append(
            RecordRelation(head=head, child=child, label=rejected.label, rejected=True, **told)
        )

    def _moved(self, what: SpanKey) -> SpanKey | None:
        fragments = self._found(what.fragments)
        return None if fragments is None else SpanKey(fragments, what.label)

    def _found(self, fragments: Fragments) -> Fragments | None:
        """Find the same words between the same neighbours, where they stand but once."""
        found = []
        for start, end in fragments:
            before = self._old[max(0, start - CONTEXT) : start]
            needle = before + self._old[start : end + CONTEXT]
            place = self._new.find(needle)
            if place < 0 or self._new.find(needle, place + 1) >= 0:
                return None
            moved = place + len(before)
            found.append(Fragment(moved, moved + end - start))
        return tuple(found)


def _told(provenance: Provenance) -> dict[str, Any]:
    return {"annotator": provenance.annotator, "how": provenance.how, "at": provenance.at}
