"""Unpacks compressed files with a bound: at most so many times their size, and never more than fits into memory.

A file of some kilobytes can unpack to gigabytes. Every reader of a packed format comes through here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from annotator.model.limits import UNPACKED_RATIO, UNPACKED_SIZE

ALWAYS = 64_000_000
"""Bytes that a file may unpack to whatever its size: small files of little variety pack very well."""
CHUNK = 1 << 20


class TooLargeError(Exception):
    """A file unpacks to more than is read; the message follows its name."""


class Decompressor(Protocol):
    """What `zlib.decompressobj` gives, and its like."""

    @property
    def eof(self) -> bool:
        """Tell whether the end of what was packed was met."""

    @property
    def unconsumed_tail(self) -> bytes:
        """Give what is still to be unpacked."""

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes:
        """Unpack, giving at most so many bytes at a time."""


def most_unpacked(size: int) -> int:
    """Give the bytes that a file of this size may unpack to."""
    return min(UNPACKED_SIZE, max(ALWAYS, UNPACKED_RATIO * size))


def unpacked_chunks(
    file: BinaryIO, unpack: Decompressor, *, cut_off: Callable[[], Exception]
) -> Iterator[bytes]:
    """Yield what a file unpacks to, about a megabyte at a time.

    Args:
        cut_off: gives what to raise where the file ends too early.

    Raises:
        TooLargeError: it unpacks to more than a file of its size may. Whatever `unpack` raises for broken bytes.
    """
    size = os.fstat(file.fileno()).st_size
    limit, total = most_unpacked(size), 0
    while not unpack.eof:
        packed = unpack.unconsumed_tail or file.read(CHUNK)
        if not packed:
            raise cut_off()
        chunk = unpack.decompress(packed, CHUNK)
        total += len(chunk)
        if total > limit:
            raise TooLargeError(
                f"unpacks to more than {limit // 1_000_000:,} MB from {size:,} bytes; "
                "it was refused, since it is damaged or was made to fill the memory."
            )
        yield chunk
