"""Finds documents by the candidates in them: of some label over some words, or any that are left to decide."""

from __future__ import annotations

from annotator.model.annotation import Kind
from annotator.store.documents import UNFINISHED, VISIBLE
from annotator.store.project import Project
from annotator.store.showing import least_shown

_STATES = ", ".join(f"'{state.value}'" for state in UNFINISHED)
_START = "CAST(found.place AS INTEGER)"
"""The first of a place's two numbers, of which it is written as `12-19`."""


def proposing_words(project: Project, label: str, words: str) -> list[int]:
    """List the unfinished documents in which one piece of text with these words was proposed for a label, by row key.

    Documents left out of exports are not looked at. What was decided of it since is not looked at either: the words may
    stand there with nothing left to decide. Takes a moment in large projects.
    """
    rows = project.rows(
        "SELECT DISTINCT found.document FROM (SELECT document, head AS place FROM candidate "
        "WHERE type = :type AND child IS NULL AND score >= :least "
        "UNION ALL SELECT document, fragments FROM asked WHERE type = :type) "
        "AS found CROSS JOIN document ON document.key = found.document "
        "CROSS JOIN content ON content.document = found.document "
        f"WHERE found.place = {_START} || '-' || ({_START} + :length) AND document.state IN ({_STATES}) "
        f"AND NOT document.excluded AND {VISIBLE} AND substr(content.text, {_START} + 1, :length) = :words "
        "ORDER BY found.document",
        {
            "type": project.types.key(Kind.SPAN, label),
            "least": least_shown(project),
            "length": len(words),
            "words": words,
        },
    )
    return [row[0] for row in rows]


def left_to_decide(project: Project, *, limit: int) -> list[int]:
    """List the first unfinished documents with candidates left to decide, by row key; none left out of exports."""
    rows = project.rows(
        "SELECT document.key FROM document JOIN tally ON tally.document = document.key "
        f"WHERE tally.undecided > 0 AND document.state IN ({_STATES}) AND NOT document.excluded AND {VISIBLE} "
        "ORDER BY document.key LIMIT ?",
        (limit,),
    )
    return [row[0] for row in rows]
