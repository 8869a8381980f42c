"""Splits a text into paragraphs and blocks: ranges of code points, nothing laid out.

A block is what is laid out at once: a paragraph, or a piece of a very long one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from annotator.model.document import Tokens
from annotator.model.offsets import is_grapheme_border

_PARAGRAPH_END = re.compile("\r\n|\n|\r|\u2028|\u2029")
LONG = 3_000
"""A paragraph with more code points than this is cut into blocks."""
SHORTEST_CUT = 800
LONGEST_CUT = 1_500


class Blocks:
    """The blocks of a text, in order: `starts` and `ends` (code points, line ends left out).

    `numbers` holds the 1-based number of each block's paragraph, 0 for a blank one, which is not counted.
    `opens` tells whether a block begins its paragraph.
    """

    __slots__ = ("ends", "numbers", "opens", "starts")

    def __init__(self, text: str, tokens: Tokens) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.numbers: list[int] = []
        self.opens: list[bool] = []
        number = 0
        start = 0
        for match in _PARAGRAPH_END.finditer(text):
            number = self._add_paragraph(text, tokens, start, match.start(), number)
            start = match.end()
        self._add_paragraph(text, tokens, start, len(text), number)

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, offset: int) -> int:
        """Give the index of the block that holds a code point, or of the one before its line end."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def touched(self, start: int, end: int) -> range:
        """Give the indexes of the blocks that share text with a stretch, or the one at its start."""
        first = max(0, bisect_right(self.starts, start) - 1)
        if end <= self.ends[first]:
            return range(first, first + 1)
        return range(first, max(first, bisect_left(self.starts, end) - 1) + 1)

    def closes(self, block: int) -> bool:
        """Tell whether a block ends its paragraph."""
        return block + 1 >= len(self.starts) or self.opens[block + 1]

    def number_at(self, offset: int) -> int:
        """Give the number of the paragraph that holds a code point, or of the last one before it; at least 1."""
        block = self.at(offset)
        while block > 0 and not self.numbers[block]:
            block -= 1
        return self.numbers[block] or 1

    def _add_paragraph(self, text: str, tokens: Tokens, start: int, end: int, number: int) -> int:
        blank = start == end or text[start:end].isspace()
        own = 0 if blank else number + 1
        cuts = _cuts(text, tokens, start, end) if end - start > LONG else []
        for index, (left, right) in enumerate(zip([start, *cuts], [*cuts, end], strict=True)):
            self.starts.append(left)
            self.ends.append(right)
            self.numbers.append(own)
            self.opens.append(index == 0)
        return number + (not blank)


def _cuts(text: str, tokens: Tokens, start: int, end: int) -> list[int]:
    """Find where to cut a long paragraph: at a sentence, else at a token after a blank, else at a grapheme."""
    cuts = []
    first = bisect_right(tokens.sentences, start, key=lambda token: tokens.starts[token])
    last = bisect_left(tokens.sentences, end, key=lambda token: tokens.starts[token])
    sentences = [tokens.starts[token] for token in tokens.sentences[first:last]]
    while end - start > LONGEST_CUT:
        cut = _cut(text, tokens, sentences, start + SHORTEST_CUT, start + LONGEST_CUT)
        cuts.append(cut)
        start = cut
    return cuts


def _cut(text: str, tokens: Tokens, sentences: list[int], low: int, high: int) -> int:
    index = bisect_left(sentences, low)
    if index < len(sentences) and sentences[index] <= high and is_grapheme_border(text, sentences[index]):
        return sentences[index]
    token = bisect_right(tokens.starts, high) - 1
    while token >= 0 and tokens.starts[token] >= low:
        start = tokens.starts[token]
        if text[start - 1].isspace() and is_grapheme_border(text, start):
            return start
        token -= 1
    cut = high
    while cut > low and not is_grapheme_border(text, cut):
        cut -= 1
    return cut
