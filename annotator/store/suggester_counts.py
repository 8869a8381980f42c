"""Counts what persons decided one by one of what suggesters proposed."""

from __future__ import annotations

from annotator.model.annotation import How, Origin
from annotator.store.project import Project
from annotator.store.rows import HOW_LETTERS, ORIGIN_LETTERS

_ACCEPTED = "SELECT suggesters, count(*) FROM {} WHERE how = ? AND origin = ? GROUP BY suggesters"
_REJECTED = "SELECT suggesters, count(*) FROM rejection WHERE how = ? GROUP BY suggesters"


def decided_singly(project: Project) -> list[tuple[tuple[str, ...], bool, int]]:
    """Give the names of suggesters, whether what they proposed was accepted as it was, and how often that came.

    What was accepted otherwise than it was proposed counts as rejected, as its first form was. Goes through all
    decisions.
    """
    single = HOW_LETTERS[How.SINGLE]
    found = []
    for table in ("span", "relation"):
        rows = project.rows(_ACCEPTED.format(table), (single, ORIGIN_LETTERS[Origin.CANDIDATE]))
        found += [(_names(row[0]), True, row[1]) for row in rows]
    found += [(_names(row[0]), False, row[1]) for row in project.rows(_REJECTED, (single,))]
    return [each for each in found if each[0]]


def _names(written: str) -> tuple[str, ...]:
    return tuple(filter(None, written.split("\n")))
