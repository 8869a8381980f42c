"""Brings a project file to the shape this program knows; new files run through the same steps.

`application_id` says that a file is a project, `user_version` holds major * 1000 + minor of its shape.
Each migration is one SQL file, numbered from 1, run in one transaction together with its record.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path

from annotator.model.errors import NewerError, ProjectError
from annotator.model.identity import packed_id
from annotator.store.cells import packed_hash

APPLICATION_ID = 0x616E6E6F  # "anno"
MAJOR = 2
"""Goes up with a migration after which an older program could no longer read the file."""


@cache
def migrations() -> tuple[str, ...]:
    """Give the SQL of every migration, in order."""
    folder = Path(__file__).with_name("migrations")
    return tuple(each.read_text(encoding="utf-8") for each in sorted(folder.glob("*.sql")))


def latest() -> int:
    """Give the `user_version` of a file of the newest shape."""
    return MAJOR * 1000 + len(migrations())


def version_of(connection: sqlite3.Connection) -> int:
    """Give the `user_version` of a project file; 0 for an empty database.

    Raises:
        ProjectError: another program's database.
        NewerError: made by a newer major version.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if application == 0 and version == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        return 0
    if application != APPLICATION_ID:
        raise ProjectError(
            "This file is a database of another program, not a project.", "Choose a file ending in .annot."
        )
    if version // 1000 > MAJOR:
        raise NewerError(
            f"This project was made by a newer annotator (file format {version // 1000}.{version % 1000}; "
            f"this one reads up to {MAJOR}).",
            "Install the newer version to open it.",
        )
    return version


def migrate(connection: sqlite3.Connection, *, start: int, end: int | None = None) -> None:
    """Run every migration that a file of `user_version` `start` lacks, or those up to `end`."""
    done = start % 1000 if start else 0
    connection.create_function("packed_id", 1, packed_id, deterministic=True)
    connection.create_function("packed_hash", 1, packed_hash, deterministic=True)
    last = None if end is None else end % 1000
    # A table that is made anew must not take along what refers to it.
    keys = connection.execute("PRAGMA foreign_keys").fetchone()[0]
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        for number, script in enumerate(migrations()[done:last], start=done + 1):
            record = (
                f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {MAJOR * 1000 + number};"
            )
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n{record}\nCOMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise
    finally:
        connection.execute(f"PRAGMA foreign_keys = {keys}")
