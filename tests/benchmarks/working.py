"""Lets a simulated annotator work through a corpus in a real project, and counts before each document is learnt.

Three ways: from nothing (all suggesters off), with the start pipeline alone (nothing is learnt), and with what learns.
The project, the session, suggesting, learning and editing are the program's own; what a document shows is what is
stored and shown when it is opened. As in the window, the next document is open before the last one is learnt, so that
its candidates are those made after the last but one.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from unittest.mock import patch

from annotator.model.annotation import RelationKey
from annotator.model.record import Record
from annotator.suggest import engine
from annotator.suggest.base import Text
from annotator.suggest.hints import Heard
from annotator.suggest.spacy_pipeline import PipelineSuggester
from annotator.workflows import learning
from annotator.workflows.fine_tuning import FineTuneReport, fine_tune_ahead
from annotator.workflows.importing import ImportOptions, import_records
from annotator.workflows.learning import learn_ahead
from annotator.workflows.projects import new_project
from annotator.workflows.reporting import silent
from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.suggesting import suggest
from tests.benchmarks.annotator import Annotator, Step
from tests.benchmarks.at_work import SessionHands
from tests.benchmarks.learning_corpora import Annotated, Corpus
from tests.benchmarks.needs import WEIGHTS, Gold, actions, gold_of, needs_of

BORDERS = (10, 25, 50, 100, 200, 400)
"""Documents after which a bucket ends."""
FEW = 20
"""Documents below which buckets are smaller."""
WAYS = {
    "nothing": SuggestSettings(uses_pipeline=False, roles=False, relations=False, learns=False),
    "start": SuggestSettings(relations=False, learns=False),
    "learnt": SuggestSettings(relations=False),
}
"""What proposes candidates, for each way of working."""
FINE_TUNED = "fine-tuned"
"""One more way, where it is asked for: what learns, with the pipeline fine-tuned as soon as it may be."""


@dataclass(slots=True)
class Tally:
    """What was shown in some documents, and what it cost to put it right.

    Args:
        right, shown, gold: spans, or relations. actions: of what was shown. done: of what was done, which is less where
            one decision brought others. presses: of keys. tokens, documents: worked through.
    """

    right: int = 0
    shown: int = 0
    gold: int = 0
    actions: int = 0
    done: int = 0
    presses: int = 0
    tokens: int = 0
    documents: int = 0

    def merge(self, other: Tally) -> None:
        """Add another tally."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def f1(self) -> float:
        """Give the exact F1 of what was shown; 1 where there was nothing to find and nothing shown."""
        return 2 * self.right / (self.shown + self.gold) if self.shown + self.gold else 1.0

    def per_tokens(self, name: str) -> float:
        """Give `actions`, `done` or `presses` for 100 tokens."""
        return 100 * float(getattr(self, name)) / max(self.tokens, 1)


@dataclass(slots=True)
class Bucket:
    """A stretch of documents, and what each way of working took there."""

    first: int
    last: int
    ways: dict[str, Tally] = field(default_factory=dict)


@dataclass(slots=True)
class Course:
    """All buckets of a corpus, and what it took to learn.

    Args:
        learning: for each document (documents so far, seconds, was trained). fine_tuning: for each time (processor
            seconds, what came of it).
    """

    buckets: list[Bucket]
    learning: list[tuple[int, float, bool]] = field(default_factory=list)
    fine_tuning: list[tuple[float, FineTuneReport]] = field(default_factory=list)

    def add(self, way: str, rows: Sequence[Tally]) -> None:
        """Take what each document of an order took."""
        for place, tally in enumerate(rows):
            bucket = next(each for each in self.buckets if each.first <= place < each.last)
            bucket.ways.setdefault(way, Tally()).merge(tally)


def simulate(corpus: Corpus, *, orders: int, fine_tunes: bool = False) -> Course:
    """Work through a corpus in its own order and in shuffled ones; the buckets hold all of them together.

    `fine_tunes`: once more with the pipeline fine-tuned between documents, as if the person rested whenever it is due.
    """
    documents = corpus.documents
    course = course_of(len(documents))
    with remembering_pipeline():
        alone = {name: _work(corpus, documents, WAYS[name]) for name in WAYS if not WAYS[name].learns}
        for numbers in shuffles(len(documents), orders):
            for name, rows in alone.items():
                course.add(name, [rows[each] for each in numbers])
            ordered = [documents[each] for each in numbers]
            course.add("learnt", _work(corpus, ordered, WAYS["learnt"], course))
            if fine_tunes:
                settings = replace(WAYS["learnt"], fine_tunes=True)
                course.add(FINE_TUNED, _work(corpus, ordered, settings, course))
    return course


def course_of(documents: int) -> Course:
    """Give an empty course for so many documents."""
    return Course([Bucket(first, last) for first, last in ranges(documents)])


def shuffles(documents: int, orders: int) -> Iterator[list[int]]:
    """Give so many orders of documents: their own, then shuffled ones, always the same."""
    for order in range(orders):
        numbers = list(range(documents))
        if order:
            random.Random(order).shuffle(numbers)
        yield numbers


