"""How often each source was right, what a pipeline's labels stand for here, and the habits of this guideline.

Counted in finished documents, from what was said before they were learnt.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from annotator.suggest.hints import Hint
from annotator.suggest.learning.pages import Place

STRENGTH = 4.0
"""How many of its own results a label needs to count as much as its source's other labels."""
CAUTION, FARTHEST = 5.0, 2.0
"""How slowly the ranker's promises are corrected, and the most that is added to a logit."""
OF_ONE = 6
"""Entities of one document that count as experience at most: those of one text resemble one another."""
TAGGER, MEMORY, ADVISER = "tagger", "memory", "fine-tuned"
"""The sources that learn."""
_PRIORS = {TAGGER: (5.0, 5.0), MEMORY: (5.0, 5.0), ADVISER: (5.0, 5.0)}
_START = (6.0, 4.0)
_NAMED, _UNNAMED = 3.0, 5.0
MAPPED = 0.15
"""Share of a pipeline label's spans that must have a project label for it to stand for that."""
_ARTICLES = frozenset({"the", "a", "an"})


@dataclass(slots=True)
class Tally:
    """How often something was right, and how often it was said."""

    right: int = 0
    said: int = 0


@dataclass(slots=True)
class Promise:
    """What the ranker promised of the spans that the same kinds of source propose, and what came true.

    `expected` is the sum of the promised probabilities, `spread` that of their variances.
    """

    right: int = 0
    expected: float = 0.0
    spread: float = 0.0

    def count(self, promised: float, *, right: bool) -> None:
        """Count one span, with the probability that was promised."""
        self.right += right
        self.expected += promised
        self.spread += promised * (1 - promised)

    @property
    def correction(self) -> float:
        """Give what to add to the logit, so that promises come true: one Newton step, short while few are known."""
        step = (self.right - self.expected) / (self.spread + CAUTION)
        return max(-FARTHEST, min(FARTHEST, step))


@dataclass(slots=True)
class Records:
    """What finished documents tell about the sources.

    Args:
        sources: counts per source. labels: counts per source and the source's own label.
        meaning: for each source and its own label, which project label it turned out to be, and how often.
        promises: what came true of the ranker's word, by the kinds of source that were for it.
        nested: pairs (outer, inner) of the labels of spans inside one another.
        articles: spans with an article in or before them; right are those that hold it.
        experience: how many spans were learnt, `OF_ONE` of a document at most.
    """

    sources: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    labels: defaultdict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    meaning: defaultdict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    promises: defaultdict[str, Promise] = field(default_factory=lambda: defaultdict(Promise))
    nested: Counter[tuple[str, str]] = field(default_factory=Counter)
    articles: Tally = field(default_factory=Tally)
    experience: int = 0

    def count(self, source: str, label: str, *, right: int, said: int = 1) -> None:
        """Count that a source said something, and how often it was so."""
        for tally in (self.sources[source], self.labels[source, label]):
            tally.said += said
            tally.right += right

    def precision(self, source: str, said: str) -> float:
        """Give how often a source is right with a label, 0 to 1, drawn to its other labels while few are known."""
        right, wrong = _PRIORS.get(source, _START)
        whole = self.sources.get(source, Tally())
        common = (whole.right + right) / (whole.said + right + wrong)
        own = self.labels.get((source, said), Tally())
        return (own.right + STRENGTH * common) / (own.said + STRENGTH)

    def correction(self, company: str) -> float:
        """Give what to add to the logit of what the same kinds of source propose."""
        return self.promises[company].correction if company in self.promises else 0.0

    def mapped(self, hint: Hint) -> tuple[str, float]:
        """Give the project label that a hint stands for, empty for none, and how sure that is, 0 to 1."""
        counts = self.meaning.get((hint.source, hint.said), Counter())
        total = counts.total() + (_NAMED if hint.label else _UNNAMED)
        shares = {label: count / total for label, count in counts.items() if label}
        if hint.label:
            shares[hint.label] = shares.get(hint.label, 0.0) + _NAMED / total
        if not shares:
            return "", 0.0
        best = min(shares, key=lambda label: (-shares[label], label))
        return (best, shares[best]) if shares[best] > MAPPED else ("", 0.0)

    @property
    def keeps_articles(self) -> bool:
        """Tell whether "the", "a" or "an" before a name belongs to it here."""
        return self.articles.right + 1.0 > self.articles.said - self.articles.right + 1.5

    def learn_hints(self, hints: Iterable[Hint], gold: Sequence[Place]) -> None:
        """Count what the labels of hints turned out to be."""
        by_extent = {(each.first, each.last): each.label for each in gold}
        for hint in hints:
            self.meaning[hint.source, hint.said][by_extent.get((hint.first, hint.last), "")] += 1

    def learn_gold(self, words: Sequence[str], gold: Sequence[Place]) -> None:
        """Count entities, spans inside one another, and articles in or before spans."""
        self.experience += min(len(gold), OF_ONE)
        for place in gold:
            inside = is_article(words[place.first]) and place.last - place.first > 1
            before = place.first > 0 and is_article(words[place.first - 1])
            if inside or before:
                self.articles.said += 1
                self.articles.right += inside
        ordered = sorted(gold, key=lambda place: (place.first, -place.last))
        for index, outer in enumerate(ordered):
            for inner in ordered[index + 1 :]:
                if inner.first >= outer.last:
                    break
                if inner.last <= outer.last and inner[:2] != outer[:2]:
                    self.nested[outer.label, inner.label] += 1


def is_article(word: str) -> bool:
    """Tell whether a word is "the", "a" or "an", in any case."""
    return word.lower() in _ARTICLES
