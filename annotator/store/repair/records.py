"""Reads cells and records of SQLite's file format (https://www.sqlite.org/fileformat2.html); trusts nothing.

Whatever the bytes say, every function here ends after a number of steps bounded by the length of what it was given.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

Value = int | float | str | bytes | None

TABLE_LEAF = 0x0D
TABLE_INTERIOR = 0x05
INDEX_LEAF = 0x0A
INDEX_INTERIOR = 0x02
KINDS = frozenset({TABLE_LEAF, TABLE_INTERIOR, INDEX_LEAF, INDEX_INTERIOR})
INTERIOR = frozenset({TABLE_INTERIOR, INDEX_INTERIOR})

_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
_FLOAT = struct.Struct(">d")


class BrokenError(Exception):
    """The bytes are not what the file format says they should be."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a page.

    Args:
        rowid: of a row of a table; 0 elsewhere. child: page of an interior cell; 0 elsewhere.
        size: bytes of the whole record. local: those that lie on the page itself.
        overflow: page on which the record goes on, or 0. start, end: its bytes on the page.
    """

    rowid: int
    child: int
    size: int
    local: bytes
    overflow: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Record:
    """The values of a row.

    Args:
        damaged: columns by number whose text is no text. width: how many values there should be.
        whole: false where the end of the row is gone, and maybe some values with it.
    """

    values: list[Value]
    damaged: tuple[int, ...]
    width: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a tree.

    Args:
        kind: what the first byte says. cells: those that can be read, in their order.
        right: the last child of an interior page, else 0. lost: cells that cannot be read.
        sound: every byte of the page is accounted for, so that nothing can be missing from it.
    """

    kind: int
    cells: tuple[Cell, ...]
    right: int
    lost: int
    sound: bool


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Give a number of one to nine bytes, signed, and where it ends.

    Raises:
        BrokenError: it goes on behind the end.
    """
    try:
        byte = data[at]
        if byte < 0x80:
            return byte, at + 1
        value = byte & 0x7F
        for offset in range(at + 1, at + 8):
            byte = data[offset]
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value, offset + 1
        value = value << 8 | data[at + 8]
    except IndexError as error:
        raise BrokenError("a number goes on behind the end") from error
    return value - (1 << 64) if value >> 63 else value, at + 9


def parse_page(data: bytes, *, first: bool, usable: int) -> Page | None:
    """Read a page of a tree; None where it is none. `usable` bytes of it are in use; the `first` has a file header."""
    start = 100 if first else 0
    kind = data[start] if len(data) >= usable else 0
    if kind not in KINDS:
        return None
    free, count, content, fragments = struct.unpack_from(">HHHB", data, start + 1)
    content = content or 65536
    pointers = start + (12 if kind in INTERIOR else 8)
    right = int.from_bytes(data[start + 8 : start + 12], "big") if kind in INTERIOR else 0
    room = (usable - pointers) // 2
    sound = count <= room and pointers + 2 * count <= content <= usable
    count = min(count, room)
    cells = []
    for offset in struct.unpack_from(f">{count}H", data, pointers):
        try:
            cells.append(_cell(data, offset, kind, usable=usable, lowest=pointers + 2 * count))
        except BrokenError:
            sound = False
    if sound:
        sound = _adds_up(data, cells, free=free, content=content, fragments=fragments, usable=usable)
    return Page(kind, tuple(cells), right, count - len(cells), sound)


def _cell(data: bytes, offset: int, kind: int, *, usable: int, lowest: int) -> Cell:
    if not lowest <= offset <= usable - 4:
        raise BrokenError("a cell lies outside")
    at = offset
    child = rowid = 0
    if kind in INTERIOR:
        child = int.from_bytes(data[at : at + 4], "big")
        at += 4
    if kind == TABLE_INTERIOR:
        rowid, at = varint(data, at)
        return Cell(rowid, child, 0, b"", 0, offset, _end(offset, at, usable))
    size, at = varint(data, at)
    if size < 0:
        raise BrokenError("a size below nothing")
    if kind == TABLE_LEAF:
        rowid, at = varint(data, at)
    local = local_size(size, usable=usable, table=kind == TABLE_LEAF)
    end = at + local
    overflow = 0
    if local < size:
        overflow = int.from_bytes(data[end : end + 4], "big")
        end += 4
    _end(offset, end, usable)
    return Cell(rowid, child, size, data[at : at + local], overflow, offset, max(end, offset + 4))


def _end(start: int, end: int, usable: int) -> int:
    if end > usable:
        raise BrokenError("a cell goes on behind the end")
    return max(end, start + 4)


def local_size(size: int, *, usable: int, table: bool) -> int:
    """Give how many bytes of a record of `size` bytes lie on the page itself."""
    most = usable - 35 if table else (usable - 12) * 64 // 255 - 23
    if size <= most:
        return size
    least = (usable - 12) * 32 // 255 - 23
    wanted = least + (size - least) % (usable - 4)
    return wanted if wanted <= most else least


def _adds_up(data: bytes, cells: list[Cell], *, free: int, content: int, fragments: int, usable: int) -> bool:
    """Tell whether cells and free places fill the page from `content` on without overlapping."""
    places = [(cell.start, cell.end) for cell in cells]
    while free:
        if not content <= free <= usable - 4 or len(places) > usable:
            return False
        after, length = struct.unpack_from(">HH", data, free)
        places.append((free, free + length))
        if after and after <= free:
            return False
        free = after
    places.sort()
    gaps, last = 0, content
    for start, end in places:
        if start < last:
            return False
        gaps += start - last
        last = end
    return last <= usable and gaps + usable - last == fragments


def decode(payload: bytes, *, whole: bool = True) -> Record:
    """Read the values of a record; of one that is not `whole`, as many as are there, the last one cut.

    Raises:
        BrokenError: it is no record.
    """
    length, at = varint(payload, 0)
    if not at <= length <= len(payload):
        raise BrokenError("the head of a record does not fit")
    body = length
    values: list[Value] = []
    damaged: list[int] = []
    width = 0
    while at < length:
        kind = payload[at]
        at += 1
        if kind >= 0x80:
            kind, at = varint(payload, at - 1)
        if kind < 0 or kind in {10, 11}:
            raise BrokenError("no such kind of value")
        size = _SIZES[kind] if kind < 10 else (kind - 12) >> 1
        piece = payload[body : body + size]
        short = len(piece) < size
        if short and whole:
            raise BrokenError("a value goes on behind the end")
        if len(values) == width and (not short or kind >= 12):  # behind a gap values are only counted
            values.append(_value(kind, piece, short=short, damaged=damaged, number=width))
        width += 1
        body += size
    if at > length or (whole and body != len(payload)):
        raise BrokenError("a record does not end where it says")
    return Record(values, tuple(damaged), width, whole)


def _value(kind: int, piece: bytes, *, short: bool, damaged: list[int], number: int) -> Value:
    if kind == 0:
        return None
    if kind >= 12:
        if kind % 2 == 0:
            return piece
        if short:
            damaged.append(number)
            return _cut_text(piece)
        try:
            return piece.decode()
        except UnicodeDecodeError:
            damaged.append(number)
            return piece.decode(errors="replace")
    if kind == 7:
        number_: float = _FLOAT.unpack(piece)[0]
        return number_
    if kind >= 8:
        return kind - 8
    return int.from_bytes(piece, "big", signed=True)


def _cut_text(piece: bytes) -> str:
    """Read a text whose end is gone; half a character at the end goes with it."""
    for drop in range(4):
        try:
            return piece[: len(piece) - drop].decode()
        except UnicodeDecodeError:
            continue
    return piece.decode(errors="replace")
