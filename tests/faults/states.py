"""What a project holds, as one short word to compare; and whether everything in it fits together."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator

from annotator.model.errors import ProjectError
from annotator.store.journal import read_columns
from annotator.store.project import Project
from annotator.store.tables import TABLES


def state_of(project: Project) -> str:
    """Give a word that is the same for the same rows in every table; the index of words is not among them."""
    found = hashlib.sha256()
    for table in own_tables(project):
        rows = sorted(repr(tuple(row)) for row in project.rows(f'SELECT * FROM "{table}"'))
        found.update(json.dumps([table, rows]).encode())
    return found.hexdigest()[:24]


def own_tables(project: Project) -> list[str]:
    """List the tables that hold what people and machines made: no index of words, nothing of SQLite's own."""
    rows = project.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
    virtual = tuple(row["name"] for row in rows if "VIRTUAL" in str(row["sql"]).upper()[:20])
    return [
        name
        for row in rows
        if not (name := str(row["name"])).startswith("sqlite_")
        and name not in virtual
        and not any(name.startswith(f"{each}_") for each in virtual)
    ]


def faults_in(project: Project) -> list[str]:
    """List what is wrong in a project file: its pages, its references, its index, its journal; empty if nothing."""
    try:
        return list(_faults(project))
    except (ProjectError, sqlite3.DatabaseError) as error:
        return [str(error)]


def _faults(project: Project) -> Iterator[str]:
    yield from (str(row[0]) for row in project.rows("PRAGMA integrity_check") if row[0] != "ok")
    yield from (f"hangs in the air: {tuple(row)}" for row in project.rows("PRAGMA foreign_key_check"))
    virtual = project.rows("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'")
    for row in virtual:
        name = row["name"]
        if not project.read_only:
            project.connection.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")
    yield from _unlike_the_journal(project)


def _unlike_the_journal(project: Project) -> Iterator[str]:
    """List the rows that are not as the step that is named as their last one left them."""
    for table in TABLES.values():
        rows = project.rows(
            f'SELECT this.*, change.after AS "after!", change.step AS "step!" FROM {table.name} AS this '
            f"LEFT JOIN change ON change.\"table\" = '{table.name}' AND change.row = this.key "
            "AND change.step = this.version WHERE this.version"
        )
        for row in rows:
            written = read_columns(row["after!"])
            kept = {name: row[name] for name in row.keys() if not name.endswith("!")}  # noqa: SIM118 - a row's names
            if written is None:
                yield f"{table.name} {row['key']}: step {row['version']} tells nothing of it"
            elif any(kept.get(name, value) != value for name, value in written.items()):
                yield f"{table.name} {row['key']} is not as step {row['version']} left it"
