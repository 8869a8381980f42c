"""Teaches the learner what was decided, and asks it about texts: the way between texts and pages.

What learns stands in `learning/`; where its state is kept is said by `Settings.learnt`. Which decisions are handed over
here, and when, is the matter of whoever calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from annotator.model.annotation import SpanKey
from annotator.model.candidate import Proposal
from annotator.model.errors import UserError
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.hints import Heard, key_of
from annotator.suggest.learning import keeping
from annotator.suggest.learning.learner import Learner
from annotator.suggest.learning.pages import Lesson, page_of, place_of
from annotator.suggest.learning.ranking import Ranked
from annotator.suggest.relations import RelationSuggester
from annotator.suggest.selecting import selected
from annotator.suggest.ties import said_of, ties_of

READ = 0.1
"""Spans scored below this are not even readings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A document that a person finished.

    Args:
        text: with what was accepted and rejected in it.
        evidence: tells these decisions from any others of this document.
    """

    text: Text
    evidence: str


class LearningError(UserError):
    """What was learnt cannot be kept."""


Hear = Callable[[Sequence[Text]], list[Heard]]
"""Asks whatever does not learn about texts."""


def teach(
    decided: Sequence[Decided],
    settings: Settings,
    *,
    hear: Hear,
    anew: bool,
    note: Callable[[int], None],
) -> int:
    """Take in finished documents, in their order, and keep what was learnt; give how often the tagger was trained.

    Args:
        decided: the documents. settings: what the suggesters are told, and where the learnt state is kept.
        hear: asks the other suggesters. anew: begin from nothing. note: is told each document before it is learnt.

    Raises:
        LearningError: the learnt state cannot be written.
    """
    learner = (None if anew else keeping.taken(settings.learnt)) or Learner()
    blank = [replace(each.text, accepted=(), rejected=(), related=()) for each in decided]
    patterns = RelationSuggester(settings)
    trainings = 0
    for one, heard in zip(decided, hear(blank), strict=True):
        note(one.text.document)
        learner.learn(_lesson(one, heard, settings, patterns))
        if learner.is_due:
            learner.train()
            trainings += 1
    try:
        keeping.keep(learner, settings.learnt, settings=settings.digest)
    except OSError as error:
        raise LearningError(
            f"What was learnt cannot be written to {settings.learnt}: {error.strerror or error}.",
            "Make room there, or switch learning off; candidates stay as they were.",
        ) from error
    return trainings


def proposed(heard: Heard, learner: Learner, settings: Settings) -> Suggestions:
    """Propose for one text what the learner ranks highest, each with the reasons of all who speak for it."""
    page = page_of(heard)
    sources = learner.believed(page)
    found: list[Proposal] = []
    for each in learner.rank(sources):
        if each.score < READ:
            break
        found += _proposals(heard.text, each, learner.reasons(each.place, sources))
    answer = Suggestions(
        document=heard.text.document,
        proposals=tuple(found),
        skipped=heard.skipped,
        misaligned=heard.misaligned,
    )
    return selected(heard.text, answer, settings, nested=frozenset(learner.records.nested))


def _proposals(text: Text, ranked: Ranked, reasons: Sequence[tuple[str, str]]) -> list[Proposal]:
    what = key_of(text, *ranked.place)
    score = round(ranked.score, 3)
    return [
        Proposal(what=what, suggester=suggester, score=score, reason=reason) for suggester, reason in reasons
    ]


def _lesson(decided: Decided, heard: Heard, settings: Settings, patterns: RelationSuggester) -> Lesson:
    text = decided.text
    places = (
        [place for key in keys if (place := place_of(key, text.tokens)) is not None]
        for keys in (sorted(text.accepted), _without(text.rejected, text.accepted))
    )
    gold, rejected = map(tuple, places)
    return Lesson(
        page=page_of(heard),
        gold=gold,
        rejected=rejected,
        relations=ties_of(text, text.related, settings.schema),
        said=said_of(text, patterns.propose_between(text, ()).proposals, settings.schema),
        evidence=decided.evidence,
    )


def _without(keys: Sequence[SpanKey], others: Sequence[SpanKey]) -> list[SpanKey]:
    return sorted(set(keys) - set(others))
