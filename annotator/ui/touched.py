"""What an act touched in a document, as the window goes to it: things by item id, else places. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from annotator.model.annotation import Fragments, Rejection, Relation, Span, SpanKey
from annotator.model.article import Annotations
from annotator.model.change import ChangeSet
from annotator.ui.models.article_items import id_of
from annotator.ui.selection import Things


def items_of(changes: ChangeSet, things: Things) -> Iterator[str]:
    """Name what acted, the most telling first: rows that are there again, then candidates that are."""
    rows = [change for change in changes.changes if isinstance(change.row, Span | Relation | Rejection)]
    for change in rows:
        if isinstance(change.after, Span | Relation):
            yield id_of(change.after)
    for change in rows:
        if change.after is None:
            yield _candidate_of(change.row, things)


def places_of(
    changes: ChangeSet, document: int | None, annotations: Annotations
) -> Iterator[list[Fragments]]:
    """Give for each row of a document that has any the stretches it stood in: its own, or those of its ends."""
    rows = [each.row for each in changes.changes if getattr(each.row, "document", None) == document]
    spans = {row.key: row.fragments for row in rows if isinstance(row, Span)}
    return (places for row in rows if (places := _places_of(row, spans, annotations)))


def _places_of(row: object, spans: Mapping[int, Fragments], annotations: Annotations) -> list[Fragments]:
    match row:
        case Span():
            return [row.fragments]
        case Rejection():
            what = row.what
            return (
                [what.fragments] if isinstance(what, SpanKey) else [what.head.fragments, what.child.fragments]
            )
        case Relation():
            ends = [(spans.get(key), annotations.span(key)) for key in (row.head, row.child)]
            return [gone or (here.fragments if here else ()) for gone, here in ends if gone or here]
    return []


def _candidate_of(row: object, things: Things) -> str:
    if isinstance(row, Span):
        return things.of_key(row.identity)
    if isinstance(row, Rejection):
        return things.of_key(row.what)
    if isinstance(row, Relation):
        for each in things.annotations.undecided_relations:
            keys = [end.key for end in (each.head, each.child) if isinstance(end, Span)]
            if each.candidate.label == row.label and (not keys or set(keys) & {row.head, row.child}):
                return things.of_key(each.candidate.what)
    return ""
