"""Takes documents out for good: their rows, their words in the index, what the journal holds of them, and the shreds.

It goes in four parts, so that nobody waits long for a turn and so that one who dies on the way leaves something that
the next opening finishes: `hide` (one small transaction, after which the documents are gone for everybody), `take_out`
(some documents at a time), `conclude` (imports that became empty, and the entry that says what was done) and `sweep`
(the file is written anew without what was deleted). What is left to do stands in the setting `removing`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.model.change import BatchState, StepKind
from annotator.store import journal
from annotator.store.faults import told
from annotator.store.forgetting import (
    KEYS,
    Names,
    conclude_batch,
    cut_out,
    rename_past_imports,
    settle,
    values_of,
)
from annotator.store.project import Project
from annotator.store.search import remove_from_index, searchable

PENDING = "removing"
"""The setting that says what is left to do."""
_SPARE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What goes with some documents.

    Args:
        candidates: what was proposed there and what a person asked to be proposed.
        entries: of the journal that touched nothing else. shortened: that touched other documents as well.
    """

    documents: int
    spans: int
    relations: int
    rejections: int
    candidates: int
    entries: int
    shortened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Free room on the disk that writing the file anew needs, and that there is, in bytes."""

    needed: int
    free: int


def going_with(project: Project, keys: Sequence[int]) -> Going:
    """Count what goes with some documents."""
    values = values_of(keys)

    def count(table: str) -> int:
        found: int = project.rows(f"SELECT count(*) FROM {table} WHERE document IN {KEYS}", values)[0][0]
        return found

    touched = f"SELECT DISTINCT step FROM step_document WHERE document IN {KEYS}"
    outside = f"(change.document IS NULL OR change.document NOT IN {KEYS})"
    rows = project.rows(
        f"""SELECT CASE step.kind
            WHEN 'act' THEN EXISTS (SELECT 1 FROM change WHERE change.step = step.key AND {outside})
            ELSE EXISTS (SELECT 1 FROM reversal JOIN change ON change.step = reversal.target
                WHERE reversal.entry = step.key AND {outside}) END, count(*)
        FROM step WHERE key IN ({touched}) GROUP BY 1""",
        values,
    )
    entries = dict(map(tuple, rows))
    return Going(
        documents=len(set(keys)),
        spans=count("span"),
        relations=count("relation"),
        rejections=count("rejection"),
        candidates=count("candidate") + count("asked"),
        entries=entries.get(0, 0) + _imports_going(project, values),
        shortened=entries.get(1, 0),
    )


def _imports_going(project: Project, values: dict[str, str]) -> int:
    """Count the imports that would have no document left and did nothing else."""
    count: int = project.rows(
        f"""SELECT count(DISTINCT change.step) FROM change WHERE change."table" = 'batch' AND change.row IN (
            SELECT batch FROM document WHERE key IN {KEYS} AND NOT EXISTS (SELECT 1 FROM document AS other
                WHERE other.batch = document.batch AND other.key NOT IN {KEYS}))
        AND NOT EXISTS (SELECT 1 FROM change AS more
            WHERE more.step = change.step AND (more."table", more.row) IS NOT (change."table", change.row))""",
        values,
    )[0][0]
    return count


def out_of_sight(project: Project) -> list[int]:
    """List the documents that were removed, or whose import was undone: still in the file, seen by nobody."""
    rows = project.rows(
        "SELECT document.key FROM document JOIN batch ON batch.key = document.batch "
        "WHERE (document.removed OR batch.state <> :published) AND (batch.state <> :pending OR EXISTS "
        "(SELECT 1 FROM change WHERE \"table\" = 'batch' AND row = batch.key)) ORDER BY document.key",
        {"published": BatchState.PUBLISHED.value, "pending": BatchState.PENDING.value},
    )
    return [row[0] for row in rows]


def named(project: Project, name: str) -> list[int]:
    """Give the documents of an id, or that came from a file or record of this name; seen or not."""
    values: tuple[Any, ...] = (name, name, name)
    with suppress(ValueError):
        values = (name, uuid.UUID(name).bytes, name)
    rows = project.rows("SELECT key FROM document WHERE id IN (?, ?) OR source = ? ORDER BY key", values)
    return [row[0] for row in rows]


def room_for(project: Project) -> Room:
    """Say how much room writing the file anew takes: one copy where temporary files go, one beside the project."""
    pages, size = project.value("PRAGMA page_count"), project.value("PRAGMA page_size")
    copy = pages * size + _SPARE
    beside = project.path.absolute().parent
    temporary = _temporary_folder()
    try:
        free = shutil.disk_usage(beside).free
        if os.stat(beside).st_dev == os.stat(temporary).st_dev:  # noqa: PTH116 - one of them may be no Path
            return Room(needed=2 * copy, free=free)
        return Room(needed=copy, free=min(free, shutil.disk_usage(temporary).free))
    except OSError as error:
        raise told(error, project.path) from error


def _temporary_folder() -> str:
    """Give where SQLite puts its temporary files."""
    if sys.platform != "win32":
        for folder in (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp"):  # noqa: S108
            if folder and Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK):
                return folder
    return tempfile.gettempdir()


# ---------------------------------------------------------------------- the four parts


def hide(project: Project, keys: Sequence[int]) -> None:
    """Let nobody see some documents any more and note that they are to go; durable when it returns."""
    with project.writing() as connection:
        batches = [
            row[0]
            for row in project.rows(
                f"SELECT DISTINCT batch FROM document WHERE key IN {KEYS}", values_of(keys)
            )
        ]
        waiting = pending(project)
        left = {
            "documents": sorted({*keys, *waiting.get("documents", [])}),
            "batches": sorted({*batches, *waiting.get("batches", [])}),
            "count": len(set(keys)) + waiting.get("count", 0),
        }
        project.set_setting(PENDING, left)
        if project.setting("view", {}).get("document") in set(keys):
            connection.execute("DELETE FROM setting WHERE name = 'view'")
        connection.execute(f"UPDATE document SET removed = 1 WHERE key IN {KEYS}", values_of(keys))


def pending(project: Project) -> dict[str, Any]:
    """Give what is left to do: keys of documents and batches, and how many documents it is about; empty if nothing."""
    found: dict[str, Any] = project.setting(PENDING, {})
    return found


def waiting_documents(project: Project) -> list[int]:
    """List the documents that are hidden already and still there."""
    keys = pending(project).get("documents", [])
    rows = project.rows(f"SELECT key FROM document WHERE key IN {KEYS} ORDER BY key", values_of(keys))
    return [row[0] for row in rows]


def take_out(project: Project, keys: Sequence[int], names: Names) -> None:
    """Delete some documents with all that is theirs, in one transaction."""
    values = values_of(keys)
    with project.writing() as connection:
        connection.execute("PRAGMA secure_delete = ON")
        for row in project.rows(
            f"SELECT key, title, text FROM document JOIN content ON content.document = key WHERE key IN {KEYS}",
            values,
        ):
            remove_from_index(project, document=row["key"], words=searchable(row["text"], row["title"]))
        _forget_elsewhere(project, values)
        touched = cut_out(project, values)
        for table in _tables_of_documents(project):
            connection.execute(f"DELETE FROM {table} WHERE document IN {KEYS}", values)
        connection.execute(f"DELETE FROM tokenization WHERE key IN {KEYS}", values)
        connection.execute(f"DELETE FROM document WHERE key IN {KEYS}", values)
        settle(project, touched, names)


def conclude(project: Project, names: Names, *, name: str, at: float, annotator: str) -> None:
    """Let imports go that became empty, name the others anew, and write into the journal what was removed."""
    waiting = pending(project)
    with project.writing():
        for batch in waiting.get("batches", []):
            conclude_batch(project, batch, names)
        rename_past_imports(project, names)
        if waiting.get("count"):
            step = journal.open_step(project, name=name, kind=StepKind.REMOVAL, at=at, annotator=annotator)
            project.connection.execute(
                "UPDATE step SET documents = ? WHERE key = ?", (waiting["count"], step.key)
            )
        project.set_setting(PENDING, {"sweep": True})
    project.forget_types()


def sweep(project: Project, *, is_stopped: Callable[[], bool] = lambda: False) -> bool:
    """Write the file anew without what was deleted from it, old pages in the write-ahead log included.

    Nobody else can write meanwhile. False if somebody still reads, or it was stopped: then some words may be left in
    the file, and the next opening sweeps again.
    """
    connection = project.connection
    with project.turn.alone("The project file is being written anew without what was removed for good."):
        try:
            connection.set_progress_handler(is_stopped, 200_000)
            connection.execute("PRAGMA secure_delete = ON")
            # The index keeps deleted words until it is merged, and marks of what was deleted.
            connection.execute("INSERT INTO search (search) VALUES ('optimize')")
            connection.execute("VACUUM")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                return False
            raise told(error, project.path) from error
        except sqlite3.DatabaseError as error:
            raise told(error, project.path) from error
        finally:
            connection.set_progress_handler(None, 0)
        if not _is_folded_in(connection):
            return False
    with project.writing():
        connection.execute("DELETE FROM setting WHERE name = ?", (PENDING,))
    return _is_folded_in(connection)


def _is_folded_in(connection: sqlite3.Connection) -> bool:
    """Bring the write-ahead log into the file and cut it to nothing; False where a reader holds on to it."""
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


# ---------------------------------------------------------------------- inside


def _tables_of_documents(project: Project) -> list[str]:
    """List the tables whose rows belong to a document, relations before the spans they stand on."""
    found = [
        row[0]
        for row in project.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('change', 'step_document') "
            "AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_master.name) WHERE name = 'document')"
        )
    ]
    last = ("span", "layer")
    return sorted(found, key=lambda table: last.index(table) + 1 if table in last else 0)


def _forget_elsewhere(project: Project, values: dict[str, str]) -> None:
    """Delete what other systems call these documents and what stands in them, or once stood there."""
    ids: set[Any] = set()
    for table, column in (("document", "key"), ("span", "document"), ("relation", "document")):
        ids |= {row[0] for row in project.rows(f"SELECT id FROM {table} WHERE {column} IN {KEYS}", values)}
    if not project.value("SELECT 1 FROM external_id LIMIT 1"):
        return
    for row in project.rows(f"SELECT before, after FROM change WHERE document IN {KEYS}", values):
        for side in map(journal.read_columns, row):
            if side is not None and "id" in side:
                ids.add(side["id"])
    forms = [(form,) for each in ids for form in _forms(each)]
    # That a document of another system was here stays known, without a word of it: a sync must not bring it again.
    project.connection.executemany(
        "UPDATE external_id SET local = '', hash = '', base = '{\"a\":\"here\"}' "
        "WHERE local = ? AND remote LIKE 'document/%'",
        forms,
    )
    project.connection.executemany("DELETE FROM external_id WHERE local = ?", forms)


def _forms(identity: bytes | str) -> list[bytes | str]:
    """Give an id in both ways in which it may be kept: 36 characters and 16 bytes."""
    with suppress(ValueError):
        found = uuid.UUID(bytes=identity) if isinstance(identity, bytes) else uuid.UUID(identity)
        return [str(found), found.bytes]
    return [identity]
