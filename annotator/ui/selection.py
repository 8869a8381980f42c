"""What is selected in the open document, and the order in which things are gone through. No Qt.

A selection is kept by the id of an item and looked up again after every change, so that it survives what other
acts do; an id whose thing is gone is simply no selection any more.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from annotator.model.annotation import Fragments, Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.article import Annotations, Readings, RelationToDecide, reading_place
from annotator.model.candidate import Candidate
from annotator.model.differences import differing
from annotator.ui.differences import Ordered
from annotator.ui.models.article_items import DecidePlace, decide_place, id_of
from annotator.ui.models.item_memory import Ends

Kind = Literal["none", "span", "candidate", "relation", "relation_candidate", "rejection", "text"]
Thing = Span | Readings | Relation | RelationToDecide | Rejection
Place = tuple[int, int, int, str]
StandingPlace = tuple[Place, tuple[object, ...], str]
"""Place in reading order, what tells it from others there, name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What is selected: nothing, one thing of the document, or a stretch of text.

    Args:
        id: item id, empty for nothing and text.
        thing: the value itself. reading: which of the readings of a candidate is shown.
        fragments: of the thing or the text. grows: id of the span that these words are chosen for, or empty.
    """

    kind: Kind = "none"
    id: str = ""
    thing: Thing | None = None
    reading: int = 0
    fragments: Fragments = ()
    grows: str = ""

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
    """Everything in a document by item id, with its place in reading order.

    Where labels are shown alone (`only`, none: all), what is gone through is what is shown; everything is found by id.
    `hidden` counts the spans that are not shown, `hidden_left` what is undecided among all that is not.
    """

    def __init__(self, annotations: Annotations, *, only: frozenset[str] = frozenset()) -> None:
        self.annotations = Annotations()
        self.only = only
        self.hidden = self.hidden_left = 0
        self._by_id: dict[str, Thing] = {}
        self._places: dict[str, Place] = {}
        self._ends = Ends()
        self._undecided: Ordered[tuple[DecidePlace, str]] = Ordered()
        self._standing: Ordered[StandingPlace] = Ordered()
        self._spans: Ordered[StandingPlace] = Ordered()
        self.undecided: tuple[str, ...] = ()
        self.standing: tuple[str, ...] = ()
        """Spans and relations, decided or not, in reading order."""
        self.spans: tuple[str, ...] = ()
        self.follow(annotations, only=only)

    def follow(self, annotations: Annotations, *, only: frozenset[str]) -> None:
        """Take over what stands now, and what is shown; costs little where little is other than before."""
        before, self.annotations, self.only = self.annotations, annotations, only
        relations = self._ends.follow(annotations)
        gone = {id_of(thing) for thing in relations[0]}
        new: dict[str, Thing] = {id_of(thing): thing for thing in (*relations[1], *relations[2])}
        for old_row, row in zip(_spans_in(before), _spans_in(annotations), strict=True):
            old_part, part = differing(old_row, row)
            gone |= {id_of(thing) for thing in old_part}
            new |= {id_of(thing): thing for thing in part}
        self._put(gone | new.keys(), new)

    def _put(self, gone: set[str], new: Mapping[str, Thing]) -> None:
        for name in gone - new.keys():
            del self._by_id[name]
            del self._places[name]
        self._by_id.update(new)
        self._places.update((name, self._place(thing)) for name, thing in new.items())
        self._undecided.change(gone, {name: self._decide_place(name, thing) for name, thing in new.items()})
        places = {name: self._standing_place(name, thing) for name, thing in new.items()}
        self._standing.change(gone, places)
        are_spans = {name: place for name, place in places.items() if isinstance(new[name], Span | Readings)}
        self._spans.change(gone, are_spans)
        self.undecided = self._undecided.names
        self.standing, self.spans = self._standing.names, self._spans.names
        self.hidden = self.hidden_left = 0
        if self.only:
            self._hide()

    def _hide(self) -> None:
        """Go through what is shown only."""
        shown = set(filter(self.shows, self.standing))
        spans = tuple(name for name in self.spans if name in shown)
        undecided = tuple(name for name in self.undecided if name in shown)
        self.hidden = len(self.spans) - len(spans)
        self.hidden_left = len(self.undecided) - len(undecided)
        self.standing = tuple(name for name in self.standing if name in shown)
        self.spans, self.undecided = spans, undecided

    def _decide_place(self, name: str, thing: Thing) -> tuple[DecidePlace, str] | None:
        place = decide_place(thing, self._ends) if isinstance(thing, Readings | RelationToDecide) else None
        return None if place is None else (place, name)

    def _standing_place(self, name: str, thing: Thing) -> StandingPlace | None:
        place = self._places[name]
        match thing:
            case Span():
                return place, (0, thing.fragments, thing.key), name
            case Readings():
                return place, (1, thing.best.what), name
            case Relation():
                return place, (2, thing.key), name
            case RelationToDecide():
                decided = decide_place(thing, self._ends)
                return None if decided is None else (place, (3, decided), name)
        return None

    def shows(self, name: str) -> bool:
        """Tell whether a thing is drawn as far as its label goes: a relation where both its ends are."""
        thing = self._by_id.get(name)
        return thing is None or not self.only or self._is_shown(thing)

    def _is_shown(self, thing: Thing) -> bool:
        match thing:
            case Span():
                return thing.label in self.only
            case Readings():
                return any(each.label in self.only for each in thing.candidates)
            case Relation():
                ends = self._ends_of(thing)
                return len(ends) == 2 and all(end.label in self.only for end in ends)
            case RelationToDecide():
                return all(self._is_shown(self._ends.drawn(end)) for end in (thing.head, thing.child))
            case Rejection():
                what = thing.what
                keys = (what,) if isinstance(what, SpanKey) else (what.head, what.child)
                return all(key.label in self.only for key in keys)

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
        if isinstance(what, SpanKey):
            found = self._ends.group_of(what) or self.annotations.accepted(what)
            return "" if found is None else id_of(found)
        relations = self.annotations.undecided_relations
        return next((id_of(each) for each in relations if each.candidate.what == what), "")

    def after(self, place: Place | None, *, forward: bool = True) -> str:
        """Give the undecided id behind a place (or before it), going round at the end; empty if none is left."""
        return self._beside(self.undecided, place, forward=forward)

    def beside(self, name: str, place: Place | None, *, forward: bool) -> str:
        """Give the span or relation behind an id, or behind a place where nothing stands; empty at the end."""
        order = self.standing
        if name in order:
            # By number: spans of one extent have one place.
            index = order.index(name) + (1 if forward else -1)
            return order[index] if 0 <= index < len(order) else ""
        found = self._beside(order, place, forward=forward)
        if place is None or not found:
            return found
        return found if (self._places[found] > place) is forward else ""

    def _beside(self, order: tuple[str, ...], place: Place | None, *, forward: bool) -> str:
        if not order:
            return ""
        if place is None:
            return order[0] if forward else order[-1]
        # Whatever the order among what begins at one place, what begins before it comes first.
        low, high = (cut(order, place[0], key=self._start) for cut in (bisect_left, bisect_right))
        if forward:
            return next((name for name in order[low:] if self._places[name] > place), order[0])
        return next((name for name in reversed(order[:high]) if self._places[name] < place), order[-1])

    def _start(self, name: str) -> int:
        return self._places[name][0]

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
                return max((end.fragments for end in self._ends_of(thing)), default=())
            case Rejection():
                what = thing.what
                return (
                    what.fragments
                    if isinstance(what, SpanKey)
                    else max(what.head.fragments, what.child.fragments)
                )

    def _ends_of(self, relation: Relation) -> list[Span]:
        ends = (self.annotations.span(key) for key in (relation.head, relation.child))
        return [end for end in ends if end is not None]

    def _place(self, thing: Thing) -> Place:
        match thing:
            case RelationToDecide():
                return reading_place(thing)
            case Relation():
                starts = sorted((end.start for end in self._ends_of(thing)), reverse=True) or [0]
                return starts[0], 1, starts[-1], thing.label
        fragments = self.fragments(thing)
        return fragments[0].start, 0, -fragments[-1].end, ""


def place_of_offset(offset: int) -> Place:
    """Give the place in reading order of an offset in the text: before what starts there."""
    return offset, -1, 0, ""


def _spans_in(annotations: Annotations) -> tuple[Sequence[Thing], ...]:
    return annotations.spans, annotations.rejections, annotations.undecided
