"""The dictionary of what was accepted and rejected: word sequences, case included, each with its counts.

A word sequence that was accepted once is known; every place where it stands in a finished document counts as seen, so
that the share of those that were accepted says how much the words alone tell. All counts can be asked without
those of one document: what is trained on a document must not see its own answers.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.suggest.learning.pages import Place

LEAST = 0.15
"""Share of its places that must have been accepted for a word sequence to be proposed."""

_STEM = 3
"""Letters that are left at least where an s is taken off."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Known words at a place (tokens, `last` exclusive).

    Args:
        labels: how often they were accepted, per label. seen: how often they stood in finished documents.
    """

    first: int
    last: int
    labels: Mapping[str, int]
    seen: int

    @property
    def best(self) -> str:
        """Give the label that was accepted most."""
        return min(self.labels, key=lambda label: (-self.labels[label], label))

    def ratio(self, label: str) -> float:
        """Give the share of places that were accepted with a label, between 0 and 1, neither reached."""
        return (self.labels.get(label, 0) + 0.5) / (self.seen + 1)


@dataclass(slots=True)
class _Own:
    """What one document added."""

    accepted: Counter[tuple[Key, str]] = field(default_factory=Counter)
    seen: Counter[Key] = field(default_factory=Counter)


class Memory:
    """All word sequences that were accepted in the documents learnt so far."""

    def __init__(self) -> None:
        self._accepted: defaultdict[Key, Counter[str]] = defaultdict(Counter)
        self._seen: Counter[Key] = Counter()
        self._rejected: Counter[tuple[Key, str]] = Counter()
        self._lengths: defaultdict[str, set[int]] = defaultdict(set)
        self._words: dict[int, tuple[str, ...]] = {}
        self._holding: defaultdict[str, dict[int, None]] = defaultdict(dict)
        self._own: defaultdict[int, _Own] = defaultdict(_Own)

    def learn(
        self, document: int, words: tuple[str, ...], gold: Iterable[Place], rejected: Iterable[Place] = ()
    ) -> None:
        """Take in a finished document, once: what was accepted in it, and what was proposed and rejected."""
        own = self._own[document]
        for known, _, _ in self._standing(words):
            self._count(document, known, 1)
        self._words[document] = words
        for word in words:
            self._holding[word][document] = None
        for first, last, label in gold:
            key = words[first:last]
            if key not in self._accepted:
                self._begin(key)
            self._accepted[key][label] += 1
            own.accepted[key, label] += 1
        for first, last, label in rejected:
            self._rejected[words[first:last], label] += 1

    def matches(self, words: Sequence[str], *, without: int | None = None) -> list[Match]:
        """Give all known words at all places, by first token, longest first; as if a document had not been learnt."""
        own = self._own.get(without) if without is not None else None
        found = []
        for key, first, last in self._standing(words):
            labels: Mapping[str, int] = self._accepted[key]
            seen = self._seen[key]
            if own is not None:
                labels = {
                    label: left
                    for label, count in labels.items()
                    if (left := count - own.accepted[key, label]) > 0
                }
                seen -= own.seen[key]
            if labels:
                found.append(Match(first, last, labels, seen))
        return found

    def rejected(self, words: Sequence[str], label: str) -> int:
        """Tell how often these words were rejected with a label."""
        return self._rejected[tuple(words), label]

    def accepted(self, words: Sequence[str], label: str) -> int:
        """Tell how often these words were accepted with a label."""
        known = self._accepted.get(tuple(words))
        return 0 if known is None else known[label]

    def documents_with(self, words: Sequence[str], label: str) -> int:
        """Tell in how many documents these words were accepted with a label."""
        key = tuple(words)
        return sum(1 for own in self._own.values() if own.accepted[key, label])

    def _begin(self, key: Key) -> None:
        """Know a new word sequence, and count where it stands in all documents learnt so far."""
        self._lengths[key[0]].add(len(key))
        holding = [self._holding[word] for word in set(key)]
        for document in min(holding, key=len):
            words = self._words[document]
            times = sum(
                words[first : first + len(key)] == key for first, word in enumerate(words) if word == key[0]
            )
            if times:
                self._count(document, key, times)

    def _count(self, document: int, key: Key, times: int) -> None:
        self._seen[key] += times
        self._own[document].seen[key] += times

    def _standing(self, words: Sequence[str]) -> Iterator[tuple[Key, int, int]]:
        """Yield the known sequences that stand in some words, by first token, longest first."""
        whole = tuple(words)
        for first, word in enumerate(whole):
            for length in sorted(self._lengths.get(word, ()), reverse=True):
                key = whole[first : first + length]
                if len(key) == length and key in self._accepted:  # the last words may be too few
                    yield key, first, first + length


def folded(words: Iterable[str]) -> tuple[str, ...]:
    """Give words without what may change from place to place: capital letters, and the s of a plural."""
    return tuple(map(_folded, words))


@functools.lru_cache(maxsize=1 << 15)
def _folded(word: str) -> str:
    small = word.casefold()
    return small[:-1] if len(small) > _STEM and small.endswith("s") and not small.endswith("ss") else small


def longest(matches: Iterable[Match]) -> list[Match]:
    """Choose the longest matches that do not overlap, from left to right, of those that are worth proposing."""
    chosen: list[Match] = []
    for each in matches:
        is_free = not chosen or chosen[-1].last <= each.first
        if is_free and each.labels[each.best] >= LEAST * each.seen:
            chosen.append(each)
    return chosen
