"""Lets the pipeline be fine-tuned on finished documents, once there are enough new ones.

What comes of it is kept in a file (`suggesting.fine_tuned_file`). `learning.py` deletes it where it was made of other
decisions, other types, or another pipeline. When nobody works is for whoever calls to know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from annotator.model.wording import counted
from annotator.store.evidence import Finished
from annotator.suggest import fine_tuned
from annotator.suggest.base import Settings
from annotator.workflows.learning import AHEAD, decided_in, learnt_documents
from annotator.workflows.machine import machine_of
from annotator.workflows.queueing import Ranking, coming
from annotator.workflows.reporting import Remembering, Report, silent
from annotator.workflows.session import Session
from annotator.workflows.suggesting import settings_of, suggest

FIRST = 25
"""Finished documents from which on the pipeline is fine-tuned."""
GROWTH = 1.25
"""How many times the documents of the last time there must be for the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuneReport:
    """What came of fine-tuning.

    Args:
        documents: it was made of; 0 where it was not due. tried_on: of which so many were held out at first.
        title: of the pipeline that it began with. start, own: F1 on those, 0 to 1, of that pipeline and of the new one.
    """

    documents: int = 0
    tried_on: int = 0
    title: str = ""
    start: float = 0.0
    own: float = 0.0

    @property
    def is_used(self) -> bool:
        """Tell whether it proposes from now on."""
        return self.own > self.start

    def words(self) -> str:
        """Say it in a sentence or two."""
        shares = f"F1 {self.start:.2f} before, {self.own:.2f} after, on {self.tried_on:,} held out"
        found = f"Fine-tuned {self.title} on {counted(self.documents, 'document')} ({shares})."
        return found if self.is_used else f"{found} That is no gain: it is not used."


def fine_tune(session: Session, report: Report = silent) -> FineTuneReport:
    """Fine-tune the pipeline, where that is switched on and there are enough documents that were learnt since.

    Nothing is kept of what was cut off by a cancel.

    Raises:
        UserError: it cannot be done. Cancelled: the person stopped.
    """
    settings = settings_of(session)
    lessons = learnt_documents(session, settings)
    if not settings.fine_tuned or not _is_due(lessons, settings):
        return FineTuneReport()
    decided = decided_in(session, lessons)
    told = Remembering(report, "Fine-tuning")
    made = machine_of(session).fine_tune(
        decided, settings, tell=lambda done, of: told(done, of, "Fine-tuning"), check=told.again
    )
    return FineTuneReport(
        documents=len(made.lessons),
        tried_on=made.tried_on,
        title=made.title,
        start=made.start,
        own=made.own,
    )


def fine_tune_ahead(
    session: Session,
    report: Report = silent,
    *,
    opened: Callable[[], int],
    ranking: Callable[[], Ranking | None] = lambda: None,
) -> FineTuneReport:
    """Fine-tune, and make the candidates of the next documents to do anew where that is used.

    Args:
        session, report, opened, ranking: as for `learn_ahead`.

    Raises:
        UserError: it cannot be done. Cancelled: the person stopped.
    """
    done = fine_tune(session, report)
    if done.is_used:
        suggest(session, report, documents=coming(session, ranking(), opened(), count=AHEAD))
    return done


def _is_due(lessons: Sequence[Finished], settings: Settings) -> bool:
    """Tell whether there are enough documents, and enough of them since the last time."""
    before = fine_tuned.made(settings.fine_tuned)
    if before is None:
        return len(lessons) >= FIRST
    known = {document for document, _ in before.lessons}
    new = sum(each.document not in known for each in lessons)
    return new >= (GROWTH - 1) * len(known)
