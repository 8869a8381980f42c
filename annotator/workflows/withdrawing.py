"""Finds what goes with a rejected candidate: those of the same words and label that are hardly likely any more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from annotator.model.annotation import SpanKey, surface
from annotator.model.article import Annotations
from annotator.model.candidate import Candidate

MOST = 50
"""Candidates that go with one decision at most."""
REJECTED, ACCEPTED = 1.5, 1.0
"""What each rejection of the same words in a document takes off the log odds of the others, and each acceptance adds.

By simulation on seven corpora none loses, and long ones gain 1 % of the actions. Withdrawing all alike costs up to 3 %.
"""


def withdrawn_with(
    annotations: Annotations, text: str, *, rejected: Sequence[Candidate], least: float
) -> tuple[SpanKey, ...]:
    """Give the candidates elsewhere that fall below the limit of showing when some readings are rejected.

    Args:
        annotations, text: of the document, before it. rejected: the readings of one place.
        least: score from which on candidates are shown.

    Returns:
        Undecided candidates with their words and label, at most `MOST`; those that are surer stay.
    """
    found: list[SpanKey] = []
    for each in rejected:
        found += _withdrawn(annotations, text, each.what, least)
    return tuple(dict.fromkeys(found))[:MOST]


def _withdrawn(annotations: Annotations, text: str, what: SpanKey, least: float) -> Iterable[SpanKey]:
    label, words = what.label, surface(text, what.fragments).split()
    first_word = words[0] if words else ""

    def is_alike(other: SpanKey) -> bool:
        if len(other.fragments) > 1 or other.fragments == what.fragments:
            return False
        ((start, end),) = other.fragments
        shown = text[start:end]
        return first_word in shown and shown.split() == words

    # Asked at every rejection, in articles of thousands of spans: words are compared only where the label is the same.
    best = annotations.lookup.best.get(label, {})
    alike = [best[each] for each in sorted(filter(is_alike, best))]
    if not alike:
        return
    accepted = sum(is_alike(each.identity) for each in annotations.spans if each.label == label)
    places = (each.what for each in annotations.rejections if each.what.label == label)
    gone = len({each for each in places if isinstance(each, SpanKey) and is_alike(each)})
    change = ACCEPTED * accepted - REJECTED * (1 + gone)
    yield from (each.what for each in alike if _moved(each.score, change) < least)


def _moved(probability: float, change: float) -> float:
    clipped = min(max(probability, 0.01), 0.99)
    return 1 / (1 + math.exp(-math.log(clipped / (1 - clipped)) - change))
