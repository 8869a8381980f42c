"""Checks that the journal and the rows say the same.

Every row is as the newest standing act left it, and no row is there that an act took away.
Reads the journal once, in the order of rows, and never holds more than the entries of one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from annotator.model.breach import Breach
from annotator.model.change import StepKind
from annotator.model.errors import UserError
from annotator.store.cells import Columns
from annotator.store.journal import read_columns
from annotator.store.project import Project
from annotator.store.soundness import UNREADABLE
from annotator.store.tables import TABLES, Table
from annotator.store.waiting_types import is_waiting

PAGE = 2000
"""Entries of the journal read at a time."""
LISTED = 100
"""Most breaches of one kind that are named where one question finds them all."""


def journal_breaches(project: Project) -> Iterator[Breach]:
    """Give everything in which journal and rows disagree, and everything the journal says that cannot be."""
    standing = _standing(project)
    for (table, row), entries in groupby(_entries(project), key=lambda each: (each["table"], each["row"])):
        yield from _of_row(project, table, row, list(entries), standing)
    for name in TABLES:
        yield from _without_entry(project, name)
    yield from _steps(project)
    yield from _live(project, standing)


def _standing(project: Project) -> set[int]:
    """Give the keys of the acts that stand: those that no undo names, or whose newest entry is a redo."""
    acts = {row[0] for row in project.rows("SELECT key FROM step WHERE kind = ?", (StepKind.ACT.value,))}
    entries = project.rows(
        "SELECT reversal.target, step.kind FROM reversal JOIN step ON step.key = reversal.entry "
        "ORDER BY reversal.target, reversal.entry"
    )
    newest = {target: kind for target, kind in entries}  # noqa: C416 - the last of each counts
    return acts - {target for target, kind in newest.items() if kind == StepKind.UNDO.value}


def _entries(project: Project) -> Iterator[Any]:
    """Walk the changes row by row, the oldest of each row first."""
    after: tuple[Any, ...] = ("", -(1 << 63), 0, 0)
    while True:
        page = project.rows(
            'SELECT step, number, "table", row, before, after FROM change '
            'WHERE ("table", row, step, number) > (?, ?, ?, ?) ORDER BY "table", row, step, number LIMIT ?',
            (*after, PAGE),
        )
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]
        after = (last["table"], last["row"], last["step"], last["number"])


def _of_row(
    project: Project, name: str, key: int, entries: list[Any], standing: set[int]
) -> Iterator[Breach]:
    """Compare one row with what the journal says of it."""
    table = TABLES.get(name)
    where = f"{name} {key}"
    if table is None:
        yield _breach(f"The journal speaks of a table {name!r} that there is not.")
        return
    try:
        chain = [
            (each["step"], read_columns(each["before"]), read_columns(each["after"])) for each in entries
        ]
        expected = _expected(chain, standing)
        version = 0 if expected is None else expected["version"]
        gap = _gap(chain, standing)
    except (UserError, *UNREADABLE) as error:
        why = type(error.__cause__ or error).__name__
        yield _breach(f"The journal's entry of {where} cannot be read ({why}).")
        return
    if gap:
        yield _breach(
            f"The journal's entries of {where} do not follow each other: step {gap} began elsewhere."
        )
    rows = project.rows(f"SELECT * FROM {table.name} WHERE key = ?", (key,))
    if expected is None:
        if rows and not (name == "type" and is_waiting(project, key)):
            yield _breach(f"{where} is there, but the journal says that it was taken away or not made yet.")
    elif not rows:
        yield _breach(f"{where} is gone, but the journal says that step {version} left it there.")
    elif rows[0]["version"] != version:
        yield _breach(f"{where} was left by step {rows[0]['version']}; the journal says {version}.")
    elif not _same(project, table, rows[0], expected):
        yield _breach(f"{where} is not as step {version} left it.")


def _expected(chain: list[tuple[int, Columns | None, Columns | None]], standing: set[int]) -> Columns | None:
    """Give the row as the newest standing act left it; without one, as it was before the oldest."""
    for step, _, after in reversed(chain):
        if step in standing:
            return after
    return chain[0][1]


def _gap(chain: list[tuple[int, Columns | None, Columns | None]], standing: set[int]) -> int:
    """Give the first standing step that did not begin with what the standing one before it left; 0 if none."""
    left: Columns | None = None
    last = 0
    for step, before, after in chain:
        if step not in standing:
            continue
        began = None if before is None else before["version"]
        ended = None if left is None else left["version"]
        # What one step did to a row twice, older versions kept as if both began at the same state.
        if last and step != last and began != ended:
            return step
        left, last = after, step
    return 0


def _same(project: Project, table: Table[Any], row: Any, expected: Columns) -> bool:
    """Tell whether a row holds what the journal kept of it, as values, so that older entries are understood."""
    types = project.types
    try:
        found, kept = table.from_columns(row, types), table.from_columns(expected, types)
    except (*UNREADABLE, UserError):
        return all(row[name] == value for name, value in expected.items() if name in row.keys())  # noqa: SIM118
    return bool(found == kept)


def _without_entry(project: Project, name: str) -> Iterator[Breach]:
    """Name rows whose version is no step that wrote them."""
    rows = project.rows(
        f"SELECT key, version FROM {name} WHERE version != 0 AND NOT EXISTS (SELECT 1 FROM change "
        f'WHERE change."table" = ? AND change.row = {name}.key AND change.step = {name}.version) LIMIT {LISTED}',
        (name,),
    )
    for row in rows:
        yield _breach(f"{name} {row['key']} says that step {row['version']} left it; the journal does not.")


STEP_RULES = (
    (
        "SELECT key FROM step WHERE kind NOT IN ('act', 'undo', 'redo', 'removal', 'past')",
        "Step {0} is neither an act nor an undo nor a redo, nor a removal for good, nor past.",
    ),
    (
        (
            "SELECT entry.key FROM step AS entry WHERE (entry.kind IN ('act', 'removal', 'past')) = EXISTS "
            "(SELECT 1 FROM reversal WHERE reversal.entry = entry.key)"
        ),
        "Step {0} is an act that undoes something, or an undo or redo of nothing.",
    ),
    (
        (
            "SELECT reversal.entry, reversal.target FROM reversal LEFT JOIN step ON step.key = reversal.target "
            "WHERE step.kind IS NOT 'act' OR reversal.target >= reversal.entry"
        ),
        "Step {0} undoes or redoes step {1}, which is no act before it.",
    ),
    (
        (
            "SELECT later.entry, later.target FROM reversal AS later JOIN step AS entry ON entry.key = later.entry "
            "WHERE entry.kind = coalesce((SELECT step.kind FROM reversal JOIN step ON step.key = reversal.entry "
            "WHERE reversal.target = later.target AND reversal.entry < later.entry "
            "ORDER BY reversal.entry DESC LIMIT 1), 'redo')"
        ),
        "Step {0} undoes what is undone, or redoes what stands: step {1}.",
    ),
    (
        (
            "SELECT key, documents, (SELECT count(*) FROM step_document WHERE step_document.step = step.key) FROM step "
            "WHERE kind != 'removal' "
            "AND documents != (SELECT count(*) FROM step_document WHERE step_document.step = step.key)"
        ),
        "Step {0} says that it touched {1} documents, but {2} are named.",
    ),
    (
        (
            "SELECT change.step, change.document FROM change WHERE change.document IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM step_document WHERE step_document.step = change.step "
            "AND step_document.document = change.document) GROUP BY 1, 2"
        ),
        "Step {0} changed document {1} without naming it.",
    ),
    (
        "SELECT change.step, change.number FROM change WHERE before IS NULL AND after IS NULL",
        "Step {0} has an entry, {1}, that says nothing.",
    ),
)
"""What never comes back from a sound journal, and how it is told."""


def _steps(project: Project) -> Iterator[Breach]:
    for statement, words in STEP_RULES:
        for row in project.rows(f"{statement} LIMIT {LISTED}"):
            yield _breach(words.format(*row))


def _live(project: Project, standing: set[int]) -> Iterator[Breach]:
    """Check what is kept of what can be undone and redone: it is derived from the undos and redos."""
    if all(column["name"] != "live" for column in project.rows("PRAGMA table_info(step)")):
        return  # of a version that kept nothing of it
    for key, live in project.rows("SELECT key, live FROM step WHERE kind = 'act' ORDER BY key"):
        if bool(live) != (key in standing):
            yield _breach(
                f"Step {key} {'stands' if key in standing else 'is undone'}, but is kept as the other."
            )
    for (key,) in project.rows(WRONGLY_LIVE):
        yield _breach(f"Step {key} is kept as one that can be taken back, but it cannot.")


WRONGLY_LIVE = """SELECT key FROM step WHERE live AND (kind = 'redo' OR kind = 'undo' AND (
    EXISTS (SELECT 1 FROM reversal AS mine JOIN reversal AS later ON later.target = mine.target
        AND later.entry > mine.entry WHERE mine.entry = step.key)
    OR EXISTS (SELECT 1 FROM step AS act WHERE act.key > step.key AND act.kind = 'act' AND act.everywhere)
    OR step.everywhere AND EXISTS (SELECT 1 FROM step AS act WHERE act.key > step.key AND act.kind = 'act')
    OR EXISTS (SELECT 1 FROM step_document AS mine JOIN step_document AS later
        ON later.document = mine.document AND later.step > mine.step
        JOIN step AS act ON act.key = later.step AND act.kind = 'act' WHERE mine.step = step.key)))"""
"""Entries that are kept as ones that can be taken back and cannot be."""


def _breach(message: str) -> Breach:
    return Breach(rule="journal", message=message)
