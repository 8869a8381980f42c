"""Sets a connection up so that a project file from a stranger can neither act nor take more than it may.

What stands in the file itself is looked at in `foreign.py`; here are the switches and limits of SQLite.
"""

from __future__ import annotations

import sqlite3
import sys

from annotator.model.limits import CELL_LIMIT

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: CELL_LIMIT,
    # VACUUM attaches one; nothing else does.
    sqlite3.SQLITE_LIMIT_ATTACHED: 1,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 10,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
"""The most that a statement may take, by SQLite's own limits."""


def harden(connection: sqlite3.Connection) -> None:
    """Let the file's own definitions run nothing that is not harmless, and look at pages before they are believed."""
    for category, most in LIMITS.items():
        connection.setlimit(category, most)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA mmap_size = 0")
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)  # noqa: FBT003
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, False)  # noqa: FBT003
