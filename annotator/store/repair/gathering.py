"""Writes the rows that a damaged project still gives into a new file of the same version, then brings it up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from annotator.store.migrate import MAJOR, migrate
from annotator.store.repair.checks import LostError, checked
from annotator.store.repair.shapes import DERIVED, SEQUENCE, Shape
from annotator.store.repair.sources import Source
from annotator.store.repair.trees import Found, Walk

TALLY = "old_tally"
"""Temporary table of how much stood in each document, as the damaged file said."""
_TOLD_EVERY = 5000

Report = Callable[[int, int, str], None]
"""`report(done, total, text)`; may raise to stop the work."""


@dataclass(slots=True)
class Gathered:
    """What was found on the way.

    Args:
        met: how each table was found. broken: rows by table that could not be used, by key where they have one.
        mended: columns by table and row key that are not as they were. used_keys: highest key ever given, by table.
        read: rows that were taken over.
    """

    met: dict[str, Walk] = field(default_factory=dict)
    broken: dict[str, set[int]] = field(default_factory=dict)
    mended: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    used_keys: dict[str, int] = field(default_factory=dict)
    read: int = 0

    def is_sound(self, *tables: str) -> bool:
        """Tell whether no row of these tables can be missing; one that an old file does not have yet lacks none."""
        known = [name for name in tables if name in self.met]
        return all(self.met[name].sound and not self.broken.get(name) for name in known)


def gather(source: Source, connection: sqlite3.Connection, report: Report) -> Gathered:
    """Fill a new, empty database with the rows of a damaged one and give it the newest shape.

    Nothing is checked between tables; foreign keys of the connection must be off.
    """
    gathered = Gathered()
    migrate(connection, start=0, end=source.minor)
    connection.execute("BEGIN")
    connection.execute(
        f"CREATE TEMP TABLE {TALLY} (document INTEGER PRIMARY KEY, spans INTEGER, relations INTEGER, "
        "rejected INTEGER, undecided INTEGER)"
    )
    kept = [shape for shape in source.shapes if shape.name not in DERIVED or shape.name == "tally"]
    for shape in kept:
        writer = _Writer(connection, shape, gathered, report)
        for found in source.rows(shape):
            writer.write(found, stray=False)
    writers = {shape.name: _Writer(connection, shape, gathered, report) for shape in kept}
    for shape, found in source.strays([each for each in kept if each.name not in DERIVED]):
        writers[shape.name].write(found, stray=True)
    gathered.met = source.met
    connection.execute("COMMIT")
    migrate(connection, start=MAJOR * 1000 + source.minor)
    return gathered


class _Writer:
    """Writes rows of one table."""

    def __init__(
        self, connection: sqlite3.Connection, shape: Shape, gathered: Gathered, report: Report
    ) -> None:
        self._connection = connection
        self._shape = shape
        self._gathered = gathered
        self._report = report
        names = ", ".join(f'"{column.name}"' for column in shape.columns)
        marks = ", ".join("?" * len(shape.columns))
        target = f"temp.{TALLY}" if shape.name == "tally" else shape.name
        self._insert = f"INSERT INTO {target} ({names}) VALUES ({marks})"

    def write(self, found: Found, *, stray: bool) -> None:
        """Write a row; one that is there already or cannot be is noted, a `stray` one that is there is passed over."""
        shape, gathered = self._shape, self._gathered
        if shape.name == SEQUENCE:
            self._note_used(found)
            return
        try:
            row = checked(shape, found)
            self._connection.execute(self._insert, row.values)
        except (LostError, sqlite3.IntegrityError, OverflowError):
            if not stray:
                gathered.broken.setdefault(shape.name, set()).add(found.key)
            return
        if row.mended:
            gathered.mended[shape.name, found.key] = row.mended
        gathered.read += 1
        if gathered.read % _TOLD_EVERY == 0:
            self._report(gathered.read, 0, "Reading what is left")

    def _note_used(self, found: Found) -> None:
        name, key = found.record.values[:2]
        if isinstance(name, str) and isinstance(key, int) and 0 < key < 1 << 48:
            self._gathered.used_keys[name] = key
