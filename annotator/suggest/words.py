"""The words of a document as rules see them: hyphenated compounds whole, with place, sentence and small form.

Shared by the rules for names, roles and relations; decides nothing itself. `Places` answers what lies where.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotator.model.document import Tokens

_HYPHENS = frozenset("-‐‑")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign: its stretch in code points, its sentence's number, its text and that in small letters.

    `parts` are the small words of a hyphenated compound, else the one word.
    """

    start: int
    end: int
    sentence: int
    text: str
    lower: str
    parts: tuple[str, ...]

    @property
    def is_capital(self) -> bool:
        """Tell whether it begins with a capital letter."""
        return self.text[0].isupper()


class Places:
    """Stretches of a text, asked for by place; quick for thousands of them."""

    __slots__ = ("_longest", "_places", "_starts")

    def __init__(self, places: Iterable[tuple[int, int]] = ()) -> None:
        self._places = sorted(places)
        self._starts = [start for start, _ in self._places]
        self._longest = max((end - start for start, end in self._places), default=0)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._places)

    def touching(self, start: int, end: int) -> list[tuple[int, int]]:
        """Give the places that share a character with a stretch, in text order."""
        first = bisect_right(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [place for place in self._places[max(0, first - 1) : last] if place[1] > start]

    def next(self, offset: int) -> tuple[int, int] | None:
        """Give the first place that begins at or after an offset."""
        index = bisect_left(self._starts, offset)
        return self._places[index] if index < len(self._places) else None

    def previous(self, offset: int) -> tuple[int, int] | None:
        """Give the place that ends last at or before an offset, looking at the nearest eight."""
        index = bisect_left(self._starts, offset)
        ended = [place for place in self._places[max(0, index - 8) : index] if place[1] <= offset]
        return max(ended, key=lambda place: place[1], default=None)


class Words:
    """The words of one document in text order, found by place."""

    __slots__ = ("_all", "_ends", "_starts", "text")

    def __init__(self, text: str, tokens: Tokens) -> None:
        self.text = text
        self._all = list(_words(text, tokens))
        self._starts = [word.start for word in self._all]
        self._ends = [word.end for word in self._all]

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, index: int) -> Word:
        return self._all[index]

    def __iter__(self) -> Iterator[Word]:
        return iter(self._all)

    def get(self, index: int) -> Word | None:
        """Give the word at an index, None outside the text."""
        return self._all[index] if 0 <= index < len(self._all) else None

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """Give the range of words (first, last + 1) that share a character with a stretch."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        return first, max(first, last)

    def between(self, end: int, start: int) -> list[Word]:
        """Give the words wholly between two places."""
        first = bisect_left(self._starts, end)
        last = bisect_right(self._ends, start)
        return self._all[first:last]

    def gap(self, index: int) -> str:
        """Give the characters between a word and the next one."""
        if index + 1 >= len(self._all):
            return ""
        return self.text[self._all[index].end : self._all[index + 1].start]

    def neighbours(self, index: int) -> bool:
        """Tell whether a word and the next stand in one sentence with one blank between them."""
        following = self.get(index + 1)
        return (
            index >= 0
            and following is not None
            and self.gap(index) in {" ", "\u00a0"}
            and self._same(index, index + 1)
        )

    def _same(self, first: int, second: int) -> bool:
        return self._all[first].sentence == self._all[second].sentence


def _words(text: str, tokens: Tokens) -> Iterator[Word]:
    """Join tokens that a hyphen joins; `Vice` `-` `President` is one word, `London` `-` `based` too."""
    starts, ends = tokens.starts, tokens.ends
    begins = set(tokens.sentences)
    sentence = -1
    index = 0
    while index < len(starts):
        if index in begins or sentence < 0:
            sentence += 1
        last = index
        while (
            last + 2 < len(starts)
            and ends[last] == starts[last + 1]
            and text[starts[last + 1] : ends[last + 1]] in _HYPHENS
            and ends[last + 1] == starts[last + 2]
            and text[starts[last]].isalnum()
            and text[starts[last + 2]].isalnum()
            and last + 2 not in begins
        ):
            last += 2
        word = text[starts[index] : ends[last]]
        lower = word.lower()
        parts = tuple(part for part in lower.replace("‐", "-").replace("‑", "-").split("-") if part)
        yield Word(starts[index], ends[last], sentence, word, lower, parts or (lower,))
        index = last + 1
