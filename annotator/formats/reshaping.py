"""Gives records other spans in place of their own, as without blanks at their ends; what is the same becomes one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from annotator.formats.base import is_candidate
from annotator.model.annotation import fragments_of
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.rules import trimmed

Lose = Callable[[RecordSpan | RecordRelation], None]


def without_blank_edges(record: Record, lose: Lose, lose_relation: Lose) -> Record:
    """Take blanks off the ends of spans of one piece, as readers do; one of blanks alone goes."""
    text = record.text
    if not any(_has_blank_edge(each, text) for each in record.spans):  # as nearly always
        return record
    spans = [_trimmed(each, text) if _has_blank_edge(each, text) else each for each in record.spans]
    return with_spans(record, spans, lose, lose_relation)


def with_spans(record: Record, spans: Sequence[RecordSpan | None], lose: Lose, lose_relation: Lose) -> Record:
    """Give a record with a span, or none, for each of its own; of those that are the same the first one stays.

    Relations follow the one that stays.

    Args:
        lose: is told of each span that is another now, or gone. lose_relation: of each relation that has lost an end,
            would join a span with itself, or is there already.
    """
    at: dict[object, int] = {}
    places: list[int | None] = []
    kept: list[RecordSpan] = []
    for before, span in zip(record.spans, spans, strict=True):
        if span is None:
            lose(before)
            places.append(None)
            continue
        told = (span.identity, span.rejected, span.suggester if is_candidate(span) else None)
        if before.fragments != span.fragments or told in at:
            lose(before)
        if told not in at:
            at[told] = len(kept)
            kept.append(span)
        places.append(at[told])
    if len(kept) == len(spans):
        return dataclasses.replace(record, spans=tuple(kept))
    relations: dict[tuple[int, int, str], RecordRelation] = {}
    for each in record.relations:
        head, child = places[each.head], places[each.child]
        if head is None or child is None or head == child or (head, child, each.label) in relations:
            lose_relation(each)
        else:
            relations[head, child, each.label] = dataclasses.replace(each, head=head, child=child)
    return dataclasses.replace(record, spans=tuple(kept), relations=tuple(relations.values()))


def _has_blank_edge(span: RecordSpan, text: str) -> bool:
    fragments = span.fragments
    if len(fragments) > 1:
        return False
    start, end = fragments[0]
    return text[start].isspace() or text[end - 1].isspace()


def _trimmed(span: RecordSpan, text: str) -> RecordSpan | None:
    start, end = trimmed(text, *span.fragments[0])
    return dataclasses.replace(span, fragments=fragments_of((start, end))) if start < end else None
