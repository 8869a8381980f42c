"""The heights of all blocks: estimated until a block is laid out, summed without walking them all."""

from __future__ import annotations

from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontMetricsF

if TYPE_CHECKING:
    from annotator.ui.canvas.paragraphs import Blocks
    from annotator.ui.canvas.style import Style

_CHUNK = 128
_PARTS, _PART = 8, 60
_FILLED = 0.97
"""So much of a line is filled on average, a word that did not fit having gone to the next."""
_DECORATED = 1.12
"""So much higher than a plain line is one with what stands above and below it."""


def estimated_heights(text: str, blocks: Blocks, style: Style, *, measure: int) -> list[int]:
    """Guess the height of every block from its length and the measure (pixels), and how wide some of its words are."""
    metrics = style.metrics
    step = max(1, len(text) // _PARTS)
    sample = "".join(text[start : start + _PART] for start in range(0, len(text), step)).replace("\n", " ")
    per_line = (
        _FILLED * measure / (QFontMetricsF(style.body).horizontalAdvance(sample) / max(1, len(sample)) or 1)
    )
    pitch = metrics.line_height() * (1 if metrics.compact else _DECORATED)
    ends_paragraph = [*blocks.opens[1:], True]
    return [
        round(max(1, ceil((end - start) / per_line)) * pitch) + closes * metrics.paragraph_gap
        if number
        else metrics.blank
        for start, end, number, closes in zip(
            blocks.starts, blocks.ends, blocks.numbers, ends_paragraph, strict=True
        )
    ]


class Heights:
    """Heights in pixels of every block, with quick sums.

    Sums are kept by chunks, so that one change and one question each cost a few microseconds.
    """

    __slots__ = ("_chunks", "_exact", "_values", "total")

    def __init__(self, estimates: list[int]) -> None:
        self._values = estimates
        self._exact = bytearray(len(estimates))
        self._chunks = [sum(estimates[i : i + _CHUNK]) for i in range(0, len(estimates), _CHUNK)]
        self.total = sum(self._chunks)

    def __getitem__(self, block: int) -> int:
        return self._values[block]

    def __len__(self) -> int:
        return len(self._values)

    def next_estimated(self, first: int) -> int | None:
        """Give the next block whose height is only estimated, from one on and then from the top; None without any."""
        found = self._exact.find(0, first)
        if found < 0:
            found = self._exact.find(0)
        return found if found >= 0 else None

    def doubt(self, block: int) -> None:
        """Take a block's height for an estimate from now on."""
        self._exact[block] = 0

    def doubt_all(self) -> None:
        """Take all heights for estimates."""
        self._exact = bytearray(len(self._values))

    def put(self, block: int, height: int) -> int:
        """Record a measured height; give by how much it differs from the one before."""
        change = height - self._values[block]
        self._exact[block] = 1
        if change:
            self._values[block] = height
            self._chunks[block // _CHUNK] += change
            self.total += change
        return change

    def top(self, block: int) -> int:
        """Sum the heights of all blocks before this one."""
        chunk = block // _CHUNK
        return sum(self._chunks[:chunk]) + sum(self._values[chunk * _CHUNK : block])

    def tops(self) -> list[int]:
        """Give the top of every block, and at last the bottom of the last one."""
        return list(accumulate(self._values, initial=0))

    def find(self, y: int) -> tuple[int, int]:
        """Give the block at a distance from the top and the distance left inside it."""
        left = max(0, y)
        chunk = 0
        while chunk + 1 < len(self._chunks) and left >= self._chunks[chunk]:
            left -= self._chunks[chunk]
            chunk += 1
        block = chunk * _CHUNK
        last = len(self._values) - 1
        while block < last and left >= self._values[block]:
            left -= self._values[block]
            block += 1
        return block, left
