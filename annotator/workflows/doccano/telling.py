"""What a plan tells of documents beside their changes: what stays here, what is odd there, and what is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from annotator.model.annotation import Fragments, Relation, Span, surface
from annotator.model.record import Example, Loss, Problem
from annotator.model.wording import counted
from annotator.sync.mapping import Here, There, Why

_EXAMPLES = 20
_BRIEF = 60
_STAYS = {
    Why.FRAGMENTS: ("span", "{what} of several fragments: doccano knows only spans of one."),
    Why.BLANKS: ("span", "{what} with blanks at an end: doccano cuts them off."),
    Why.OVERLAP: ("span", "{what} over others: this project of the server forbids that."),
    Why.PLACE: ("span", "{what} within a character: the server cannot name that place."),
    Why.LABEL: ("span or relation/spans or relations", "{what} of types that the server does not have."),
    Why.RELATIONS: ("relation", "{what}: this project of the server has none."),
    Why.END: ("relation", "{what} with an end that stays here."),
}


class Stays:
    """Counts what stays here, by reason, and keeps some examples of each."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[Example]] = {}
        self._extra: list[Loss] = []

    def add(self, here: Here) -> None:
        """Count what stays of a document."""
        for why, item in here.stays:
            self._counts[why] += 1
            examples = self._examples.setdefault(why, [])
            if len(examples) < _EXAMPLES:
                examples.append(_example(here, item))

    def say(self, kind: str, count: int, message: str) -> None:
        """Tell of something that has no places."""
        if count:
            self._extra.append(Loss(kind=kind, count=count, message=message))

    def result(self) -> tuple[Loss, ...]:
        """Give all of it."""
        found = []
        for why, (noun, sentence) in _STAYS.items():
            if count := self._counts[why]:
                one, _, many = noun.partition("/")
                message = f"Stays here: {sentence.format(what=counted(count, one, many))}"
                examples = tuple(self._examples[why])
                found.append(Loss(kind=why.value, count=count, message=message, examples=examples))
        return (*found, *self._extra)


def _example(here: Here, item: Span | Relation) -> Example:
    spans = {span.key: span for span in here.spans.values()}
    if isinstance(item, Span):
        places: tuple[Fragments, ...] = (item.fragments,)
    else:
        ends = [spans.get(item.head), spans.get(item.child)]
        places = tuple(end.fragments for end in ends if end is not None)
    words = " → ".join(surface(here.text, place) for place in places)
    return Example(
        document=here.document.title,
        id=here.document.id,
        label=item.label,
        words=words[:_BRIEF],
        places=places,
    )


def oddities(there: There, *, name: str) -> Iterator[Problem]:
    """Tell what of a server's document was left there."""
    for what in there.odd:
        yield Problem(file=name, record=str(there.document.id), message=what)


def problem(name: str, number: int, message: str) -> Problem:
    """Tell something of a server's document, or with 0 of its project."""
    return Problem(file=name, record=str(number) if number else "", message=message)
