"""Finds the phrases that name an office or title: a head, the modifiers before it, the field after it.

Looks at words alone ("deputy minister for transport"); whether such a phrase is a role where it stands is
for `roles.py` to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotator.suggest import role_words as vocabulary
from annotator.suggest.words import Word, Words

_HEADS = vocabulary.OFFICES | vocabulary.POSTS


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase by word indexes: its first, its head, its last; `core` is the head's plain word."""

    first: int
    head: int
    last: int
    core: str
    start: int
    end: int

    @property
    def is_modified(self) -> bool:
        """Tell whether anything stands with the head."""
        return self.first < self.head or self.last > self.head


def phrases(words: Words, *, trades: bool = False) -> Iterator[Phrase]:
    """Yield the phrases of a text in order, without overlaps; `trades` counts "nurse" and the like too."""
    index = 0
    reached = 0
    while index < len(words):
        phrase = _phrase_at(words, index, trades=trades)
        if phrase is not None and phrase.first >= reached:
            yield phrase
            reached = phrase.last + 1
            index = phrase.last
        index += 1


def core_of(word: Word) -> str:
    """Give the head in a word: `president` for Vice-President and President-elect; empty where there is none."""
    parts = word.parts
    while len(parts) > 1 and parts[-2] in vocabulary.TAILS.get((parts[-1],), ()):
        parts = parts[:-1]
    if len(parts) == 3 and parts[1:] == ("in", "chief"):
        parts = parts[:1]
    if not all(part in vocabulary.MODIFIERS or part in {"co", "ex"} for part in parts[:-1]):
        return ""
    return parts[-1]


def is_field(word: Word) -> bool:
    """Tell whether a word names a field of work."""
    return all(part in vocabulary.FIELDS or part.endswith(vocabulary.FIELD_ENDINGS) for part in word.parts)


def _phrase_at(words: Words, head: int, *, trades: bool) -> Phrase | None:
    word = words[head]
    core = core_of(word)
    is_trade = core in vocabulary.TRADES
    if core not in _HEADS and not is_trade:
        return None
    first = _with_modifiers(words, head)
    ranks = {part for index in range(first, head) for part in words[index].parts} | set(word.parts[:-1])
    if is_trade and not trades and not vocabulary.RANKS & ranks:
        return None
    last = _with_tail(words, head, core)
    if last == head and _head_comes_later(words, head):
        return None
    start = words[first].start
    if words[first].parts[0] == "ex" and len(words[first].parts) > 1:
        start += len("ex-")
    return Phrase(first, head, last, core, start, words[last].end)


def _head_comes_later(words: Words, index: int) -> bool:
    """Tell whether a word only modifies a later head: "chief executive", "head nurse", "chief press officer"."""
    word, following = words[index], words.get(index + 1)
    if following is None or not words.neighbours(index) or not _alike(word, following):
        return False
    after = core_of(following)
    if after in vocabulary.TRADES and set(word.parts) <= vocabulary.RANKS:
        return True
    if not _modifies(word):
        return False
    if after in _HEADS:
        return True
    later = words.get(index + 2)
    return (
        _modifies(following)
        and later is not None
        and words.neighbours(index + 1)
        and core_of(later) in _HEADS
    )


def _modifies(word: Word) -> bool:
    return all(part in vocabulary.MODIFIERS for part in word.parts)


def _alike(first: Word, second: Word) -> bool:
    """Tell whether two words may be of one role: written alike, or only the first large."""
    return first.is_capital or not second.is_capital


def _with_modifiers(words: Words, head: int) -> int:
    """Give the first word of a role; small words stay outside a title written large."""
    first = head
    while first > 0 and words.neighbours(first - 1):
        before = words[first - 1]
        if not _modifies(before):
            if not _joins_modifiers(words, first - 1):
                break
            first -= 2
            continue
        if words[first].is_capital and not before.is_capital and not words[head].text.isupper():
            break
        first -= 1
    while first < head and words[first].text == "state":
        first += 1
    return first


def _joins_modifiers(words: Words, index: int) -> bool:
    """Tell whether "and" at an index joins two modifiers: "foreign and defence minister"."""
    before, after = words.get(index - 1), words.get(index + 1)
    return (
        words[index].lower == "and"
        and before is not None
        and after is not None
        and words.neighbours(index - 1)
        and _modifies(before)
        and _modifies(after)
        and before.is_capital == after.is_capital
    )


def _with_tail(words: Words, head: int, core: str) -> int:
    """Give the last word of a role: its tail ("general", "in chief") or field ("of physics") taken in."""
    for tail, heads in vocabulary.TAILS.items():
        if core in heads and _follow(words, head, tail):
            return head + len(tail)
    joint = words.get(head + 1)
    if core not in vocabulary.FIELD_HEADS or joint is None or joint.lower not in {"of", "for"}:
        return head
    if not words.neighbours(head):
        return head
    index = head + 2
    article = words.get(index)
    has_article = article is not None and article.lower == "the" and words.neighbours(index)
    last = _field_end(words, index + 1 if has_article else index, head)
    following = words.get(last + 1)
    if has_article and following is not None and words.neighbours(last) and following.is_capital:
        return head  # "of the Treasury" is a field, "of the Research Council" is a body
    return last


def _field_end(words: Words, index: int, head: int) -> int:
    """Give the last word of a field that begins at an index; the head where none does."""
    last = head
    while (word := words.get(index)) is not None and words.neighbours(index - 1):
        if not is_field(word) or (word.is_capital and not words[head].is_capital):
            break
        last = index
        joint = words.get(index + 1)
        index += 2 if joint is not None and joint.lower == "and" and words.neighbours(index) else 1
    return last


def _follow(words: Words, index: int, tail: tuple[str, ...]) -> bool:
    for offset, expected in enumerate(tail, start=1):
        word = words.get(index + offset)
        if word is None or word.lower != expected or not words.neighbours(index + offset - 1):
            return False
    return True
