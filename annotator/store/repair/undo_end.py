"""Uses the journal of a damaged project: rows that it still knows come back, and undo ends where it is not whole.

An act can be undone only while every row it wrote is as it left it, and every act that came later is known. The newest
entry of which that cannot be said, and all before it, become past: they stay to be read, and nobody can undo them.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import time
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from annotator.model.change import StepKind
from annotator.model.errors import UserError
from annotator.model.identity import new_id
from annotator.store.checking_journal import STEP_RULES, WRONGLY_LIVE
from annotator.store.journal import read_columns
from annotator.store.project import Project
from annotator.store.repair.gathering import Gathered
from annotator.store.repair.report import KINDS, Salvage
from annotator.store.soundness import UNREADABLE
from annotator.store.tables import TABLES

JOURNAL = ("step", "change", "step_document", "reversal")


def restore_rows(connection: sqlite3.Connection, gathered: Gathered) -> int:
    """Write again what is missing from the tables and stands in the journal; gives how many rows came back.

    Where it is not known which acts were undone, only types are taken from it: everything else hangs on them.
    """
    known = gathered.is_sound("reversal")
    tables = [name for name in TABLES if not gathered.is_sound(name) and (known or name == "type")]
    back = 0
    standing = _standing(connection)
    for name in tables:
        table = TABLES[name]
        rows = connection.execute(
            'SELECT row, step, after FROM change WHERE "table" = ?1 '
            f"AND row NOT IN (SELECT key FROM {name}) ORDER BY row, step, number",
            (name,),
        )
        for _, changes in itertools.groupby(rows, key=itemgetter(0)):
            stands = [after for _, step, after in changes if standing.get(step, True)]
            if not stands or stands[-1] is None:
                continue
            try:
                columns = read_columns(stands[-1])
                assert columns is not None, "the journal holds rows, or nothing"
                connection.execute(table.insert, {each: columns[each] for each in table.columns})
            except (UserError, KeyError, sqlite3.Error):
                continue
            back += 1
    return back


def _standing(connection: sqlite3.Connection) -> dict[int, bool]:
    """Tell of every act that was ever undone whether it stands now."""
    rows = connection.execute("SELECT target, count(*) FROM reversal GROUP BY target")
    return {target: entries % 2 == 0 for target, entries in rows}  # undo and redo take turns


def end_undo(project: Project, gathered: Gathered, doubtful: set[tuple[str, int]], outcome: Salvage) -> None:
    """End undo at the newest entry of the journal that is not whole, and say so in the outcome.

    Args:
        doubtful: rows, by table and key, that are not as the journal left them.
    """
    connection = project.connection
    newest = _newest_named(connection)
    _count_lost_steps(connection, gathered, outcome)
    end = max(_broken_entries(connection, gathered, newest), _broken_rows(project, doubtful, outcome))
    while crossing := connection.execute(
        "SELECT max(entry) FROM reversal WHERE target <= ?1 AND entry > ?1", (end,)
    ).fetchone()[0]:
        end = crossing
    if end:
        _make_past(connection, end, outcome)
    for target, stands in _standing(connection).items():
        connection.execute("UPDATE step SET live = ? WHERE key = ? AND live <> ?", (stands, target, stands))
    connection.execute(
        "UPDATE step SET live = 1 WHERE kind = 'act' AND NOT live AND key NOT IN (SELECT target FROM reversal)"
    )
    connection.execute(f"UPDATE step SET live = 0 WHERE key IN (SELECT key FROM ({WRONGLY_LIVE}))")


def _make_past(connection: sqlite3.Connection, end: int, outcome: Salvage) -> None:
    """Let nobody undo an entry of the journal or any before it, and forget what they did to rows."""
    ended = connection.execute(
        "SELECT name, at FROM step WHERE key <= ? AND kind = 'act' ORDER BY key DESC LIMIT 1", (end,)
    ).fetchone()
    connection.execute("DELETE FROM change WHERE step <= ?", (end,))
    connection.execute("DELETE FROM reversal WHERE entry <= ?1 OR target <= ?1", (end,))
    connection.execute("DELETE FROM step_document WHERE step NOT IN (SELECT key FROM step)")
    connection.execute(
        "UPDATE step SET kind = ?, live = 0, documents = "
        "(SELECT count(*) FROM step_document WHERE step_document.step = step.key) "
        "WHERE key <= ? AND kind IN ('act', 'undo', 'redo', 'past')",
        (StepKind.PAST.value, end),
    )
    for name in TABLES:  # nothing says any more which entry left them
        connection.execute(f"UPDATE {name} SET version = 0 WHERE version BETWEEN 1 AND ?", (end,))
    connection.execute(
        "UPDATE change SET before = json_set(before, '$.version', 0) WHERE json_extract(before, '$.version') <= ?",
        (end,),
    )
    if ended is None:
        outcome.undo_ends = "The history is lost, and with it undo of what was done before."
    else:
        outcome.undo_ends = f"“{ended[0]}” and what came before it can no longer be undone."


def add_entry(connection: sqlite3.Connection, *, name: str, annotator: str) -> None:
    """Add an entry to the journal that says what a repair did; it cannot be undone."""
    connection.execute(
        "INSERT INTO step (id, kind, name, at, annotator, documents, everywhere, format) "
        "VALUES (?, ?, ?, ?, ?, 0, 0, 1)",
        (new_id(), StepKind.PAST.value, name, time.time(), annotator),
    )


def _newest_named(connection: sqlite3.Connection) -> int:
    """Give the highest key of an entry that anything names."""
    named = [("step", "key"), ("change", "step"), ("step_document", "step")]
    named += [(name, "version") for name in TABLES]
    found = [connection.execute(f"SELECT max({column}) FROM {name}").fetchone()[0] for name, column in named]
    return max((each for each in found if each is not None), default=0)


def _count_lost_steps(connection: sqlite3.Connection, gathered: Gathered, outcome: Salvage) -> None:
    if gathered.is_sound("step"):
        return
    there, newest = connection.execute("SELECT count(*), coalesce(max(key), 0) FROM step").fetchone()
    last = max(newest, gathered.used_keys.get("step", 0))
    if last > there:
        outcome.lose("step", "History", f"{last - there:,} of {last:,} entries are gone.", count=last - there)


def _broken_entries(connection: sqlite3.Connection, gathered: Gathered, newest: int) -> int:
    """Give the newest entry that may lack something, 0 where none does."""
    if not gathered.is_sound("reversal", "step_document"):
        return newest
    if gathered.broken.get("change"):
        return newest
    end = max(gathered.broken.get("step", ()), default=0)
    end = max([end, *(key for table, key in gathered.mended if table == "step")])
    for statement, _ in STEP_RULES:
        end = max([end, *(row[0] for row in connection.execute(statement))])
    for table in ("change", "step"):
        for gap in gathered.met[table].gaps:
            behind = gap[0] if gap else None
            end = max(end, min(behind, newest) if isinstance(behind, int) else newest)
    for table, column in (
        ("change", "step"),
        ("step_document", "step"),
        ("reversal", "target"),
        ("reversal", "entry"),
    ):
        unnamed = connection.execute(
            f"SELECT max({column}) FROM {table} WHERE {column} NOT IN (SELECT key FROM step)"
        ).fetchone()[0]
        end = max(end, unnamed or 0)
    return end


def _broken_rows(project: Project, doubtful: set[tuple[str, int]], outcome: Salvage) -> int:
    """Give the newest entry after which a row is not as the entry says, 0 where all are."""
    connection = project.connection
    end = 0
    for name in TABLES:
        orphaned = connection.execute(
            f"SELECT max(version) FROM {name} WHERE version > 0 AND NOT EXISTS (SELECT 1 FROM change "
            f'WHERE change."table" = ?1 AND change.row = {name}.key AND change.step = {name}.version)',
            (name,),
        ).fetchone()[0]
        end = max(end, orphaned or 0)
    standing = _standing(connection)
    for (name, key), steps in _chains(connection):
        newest = steps[-1][0]
        if (name, key) in doubtful:
            end = max(end, newest)
            continue
        stands = [each for each in steps if standing.get(each[0], True)]
        for (_, _, left), (later, found, _) in itertools.pairwise(stands):
            if left != found:
                end = max(end, later - 1)
        row = connection.execute(f"SELECT * FROM {name} WHERE key = ?", (key,)).fetchone()
        is_now = None if row is None else row["version"]
        should_be = stands[-1][2] if stands else steps[0][1]
        if is_now != should_be:
            end = max(end, newest, is_now or 0)
        elif row is not None and stands and not _is_as_left(project, name, row, stands[-1][0]):
            end = max(end, newest)
            why = "It is not as the history says; one of them was overwritten."
            outcome.lose(name if name in KINDS else "text", _title(connection, name, row), why, mended=True)
        first = stands[0][1] if stands else None
        if first:  # left by an entry that is not in the journal any more
            end = max(end, first)
    return end


def _is_as_left(project: Project, name: str, row: Any, step: int) -> bool:
    """Tell whether a row holds what the journal says that an act left."""
    table = TABLES[name]
    written = project.connection.execute(
        'SELECT after FROM change WHERE step = ? AND "table" = ? AND row = ? ORDER BY number DESC LIMIT 1',
        (step, name, row["key"]),
    ).fetchone()[0]
    try:
        left = read_columns(written)
        assert left is not None, "its version was compared before"
        found = table.from_columns(row, project.types)
        return bool(found == table.from_columns(left, project.types))
    except (UserError, *UNREADABLE):
        return False


def _title(connection: sqlite3.Connection, name: str, row: Any) -> str:
    """Name a row for a person: by the document it stands in, or by its own name."""
    columns = row.keys()
    if "title" in columns or "name" in columns:
        return str(row["title" if "title" in columns else "name"])
    document = row["document"] if "document" in columns else row["key"]
    found = connection.execute("SELECT title FROM document WHERE key = ?", (document,)).fetchone()
    return str(found[0]) if found else f"{name} {row['key']}"


def _chains(connection: sqlite3.Connection) -> Iterator[tuple[tuple[str, int], list[tuple[int, Any, Any]]]]:
    """Yield every row that the journal names, with the entries that wrote it: key, version before, version after."""
    rows = connection.execute(
        'SELECT "table", row, step, before, after FROM change ORDER BY "table", row, step, number'
    )
    for which, changes in itertools.groupby(rows, key=lambda row: (row[0], row[1])):
        if which[0] not in TABLES:
            continue
        steps = []
        for step, parts in itertools.groupby(changes, key=itemgetter(2)):
            sides = list(parts)
            steps.append((step, _version(sides[0][3]), _version(sides[-1][4])))
        yield which, steps


def _version(written: str | None) -> Any:
    return None if written is None else json.loads(written).get("version")
