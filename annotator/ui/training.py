"""Training a pipeline in a window: one at a time, in a job that goes on while its dialog is closed."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.model.errors import Cancelled, UserError
from annotator.ui.jobs import Job
from annotator.ui.strips import Answer, make_strip
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.dialogs.training import TrainingDialog
    from annotator.ui.window import MainWindow
    from annotator.workflows.training import TrainOptions, TrainReport

STRIP = "training"


class Trainings(QObject):
    """Opens the dialog, runs the job, and keeps what came of it until somebody looked at it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: Job | None = None
        self._target = Path()
        self._report: tuple[Session, TrainReport] | None = None
        self._dialog: TrainingDialog | None = None
        window.controller.session_changed.connect(self._forget)

    def show_dialog(self) -> None:
        """Ask what to train on; or show the training that is under way, or what came of the last one."""
        from annotator.ui.dialogs.training import TrainingDialog

        window, session = self._window, self._window.controller.session
        if session is None:
            return
        window.centre.strips.take_down(STRIP)
        dialog = self._dialog = TrainingDialog(session, window.jobs.run, parent=window)
        dialog.train_wanted.connect(lambda target, options: self._train(session, target, options))
        dialog.use_wanted.connect(lambda report, again: self._use(session, report, again=again))
        dialog.finished.connect(self._on_dialog_closed)
        if self._job is not None:
            dialog.follow(self._job, self._target)
        elif self._report is not None and self._report[0] is session:
            dialog.show_report(self._report[1])
        self._report = None
        window.places.open_dialog(dialog)

    def _train(self, session: Session, target: Path, options: TrainOptions) -> None:
        job = self._window.jobs.run(f"Training {target.name}", partial(_train, session, target, options))
        self._job, self._target = job, target
        job.finished.connect(lambda report: self._on_trained(session, report))
        job.failed.connect(lambda error: self._on_failed(session, error, target, options))
        job.ended.connect(self._on_ended)
        if self._dialog is not None:
            self._dialog.follow(job, target)

    def _on_trained(self, session: Session, report: TrainReport) -> None:
        from annotator.ui.dialogs.training_result import verdict_words

        if self._dialog is not None or session is not self._window.controller.session:
            return
        self._report = session, report
        strip = make_strip(
            verdict_words(report),
            Answer(text="Look at it", run=self.show_dialog),
            Answer(text="Leave it", run=self._leave),
            tone="good" if report.is_better else "question",
        )
        self._window.centre.strips.show_strip(STRIP, strip)

    def _leave(self) -> None:
        self._report = None
        self._window.centre.strips.take_down(STRIP)
        self._window.focus_article()

    def _on_failed(self, session: Session, error: object, target: Path, options: TrainOptions) -> None:
        if self._dialog is not None or session is not self._window.controller.session:
            return
        if isinstance(error, Cancelled):
            self._window.log.say("Training stopped. Nothing was kept.", "note")
        elif isinstance(error, UserError):
            self._window.show_problem(error, lambda: self._train(session, target, options))

    def _forget(self) -> None:
        """Show nothing of a project that is closed."""
        self._report = None
        if self._dialog is not None:
            self._dialog.reject()

    def _on_ended(self) -> None:
        self._job = None

    def _on_dialog_closed(self) -> None:
        self._dialog = None

    def _use(self, session: Session, report: TrainReport, *, again: bool) -> None:
        from annotator.workflows import training

        window = self._window
        training.use(session, report.folder)
        window.telling.forget_pipeline()
        window.log.say(f"{report.folder.name} proposes candidates from now on.", "done")
        window.work.suggest_after_mapping(again)


def _train(session: Session, target: Path, options: TrainOptions, report: Report) -> TrainReport:
    from annotator.workflows import training

    with closing(session.clone()) as own:
        return training.train(own, target, options, report)
