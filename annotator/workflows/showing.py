"""Shows fewer or more candidates: from which score on is kept with the project; what hangs on it is counted again."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.model.candidate import SHOWN_FROM
from annotator.model.change import ChangeSet
from annotator.store import articles, showing
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session

__all__ = ["SHOWN_FROM", "Shown", "catch_up", "least_shown", "show_from", "step_from"]

CHUNK = 100
"""Documents that are counted again in one turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What another choice changed: candidates left to decide in unfinished documents, and in how many of these.

    Args:
        least: the score from which on candidates are shown now. more: how many more there are, negative for fewer.
        documents: in which there are others than before.
    """

    least: float
    more: int = 0
    documents: int = 0


def least_shown(session: Session) -> float:
    """Give the score from which on candidates are shown in a project."""
    return showing.least_shown(session.project)


def step_from(least: float, by: int) -> float:
    """Give the choice so many steps towards more candidates (negative: fewer) from a score, or the last there is."""
    near = min(range(len(SHOWN_FROM)), key=lambda place: abs(SHOWN_FROM[place] - least))
    return SHOWN_FROM[max(0, min(len(SHOWN_FROM) - 1, near + by))]


def show_from(session: Session, least: float, report: Report = silent) -> Shown:
    """Show candidates from a score on, at once wherever suggesters handed them over, and count what is left.

    A stop leaves the choice; what was not counted yet is counted when the project is opened next.

    Raises:
        UserError: the project cannot be written. Cancelled: the person stopped.
    """
    with session.project.writing():
        showing.show_from(session.project, least)
    session.tell(ChangeSet(candidates=True, everywhere=True))
    more, documents = _count(session, report)
    session.tell(ChangeSet(candidates=True, everywhere=True))
    return Shown(least=least, more=more, documents=documents)


def catch_up(session: Session) -> None:
    """Count what a killed or stopped run of `show_from` left uncounted."""
    if showing.is_changing(session.project):
        _count(session, silent)


def _count(session: Session, report: Report) -> tuple[int, int]:
    project = session.project
    more = others = done = 0
    while True:
        report(done, 0, f"Counting candidates again, {done:,} documents")
        with project.writing():
            documents = showing.touched_next(project, limit=CHUNK)
            showing.settle(project, documents)
            for each in documents:
                before = articles.left_in(project, each)
                articles.refresh_tally(project, each)
                change = articles.left_in(project, each) - before
                more += change
                others += bool(change)
        if not documents:
            return more, others
        done += len(documents)
