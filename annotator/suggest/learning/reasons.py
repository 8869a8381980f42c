"""Says in words why a span is proposed: one line for each source that speaks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.model.wording import counted
from annotator.suggest.learning.memory import Match, Memory
from annotator.suggest.learning.pages import Advice, Place
from annotator.suggest.learning.ranking import Sources, Start
from annotator.suggest.learning.records import ADVISER, MEMORY, TAGGER, Records

TOLD_FROM = 5
"""Times a source must have said something before its share is told."""
_SURE, _LIKELY = 0.8, 0.5


def reasons(
    place: Place, sources: Sources, records: Records, memory: Memory, *, trained: int
) -> list[tuple[str, str]]:
    """Give suggester and reason for each source that proposes a span; `trained`: documents the tagger learnt from."""
    found = [*_of_start(place, sources, records), *_of_memory(place, sources, memory)]
    tagging = sources.tagging
    if tagging is not None:
        probability = tagging.best.get(place, tagging.soft.get(place))
        if probability is not None:
            found.append((TAGGER, _of_tagger(place, probability, trained)))
    words = sources.page.words[place.first : place.last]
    rejected = memory.rejected(words, place.label)
    if rejected and found:
        found[0] = (found[0][0], f"{found[0][1]}; rejected {_times(rejected)} before")
    return found


def _of_start(place: Place, sources: Sources, records: Records) -> Iterator[tuple[str, str]]:
    start: Start | None = sources.start.get(place)
    if start is None:
        return
    hint = start.hint
    reason = hint.reason
    if hint.label != place.label:
        reason += f", which is mostly {place.label} here"
    yield hint.source, reason if hint.is_measured else reason + _share(records, hint.source, hint.said)


def _share(records: Records, source: str, said: str) -> str:
    tally = records.labels.get((source, said))
    if tally is None or tally.said < TOLD_FROM:
        return ""
    return f", right {100 * tally.right / tally.said:.0f} % of the time here"


def _of_memory(place: Place, sources: Sources, memory: Memory) -> Iterator[tuple[str, str]]:
    match = _matching(place, sources.matches)
    if match is not None:
        words = sources.page.words[place.first : place.last]
        inside = counted(memory.documents_with(words, place.label), "document")
        yield MEMORY, f"{_accepted(match, place.label)} ({inside})"
        return
    match = _matching(place, sources.alike)
    if match is not None:
        yield MEMORY, f"in another form {_accepted(match, place.label)}"


def _matching(place: Place, matches: Sequence[Match]) -> Match | None:
    return next(
        (
            each
            for each in matches
            if (each.first, each.last) == (place.first, place.last) and place.label in each.labels
        ),
        None,
    )


def _accepted(match: Match, label: str) -> str:
    count = match.labels[label]
    if match.seen == 1:
        return f"accepted once as {label}"
    return f"accepted {count:,} of {match.seen:,} times as {label}"


def _of_tagger(place: Place, probability: float, trained: int) -> str:
    sure = "is sure of" if probability >= _SURE else "expects" if probability >= _LIKELY else "thinks of"
    return f"the tagger, learnt from {counted(trained, 'document')} here, {sure} {place.label}"


def reason_of_advice(place: Place, advice: Advice, records: Records) -> str:
    """Say that the fine-tuned pipeline speaks for a span, and how often it was right with this label."""
    documents = counted(advice.documents, "document")
    share = _share(records, ADVISER, place.label)
    return f"the spaCy pipeline, fine-tuned on {documents} here, says {place.label}{share}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")
