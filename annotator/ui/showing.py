"""Fewer or more candidates, as a person wants them: the choice is shown at once, and counted in the background."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.model.errors import Cancelled, UserError
from annotator.ui.jobs import Job
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session
from annotator.workflows.showing import Shown, least_shown, show_from, step_from

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow


class Showing(QObject):
    """Keeps from which score on a window's project shows candidates; `changed()` when that is another one."""

    changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: Job | None = None
        self._wanted: float | None = None

    def step(self, by: int) -> None:
        """Show more candidates, by so many steps, or fewer (negative)."""
        session = self._window.controller.session
        if session is None:
            return
        now = self._wanted if self._wanted is not None else least_shown(session)
        least = step_from(now, by)
        if least == now:
            end = "All candidates that are kept are shown" if by > 0 else "No fewer can be shown"
            self._window.log.say(f"{end}: {from_words(least)}.", "note")
        else:
            self.show_from(least)

    def show_from(self, least: float) -> None:
        """Show candidates from a score on; the newest wish counts."""
        session = self._window.controller.session
        if session is None or session.read_only:
            return
        self._wanted = least
        if self._job is None:
            self._begin(session)

    def _begin(self, session: Session) -> None:
        least, self._wanted = self._wanted, None
        if least is None or least == least_shown(session):
            return
        job = self._window.jobs.run("Counting candidates", partial(_show_from, session, least))
        self._job = job
        job.finished.connect(lambda shown: self._on_shown(session, shown))
        job.failed.connect(self._on_failed)
        job.ended.connect(lambda: self._on_ended(session))

    def _on_shown(self, session: Session, shown: Shown) -> None:
        if session is self._window.controller.session:
            session.deliver()
            self._window.log.say(shown_words(shown), "done")

    def _on_failed(self, error: object) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self._window.log.say(str(error), "note")

    def _on_ended(self, session: Session) -> None:
        self._job = None
        if session is not self._window.controller.session:
            self._wanted = None
            return
        self.changed.emit()
        self._begin(session)


def from_words(least: float) -> str:
    """Say from which score on candidates are shown: `scored .25 or more`."""
    return f"scored .{round(least * 100):02d} or more"


def shown_words(shown: Shown) -> str:
    """Say what another choice changed."""
    what = f"Candidates {from_words(shown.least)} are shown now"
    if not shown.documents:
        return f"{what}: the same ones as before."
    kind = "more" if shown.more > 0 else "fewer"
    where = "1 document" if shown.documents == 1 else f"{shown.documents:,} documents"
    return f"{what}: {abs(shown.more):,} {kind} to decide, in {where}."


def _show_from(session: Session, least: float, report: Report) -> Shown:
    with closing(session.clone()) as own:
        return show_from(own, least, report)
