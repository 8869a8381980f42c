"""A disk that loses power: what it holds for sure, and what it may hold, at any moment of a recorded run.

A file holds for sure what stood in it when it was last synced; of the writes since then any sectors may have arrived,
in any order. New, removed and renamed names arrive in their order, and for sure when the folder is synced.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.watching import Call

SECTOR = 512


@dataclass(slots=True)
class File:
    """What is written for sure, and what waits: (offset, bytes), or (length, None) where it was cut."""

    sure: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)


@dataclass(slots=True)
class Disk:
    """One folder; `names` are those that programs see, `sure` those that the disk holds."""

    names: dict[str, File] = field(default_factory=dict)
    sure: dict[str, File] = field(default_factory=dict)
    waiting: list[tuple[str, File | None]] = field(default_factory=list)

    def take(self, call: Call) -> None:
        """Let a call have happened."""
        match call.kind:
            case "C":
                self._name(call.name, File())
            case "W":
                self.names[call.name].waiting.append((call.first, call.content))
            case "T":
                self.names[call.name].waiting.append((call.first, None))
            case "U":
                self._name(call.name, None)
            case "R":
                moved = self.names[call.name]
                self._name(call.content.decode(), moved)
                self._name(call.name, None)
            case "S":
                file = self.names[call.name]
                for offset, content in file.waiting:
                    _put(file.sure, offset, content)
                file.waiting.clear()
            case "D":
                for name, there in self.waiting:
                    _rename(self.sure, name, there)
                self.waiting.clear()

    def _name(self, name: str, file: File | None) -> None:
        _rename(self.names, name, file)
        self.waiting.append((name, file))

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing waits, so that losing power can lose nothing."""
        return not self.waiting and not any(file.waiting for file in self.names.values())

    def unsynced(self, name: str) -> bool:
        """Tell whether a file holds writes that were not synced; to be cut can wait."""
        return name in self.names and any(written is not None for _, written in self.names[name].waiting)

    def after(self, chance: random.Random, *, share: float) -> dict[str, bytes]:
        """Give what the disk may hold after power was lost: by name what stands in each file.

        Args:
            share: how much of what waited has arrived; 0 nothing, 1 all, between them sectors by chance.
        """
        names = dict(self.sure)
        arrived = len(self.waiting) if share == 1 else chance.randint(0, len(self.waiting)) if share else 0
        for name, file in self.waiting[:arrived]:
            _rename(names, name, file)
        return {name: bytes(_content(file, chance, share)) for name, file in names.items()}


def _rename(names: dict[str, File], name: str, file: File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def _content(file: File, chance: random.Random, share: float) -> bytearray:
    content = bytearray(file.sure)
    for offset, written in file.waiting:
        if written is None:
            if chance.random() < share:
                _put(content, offset, None)
            continue
        for start, piece in _sectors(offset, written):
            if share == 1 or chance.random() < share:
                _put(content, start, piece)
    return content


def _sectors(offset: int, written: bytes) -> Iterator[tuple[int, bytes]]:
    """Cut a write where sectors of the disk begin."""
    at = 0
    while at < len(written):
        length = min(SECTOR - (offset + at) % SECTOR, len(written) - at)
        yield offset + at, written[at : at + length]
        at += length


def _put(content: bytearray, offset: int, written: bytes | None) -> None:
    """Write into a file, or cut it (or let it grow with zeros) where nothing is written."""
    end = offset if written is None else offset + len(written)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if written is None:
        del content[offset:]
    else:
        content[offset:end] = written


def lay_out(folder: Path, files: dict[str, bytes], chance: random.Random) -> None:
    """Write the files of a disk into a folder; the shared memory beside a database holds anything after a fall."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        if name.endswith(("-shm", ".lock")):
            content = chance.choice((b"", content, chance.randbytes(32768)))  # noqa: PLW2901 - never synced, so it may
        (folder / name).write_bytes(content)
