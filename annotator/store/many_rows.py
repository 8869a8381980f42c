"""Writes many rows of a table by few statements: to begin one costs SQLite as much as several rows."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

_AT_ONCE = (200, 25)
"""Rows that one statement writes: few different numbers, so that SQLite need not read new statements all the time."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for one table.

    Args:
        columns: their names, in the order of the values of each row.
        shared: further columns by name, with the value that all rows have there.
    """

    table: str
    columns: tuple[str, ...]
    values: Sequence[tuple[Any, ...]]
    shared: Mapping[str, Any] = field(default_factory=dict)

    def insert(self, connection: sqlite3.Connection) -> None:
        """Write them; inside a transaction."""
        done = 0
        shared = tuple(self.shared.values())
        for count in _AT_ONCE:
            statement = _statement(self.table, self.columns, tuple(self.shared), count)
            while len(self.values) - done >= count:
                some = self.values[done : done + count]
                connection.execute(statement, (*shared, *chain.from_iterable(some)))
                done += count
        statement = _statement(self.table, self.columns, tuple(self.shared), 1)
        connection.executemany(statement, [(*shared, *row) for row in self.values[done:]])


@functools.lru_cache(maxsize=64)
def _statement(table: str, columns: tuple[str, ...], shared: tuple[str, ...], count: int) -> str:
    names = ", ".join(f'"{name}"' for name in (*shared, *columns))
    rows = ", ".join([f"({', '.join('?' * len(columns))})"] * count)
    if not shared:
        return f"INSERT INTO {table} ({names}) VALUES {rows}"
    taken = ", ".join(["?"] * len(shared) + [f"column{number + 1}" for number in range(len(columns))])
    return f"INSERT INTO {table} ({names}) SELECT {taken} FROM (VALUES {rows})"
