"""A simulated annotator: works through a corpus, and every candidate is counted before its document is learnt.

What it costs to mend a document is told in actions: what is right is accepted by finishing the document; what is wrong
is rejected, relabelled or given other borders; what is missing is marked and labelled.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from annotator.model.annotation import SpanKey, overlaps, surface
from annotator.model.candidate import SHOWN
from annotator.suggest.base import Settings, Text
from annotator.suggest.engine import hear_all
from annotator.suggest.hints import Heard, key_of, proposals_of
from annotator.suggest.learning.learner import Learner, chosen
from annotator.suggest.learning.pages import Lesson, Page, Place, page_of, place_of
from annotator.suggest.selecting import selected
from annotator.workflows.same_words import places_of
from tests.benchmarks.learning_corpora import Corpus

BORDERS = (10, 25, 50, 100, 200, 400)
"""Documents after which a bucket ends."""
FINISH, REJECT, RELABEL, REDRAW, ADD = 1, 2, 2, 3, 4
"""Actions for a document, for a wrong candidate, a wrong label, wrong borders, and for a span that is missing."""


@dataclass(slots=True)
class Tally:
    """What was shown in some documents, and what it cost to put it right."""

    right: int = 0
    shown: int = 0
    gold: int = 0
    actions: float = 0
    spread: float = 0
    tokens: int = 0
    documents: int = 0

    def add(self, shown: frozenset[SpanKey], gold: frozenset[SpanKey], text: Text) -> None:
        """Count one document."""
        self.right += len(shown & gold)
        self.shown += len(shown)
        self.gold += len(gold)
        self.actions += actions(shown, gold)
        self.spread += actions(shown, gold, text)
        self.tokens += len(text.tokens)
        self.documents += 1

    def merge(self, other: Tally) -> None:
        """Add another tally."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def f1(self) -> float:
        """Give the exact F1 of what was shown; 1 where there was nothing to find and nothing shown."""
        return 2 * self.right / (self.shown + self.gold) if self.shown + self.gold else 1.0

    @property
    def effort(self) -> float:
        """Give the actions for 100 tokens."""
        return 100 * self.actions / max(self.tokens, 1)

    @property
    def spread_effort(self) -> float:
        """Give the actions for 100 tokens where what is decided is proposed at the same words."""
        return 100 * self.spread / max(self.tokens, 1)


@dataclass(slots=True)
class Bucket:
    """A stretch of documents, three ways of working: from nothing, with the start pipeline, with what learns."""

    first: int
    last: int
    nothing: Tally = field(default_factory=Tally)
    start: Tally = field(default_factory=Tally)
    learnt: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class Course:
    """All buckets of a corpus, and how long refits took: (documents, seconds)."""

    buckets: list[Bucket] = field(default_factory=list)
    refits: list[tuple[int, float]] = field(default_factory=list)


def actions(shown: frozenset[SpanKey], gold: frozenset[SpanKey], text: Text | None = None) -> int:
    """Count the actions that make the gold of what is shown, with the finishing of the document.

    With a text, what is decided is proposed at the same words as the window does it: what is right of that needs no
    action, what is wrong is rejected.
    """
    missing = set(gold - shown)
    total = FINISH
    for wrong in sorted(shown - gold):
        same = next((each for each in sorted(missing) if each.fragments == wrong.fragments), None)
        across = next((each for each in sorted(missing) if overlaps(each.fragments, wrong.fragments)), None)
        mended = same or across
        total += RELABEL if same else REDRAW if across else REJECT
        if mended is not None:
            missing.remove(mended)
    if text is None:
        return total + ADD * len(missing)
    taken = [*shown, *gold]
    proposed: set[SpanKey] = set()
    for span in sorted(gold, key=lambda each: each.fragments):
        if span in missing and span not in proposed:
            total += ADD
        words = surface(text.text, span.fragments)
        alike = {SpanKey(place, span.label) for place in places_of(text.text, text.tokens, words)}
        new = alike - proposed - shown
        proposed |= new
        free = [
            each for each in new - gold if not any(overlaps(each.fragments, key.fragments) for key in taken)
        ]
        total += REJECT * len(free)
    return total


def heard_in(corpus: Corpus) -> list[Heard]:
    """Run what does not learn over a corpus, once."""
    return hear_all([each.text for each in corpus.documents], Settings(schema=corpus.schema), vectors=True)


def simulate(corpus: Corpus, heard: Sequence[Heard], *, orders: int) -> Course:
    """Work through a corpus in its own order and in shuffled ones; the buckets hold all of them together."""
    course = Course()
    settings = Settings(schema=corpus.schema, readings=False)
    start = [
        _keys(selected(each.text, proposals_of(each), settings, least=SHOWN).proposals) for each in heard
    ]
    pages = [page_of(each) for each in heard]
    for order in range(orders):
        numbers = list(range(len(corpus.documents)))
        if order:
            random.Random(order).shuffle(numbers)
        _work(corpus, pages, start, numbers, course)
    return course


def _work(
    corpus: Corpus,
    pages: Sequence[Page],
    start: Sequence[frozenset[SpanKey]],
    numbers: Sequence[int],
    course: Course,
) -> None:
    learner = Learner()
    for done, number in enumerate(numbers):
        document = corpus.documents[number]
        text = document.text
        shown = _shown(learner, text, pages[number]) if learner.lessons else start[number]
        bucket = _bucket(course, done, len(numbers))
        bucket.nothing.add(frozenset(), document.gold, text)
        bucket.start.add(start[number], document.gold, text)
        bucket.learnt.add(shown, document.gold, text)
        rejected = _places(sorted(shown - document.gold), text)
        learner.learn(
            Lesson(page=pages[number], gold=_places(sorted(document.gold), text), rejected=rejected)
        )
        if learner.is_due:
            began = time.perf_counter()
            learner.train()
            course.refits.append((done + 1, time.perf_counter() - began))


def _shown(learner: Learner, text: Text, page: Page) -> frozenset[SpanKey]:
    found = chosen(learner.propose(page), least=SHOWN)
    return frozenset(key_of(text, *each.place) for each in found)


def _bucket(course: Course, done: int, documents: int) -> Bucket:
    first, last = next((first, last) for first, last in _ranges(documents) if first <= done < last)
    found = next((each for each in course.buckets if each.first == first), None)
    if found is None:
        found = Bucket(first, last)
        course.buckets.append(found)
    return found


def _ranges(documents: int) -> Iterator[tuple[int, int]]:
    first = 0
    for border in (*BORDERS, documents):
        last = min(border, documents)
        if last > first:
            yield first, last
        first = last


def _keys(proposals: Iterable[object]) -> frozenset[SpanKey]:
    return frozenset(each.what for each in proposals)  # type: ignore[attr-defined]


def _places(keys: Iterable[SpanKey], text: Text) -> tuple[Place, ...]:
    found = (place_of(key, text.tokens) for key in keys)
    return tuple(each for each in found if each is not None)
