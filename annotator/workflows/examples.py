"""Finds in a project what an example of a loss speaks of."""

from __future__ import annotations

from collections.abc import Callable

from annotator.model.annotation import Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.article import Annotations
from annotator.model.record import Example
from annotator.workflows.session import Session


def place_of(session: Session, example: Example) -> tuple[int, Span | Relation | Rejection | None] | None:
    """Give the row key of the document, and what the example names in it; None where the document is gone.

    What was mended since is not found, and then the document alone is given.
    """
    key = session.key_of(example.id) if example.id else None
    if key is None:
        return None
    return key, _named(session.annotations(key), example)


def _named(annotations: Annotations, example: Example) -> Span | Relation | Rejection | None:
    if len(example.places) == 1:
        wanted = SpanKey(example.places[0], example.label)
        for span in annotations.spans:
            if SpanKey(span.fragments, span.label) == wanted:
                return span
        return _rejected(annotations, lambda what: what == wanted)
    if len(example.places) == 2:
        spans = {span.key: span for span in annotations.spans}
        for relation in annotations.relations:
            ends = (spans[relation.head].fragments, spans[relation.child].fragments)
            if relation.label == example.label and ends == example.places:
                return relation
        return _rejected(
            annotations,
            lambda what: (
                isinstance(what, RelationKey)
                and (what.label, what.head.fragments, what.child.fragments)
                == (example.label, *example.places)
            ),
        )
    return None


def _rejected(annotations: Annotations, is_it: Callable[[SpanKey | RelationKey], bool]) -> Rejection | None:
    return next((each for each in annotations.rejections if is_it(each.what)), None)
