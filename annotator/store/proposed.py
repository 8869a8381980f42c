"""Asks what persons decided of what suggesters had proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotator.model.annotation import How, Origin
from annotator.model.document import State
from annotator.store.documents import VISIBLE
from annotator.store.project import Project
from annotator.store.rows import HOW_LETTERS, ORIGIN_LETTERS

_COUNTED = """(how = :single OR (how = :bulk AND document IN (
    SELECT key FROM document WHERE state = :done AND (
        EXISTS (SELECT 1 FROM span WHERE span.document = document.key AND how = :single)
        OR EXISTS (SELECT 1 FROM rejection WHERE rejection.document = document.key AND how = :single)))))"""
_DECIDED = f"""
WITH decided AS (
    SELECT document, at, suggesters, score, 1 AS is_right FROM span WHERE origin = :candidate AND {_COUNTED}
    UNION ALL SELECT document, at, suggesters, score, 1 FROM relation WHERE origin = :candidate AND {_COUNTED}
    UNION ALL SELECT document, at, suggesters, score, 0 FROM rejection WHERE {_COUNTED}
)
SELECT decided.document, suggesters, score, is_right
FROM decided CROSS JOIN document ON document.key = decided.document
WHERE suggesters <> '' AND {VISIBLE} ORDER BY at
"""


@dataclass(frozen=True, slots=True)
class DecidedProposal:
    """A proposal on which somebody decided: in which document, whose it was, its score (or None), and whether right."""

    document: int
    suggesters: tuple[str, ...]
    score: float | None
    is_right: bool


def decided_proposals(project: Project) -> Iterator[DecidedProposal]:
    """Give what was decided of proposals, in the order of the decisions; goes through all of them.

    What was decided singly counts, and in a finished document of which some was decided singly the rest as well. What
    was accepted otherwise than it was proposed is wrong, as its first form was.
    """
    values = {
        "single": HOW_LETTERS[How.SINGLE],
        "bulk": HOW_LETTERS[How.BULK],
        "done": State.DONE.value,
        "candidate": ORIGIN_LETTERS[Origin.CANDIDATE],
    }
    for document, suggesters, score, is_right in project.rows(_DECIDED, values):
        names = tuple(filter(None, str(suggesters).split("\n")))
        yield DecidedProposal(document, names, score if isinstance(score, float) else None, bool(is_right))
