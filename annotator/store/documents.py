"""Asks for documents: pages of the list, counts, texts, tokens, neighbours. Only what is published and not removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from annotator.model.change import BatchState
from annotator.model.document import Document, State, Tokens
from annotator.model.errors import StaleError
from annotator.model.identity import packed_id
from annotator.model.limits import LINE_LIMIT
from annotator.model.wording import printable
from annotator.store.project import Project
from annotator.store.rows import document_of, read_tokens
from annotator.store.search import fitting_expression
from annotator.store.soundness import sound

UNPUBLISHED = f"SELECT batch.key FROM batch WHERE batch.state <> '{BatchState.PUBLISHED.value}'"
"""Imports that run, and imports that were undone."""
VISIBLE = f"NOT document.removed AND document.batch NOT IN ({UNPUBLISHED})"
"""Condition for documents that a person can see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents to list; every field narrows.

    Args:
        text: words that title or text must hold. label: only documents with an accepted span of this type.
        excluded: also documents left out of exports.
    """

    state: State | None = None
    flagged: bool = False
    text: str = ""
    label: str = ""
    excluded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One line of the list of documents."""

    key: int
    title: str
    state: State
    flagged: bool
    reason: str
    excluded: bool
    language: str
    spans: int
    relations: int
    rejected: int
    undecided: int
    suggested: bool
    skipped_by_suggester: str

    @property
    def decided(self) -> int:
        """Count the decisions."""
        return self.spans + self.relations + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many documents there are, by state."""

    all: int
    todo: int
    in_progress: int
    done: int
    skipped: int
    flagged: int


_ROW = f"""
    SELECT document.key, document.title, document.state, document.flagged, document.reason,
        document.excluded, document.language, coalesce(tally.spans, 0) AS spans,
        coalesce(tally.relations, 0) AS relations, coalesce(tally.rejected, 0) AS rejected,
        coalesce(tally.undecided, 0) AS undecided, suggested.document IS NOT NULL AS suggested,
        coalesce(suggested.skipped, '') AS skipped
    FROM document
    LEFT JOIN tally ON tally.document = document.key
    LEFT JOIN suggested ON suggested.document = document.key
    WHERE {VISIBLE}"""


def keys_between(
    project: Project,
    wanted: DocumentFilter,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int = -1,
    newest: bool = False,
) -> list[int]:
    """List the row keys between two others that a filter leaves, in file order; `newest` the other way round.

    Costs what lies between the two keys at most, and less where an index leads to what is wanted; so a long list is
    asked for piece by piece, by whoever has something else to do meanwhile.
    """
    source, conditions, values = _source(project, wanted)
    top = last_key(project) if before is None else before - 1
    statement = (
        f"{source.select} {conditions} AND {source.key} > :after AND {source.key} <= :top "
        f"ORDER BY {source.key} {'DESC' if newest else 'ASC'} LIMIT :limit"
    )
    return [row[0] for row in project.rows(statement, {**values, "after": after, "top": top, "limit": limit})]


def last_key(project: Project) -> int:
    """Give the highest row key of a document that can be seen; 0 where there is none."""
    if project.value(f"{UNPUBLISHED} LIMIT 1") is None:
        return project.value("SELECT max(key) FROM document") or 0
    # What an import under way has written lies behind it and need not be passed over, one by one, every time.
    return (
        project.value(
            "SELECT max((SELECT max(document.key) FROM document WHERE document.batch = batch.key)) "
            "FROM batch WHERE batch.state = ?",
            (BatchState.PUBLISHED.value,),
        )
        or 0
    )


class _Source(NamedTuple):
    """Where keys of documents come from in order: a question without its conditions, and how it names the key."""

    select: str
    key: str = "document.key"


_ALL = _Source("SELECT document.key FROM document INDEXED BY document_listed WHERE")
_OF_STATE = _Source(
    "SELECT document.key FROM document INDEXED BY document_by_state WHERE document.state = :state AND"
)
_FLAGGED = _Source("SELECT document.key FROM document INDEXED BY document_flagged WHERE document.flagged AND")
_LABELLED = _Source(
    "SELECT DISTINCT span.document FROM span INDEXED BY span_by_type "
    "CROSS JOIN document ON document.key = span.document "
    "WHERE span.type = (SELECT type.key FROM type "
    "WHERE type.name = :label AND type.kind = 'span' AND NOT type.hidden) AND",
    key="span.document",
)
_HOLDING = _Source(
    "SELECT search.rowid FROM search CROSS JOIN document ON document.key = search.rowid "
    "WHERE search MATCH :words AND",
    key="search.rowid",
)
FEW = 2_000
"""Documents of a state, or flagged ones, that are looked through sooner than an index of labels; of words, a tenth."""


def _source(project: Project, wanted: DocumentFilter) -> tuple[_Source, str, dict[str, Any]]:
    """Give the source that leads straightest to what is wanted, the other conditions, and their values."""
    expression = fitting_expression(project, wanted.text)
    conditions = [VISIBLE]
    values: dict[str, Any] = {
        "state": wanted.state and wanted.state.value,
        "label": wanted.label,
        "words": expression or wanted.text.strip(),
    }
    source, several = _ALL, FEW
    if wanted.state is not None or wanted.flagged:
        source = _FLAGGED if wanted.flagged else _OF_STATE
        several = _how_many(project, wanted)
    if not wanted.excluded:
        conditions.append("NOT document.excluded")
    if wanted.state is not None:
        conditions.append("document.state = :state")
    if wanted.flagged:
        conditions.append("document.flagged")
    if wanted.label:
        if several < FEW or expression:
            conditions.append(_HAS_LABEL)
        else:
            source = _LABELLED
    if expression:
        if several < FEW // 10:
            conditions.append(_HOLDS)
        else:
            source = _HOLDING
    elif wanted.text.strip():
        conditions.append("instr(lower(document.title), lower(:words)) > 0")
    return source, " AND ".join(conditions), values


_HAS_LABEL = (
    "EXISTS (SELECT 1 FROM span JOIN type ON type.key = span.type "
    "WHERE span.document = document.key AND type.name = :label AND NOT type.hidden)"
)
_HOLDS = "EXISTS (SELECT 1 FROM search WHERE search MATCH :words AND search.rowid = document.key)"


def _how_many(project: Project, wanted: DocumentFilter) -> int:
    """Count the documents of the state that is wanted, or the flagged ones among them."""
    number: int | None = project.value(
        "SELECT sum(documents) FROM document_count WHERE (?1 IS NULL OR state = ?1) AND flagged >= ?2",
        (wanted.state and wanted.state.value, int(wanted.flagged)),
    )
    return number or 0


def list_documents(
    project: Project, wanted: DocumentFilter, *, after: int | None, limit: int
) -> list[DocumentRow]:
    """Give a page of documents in file order, behind the row key `after`."""
    return rows_of(project, keys_between(project, wanted, after=after or 0, limit=limit))


def rows_of(project: Project, keys: Sequence[int]) -> list[DocumentRow]:
    """Give the lines of some documents in file order; those that are gone are left out."""
    found: list[DocumentRow] = []
    for first in range(0, len(keys), _AT_ONCE):
        some = keys[first : first + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        rows = project.rows(f"{_ROW} AND document.key IN ({marks}) ORDER BY document.key", some)
        found += map(_row, rows)
    return found


_AT_ONCE = 500
"""Keys that one question names."""


def document_row(project: Project, key: int) -> DocumentRow:
    """Give one line of the list.

    Raises:
        StaleError: the document is gone.
    """
    rows = project.rows(f"{_ROW} AND document.key = ?", (key,))
    if not rows:
        raise StaleError("This document is no longer in the project.", "Choose another one.")
    return _row(rows[0])


@sound("document")
def _row(row: Any) -> DocumentRow:
    return DocumentRow(
        key=row["key"],
        title=printable(row["title"], limit=LINE_LIMIT),
        state=State(row["state"]),
        flagged=bool(row["flagged"]),
        reason=printable(row["reason"], limit=LINE_LIMIT),
        excluded=bool(row["excluded"]),
        language=row["language"],
        spans=row["spans"],
        relations=row["relations"],
        rejected=row["rejected"],
        undecided=row["undecided"],
        suggested=bool(row["suggested"]),
        skipped_by_suggester=printable(row["skipped"], limit=LINE_LIMIT),
    )


@sound("counts of documents")
def counts(project: Project) -> Counts:
    """Count the documents by state, from the counts that are kept with them."""
    rows = project.rows(
        "SELECT state, sum(documents), sum(documents * flagged) FROM document_count "
        f"WHERE batch NOT IN ({UNPUBLISHED}) GROUP BY state"
    )
    by_state = {row[0]: row[1] for row in rows}
    return Counts(
        all=sum(by_state.values()),
        todo=by_state.get(State.TODO.value, 0),
        in_progress=by_state.get(State.IN_PROGRESS.value, 0),
        done=by_state.get(State.DONE.value, 0),
        skipped=by_state.get(State.SKIPPED.value, 0),
        flagged=sum(row[2] for row in rows),
    )


def key_of(project: Project, identity: str) -> int | None:
    """Give the row key of the document with a stable id; None where it is not, or no longer, in the project."""
    found: int | None = project.value(
        f"SELECT key FROM document WHERE id = ? AND {VISIBLE}", (packed_id(identity),)
    )
    return found


def document(project: Project, key: int, *, hidden: bool = False) -> Document:
    """Give a document; `hidden` also one that is removed or not published.

    Raises:
        StaleError: it is gone.
    """
    condition = "" if hidden else f" AND {VISIBLE}"
    rows = project.rows(f"SELECT * FROM document WHERE key = ?{condition}", (key,))
    if not rows:
        raise StaleError("This document is no longer in the project.", "Choose another one.")
    return document_of(rows[0])


def text_of(project: Project, key: int) -> str:
    """Give the text of a document."""
    text: str | None = project.value("SELECT text FROM content WHERE document = ?", (key,))
    if text is None:
        raise StaleError("This document is no longer in the project.", "Choose another one.")
    return text


def tokens_of(project: Project, key: int) -> Tokens:
    """Give the tokens and sentences of a document."""
    rows = project.rows("SELECT tokens, sentences, tokenizer FROM tokenization WHERE key = ?", (key,))
    if not rows:
        raise StaleError("This document is no longer in the project.", "Choose another one.")
    return read_tokens(*rows[0])


def document_keys(project: Project, wanted: DocumentFilter | None = None) -> list[int]:
    """List the row keys of the documents that a filter leaves, in file order."""
    return keys_between(project, wanted or DocumentFilter())


def neighbour(
    project: Project,
    key: int,
    *,
    forward: bool,
    unfinished: bool = False,
    wanted: DocumentFilter | None = None,
) -> int | None:
    """Give the next or previous document in file order; `unfinished` passes over done and skipped ones."""
    wanted = wanted or DocumentFilter()
    states: tuple[State | None, ...] = (wanted.state,)
    if unfinished:
        states = UNFINISHED if wanted.state is None else tuple(each for each in states if each in UNFINISHED)
    found: list[int] = []
    for state in states:
        one = replace(wanted, state=state)
        if forward:
            found += keys_between(project, one, after=key, limit=1)
        else:
            found += keys_between(project, one, before=key, limit=1, newest=True)
    return (min if forward else max)(found, default=None)


UNFINISHED = (State.TODO, State.IN_PROGRESS)


def not_suggested(project: Project, *, after: int = 0, limit: int = -1) -> list[int]:
    """List unfinished documents behind a row key over which no suggester was run yet, in file order."""
    found: list[int] = []
    for state in UNFINISHED:
        rows = project.rows(
            f"{_OF_STATE.select} {VISIBLE} AND document.key > :after AND NOT EXISTS "
            "(SELECT 1 FROM suggested WHERE suggested.document = document.key) ORDER BY document.key LIMIT :limit",
            {"state": state.value, "after": after, "limit": limit},
        )
        found += [row[0] for row in rows]
    return sorted(found) if limit < 0 else sorted(found)[:limit]


def count_not_suggested(project: Project) -> int:
    """Count the unfinished documents over which no suggester was run yet; takes a while in large projects."""
    count: int = project.value(
        f"SELECT count(*) FROM document WHERE {VISIBLE} AND document.state IN (?, ?) AND NOT EXISTS "
        "(SELECT 1 FROM suggested WHERE suggested.document = document.key)",
        tuple(state.value for state in UNFINISHED),
    )
    return count
