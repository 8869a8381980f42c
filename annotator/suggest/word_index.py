"""Finds token patterns that only say which words follow each other, as Prodigy's lists of terms do; needs no spaCy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from annotator.model.document import Tokens
from annotator.suggest.phrases import Hit

Words = tuple[str, ...]


class WordIndex:
    """Many rows of words, to be found at once; each is compared with whole tokens, in lower case or as they stand.

    Args:
        rows: number, whether tokens are compared in lower case, and words of each; of equal ones the first counts.
    """

    def __init__(self, rows: Iterable[tuple[int, bool, Words]]) -> None:
        self._numbers: dict[tuple[bool, Words], int] = {}
        self._lengths: dict[tuple[bool, str], set[int]] = {}
        for number, is_lower, words in rows:
            self._numbers.setdefault((is_lower, words), number)
            self._lengths.setdefault((is_lower, words[0]), set()).add(len(words))

    def __len__(self) -> int:
        return len(self._numbers)

    def find(self, text: str, tokens: Tokens) -> Iterator[Hit]:
        """Yield every place where the words of a row follow each other."""
        if not self._numbers:
            return
        words = tuple(text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True))
        yield from self._found(words, tokens, is_lower=False)
        yield from self._found(tuple(map(str.lower, words)), tokens, is_lower=True)

    def _found(self, words: Sequence[str], tokens: Tokens, *, is_lower: bool) -> Iterator[Hit]:
        for first, word in enumerate(words):
            for length in self._lengths.get((is_lower, word), ()):
                number = self._numbers.get((is_lower, tuple(words[first : first + length])))
                if number is not None and first + length <= len(words):
                    yield Hit(tokens.starts[first], tokens.ends[first + length - 1], number)
