"""Asks what persons decided of what suggesters had proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotator.model.annotation import Fragments, How, Origin, overlaps
from annotator.model.document import State
from annotator.store.cells import HOW_LETTERS, ORIGIN_LETTERS, fragments_from_text
from annotator.store.documents import VISIBLE
from annotator.store.project import Project

_COUNTED = """(how = :single OR (how = :bulk AND document IN (
    SELECT key FROM document WHERE state = :done AND (
        EXISTS (SELECT 1 FROM span WHERE span.document = document.key AND how = :single)
        OR EXISTS (SELECT 1 FROM rejection WHERE rejection.document = document.key AND how = :single)))))"""
_DECIDED = f"""
WITH decided AS (
    SELECT key, document, at, suggesters, score, 1 AS is_right, '' AS place FROM span
        WHERE origin = :candidate AND {_COUNTED}
    UNION ALL SELECT key, document, at, suggesters, score, 1, '' FROM relation
        WHERE origin = :candidate AND {_COUNTED}
    UNION ALL SELECT key, document, at, suggesters, score, 0, CASE WHEN child IS NULL THEN head ELSE '' END
        FROM rejection WHERE {_COUNTED}
)
SELECT decided.document, suggesters, score, is_right, at, place
FROM decided CROSS JOIN document ON document.key = decided.document
WHERE suggesters <> '' AND {VISIBLE} ORDER BY at, decided.key
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
    was accepted otherwise than it was proposed is wrong, as its first form was. Of readings that one act rejected only
    the one that was drawn counts: the others were nothing that anybody was shown.
    """
    values = {
        "single": HOW_LETTERS[How.SINGLE],
        "bulk": HOW_LETTERS[How.BULK],
        "done": State.DONE.value,
        "candidate": ORIGIN_LETTERS[Origin.CANDIDATE],
    }
    act, counted = (0, 0.0), list[Fragments]()
    for document, suggesters, score, is_right, at, written in project.rows(_DECIDED, values):
        if (document, at) != act:
            act, counted = (document, at), []
        if written:
            place = _place(written)
            if any(overlaps(place, other) for other in counted):
                continue
            counted.append(place)
        names = tuple(filter(None, str(suggesters).split("\n")))
        yield DecidedProposal(document, names, score if isinstance(score, float) else None, bool(is_right))


def _place(written: str) -> Fragments:
    """Read a place; none where it is none, which no program of this kind writes."""
    try:
        return fragments_from_text(written)
    except ValueError:
        return ()
