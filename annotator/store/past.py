"""Asks the journal: which step can be undone or redone next, what stands on a step, and its history page by page.

Every question finds its answer by key: none reads the journal from end to end, however long it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotator.model.change import Step, StepKind
from annotator.model.document import State
from annotator.model.limits import LABEL_LIMIT, LINE_LIMIT
from annotator.model.wording import printable
from annotator.store.cells import Columns
from annotator.store.journal import read_columns
from annotator.store.project import Project
from annotator.store.soundness import sound

_STANDING = "step.kind = 'act' AND step.live"
"""Condition for acts that were not undone, or done again since."""


def newest_standing(project: Project, document: int | None) -> Step | None:
    """Give the newest act that stands and touches a document, or any act with None."""
    return _newest(project, StepKind.ACT, document)


def newest_redoable(project: Project, document: int | None) -> Step | None:
    """Give the newest undo that can be taken back.

    Its acts are still undone by it, and no act came after it on a document that it touched.
    """
    return _newest(project, StepKind.UNDO, document)


def _newest(project: Project, kind: StepKind, document: int | None) -> Step | None:
    """Give the newest live step of a kind that touches a document or everything; any with None."""
    of_all = f"SELECT key FROM step WHERE kind = '{kind}' AND live"
    if document is None:
        key = project.value(f"{of_all} ORDER BY key DESC LIMIT 1")
    else:
        # Two walks back from the newest, each by an index of its own.
        key = project.value(
            f"""SELECT max(key) FROM (
                SELECT * FROM (SELECT step.key FROM step_document CROSS JOIN step ON step.key = step_document.step
                    WHERE step_document.document = ? AND step.kind = '{kind}' AND step.live
                    ORDER BY step_document.step DESC LIMIT 1)
                UNION ALL SELECT * FROM (SELECT key FROM step INDEXED BY step_everywhere
                    WHERE everywhere AND kind = '{kind}' AND live ORDER BY key DESC LIMIT 1))""",
            (document,),
        )
    return None if key is None else step(project, key)


def brings_documents(project: Project, step: int) -> bool:
    """Tell whether an act is an import; its undo takes documents away."""
    found = project.value(
        """SELECT 1 FROM change INDEXED BY change_by_row WHERE "table" = 'batch' AND step = ? LIMIT 1""",
        (step,),
    )
    return found is not None


def step(project: Project, key: int) -> Step | None:
    """Give an entry of the journal."""
    rows = project.rows("SELECT * FROM step WHERE key = ?", (key,))
    return step_of(project, rows[0]) if rows else None


@sound("journal")
def step_of(project: Project, row: Any) -> Step:
    """Read a row of the table `step`."""
    kind = StepKind(row["kind"])
    targets: tuple[int, ...] = ()
    if kind in (StepKind.UNDO, StepKind.REDO):
        found = project.rows("SELECT target FROM reversal WHERE entry = ? ORDER BY target", (row["key"],))
        targets = tuple(target[0] for target in found)
    return Step(
        key=row["key"],
        id=row["id"],
        kind=kind,
        name=printable(row["name"], limit=LINE_LIMIT),
        at=row["at"],
        annotator=printable(row["annotator"], limit=LABEL_LIMIT),
        documents=row["documents"],
        undone=kind is StepKind.ACT and not row["live"],
        redoable=kind is StepKind.UNDO and bool(row["live"]),
        targets=targets,
    )


def history(
    project: Project, *, limit: int, before: int | None = None, words: str = "", document: int | None = None
) -> list[Step]:
    """List the newest entries of the journal older than the key `before`, newest first.

    Args:
        words: each of them must stand in the name or the annotator's, in any case.
        document: only what touched this document, or all documents.
    """
    wanted = words.casefold().split()
    found: list[int] = []
    for key, name, annotator in _names_back(project, before, document):
        if all(word in f"{name} {annotator}".casefold() for word in wanted):
            found.append(key)
            if len(found) == limit:
                break
    rows = project.rows(
        "SELECT * FROM step WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key DESC",
        (json.dumps(found),),
    )
    return [step_of(project, row) for row in rows]


def _names_back(project: Project, before: int | None, document: int | None) -> Iterator[tuple[int, str, str]]:
    """Walk the journal back from a key, in pages."""
    newest = before if before is not None else 1 << 62
    condition, values = "TRUE", {}
    if document is not None:
        condition = """key IN (SELECT step FROM step_document WHERE document = :document
            UNION SELECT key FROM step WHERE everywhere)"""
        values = {"document": document}
    while True:
        page = project.rows(
            f"SELECT key, name, annotator FROM step WHERE key < :newest AND {condition} ORDER BY key DESC LIMIT 500",
            {**values, "newest": newest},
        )
        yield from map(tuple, page)
        if len(page) < 500:
            return
        newest = page[-1]["key"]


def count_steps(project: Project) -> int:
    """Count the entries of the journal."""
    count: int = project.value("SELECT count(*) FROM step")
    return count


def count_standing_since(project: Project, key: int) -> int:
    """Count the acts that stand, from the newest back to one."""
    count: int = project.value("SELECT count(*) FROM step WHERE kind = 'act' AND live AND key >= ?", (key,))
    return count


def standing_since(project: Project, key: int) -> list[int]:
    """List the acts that stand, from the newest back to one."""
    rows = project.rows(
        "SELECT key FROM step WHERE kind = 'act' AND live AND key >= ? ORDER BY key DESC", (key,)
    )
    return [row[0] for row in rows]


def undo_of(project: Project, act: int) -> Step | None:
    """Give the undo that took an act back and can itself be taken back; None if there is none."""
    key = project.value(
        "SELECT step.key FROM reversal CROSS JOIN step ON step.key = reversal.entry "
        "WHERE reversal.target = ? AND step.kind = 'undo' AND step.live ORDER BY step.key DESC LIMIT 1",
        (act,),
    )
    return None if key is None else step(project, key)


def documents_of(project: Project, steps: Sequence[int]) -> set[int]:
    """Give the documents that steps touched."""
    rows = project.rows(
        "SELECT DISTINCT document FROM step_document WHERE step IN (SELECT value FROM json_each(?))",
        (json.dumps(list(steps)),),
    )
    return {row[0] for row in rows}


@sound("counts of documents")
def undecided_in_done(project: Project, steps: Sequence[int]) -> dict[int, int]:
    """Count what is left to decide in the done documents that steps touched, by document."""
    rows = project.rows(
        """SELECT document.key, tally.undecided FROM document JOIN tally ON tally.document = document.key
        WHERE document.state = ? AND NOT document.removed AND document.key IN (
            SELECT document FROM step_document WHERE step IN (SELECT value FROM json_each(?)))""",
        (State.DONE.value, json.dumps(list(steps))),
    )
    return {row[0]: int(row[1]) for row in rows}


def done_but_undecided(project: Project, documents: Iterable[int]) -> list[int]:
    """List those of some documents that are done although something in them is left to decide."""
    rows = project.rows(
        """SELECT document.key FROM document JOIN tally ON tally.document = document.key
        WHERE document.key IN (SELECT value FROM json_each(?)) AND document.state = ? AND NOT document.removed
        AND tally.undecided > 0 ORDER BY document.key""",
        (json.dumps(sorted(documents)), State.DONE.value),
    )
    return [row[0] for row in rows]


def later_on_same_rows(project: Project, key: int) -> list[int]:
    """List later acts that stand and wrote a row that this act wrote, newest first."""
    rows = project.rows(
        f"""SELECT DISTINCT step.key FROM change AS mine
        JOIN change AS later ON later."table" = mine."table" AND later.row = mine.row AND later.step > mine.step
        JOIN step ON step.key = later.step
        WHERE mine.step = ? AND {_STANDING} ORDER BY step.key DESC""",
        (key,),
    )
    return [row[0] for row in rows]


def later_on_same_documents(project: Project, key: int) -> list[int]:
    """List later acts that stand and concern a document that this act concerns; newest first."""
    if project.value("SELECT everywhere FROM step WHERE key = ?", (key,)):
        return [each for each in standing_since(project, key) if each > key]
    rows = project.rows(
        f"""SELECT step.key FROM step_document AS mine
            JOIN step_document AS later ON later.document = mine.document AND later.step > mine.step
            JOIN step ON step.key = later.step WHERE mine.step = ?1 AND {_STANDING}
        UNION SELECT step.key FROM step WHERE step.everywhere AND step.key > ?1 AND {_STANDING}
        ORDER BY 1 DESC""",
        (key,),
    )
    return [row[0] for row in rows]


def acts_on_batch(project: Project, batch: int, *, after: int) -> list[int]:
    """List standing acts later than a step that touched a document of a batch, newest first."""
    if not _has_later(project, after):
        return []
    rows = project.rows(
        f"""SELECT DISTINCT step.key FROM document JOIN step_document ON step_document.document = document.key
        AND step_document.step > ?2 JOIN step ON step.key = step_document.step
        WHERE document.batch = ?1 AND {_STANDING} ORDER BY step.key DESC""",
        (batch, after),
    )
    return [row[0] for row in rows]


def _has_later(project: Project, key: int) -> bool:
    newest = project.value("SELECT max(key) FROM step WHERE kind = 'act' AND live")
    return newest is not None and newest > key


def later_references(project: Project, key: int) -> list[int]:
    """List later acts that stand and name a span or type that this act made, even where they end up with nothing.

    Undoing the maker first would leave them with nothing to come back to. A type that an import brought was made
    by publishing it.
    """
    if not _has_later(project, key):
        return []
    found = _relations_on_made_spans(project, key)
    made = project.rows(
        "SELECT row FROM change WHERE step = ? AND \"table\" = 'type' "
        "AND (before IS NULL OR json_extract(before, '$.hidden'))",
        (key,),
    )
    if made:
        types = {row[0] for row in made}
        found |= _imports_using(project, types, after=key) | _acts_naming(project, types, after=key)
    return sorted(found, reverse=True)


def _relations_on_made_spans(project: Project, key: int) -> set[int]:
    """Give later standing acts on relations whose ends this act made; both are of one document."""
    rows = project.rows(
        f"""SELECT DISTINCT step.key FROM change AS mine CROSS JOIN change AS later
            INDEXED BY change_by_document ON later.document = mine.document AND later.step > mine.step
        JOIN step ON step.key = later.step
        WHERE mine.step = ? AND mine."table" = 'span' AND mine.before IS NULL AND later."table" = 'relation'
        AND mine.row IN (json_extract(later.before, '$.head'), json_extract(later.before, '$.child'),
            json_extract(later.after, '$.head'), json_extract(later.after, '$.child'))
        AND {_STANDING}""",
        (key,),
    )
    return {row[0] for row in rows}


def _acts_naming(project: Project, types: set[int], *, after: int) -> set[int]:
    """Give later standing acts on rows that have one of these types, or an end of it."""
    later = project.rows(
        f"""SELECT change.step, change."table", change.before, change.after FROM change
        JOIN step ON step.key = change.step WHERE change.step > ? AND {_STANDING}""",
        (after,),
    )
    found: set[int] = set()
    for step_key, table, *sides in later:
        if step_key not in found and any(_names(read_columns(side), table, types) for side in sides):
            found.add(step_key)
    return found


def _imports_using(project: Project, types: set[int], *, after: int) -> set[int]:
    """Give later standing imports whose rows, which the journal does not hold, have one of these types."""
    found: set[int] = set()
    for kind in types:
        rows = project.rows(
            f"""SELECT step.key FROM change JOIN step ON step.key = change.step
            WHERE change."table" = 'batch' AND step.key > :after AND {_STANDING}
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
        found |= {row[0] for row in rows}
    return found


def _names(columns: Columns | None, table: str, types: set[int]) -> bool:
    if columns is None:
        return False
    if table == "type":
        return not types.isdisjoint(json.loads(columns["heads"]) + json.loads(columns["children"]))
    return not types.isdisjoint((columns.get("type"), columns.get("head_type"), columns.get("child_type")))
