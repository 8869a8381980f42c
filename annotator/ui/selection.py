"""What is selected in the open document, and the order in which things are gone through. No Qt.

A selection is kept by the id of an item and looked up again after every change, so that it survives what other
acts do; an id whose thing is gone is simply no selection any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from annotator.model.annotation import Fragments, Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.article import Annotations, Readings, RelationToDecide, reading_place
from annotator.model.candidate import Candidate
from annotator.ui.models.article_items import decide_order, id_of

Kind = Literal["none", "span", "candidate", "relation", "relation_candidate", "rejection", "text"]
Thing = Span | Readings | Relation | RelationToDecide | Rejection
Place = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What is selected: nothing, one thing of the document, or a stretch of text.

    Args:
        id: item id, empty for nothing and text.
        thing: the value itself. reading: which of the readings of a candidate is shown.
        fragments: of the thing or the text.
    """

    kind: Kind = "none"
    id: str = ""
    thing: Thing | None = None
    reading: int = 0
    fragments: Fragments = ()

    @property
    def span(self) -> Span | None:
        """Give the accepted span, if one is selected."""
        return self.thing if isinstance(self.thing, Span) else None

    @property
    def readings(self) -> Readings | None:
        """Give the readings of the candidate, if one is selected."""
        return self.thing if isinstance(self.thing, Readings) else None

    @property
    def candidate(self) -> Candidate | None:
        """Give the reading that is shown, if a candidate is selected."""
        found = self.readings
        return found.candidates[self.reading % len(found.candidates)] if found else None

    @property
    def relation(self) -> Relation | None:
        """Give the accepted relation, if one is selected."""
        return self.thing if isinstance(self.thing, Relation) else None

    @property
    def to_decide(self) -> RelationToDecide | None:
        """Give the candidate relation, if one is selected."""
        return self.thing if isinstance(self.thing, RelationToDecide) else None

    @property
    def rejection(self) -> Rejection | None:
        """Give the rejection, if one is selected."""
        return self.thing if isinstance(self.thing, Rejection) else None

    @property
    def label(self) -> str:
        """Give the label or relation type of what is selected; empty for text and nothing."""
        match self.thing:
            case Span() | Relation():
                return self.thing.label
            case RelationToDecide():
                return self.thing.candidate.label
            case Rejection():
                return self.thing.what.label
            case Readings():
                return self.candidate.label if self.candidate else ""
        return ""


NOTHING = Selected()


class Things:
    """Everything in a document by item id, with its place in reading order."""

    def __init__(self, annotations: Annotations) -> None:
        self.annotations = annotations
        self._by_id: dict[str, Thing] = {id_of(thing): thing for thing in _all(annotations)}
        self._ends = {span.key: span for span in annotations.spans}
        self._places = {name: self._place(thing) for name, thing in self._by_id.items()}
        self.undecided: tuple[str, ...] = tuple(decide_order(annotations))
        spans = [id_of(span) for span in annotations.spans] + [id_of(each) for each in annotations.undecided]
        self.spans: tuple[str, ...] = tuple(sorted(spans, key=self._places.__getitem__))

    @property
    def by_id(self) -> Mapping[str, Thing]:
        """Give all things by item id."""
        return self._by_id

    def get(self, name: str) -> Thing | None:
        """Give the thing of an id, or None."""
        return self._by_id.get(name)

    def place(self, name: str) -> Place | None:
        """Give the place of an id in reading order, or None."""
        return self._places.get(name)

    def of_key(self, what: SpanKey | RelationKey) -> str:
        """Give the id of the undecided thing that a key names, or of the accepted span; empty if there is none."""
        for readings in self.annotations.undecided:
            if any(each.what == what for each in readings.candidates):
                return id_of(readings)
        for each in self.annotations.undecided_relations:
            if each.candidate.what == what:
                return id_of(each)
        for span in self.annotations.spans:
            if span.identity == what:
                return id_of(span)
        return ""

    def after(self, place: Place | None, *, forward: bool = True) -> str:
        """Give the undecided id behind a place (or before it), going round at the end; empty if none is left."""
        return self._beside(self.undecided, place, forward=forward)

    def span_beside(self, place: Place | None, *, forward: bool) -> str:
        """Give the span or candidate span behind a place (or before it); empty at the end."""
        found = self._beside(self.spans, place, forward=forward)
        if place is None or not found:
            return found
        return found if (self._places[found] > place) is forward else ""

    def _beside(self, order: tuple[str, ...], place: Place | None, *, forward: bool) -> str:
        if not order:
            return ""
        if place is None:
            return order[0] if forward else order[-1]
        if forward:
            return next((name for name in order if self._places[name] > place), order[0])
        return next((name for name in reversed(order) if self._places[name] < place), order[-1])

    def fragments(self, thing: Thing) -> Fragments:
        """Give where a thing lies; a relation lies where its later end does."""
        match thing:
            case Span():
                return thing.fragments
            case Readings():
                return thing.best.fragments
            case RelationToDecide():
                return max(thing.head.fragments, thing.child.fragments)
            case Relation():
                ends = [self._ends[key].fragments for key in (thing.head, thing.child) if key in self._ends]
                return max(ends, default=())
            case Rejection():
                what = thing.what
                return (
                    what.fragments
                    if isinstance(what, SpanKey)
                    else max(what.head.fragments, what.child.fragments)
                )

    def _place(self, thing: Thing) -> Place:
        match thing:
            case RelationToDecide():
                return reading_place(thing)
            case Relation():
                ends = [self._ends[key].start for key in (thing.head, thing.child) if key in self._ends]
                starts = sorted(ends, reverse=True) or [0]
                return starts[0], 1, starts[-1], thing.label
        fragments = self.fragments(thing)
        return fragments[0].start, 0, -fragments[-1].end, ""


def place_of_offset(offset: int) -> Place:
    """Give the place in reading order of an offset in the text: before what starts there."""
    return offset, -1, 0, ""


def _all(annotations: Annotations) -> Iterator[Thing]:
    yield from annotations.spans
    yield from annotations.relations
    yield from annotations.rejections
    yield from annotations.undecided
    yield from annotations.undecided_relations
