"""Chooses among proposals that overlap: the best of them is drawn, the same words otherwise labelled are readings.

Also cuts the roles off the names they were found in. Pure functions over proposals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.model.annotation import Fragment, SpanKey
from annotator.model.candidate import Proposal
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.mapping import meanings
from annotator.suggest.words import Places

SHOWN = 0.25
"""Spans scored below this are not proposed."""


def selected(text: Text, answer: Suggestions, settings: Settings) -> Suggestions:
    """Keep the best of what overlaps, and nothing that touches an accepted span or is unknown to the schema.

    With `settings.readings`, what gives the words of a kept proposal another label is kept too, scored below it.
    """
    taken = _Taken(text)
    for key in text.accepted:
        taken.take(key)
    decided = set(text.rejected)
    kept: dict[SpanKey, list[Proposal]] = {}
    places: dict[object, float] = {}
    readings: list[Proposal] = []
    for each in sorted(_shown(answer.proposals, settings), key=_rank):
        what = each.what
        assert isinstance(what, SpanKey)
        if what in decided:
            continue
        if what in kept:
            kept[what].append(each)
        elif taken.is_free(what):
            kept[what] = [each]
            places[what.fragments] = each.score
            taken.take(what)
        elif what.fragments in places:
            best = places[what.fragments]
            readings.append(replace(each, score=round(min(each.score, 0.9 * best), 3)))
    both = [each for proposals in kept.values() for each in proposals]
    both += readings if settings.readings else []
    return replace(answer, proposals=tuple(sorted(both, key=_place)))


def cut_by_roles(
    text: Text, proposals: Iterable[Proposal], roles: Iterable[Proposal]
) -> tuple[Proposal, ...]:
    """Shorten names by the roles at their beginning or end; drop what is nothing but a part of a role."""
    scores = {
        (each.what.fragments[0].start, each.what.fragments[-1].end): each.score
        for each in roles
        if isinstance(each.what, SpanKey)
    }
    places = Places(scores)
    cut = (_cut(text, each, places, scores) for each in proposals)
    return tuple(each for each in cut if each is not None)


def _cut(
    text: Text, proposal: Proposal, places: Places, scores: dict[tuple[int, int], float]
) -> Proposal | None:
    what = proposal.what
    if not isinstance(what, SpanKey) or "ROLE" in meanings(what.label) or len(what.fragments) > 1:
        return proposal
    start, end = what.fragments[0]
    for role_start, role_end in places.touching(start, end):
        if scores[role_start, role_end] < proposal.score - 0.1:
            continue
        if role_start <= start and end <= role_end:
            return None
        if start == role_start:
            start = role_end + _blanks(text.text[role_end:end])
        elif end == role_end:
            end = role_start - _blanks(text.text[start:role_start][::-1])
    if (start, end) == what.fragments[0]:
        return proposal
    if start >= end or not text.tokens.on_borders(start, end):
        return None
    return replace(proposal, what=SpanKey((Fragment(start, end),), what.label))


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip(" \u00a0,"))


class _Taken:
    """The tokens that spans stand on."""

    def __init__(self, text: Text) -> None:
        self._tokens = text.tokens
        self._used: set[int] = set()

    def take(self, key: SpanKey) -> None:
        self._used.update(self._of(key))

    def is_free(self, key: SpanKey) -> bool:
        return self._used.isdisjoint(self._of(key))

    def _of(self, key: SpanKey) -> Iterable[int]:
        for start, end in key.fragments:
            yield from range(*self._tokens.covering(start, end))


def _shown(proposals: Sequence[Proposal], settings: Settings) -> list[Proposal]:
    known = {each.name for each in settings.schema.entities}
    return [
        each
        for each in proposals
        if isinstance(each.what, SpanKey) and each.score >= SHOWN and each.what.label in known
    ]


def _rank(proposal: Proposal) -> tuple[float, int, object, str]:
    assert isinstance(proposal.what, SpanKey)
    length = sum(end - start for start, end in proposal.what.fragments)
    return -proposal.score, -length, proposal.what, proposal.suggester


def _place(proposal: Proposal) -> tuple[object, float, str]:
    return (
        proposal.what.fragments if isinstance(proposal.what, SpanKey) else (),
        -proposal.score,
        proposal.suggester,
    )
