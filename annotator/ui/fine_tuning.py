"""Lets the pipeline be fine-tuned while nobody works, where the project wants it; the next key ends it.

What was learnt in other ways goes first. It is asked for again only when something was learnt since; where it failed,
only when it is switched on again or the project is opened again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.model.errors import Cancelled, UserError
from annotator.ui.idling import Idling
from annotator.ui.jobs import Job
from annotator.workflows.queueing import Ranking
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow
    from annotator.workflows.fine_tuning import FineTuneReport


class FineTuning(QObject):
    """Starts fine-tuning for a window, and ends it when somebody works."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: Job | None = None
        self._may_be_due = self._has_failed = False
        self.idling = Idling(self)
        self.idling.idled.connect(self._begin)
        self.idling.resumed.connect(self._stop)
        window.learning.over.connect(self.look_again)

    @property
    def is_at_work(self) -> bool:
        """Tell whether the pipeline is being fine-tuned."""
        return self._job is not None

    def take_settings(self) -> None:
        """Begin or end to look out for an idle time, as the project's settings are now."""
        self._has_failed = False
        self.look_again()

    def look_again(self) -> None:
        """Find out at the next idle time whether there is enough to learn from."""
        self._may_be_due = True
        session = self._window.controller.session
        wants = session is not None and not session.read_only and session.suggest_settings().fine_tunes
        self.idling.set_watching(wants)

    def forget(self) -> None:
        """Let nothing wait any more: the project is closed."""
        self.idling.set_watching(False)
        self._job = None
        self._may_be_due = self._has_failed = False

    def _begin(self) -> None:
        window = self._window
        session = window.controller.session
        is_wanted = self._may_be_due and not self._has_failed
        if session is None or not is_wanted or window.jobs.running:
            return
        self._may_be_due = False
        controller = window.controller
        work = partial(
            _fine_tune, session, lambda: controller.document or 0, lambda: controller.order.ranking
        )
        job = self._job = window.jobs.run("Fine-tuning", work)
        job.finished.connect(lambda report: self._on_finished(session, report))
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_finished(self, session: Session, report: FineTuneReport) -> None:
        window = self._window
        if session is not window.controller.session or not report.documents:
            return
        session.deliver()
        window.log.say(report.words(), "done" if report.is_used else "note")
        if report.is_used:
            window.learning.learnt.emit()

    def _on_failed(self, error: object) -> None:
        if isinstance(error, Cancelled):
            self._may_be_due = True
        elif isinstance(error, UserError):
            self._has_failed = True
            self._window.log.say(f"Nothing was fine-tuned: {error}", "note")

    def _on_ended(self) -> None:
        self._job = None


def _fine_tune(
    session: Session, opened: Callable[[], int], ranking: Callable[[], Ranking | None], report: Report
) -> FineTuneReport:
    from annotator.workflows.fine_tuning import fine_tune_ahead

    with closing(session.clone()) as own:
        return fine_tune_ahead(own, report, opened=opened, ranking=ranking)
