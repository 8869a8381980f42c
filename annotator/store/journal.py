"""The journal: writes changes with the step that made them, and puts the rows of a step back.

A row's `version` is the key of the step that left it. Undoing a step puts back what was before, versions
included, so that the step before it can be undone in turn. The newest undo or redo that names an act decides
whether the act stands; `step.live` says so. What is asked of the journal stands in `past.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from annotator.model.change import Change, Row, Step, StepKind, Tokenization
from annotator.model.document import Document
from annotator.model.identity import new_id, packed_id
from annotator.model.schema import EntityType, RelationType
from annotator.store import waiting_types
from annotator.store.articles import proposing, refresh_tally
from annotator.store.cells import Columns, packed_hash
from annotator.store.faults import ConflictError
from annotator.store.project import Project
from annotator.store.search import index_title
from annotator.store.soundness import DamagedError, sound
from annotator.store.tables import TABLES, Table, table_of

_LIVE = (StepKind.ACT, StepKind.UNDO)
"""Kinds of steps that begin live: an act stands, an undo can be taken back."""


def open_step(
    project: Project, *, name: str, kind: StepKind, at: float, annotator: str, targets: Sequence[int] = ()
) -> Step:
    """Begin a journal entry; inside `writing`. `documents` is set by `close_step`."""
    key = project.next_key("step")
    step = Step(
        key=key,
        id=new_id(),
        kind=kind,
        name=name,
        at=at,
        annotator=annotator,
        documents=0,
        targets=tuple(targets),
    )
    project.connection.execute(
        "INSERT INTO step (key, id, kind, name, at, annotator, documents, everywhere, format, live) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, 0, 1, ?)",
        (key, step.id, kind.value, name, at, annotator, kind in _LIVE),
    )
    named = [(target, key) for target in targets]
    # Earlier undos of these acts are history now, whichever way they go.
    project.connection.executemany(
        "UPDATE step SET live = 0 WHERE kind = 'undo' AND live AND key IN "
        "(SELECT entry FROM reversal WHERE target = ?1 AND entry < ?2)",
        named,
    )
    project.connection.executemany("INSERT INTO reversal (target, entry) VALUES (?, ?)", named)
    project.connection.executemany(
        "UPDATE step SET live = ? WHERE key = ?", [(kind is StepKind.REDO, target) for target in targets]
    )
    return step


def close_step(project: Project, step: Step, documents: Iterable[int], *, everywhere: bool) -> Step:
    """Note which documents a step touched, or that it concerns all; inside `writing`."""
    touched = sorted(set(documents))
    project.connection.executemany(
        "INSERT INTO step_document (document, step) VALUES (?, ?)",
        [(document, step.key) for document in touched],
    )
    project.connection.execute(
        "UPDATE step SET documents = ?, everywhere = ? WHERE key = ?", (len(touched), everywhere, step.key)
    )
    if step.kind is StepKind.ACT:
        _end_redos(project, step.key, documents=len(touched), everywhere=everywhere)
    return replace(step, documents=len(touched))


def _end_redos(project: Project, act: int, *, documents: int, everywhere: bool) -> None:
    """Let no undo be taken back any more on whose documents an act came after it.

    Of the two that may have a document in common, the documents of the smaller one are gone through.
    """
    shared = """EXISTS (SELECT 1 FROM step_document AS few WHERE few.step = {few} AND EXISTS (
        SELECT 1 FROM step_document AS many WHERE many.document = few.document AND many.step = {many}))"""
    project.connection.execute(
        f"""UPDATE step SET live = 0 WHERE kind = 'undo' AND live AND (:everywhere OR everywhere OR
        CASE WHEN documents < :documents THEN {shared.format(few="step.key", many=":act")}
        ELSE {shared.format(few=":act", many="step.key")} END)""",
        {"act": act, "documents": documents, "everywhere": everywhere},
    )


def apply(project: Project, step: Step, changes: Iterable[Change]) -> list[Change]:
    """Write changes and their journal rows; inside `writing`. Gives them with their new versions.

    The counts of the documents that are changed are the caller's matter; others, whose candidates hang on a type that
    is changed, are counted again here.
    """
    changes = list(changes)
    undecided = _undecided_by_types(project, changes)
    written = []
    seen: set[tuple[str, int]] = set()
    first = project.value("SELECT coalesce(max(number), -1) + 1 FROM change WHERE step = ?", (step.key,))
    types = project.types
    for number, change in enumerate(changes, start=first):
        row = change.row
        table = table_of(row)
        before = None if change.before is None else table.to_columns(change.before, types)
        if before is not None and (table.name, row.key) in seen:
            before["version"] = step.key  # what this very step made of the row a moment ago
        seen.add((table.name, row.key))
        after_row = None if change.after is None else _versioned(change.after, step.key)
        if isinstance(row, EntityType | RelationType):
            after = _write_type(project, table, before, after_row)
            types = project.types
        else:
            after = None if after_row is None else table.to_columns(after_row, types)
            write_columns(project, table, before, after)
        sides = written_columns(before), written_columns(after)
        project.connection.execute(
            'INSERT INTO change (step, number, "table", row, document, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)',
            (step.key, number, table.name, row.key, document_of_row(row), *sides),
        )
        written.append(Change(change.before, after_row))
    refresh_tallies(project, undecided)
    return written


def _undecided_by_types(project: Project, changes: Iterable[Change]) -> set[int]:
    """Give the visible documents whose candidates go or become possible with changes of types.

    Ask before the changes are written: the candidates of a type go with it.
    """
    documents: set[int] = set()
    for change in changes:
        before = change.before
        if isinstance(before, EntityType | RelationType) and _gate(before) != _gate(change.after):
            documents |= proposing(project, before.key)
    return documents


def _gate(row: Row | None) -> tuple[Any, ...]:
    """Give what decides whether candidates of a type can be accepted."""
    if isinstance(row, RelationType):
        return row.hidden, row.symmetric, row.heads, row.children
    return (row.hidden,) if isinstance(row, EntityType) else ()


def _write_type(
    project: Project, table: Table[Any], before: Columns | None, after_row: Row | None
) -> Columns | None:
    after = None if after_row is None else table.to_columns(after_row, project.types)
    write_columns(project, table, before, after)
    project.forget_types()
    return after


def write_columns(project: Project, table: Table[Any], before: Columns | None, after: Columns | None) -> None:
    """Insert, replace or delete one row; a type that undone imports name is hidden instead, and comes back so."""
    if after is None:
        assert before is not None, "a change is about a row"
        if table.name == "type" and waiting_types.must_wait(project, before["key"]):
            waiting_types.hide(project, before["key"])
        else:
            project.connection.execute(f"DELETE FROM {table.name} WHERE key = ?", (before["key"],))
    elif before is None:
        waits = table.name == "type" and waiting_types.is_waiting(project, after["key"])
        project.connection.execute(table.update if waits else table.insert, after)
    else:
        project.connection.execute(table.update, after)
        if table.name == "document" and before["title"] != after["title"]:
            index_title(project, after["key"], old=before["title"], new=after["title"])


def _versioned(row: Row, version: int) -> Row:
    return replace(row, version=version)


def counted_anew(changes: Iterable[Change]) -> set[int]:
    """Give the documents whose counts may be others after changes: those of which more than their own row changed.

    One that comes back is counted too: types may have gone meanwhile that its candidates had.
    """
    found = (document_of_row(each.row) for each in changes if _counts(each))
    return {key for key in found if key is not None}


def _counts(change: Change) -> bool:
    if isinstance(change.before, Document) and isinstance(change.after, Document):
        return change.before.removed != change.after.removed
    return not isinstance(change.row, Tokenization)


def document_of_row(row: Row) -> int | None:
    """Give the document that a row belongs to, if any."""
    if isinstance(row, Document | Tokenization):
        return row.key
    return getattr(row, "document", None)


def written_columns(columns: Columns | None) -> str | None:
    """Write a row as the journal keeps it: JSON, bytes as hexadecimal digits."""
    if columns is None:
        return None
    return json.dumps(
        columns, ensure_ascii=False, separators=(",", ":"), default=lambda value: {"hex": value.hex()}
    )


@sound("journal")
def read_columns(written: str | None) -> Columns | None:
    """Read what `written_columns` wrote."""
    if written is None:
        return None
    columns: Columns = json.loads(written)
    for name, value in columns.items():
        if isinstance(value, dict):
            columns[name] = bytes.fromhex(value["hex"])
        elif isinstance(value, list) or (isinstance(value, int) and not -(1 << 63) <= value < 1 << 63):
            raise ValueError(f"{name} is nothing that a cell holds")
    return _renewed(columns)


def _renewed(columns: Columns) -> Columns:
    """Give a row as the tables hold it now; until format 2.2 ids and hashes were kept in letters, and positions."""
    if isinstance(columns.get("hash"), str):
        columns["hash"] = packed_hash(columns["hash"])
        columns.pop("position", None)
    if isinstance(columns.get("id"), str) and ("hash" in columns or "document" in columns):
        columns["id"] = packed_id(columns["id"])
    return columns


def revert(project: Project, key: int, *, forward: bool = False) -> list[Change]:
    """Put the rows of a step back to what was before it, or forward to what it made; inside `writing`.

    Raises:
        ConflictError: a row was changed since.
    """
    order = "ASC" if forward else "DESC"
    rows = project.rows(f"SELECT * FROM change WHERE step = ? ORDER BY number {order}", (key,))
    done = []
    types_touched = False
    undecided: set[int] = set()
    seen: set[tuple[str, int]] = set()
    types = project.types
    for row in rows:
        table = _table_named(row["table"])
        sides = read_columns(row["before"]), read_columns(row["after"])
        _check_whole(table, row["row"], sides)
        old, new = sides if forward else (sides[1], sides[0])
        if (table.name, row["row"]) not in seen:  # a row that the step changed twice is ours the second time
            _check_untouched(project, table, row["row"], old)
        seen.add((table.name, row["row"]))
        before = None if old is None else table.from_columns(old, types)
        if table.name == "type":
            after = None if new is None else table.from_columns(new, types)
            undecided |= _undecided_by_types(project, [Change(before, after)])
        write_columns(project, table, old, new)
        if table.name == "type":
            project.forget_types()
            types = project.types
        done.append(Change(before, None if new is None else table.from_columns(new, types)))
        types_touched = types_touched or table.name == "type"
    if types_touched:
        _check_types(project)
        refresh_tallies(project, undecided)
    return done


def _table_named(name: str) -> Table[Any]:
    table = TABLES.get(name)
    if table is None:
        raise DamagedError("journal", f"it speaks of a table {str(name)[:40]!r}")
    return table


def _check_whole(table: Table[Any], key: int, sides: Iterable[Columns | None]) -> None:
    """Refuse an entry that does not hold whole rows of the one it names."""
    for side in sides:
        if side is not None and (side.get("key") != key or not set(table.columns) <= side.keys()):
            raise DamagedError("journal", f"an entry of {table.name} {key} is not whole")


def _check_types(project: Project) -> None:
    """Refuse two visible types of one kind and name, and relation types whose ends are gone."""
    ends = project.rows(
        "SELECT 1 FROM type AS relation, json_each(json_array(relation.heads, relation.children)) AS side, "
        "json_each(side.value) AS ending WHERE NOT EXISTS (SELECT 1 FROM type WHERE type.key = ending.value)"
    )
    if ends:
        raise ConflictError("an end of a relation type is gone")
    if project.rows("SELECT 1 FROM type WHERE NOT hidden GROUP BY kind, name HAVING count(*) > 1"):
        raise ConflictError("a type of this name was added since")


def _check_untouched(project: Project, table: Table[Any], key: int, expected: Columns | None) -> None:
    found = project.rows(f"SELECT version FROM {table.name} WHERE key = ?", (key,))
    if expected is None:
        if found and not (table.name == "type" and waiting_types.is_waiting(project, key)):
            raise ConflictError(f"{table.name} {key} is there again")
    elif not found or found[0]["version"] != expected["version"]:
        raise ConflictError(f"{table.name} {key} was changed since")


def refresh_tallies(project: Project, documents: Iterable[int]) -> None:
    """Count again what stands in documents; inside `writing`."""
    for document in documents:
        refresh_tally(project, document)
