"""How suggesters did so far: what was decided of their candidates, over the documents, and by score.

Pure counting over what the project file holds; it goes through all decisions, so it is work for a thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from annotator.model.errors import UserError
from annotator.store.proposed import DecidedProposal, decided_proposals
from annotator.suggest.added import installed
from annotator.suggest.base import FINE_TUNED, LEARNT, PIPELINE, RELATIONS, ROLES
from annotator.workflows.session import Session

SIZES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000)
"""Documents that may stand for one point of the line."""
MOST_POINTS = 12
BINS = 10
"""Stretches of equal width into which scores are put."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many were decided, how many of them were right, and the mean score that they had (0 to 1)."""

    decided: int = 0
    right: int = 0
    score: float = 0.0

    @property
    def share(self) -> float:
        """Give how many of the decided were right, 0 to 1; 0 where none was decided."""
        return self.right / self.decided if self.decided else 0.0


@dataclass(frozen=True, slots=True)
class SuggesterRecord:
    """How a suggester did.

    Args:
        right, decided: in all. spread: in how many documents. documents: the same for all suggesters together.
        at_once: documents that one of `over_time` stands for, the last one for fewer.
        over_time: by documents, in the order in which they were first decided in. by_score: `BINS` stretches of score.
    """

    right: int = 0
    decided: int = 0
    spread: int = 0
    documents: int = 0
    at_once: int = 1
    over_time: tuple[Share, ...] = ()
    by_score: tuple[Share, ...] = ()


def records_so_far(session: Session) -> dict[str, SuggesterRecord]:
    """Give the record of each suggester, by what switches it."""
    found = list(decided_proposals(session.project))
    return {
        kind: record_of(found, names) if names else SuggesterRecord()
        for kind, names in _names_of(session).items()
    }


def record_of(decided: Iterable[DecidedProposal], names: frozenset[str]) -> SuggesterRecord:
    """Count what suggesters of some names proposed, among all that was decided."""
    places: dict[int, int] = {}
    own: list[tuple[int, DecidedProposal]] = []
    for each in decided:
        place = places.setdefault(each.document, len(places))
        if not names.isdisjoint(each.suggesters):
            own.append((place, each))
    at_once = next((size for size in SIZES if size * MOST_POINTS >= len(places)), SIZES[-1])
    over_time = [_Sum() for _ in range(0, len(places), at_once)]
    by_score = [_Sum() for _ in range(BINS)]
    for place, each in own:
        over_time[place // at_once].add(each)
        if each.score is not None and 0 <= each.score <= 1:
            by_score[min(BINS - 1, int(each.score * BINS))].add(each)
    return SuggesterRecord(
        right=sum(each.is_right for _, each in own),
        decided=len(own),
        spread=len({place for place, _ in own}),
        documents=len(places),
        at_once=at_once,
        over_time=tuple(each.share() for each in over_time),
        by_score=tuple(each.share() for each in by_score),
    )


class _Sum:
    def __init__(self) -> None:
        self._decided = self._right = 0
        self._score = 0.0

    def add(self, each: DecidedProposal) -> None:
        self._decided += 1
        self._right += each.is_right
        self._score += each.score or 0.0

    def share(self) -> Share:
        return Share(self._decided, self._right, self._score / self._decided) if self._decided else Share()


def _names_of(session: Session) -> Mapping[str, frozenset[str]]:
    """Give the names under which each suggester proposes."""
    from annotator.suggest.learning.records import ADVISER, MEMORY, TAGGER
    from annotator.suggest.pipelines import find_pipeline
    from annotator.suggest.roles import RoleSuggester
    from annotator.suggest.ties import RELATION_SUGGESTERS

    try:
        pipeline = find_pipeline(session.suggest_settings().pipeline)
    except UserError:
        pipeline = None
    return {
        PIPELINE: frozenset() if pipeline is None else frozenset({pipeline.title}),
        ROLES: frozenset({RoleSuggester.name}),
        LEARNT: frozenset({MEMORY, TAGGER}),
        FINE_TUNED: frozenset({ADVISER}),
        RELATIONS: frozenset(RELATION_SUGGESTERS),
        **{each.kind: frozenset({each.title}) for each in installed().suggesters},
    }
