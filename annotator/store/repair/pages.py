"""Gives the pages of a damaged database file by number, as the side files beside it make them.

The file is opened for reading only and never through SQLite, which would write beside it.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from annotator.store.repair import side_files
from annotator.store.repair.records import INTERIOR, Cell, Page, parse_page
from annotator.store.repair.side_files import Overlay

MAGIC = b"SQLite format 3\x00"
PAGE_SIZES = tuple(512 << power for power in range(8))
_USUAL = 4096
_SAMPLE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the first page says of the file; `version` and `application` are 0 where it says nothing."""

    sound: bool
    page_size: int
    reserved: int = 0
    version: int = 0
    application: int = 0


class Pages:
    """The pages of a file, one read at a time.

    Args:
        page_size, usable: bytes of a page, and of it in use. count: pages there are, in the file or beside it.
    """

    def __init__(self, file: BinaryIO, *, size: int, head: Head, overlay: Overlay) -> None:
        self._file = file
        self._overlay = overlay
        self.head = head
        self.page_size = head.page_size
        self.usable = head.page_size - head.reserved
        filed = -(-size // self.page_size)
        most = filed + len(overlay.places)  # whatever number a side file names
        self.count = max([filed, *(number for number in overlay.places if number <= most)])
        self._budget = 4 * self.count + 64
        """Pages of long records that may still be read, so that false pointers cannot make endless work."""

    def data(self, number: int) -> bytes | None:
        """Give the bytes of a page, with zeros where the file is cut; None where there is no such page."""
        if not 0 < number <= self.count:
            return None
        file, at = self._overlay.places.get(number, (self._file, (number - 1) * self.page_size))
        found = side_files.read_at(file, at, self.page_size)
        return found.ljust(self.page_size, b"\0") if found else None

    def page(self, number: int) -> Page | None:
        """Give a page of a tree; None where it is none."""
        data = self.data(number)
        if data is None:
            return None
        return parse_page(data, first=number == 1, usable=self.usable)

    def payload(self, cell: Cell) -> tuple[bytes, bool]:
        """Give the record of a cell and whether it is whole; a long one is gathered from page to page."""
        if not cell.overflow:
            return cell.local, len(cell.local) == cell.size
        if cell.size > self.count * self.usable:
            return cell.local, False
        parts = [cell.local]
        left = cell.size - len(cell.local)
        number = cell.overflow
        while left > 0:
            self._budget -= 1
            data = self.data(number) if number > 1 and self._budget > 0 else None
            if data is None:
                return b"".join(parts), False
            parts.append(data[4 : 4 + min(left, self.usable - 4)])
            left -= len(parts[-1])
            number = int.from_bytes(data[:4], "big")
        return b"".join(parts), True

    def free(self) -> tuple[set[int], bool]:
        """Give the pages that hold nothing, and whether the list of them is whole."""
        first = self.data(1)
        found: set[int] = set()
        if not self.head.sound or first is None:
            return found, False
        trunk, wanted = struct.unpack_from(">II", first, 32)
        while trunk:
            data = self.data(trunk)
            if data is None or trunk in found:
                return found, False
            found.add(trunk)
            trunk, count = struct.unpack_from(">II", data, 0)
            if count > self.usable // 4 - 2:
                return found, False
            leaves = struct.unpack_from(f">{count}I", data, 8)
            if any(not 1 < leaf <= self.count for leaf in leaves):
                return found, False
            found.update(leaves)
        return found, len(found) == wanted


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[Pages, list[str]]]:
    """Open a file and what stands beside it; also gives remarks on side files that cannot be used.

    Raises:
        OSError: the file cannot be read at all.
    """
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        size = file.seek(0, os.SEEK_END)
        wal = _beside(stack, path, "-wal")
        journal = _beside(stack, path, "-journal")
        head = read_head(file, size, hint=side_files.page_size_of(wal))
        overlay = side_files.overlay_of(wal, journal, page_size=head.page_size)
        pages = Pages(file, size=size, head=head, overlay=overlay)
        newest = pages.data(1)
        if newest is not None and 1 in overlay.places:
            pages.head = _head(newest, head.page_size)
        remarks = [f"{path.name}{each}" for each in overlay.remarks]
        yield pages, remarks


def _beside(stack: contextlib.ExitStack, path: Path, ending: str) -> BinaryIO | None:
    try:
        return stack.enter_context(path.with_name(path.name + ending).open("rb"))
    except OSError:
        return None


def read_head(file: BinaryIO, size: int, *, hint: int = 0) -> Head:
    """Read the head of a file; where it is damaged, the size of its pages is found by trial."""
    start = side_files.read_at(file, 0, 100)
    stated = _head(start, 0)
    sizes = [each for each in dict.fromkeys((stated.page_size, hint, _USUAL, *PAGE_SIZES)) if each]
    best = max(sizes, key=lambda each: _fitting(file, size, each))  # the first of equals
    return _head(start, best)


def _head(start: bytes, page_size: int) -> Head:
    """Read the head of a file whose pages have a size; 0 takes the one it states."""
    if len(start) < 100:
        return Head(sound=False, page_size=page_size)
    stated = int.from_bytes(start[16:18], "big")
    stated = 65536 if stated == 1 else stated
    if stated not in PAGE_SIZES:
        stated = 0
    sound = start.startswith(MAGIC) and stated != 0 and page_size in {0, stated}
    reserved = start[20] if sound and start[20] <= 32 else 0
    version, application = struct.unpack_from(">I", start, 60)[0], struct.unpack_from(">I", start, 68)[0]
    return Head(
        sound=sound,
        page_size=page_size or stated,
        reserved=reserved,
        version=version,
        application=application,
    )


def _fitting(file: BinaryIO, size: int, page_size: int) -> int:
    """Count, of some pages all over the file, those whose rows fill them to their last byte."""
    count = size // page_size
    found = 0
    for number in range(1, count + 1, max(1, count // _SAMPLE)):
        data = side_files.read_at(file, (number - 1) * page_size, page_size)
        page = parse_page(data, first=number == 1, usable=page_size)
        if page is not None and page.sound and page.cells:
            found += page_size
    return found


def children_of(page: Page) -> Iterator[tuple[Cell | None, int]]:
    """Give the children of an interior page, each with the cell that stands behind it; none behind the last."""
    if page.kind in INTERIOR:
        yield from ((cell, cell.child) for cell in page.cells)
        yield None, page.right
