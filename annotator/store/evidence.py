"""Asks which documents a person finished, and what tells their decisions from earlier ones: learning begins here."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.model.document import State
from annotator.store.documents import VISIBLE
from annotator.store.project import Project


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished document, and a word that is another one as soon as a decision in it or its tokens are others."""

    document: int
    evidence: str


_FINISHED = f"""
WITH finished AS (
    SELECT document.key AS document, document.version AS version,
        (SELECT count(*) FROM span WHERE span.document = document.key AND how = 's')
        + (SELECT count(*) FROM rejection WHERE rejection.document = document.key AND how = 's') AS single,
        (SELECT count(*) FROM span WHERE span.document = document.key AND how = 'i') AS imported,
        (SELECT count(*) || '.' || coalesce(max(version), 0) || '.' || coalesce(sum(version), 0) FROM span
            WHERE span.document = document.key) AS spans,
        (SELECT count(*) || '.' || coalesce(max(version), 0) || '.' || coalesce(sum(version), 0) FROM relation
            WHERE relation.document = document.key) AS relations,
        (SELECT count(*) || '.' || coalesce(max(version), 0) || '.' || coalesce(sum(version), 0) FROM rejection
            WHERE rejection.document = document.key) AS rejections,
        (SELECT version FROM tokenization WHERE tokenization.key = document.key) AS tokens
    FROM document WHERE {VISIBLE} AND document.state = :done AND (document.version > 0 OR :imported)
)
SELECT document, spans || '/' || relations || '/' || rejections || '/' || tokens FROM finished
WHERE :imported OR single > 0
    OR (imported = 0 AND (SELECT documents FROM step WHERE step.key = finished.version) = 1)
ORDER BY version, document
"""


def finished_by_hand(project: Project, *, imported: bool = False) -> list[Finished]:
    """List the documents that a person finished, in the order in which they did.

    A document counts that holds a decision made singly, or that was finished by itself without anything imported in it;
    what was done in bulk or came done with an import does not.

    Args:
        project: the project. imported: whether all that is done counts, since a person says that it is gold.
    """
    rows = project.rows(_FINISHED, {"done": State.DONE.value, "imported": imported})
    return [Finished(*row) for row in rows]
