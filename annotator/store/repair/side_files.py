"""Reads what stands beside a database: the write-ahead log, and the journal of an act that was cut off.

Both are used as far as their own checksums are good, as SQLite itself would use them.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from typing import BinaryIO

_WAL_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
_WAL_HEAD = 32
_FRAME_HEAD = 24
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


@dataclass(slots=True)
class Overlay:
    """Where newer (or, for a journal, older and whole) pages lie, by number; and what to say of unusable side files."""

    places: dict[int, tuple[BinaryIO, int]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def page_size_of(wal: BinaryIO | None) -> int:
    """Give the size of pages that a write-ahead log states, or 0."""
    if wal is None:
        return 0
    head = read_at(wal, 0, _WAL_HEAD)
    if len(head) < _WAL_HEAD or struct.unpack_from(">I", head)[0] not in _WAL_MAGIC:
        return 0
    size: int = struct.unpack_from(">I", head, 8)[0]
    return size if size in {512 << power for power in range(8)} else 0


def overlay_of(wal: BinaryIO | None, journal: BinaryIO | None, *, page_size: int) -> Overlay:
    """Give the pages that the side files hold for a file with pages of a size."""
    overlay = Overlay()
    if journal is not None:
        _read_journal(journal, page_size, overlay)
    if wal is not None:
        _read_wal(wal, page_size, overlay)
    return overlay


def _read_wal(wal: BinaryIO, page_size: int, overlay: Overlay) -> None:
    """Take the pages of every commit up to the first frame whose checksum is not good."""
    size = wal.seek(0, os.SEEK_END)
    if size == 0:
        return
    head = read_at(wal, 0, _WAL_HEAD)
    order = _WAL_MAGIC.get(struct.unpack_from(">I", head)[0]) if len(head) == _WAL_HEAD else None
    if order is None or struct.unpack_from(">I", head, 8)[0] != page_size:
        overlay.remarks.append("-wal: its head is damaged, so the acts in it are lost")
        return
    sums = _checksum(head[:24], order, (0, 0))
    if sums != struct.unpack_from(">II", head, 24):
        overlay.remarks.append("-wal: its head is damaged, so the acts in it are lost")
        return
    salts = head[16:24]
    pending: dict[int, tuple[BinaryIO, int]] = {}
    at = _WAL_HEAD
    while at + _FRAME_HEAD + page_size <= size:
        frame = read_at(wal, at, _FRAME_HEAD + page_size)
        if len(frame) < _FRAME_HEAD + page_size or frame[8:16] != salts:
            break  # frames of an earlier round follow, which were taken over long ago
        sums = _checksum(frame[:8], order, sums)
        sums = _checksum(frame[_FRAME_HEAD:], order, sums)
        if sums != struct.unpack_from(">II", frame, 16):
            overlay.remarks.append(f"-wal: damaged from byte {at:,} on, so the acts behind it are lost")
            break
        number, commit = struct.unpack_from(">II", frame)
        pending[number] = (wal, at + _FRAME_HEAD)
        if commit:
            overlay.places.update(pending)
            pending.clear()
        at += _FRAME_HEAD + page_size


def _checksum(data: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for one, two in zip(words[0::2], words[1::2], strict=True):
        first = first + one + second & 0xFFFFFFFF
        second = second + two + first & 0xFFFFFFFF
    return first, second


def _read_journal(journal: BinaryIO, page_size: int, overlay: Overlay) -> None:
    """Take the old pages of an act that was cut off, up to the first whose checksum is not good."""
    size = journal.seek(0, os.SEEK_END)
    at = 0
    while at + 28 <= size:
        head = read_at(journal, at, 28)
        if not head.startswith(_JOURNAL_MAGIC):
            break
        count, nonce, _pages, sector, stated = struct.unpack_from(">IIIII", head, 8)
        if stated != page_size or not 32 <= sector <= 65536:
            overlay.remarks.append(
                "-journal: its head is damaged, so the act that was cut off stays half done"
            )
            break
        at += sector
        left = (size - at) // (page_size + 8)
        for _ in range(min(count, left)):
            record = read_at(journal, at, page_size + 8)
            number = int.from_bytes(record[:4], "big")
            page = record[4:-4]
            if _journal_sum(page, nonce) != int.from_bytes(record[-4:], "big"):
                overlay.remarks.append(f"-journal: damaged from byte {at:,} on")
                return
            overlay.places.setdefault(number, (journal, at + 4))
            at += page_size + 8
        if count > left:
            break
        at = -(-at // sector) * sector


def _journal_sum(page: bytes, nonce: int) -> int:
    return (nonce + sum(page[place] for place in range(len(page) - 200, 0, -200))) & 0xFFFFFFFF


def read_at(file: BinaryIO, at: int, size: int) -> bytes:
    """Read from a place; nothing where the disk cannot read it any more."""
    try:
        file.seek(at)
        return file.read(size)
    except OSError:
        return b""
