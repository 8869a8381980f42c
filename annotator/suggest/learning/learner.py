"""Puts what learns together: lessons go in one after the other, ranked spans for other documents come out.

The state is a function of the lessons in their order: before a document is learnt, every source says what it thinks
of it, and how often it was right is counted; the tagger is trained anew after the first documents and then
whenever there are half as many again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotator.suggest.learning.advising import Adviser
from annotator.suggest.learning.features import Features, page_features
from annotator.suggest.learning.memory import Memory, folded, longest
from annotator.suggest.learning.pages import Advice, Lesson, Page, Place
from annotator.suggest.learning.ranking import Ranked, Sources, ranked, started
from annotator.suggest.learning.reasons import reason_of_advice, reasons
from annotator.suggest.learning.records import ADVISER, MEMORY, TAGGER, Records
from annotator.suggest.learning.relating import Relations
from annotator.suggest.learning.scaling import Scale, scale_of
from annotator.suggest.learning.tagger import Tagger, Tagging, train

EVERY = 6
"""Documents up to which the tagger is trained after each."""
GROWTH = 1.5
"""How many times the documents of the last training there must be for the next."""

FEWEST = 2
"""Spans from which on the tagger is heard. One alone, in a short text, let it propose every third word of the next."""
LARGEST = 4_000_000
"""Tokens times labels that the tagger is trained on at most: some half a minute."""
SMALL = 8_000
"""Tokens up to which the tagger is told vectors: later it knows enough words, and numbers make training slow."""
QUICK, FEW_LABELS = 200_000, 4
"""Tokens times labels up to which it is told them all the same, since training is quick; so many labels at least."""


@dataclass(frozen=True, slots=True)
class Trained:
    """The tagger in use, what it takes vectors by, and after how many documents it was trained."""

    tagger: Tagger
    scale: Scale | None
    documents: int


class Learner:
    """What was learnt from a row of lessons."""

    def __init__(self) -> None:
        self.labels: set[str] = set()
        self.lessons: list[Lesson] = []
        self.memory = Memory()
        self.alike = Memory()
        self.records = Records()
        self.relations = Relations()
        self.trained: Trained | None = None
        self.adviser = Adviser()

    def learn(self, lesson: Lesson) -> None:
        """Take in a finished document; what the sources say of it beforehand tells how good they are."""
        page = lesson.page
        sources = self.sources(page)
        self._judge(sources, frozenset(lesson.gold))
        self.records.learn_hints(page.hints, lesson.gold)
        self.records.learn_gold(page.words, lesson.gold)
        self.remember(lesson)

    def remember(self, lesson: Lesson) -> None:
        """Take the words of a finished document into memory, without counting how good the sources are."""
        page = lesson.page
        self.memory.learn(page.document, page.words, lesson.gold, lesson.rejected)
        self.alike.learn(page.document, folded(page.words), lesson.gold)
        self.relations.learn(lesson)
        self.labels.update(place.label for place in lesson.gold)
        self.lessons.append(lesson)

    @property
    def is_due(self) -> bool:
        """Tell whether enough was learnt since the last training for another one."""
        before = self.trained.documents if self.trained else 0
        documents = len(self.lessons)
        return documents > before and (documents <= EVERY or documents >= GROWTH * before)

    def train(self) -> None:
        """Train tagger and classifier anew on all lessons, the tagger on the newest of very many.

        One in use stays where there is nothing to learn from.
        """
        lessons = self._newest(LARGEST // max(len(self.labels), 1))
        tokens = sum(len(lesson.page.words) for lesson in lessons)
        scale = scale_of([lesson.page for lesson in lessons]) if self._takes_vectors(tokens) else None
        examples = (
            (lesson.page, self._features(lesson.page, scale, known_to=lesson.page.document), lesson.gold)
            for lesson in lessons
        )
        model = train(examples, labels=len(self.labels), tokens=tokens)
        if model is not None:
            self.trained = Trained(Tagger(model), scale, len(self.lessons))
        self.relations.train(self.lessons)

    def _newest(self, tokens: int) -> list[Lesson]:
        """Give the newest lessons with so many tokens together, at least one, in their order."""
        found: list[Lesson] = []
        for lesson in reversed(self.lessons):
            tokens -= len(lesson.page.words)
            if tokens < 0 and found:
                break
            found.append(lesson)
        return found[::-1]

    def sources(self, page: Page) -> Sources:
        """Ask all sources about a document that was not learnt."""
        tagging: Tagging | None = None
        if self.trained is not None:
            tagging = self.trained.tagger.tag(page, self._features(page, self.trained.scale))
        return Sources(
            page=page,
            start=started(page, self.records),
            matches=self.memory.matches(page.words),
            alike=self.alike.matches(folded(page.words)),
            tagging=tagging,
        )

    def believed(self, page: Page) -> Sources:
        """Ask those sources that have something to go by: what a tagger makes of a single span is chance."""
        sources = self.sources(page)
        return sources if self.records.experience >= FEWEST else replace(sources, tagging=None)

    def propose(self, page: Page) -> list[Ranked]:
        """Give every span and label that any source proposes with its probability, best first."""
        return self.rank(self.believed(page))

    def rank(self, sources: Sources) -> list[Ranked]:
        """Give every span and label that one of the sources proposes with its probability, best first."""
        advice = sources.page.advice
        if advice is None:
            return ranked(sources, self.records, self.memory)
        found = ranked(sources, self.records, self.memory, also=advice.places)
        return self._adviser(advice).weighed(found, advice)

    def reasons(self, place: Place, sources: Sources) -> list[tuple[str, str]]:
        """Give suggester and reason for each source that proposes a span."""
        trained = self.trained.documents if self.trained else 0
        found = reasons(place, sources, self.records, self.memory, trained=trained)
        advice = sources.page.advice
        if advice is not None and place in advice.places:
            found.append((ADVISER, reason_of_advice(place, advice, self._adviser(advice).records)))
        return found

    @property
    def wants_vectors(self) -> bool:
        """Tell whether the tagger in use, or the next one, takes vectors."""
        if self.trained is not None and self.trained.scale is not None:
            return True
        return self._takes_vectors(sum(len(lesson.page.words) for lesson in self.lessons))

    def _takes_vectors(self, tokens: int) -> bool:
        return tokens <= SMALL or tokens * max(len(self.labels), FEW_LABELS) <= QUICK

    def _features(self, page: Page, scale: Scale | None, *, known_to: int | None = None) -> Features:
        return page_features(
            page,
            [Place(each.first, each.last, each.said) for each in page.hints],
            known=longest(self.memory.matches(page.words, without=known_to)),
            alike=longest(self.alike.matches(folded(page.words), without=known_to)),
            scale=scale,
        )

    def _adviser(self, advice: Advice) -> Adviser:
        """Give what is known of the fine-tuned pipeline that gave an advice."""
        return self.adviser if self.adviser.made == advice.made else Adviser.of(advice)

    def _judge(self, sources: Sources, gold: frozenset[Place]) -> None:
        advice = sources.page.advice
        if advice is not None:
            found = self.rank(sources)
            self.adviser = self._adviser(advice)
            self.adviser.judge(found, advice, gold)
        if self.lessons:
            for each in ranked(sources, self.records, self.memory):
                self.records.promises[each.company].count(each.promised, right=each.place in gold)
        for place, start in sources.start.items():
            self.records.count(start.hint.source, start.hint.said, right=place in gold)
        for match in longest(sources.matches):
            place = Place(match.first, match.last, match.best)
            self.records.count(MEMORY, match.best, right=place in gold)
        if sources.tagging is not None:
            for place in sources.tagging.best:
                self.records.count(TAGGER, place.label, right=place in gold)
