"""Types that nothing but undone imports still name: their row waits, hidden, until such an import is redone.

The rows of an import stay in the file when it is undone, so that redo has nothing to bring but their visibility.
Undoing what made a type after that cannot take the type's row away from them.
"""

from __future__ import annotations

from annotator.model.change import BatchState
from annotator.store.project import Project

_NAMES_IT = "?1 IN (named.type, named.head_type, named.child_type)"
_NAMING = {"span": "named.type = ?1", "relation": "named.type = ?1", "rejection": _NAMES_IT}


def must_wait(project: Project, key: int) -> bool:
    """Tell whether rows of undone imports name a type, and no others do."""
    states: set[str] = set()
    for table, condition in _NAMING.items():
        rows = project.rows(
            f"SELECT DISTINCT batch.state FROM {table} AS named JOIN document ON document.key = named.document "
            f"JOIN batch ON batch.key = document.batch WHERE {condition}",
            (key,),
        )
        states |= {row[0] for row in rows}
    return bool(states) and BatchState.PUBLISHED.value not in states


def hide(project: Project, key: int) -> None:
    """Let a type wait; inside `writing`. Candidates that have it go where they are seen, as when a type is deleted."""
    project.connection.execute(
        "DELETE FROM candidate WHERE ?1 IN (type, head_type, child_type) AND document IN (SELECT document.key "
        "FROM document JOIN batch ON batch.key = document.batch WHERE batch.state = ?2)",
        (key, BatchState.PUBLISHED.value),
    )
    project.connection.execute("UPDATE type SET hidden = 1, version = 0 WHERE key = ?", (key,))


def is_waiting(project: Project, key: int) -> bool:
    """Tell whether a type waits, or came with an import that is not published."""
    return bool(project.rows("SELECT 1 FROM type WHERE key = ? AND hidden AND version = 0", (key,)))
