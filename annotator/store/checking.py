"""Checks a project file: what SQLite says of it, what kinds of things its cells hold, how its tables hang together.

What stands inside a document is read here, row by row, and judged elsewhere (`quality/checking.py`).
Nothing is written, and never more than one page of documents is held.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annotator.model.annotation import Kind, Rejection, Relation, Span
from annotator.model.breach import Breach
from annotator.model.candidate import Proposal
from annotator.model.change import BatchState
from annotator.model.document import Document, Tokens
from annotator.model.errors import RuleError, UserError
from annotator.model.schema import COLORS, check_name
from annotator.store import articles
from annotator.store.documents import VISIBLE
from annotator.store.foreign import foreign_things
from annotator.store.migrate import APPLICATION_ID, version_of
from annotator.store.patterns import patterns_in
from annotator.store.project import Project
from annotator.store.rows import read_tokens
from annotator.store.search import match_expression
from annotator.store.soundness import UNREADABLE
from annotator.store.tables import DOCUMENT, PATTERN_LIST, REJECTION, RELATION, SPAN, Table

PAGE = 500
"""Documents asked for at a time."""
LISTED = 100
"""Most lines taken from SQLite's own check, and from each question of ours."""
_BAD = (*UNREADABLE, UserError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What could be read of one document; `breaches` name what could not.

    Args:
        seen: published and not removed. tally: spans, relations, rejected, undecided as kept, or None.
        counted: the same as they are.
    """

    key: int
    document: Document | None
    text: str | None
    tokens: Tokens | None
    layers: frozenset[int]
    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]
    rejections: tuple[Rejection, ...]
    proposals: tuple[Proposal, ...]
    seen: bool
    tally: tuple[Any, ...] | None
    counted: tuple[int, int, int, int] | None
    breaches: tuple[Breach, ...]


def file_breaches(project: Project) -> Iterator[Breach]:
    """Give what is wrong with the file as a whole."""
    yield from _pages(project)
    connection = project.connection
    if project.value("PRAGMA application_id") != APPLICATION_ID:
        yield _of_file("The file does not say that it is a project.")
    for thing in foreign_things(connection, version=version_of(connection)):
        yield Breach(rule="foreign", message=f"It holds what annotator did not make: {thing}.")
    for row in project.rows("PRAGMA foreign_key_check")[:LISTED]:
        yield Breach(
            rule="reference", message=f"{row[0]} {row[1]} names a row of {row[2]} that is not there."
        )
    yield from _cells(project)
    yield from _settings(project)
    yield from _types(project)
    yield from _batches(project)
    yield from _keys(project)
    yield from _names(project)
    yield from _counts(project)
    yield from _index(project)
    yield from _patterns(project)


def _pages(project: Project) -> Iterator[Breach]:
    for row in project.rows(f"PRAGMA integrity_check({LISTED})"):
        if row[0] != "ok":
            yield Breach(rule="integrity", message=f"SQLite: {row[0]}.")


_KINDS = {"TEXT": ("text",), "INTEGER": ("integer",), "REAL": ("real", "integer"), "BLOB": ("blob",)}


def _cells(project: Project) -> Iterator[Breach]:
    """Name cells that hold another kind of thing than their column says."""
    tables = project.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
        "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%' ORDER BY name"
    )
    for (table,) in tables:
        for column in project.rows(f'PRAGMA table_info("{table}")'):
            kinds = _KINDS.get(column["type"].upper())
            if kinds is None:
                continue
            allowed = kinds if column["notnull"] else (*kinds, "null")
            if kinds == ("text",) and column["name"] in _PACKED:
                allowed = (*allowed, "blob")
            marks = ", ".join(f"'{kind}'" for kind in allowed)
            name = column["name"].replace('"', '""')
            wrong = project.rows(
                f'SELECT typeof("{name}"), count(*) FROM "{table}" WHERE typeof("{name}") NOT IN ({marks}) GROUP BY 1'
            )
            for kind, count in wrong:
                yield Breach(
                    rule="cell",
                    message=f"{count:,} cells of {table}.{column['name']} hold {kind}, not {kinds[0]}.",
                )


_PACKED = frozenset({"id", "hash"})
"""Columns declared as text from the beginning, whose values became bytes later."""


def _settings(project: Project) -> Iterator[Breach]:
    for name, value in project.rows("SELECT name, value FROM setting"):
        try:
            json.loads(value)
        except UNREADABLE:
            yield Breach(rule="setting", message=f"The setting {name!r} is not JSON.")


def _types(project: Project) -> Iterator[Breach]:
    """Check names, colours and ends of the types, and who may have a hidden one."""
    rows = project.rows("SELECT * FROM type ORDER BY key")
    kinds = {row["key"]: row["kind"] for row in rows}
    met: set[tuple[str, str]] = set()
    for row in rows:
        where = f"Type {row['key']} ({str(row['name'])[:100]!r})"
        for message in _type(row, kinds):
            yield Breach(rule="type", message=f"{where} {message}")
        if not row["hidden"] and (row["kind"], row["name"]) in met:
            yield Breach(rule="type", message=f"{where} has the name of another one.")
        if not row["hidden"]:
            met.add((row["kind"], row["name"]))
    for table, kind in (("span", Kind.SPAN), ("relation", Kind.RELATION)):
        wrong = project.rows(
            f"SELECT {table}.key, type.key FROM {table} JOIN type ON type.key = {table}.type WHERE type.kind != ?",
            (kind.value,),
        )
        for key, type_key in wrong[:LISTED]:
            yield Breach(rule="type", message=f"{table} {key} has type {type_key}, which is of another kind.")


def _type(row: Any, kinds: dict[int, str]) -> Iterator[str]:
    if row["kind"] not in list(Kind):
        yield f"is of no kind there is: {str(row['kind'])[:40]!r}."
    try:
        check_name(row["name"])
    except RuleError as error:
        yield f"has a name that cannot be: {error.what}"
    except UNREADABLE:
        yield "has a name that is no text."
    color = str(row["color"])
    if color not in COLORS and not (len(color) == 7 and color[0] == "#"):
        yield f"has a colour there is not: {color[:20]!r}."
    try:
        ends = json.loads(row["heads"]) + json.loads(row["children"])
        if any(kinds.get(end) != Kind.SPAN for end in ends):
            yield "joins a type that is not there or no entity type."
    except UNREADABLE:
        yield "has ends that cannot be read."


def _batches(project: Project) -> Iterator[Breach]:
    published = {row[0] for row in project.rows("SELECT row FROM change WHERE \"table\" = 'batch'")}
    for key, name, state in project.rows("SELECT key, name, state FROM batch"):
        if state not in list(BatchState):
            yield Breach(
                rule="import", message=f"Import {key} is in a state there is not: {str(state)[:40]!r}."
            )
        elif state == BatchState.PENDING and key not in published:
            yield Breach(
                rule="import",
                message=f"Import {key} ({str(name)[:100]!r}) was not finished; opening the project removes it.",
            )


def _keys(project: Project) -> Iterator[Breach]:
    """Check that keys which were used are not given again."""
    for table, last in project.rows("SELECT name, seq FROM sqlite_sequence"):
        known = project.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
        if not known or not isinstance(last, int) or not 0 <= last < 1 << 62:
            yield _of_file(f"The last key of {str(table)[:40]!r} is {str(last)[:40]!r}.")
            continue
        highest = project.value(f'SELECT max(key) FROM "{table}"')
        if isinstance(highest, int) and highest > last:
            yield _of_file(f"{table} has a row {highest}, but the last key it gave is {last}.")
        lowest = project.value(f'SELECT min(key) FROM "{table}"')
        if isinstance(lowest, int) and lowest < 1:
            yield _of_file(f"{table} has a row {lowest}; keys begin with 1.")


def _names(project: Project) -> Iterator[Breach]:
    """Check what other systems call our things."""
    for row in project.rows(f"SELECT * FROM external_id WHERE system = '' OR remote = '' LIMIT {LISTED}"):
        yield Breach(rule="external id", message=f"{row['local']!r} has no name in {row['system']!r}.")


def _counts(project: Project) -> Iterator[Breach]:
    """Count again the documents that are counted by import, state and flag."""
    if not project.rows("SELECT 1 FROM sqlite_master WHERE name = 'document_count'"):
        return
    kept = "SELECT batch, state, flagged, documents FROM document_count WHERE documents != 0"
    counted = "SELECT batch, state, flagged, count(*) FROM document WHERE NOT removed GROUP BY 1, 2, 3"
    for words, one, other in (("kept, but not there", kept, counted), ("there, but not kept", counted, kept)):
        for batch, state, flagged, documents in project.rows(f"{one} EXCEPT {other} LIMIT {LISTED}"):
            flag = "with a flag" if flagged else "without a flag"
            message = f"Of import {batch}, {documents} documents {str(state)[:40]!r} {flag} are {words}."
            yield Breach(rule="tally", message=message)


def _patterns(project: Project) -> Iterator[Breach]:
    """Check that every pattern list can be read and proposes entities, and that its blocks hold patterns."""
    if not project.rows("SELECT 1 FROM sqlite_master WHERE name = 'pattern_list'"):
        return  # of a version that had none
    for row in project.rows("SELECT * FROM pattern_list ORDER BY key"):
        try:
            PATTERN_LIST.from_columns(row, project.types)
        except UserError as error:
            yield Breach(rule="patterns", message=f"Pattern list {row['key']}: {error.what}")
    wrong = project.rows(
        "SELECT pattern_list.key FROM pattern_list JOIN type ON type.key = pattern_list.type WHERE type.kind != ?",
        (Kind.SPAN.value,),
    )
    for (key,) in wrong[:LISTED]:
        yield Breach(rule="patterns", message=f"Pattern list {key} has a type of another kind.")
    for key, block in project.rows("SELECT key, patterns FROM pattern_block ORDER BY key"):
        try:
            patterns_in(block)
        except UserError:
            yield Breach(rule="patterns", message=f"Block {key} of patterns cannot be read.")


def _index(project: Project) -> Iterator[Breach]:
    """Check that every document is in the index of words, and nothing else is."""
    if not project.rows("SELECT 1 FROM sqlite_master WHERE name = 'search_docsize'"):
        return
    for words, statement in (
        ("is not in the index of words", "SELECT key FROM document EXCEPT SELECT id FROM search_docsize"),
        (
            "is in the index of words, but not there",
            "SELECT id FROM search_docsize EXCEPT SELECT key FROM document",
        ),
    ):
        for (key,) in project.rows(f"{statement} LIMIT {LISTED}"):
            yield Breach(rule="search", message=f"Document {key} {words}.")


def count_all(project: Project) -> int:
    """Count the documents, seen or not."""
    count: int = project.value("SELECT count(*) FROM document")
    return count


def documents_found(project: Project) -> Iterator[Found]:
    """Read every document, also removed ones and those of imports that were undone, in the order of keys."""
    after = -(1 << 63)
    while True:
        page = project.rows("SELECT * FROM document WHERE key > ? ORDER BY key LIMIT ?", (after, PAGE))
        for row in page:
            yield _found(project, row)
        if len(page) < PAGE:
            return
        after = page[-1]["key"]


def _found(project: Project, row: Any) -> Found:
    key = row["key"]
    said: list[Breach] = []

    def say(rule: str, message: str) -> None:
        said.append(Breach(rule=rule, message=message, document=key))

    def read(rule: str, reading: Any) -> Any:
        try:
            return reading()
        except _BAD as error:
            say(rule, f"It cannot be read: {str(error)[:200]}")
            return None

    types = project.types
    document = read("document", lambda: DOCUMENT.from_columns(row, types))
    text = read("text", lambda: project.value("SELECT text FROM content WHERE document = ?", (key,)))
    if text is None:
        say("text", "It has no text.")
    tokens = read("tokens", lambda: _tokens(project, key))
    layers = frozenset(row[0] for row in project.rows("SELECT key FROM layer WHERE document = ?", (key,)))
    if not layers:
        say("layer", "It has no layer to keep decisions in.")
    seen = bool(project.rows(f"SELECT 1 FROM document WHERE key = ? AND {VISIBLE}", (key,)))
    read_well = read("annotations", lambda: articles.annotations_in(project, key)) if seen else None
    tally = project.rows("SELECT spans, relations, rejected, undecided FROM tally WHERE document = ?", (key,))
    return Found(
        key=key,
        document=document,
        text=text if isinstance(text, str) else None,
        tokens=tokens,
        layers=layers,
        spans=read_well.spans if read_well else _values(project, SPAN, key, said),
        relations=read_well.relations if read_well else _values(project, RELATION, key, said),
        rejections=read_well.rejections if read_well else _values(project, REJECTION, key, said),
        proposals=_proposals(project, key, said),
        seen=seen,
        tally=tuple(tally[0]) if tally else None,
        counted=None
        if read_well is None
        else (len(read_well.spans), len(read_well.relations), read_well.rejected, read_well.left),
        breaches=tuple(said),
    )


def _tokens(project: Project, key: int) -> Tokens:
    rows = project.rows("SELECT tokens, sentences, tokenizer FROM tokenization WHERE key = ?", (key,))
    return read_tokens(*rows[0])


def _values(project: Project, table: Table[Any], document: int, said: list[Breach]) -> tuple[Any, ...]:
    """Read the rows of a document in one table; those that cannot be read are said."""
    types = project.types
    found = []
    for row in project.rows(f"SELECT * FROM {table.name} WHERE document = ? ORDER BY key", (document,)):
        try:
            found.append(table.from_columns(row, types))
        except _BAD as error:
            message = f"{table.name} {row['key']} cannot be read: {str(error)[:200]}"
            said.append(Breach(rule=table.name, message=message, document=document))
    return tuple(found)


def _proposals(project: Project, document: int, said: list[Breach]) -> tuple[Proposal, ...]:
    types = project.types
    found = []
    for row in project.rows("SELECT * FROM candidate WHERE document = ?", (document,)):
        try:
            found.append(articles.proposal_of(row, types))
        except _BAD as error:
            message = f"candidate {row['key']} cannot be read: {str(error)[:200]}"
            said.append(Breach(rule="candidate", message=message, document=document))
    return tuple(found)


def is_searchable(project: Project, document: int, word: str) -> bool:
    """Tell whether the index of words gives a document for a word."""
    expression = match_expression(word)
    if not expression:
        return True
    rows = project.rows("SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?", (expression, document))
    return bool(rows)


def _of_file(message: str) -> Breach:
    return Breach(rule="file", message=message)
