"""Walks the trees of a damaged database: the rows of a table from its root, and pages that no root leads to any more.

A page is taken for a part of a table only when rows on it are of that table's shape, so that a false pointer neither
mixes tables nor goes round in circles. Where a tree is broken, the walk says so and goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from annotator.store.repair.pages import Pages, children_of
from annotator.store.repair.records import (
    INDEX_INTERIOR,
    INDEX_LEAF,
    TABLE_INTERIOR,
    TABLE_LEAF,
    BrokenError,
    Cell,
    Page,
    Record,
    Value,
    decode,
)
from annotator.store.repair.shapes import Shape


@dataclass(frozen=True, slots=True)
class Found:
    """A row that was found: its key (0 in tables without one) and its values in the order of the shape's columns."""

    key: int
    record: Record


@dataclass(slots=True)
class Walk:
    """What a walk over one table met.

    Args:
        sound: every page of it was whole, so that no row can be missing.
        gaps: for each place where rows are missing, the values of the row behind it, or None for the end.
        pages: those that belong to the table.
    """

    sound: bool = True
    gaps: list[list[Value] | None] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)

    def broken(self, upper: list[Value] | None) -> None:
        """Note that rows are missing before the row `upper`."""
        self.sound = False
        self.gaps.append(upper)


def walk(pages: Pages, shape: Shape, root: int, met: Walk) -> Iterator[Found]:
    """Yield the rows of a table, from its root on; `met` is filled meanwhile."""
    leaf, interior = (INDEX_LEAF, INDEX_INTERIOR) if shape.keyless else (TABLE_LEAF, TABLE_INTERIOR)
    waiting: list[tuple[int, list[Value] | None]] = [(root, None)]
    while waiting:
        number, upper = waiting.pop()
        page = pages.page(number) if number not in met.pages else None
        if page is None or page.kind not in (leaf, interior):
            met.broken(upper)
            continue
        found, lost = _rows(pages, page, shape)
        if _is_foreign(page, found, lost, root=number == root):
            met.broken(upper)
            continue
        met.pages.add(number)
        if lost or page.lost or not page.sound:
            met.broken(upper)
        behind = {cell.start: row.record.values for cell, row in found}
        for cell, child in children_of(page):
            waiting.append((child, upper if cell is None else behind.get(cell.start, [cell.rowid])))
        yield from (row for _, row in found)


def _rows(pages: Pages, page: Page, shape: Shape) -> tuple[list[tuple[Cell, Found]], int]:
    """Give the rows that lie on a page, and how many could not be read."""
    if page.kind == TABLE_INTERIOR:
        return [], 0
    found = []
    lost = 0
    for cell in page.cells:
        row = row_of(pages, cell, shape)
        if row is None:
            lost += 1
        else:
            found.append((cell, row))
    return found, lost


def row_of(pages: Pages, cell: Cell, shape: Shape) -> Found | None:
    """Read a cell as a row of a table; None where it is no such row."""
    payload, whole = pages.payload(cell)
    if not whole and not shape.partial:
        return None
    try:
        record = decode(payload, whole=whole)
    except BrokenError:
        return None
    return Found(cell.rowid, record) if shape.fits(record) else None


def looks_like(cell: Cell, shape: Shape) -> bool:
    """Tell whether the part of a cell that lies on its page can be the beginning of a row of a table."""
    try:
        return shape.fits(decode(cell.local, whole=not cell.overflow))
    except BrokenError:
        return False


def _is_foreign(page: Page, found: list[tuple[Cell, Found]], lost: int, *, root: bool) -> bool:
    """Tell whether a page belongs to another table: none of its rows fits this one."""
    if page.kind == TABLE_INTERIOR:
        return not page.cells and not page.right
    if found:
        return False
    return lost > 0 or not root


def strays(
    pages: Pages, shapes: list[Shape], reached: set[int], met: dict[str, Walk]
) -> Iterator[tuple[Shape, Found]]:
    """Yield rows of pages that no walk reached, told apart by their shape; only for tables that were not sound.

    Tables whose rows are nothing but numbers all look alike and are left out.
    """
    free, _ = pages.free()
    wanted = [shape for shape in shapes if not met[shape.name].sound and shape.telling]
    if not wanted:
        return
    for number in range(1, pages.count + 1):
        if number in reached or number in free:
            continue
        page = pages.page(number)
        if page is None or not page.cells or page.kind == TABLE_INTERIOR:
            continue
        keyless = page.kind in (INDEX_LEAF, INDEX_INTERIOR)
        candidates = [shape for shape in wanted if shape.keyless is keyless]
        best = max(candidates, key=lambda shape: _share(page, shape), default=None)
        if best is None or not _share(page, best):
            continue
        met[best.name].pages.add(number)
        for _, row in _rows(pages, page, best)[0]:
            yield best, row


_TRIED = 8


def _share(page: Page, shape: Shape) -> int:
    """Count, of the first rows of a page, those that fit a table."""
    return sum(looks_like(cell, shape) for cell in page.cells[:_TRIED])
