"""What the rows of each table look like in every version of the project file, learnt by running its migrations."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from annotator.store.migrate import migrate, migrations
from annotator.store.repair.records import Record, Value

PARTIAL = frozenset({"content", "document"})
"""Tables whose rows are of worth even where their end is lost."""
DERIVED = frozenset({"tally", "document_count"})
"""Tables that are counted again from the others."""
SEQUENCE = "sqlite_sequence"

_PACKED = frozenset({"id", "hash"})
"""Columns of names and hashes, which hold letters or the bytes they stand for."""
_KEYLESS = re.compile(r"\bWITHOUT\s+ROWID\b", re.IGNORECASE)
_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\s+TABLE", re.IGNORECASE)

_FITS: dict[str, Callable[[Value], bool]] = {
    "INTEGER": lambda value: isinstance(value, int),
    "REAL": lambda value: isinstance(value, int | float) and abs(value) < 1e300,
    "TEXT": lambda value: isinstance(value, str),
    "PACKED": lambda value: isinstance(value, str | bytes),
    "BLOB": lambda value: isinstance(value, bytes),
    "": lambda _value: True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its declared type, whether it may hold nothing, and what it holds where a row was written before it."""

    name: str
    type: str
    nullable: bool
    default: Value = None
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A table as it lies in the file.

    Args:
        columns: in the order in which a record holds them.
        key: number of the column that is the row's key and that no record holds; None in other tables.
        keyless: a table whose rows lie in the tree of their primary key (WITHOUT ROWID).
        root: page of its root in a new file.
    """

    name: str
    columns: tuple[Column, ...]
    key: int | None
    keyless: bool
    root: int

    @property
    def partial(self) -> bool:
        """Tell whether rows are wanted whose end is lost."""
        return self.name in PARTIAL

    @property
    def telling(self) -> bool:
        """Tell whether rows can be known by their looks alone."""
        return any(column.type in {"TEXT", "BLOB"} for column in self.columns) and all(
            column.type for column in self.columns
        )

    def fits(self, record: Record) -> bool:
        """Tell whether a record can be a row of this table."""
        values = record.values
        if record.width > len(self.columns):
            return False
        for number, column in enumerate(self.columns):
            if number >= record.width and not column.optional:
                return False
            if number >= len(values):
                continue
            value = values[number]
            if number == self.key:
                if value is not None:
                    return False
            elif value is None:
                if not column.nullable:
                    return False
            elif not _FITS.get(column.type, _FITS[""])(value):
                return False
        return len(values) > (1 if self.key is not None else 0)


@cache
def shapes_of(minor: int, page_size: int = 4096) -> tuple[Shape, ...]:
    """Give the tables of a file that went through the first `minor` migrations, and the table of used keys."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA page_size = {page_size}")
        migrate(connection, start=0, end=minor)
        tables = connection.execute(
            "SELECT name, rootpage, sql FROM sqlite_master WHERE type = 'table' ORDER BY rootpage"
        ).fetchall()
        virtual = [name for name, _, sql in tables if _VIRTUAL.match(sql or "")]
        return tuple(
            _shape(connection, name, root, sql or "")
            for name, root, sql in tables
            if name not in virtual
            and not any(name.startswith(f"{each}_") for each in virtual)
            and (name == SEQUENCE or not name.startswith("sqlite_"))
        )


def _shape(connection: sqlite3.Connection, name: str, root: int, sql: str) -> Shape:
    rows = connection.execute(
        'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', (name,)
    )
    told = rows.fetchall()
    keyless = _KEYLESS.search(sql) is not None
    key = None
    if keyless:  # the columns of the primary key come first
        told = sorted((row for row in told if row[4]), key=lambda row: row[4]) + [
            row for row in told if not row[4]
        ]
    else:
        keys = [number for number, row in enumerate(told) if row[4]]
        if len(keys) == 1 and told[keys[0]][1].upper() == "INTEGER":
            key = keys[0]
    columns: list[Column] = []
    optional = (
        True  # rows from before a column was added end without it, so only the last ones can be lacking
    )
    for name_of, declared, filled, default, primary in reversed(told):
        optional = optional and default is not None
        columns.insert(
            0,
            Column(
                name=name_of,
                type="PACKED" if name_of in _PACKED and not keyless else declared.upper(),
                nullable=not filled and not (keyless and primary),
                default=_literal(connection, default),
                optional=optional,
            ),
        )
    return Shape(name=name, columns=tuple(columns), key=key, keyless=keyless, root=root)


def _literal(connection: sqlite3.Connection, written: str | None) -> Value:
    if written is None:
        return None
    value: Value = connection.execute(f"SELECT {written}").fetchone()[0]
    return value


def minors() -> list[int]:
    """Give how many migrations a file may have been through, most first."""
    return list(range(len(migrations()), 0, -1))
