"""Lets the program learn while one works, in the background.

It does after a document is finished, when types are others now, and when a project opens. What is open is left as it
is; the documents behind it get better candidates.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.model.errors import Cancelled, UserError
from annotator.ui.jobs import Job
from annotator.workflows.queueing import Ranking
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow
    from annotator.workflows.learning import LearnReport


SETTLING = 2_000
"""Milliseconds without a change of types after which what was learnt is looked at again."""


class Learning(QObject):
    """Starts learning for a window, one job at a time.

    Signals: `learnt()` when the next documents have other candidates; `over()` when nothing is left to learn.
    """

    learnt = Signal()
    over = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: Job | None = None
        self._is_wanted_again = False
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLING)
        self._settling.timeout.connect(self.learn)
        window.finishing.finished.connect(self.learn)
        window.controller.schema_changed.connect(self._settling.start)

    @property
    def is_learning(self) -> bool:
        """Tell whether something is being learnt."""
        return self._job is not None

    def learn(self) -> None:
        """Learn what was finished since the last time, once what is being learnt is done."""
        session = self._window.controller.session
        if session is None or session.read_only or not session.suggest_settings().learns:
            return
        if self._job is not None:
            self._is_wanted_again = True
            return
        self._is_wanted_again = False
        controller = self._window.controller
        work = partial(_learn, session, lambda: controller.document or 0, lambda: controller.order.ranking)
        job = self._job = self._window.jobs.run("Learning", work)
        job.finished.connect(lambda report: self._on_finished(session, report))
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended)

    def forget(self) -> None:
        """Let nothing wait any more: the project is closed."""
        self._settling.stop()
        self._job = None
        self._is_wanted_again = False

    def _on_finished(self, session: Session, report: LearnReport) -> None:
        if session is self._window.controller.session:
            session.deliver()
            if report.documents:
                self.learnt.emit()

    def _on_failed(self, error: object) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self._window.log.say(f"Nothing was learnt: {error}", "note")

    def _on_ended(self) -> None:
        if self._job is None:  # the project was closed meanwhile
            return
        self._job = None
        if self._is_wanted_again:
            self.learn()
        else:
            self.over.emit()


def _learn(
    session: Session, opened: Callable[[], int], ranking: Callable[[], Ranking | None], report: Report
) -> LearnReport:
    from annotator.workflows.learning import learn_ahead

    with closing(session.clone()) as own:
        return learn_ahead(own, report, opened=opened, ranking=ranking)
