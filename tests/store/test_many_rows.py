"""Rows are written as they are, in their order, however many there are and whatever they share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from annotator.store.many_rows import Rows


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(
            'CREATE TABLE thing (key INTEGER PRIMARY KEY, "group" TEXT, note TEXT, score REAL)'
        )
        yield connection


@pytest.mark.parametrize("count", [0, 1, 24, 25, 199, 200, 201, 226, 651])
@pytest.mark.parametrize("shared", [{}, {"note": "n", "score": None}])
def test_all_rows_are_written(
    connection: sqlite3.Connection, count: int, shared: dict[str, str | None]
) -> None:
    rows = [(number, f"g{number % 7}") for number in range(count, 0, -1)]
    Rows("thing", ("key", "group"), rows, shared).insert(connection)
    written = connection.execute('SELECT key, "group", note, score FROM thing ORDER BY key').fetchall()
    assert written == [(*row, shared.get("note"), None) for row in reversed(rows)]


def test_values_keep_their_kind(connection: sqlite3.Connection) -> None:
    rows = [(number, "1", b"\0x" if number % 2 else "\0y") for number in range(300)]
    Rows("thing", ("key", "group", "note"), rows, {"score": 1}).insert(connection)
    written = connection.execute('SELECT key, "group", note, score FROM thing ORDER BY key').fetchall()
    assert written == [(*row, 1.0) for row in rows]


def test_a_row_that_cannot_be_is_refused(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        Rows("thing", ("key",), [(1,)] * 30).insert(connection)
    with pytest.raises(sqlite3.IntegrityError):
        Rows("thing", ("key",), [(2,), (2,)]).insert(connection)
