"""Puts documents into another order than that of their row keys: each time a question over all of them, for a job."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from annotator.model.annotation import How
from annotator.model.document import State
from annotator.store.cells import HOW_LETTERS
from annotator.store.connections import interruptible
from annotator.store.documents import UNFINISHED, VISIBLE
from annotator.store.forgetting import KEYS, values_of
from annotator.store.project import Project
from annotator.store.showing import least_shown

_AT_ONCE = 500
"""Keys that one question names."""
_OPEN = ", ".join(f"'{state.value}'" for state in UNFINISHED)


def stoppable(project: Project, look: Callable[[], object]) -> AbstractContextManager[None]:
    """Let the questions asked meanwhile be stopped: `look` is called again and again, and may raise `Cancelled`."""
    return interruptible(project.connection, look)


def by_candidates(project: Project) -> array[int]:
    """Give the row keys of all documents, those with most left to decide first, among equals in file order.

    What is left in a document that is skipped does not count.
    """
    return _keys(
        project,
        f"SELECT document.key FROM document LEFT JOIN tally ON tally.document = document.key WHERE {VISIBLE} "
        f"ORDER BY (document.state IN ({_OPEN})) * coalesce(tally.undecided, 0) DESC, document.key",
    )


def at_random(project: Project) -> array[int]:
    """Give the row keys of all documents in an order that is by chance, and the same each time and for everybody.

    It is that of the part of their ids that was drawn; so documents that come later move none of the others.
    """
    return _keys(
        project,
        f"SELECT document.key FROM document WHERE {VISIBLE} ORDER BY substr(document.id, 9), document.key",
    )


def by_doubt(project: Project) -> array[int]:
    """Give the row keys of the unfinished documents with candidates that are shown, the most doubtful first.

    A proposal of score p is as doubtful as 1 - |2p - 1|, 0 to 1; a document as its proposals in the mean.
    """
    return _keys(
        project,
        "SELECT tally.document FROM tally CROSS JOIN document ON document.key = tally.document "
        "JOIN candidate ON candidate.document = tally.document "
        f"WHERE tally.undecided > 0 AND document.state IN ({_OPEN}) AND {VISIBLE} AND candidate.score >= ? "
        "GROUP BY tally.document ORDER BY avg(1 - abs(2 * candidate.score - 1)) DESC, tally.document",
        (least_shown(project),),
    )


def among(project: Project, keys: Sequence[int], *, states: Sequence[State] = tuple(State)) -> set[int]:
    """Give those of some documents that are there, and in one of these states."""
    found: set[int] = set()
    for first in range(0, len(keys), _AT_ONCE):
        some: list[Any] = list(keys[first : first + _AT_ONCE])
        rows = project.rows(
            f"SELECT document.key FROM document WHERE document.key IN ({_marks(some)}) "
            f"AND document.state IN ({_marks(states)}) AND {VISIBLE}",
            (*some, *(state.value for state in states)),
        )
        found.update(row[0] for row in rows)
    return found


def untouched(project: Project, keys: Sequence[int]) -> set[int]:
    """Give those of some documents that are to do, or in work by an import alone: a person decided nothing in them."""
    by_hand = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} AS made WHERE made.document = document.key AND made.how <> :imported)"
        for table in ("span", "relation", "rejection")
    )
    statement = (
        f"SELECT document.key FROM document WHERE document.key IN {KEYS} AND {VISIBLE} "
        f"AND (document.state = :todo OR (document.state = :in_work AND NOT ({by_hand})))"
    )
    named = {
        "imported": HOW_LETTERS[How.IMPORTED],
        "todo": State.TODO.value,
        "in_work": State.IN_PROGRESS.value,
    }
    return {row[0] for row in project.rows(statement, {**named, **values_of(keys)})}


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _keys(project: Project, statement: str, values: Sequence[Any] = ()) -> array[int]:
    return array("q", [row[0] for row in project.rows(statement, values)])
