"""What the machine proposes and nobody has decided: candidates, owned by suggesters, made and dropped at will.

A suggester hands over proposals; proposals of the same key are one candidate, and candidates whose extents
overlap are readings of one another (one of them is drawn, the others are a key press away).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from annotator.model.annotation import Fragments, RelationKey, SpanKey

DOUBTFUL = 0.80
"""Candidates scored below this are drawn with a question mark; finishing a document leads to them first.

On six corpora 38 to 57 % of those below were wrong, and 0 to 18 % of those above; at .60 up to twice as many were.
"""
SHOWN = 0.25
"""Candidates scored below this are not shown, unless a person wants fewer or more of them."""
SHOWN_FROM = (0.5, 0.4, 0.3, SHOWN, 0.2, 0.15)
"""The scores from which on candidates can be shown, from fewest to most; suggesters hand over what reaches the last."""
KEPT = ("hand", "file")
"""Suggesters whose candidates are always shown, and left by a new run: what a person took back, what an import held."""

SAME_WORDS = "same words"
"""How candidates that a person asked for name their suggester: the words of a span, at other places."""
ASKED_SCORE = 0.75
"""Their score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One suggester's word on one span or relation: score 0 to 1, and a reason in words."""

    what: SpanKey | RelationKey
    suggester: str
    score: float
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A span that a person asked to be proposed: undecided like any candidate, but theirs, so that undo takes it back.

    Args:
        reason: why, as a person reads it. annotator: who asked. at: seconds since 1970.
    """

    key: int
    document: int
    what: SpanKey
    reason: str
    annotator: str
    at: float
    version: int = 0

    @property
    def proposal(self) -> Proposal:
        """Give it as a suggester's word."""
        return Proposal(what=self.what, suggester=SAME_WORDS, score=ASKED_SCORE, reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """All proposals for one span that nobody has decided, best first.

    Scored below `shown_from` it is nothing to decide by itself, but a reading of a better one that it overlaps.
    """

    what: SpanKey
    proposals: tuple[Proposal, ...]
    shown_from: float = field(default=0.0, compare=False)

    @property
    def fragments(self) -> Fragments:
        """Give where it lies."""
        return self.what.fragments

    @property
    def label(self) -> str:
        """Give the proposed label."""
        return self.what.label

    @property
    def score(self) -> float:
        """Give the best score."""
        return max(proposal.score for proposal in self.proposals)

    @property
    def is_shown(self) -> bool:
        """Tell whether it is shown by itself."""
        # Asked of thousands; the best proposal stands first.
        return self.proposals[0].score >= self.shown_from or is_shown(self.proposals, self.shown_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationCandidate:
    """All proposals for one relation that nobody has decided, best first.

    `head` and `child` name the ends by fragments and label; each is an accepted span or a candidate.
    """

    what: RelationKey
    proposals: tuple[Proposal, ...]

    @property
    def label(self) -> str:
        """Give the proposed relation type."""
        return self.what.label

    @property
    def score(self) -> float:
        """Give the best score."""
        return max(proposal.score for proposal in self.proposals)


def is_shown(proposals: Iterable[Proposal], least: float) -> bool:
    """Tell whether proposals for one thing are shown, where scores from `least` on are."""
    return any(each.score >= least or each.suggester in KEPT for each in proposals)
