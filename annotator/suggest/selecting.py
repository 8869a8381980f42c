"""Chooses among proposals that overlap: the best of them is drawn, the others are its readings.

Also cuts the roles off the names they were found in. Pure functions over proposals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from annotator.model.annotation import SpanKey
from annotator.model.candidate import SHOWN_FROM, Proposal
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.hints import Hint
from annotator.suggest.mapping import meanings
from annotator.suggest.words import Places

KEPT = SHOWN_FROM[-1]
"""Spans scored below this are not proposed; how many of them are shown is said where they are read."""
READINGS = 4
"""Readings besides the best one."""


def selected(
    text: Text,
    answer: Suggestions,
    settings: Settings,
    *,
    nested: frozenset[tuple[str, str]] = frozenset(),
) -> Suggestions:
    """Keep the best of what overlaps, and nothing that touches an accepted span or is unknown to the schema.

    With `settings.readings`, the best of what it displaced are kept too, other labels and borders, scored below it.

    Args:
        text, answer: the text and what was proposed for it. settings: the schema, and whether there are readings.
        nested: labels (outer, inner) of which one span may lie inside another.
    """
    taken = _Taken(text, nested)
    for key in text.accepted:
        taken.take(key)
    decided = set(text.rejected)
    kept: dict[SpanKey, list[Proposal]] = {}
    displaced: list[Proposal] = []
    for each in sorted(_known(answer.proposals, settings), key=_rank):
        what = each.what
        assert isinstance(what, SpanKey)
        if what in decided:
            continue
        if what in kept:
            kept[what].append(each)
        elif each.score >= KEPT and taken.is_free(what):
            kept[what] = [each]
            taken.take(what)
        else:
            displaced.append(each)
    both = [each for proposals in kept.values() for each in proposals]
    both += _readings(text, kept, displaced) if settings.readings else []
    return replace(answer, proposals=tuple(sorted(both, key=_place)))


def _readings(
    text: Text, kept: Mapping[SpanKey, Sequence[Proposal]], displaced: Iterable[Proposal]
) -> list[Proposal]:
    """Give what was displaced as readings of the best that it overlaps; nothing that touches what was accepted."""
    accepted = _Taken(text, frozenset())
    for key in text.accepted:
        accepted.take(key)
    leaders = _Taken(text, frozenset())
    for key in kept:
        leaders.take(key)
    found: list[Proposal] = []
    of: defaultdict[SpanKey, set[SpanKey]] = defaultdict(set)
    for each in displaced:
        what = each.what
        assert isinstance(what, SpanKey)
        leader = max(leaders.touching(what), key=lambda key: (kept[key][0].score, key), default=None)
        if leader is None or not accepted.is_free(what):
            continue
        if what in of[leader] or len(of[leader]) < READINGS:
            of[leader].add(what)
            score = min(each.score, 0.9 * kept[leader][0].score)
            found.append(replace(each, score=round(score, 3)))
    return found


def cut_by_roles(text: Text, hints: Iterable[Hint], roles: Iterable[Hint]) -> tuple[Hint, ...]:
    """Shorten names by the roles at their beginning or end; drop what is nothing but a part of a role."""
    scores = {text.tokens.stretch(each.first, each.last): each.score for each in roles}
    places = Places(scores)
    cut = (_cut(text, each, places, scores) for each in hints)
    return tuple(each for each in cut if each is not None)


def _cut(text: Text, hint: Hint, places: Places, scores: dict[tuple[int, int], float]) -> Hint | None:
    if "ROLE" in meanings(hint.label):
        return hint
    start, end = whole = text.tokens.stretch(hint.first, hint.last)
    for role_start, role_end in places.touching(start, end):
        if scores[role_start, role_end] < hint.score - 0.1:
            continue
        if role_start <= start and end <= role_end:
            return None
        if start == role_start:
            start = role_end + _blanks(text.text[role_end:end])
        elif end == role_end:
            end = role_start - _blanks(text.text[start:role_start][::-1])
    if (start, end) == whole:
        return hint
    if start >= end or not text.tokens.on_borders(start, end):
        return None
    first, last = text.tokens.covering(start, end)
    return replace(hint, first=first, last=last)


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip(" \u00a0,"))


class _Taken:
    """The tokens that spans stand on, and which spans may lie inside them."""

    def __init__(self, text: Text, nested: frozenset[tuple[str, str]]) -> None:
        self._tokens = text.tokens
        self._nested = nested
        self._used: dict[int, list[SpanKey]] = {}

    def take(self, key: SpanKey) -> None:
        for token in self._of(key):
            self._used.setdefault(token, []).append(key)

    def touching(self, key: SpanKey) -> list[SpanKey]:
        return [other for token in self._of(key) for other in self._used.get(token, ())]

    def is_free(self, key: SpanKey) -> bool:
        there = self.touching(key)
        return not there or (bool(self._nested) and all(self._may_nest(key, other) for other in there))

    def _may_nest(self, key: SpanKey, other: SpanKey) -> bool:
        if len(key.fragments) + len(other.fragments) > 2 or key.fragments == other.fragments:
            return False
        one, two = key.fragments[0], other.fragments[0]
        if one.start <= two.start and two.end <= one.end:
            return (key.label, other.label) in self._nested
        return two.start <= one.start and one.end <= two.end and (other.label, key.label) in self._nested

    def _of(self, key: SpanKey) -> Iterable[int]:
        for start, end in key.fragments:
            yield from range(*self._tokens.covering(start, end))


def _known(proposals: Sequence[Proposal], settings: Settings) -> list[Proposal]:
    known = {each.name for each in settings.schema.entities}
    return [each for each in proposals if isinstance(each.what, SpanKey) and each.what.label in known]


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