def _work(
    corpus: Corpus, documents: Sequence[Annotated], settings: SuggestSettings, course: Course | None = None
) -> list[Tally]:
    """Work through documents in a project of their own; give what each took."""
    with project_of(corpus, documents, settings) as session:
        keys = session.document_keys()
        suggest(session, documents=keys[:2] if settings.learns else keys)
        found = []
        for number, (key, document) in enumerate(zip(keys, documents, strict=True)):
            found.append(work_on(session, key, gold_of(document.gold, (), session.schema)))
            if course is not None:
                learn_and_go_on(session, number, course)
    return found


def learn_and_go_on(session: Session, number: int, course: Course) -> None:
    """Learn what was finished, the next document being open, and note how long that took."""
    keys = session.document_keys()
    opened = keys[min(number + 1, len(keys) - 1)]
    began = time.perf_counter()
    told = learn_ahead(session, opened=lambda: opened)
    if not session.suggest_settings().fine_tunes:
        course.learning.append((number + 1, time.perf_counter() - began, bool(told.trainings)))
        return
    began = time.process_time()
    tuned = fine_tune_ahead(session, opened=lambda: opened)
    if tuned.documents:
        course.fine_tuning.append((time.process_time() - began, tuned))


def work_on(session: Session, key: int, gold: Gold) -> Tally:
    """Count what a document shows, and work through it.

    Raises:
        AssertionError: what is accepted then is not the gold.
    """
    annotations = session.annotations(key)
    shown = {each.best.what for each in annotations.undecided}
    needs = needs_of(annotations, gold, session.schema)
    steps = Annotator(gold).work(SessionHands(session, key))
    after = {span.identity for span in session.annotations(key).spans}
    assert after == gold.spans, f"not the gold: {after ^ gold.spans}"
    return Tally(
        right=len(shown & gold.spans),
        shown=len(shown),
        gold=len(gold.spans),
        actions=actions(needs),
        done=weight(steps),
        presses=sum(each.presses for each in steps),
        tokens=len(session.tokens(key)),
        documents=1,
    )


def relations_in(session: Session, key: int) -> frozenset[RelationKey]:
    """Give the accepted relations of a document, as the gold has them."""
    annotations = session.annotations(key)
    spans = {span.key: span.identity for span in annotations.spans}
    found = (RelationKey(spans[each.head], spans[each.child], each.label) for each in annotations.relations)
    return gold_of((), found, session.schema).relations


def weight(steps: Sequence[Step]) -> int:
    """Count the actions of what was done."""
    return sum(WEIGHTS[each.act] for each in steps)


def ranges(documents: int) -> Iterator[tuple[int, int]]:
    """Cut so many documents into buckets: first, last + 1; a small rest goes with the bucket before it."""
    first = 0
    for border in (*((5,) if documents < FEW else ()), *BORDERS, documents):
        last = documents if documents - border < border / 5 else border
        if last > first:
            yield first, last
        first = last


# --------------------------------------------------------------------------- the project


@contextmanager
def project_of(
    corpus: Corpus, documents: Sequence[Annotated], settings: SuggestSettings
) -> Iterator[Session]:
    """Make a project of documents, none of them decided in, and give it open; what it learns goes with it.

    Only the very next document to open gets new candidates after each: those that the window makes anew further on are
    made anew once more before they are opened, and would cost the measuring ten times the time.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict("os.environ", ANNOTATOR_SETTINGS=str(Path(folder, "settings"))),
        patch.object(learning, "AHEAD", 1),
        closing(
            new_project(
                Path(folder, "work.annot"),
                name=corpus.name,
                schema=corpus.schema,
                language="en",
                annotator="Mara",
            )
        ) as session,
    ):
        session.set_suggest_settings(settings)
        bring(session, documents)
        yield session


def bring(session: Session, documents: Sequence[Annotated]) -> None:
    """Import texts with their tokens."""
    records = [
        Record(text=each.text.text, source=str(number), language=each.text.language, tokens=each.text.tokens)
        for number, each in enumerate(documents)
    ]
    import_records(session, "Import", records, options=ImportOptions(on_duplicate="keep"), report=silent)


@contextmanager
def remembering_pipeline() -> Iterator[None]:
    """Let the start pipeline read each text once: it says the same every time, and is not what is measured here."""
    known: dict[tuple[str, str, tuple[int, ...]], Heard] = {}

    class Remembering(PipelineSuggester):
        def hear(self, texts: Sequence[Text], *, vectors: bool) -> list[Heard]:
            kinds = repr((self.name, sorted(self.mapping.items())))
            names = [(kinds, each.text, tuple(each.tokens.starts)) for each in texts]
            new = [number for number, name in enumerate(names) if name not in known]
            for number, heard in zip(
                new, super().hear([texts[each] for each in new], vectors=True), strict=True
            ):
                known[names[number]] = heard
            return [
                Heard(
                    text=text,
                    hints=known[name].hints,
                    vectors=known[name].vectors if vectors else b"",
                    skipped=known[name].skipped,
                    misaligned=known[name].misaligned,
                )
                for text, name in zip(texts, names, strict=True)
            ]

    with patch.object(engine, "PipelineSuggester", Remembering):
        yield
