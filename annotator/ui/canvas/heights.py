"""The heights of all blocks: estimated until a block is laid out, summed without walking them all."""

from __future__ import annotations

_CHUNK = 128


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

    def is_exact(self, block: int) -> bool:
        """Tell whether a block's height was measured."""
        return bool(self._exact[block])

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
