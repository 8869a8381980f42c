"""Writes the rows of an import in batches that nobody sees until they are published, and removes broken ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from annotator.model.annotation import Kind
from annotator.model.change import Batch, BatchState, Tokenization
from annotator.model.document import Document, State, Tokens
from annotator.model.identity import new_id
from annotator.model.schema import Type
from annotator.store.documents import VISIBLE
from annotator.store.project import Project
from annotator.store.search import add_to_index, remove_from_index, searchable
from annotator.store.tables import BATCH, DOCUMENT, TOKENIZATION, TYPE


@dataclass(frozen=True, slots=True)
class Known:
    """A document that is in the project already."""

    key: int
    source: str
    hash: str


def begin_batch(project: Project, *, name: str, at: float, annotator: str) -> Batch:
    """Make an empty batch that nobody sees."""
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


def drop_batch(project: Project, key: int) -> None:
    """Remove a batch that was never published, with everything in it."""
    with project.writing() as connection:
        documents = "SELECT key FROM document WHERE batch = ?"
        texts = "SELECT key, text, title FROM document JOIN content ON content.document = key WHERE batch = ?"
        for document, text, title in connection.execute(texts, (key,)).fetchall():
            remove_from_index(project, document=document, words=searchable(text, title))
        for table in ("relation", "span", "rejection"):
            connection.execute(f"DELETE FROM {table} WHERE document IN ({documents})", (key,))
        for table in ("layer", "candidate", "suggested", "tally", "content"):
            connection.execute(f"DELETE FROM {table} WHERE document IN ({documents})", (key,))
        connection.execute(f"DELETE FROM tokenization WHERE key IN ({documents})", (key,))
        connection.execute("DELETE FROM document WHERE batch = ?", (key,))
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


def drop_pending(project: Project) -> int:
    """Remove what killed imports left; gives how many there were."""
    keys = [
        row[0] for row in project.rows("SELECT key FROM batch WHERE state = ?", (BatchState.PENDING.value,))
    ]
    for key in keys:
        drop_batch(project, key)
    return len(keys)


def next_position(project: Project) -> int:
    """Give the place behind the last document."""
    last = project.value("SELECT max(position) FROM document")
    return 0 if last is None else last + 1


def unfinish(project: Project, document: int) -> None:
    """Put a document that came as done back to in progress where something in it is undecided; inside `writing`."""
    project.connection.execute(
        "UPDATE document SET state = ?2 WHERE key = ?1 "
        "AND EXISTS (SELECT 1 FROM tally WHERE tally.document = ?1 AND undecided)",
        (document, State.IN_PROGRESS.value),
    )


def is_known(project: Project, *, source: str, content: str) -> bool:
    """Tell whether a visible document with this text came from this file or record."""
    rows = project.rows(
        f"SELECT 1 FROM document WHERE source = ? AND hash = ? AND {VISIBLE} LIMIT 1", (source, content)
    )
    return bool(rows)


def known_by_source(project: Project, source: str) -> Known | None:
    """Give the visible document that came from this file or record."""
    return _known(project, "source = ?", source)


def known_by_hash(project: Project, content: str) -> Known | None:
    """Give a visible document with this text."""
    return _known(project, "hash = ?", content)


def _known(project: Project, condition: str, value: str) -> Known | None:
    rows = project.rows(
        f"SELECT key, source, hash FROM document WHERE {condition} AND {VISIBLE} ORDER BY key DESC LIMIT 1",
        (value,),
    )
    return Known(*rows[0]) if rows else None


def add_hidden_type(project: Project, wanted: Type) -> Type:
    """Keep a type that an import brings, unseen until its batch is published; inside `writing`."""
    made = replace(wanted, key=project.next_key("type"), id=new_id(), hidden=True)
    project.connection.execute(TYPE.insert, TYPE.to_columns(made, project.types))
    project.forget_types()
    return made


def add_document(project: Project, document: Document, *, text: str, tokens: Tokens) -> int:
    """Write a document with its text, tokens and layer; inside `writing`. Gives the row key of its layer."""
    connection = project.connection
    types = project.types
    connection.execute(DOCUMENT.insert, DOCUMENT.to_columns(document, types))
    connection.execute("INSERT INTO content (document, text) VALUES (?, ?)", (document.key, text))
    tokenization = Tokenization(key=document.key, tokens=tokens)
    connection.execute(TOKENIZATION.insert, TOKENIZATION.to_columns(tokenization, types))
    layer = project.next_key("layer")
    connection.execute(
        "INSERT INTO layer (key, id, document, annotator) VALUES (?, ?, ?, '')",
        (layer, new_id(), document.key),
    )
    add_to_index(project, document=document.key, words=searchable(text, document.title))
    return layer


def add_span(project: Project, *, fragments: str, values: dict[str, Any]) -> int:
    """Write an imported span; `values` hold the columns by name. Inside `writing`. Gives its row key."""
    cursor = project.connection.execute(
        "INSERT INTO span (id, document, layer, type, fragments, flagged, note, attributes, annotator, at, how, "
        "origin, suggesters, score, version) VALUES (:id, :document, :layer, :type, :fragments, :flagged, :note, "
        ":attributes, :annotator, :at, :how, :origin, '', NULL, 0)",
        {**values, "fragments": fragments},
    )
    assert cursor.lastrowid is not None, "an insert gives a key"
    return cursor.lastrowid


def add_relation(project: Project, *, head: int, child: int, values: dict[str, Any]) -> int:
    """Write an imported relation; inside `writing`. Gives its row key."""
    cursor = project.connection.execute(
        "INSERT INTO relation (id, document, layer, type, head, child, flagged, note, attributes, annotator, at, how, "
        "origin, suggesters, score, version) VALUES (:id, :document, :layer, :type, :head, :child, :flagged, :note, "
        ":attributes, :annotator, :at, :how, :origin, '', NULL, 0)",
        {**values, "head": head, "child": child},
    )
    assert cursor.lastrowid is not None, "an insert gives a key"
    return cursor.lastrowid


def type_key(project: Project, kind: Kind, name: str) -> int | None:
    """Give the row key of a visible type, or None."""
    try:
        return project.types.key(kind, name)
    except KeyError:
        return None


def packed_json(value: Any) -> str:
    """Write attributes as the tables keep them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "{}"


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
