"""Proposes what stands in the pattern lists of the project, each with how often its pattern was right so far.

Phrases are found by their letters (`phrases.py`), token patterns by spaCy (`token_patterns.py`), both over the tokens
that the project has. A list is made ready once for each process and kept.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from annotator.model.annotation import SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.model.patterns import Pattern, exact_words, unpack_patterns
from annotator.suggest.base import GivenPatterns, Settings, Suggestions, Text
from annotator.suggest.languages import base_language
from annotator.suggest.phrases import Hit, PhraseIndex
from annotator.suggest.pipelines import Pipeline, find_pipeline
from annotator.suggest.selecting import KEPT
from annotator.suggest.token_patterns import TokenPattern, TokenPatterns, fault_of
from annotator.suggest.word_index import WordIndex

PRIOR = 0.75
"""How often a list of which nothing is known yet is taken to be right."""
WEIGHT = 4.0
"""How many decisions that counts for, and how many a list's record counts for with each of its patterns."""
_READY = 64

Announce = Callable[[str, tuple[int, ...]], None]
"""Is told what begins on which documents."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A list made ready: its patterns by number, and what finds them."""

    patterns: list[Pattern]
    phrases: PhraseIndex
    words: WordIndex
    tokens: TokenPatterns


@functools.lru_cache(maxsize=_READY)
def ready(blocks: tuple[str, ...], *, ignore_case: bool) -> Ready:
    """Make the patterns of some blocks ready.

    Raises:
        ValueError, TypeError: a block is damaged.
    """
    patterns = [each for block in blocks for each in unpack_patterns(block)]
    phrases = ((number, each.text) for number, each in enumerate(patterns) if not each.is_tokens)
    exact = {
        number: found for number, each in enumerate(patterns) if (found := exact_words(each)) is not None
    }
    tokens = [
        TokenPattern(number, each.text)
        for number, each in enumerate(patterns)
        if each.is_tokens and number not in exact
    ]
    words = WordIndex((number, *each) for number, each in exact.items())
    return Ready(patterns, PhraseIndex(phrases, ignore_case=ignore_case), words, TokenPatterns(tokens))


def find(
    texts: Sequence[Text], given: GivenPatterns, announce: Announce, *, pipeline: str = ""
) -> list[list[Hit]]:
    """Give for each text where the patterns of a list stand; a place has as many hits as patterns.

    Args:
        pipeline: gives parts of speech and the like to token patterns that ask for them, in documents of its language;
            named as in `Settings`.

    Raises:
        PipelineError: it cannot be loaded. RuleError: spaCy does not take a pattern.
    """
    made = ready(given.blocks, ignore_case=given.ignore_case)
    documents = tuple(each.document for each in texts)

    def alone(number: int) -> None:
        announce(f"pattern {number + 1:,} of {given.name}, {made.patterns[number].text[:80]},", documents)

    found = []
    for text in texts:
        hits = [*made.phrases.find(text.text, text.tokens), *made.words.find(text.text, text.tokens)]
        hits += made.tokens.find(text.text, text.tokens, text.language, alone)
        found.append(hits)
    if made.tokens.needs_pipeline and (reader := find_pipeline(pipeline)) is not None:
        readable = [number for number, each in enumerate(texts) if _reads(reader, each)]
        asked = [(texts[number].text, texts[number].tokens) for number in readable]
        for number, hits in zip(readable, made.tokens.find_with(reader, asked, alone), strict=True):
            found[number] += hits
    return found


def _reads(pipeline: Pipeline, text: Text) -> bool:
    return base_language(pipeline.language) in {"xx", base_language(text.language) or "xx"}


def faults(patterns: Sequence[str]) -> list[str]:
    """Say of token patterns what spaCy has against each; empty where it takes it."""
    return [fault_of(each) for each in patterns]


class PatternSuggester:
    """Proposes what a list finds, scored by its record; patterns that are nearly always wrong are not listened to."""

    def __init__(self, given: GivenPatterns, settings: Settings, announce: Announce) -> None:
        self._given = given
        self._pipeline = settings.pipeline
        self._announce = announce
        self._list_share = share(*given.record, PRIOR)

    @property
    def name(self) -> str:
        """Give the list's name, and what it is."""
        return suggester_name(self._given.name)

    @property
    def version(self) -> str:
        """Give the number of patterns."""
        return str(len(ready(self._given.blocks, ignore_case=self._given.ignore_case).patterns))

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Propose spans for each text, in their order."""
        patterns = ready(self._given.blocks, ignore_case=self._given.ignore_case).patterns
        hits = find(texts, self._given, self._announce, pipeline=self._pipeline)
        skipped = self._reason_to_skip()
        return [
            Suggestions(
                document=text.document, proposals=tuple(self._proposals(found, patterns)), skipped=skipped
            )
            for text, found in zip(texts, hits, strict=True)
        ]

    def _reason_to_skip(self) -> str:
        made = ready(self._given.blocks, ignore_case=self._given.ignore_case)
        if not made.tokens.needs_pipeline or find_pipeline(self._pipeline) is not None:
            return ""
        return f"Patterns of {self._given.name} ask for parts of speech or lemmas: no spaCy pipeline is installed."

    def _proposals(self, hits: Sequence[Hit], patterns: Sequence[Pattern]) -> Iterator[Proposal]:
        best: dict[tuple[int, int], tuple[float, int]] = {}
        for start, end, number in hits:
            score = share(*self._given.records.get(number, (0, 0)), self._list_share)
            if best.get((start, end), (-1.0, 0))[0] < score:
                best[start, end] = (score, number)
        for (start, end), (score, number) in best.items():
            if score < KEPT:
                continue
            yield Proposal(
                what=SpanKey(fragments_of((start, end)), self._given.label),
                suggester=self.name,
                score=round(score, 3),
                reason=self._reason(number, patterns[number]),
            )

    def _reason(self, number: int, pattern: Pattern) -> str:
        shown = pattern.text if len(pattern.text) <= 80 else pattern.text[:79] + "…"
        of = f"{shown} is in the pattern list {self._given.name}"
        if pattern.is_tokens:
            of = f"pattern {shown} of the list {self._given.name}"
        right, decided = self._given.records.get(number, (0, 0))
        if decided:
            return f"{of}, right {right:,} of {decided:,} times"
        right, decided = self._given.record
        return f"{of}, whose patterns were right {right:,} of {decided:,} times" if decided else of


def suggester_name(name: str) -> str:
    """Give how candidates of a list name their suggester."""
    return f"{name} (patterns)"


def share(right: int, decided: int, prior: float) -> float:
    """Give the share of right ones, drawn towards a prior that counts for `WEIGHT` decisions; 0 to 1."""
    return (right + WEIGHT * prior) / (decided + WEIGHT)
