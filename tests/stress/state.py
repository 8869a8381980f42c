"""All rows of a project as one value: read, compared, and told as the difference to an earlier reading.

Tables and columns are asked of the file, so that a new shape of it needs no change here. What is arriving in a batch
that is not published does not count: nobody sees it, and the next opening removes it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from annotator.store.tables import TABLES

Row = tuple[Any, ...]
Rows = dict[Any, Row]
State = dict[str, Rows]
"""Rows by table and key; the key is a value, or a tuple where the table's key has several columns."""
Difference = dict[str, dict[Any, Row | None]]
"""Rows as they are now by table and key; None for those that are gone."""

APPENDED = frozenset({"step", "change", "reversal", "step_document"})
"""Tables of the journal: rows are only ever added; what changes of a step is only whether it is live."""
JOURNALLED = tuple(TABLES)
"""Tables whose every change is in the journal."""
COUNTS = "document_count"
"""Table of how many documents there are, kept by triggers."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a table looks like: the names of its columns, and the places of those that make its key."""

    columns: tuple[str, ...]
    key: tuple[int, ...]

    def key_of(self, row: Row) -> Any:
        """Give the key of a row."""
        return row[self.key[0]] if len(self.key) == 1 else tuple(row[place] for place in self.key)

    def place(self, column: str) -> int | None:
        """Give where a column stands, or None."""
        return self.columns.index(column) if column in self.columns else None

    def named(self, row: Row) -> dict[str, Any]:
        """Give a row by the names of its columns."""
        return dict(zip(self.columns, row, strict=True))


class Reader:
    """Reads all rows through a connection.

    Args:
        connection: of any row factory; a transaction of its own is begun for a reading unless one is open.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.shapes = {name: self._shape(name) for name in self._tables()}
        self.kept: State = {name: {} for name in self.shapes}
        self._spoken_of: dict[str, set[int]] = {}

    def difference(self, *, whole: bool = False) -> Difference:
        """Read again and give what changed since the last reading; `whole` where the journal may have lost entries."""
        now = self.read(whole=whole)
        found = {name: _difference(self.kept[name], rows) for name, rows in now.items()}
        self.kept = now
        return {name: rows for name, rows in found.items() if rows}

    def read(self, *, whole: bool = False) -> State:
        """Read every table that counts; of the journal only what is new, as it is only added to, unless `whole`."""
        if whole:
            return type(self)(self._connection).read()
        alone = not self._connection.in_transaction
        if alone:
            self._rows("BEGIN")
        try:
            self._spoken_of = {
                name: {row[0] for row in self._rows('SELECT row FROM change WHERE "table" = ?', name)}
                for name in ("batch", "type")
            }
            arriving = self._arriving()
            return {name: self._read(name, arriving) for name in self.shapes}
        finally:
            if alone:
                self._rows("COMMIT")

    def _read(self, name: str, arriving: set[int]) -> Rows:
        shape = self.shapes[name]
        if name == "change" and self.kept[name]:
            rows = self._rows("SELECT * FROM change WHERE step > ?", max(key[0] for key in self.kept[name]))
            return self.kept[name] | {shape.key_of(row): row for row in rows}
        rows = self._rows(f'SELECT * FROM "{name}"')
        if name in self._spoken_of:
            return {
                key: row
                for row in rows
                if not self._is_arriving(name, key := shape.key_of(row), shape.named(row))
            }
        if name == COUNTS:
            return self._counts(rows)
        document = shape.place("document")
        if name in ("document", "tokenization"):
            document = shape.key[0]
        if not arriving or document is None or name in APPENDED:
            return {shape.key_of(row): row for row in rows}
        return {shape.key_of(row): row for row in rows if row[document] not in arriving}

    def _counts(self, rows: list[Row]) -> Rows:
        """Leave out the counts of batches that were never published, and those that came down to nothing."""
        shape = self.shapes[COUNTS]
        batch, count = shape.columns.index("batch"), shape.columns.index("documents")
        published = {row[0] for row in self._rows("SELECT key FROM batch WHERE state <> 'pending'")}
        published |= self._spoken_of["batch"]
        return {shape.key_of(row): row for row in rows if row[count] and row[batch] in published}

    def _is_arriving(self, name: str, key: int, row: dict[str, Any]) -> bool:
        """Tell whether a batch or a type came with an import that was never published."""
        unseen = row["state"] == "pending" if name == "batch" else bool(row["hidden"]) and row["version"] == 0
        return unseen and key not in self._spoken_of[name]

    def _arriving(self) -> set[int]:
        """Give the documents of batches that were never published."""
        rows = self._rows(
            "SELECT document.key, document.batch FROM document JOIN batch ON batch.key = document.batch "
            "WHERE batch.state = 'pending'"
        )
        return {key for key, batch in rows if batch not in self._spoken_of["batch"]}

    def _tables(self) -> list[str]:
        virtual = [
            row[0] for row in self._rows("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")
        ]
        rows = self._rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return [
            row[0]
            for row in rows
            if not any(row[0] == name or row[0].startswith(f"{name}_") for name in virtual)
        ]

    def _shape(self, name: str) -> Shape:
        rows = self._rows(f'PRAGMA table_info("{name}")')
        keyed = sorted((row[5], row[0]) for row in rows if row[5])
        places = tuple(place for _, place in keyed) or tuple(range(len(rows)))
        return Shape(tuple(row[1] for row in rows), places)

    def _rows(self, statement: str, *values: Any) -> list[Row]:
        """Ask past what watches the connection."""
        return sqlite3.Cursor(self._connection).execute(statement, values).fetchall()


def _difference(before: Rows, now: Rows) -> dict[Any, Row | None]:
    if before == now:
        return {}
    found: dict[Any, Row | None] = {key: row for key, row in now.items() if before.get(key) != row}
    found.update(dict.fromkeys(before.keys() - now.keys()))
    return found


def difference(before: State, now: State) -> Difference:
    """Give what must be done to one reading to come to another."""
    names = [*now, *(name for name in before if name not in now)]
    found = {name: _difference(before.get(name, {}), now.get(name, {})) for name in names}
    return {name: rows for name, rows in found.items() if rows}


def bring_up(state: State, changed: Difference) -> None:
    """Take a difference over."""
    for name, rows in changed.items():
        kept = state.setdefault(name, {})
        for key, row in rows.items():
            if row is None:
                kept.pop(key, None)
            else:
                kept[key] = row


def copied(state: State) -> State:
    """Give a copy that is not changed with the state."""
    return {name: dict(rows) for name, rows in state.items()}


def told(changed: Difference, *, limit: int = 6) -> str:
    """Say a difference in a few words, for a message."""
    words: list[str] = []
    for name, rows in changed.items():
        for key, row in list(rows.items())[:limit]:
            words.append(f"{name} {key}: {'gone' if row is None else row!r:.200}")
        if len(rows) > limit:
            words.append(f"{name}: {len(rows) - limit} more")
    return "; ".join(words)
