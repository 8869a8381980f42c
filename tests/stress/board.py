"""A few bytes of memory that a victim and its killer share: what the victim is doing stays readable when it is dead."""

from __future__ import annotations

import contextlib
import mmap
import struct
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path

SIZE = 4096
_PLACE, _CALL, _ARMED = 0, 1, 2
_WRITES, _CALLS = 12, 16


class Place(IntEnum):
    """What a victim is writing just now."""

    NOTHING = 0
    TRANSACTION = 1
    COMMIT = 2
    CHECKPOINT = 3
    BACKUP = 4
    MIGRATION = 5
    EXPORT = 6
    SETTINGS = 7
    CREATION = 8
    REWRITE = 9


class Call(IntEnum):
    """The call of the operating system in which `kill_at_write.c` ended the process; it knows the same numbers."""

    NONE = 0
    WRITE = 1
    TRUNCATE = 2
    SYNC = 3
    REMOVE = 4
    RENAME = 5


class Board:
    """The shared bytes, over a file; `kill_at_write.c` maps the same file.

    Args:
        path: the file; made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(SIZE))
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), SIZE)

    def close(self) -> None:
        """Let the memory go."""
        self._bytes.close()

    @property
    def place(self) -> Place:
        """Tell what is being written."""
        return Place(self._bytes[_PLACE])

    @place.setter
    def place(self, place: Place) -> None:
        self._bytes[_PLACE] = place

    @property
    def call(self) -> Call:
        """Tell in which call the process ended itself, if it did."""
        return Call(self._bytes[_CALL])

    @property
    def writes(self) -> int:
        """Count the times that something was begun to be written."""
        return self._number(_WRITES)

    @property
    def calls(self) -> int:
        """Count the calls that would have changed a file of the project."""
        return self._number(_CALLS)

    def arm(self) -> None:
        """Let calls be counted from now on."""
        self._bytes[_ARMED] = 1

    @contextlib.contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """Say that something is being written while the block runs."""
        before = self.enter(place)
        try:
            yield
        finally:
            self.place = before

    def enter(self, place: Place) -> Place:
        """Say that something is being written from now on; gives what was said before."""
        before = self.place
        self.place = place
        struct.pack_into("<I", self._bytes, _WRITES, self.writes + 1)
        return before

    def _number(self, at: int) -> int:
        number: int = struct.unpack_from("<I", self._bytes, at)[0]
        return number
