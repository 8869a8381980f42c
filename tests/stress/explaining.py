"""Looks whether the journal explains the rows: each is as the newest change that stands left it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from annotator.store.journal import read_columns
from annotator.store.project import Project
from annotator.store.tables import TABLES


def unexplained(project: Project) -> list[str]:
    """Give one line for every row of a journalled table that the journal does not explain; empty if all is well.

    The newest change that stands must be what the row is, version included, and its absence where the change took it
    away. A row whose every change is undone must be as it was before the first of them; one that the journal never
    met came with an import and has version 0. Entries of undone and redone acts must name acts that exist.
    """
    found = []
    changes: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in project.rows('SELECT step, "table", row, before, after FROM change ORDER BY step, number'):
        changes[row["table"], row["row"]].append(row)
    fallen = _undone(project)
    for name, table in TABLES.items():
        rows = {row["key"]: row for row in project.rows(f"SELECT * FROM {name}")}
        for key in rows.keys() | {key for table_name, key in changes if table_name == name}:
            wanted, why = _wanted(changes.get((name, key), []), fallen)
            message = _compared(project, table, rows.get(key), wanted, why)
            if message:
                found.append(f"{name} {key} {message}")
    return found + _loose(project)


_NEVER_MET = "the journal never met it"


def _undone(project: Project) -> set[int]:
    """Give the acts that do not stand."""
    rows = project.rows(
        "SELECT target, kind FROM reversal JOIN step ON step.key = reversal.entry ORDER BY target, entry"
    )
    newest = {row["target"]: row["kind"] for row in rows}
    return {target for target, kind in newest.items() if kind == "undo"}


def _wanted(changes: list[Any], fallen: set[int]) -> tuple[str | None, str]:
    """Give what a row should be as the journal wrote it, None for not there, and where that is said."""
    if not changes:
        return None, _NEVER_MET
    standing = [row for row in changes if row["step"] not in fallen]
    if standing:
        return standing[-1]["after"], f"step {standing[-1]['step']}"
    return changes[0]["before"], f"before step {changes[0]['step']}, which is undone"


def _compared(project: Project, table: Any, row: Any, wanted: str | None, why: str) -> str:
    if why == _NEVER_MET:
        if row["version"] == 0:
            return ""
        return f"says that step {row['version']} left it, which the journal does not know"
    if wanted is None and table.name == "type" and row is not None and row["hidden"] and row["version"] == 0:
        return ""  # it waits for an import that is undone and names it
    if wanted is None:
        return "" if row is None else f"is there, but not by {why}"
    if row is None:
        return f"is gone, but there by {why}"
    columns = read_columns(wanted)
    assert columns is not None, "there is something to read"
    types = project.types
    try:
        fits = table.from_columns(columns, types) == table.from_columns(row, types)
    except KeyError as error:
        return f"names a type {error} that is gone, by {why}"
    if fits:
        return ""
    unlike = [name for name in columns if name in row.keys() and columns[name] != row[name]]  # noqa: SIM118
    return f"is not as {why} has it: {', '.join(unlike)}"


def _loose(project: Project) -> list[str]:
    """Give what the parts of the journal say of each other that is not so."""
    found = [
        f"step {row[0]} was made, but nothing is said of what it did"
        for row in project.rows(
            "SELECT key FROM step WHERE kind IN ('act', 'undo', 'redo') "
            "AND NOT EXISTS (SELECT 1 FROM change WHERE change.step = step.key) "
            "AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.entry = step.key)"
        )
    ]
    found += [
        f"change {row[1]} of step {row[0]} belongs to no step"
        for row in project.rows(
            "SELECT step, number FROM change WHERE NOT EXISTS (SELECT 1 FROM step WHERE step.key = change.step)"
        )
    ]
    found += [
        f"step {row[0]} says {row[1]} documents, the journal names {row[2]}"
        for row in project.rows(
            "SELECT key, documents, (SELECT count(*) FROM step_document WHERE step_document.step = step.key) "
            "AS named FROM step WHERE kind IN ('act', 'undo', 'redo') AND documents <> named"
        )
    ]
    return found + [
        f"step {row[0]} is live, or is not, and should be the other" for row in project.rows(_NOT_LIVE)
    ]


_NOT_LIVE = """
    WITH newest AS (SELECT target, max(entry) AS entry FROM reversal GROUP BY target)
    SELECT key FROM step WHERE live <> CASE kind
        WHEN 'act' THEN NOT EXISTS (
            SELECT 1 FROM newest JOIN step AS entry ON entry.key = newest.entry
            WHERE newest.target = step.key AND entry.kind = 'undo')
        WHEN 'undo' THEN
            NOT EXISTS (SELECT 1 FROM reversal JOIN newest ON newest.target = reversal.target
                WHERE reversal.entry = step.key AND newest.entry > step.key)
            AND NOT EXISTS (SELECT 1 FROM step AS act WHERE act.key > step.key AND act.kind = 'act' AND (
                act.everywhere OR step.everywhere OR EXISTS (
                    SELECT 1 FROM step_document AS mine JOIN step_document AS theirs
                    ON theirs.document = mine.document WHERE mine.step = step.key AND theirs.step = act.key)))
        ELSE 0 END
    AND NOT (kind = 'undo' AND NOT live AND EXISTS (
        SELECT 1 FROM step AS removal WHERE removal.key > step.key AND removal.kind = 'removal'))"""
"""Steps whose mark of what can be undone or redone is not what the entries of the journal say.

An act that ended a redo may be gone with the documents that it was about; the redo does not come back for that.
"""
