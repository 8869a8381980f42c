"""Reads what other connections committed since one last looked: steps of the journal, and candidates."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.model.change import ChangeSet, Step, StepKind
from annotator.store.documents import counts
from annotator.store.past import documents_of, step
from annotator.store.project import Project

LISTED_STEPS = 200
"""More steps than that at once, and what is shown is read again as a whole."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How far one has read: SQLite's own number of the file, the newest step, the newest candidates, the documents."""

    version: int
    step: int
    candidates: float
    documents: int


def seen_now(project: Project) -> Seen:
    """Note how far the project is now.

    Raises:
        ProjectError: it cannot be read.
    """
    return Seen(
        version=project.value("PRAGMA data_version"),
        step=_newest_step(project),
        candidates=project.value("SELECT coalesce(max(at), 0) FROM suggested"),
        documents=counts(project).all,
    )


def changes_since(project: Project, seen: Seen) -> tuple[Seen, ChangeSet | None]:
    """Give what came since, as listeners are told of it, or None where nothing did that anybody sees.

    Raises:
        ProjectError: it cannot be read.
    """
    # Asked before all else: what is committed while this reads is found by the next look.
    version = project.value("PRAGMA data_version")
    if version == seen.version:
        return seen, None
    suggested = project.rows("SELECT document, at FROM suggested WHERE at > ?", (seen.candidates,))
    keys = [
        row[0]
        for row in project.rows(
            "SELECT key FROM step WHERE key > ? ORDER BY key LIMIT ?", (seen.step, LISTED_STEPS + 1)
        )
    ]
    now = Seen(
        version=version,
        step=keys[-1] if 0 < len(keys) <= LISTED_STEPS else _newest_step(project),
        candidates=max((row[1] for row in suggested), default=seen.candidates),
        documents=counts(project).all,
    )
    steps = [found for key in keys if (found := step(project, key)) is not None]
    # Rows go without a step where something is removed for good.
    is_shorter = now.documents != seen.documents and not keys
    is_shorter = is_shorter or any(each.kind is StepKind.REMOVAL for each in steps)
    everywhere = is_shorter or len(keys) > LISTED_STEPS or _touch(project, keys, "batch", "type")
    if not (keys or suggested or is_shorter):
        return now, None
    return now, ChangeSet(
        step=steps[-1] if steps else None,
        documents=frozenset({row[0] for row in suggested} | (documents_of(project, keys) if keys else set())),
        everywhere=everywhere,
        schema=_touch(project, keys, "type"),
        candidates=bool(suggested),
        message=_message(steps),
    )


def _newest_step(project: Project) -> int:
    newest: int = project.value("SELECT coalesce(max(key), 0) FROM step")
    return newest


def _touch(project: Project, steps: list[int], *tables: str) -> bool:
    """Tell whether some steps changed rows of these tables."""
    if not steps:
        return False
    marks = ",".join("?" * len(tables))
    found = project.rows(
        f'SELECT 1 FROM change WHERE step BETWEEN ? AND ? AND "table" IN ({marks}) LIMIT 1',
        (steps[0], steps[-1], *tables),
    )
    return bool(found)


def _message(steps: list[Step]) -> str:
    if not steps:
        return ""
    newest = steps[-1]
    who = newest.annotator or "The other window"
    more = f", and {len(steps) - 1:,} more" if len(steps) > 1 else ""
    return f"{who}: {newest.name}{more}."
