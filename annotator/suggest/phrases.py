"""Finds phrases in a text by their letters, whatever made the text's tokens; needs no other library.

A phrase stands where the text between two token borders is the same words: any blanks there, on one line or with one
line end, are as good as the single blank between the words of a phrase, and letters count as equal where their composed
forms are. A hundred thousand phrases cost one look into a table for each length that begins with the same letters.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from annotator.model.document import Tokens

HEADS = (1, 4, 10, 24)
"""Letters of its beginning by which a phrase is found: the most of these that it has, so that few share a beginning."""
_RUN = re.compile(r"\s{2,}|[^\S ]")
_LINE_END = re.compile(r"\r\n|[\r\n\u2028\u2029\x85\x0b\x0c]")


class Hit(NamedTuple):
    """Where a pattern stands: code points, end exclusive, and its number in its list."""

    start: int
    end: int
    number: int


class _View:
    """A text as phrases are compared with it, and where each of its letters comes from."""

    def __init__(self, text: str, *, ignore_case: bool) -> None:
        self.words = text.casefold() if ignore_case else text
        self._places: array[int] | None = None
        if len(self.words) != len(text):
            self.words, self._places = _expanded(text)
        if _RUN.search(self.words):
            self._close_up()

    def _close_up(self) -> None:
        """Make one blank of each run of blanks; one in which paragraphs part stays none."""
        pieces: list[str] = []
        places = array("L")
        old: Sequence[int] = self._places if self._places is not None else range(len(self.words))
        after = 0
        for run in _RUN.finditer(self.words):
            pieces += (self.words[after : run.start()], _one_blank(run.group()))
            places.extend(old[after : run.start()])
            places.append(old[run.start()])
            after = run.end()
        pieces.append(self.words[after:])
        places.extend(old[after:])
        self.words, self._places = "".join(pieces), places

    def at(self, place: int) -> int:
        """Give where a letter of the text, or its end, stands here."""
        return place if self._places is None else bisect_left(self._places, place)

    def ends_at(self, end: int) -> int:
        """Give the end in the text of what ends here; -1 inside what stands for one letter of the text."""
        if self._places is None:
            return end
        last = self._places[end - 1]
        if end < len(self._places) and self._places[end] == last:
            return -1
        return last + 1


def _expanded(text: str) -> tuple[str, array[int]]:
    """Fold a text in which some letters become several."""
    folded = [sign.casefold() for sign in text]
    return "".join(folded), array(
        "L", chain.from_iterable([at] * len(each) for at, each in enumerate(folded))
    )


def _one_blank(run: str) -> str:
    return "\n" if len(_LINE_END.findall(run)) > 1 else " "


class PhraseIndex:
    """Many phrases, to be found at once.

    Args:
        phrases: number and words of each; of equal ones the first counts.
        ignore_case: any case will do.
    """

    def __init__(self, phrases: Iterable[tuple[int, str]], *, ignore_case: bool = False) -> None:
        self._ignore_case = ignore_case
        self._numbers: dict[str, int] = {}
        for number, words in phrases:
            written = words.casefold() if ignore_case else words
            self._numbers.setdefault(written, number)
            if not written.isascii():
                for form in ("NFC", "NFD"):
                    self._numbers.setdefault(unicodedata.normalize(form, written), number)
        lengths: dict[str, set[int]] = {}
        for written in self._numbers:
            head = max(each for each in HEADS if each <= len(written))
            lengths.setdefault(written[:head], set()).add(len(written))
        self._lengths = {head: tuple(each) for head, each in lengths.items()}
        self._heads = tuple(sorted({len(head) for head in lengths}))

    def __len__(self) -> int:
        return len(self._numbers)

    def find(self, text: str, tokens: Tokens) -> Iterator[Hit]:
        """Yield every place where a phrase stands between token borders, by rising starts; they may overlap."""
        if not self._numbers:
            return
        view = _View(text, ignore_case=self._ignore_case)
        words, numbers, lengths, heads = view.words, self._numbers, self._lengths, self._heads
        ends = frozenset(tokens.ends)
        for start in tokens.starts:
            at = view.at(start)
            left = len(words) - at
            for head in heads:
                if head > left:
                    break
                for length in lengths.get(words[at : at + head], ()):
                    number = numbers.get(words[at : at + length])
                    if number is None or length > left:
                        continue
                    end = view.ends_at(at + length)
                    if end in ends:
                        yield Hit(start, end, number)
