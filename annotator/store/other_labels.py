"""Asks which documents hold some words beside accepted spans, and what is accepted in a document."""

from __future__ import annotations

from annotator.model.annotation import Fragments
from annotator.store.cells import fragments_from_text
from annotator.store.documents import VISIBLE
from annotator.store.project import Project
from annotator.store.search import phrase_expression


def decided_documents_holding(
    project: Project, words: str, *, besides: int, looked_through: int, limit: int
) -> list[int]:
    """List documents with accepted spans that hold some words in this order, in file order, all but one.

    Args:
        besides: row key of the document that is left out.
        looked_through: so many documents that the index of words gives are looked at. limit: so many are listed.
    """
    expression = phrase_expression(words)
    if not expression:
        return []
    rows = project.rows(
        "SELECT document.key FROM (SELECT rowid AS document FROM search WHERE search MATCH ? LIMIT ?) AS found "
        "CROSS JOIN tally ON tally.document = found.document AND tally.spans > 0 "
        "CROSS JOIN document ON document.key = found.document "
        f"WHERE {VISIBLE} AND document.key <> ? LIMIT ?",
        (expression, looked_through, besides, limit),
    )
    return [row[0] for row in rows]


def accepted_labels(project: Project, document: int) -> list[tuple[int, str, Fragments]]:
    """Give row key, label and fragments of every accepted span of a document, in reading order."""
    rows = project.rows(
        "SELECT span.key, type.name, span.fragments FROM span JOIN type ON type.key = span.type "
        "WHERE span.document = ? AND NOT type.hidden",
        (document,),
    )
    found = [(key, label, fragments_from_text(fragments)) for key, label, fragments in rows]
    return sorted(found, key=lambda each: (each[2], each[0]))
