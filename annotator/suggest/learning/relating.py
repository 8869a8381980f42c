"""Learns which entities are related: what patterns say, and a classifier of pairs, each corrected by the other.

The classifier is multinomial logistic regression: a CRF over sequences of length one. Patterns begin with the word of
whoever wrote them and are believed as far as they were right here, less the more is learnt of a label.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.suggest.learning.pages import Lesson, Page, Place, Tie
from annotator.suggest.learning.pairs import Pair, pairs_in, with_said
from annotator.suggest.learning.records import Tally

Said = Iterable[tuple[Tie, float]]
"""What patterns say: relations with their scores, 0 to 1."""

NONE = ""
"""The label of a pair that is not related."""
TRUST = 20.0
"""Relations of a label after which patterns count half."""
_PRIOR, _LEAST = 6.0, 0.03
"""How firmly the word of a pattern's maker stands, and its least worth."""
EARLY = 50
"""Sentences with a pair up to which more is asked of a relation before it is shown."""
SHOWN_EARLY, SHOWN = 0.35, 0.30
"""Least score of a relation that is shown, at first and later."""
ITERATIONS = 100
LARGE = 60_000
"""Pairs times labels above which training is cut short."""


@dataclass(frozen=True, slots=True)
class Related:
    """A relation that is proposed: its score, and what patterns and the classifier give it by themselves, 0 to 1."""

    tie: Tie
    score: float
    by_pattern: float
    by_classifier: float


class Relations:
    """What was learnt about relations from a row of lessons.

    `trained_on`: lessons that the classifier in use was trained on.
    """

    def __init__(self) -> None:
        self.classifier: Classifier | None = None
        self.trained_on = 0
        self._seen: set[tuple[str, str]] = set()
        self._positives: Counter[str] = Counter()
        self._patterns: defaultdict[tuple[str, int], Tally] = defaultdict(Tally)
        self._sentences = 0

    def learn(self, lesson: Lesson) -> None:
        """Take in a finished document: which patterns were right in it, and what may be joined."""
        gold = set(lesson.relations)
        for tie, score in lesson.said:
            tally = self._patterns[tie.label, round(score * 10)]
            tally.said += 1
            tally.right += tie in gold
        for tie in lesson.relations:
            self._seen.add((tie.head.label, tie.child.label))
            self._positives[tie.label] += 1
        self._sentences += sum(
            sum(first <= each.first and each.last <= last for each in lesson.gold) > 1
            for first, last in lesson.page.sentences
        )

    def train(self, lessons: Sequence[Lesson]) -> None:
        """Train the classifier anew; the one in use stays where nothing is related."""
        examples = []
        for lesson in lessons:
            gold: dict[Pair, str] = {}
            for tie in sorted(lesson.relations, reverse=True):
                gold[Pair(tie.head, tie.child)] = tie.label
            said = _by_pair(lesson.said)
            for pair, told in pairs_in(lesson.page, lesson.gold, self._may_join_or_be_joined):
                examples.append((with_said(told, said.get(pair, {})), gold.get(pair, NONE)))
        classifier = train(examples)
        if classifier is not None:
            self.classifier, self.trained_on = classifier, len(lessons)

    def propose(
        self, page: Page, places: Sequence[Place], said: Said, *, share: float = 1.0
    ) -> list[Related]:
        """Give the relations between entities that are likely enough, one for each ordered pair, best first.

        Args:
            page: the document. places: its entities. said: what patterns say between them.
            share: of the limit of showing (`shown`) that their score must reach.
        """
        found = []
        spoken = _by_pair(said)
        seen = dict(pairs_in(page, places, self._may_join))
        for pair in sorted({*seen, *spoken}):
            scores = self._classified(seen.get(pair), spoken.get(pair, {}))
            rated = [
                self._rated(Tie(*pair, label), spoken.get(pair, {}).get(label, 0.0), scores.get(label, 0.0))
                for label in {*spoken.get(pair, {}), *scores} - {NONE}
            ]
            best = max(rated, key=lambda each: (each.score, each.tie.label), default=None)
            if best is not None and best.score >= share * self.shown:
                found.append(best)
        return sorted(found, key=lambda each: (-each.score, each.tie))

    def _may_join(self, head: str, child: str) -> bool:
        return (head, child) in self._seen

    def _may_join_or_be_joined(self, head: str, child: str) -> bool:
        """Tell whether a pair teaches something; one the wrong way round is one that is not related."""
        return self._may_join(head, child) or self._may_join(child, head)

    def _classified(self, told: list[str] | None, spoken: Mapping[str, float]) -> dict[str, float]:
        """Give the classifier's word on a pair; none on one over sentences, which patterns alone can see."""
        if self.classifier is None or told is None:
            return {}
        return self.classifier.scores(with_said(told, spoken))

    @property
    def shown(self) -> float:
        """Give the score from which on relations are shown."""
        return SHOWN_EARLY if self._sentences < EARLY else SHOWN

    def _rated(self, tie: Tie, spoken: float, classified: float) -> Related:
        weight = TRUST / (TRUST + self._positives[tie.label])
        by_pattern = weight * self._believed(tie.label, spoken) if spoken else 0.0
        return Related(tie, 1 - (1 - by_pattern) * (1 - classified), by_pattern, classified)

    def _believed(self, label: str, score: float) -> float:
        tally = self._patterns.get((label, round(score * 10)), Tally())
        return (tally.right + _PRIOR * max(_LEAST, score)) / (tally.said + _PRIOR)


class Classifier:
    """Tells the probability of each label of a pair; made of the bytes of its model."""

    def __init__(self, model: bytes) -> None:
        import pycrfsuite

        self.model = model
        self._crf: Any = pycrfsuite.Tagger()
        self._crf.open_inmemory(model)
        self._names: tuple[str, ...] = tuple(sorted(self._crf.labels()))

    def scores(self, told: Sequence[str]) -> dict[str, float]:
        """Give the probability of each label that was seen, of `NONE` too."""
        self._crf.set([told])
        return {name[1:]: float(self._crf.marginal(name, 0)) for name in self._names}


def train(examples: Sequence[tuple[list[str], str]]) -> Classifier | None:
    """Train a classifier on pairs and their labels; None where all have the same one."""
    import pycrfsuite

    labels = {label for _, label in examples}
    if len(labels) < 2:
        return None
    large = len(examples) * len(labels) > LARGE
    parameters = {"c1": 0.0, "c2": 0.25, "max_iterations": ITERATIONS // 2 if large else ITERATIONS}
    trainer: Any = pycrfsuite.Trainer(algorithm="lbfgs", params=parameters, verbose=False)
    for told, label in examples:
        trainer.append([told], [f"={label}"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model")
        trainer.train(str(path))
        return Classifier(path.read_bytes())


def _by_pair(said: Said) -> dict[Pair, dict[str, float]]:
    found: dict[Pair, dict[str, float]] = {}
    for tie, score in said:
        labels = found.setdefault(Pair(tie.head, tie.child), {})
        labels[tie.label] = max(score, labels.get(tie.label, 0.0))
    return found
