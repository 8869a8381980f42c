"""One probability for each span and label that any source proposes: a logistic regression over readable evidence.

The evidence tells no label, so that weights learnt on other corpora (`weights.py`) hold for any project. What a source
says counts by how often it was right here; how much the tagger and the start are to be believed shifts with the
number of entities learnt (`Records.experience`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.suggest.hints import Hint
from annotator.suggest.learning.memory import LEAST, Match, Memory
from annotator.suggest.learning.pages import Page, Place
from annotator.suggest.learning.records import MEMORY, TAGGER, Records, is_article
from annotator.suggest.learning.tagger import Tagging
from annotator.suggest.learning.weights import WEIGHTS

Extent = tuple[int, int]

FEW = 60
"""Experience below which what a start suggester says of a label it knows counts by how often it was right alone."""
_CLIP = 0.01


@dataclass(frozen=True, slots=True)
class Start:
    """What a hint says in the project's words, and how sure it is that its label means that."""

    hint: Hint
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All that is said of one document.

    Args:
        start: what suggesters say that do not learn. matches: what memory knows; alike: what it knows in another form.
        tagging: what the tagger says, None while there is none.
    """

    page: Page
    start: Mapping[Place, Start]
    matches: Sequence[Match]
    alike: Sequence[Match]
    tagging: Tagging | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A span and label with its probability, and the evidence that made it.

    Args:
        place, score: the span, and how likely it is right, 0 to 1. evidence: by the names of `WEIGHTS`.
        company: which kinds of source are for it. promised: what the weights alone say, 0 to 1.
    """

    place: Place
    score: float
    evidence: Mapping[str, float] = field(default_factory=dict)
    company: str = ""
    promised: float = 0.0


def started(page: Page, records: Records) -> dict[Place, Start]:
    """Put hints in the project's words: by what their labels turned out to mean, and by its habit with articles."""
    found: dict[Place, Start] = {}
    for hint in page.hints:
        label, confidence = records.mapped(hint)
        if not label:
            continue
        first = hint.first
        if records.keeps_articles and first > 0 and is_article(page.words[first - 1]):
            first -= 1
        place = Place(first, hint.last, label)
        before = found.get(place)
        if before is None or before.hint.score < hint.score:
            found[place] = Start(hint, confidence)
    return found


def ranked(sources: Sources, records: Records, memory: Memory, *, also: Iterable[Place] = ()) -> list[Ranked]:
    """Give every span and label that any source proposes with its probability, best first; some others `also`."""
    view = _View(sources, records, memory)
    return best_first(view.ranked(place) for place in sorted({*view.places(), *also}))


def best_first(found: Iterable[Ranked]) -> list[Ranked]:
    """Put spans in order of their probability; of equal ones the longer comes first."""
    return sorted(found, key=lambda each: (-each.score, each.place.first - each.place.last, each.place))


def log_odds(probability: float) -> float:
    """Give the logit of a probability, held between those of .01 and .99."""
    clipped = min(max(probability, _CLIP), 1 - _CLIP)
    return math.log(clipped / (1 - clipped))


def _company(evidence: Mapping[str, float]) -> str:
    """Name the kinds of source that are for a place, as a short key."""
    contested = "start_other" in evidence or "start_across" in evidence
    start = "start" if "start" in evidence else "not start" if contested else ""
    tagger = next((name for name in ("tagger", "soft", "no_tagger") if name in evidence), "")
    return "/".join((start, tagger, next((name for name in ("memory", "alike") if name in evidence), "")))


def probability(logit: float) -> float:
    """Give the probability of a logit."""
    return 1 / (1 + math.exp(-logit))


