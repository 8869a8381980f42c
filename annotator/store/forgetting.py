"""What the journal forgets of documents that are removed for good: their changes, and words of theirs in names.

Steps that touched nothing else go; the others stay, can be undone as before, and are named without words of a text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from annotator.model.change import StepKind
from annotator.store import journal
from annotator.store.project import Project

KEYS = "(SELECT value FROM json_each(:keys))"
"""Row keys that a statement is handed by `values_of`, however many they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How entries of the journal are called when words of a text may stand in their names.

    Args:
        act: from a name, and whether the act changed types, to a name without words of a text.
        entry: from the kind of an undo or redo, the name of its first act and how many acts, to its name.
        batch: from how many documents are left, to the name of an import.
    """

    act: Callable[[str, bool], str]
    entry: Callable[[StepKind, str, int], str]
    batch: Callable[[int], str]


def values_of(keys: Iterable[int]) -> dict[str, str]:
    """Hand row keys to a statement that asks for `KEYS`."""
    return {"keys": json.dumps(sorted(set(keys)))}


def cut_out(project: Project, values: dict[str, str]) -> set[int]:
    """Delete the changes of some documents from the journal; gives the steps that had any."""
    counted = project.rows(
        f"SELECT step, count(*) FROM step_document WHERE document IN {KEYS} GROUP BY step", values
    )
    changed = project.rows(f"SELECT DISTINCT step FROM change WHERE document IN {KEYS}", values)
    connection = project.connection
    connection.executemany(
        "UPDATE step SET documents = max(0, documents - ?2) WHERE key = ?1", [tuple(row) for row in counted]
    )
    connection.execute(f"DELETE FROM change WHERE document IN {KEYS}", values)
    connection.execute(f"DELETE FROM step_document WHERE document IN {KEYS}", values)
    return {row[0] for row in (*counted, *changed)}


def settle(project: Project, touched: set[int], names: Names) -> None:
    """Let acts go that have no change left, with the undos and redos of nothing else, and name the others anew."""
    values = values_of(touched)
    entries = {
        row[0]
        for row in project.rows(
            f"""SELECT key FROM step WHERE kind IN ('undo', 'redo') AND (key IN {KEYS}
            OR key IN (SELECT entry FROM reversal WHERE target IN {KEYS}))""",
            values,
        )
    }
    gone = [
        row[0]
        for row in project.rows(
            f"""SELECT key FROM step WHERE key IN {KEYS} AND CASE kind
            WHEN 'act' THEN NOT EXISTS (SELECT 1 FROM change WHERE change.step = step.key)
            WHEN 'past' THEN documents = 0 END""",
            values,
        )
    ]
    project.connection.execute(f"DELETE FROM reversal WHERE target IN {KEYS}", values_of(gone))
    gone += [
        row[0]
        for row in project.rows(
            f"SELECT key FROM step WHERE key IN {KEYS} "
            "AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.entry = step.key)",
            values_of(entries),
        )
    ]
    for table, column in (("step_document", "step"), ("reversal", "entry"), ("step", "key")):
        project.connection.execute(f"DELETE FROM {table} WHERE {column} IN {KEYS}", values_of(gone))
    _rename_acts(project, touched - entries - set(gone), names)
    _rename_entries(project, entries - set(gone), names)


def _rename_acts(project: Project, keys: Iterable[int], names: Names) -> None:
    rows = project.rows(
        f"""SELECT key, name, EXISTS (SELECT 1 FROM change WHERE change.step = step.key AND "table" = 'type')
        AND NOT EXISTS (SELECT 1 FROM change WHERE change.step = step.key AND "table" = 'batch')
        FROM step WHERE kind IN ('act', 'past') AND key IN {KEYS}""",
        values_of(keys),
    )
    project.connection.executemany(
        "UPDATE step SET name = ? WHERE key = ?", [(names.act(row[1], bool(row[2])), row[0]) for row in rows]
    )


def _rename_entries(project: Project, keys: Iterable[int], names: Names) -> None:
    """Name undos and redos after the first of the acts they are about, as they are called now."""
    rows = project.rows(
        f"""SELECT step.key, step.kind, act.name, named.acts FROM step
        JOIN (SELECT entry, min(target) AS first, count(*) AS acts FROM reversal GROUP BY entry) AS named
            ON named.entry = step.key
        JOIN step AS act ON act.key = named.first WHERE step.key IN {KEYS}""",
        values_of(keys),
    )
    project.connection.executemany(
        "UPDATE step SET name = ? WHERE key = ?",
        [(names.entry(StepKind(row[1]), row[2], row[3]), row[0]) for row in rows],
    )


def conclude_batch(project: Project, batch: int, names: Names) -> None:
    """Let an import go that has no document left; another one is named after how many it has."""
    left = project.value("SELECT count(*) FROM document WHERE batch = ?", (batch,))
    rows = project.rows(
        "SELECT step, number, before, after FROM change WHERE \"table\" = 'batch' AND row = ?", (batch,)
    )
    steps = {row["step"] for row in rows}
    name = names.batch(left)
    if left:
        project.connection.execute("UPDATE batch SET name = ? WHERE key = ?", (name, batch))
        for row in rows:
            sides = [_renamed(side, name) for side in (row["before"], row["after"])]
            project.connection.execute(
                "UPDATE change SET before = ?, after = ? WHERE step = ? AND number = ?",
                (*sides, row["step"], row["number"]),
            )
    else:
        project.connection.execute("DELETE FROM change WHERE \"table\" = 'batch' AND row = ?", (batch,))
        project.connection.execute("DELETE FROM batch WHERE key = ?", (batch,))
        project.connection.execute("DELETE FROM document_count WHERE batch = ?", (batch,))
    project.connection.executemany("UPDATE step SET name = ? WHERE key = ?", [(name, key) for key in steps])
    settle(project, steps, names)


def rename_past_imports(project: Project, names: Names) -> None:
    """Take the names of files from imports before the end of undo: of those the journal knows no documents any more."""
    rows = project.rows(
        "SELECT key, name FROM step WHERE kind = 'past' AND documents = 0 AND "
        "(name LIKE '%Import %' OR name LIKE '%Paste %')"
    )
    project.connection.executemany(
        "UPDATE step SET name = ? WHERE key = ?", [(names.batch(0), row[0]) for row in rows]
    )


def _renamed(written: str | None, name: str) -> str | None:
    columns = journal.read_columns(written)
    return None if columns is None else journal.written_columns({**columns, "name": name})
