"""Measures learnt relations: candidates are counted before their document is learnt, beside patterns alone.

Run by hand: `python -m tests.benchmarks.relations_bench [corpus ...]`. Nothing is asserted. Each corpus is worked
through in its own order and in one shuffled; entities are those of the gold, or those that learning would show (score
of .5 and more), so that a relation then is right only where both its ends are.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from annotator.model.schema import RelationType, Schema
from annotator.suggest.base import Settings
from annotator.suggest.hints import Heard, key_of
from annotator.suggest.learning.learner import Learner, chosen
from annotator.suggest.learning.pages import Lesson, Page, Place, Tie, page_of, place_of
from annotator.suggest.learning.relating import SHOWN_EARLY
from annotator.suggest.relations import LIKELY, RelationSuggester
from annotator.suggest.ties import said_of, ties_of
from tests.benchmarks.learning_corpora import Annotated, Corpus, corpora
from tests.benchmarks.learning_simulation import heard_in

CORPORA = ("seeds", "rel_component", "re3d", "materials")
BORDERS = (10, 25, 50, 100, 1000)
"""Documents after which a bucket ends."""


@dataclass(slots=True)
class Tally:
    """Relations that were right, shown, and true."""

    right: int = 0
    shown: int = 0
    gold: int = 0

    def add(self, shown: set[Tie], gold: set[Tie]) -> None:
        """Count one document."""
        self.right += len(shown & gold)
        self.shown += len(shown)
        self.gold += len(gold)

    @property
    def f1(self) -> float:
        """Give the exact F1."""
        total = self.shown + self.gold
        return 2 * self.right / total if total else 1.0


@dataclass(slots=True)
class Bucket:
    """A stretch of documents: patterns alone, what is learnt, and what is learnt between candidates."""

    patterns: Tally = field(default_factory=Tally)
    learnt: Tally = field(default_factory=Tally)
    among_candidates: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class Known:
    """A document with all that does not change from order to order."""

    document: Annotated
    page: Page
    gold: tuple[Place, ...]
    ties: tuple[Tie, ...]
    said: tuple[tuple[Tie, float], ...]


def measure(corpus: Corpus, *, orders: int = 2) -> Iterator[str]:
    """Measure a corpus, and give its lines."""
    schema = _with_relations(corpus)
    patterns = RelationSuggester(Settings(schema=schema))
    known = [
        _known(document, heard, patterns, schema)
        for document, heard in zip(corpus.documents, heard_in(corpus), strict=True)
    ]
    buckets: dict[int, Bucket] = {}
    slowest = 0.0
    for order in range(orders):
        numbers = list(range(len(known)))
        if order:
            random.Random(order).shuffle(numbers)
        slowest = max(slowest, _work([known[each] for each in numbers], patterns, schema, buckets))
    total = sum(len(each.ties) for each in known)
    yield f"{corpus.name}: {len(known)} documents, {total:,} relations; slowest training {slowest:.1f} s"
    for last, bucket in sorted(buckets.items()):
        tallies = (bucket.patterns, bucket.learnt, bucket.among_candidates)
        f1 = "  ".join(f"{100 * each.f1:5.1f}" for each in tallies)
        what = "patterns, learnt, among candidates"
        yield f"  up to {min(last, len(known)):4}: {what}: {f1}  ({bucket.learnt.gold} true)"


def _work(
    row: Sequence[Known], patterns: RelationSuggester, schema: Schema, buckets: dict[int, Bucket]
) -> float:
    learner = Learner()
    slowest = 0.0
    for done, each in enumerate(row):
        bucket = buckets.setdefault(next(border for border in BORDERS if done < border), Bucket())
        gold = set(each.ties)
        bucket.patterns.add({tie for tie, score in each.said if score >= SHOWN_EARLY}, gold)
        found = learner.relations.propose(each.page, each.gold, each.said)
        bucket.learnt.add({related.tie for related in found}, gold)
        bucket.among_candidates.add(_among_candidates(each, learner, patterns, schema), gold)
        learner.learn(Lesson(page=each.page, gold=each.gold, relations=each.ties, said=each.said))
        if learner.is_due:
            began = time.perf_counter()
            learner.train()
            slowest = max(slowest, time.perf_counter() - began)
    return slowest


def _among_candidates(each: Known, learner: Learner, patterns: RelationSuggester, schema: Schema) -> set[Tie]:
    places = [ranked.place for ranked in chosen(learner.propose(each.page), least=LIKELY)]
    text = each.document.text
    there = replace(text, accepted=tuple(sorted(key_of(text, *place) for place in places)))
    said = said_of(there, patterns.propose_between(there, ()).proposals, schema)
    return {related.tie for related in learner.relations.propose(each.page, places, said)}


def _known(document: Annotated, heard: Heard, patterns: RelationSuggester, schema: Schema) -> Known:
    text = replace(document.text, accepted=tuple(sorted(document.gold)))
    places = (place_of(key, text.tokens) for key in text.accepted)
    return Known(
        document=document,
        page=page_of(heard),
        gold=tuple(sorted(place for place in places if place is not None)),
        ties=ties_of(text, document.relations, schema),
        said=said_of(text, patterns.propose_between(text, ()).proposals, schema),
    )


def _with_relations(corpus: Corpus) -> Schema:
    """Give the corpus's schema, with a type for every relation in it."""
    known = {each.name for each in corpus.schema.relations}
    labels = {each.label for document in corpus.documents for each in document.relations}
    more = tuple(RelationType(name=label) for label in sorted(labels - known))
    return Schema(corpus.schema.entities, (*corpus.schema.relations, *more))


def main() -> None:
    """Measure the corpora that the command line names, or all."""
    for corpus in corpora(sys.argv[1:] or CORPORA):
        for line in measure(corpus):
            print(line, flush=True)


if __name__ == "__main__":
    main()
