"""What suggesters say before anything is chosen: hints, counted in tokens, and all hints of one text.

Pure functions; they change hints of suggesters into proposals and back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.model.annotation import SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.suggest.base import Suggestions, Text

if TYPE_CHECKING:
    from annotator.suggest.learning.pages import Advice


@dataclass(frozen=True, slots=True)
class Hint:
    """What a suggester that does not learn says of some tokens.

    Args:
        first, last: tokens, `last` exclusive. label: the project's label, empty where the schema has none for it.
        source: name of the suggester. said: its own word for it, e.g. the label of a pipeline.
        score: its own score, 0 to 1. reason: why, in words.
        is_measured: the score is how often this was right in this project, and the reason tells it.
    """

    first: int
    last: int
    label: str
    source: str
    said: str
    score: float
    reason: str = ""
    is_measured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All that was said of a text.

    Args:
        text: that text. hints: spans, also those whose label stands for none of the project's.
        vectors: what each of the text's tokens looks like in its surroundings, as signed bytes, equally many for each
            token; empty where they were not asked for or nobody can tell.
        advice: what the fine-tuned pipeline says; None where none was asked.
        skipped, misaligned: as in `Suggestions`.
    """

    text: Text
    hints: tuple[Hint, ...] = ()
    vectors: bytes = b""
    advice: Advice | None = None
    skipped: str = ""
    misaligned: int = 0


def joined(first: Heard, second: Heard) -> Heard:
    """Put together what was said of the same text twice."""
    return Heard(
        text=first.text,
        hints=first.hints + second.hints,
        vectors=first.vectors or second.vectors,
        advice=first.advice or second.advice,
        skipped=" ".join(filter(None, (first.skipped, second.skipped))),
        misaligned=first.misaligned + second.misaligned,
    )


def heard_of(text: Text, answer: Suggestions, *, is_measured: bool = False) -> Heard:
    """Make hints of proposals; spans that do not lie on the text's tokens are counted and left out.

    `is_measured` as in `Hint`.
    """
    hints = []
    misaligned = answer.misaligned
    for each in answer.proposals:
        if not isinstance(each.what, SpanKey):
            continue
        (start, end), *more = each.what.fragments
        if more or not text.tokens.on_borders(start, end):
            misaligned += 1
            continue
        first, last = text.tokens.covering(start, end)
        label = each.what.label
        said = label, each.score, each.reason
        hints.append(Hint(first, last, label, each.suggester, *said, is_measured=is_measured))
    return Heard(text=text, hints=tuple(hints), skipped=answer.skipped, misaligned=misaligned)


def proposals_of(heard: Heard) -> Suggestions:
    """Propose what has a label of the project; of two that one suggester says of the same, the better one."""
    best: dict[tuple[SpanKey, str], Proposal] = {}
    for hint in heard.hints:
        what = key_of(heard.text, hint.first, hint.last, hint.label)
        known = best.get((what, hint.source))
        if hint.label and (known is None or known.score < hint.score):
            best[what, hint.source] = Proposal(
                what=what, suggester=hint.source, score=hint.score, reason=hint.reason
            )
    return Suggestions(
        document=heard.text.document,
        proposals=tuple(best.values()),
        skipped=heard.skipped,
        misaligned=heard.misaligned,
    )


def key_of(text: Text, first: int, last: int, label: str) -> SpanKey:
    """Give the span that the tokens from `first` up to, not including, `last` are."""
    return SpanKey(fragments_of(text.tokens.stretch(first, last)), label)


def keys_of(heard: Heard) -> set[SpanKey]:
    """Give the spans of all hints that have a label of the project."""
    return {key_of(heard.text, each.first, each.last, each.label) for each in _labelled(heard.hints)}


def _labelled(hints: Iterable[Hint]) -> Iterable[Hint]:
    return (each for each in hints if each.label)
