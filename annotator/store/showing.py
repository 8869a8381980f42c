"""From which score on candidates are shown: a setting of the project, and the counts that hang on it.

Suggesters hand over more than is shown, so that another choice needs no new run. Candidates of a person or of a file
(`KEPT`) are always shown.
"""

from __future__ import annotations

from annotator.model.candidate import KEPT, SHOWN, SHOWN_FROM
from annotator.model.document import State
from annotator.store.documents import UNPUBLISHED
from annotator.store.project import Project

LEAST = "least shown"
"""Names the setting."""
CHANGING = "least shown is changing"
"""Names what is left to count again: the scores between which candidates came or went, and the last document done."""


def least_shown(project: Project) -> float:
    """Give the score from which on candidates are shown."""
    kept = project.setting_like(LEAST, SHOWN)
    return max(SHOWN_FROM[-1], min(SHOWN_FROM[0], kept))


def show_from(project: Project, least: float) -> None:
    """Show candidates from another score on; inside `writing`. `count_shown` counts them, now or after a restart."""
    low, high, _ = _changing(project) or (1.0, 0.0, 0)
    before = least_shown(project)
    project.set_setting(LEAST, least)
    project.set_setting(CHANGING, [min(low, before, least), max(high, before, least), 0])
    project.keep("", 0, None)  # what was read was read with the other score


def is_changing(project: Project) -> bool:
    """Tell whether documents wait to be counted again."""
    return _changing(project) is not None


def touched_next(project: Project, *, limit: int) -> list[int]:
    """Give the next documents that wait to be counted again; none where all are."""
    changing = _changing(project)
    if changing is None:
        return []
    low, high, after = changing
    rows = project.rows(
        "SELECT DISTINCT candidate.document FROM candidate CROSS JOIN document ON document.key = candidate.document "
        "WHERE candidate.document > ? AND score >= ? AND score < ? "
        f"AND document.batch NOT IN ({UNPUBLISHED}) ORDER BY candidate.document LIMIT ?",
        (after, low, high, limit),
    )
    return [row[0] for row in rows]


def settle(project: Project, documents: list[int]) -> None:
    """Note that documents were counted again, none that all were; inside `writing`.

    Of a finished document, what nobody saw is dropped: nothing in it is left to decide, whatever is shown later.
    """
    changing = _changing(project)
    if changing is None:
        return
    low, high, _ = changing
    least = least_shown(project)
    if not documents:
        project.connection.execute("DELETE FROM setting WHERE name = ?", (CHANGING,))
        return
    marks = ", ".join("?" * len(KEPT))
    project.connection.executemany(
        f"DELETE FROM candidate WHERE document = ? AND score >= ? AND score < ? AND suggester NOT IN ({marks}) "
        "AND (SELECT state FROM document WHERE document.key = candidate.document) = ?",
        [(each, max(low, least), high, *KEPT, State.DONE.value) for each in documents],
    )
    project.set_setting(CHANGING, [low, high, documents[-1]])


def _changing(project: Project) -> tuple[float, float, int] | None:
    kept = project.setting(CHANGING)
    match kept:
        case [int() | float() as low, int() | float() as high, int() as after]:
            return float(low), float(high), after
    return None
