"""The journal: writes changes with the step that made them, and asks which steps can be undone.

A row's `version` is the key of the step that left it. Undoing a step puts back what was before, versions
included, so that the step before it can be undone in turn. The newest undo or redo that names an act decides
whether the act stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from annotator.model.change import Change, Row, Step, StepKind, Tokenization
from annotator.model.document import Document, State
from annotator.model.identity import new_id
from annotator.model.schema import EntityType, RelationType
from annotator.store.articles import proposing, refresh_tally
from annotator.store.faults import ConflictError
from annotator.store.project import Project
from annotator.store.rows import Columns
from annotator.store.search import index_title
from annotator.store.tables import TABLES, Table, table_of

_STANDS = """coalesce((SELECT entry.kind FROM reversal JOIN step AS entry ON entry.key = reversal.entry
    WHERE reversal.target = step.key ORDER BY entry.key DESC LIMIT 1), 'redo') = 'redo'"""


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
        "INSERT INTO step (key, id, kind, name, at, annotator, documents, everywhere, format) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, 0, 1)",
        (key, step.id, kind.value, name, at, annotator),
    )
    project.connection.executemany(
        "INSERT INTO reversal (target, entry) VALUES (?, ?)", [(target, key) for target in targets]
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
    return replace(step, documents=len(touched))


def apply(project: Project, step: Step, changes: Iterable[Change]) -> list[Change]:
    """Write changes and their journal rows; inside `writing`. Gives them with their new versions.

    The counts of the documents that are changed are the caller's matter; others, whose candidates hang on a type that
    is changed, are counted again here.
    """
    changes = list(changes)
    undecided = _undecided_by_types(project, changes)
    written = []
    first = project.value("SELECT coalesce(max(number), -1) + 1 FROM change WHERE step = ?", (step.key,))
    for number, change in enumerate(changes, start=first):
        row = change.row
        table = table_of(row)
        types = project.types
        before = None if change.before is None else table.to_columns(change.before, types)
        after_row = None if change.after is None else _versioned(change.after, step.key)
        if isinstance(row, EntityType | RelationType):
            after = _write_type(project, table, before, after_row)
        else:
            after = None if after_row is None else table.to_columns(after_row, types)
            write_columns(project, table, before, after)
        project.connection.execute(
            'INSERT INTO change (step, number, "table", row, document, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)',
            (step.key, number, table.name, row.key, document_of_row(row), _written(before), _written(after)),
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
    """Insert, replace or delete one row."""
    if after is None:
        assert before is not None, "a change is about a row"
        project.connection.execute(f"DELETE FROM {table.name} WHERE key = ?", (before["key"],))
    elif before is None:
        project.connection.execute(table.insert, after)
    else:
        project.connection.execute(table.update, after)
        if table.name == "document" and before["title"] != after["title"]:
            index_title(project, after["key"], old=before["title"], new=after["title"])


def _versioned(row: Row, version: int) -> Row:
    return replace(row, version=version)


def document_of_row(row: Row) -> int | None:
    """Give the document that a row belongs to, if any."""
    if isinstance(row, Document | Tokenization):
        return row.key
    return getattr(row, "document", None)


def _written(columns: Columns | None) -> str | None:
    if columns is None:
        return None
    return json.dumps(
        columns, ensure_ascii=False, separators=(",", ":"), default=lambda value: {"hex": value.hex()}
    )


def _read(written: str | None) -> Columns | None:
    if written is None:
        return None
    columns: Columns = json.loads(written)
    for name, value in columns.items():
        if isinstance(value, dict):
            columns[name] = bytes.fromhex(value["hex"])
    return columns


def newest_standing(project: Project, document: int | None) -> Step | None:
    """Give the newest act that stands and touches a document, or any act with None."""
    condition, values = _touching(document)
    rows = project.rows(
        f"SELECT * FROM step WHERE kind = 'act' AND {condition} AND {_STANDS} ORDER BY key DESC LIMIT 1",
        values,
    )
    return step_of(project, rows[0]) if rows else None


def newest_redoable(project: Project, document: int | None) -> Step | None:
    """Give the newest undo that can be taken back.

    Its acts are still undone by it, and no act came after it on a document that it touched.
    """
    condition, values = _touching(document)
    rows = project.rows(
        f"""SELECT * FROM step WHERE kind = 'undo' AND {condition} AND NOT EXISTS (
            SELECT 1 FROM reversal AS mine JOIN reversal AS later ON later.target = mine.target
            AND later.entry > mine.entry WHERE mine.entry = step.key)
        AND NOT EXISTS (
            SELECT 1 FROM step AS act WHERE act.key > step.key AND act.kind = 'act' AND (
                act.everywhere OR step.everywhere OR {_SHARES_A_DOCUMENT}))
        ORDER BY key DESC LIMIT 1""",
        values,
    )
    return step_of(project, rows[0]) if rows else None


_SHARES_A_DOCUMENT = """EXISTS (
    SELECT 1 FROM step_document AS theirs JOIN step_document AS mine ON mine.document = theirs.document
    WHERE theirs.step = act.key AND mine.step = step.key)"""


def _touching(document: int | None) -> tuple[str, dict[str, Any]]:
    if document is None:
        return "TRUE", {}
    return (
        "(step.everywhere OR EXISTS (SELECT 1 FROM step_document "
        "WHERE step_document.document = :document AND step_document.step = step.key))"
    ), {"document": document}


def step(project: Project, key: int) -> Step | None:
    """Give an entry of the journal."""
    rows = project.rows("SELECT * FROM step WHERE key = ?", (key,))
    return step_of(project, rows[0]) if rows else None


def history(project: Project, *, limit: int, before: int | None = None) -> list[Step]:
    """List the newest entries of the journal, newest first, older than `before`."""
    rows = project.rows(
        "SELECT * FROM step WHERE key < ? ORDER BY key DESC LIMIT ?",
        (before if before is not None else 1 << 62, limit),
    )
    return [step_of(project, row) for row in rows]


def step_of(project: Project, row: Any) -> Step:
    """Read a row of the table `step`."""
    targets = project.rows("SELECT target FROM reversal WHERE entry = ? ORDER BY target", (row["key"],))
    stands = project.value(f"SELECT {_STANDS} FROM step WHERE key = ?", (row["key"],))
    return Step(
        key=row["key"],
        id=row["id"],
        kind=StepKind(row["kind"]),
        name=row["name"],
        at=row["at"],
        annotator=row["annotator"],
        documents=row["documents"],
        undone=not stands,
        targets=tuple(target[0] for target in targets),
    )


def documents_of(project: Project, steps: Sequence[int]) -> set[int]:
    """Give the documents that steps touched."""
    marks = ",".join("?" * len(steps))
    rows = project.rows(f"SELECT DISTINCT document FROM step_document WHERE step IN ({marks})", steps)
    return {row[0] for row in rows}


def undecided_in_done(project: Project, steps: Sequence[int]) -> dict[int, int]:
    """Count what is left to decide in the done documents that steps touched, by document."""
    marks = ",".join("?" * len(steps))
    rows = project.rows(
        f"""SELECT document.key, tally.undecided FROM document JOIN tally ON tally.document = document.key
        WHERE document.state = ? AND NOT document.removed
        AND document.key IN (SELECT document FROM step_document WHERE step IN ({marks}))""",
        (State.DONE.value, *steps),
    )
    return {row[0]: row[1] for row in rows}


def later_on_same_rows(project: Project, key: int) -> list[int]:
    """List later acts that stand and wrote a row that this act wrote, newest first."""
    rows = project.rows(
        f"""SELECT DISTINCT step.key FROM change AS mine
        JOIN change AS later ON later."table" = mine."table" AND later.row = mine.row AND later.step > mine.step
        JOIN step ON step.key = later.step
        WHERE mine.step = ? AND step.kind = 'act' AND {_STANDS} ORDER BY step.key DESC""",
        (key,),
    )
    return [row[0] for row in rows]


def later_on_same_documents(project: Project, key: int) -> list[int]:
    """List later acts that stand and concern a document that this act concerns; newest first."""
    rows = project.rows(
        f"""SELECT act.key FROM step AS act JOIN step ON step.key = ?
        WHERE act.key > step.key AND act.kind = 'act' AND {_STANDS.replace("step.key", "act.key")}
        AND (act.everywhere OR step.everywhere OR {_SHARES_A_DOCUMENT}) ORDER BY act.key DESC""",
        (key,),
    )
    return [row[0] for row in rows]


def later_references(project: Project, key: int) -> list[int]:
    """List later acts that stand and name a span or type that this act made, even where they end up with nothing.

    Undoing the maker first would leave them with nothing to come back to. A type that an import brought was made
    by publishing it.
    """
    made = project.rows(
        "SELECT \"table\", row FROM change WHERE step = ? AND \"table\" IN ('span', 'type') "
        "AND (before IS NULL OR (\"table\" = 'type' AND json_extract(before, '$.hidden')))",
        (key,),
    )
    if not made:
        return []
    spans = {row[1] for row in made if row[0] == "span"}
    types = {row[1] for row in made if row[0] == "type"}
    found = _imports_using(project, types, after=key)
    later = project.rows(
        f"""SELECT change.step, change."table", change.before, change.after FROM change
        JOIN step ON step.key = change.step WHERE change.step > ? AND step.kind = 'act' AND {_STANDS}
        ORDER BY change.step DESC""",
        (key,),
    )
    for step_key, table, *sides in later:
        if step_key not in found and any(_names(_read(side), table, spans, types) for side in sides):
            found.append(step_key)
    return sorted(found, reverse=True)


def _imports_using(project: Project, types: set[int], *, after: int) -> list[int]:
    """List later standing imports whose rows, which the journal does not hold, have one of these types."""
    found: list[int] = []
    for kind in types:
        rows = project.rows(
            f"""SELECT step.key FROM change JOIN step ON step.key = change.step
            WHERE change."table" = 'batch' AND step.key > :after AND step.kind = 'act' AND {_STANDS}
            AND EXISTS (SELECT 1 FROM document WHERE document.batch = change.row AND (
                EXISTS (SELECT 1 FROM span AS own
                    WHERE own.document = document.key AND own.version = 0 AND own.type = :type)
                OR EXISTS (SELECT 1 FROM relation AS own
                    WHERE own.document = document.key AND own.version = 0 AND own.type = :type)
                OR EXISTS (SELECT 1 FROM rejection AS own
                    WHERE own.document = document.key AND own.version = 0
                    AND :type IN (own.type, own.head_type, own.child_type))))""",
            {"after": after, "type": kind},
        )
        found += [row[0] for row in rows if row[0] not in found]
    return found


def _names(columns: Columns | None, table: str, spans: set[int], types: set[int]) -> bool:
    if columns is None:
        return False
    if table == "relation" and not spans.isdisjoint((columns["head"], columns["child"])):
        return True
    if table == "type":
        return not types.isdisjoint(json.loads(columns["heads"]) + json.loads(columns["children"]))
    return not types.isdisjoint((columns.get("type"), columns.get("head_type"), columns.get("child_type")))


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
    for row in rows:
        table = TABLES[row["table"]]
        sides = _read(row["before"]), _read(row["after"])
        old, new = sides if forward else (sides[1], sides[0])
        _check_untouched(project, table, row["row"], old)
        types = project.types
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
        if found:
            raise ConflictError(f"{table.name} {key} is there again")
    elif not found or found[0]["version"] != expected["version"]:
        raise ConflictError(f"{table.name} {key} was changed since")


def acts_on_batch(project: Project, batch: int, *, after: int) -> list[int]:
    """List standing acts later than a step that touched a document of a batch, newest first."""
    rows = project.rows(
        f"""SELECT DISTINCT step.key FROM document JOIN step_document ON step_document.document = document.key
        JOIN step ON step.key = step_document.step
        WHERE document.batch = ? AND step.key > ? AND step.kind = 'act' AND {_STANDS} ORDER BY step.key DESC""",
        (batch, after),
    )
    return [row[0] for row in rows]


def refresh_tallies(project: Project, documents: Iterable[int]) -> None:
    """Count again what stands in documents; inside `writing`."""
    for document in documents:
        refresh_tally(project, document)
