"""Keeps pieces of bytes out of the memory while they wait to be read or written."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

_IN_MEMORY = 1 << 18
"""Bytes up to which a shelf needs no file."""


class Shelf:
    """Pieces of bytes in a file that has no name, each known by its number; it is gone when the `with` ends.

    Args:
        folder: where the file is made; None takes the system's own place for such.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed below
            max_size=_IN_MEMORY, dir=None if folder is None else str(folder)
        )
        self._borders = array("Q", [0])

    def __enter__(self) -> Shelf:  # noqa: PYI034 - nothing is derived from it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._borders) - 1

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.stretch(self._borders[number], self._borders[number + 1])

    def __iter__(self) -> Iterator[bytes]:
        return (self[number] for number in range(len(self)))

    @property
    def size(self) -> int:
        """Give the number of bytes of all pieces."""
        return self._borders[-1]

    def length(self, number: int) -> int:
        """Give the number of bytes of a piece."""
        return self._borders[number + 1] - self._borders[number]

    def add(self, piece: bytes) -> None:
        """Put one more piece behind the others."""
        self._file.seek(self.size)
        self._file.write(piece)
        self._borders.append(self.size + len(piece))

    def stretch(self, start: int, end: int) -> bytes:
        """Give the bytes of a stretch, whatever pieces they are of."""
        self._file.seek(start)
        return self._file.read(end - start)
