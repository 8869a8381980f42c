"""A copy of a project for strangers: what is annotated, without how it came about, who did it, and from where.

It is scrubbed in a file of its own, and written out anew, so that nothing of the rest is left in unused pages. What
becomes of every column stands here, once; a test finds those of which nothing is said.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.model.change import BatchState
from annotator.model.document import State
from annotator.model.identity import new_id
from annotator.store.connections import connect
from annotator.store.foreign import refuse_foreign
from annotator.store.locking import Turn
from annotator.store.migrate import latest, migrate, version_of
from annotator.store.project import Project
from annotator.store.scrubbing import is_place, json_without_places, place_remover, renamer, without_paths
from annotator.store.search import add_to_index, searchable
from annotator.store.showing import CHANGING, LEAST
from annotator.store.whole_copies import Step, check, copy_whole, no_step, part_of, put_in_place, refused

EMPTIED = frozenset({"change", "step", "step_document", "reversal", "rejection", "external_id"})
"""Tables of which nothing is copied: the journal, what was rejected, what other systems call our things."""
KEPT = {
    "batch": "key id state at",
    "document": "key id batch position language length hash state flagged part excluded removed",
    "content": "document text",
    "tokenization": "key tokens sentences",
    "layer": "key id document",
    "type": "key id kind name position shortcut color shown summary guideline symmetric heads children hidden",
    "span": "key id document layer type fragments flagged at how origin score",
    "relation": "key id document layer type head child flagged at how origin score",
    "candidate": "key document type head head_type child child_type score",
    "asked": "key document type fragments at",
    "suggested": "document at version",
    "tally": "document spans relations rejected undecided",
    "document_count": "batch state flagged documents",
    "setting": "name value",
    "pattern_list": "key id name type ignore_case enabled",
    "pattern_block": "key list patterns",
}
"""Columns that are copied as they are, by table; of `setting` only those of `_SETTINGS`."""
ANNOTATORS = "annotator"
"""The column, of any table, that names a person."""
VERSION = "version"
"""The column that names a step of the journal: 0, as of what came with an import."""
JSON = {"document": "metadata attributes", "span": "attributes", "relation": "attributes"}
"""Columns of JSON that lose their paths."""
NOTES = {"document": "reason note", "span": "note", "relation": "note"}
"""Columns a person wrote in: names of annotators in them become their other names, and paths go."""
PROVENANCE = {
    "span": "suggesters",
    "relation": "suggesters",
    "candidate": "suggester reason",
    "asked": "reason",
    "suggested": "skipped",
    "tokenization": "tokenizer",
}
"""Columns the machine wrote in: they lose paths."""
REPLACED = {"document": "title source group", "batch": "name", "pattern_list": "source"}
"""Columns that are written anew."""
_OLD_ROOM = 24 * 3600.0
"""Seconds after which the folder of a copy that is being made was left by somebody who is gone."""
_SETTINGS = ("name", "language", "created", "suggest", LEAST, CHANGING)


def clean_copy(source: Path, target: Path, *, step: Step = no_step) -> None:
    """Copy a project without journal, rejections, removed documents, paths and names of annotators.

    Annotators are called `annotator-1` and so on, in the order of their first decision. What was rejected is not
    proposed either. The project gets an id of its own; documents, spans and relations keep theirs.

    Raises:
        CopyError: source or target do not allow it. Cancelled: `step` said so; nothing is left.
    """
    part = part_of(target)
    try:
        with _room(source) as folder:
            whole = folder / "whole.annot"
            copy_whole(source, whole, step=step)
            project = Project(whole, connect(whole, read_only=False), read_only=False, turn=Turn())
            try:
                _scrub(project, step, name=source.name)
                part.unlink(missing_ok=True)
                project.connection.execute("VACUUM INTO ?", (str(part),))
            finally:
                project.connection.close()
        check(part, source, step)
        put_in_place(part, target)
    except (sqlite3.Error, OSError) as error:
        raise refused(error, source, target) from error
    finally:
        for rest in (part, part.with_name(part.name + "-journal")):
            rest.unlink(missing_ok=True)


@contextlib.contextmanager
def _room(source: Path) -> Iterator[Path]:
    """Give a folder of our own, beside the project where that can be written; those of killed programs go."""
    for old in source.parent.glob(".clean-*"):
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > _OLD_ROOM:
                shutil.rmtree(old, ignore_errors=True)
    try:
        made = tempfile.TemporaryDirectory(dir=source.parent, prefix=".clean-")
    except OSError:
        made = tempfile.TemporaryDirectory(prefix="annotator-clean-")
    with made as folder:
        yield Path(folder)


def _scrub(project: Project, step: Step, *, name: str) -> None:
    connection = project.connection
    version = version_of(connection)
    refuse_foreign(connection, version=version, name=name)
    if version < latest():
        migrate(connection, start=version)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("PRAGMA synchronous = OFF")
    with project.writing():
        rejected = _drop_what_was_rejected(connection)
        _drop_what_is_gone(connection)
        for table in EMPTIED & _tables(connection):
            connection.execute(f"DELETE FROM {table}")
        _rename_annotators(connection)
        _drop_places(connection)
        _keep_settings(project)
        for table in _tables(connection):
            if ("version", "INTEGER") in _columns(connection, table):
                connection.execute(f"UPDATE {table} SET {VERSION} = 0")
        _count_again(project, rejected)
        _index_again(project, step)
    left = connection.execute("PRAGMA foreign_key_check").fetchone()
    assert left is None, f"the clean copy hangs in the air: {tuple(left)}"


# ---------------------------------------------------------------------- rows that go


def _drop_what_was_rejected(connection: sqlite3.Connection) -> list[int]:
    """Drop candidates that were decided against, and all of finished documents; give the documents concerned."""
    documents = [row[0] for row in connection.execute("SELECT DISTINCT document FROM rejection")]
    finished = "SELECT key FROM document WHERE state IN (?, ?)"
    ended = (State.DONE.value, State.SKIPPED.value)
    for table in {"candidate", "asked"} & _tables(connection):
        connection.execute(f"DELETE FROM {table} WHERE document IN ({finished})", ended)
    connection.execute(
        """DELETE FROM candidate WHERE EXISTS (SELECT 1 FROM rejection WHERE rejection.document = candidate.document
        AND rejection.type = candidate.type AND rejection.head = candidate.head
        AND rejection.head_type IS candidate.head_type AND rejection.child IS candidate.child
        AND rejection.child_type IS candidate.child_type)"""
    )
    if "asked" in _tables(connection):
        connection.execute(
            """DELETE FROM asked WHERE EXISTS (SELECT 1 FROM rejection WHERE rejection.document = asked.document
            AND rejection.type = asked.type AND rejection.head = asked.fragments AND rejection.child IS NULL)"""
        )
    return documents


def _drop_what_is_gone(connection: sqlite3.Connection) -> None:
    """Drop removed documents, imports that are not seen, and types that came with those alone."""
    unseen = "SELECT key FROM batch WHERE state != ?"
    gone = f"SELECT key FROM document WHERE removed OR batch IN ({unseen})"
    published = (BatchState.PUBLISHED.value,)
    for table in _tables(connection):
        names = {name for name, _ in _columns(connection, table)}
        if "document" in names and table != "step_document":
            connection.execute(f"DELETE FROM {table} WHERE document IN ({gone})", published)
    connection.execute(f"DELETE FROM tokenization WHERE key IN ({gone})", published)
    connection.execute(f"DELETE FROM document WHERE key IN ({gone})", published)
    if "document_count" in _tables(connection):
        connection.execute(f"DELETE FROM document_count WHERE batch IN ({unseen})", published)
    connection.execute("DELETE FROM batch WHERE state != ?", published)
    users = " UNION ".join(
        f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
        for table in sorted(_tables(connection) - EMPTIED)
        for column in ("type", "head_type", "child_type")
        if column in {name for name, _ in _columns(connection, table)}
    )
    ends = "SELECT ending.value FROM type AS seen, json_each(seen.{0}) AS ending WHERE NOT seen.hidden"
    connection.execute(
        f"DELETE FROM type WHERE hidden AND key NOT IN ({users}) "
        f"AND key NOT IN ({ends.format('heads')}) AND key NOT IN ({ends.format('children')})"
    )


# ---------------------------------------------------------------------- names and places


def _rename_annotators(connection: sqlite3.Connection) -> None:
    first: dict[str, float] = {}
    holding = []
    for table in sorted(_tables(connection)):
        names = {name for name, _ in _columns(connection, table)}
        if ANNOTATORS not in names:
            continue
        holding.append(table)
        when = "min(at)" if "at" in names else "1e18"
        for name, at in connection.execute(f"SELECT {ANNOTATORS}, {when} FROM {table} GROUP BY {ANNOTATORS}"):
            first[name] = min(at, first.get(name, at))
    first.pop("", None)
    by_time = sorted(first, key=lambda name: (first[name], name))
    others = {name: f"annotator-{number}" for number, name in enumerate(by_time, start=1)}
    connection.create_function("other_name", 1, lambda name: others.get(name, ""), deterministic=True)
    for table in holding:
        connection.execute(f"UPDATE {table} SET {ANNOTATORS} = other_name({ANNOTATORS})")
    connection.create_function("other_names", 1, renamer(others), deterministic=True)
    for table, columns in NOTES.items():
        _update(connection, table, columns, "other_names")
    for table, columns in JSON.items():
        _update(connection, table, columns, "other_names")


def _drop_places(connection: sqlite3.Connection) -> None:
    suggest = _setting(connection, "suggest")
    pipeline = suggest.get("pipeline", "") if isinstance(suggest, dict) else ""
    remove = place_remover([pipeline] if is_place(pipeline) else [])
    connection.create_function("without_places", 1, remove, deterministic=True)
    connection.create_function("json_without_places", 1, json_without_places, deterministic=True)
    for table, columns in PROVENANCE.items():
        _update(connection, table, columns, "without_places")
    for table, columns in JSON.items():
        _update(connection, table, columns, "json_without_places")
    connection.create_function("without_paths", 1, without_paths, deterministic=True)
    for table, columns in NOTES.items():
        _update(connection, table, columns, "without_paths")
    # A title that was the name of a file is no title of the text.
    connection.create_function("is_place", 1, lambda text: is_place(text or ""), deterministic=True)
    connection.execute(
        "UPDATE document SET title = 'Document ' || key WHERE title = source OR is_place(title)"
    )
    connection.execute("UPDATE document SET source = ''")
    if "pattern_list" in _tables(connection):
        connection.execute("UPDATE pattern_list SET source = ''")
    connection.execute("UPDATE batch SET name = 'Import ' || key")
    # Documents of one group stay together, whatever the group was called.
    groups = [
        row[0] for row in connection.execute('SELECT DISTINCT "group" FROM document WHERE is_place("group")')
    ]
    connection.executemany(
        'UPDATE document SET "group" = ? WHERE "group" = ?',
        [(f"group-{new_id()}", group) for group in groups],
    )


def _keep_settings(project: Project) -> None:
    connection = project.connection
    marks = ",".join("?" * len(_SETTINGS))
    connection.execute(f"DELETE FROM setting WHERE name NOT IN ({marks})", _SETTINGS)
    suggest = _setting(connection, "suggest")
    if isinstance(suggest, dict):
        if is_place(str(suggest.get("pipeline", ""))):
            suggest["pipeline"] = ""
        project.set_setting("suggest", suggest)
    project.set_setting("id", new_id())


def _setting(connection: sqlite3.Connection, name: str) -> Any:
    found = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if found is None else json.loads(found[0])


# ---------------------------------------------------------------------- what is derived


def _count_again(project: Project, documents: list[int]) -> None:
    from annotator.store.articles import refresh_tally

    project.forget_types()
    project.connection.execute("UPDATE tally SET rejected = 0")
    there = {row[0] for row in project.connection.execute("SELECT key FROM document")}
    for document in documents:
        if document in there:
            refresh_tally(project, document)
    project.connection.execute(
        "UPDATE tally SET undecided = 0 WHERE document IN (SELECT key FROM document WHERE state IN (?, ?))",
        (State.DONE.value, State.SKIPPED.value),
    )


def _index_again(project: Project, step: Step) -> None:
    connection = project.connection
    connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
    keys = [row[0] for row in connection.execute("SELECT key FROM document ORDER BY key")]
    for number, key in enumerate(keys):
        title, text = connection.execute(
            "SELECT title, text FROM document JOIN content ON content.document = document.key WHERE key = ?",
            (key,),
        ).fetchone()
        add_to_index(project, document=key, words=searchable(text, title))
        if number % 100 == 0:
            step(number, len(keys))


def _update(connection: sqlite3.Connection, table: str, columns: str, function: str) -> None:
    there = {name for name, _ in _columns(connection, table)}
    for column in set(columns.split()) & there:
        connection.execute(f'UPDATE {table} SET "{column}" = {function}("{column}")')


def _tables(connection: sqlite3.Connection) -> set[str]:
    """Give the tables that hold rows of ours: neither SQLite's own nor those of the search index."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {row[0] for row in rows if not row[0].startswith(("sqlite_", "search"))}


def _columns(connection: sqlite3.Connection, table: str) -> set[tuple[str, str]]:
    return {(row["name"], row["type"]) for row in connection.execute(f"PRAGMA table_info({table})")}