class _View:
    """The sources of one document, asked for by place."""

    def __init__(self, sources: Sources, records: Records, memory: Memory) -> None:
        self._sources, self._records, self._memory = sources, records, memory
        self._growth = math.log1p(records.experience) / 4
        self._known = _places(sources.matches)
        self._alike = _places(sources.alike)
        tagging = sources.tagging or Tagging()
        self._start = Extents(sources.start)
        self._tagged = Extents(tagging.best)
        self._remembered = Extents(self._known)
        self._tagging = tagging

    def places(self) -> set[Place]:
        """Give what any source proposes."""
        return {*self._sources.start, *self._known, *self._alike, *self._tagging.best, *self._tagging.soft}

    def ranked(self, place: Place) -> Ranked:
        """Weigh the evidence for one of them."""
        evidence = {
            "always": 1.0,
            **self._from_start(place),
            **self._from_tagger(place),
            **self._from_memory(place),
        }
        if place in self._sources.start and place in self._tagging.best:
            evidence["agree"] = 1.0
        if not any(word[:1].isupper() for word in self._words(place)):
            evidence["small"] = 1.0
        logit = sum(WEIGHTS[name] * value for name, value in evidence.items())
        company = _company(evidence)
        score = probability(logit + self._records.correction(company))
        return Ranked(
            place=place,
            score=self._floored(place, score, evidence),
            evidence=evidence,
            company=company,
            promised=probability(logit),
        )

    def _floored(self, place: Place, score: float, evidence: Mapping[str, float]) -> float:
        """Keep a start candidate from falling behind what it is alone, while little is known of anything."""
        start = self._sources.start.get(place)
        share = 1 - self._records.experience / FEW
        if start is None or start.hint.label != place.label or "rejected" in evidence or share <= 0:
            return score
        precision = self._precision(start.hint)
        return max(score, share * precision + (1 - share) * score)

    def _from_start(self, place: Place) -> dict[str, float]:
        found: dict[str, float] = {}
        start = self._sources.start.get(place)
        if start is not None:
            precision = self._precision(start.hint)
            found["start"] = 1.0
            found["start_precision"] = log_odds(precision)
            found["start_mapping"] = log_odds(start.confidence)
            found["start_by_entities"] = self._growth
        if self._start.other(place):
            found["start_other"] = 1.0
        if self._start.across(place):
            found["start_across"] = 1.0
        return found

    def _precision(self, hint: Hint) -> float:
        """Give how often what a hint says is right: as it was measured, else as its source's record has it."""
        return hint.score if hint.is_measured else self._records.precision(hint.source, hint.said)

    def _from_tagger(self, place: Place) -> dict[str, float]:
        if self._sources.tagging is None:
            return {"no_tagger": 1.0}
        found: dict[str, float] = {}
        marginal = self._tagging.best.get(place)
        if marginal is None:
            found["not_tagged_by_entities"] = self._growth
        else:
            found["tagger"] = 1.0
            found["tagger_marginal"] = log_odds(marginal)
            found["tagger_precision"] = log_odds(self._records.precision(TAGGER, place.label))
            found["tagger_by_entities"] = self._growth
        soft = self._tagging.soft.get(place)
        if soft is not None:
            found["soft"] = 1.0
            found["soft_marginal"] = log_odds(soft)
            found["soft_by_entities"] = self._growth
        if self._tagged.other(place):
            found["tagger_other"] = 1.0
        if self._tagged.across(place):
            found["tagger_across"] = 1.0
        outside = log_odds(max(self._tagging.outside[place.first : place.last]))
        found["outside"] = outside
        found["outside_by_entities"] = outside * self._growth
        return found

    def _from_memory(self, place: Place) -> dict[str, float]:
        found: dict[str, float] = {}
        words = self._words(place)
        match = self._known.get(place)
        if match is not None:
            found["memory"] = 1.0
            found["memory_ratio"] = log_odds(match.ratio(place.label))
            found["memory_count"] = math.log1p(match.labels[place.label])
            found["memory_precision"] = log_odds(self._records.precision(MEMORY, place.label))
        elif self._remembered.other(place):
            found["memory_other"] = 1.0
        alike = self._alike.get(place)
        if alike is not None and match is None:
            found["alike"] = 1.0
            found["alike_ratio"] = log_odds(alike.ratio(place.label))
        longer = self._remembered.longer(place)
        if any((label, place.label) not in self._records.nested for label in longer):
            found["memory_longer"] = 1.0
        rejected = self._memory.rejected(words, place.label)
        if rejected:
            found["rejected"] = math.log1p(rejected)
            if not self._memory.accepted(words, place.label):
                found["rejected_only"] = math.log1p(rejected)
        return found

    def _words(self, place: Place) -> tuple[str, ...]:
        return self._sources.page.words[place.first : place.last]


def _places(matches: Iterable[Match]) -> dict[Place, Match]:
    """Give what matches propose, under each label that was accepted often enough."""
    return {
        Place(match.first, match.last, label): match
        for match in matches
        for label, count in match.labels.items()
        if count >= LEAST * match.seen
    }


class Extents:
    """Where a source proposes something, asked for by what shares a token with a place."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._labels: defaultdict[Extent, set[str]] = defaultdict(set)
        self._at: defaultdict[int, set[Extent]] = defaultdict(set)
        for first, last, label in places:
            self._labels[first, last].add(label)
            for token in range(first, last):
                self._at[token].add((first, last))

    def other(self, place: Place) -> bool:
        """Tell whether the same tokens are proposed with another label."""
        labels = self._labels.get((place.first, place.last))
        return labels is not None and bool(labels - {place.label})

    def across(self, place: Place) -> bool:
        """Tell whether some of the tokens are proposed with other borders."""
        own = (place.first, place.last)
        return any(each != own for at in range(*own) for each in self._at.get(at, ()))

    def longer(self, place: Place) -> list[str]:
        """Give the labels of longer places that hold all of the tokens."""
        return [
            label
            for first, last in self._at.get(place.first, ())
            if first <= place.first and place.last <= last and last - first > place.last - place.first
            for label in self._labels[first, last]
        ]
