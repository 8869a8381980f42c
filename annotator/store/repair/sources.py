"""Where the rows of a damaged project come from: SQLite itself where it still reads the file, else our own reading."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from annotator.store.migrate import APPLICATION_ID, version_of
from annotator.store.repair.pages import Pages
from annotator.store.repair.records import (
    INDEX_INTERIOR,
    INDEX_LEAF,
    TABLE_INTERIOR,
    TABLE_LEAF,
    Page,
    Record,
)
from annotator.store.repair.shapes import Column, Shape, minors, shapes_of
from annotator.store.repair.trees import Found, Walk, looks_like, strays, walk

_SAMPLE = 400
_MASTER = Shape(
    name="sqlite_master",
    columns=(
        Column(name="type", type="TEXT", nullable=False),
        Column(name="name", type="TEXT", nullable=False),
        Column(name="tbl_name", type="TEXT", nullable=False),
        Column(name="rootpage", type="INTEGER", nullable=False),
        Column(name="sql", type="TEXT", nullable=True),
    ),
    key=None,
    keyless=False,
    root=1,
)


class Source(Protocol):
    """Rows of a project file, table by table.

    Args:
        shapes: the tables there are. met: how each was found; filled while its rows are read.
    """

    minor: int
    shapes: tuple[Shape, ...]
    met: dict[str, Walk]

    def rows(self, shape: Shape) -> Iterator[Found]:
        """Yield the rows of a table as its tree gives them."""

    def strays(self, shapes: list[Shape]) -> Iterator[tuple[Shape, Found]]:
        """Yield rows that no tree leads to any more; ask after all tables were read."""


class _Unreadable(str):
    """A text whose bytes are no text; what can be read of it."""

    __slots__ = ()


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _Unreadable(data.decode(errors="replace"))


class SoundSource:
    """A database that SQLite finds nothing wrong with."""

    def __init__(self, connection: sqlite3.Connection, minor: int) -> None:
        self._connection = connection
        self._connection.text_factory = _text
        self.minor = minor
        self.shapes = shapes_of(minor)
        self.met = {shape.name: Walk() for shape in self.shapes}

    def rows(self, shape: Shape) -> Iterator[Found]:
        """Yield the rows of a table."""
        names = ", ".join(f'"{column.name}"' for column in shape.columns)
        key = "0" if shape.keyless else "rowid"
        for rowid, *values in self._connection.execute(f"SELECT {key}, {names} FROM {shape.name}"):
            damaged = tuple(number for number, value in enumerate(values) if isinstance(value, _Unreadable))
            if shape.key is not None:
                values[shape.key] = None
            record = Record(values, damaged, len(values))
            if shape.fits(record):
                yield Found(rowid, record)
            else:
                self.met[shape.name].broken(None)

    def strays(self, shapes: list[Shape]) -> Iterator[tuple[Shape, Found]]:  # noqa: ARG002 - as the protocol says
        """Yield nothing: every row hangs on its tree."""
        yield from ()


class PageSource:
    """A file that is read page by page, without SQLite."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.minor = _minor_of(pages)
        self.shapes = shapes_of(self.minor, pages.page_size)
        self.met = {shape.name: Walk() for shape in self.shapes}
        self._roots = _roots(pages)
        self._is_as_new = all(self._may_start(shape) for shape in self.shapes)

    def _may_start(self, shape: Shape) -> bool:
        """Tell whether a table may begin where it does in a new file, by its first row and by what is said."""
        page = self._pages.page(shape.root)
        kinds = (INDEX_LEAF, INDEX_INTERIOR) if shape.keyless else (TABLE_LEAF, TABLE_INTERIOR)
        if page is None or page.kind not in kinds or self._roots.get(shape.name, shape.root) != shape.root:
            return False
        return page.kind == TABLE_INTERIOR or not page.cells or looks_like(page.cells[0], shape)

    def rows(self, shape: Shape) -> Iterator[Found]:
        """Yield the rows of a table from where its root is said to be, else from where it is in a new file."""
        said = self._roots.get(shape.name)
        for root in dict.fromkeys(each for each in (said, shape.root) if each):
            met = Walk()
            self.met[shape.name] = met
            any_found = False
            for found in walk(self._pages, shape, root, met):
                any_found = True
                yield found
            if any_found or (met.sound and (root == said or self._is_as_new)):
                return
        self.met[shape.name].broken(None)

    def strays(self, shapes: list[Shape]) -> Iterator[tuple[Shape, Found]]:
        """Yield rows of pages that no tree leads to any more."""
        reached = set[int]().union(*(met.pages for met in self.met.values()))
        yield from strays(self._pages, shapes, reached, self.met)


def _roots(pages: Pages) -> dict[str, int]:
    """Give the root of every table that the list of tables still names, also from pages that nothing leads to."""
    met = Walk()
    rows = list(walk(pages, _MASTER, 1, met))
    if not met.sound:
        met_by_name = {_MASTER.name: met}
        rows += [found for _, found in strays(pages, [_MASTER], met.pages, met_by_name)]
    roots: dict[str, int] = {}
    for row in rows:
        kind, name, _, root = row.record.values[:4]
        if kind == "table" and isinstance(name, str) and isinstance(root, int) and 0 < root <= pages.count:
            roots.setdefault(name, root)
    return roots


def _minor_of(pages: Pages) -> int:
    """Give how many migrations a file went through: what it says, unless its rows say otherwise."""
    head = pages.head
    known = minors()
    stated = head.version % 1000 if head.application == APPLICATION_ID else 0
    step = max(1, pages.count // _SAMPLE)
    sample = [page for number in range(1, pages.count + 1, step) if (page := pages.page(number)) is not None]
    best, most = known[0], -1
    for minor in sorted(known, key=lambda each: each != stated):  # the stated one first; it wins a draw
        shapes = [shape for shape in shapes_of(minor, pages.page_size) if shape.telling and not shape.keyless]
        fitting = sum(
            page.kind == TABLE_LEAF and any(_fits(page, shape) for shape in shapes) for page in sample
        )
        if fitting > most:
            best, most = minor, fitting
    return best


def _fits(page: Page, shape: Shape) -> bool:
    return any(looks_like(cell, shape) for cell in page.cells[:1])


@contextlib.contextmanager
def sound_source(path: Path, folder: Path) -> Iterator[SoundSource | None]:
    """Open a file with SQLite if it finds nothing wrong; with side files it is copied into a folder first.

    Raises:
        NewerError: made by a newer program. ProjectError: another program's database.
    """
    beside = [path.with_name(path.name + ending) for ending in ("-wal", "-journal")]
    try:
        if any(each.exists() for each in beside):
            copy = folder / "copy.annot"
            for each in (path, *beside):
                if each.exists():
                    shutil.copyfile(each, copy.with_name(copy.name + each.name[len(path.name) :]))
            uri = copy.absolute().as_uri() + "?mode=rw"
        else:
            uri = path.absolute().as_uri() + "?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    except (OSError, sqlite3.Error):
        yield None
        return
    with contextlib.closing(connection):
        yield _if_sound(connection)


def _if_sound(connection: sqlite3.Connection) -> SoundSource | None:
    try:
        if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            return None
        version = version_of(connection)
        minor = version % 1000
        if minor not in minors():
            return None
        source = SoundSource(connection, minor)
        for shape in source.shapes:
            names = ", ".join(f'"{column.name}"' for column in shape.columns)
            connection.execute(f"SELECT {names} FROM {shape.name} LIMIT 0")
        return source
    except (sqlite3.Error, UnicodeError):
        return None
