"""What the word of the fine-tuned pipeline adds to that of the ranker, which is made without it.

It has no weights of its own: spans are told apart by how its word stands to them, and what the ranker promised of each
kind is corrected by what came true of that here. So it counts for nothing until it proved something. What the ranker
says and counts is the same with it and without.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from annotator.suggest.learning.pages import Advice, Place
from annotator.suggest.learning.ranking import Extents, Ranked, best_first, log_odds, probability
from annotator.suggest.learning.records import ADVISER, Promise, Records

_PROPOSERS = frozenset({"start", "tagger", "soft", "memory", "alike"})
"""Evidence that a source of the ranker's own proposes a span."""


@dataclass(slots=True)
class Adviser:
    """A fine-tuned pipeline as it is known from its advice: which one it is, and what came true of it.

    Args:
        made: tells it apart. records: how often it was right with each label, and what was promised beside its word.
    """

    made: str = ""
    records: Records = field(default_factory=Records)

    @classmethod
    def of(cls, advice: Advice) -> Adviser:
        """Begin with what is known from where it was tried, and of those before it."""
        records = Records()
        for label, (right, said) in advice.counts.items():
            records.count(ADVISER, label, right=right, said=said)
        for kind, sums in advice.promises.items():
            records.promises[kind] = Promise(*sums)
        return cls(advice.made, records)

    def judge(self, found: Iterable[Ranked], advice: Advice, gold: frozenset[Place]) -> None:
        """Count what came true in a document, of what was promised there (`weighed`) and of what it said."""
        for each in found:
            self.records.promises[each.company].count(each.promised, right=each.place in gold)
        for place in sorted(advice.places):
            self.records.count(ADVISER, place.label, right=place in gold)

    def weighed(self, found: Iterable[Ranked], advice: Advice) -> list[Ranked]:
        """Give the probability of each span once its word is heard, best first.

        Args:
            found: what the ranker says, also of what nobody but the adviser proposes. advice: of the same document.
        """
        extents = Extents(advice.places)
        return best_first(self._weighed(each, _kind(each, advice.places, extents)) for each in found)

    def _weighed(self, each: Ranked, kind: str) -> Ranked:
        logit = log_odds(each.score) + self.records.correction(kind)
        return replace(each, score=probability(logit), company=kind, promised=each.score)


def _kind(each: Ranked, places: frozenset[Place], extents: Extents) -> str:
    """Say how the advice stands to a span: for it, for another label or other words there, or silent."""
    if each.place in places:
        return "advised" if _PROPOSERS & each.evidence.keys() else "advised alone"
    if extents.other(each.place):
        return "advised otherwise"
    return "advised across" if extents.across(each.place) else "not advised"
