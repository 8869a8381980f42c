"""Asks for documents: pages of the list, counts, texts, tokens, neighbours. Only what is published and not removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from annotator.model.change import BatchState
from annotator.model.document import Document, State, Tokens
from annotator.model.errors import StaleError
from annotator.store.packing import unpack_tokens
from annotator.store.project import Project
from annotator.store.rows import document_of
from annotator.store.search import match_expression

VISIBLE = (
    "NOT document.removed AND (SELECT state FROM batch WHERE batch.key = document.batch) "
    f"= '{BatchState.PUBLISHED.value}'"
)
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
    position: int
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
    SELECT document.key, document.position, document.title, document.state, document.flagged, document.reason,
        document.excluded, document.language, coalesce(tally.spans, 0) AS spans,
        coalesce(tally.relations, 0) AS relations, coalesce(tally.rejected, 0) AS rejected,
        coalesce(tally.undecided, 0) AS undecided, suggested.document IS NOT NULL AS suggested,
        coalesce(suggested.skipped, '') AS skipped
    FROM document
    LEFT JOIN tally ON tally.document = document.key
    LEFT JOIN suggested ON suggested.document = document.key
    WHERE {VISIBLE}"""


def _conditions(wanted: DocumentFilter) -> tuple[str, dict[str, Any]]:
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if wanted.state is not None:
        conditions.append("document.state = :state")
        values["state"] = wanted.state.value
    if wanted.flagged:
        conditions.append("document.flagged")
    if not wanted.excluded:
        conditions.append("NOT document.excluded")
    if wanted.text.strip():
        expression = match_expression(wanted.text)
        if expression:
            conditions.append("document.key IN (SELECT rowid FROM search WHERE search MATCH :words)")
            values["words"] = expression
        else:
            conditions.append("instr(lower(document.title), lower(:words)) > 0")
            values["words"] = wanted.text.strip()
    if wanted.label:
        conditions.append(
            "EXISTS (SELECT 1 FROM span JOIN type ON type.key = span.type "
            "WHERE span.document = document.key AND type.name = :label)"
        )
        values["label"] = wanted.label
    return "".join(f" AND {condition}" for condition in conditions), values


def list_documents(
    project: Project, wanted: DocumentFilter, *, after: int | None, limit: int
) -> list[DocumentRow]:
    """Give a page of documents in file order, behind the position `after`."""
    conditions, values = _conditions(wanted)
    if after is not None:
        conditions += " AND document.position > :after"
    rows = project.rows(
        f"{_ROW}{conditions} ORDER BY document.position LIMIT :limit",
        {**values, "after": after, "limit": limit},
    )
    return [_row(row) for row in rows]


def count_documents(project: Project, wanted: DocumentFilter) -> int:
    """Count the documents that a filter leaves."""
    conditions, values = _conditions(wanted)
    rows = project.rows(f"SELECT count(*) FROM document WHERE {VISIBLE}{conditions}", values)
    count: int = rows[0][0]
    return count


def document_row(project: Project, key: int) -> DocumentRow:
    """Give one line of the list.

    Raises:
        StaleError: the document is gone.
    """
    rows = project.rows(f"{_ROW} AND document.key = ?", (key,))
    if not rows:
        raise StaleError("This document is no longer in the project.", "Choose another one.")
    return _row(rows[0])


def _row(row: Any) -> DocumentRow:
    return DocumentRow(
        key=row["key"],
        position=row["position"],
        title=row["title"],
        state=State(row["state"]),
        flagged=bool(row["flagged"]),
        reason=row["reason"],
        excluded=bool(row["excluded"]),
        language=row["language"],
        spans=row["spans"],
        relations=row["relations"],
        rejected=row["rejected"],
        undecided=row["undecided"],
        suggested=bool(row["suggested"]),
        skipped_by_suggester=row["skipped"],
    )


def counts(project: Project) -> Counts:
    """Count the documents by state."""
    rows = project.rows(f"SELECT state, count(*), sum(flagged) FROM document WHERE {VISIBLE} GROUP BY state")
    by_state = {row[0]: row[1] for row in rows}
    return Counts(
        all=sum(by_state.values()),
        todo=by_state.get(State.TODO.value, 0),
        in_progress=by_state.get(State.IN_PROGRESS.value, 0),
        done=by_state.get(State.DONE.value, 0),
        skipped=by_state.get(State.SKIPPED.value, 0),
        flagged=sum(row[2] for row in rows),
    )


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
    return unpack_tokens(*rows[0])


def document_keys(project: Project, wanted: DocumentFilter | None = None) -> list[int]:
    """List the row keys of the documents that a filter leaves, in file order."""
    conditions, values = _conditions(wanted or DocumentFilter())
    statement = f"SELECT key FROM document WHERE {VISIBLE}{conditions} ORDER BY position"
    return [row[0] for row in project.rows(statement, values)]


def neighbour(
    project: Project,
    key: int,
    *,
    forward: bool,
    unfinished: bool = False,
    wanted: DocumentFilter | None = None,
) -> int | None:
    """Give the next or previous document in file order; `unfinished` passes over done and skipped ones."""
    conditions, values = _conditions(wanted or DocumentFilter())
    if unfinished:
        conditions += f" AND document.state IN ('{State.TODO.value}', '{State.IN_PROGRESS.value}')"
    sign, order = (">", "ASC") if forward else ("<", "DESC")
    rows = project.rows(
        f"SELECT key FROM document WHERE {VISIBLE}{conditions} AND position {sign} "
        f"(SELECT position FROM document WHERE key = :key) ORDER BY position {order} LIMIT 1",
        {**values, "key": key},
    )
    return rows[0][0] if rows else None


def not_suggested(project: Project) -> list[int]:
    """List unfinished documents over which no suggester was run yet, in file order."""
    return [
        row[0]
        for row in project.rows(
            f"SELECT key FROM document WHERE {VISIBLE} AND state IN (?, ?) AND NOT EXISTS "
            "(SELECT 1 FROM suggested WHERE suggested.document = document.key) ORDER BY position",
            (State.TODO.value, State.IN_PROGRESS.value),
        )
    ]
