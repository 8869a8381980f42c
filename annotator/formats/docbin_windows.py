"""Cuts a document into windows of some sentences, so that the ends of a relation are few and near each other.

The windows of a document, one behind the other, are its text again. No span is cut: where one reaches over a border,
the windows on both sides stay one. Here too: the pairs of ends that a model for relations would look at.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from annotator.formats.base import is_accepted, name_of
from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.model.wording import counted

MAX_LENGTH = 100
"""Most tokens between the first tokens of two ends that explosion's rel_component pairs (its `max_length`)."""


def windows_of(record: Record, sentences: int) -> list[Record]:
    """Give the windows of a document with tokens, and what lies in each; relations between two windows are in none."""
    borders = [*_borders(record, sentences), len(record.text)]
    if len(borders) == 2:
        return [record]
    name = name_of(record)
    return [
        _window(record, start, end, f"{name}#{number}")
        for number, (start, end) in enumerate(pairwise(borders), start=1)
    ]


def apart(record: Record, windows: Sequence[Record]) -> int:
    """Count the accepted relations that no window holds."""
    return sum(map(is_accepted, record.relations)) - sum(
        is_accepted(relation) for window in windows for relation in window.relations
    )


def _borders(record: Record, sentences: int) -> Iterator[int]:
    """Give the characters at which windows begin, rising from 0."""
    yield 0
    tokens = record.tokens
    if tokens is None or not sentences:
        return
    spans = [each for each in record.spans if not each.rejected]
    crossed = sorted((each.fragments[0].start, each.fragments[-1].end) for each in spans)
    reach, at = 0, 0
    for token in tokens.sentences[sentences::sentences]:
        border = tokens.starts[token]
        while at < len(crossed) and crossed[at][0] < border:
            reach = max(reach, crossed[at][1])
            at += 1
        if reach <= border:
            yield border


def _window(record: Record, start: int, end: int, source: str) -> Record:
    places: dict[int, int] = {}
    spans: list[RecordSpan] = []
    for index, span in enumerate(record.spans):
        if start <= span.fragments[0].start and span.fragments[-1].end <= end:
            places[index] = len(spans)
            moved = tuple(Fragment(first - start, last - start) for first, last in span.fragments)
            spans.append(dataclasses.replace(span, fragments=moved))
    return dataclasses.replace(
        record,
        text=record.text[start:end],
        id="",
        source=source,
        tokens=_tokens(record.tokens, start, end),
        spans=tuple(spans),
        relations=tuple(_relations(record.relations, places)),
    )


def _relations(relations: Sequence[RecordRelation], places: dict[int, int]) -> Iterator[RecordRelation]:
    for each in relations:
        if each.head in places and each.child in places:
            yield dataclasses.replace(each, head=places[each.head], child=places[each.child])


def _tokens(tokens: Tokens | None, start: int, end: int) -> Tokens | None:
    if tokens is None:
        return None
    first, last = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
    return Tokens(
        [each - start for each in tokens.starts[first:last]],
        [each - start for each in tokens.ends[first:last]],
        [each - first for each in tokens.sentences if first <= each < last],
        tokens.tokenizer,
    )


class PairCount(NamedTuple):
    """Pairs of entities near each other in a document, pairs that are related, and those of them that lie far apart."""

    pairs: int
    related: int
    far: int


def pair_count(starts: Iterable[int], related: Collection[tuple[int, int]]) -> PairCount:
    """Count in a document, from the first tokens of its entities, and the pairs of those that are related."""
    far = sum(abs(head - child) > MAX_LENGTH for head, child in related)
    return PairCount(pairs_among(sorted(starts)), len(related), far)


@dataclasses.dataclass(slots=True)
class Pairs:
    """Counts the pairs of ends that a model for relations looks at, over many documents or windows."""

    holders: int = 0
    related: int = 0
    far: int = 0
    counts: list[int] = dataclasses.field(default_factory=list)

    def add(self, found: PairCount) -> None:
        """Add a document or window."""
        self.counts.append(found.pairs)
        self.holders += bool(found.related)
        self.related += found.related
        self.far += found.far

    def told(self, noun: str) -> str:
        """Say it in a line; empty where nothing is related."""
        if not self.related:
            return ""
        ordered = sorted(self.counts)
        middle, most = ordered[len(ordered) // 2], ordered[-1]
        line = (
            f"{counted(len(ordered), noun)} with {counted(sum(ordered), 'pair')} of entities at most {MAX_LENGTH} "
            f"tokens apart ({middle:,} in the middle one, {most:,} at most); {counted(self.related, 'pair')} "
            f"related, in {counted(self.holders, noun)}"
        )
        return line + (f"; {self.far:,} of them lie further apart." if self.far else ".")


def pairs_in(record: Record, windows: Sequence[Record], pairs: Pairs, *, symmetric: Container[str]) -> int:
    """Count the pairs in the windows of a record; give how many of its relations are in none.

    Relations of `symmetric` types count both ways, as they are written.
    """
    for window in windows:
        tokens = window.tokens
        if tokens is None:
            continue
        firsts = [tokens.at(span.fragments[0].start) for span in window.spans]
        starts = {first for first, span in zip(firsts, window.spans, strict=True) if is_accepted(span)}
        accepted = [each for each in window.relations if is_accepted(each)]
        related = {(firsts[each.head], firsts[each.child]) for each in accepted}
        related |= {(firsts[each.child], firsts[each.head]) for each in accepted if each.label in symmetric}
        pairs.add(pair_count(starts, related))
    return apart(record, windows)


def pairs_among(starts: Sequence[int]) -> int:
    """Count the ordered pairs of different entities whose first tokens, rising, lie near enough for rel_component."""
    near = 0
    first = 0
    for index, start in enumerate(starts):
        while starts[first] < start - MAX_LENGTH:
            first += 1
        near += index - first
    return 2 * near
