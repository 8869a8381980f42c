"""Finds what goes with a rejected candidate: those of the same words and label that are hardly likely any more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice

from annotator.model.annotation import Fragments, SpanKey, surface
from annotator.model.article import Annotations
from annotator.model.candidate import Candidate
from annotator.model.document import Tokens
from annotator.workflows.same_words import places_of

LOOKED_AT = 500
"""Places with the same words that are looked at, from the beginning of a document on."""
MOST = 50
"""Candidates that go with one decision at most."""
REJECTED, ACCEPTED = 1.5, 1.0
"""What each rejection of the same words in a document takes off the log odds of the others, and each acceptance adds.

By simulation on seven corpora none loses, and long ones gain 1 % of the actions. Withdrawing all alike costs up to 3 %.
"""


def withdrawn_with(
    annotations: Annotations, text: str, tokens: Tokens, *, rejected: Sequence[Candidate], least: float
) -> tuple[SpanKey, ...]:
    """Give the candidates elsewhere that fall below the limit of showing when some readings are rejected.

    Args:
        annotations, text, tokens: of the document, before it. rejected: the readings of one place.
        least: score from which on candidates are shown.

    Returns:
        Undecided candidates with their words and label, at most `MOST`; those that are surer stay.
    """
    found: list[SpanKey] = []
    for each in rejected:
        places = places_of(text, tokens, surface(text, each.fragments))
        others = list(islice((place for place in places if place != each.fragments), LOOKED_AT))
        found += _withdrawn(annotations, others, each.label, least)
    return tuple(dict.fromkeys(found))[:MOST]


def _withdrawn(
    annotations: Annotations, places: Sequence[Fragments], label: str, least: float
) -> Iterable[SpanKey]:
    keys = [SpanKey(place, label) for place in places]
    # Asked at every rejection, in articles of thousands of spans: those at the places are looked up, not looked for.
    alike = [each.best for each in map(annotations.group_led_by, keys) if each is not None]
    if not alike:
        return
    accepted = sum(annotations.accepted(key) is not None for key in keys)
    gone = {each.what for each in annotations.rejections if each.what.label == label}
    change = ACCEPTED * accepted - REJECTED * (1 + sum(key in gone for key in keys))
    yield from (each.what for each in alike if _moved(each.score, change) < least)


def _moved(probability: float, change: float) -> float:
    clipped = min(max(probability, 0.01), 0.99)
    return 1 / (1 + math.exp(-math.log(clipped / (1 - clipped)) - change))
