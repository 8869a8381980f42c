"""Writes the rows of an import in batches that nobody sees until they are published, and removes broken ones."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from annotator.model.annotation import Kind
from annotator.model.change import Batch, BatchState
from annotator.model.errors import ProjectError
from annotator.model.identity import new_id
from annotator.model.schema import Type
from annotator.store.project import Project
from annotator.store.search import remove_from_index, searchable
from annotator.store.tables import BATCH, TYPE
from annotator.store.type_rows import Types


def begin_batch(project: Project, *, name: str, at: float, annotator: str) -> Batch:
    """Make an empty batch that nobody sees; first those go that could not be removed when they were given up."""
    for key in sorted(project.given_up):
        drop_batch(project, key)
        project.given_up.discard(key)
    with project.writing() as connection:
        batch = Batch(
            key=project.next_key("batch"),
            id=new_id(),
            name=name,
            state=BatchState.PENDING,
            at=at,
            annotator=annotator,
        )
        connection.execute(BATCH.insert, BATCH.to_columns(batch, project.types))
    return batch


def give_up_batch(project: Project, key: int) -> None:
    """Remove a batch that was never published, now or, where the disk refuses, before the next one or at opening."""
    try:
        drop_batch(project, key)
    except ProjectError:
        project.given_up.add(key)
    project.forget_types()


DROPPED_AT_ONCE = 200
"""Documents of a broken import that are removed in one turn."""


def drop_batch(project: Project, key: int, *, until: float | None = None) -> bool:
    """Remove a batch that was never published, with everything in it; tell whether nothing of it is left.

    Turn by turn, so that a window which writes meanwhile never waits long. It stops at the moment `until` of
    `time.monotonic`, if one is given; nobody sees what is left, and the next call goes on.
    """
    while documents := _drop_some(project, key):
        if until is not None and time.monotonic() > until and len(documents) == DROPPED_AT_ONCE:
            return False
    with project.writing() as connection:
        connection.execute("DELETE FROM document_count WHERE batch = ?", (key,))
        connection.execute("DELETE FROM batch WHERE key = ?", (key,))
        connection.execute(
            "DELETE FROM type WHERE hidden AND version = 0 "
            "AND NOT EXISTS (SELECT 1 FROM change WHERE \"table\" = 'type' AND row = type.key) "
            "AND NOT EXISTS (SELECT 1 FROM span WHERE span.type = type.key) "
            "AND NOT EXISTS (SELECT 1 FROM relation WHERE relation.type = type.key) "
            "AND NOT EXISTS (SELECT 1 FROM rejection WHERE type.key IN (rejection.type, head_type, child_type)) "
            "AND NOT EXISTS (SELECT 1 FROM candidate WHERE type.key IN (candidate.type, head_type, child_type))"
        )
    project.forget_types()
    return True


def _drop_some(project: Project, batch: int) -> list[int]:
    """Remove some documents of a batch, the newest first, and give their row keys."""
    with project.writing() as connection:
        rows = connection.execute(
            "SELECT key, title, text FROM document JOIN content ON content.document = key "
            "WHERE batch = ? ORDER BY key DESC LIMIT ?",
            (batch, DROPPED_AT_ONCE),
        ).fetchall()
        for document, title, text in rows:
            remove_from_index(project, document=document, words=searchable(text, title))
        keys = [(row[0],) for row in rows]
        for table in ("relation", "span", "rejection", "layer", "candidate", "suggested", "tally", "content"):
            connection.executemany(f"DELETE FROM {table} WHERE document = ?", keys)
        connection.executemany("DELETE FROM tokenization WHERE key = ?", keys)
        connection.executemany("DELETE FROM document WHERE key = ?", keys)
    return [row[0] for row in rows]


def drop_pending(project: Project, *, seconds: float | None = None) -> int:
    """Remove what killed imports left, for at most some seconds; gives how many batches are gone now.

    What is left of a large one is seen by nobody and goes before the next import, or at later openings.
    """
    until = None if seconds is None else time.monotonic() + seconds
    gone = 0
    for key in pending(project):
        if drop_batch(project, key, until=until):
            gone += 1
        else:
            project.given_up.add(key)
    return gone


def pending(project: Project) -> list[int]:
    """List the batches that were never published.

    One of which the journal speaks was: older versions called it pending again when its import was undone, and redo
    wants it back.
    """
    rows = project.rows(
        "SELECT key FROM batch WHERE state = ? AND NOT EXISTS "
        "(SELECT 1 FROM change WHERE \"table\" = 'batch' AND row = batch.key)",
        (BatchState.PENDING.value,),
    )
    return [row[0] for row in rows]


def add_hidden_type(project: Project, wanted: Type, types: Types) -> Type:
    """Keep a type that an import brings, unseen until its batch is published; inside `writing`.

    `types` know the ends of a relation type, those among them that came with the same import.
    """
    made = replace(wanted, key=project.next_key("type"), id=new_id(), hidden=True)
    project.connection.execute(TYPE.insert, TYPE.to_columns(made, types))
    project.forget_types()
    return made


def type_key(project: Project, kind: Kind, name: str) -> int | None:
    """Give the row key of a visible type, or None."""
    try:
        return project.types.key(kind, name)
    except KeyError:
        return None


def chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Cut a stream into lists."""
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
