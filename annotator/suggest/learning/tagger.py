"""The tagger that is trained on this project: a linear-chain CRF over sentences (python-crfsuite).

Trained from scratch each time, single-threaded and with a fixed number of iterations, so that the same lessons give the
same tagger. A model is bytes; whoever keeps it writes them where it wants.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.suggest.learning.features import OUTSIDE, Features, tagged
from annotator.suggest.learning.pages import Page, Place

MANY_LABELS = 12
"""Above so many labels a tag tells no last token: training takes the square of the tags."""
ITERATIONS = 60
LARGE = 1_000_000
"""Tokens times labels above which training is cut short."""
_UNSURE = 0.85
"""Where nothing is less likely than this, other readings are followed."""
_ENTER, _FOLLOW = 0.07, 0.04
"""Least probabilities of a tag that begins such a reading, and of those that go on."""


@dataclass(frozen=True, slots=True)
class Tagging:
    """What a tagger says of one document.

    Args:
        best: its spans with their probability (that of the least sure tag). soft: other readings, with theirs.
        outside: for each token the probability that it belongs to nothing.
    """

    best: dict[Place, float] = field(default_factory=dict)
    soft: dict[Place, float] = field(default_factory=dict)
    outside: tuple[float, ...] = ()


class Tagger:
    """A trained tagger, made of the bytes of its model."""

    def __init__(self, model: bytes) -> None:
        import pycrfsuite

        self.model = model
        self._crf: Any = pycrfsuite.Tagger()
        self._crf.open_inmemory(model)
        self._labels: list[str] = sorted({tag[2:] for tag in self._crf.labels() if tag != OUTSIDE})
        self._tags = frozenset(self._crf.labels())

    def tag(self, page: Page, features: Features) -> Tagging:
        """Tag a document.

        Args:
            page: the document. features: of its sentences, as `page_features` makes them.
        """
        found = Tagging(outside=())
        outside = [1.0] * len(page.words)
        for (first, _), sentence in zip(page.sentences, features, strict=True):
            if not sentence:
                continue
            self._crf.set(sentence)
            tags: list[str] = self._crf.tag()
            likely = [self._marginal(OUTSIDE, at) for at in range(len(tags))]
            outside[first : first + len(tags)] = likely
            for place, probability in self._best(tags):
                found.best[_moved(place, first)] = probability
            for place, probability in self._soft(tags, likely):
                moved = _moved(place, first)
                if moved not in found.best:
                    found.soft[moved] = max(probability, found.soft.get(moved, 0.0))
        return Tagging(found.best, found.soft, tuple(outside))

    def _marginal(self, tag: str, at: int) -> float:
        return float(self._crf.marginal(tag, at)) if tag in self._tags else 0.0

    def _best(self, tags: Sequence[str]) -> Iterator[tuple[Place, float]]:
        for place in untagged(tags):
            yield place, min(self._marginal(tags[at], at) for at in range(place.first, place.last))

    def _soft(self, tags: Sequence[str], outside: Sequence[float]) -> Iterator[tuple[Place, float]]:
        """Follow the readings that the best one left aside: begun where nothing is unsure, or other labels."""
        for at, tag in enumerate(tags):
            if outside[at] >= _UNSURE if tag == OUTSIDE else tag[:2] not in {"B-", "U-"}:
                continue
            for label in self._labels:
                for begin in ("U-", "B-"):
                    probability = self._marginal(begin + label, at)
                    if probability > _ENTER:
                        last, least = self._followed(label, begin, at, len(tags), probability)
                        if last:
                            yield Place(at, last, label), least

    def _followed(
        self, label: str, begin: str, at: int, length: int, probability: float
    ) -> tuple[int, float]:
        """Give the end of a reading that begins at a token (0 if it has none), and its least probability."""
        if begin == "U-":
            return at + 1, probability
        ends = "L-" + label in self._tags
        last, least = at + 1, probability
        while last < length:
            inside, end = self._marginal("I-" + label, last), self._marginal("L-" + label, last)
            if max(inside, end) < _FOLLOW:
                break
            least = min(least, max(inside, end))
            last += 1
            if end > inside:
                return last, least
        return (0, 0.0) if ends else (last, least)


def train(
    examples: Iterable[tuple[Page, Features, Sequence[Place]]], *, labels: int, tokens: int
) -> bytes | None:
    """Train a tagger; None where there is nothing to learn from.

    Args:
        examples: documents with the features of their sentences and their spans.
        labels: how many labels there are. tokens: how many tokens; both decide how thoroughly it is trained.
    """
    import pycrfsuite

    ends = labels <= MANY_LABELS
    large = tokens * labels > LARGE
    parameters = {
        "c1": 0.2 if large else 0.05,
        "c2": 0.05,
        "max_iterations": ITERATIONS // 2 if large else ITERATIONS,
        "feature.possible_transitions": False,
    }
    trainer: Any = pycrfsuite.Trainer(algorithm="lbfgs", params=parameters, verbose=False)
    seen: Counter[str] = Counter()
    for page, features, gold in examples:
        tags = tagged(
            sorted(gold, key=lambda place: (-(place.last - place.first), place)), len(page.words), ends=ends
        )
        seen.update(tags)
        for (first, last), sentence in zip(page.sentences, features, strict=True):
            if sentence:
                trainer.append(sentence, tags[first:last])
    if set(seen) <= {OUTSIDE}:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model")
        trainer.train(str(path))
        return path.read_bytes()


def untagged(tags: Sequence[str]) -> list[Place]:
    """Read the places that tags write; what begins inside counts as a beginning."""
    found: list[Place] = []
    begun = -1
    label = ""
    for at, tag in enumerate([*tags, OUTSIDE]):
        goes_on = tag[:2] in {"I-", "L-"} and tag[2:] == label
        if begun >= 0 and not goes_on:
            found.append(Place(begun, at, label))
            begun, label = -1, ""
        if tag != OUTSIDE and begun < 0:
            begun, label = at, tag[2:]
        if tag[:2] in {"U-", "L-"} and begun >= 0:
            found.append(Place(begun, at + 1, label))
            begun, label = -1, ""
    return found


def _moved(place: Place, by: int) -> Place:
    return Place(place.first + by, place.last + by, place.label)
