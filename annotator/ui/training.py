"""Training a pipeline in a window: one at a time, in a job that goes on while its dialog is closed."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.ui.kept_work import KeptWork
from annotator.ui.strips import Answer
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.widgets.strip import Tone
    from annotator.ui.window import MainWindow
    from annotator.workflows.training import TrainOptions, TrainReport


class Trainings(KeptWork):
    """Opens the dialog, and shows the training that is under way, or what came of the last one."""

    STRIP = "training"
    STOPPED = "Training stopped. Nothing was kept."

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._target = Path()

    def show_dialog(self) -> None:
        """Ask what to train on; or show the training that is under way, or what came of the last one."""
        from annotator.ui.dialogs.training import TrainingDialog

        window, session = self._window, self._window.controller.session
        if session is None:
            return
        dialog = TrainingDialog(session, window.jobs.run, parent=window)
        dialog.train_wanted.connect(partial(self._train, session))
        dialog.use_wanted.connect(lambda report, again: self._use(session, report, again=again))
        kept = self._open(dialog)
        if self._job is not None:
            dialog.follow(self._job, self._target)
        elif kept is not None:
            dialog.show_report(kept)
        window.places.open_dialog(dialog)

    def _train(self, session: Session, target: Path, options: TrainOptions) -> None:
        job = self._begin(f"Training {target.name}", partial(_train, session, target, options))
        self._target = target
        job.finished.connect(lambda report: self._on_trained(session, report))
        job.failed.connect(
            lambda error: self._on_failed(session, error, lambda: self._train(session, target, options))
        )
        if self._dialog is not None:
            self._dialog.follow(job, target)

    def _on_trained(self, session: Session, report: TrainReport) -> None:
        from annotator.ui.dialogs.training_result import verdict_words

        if self._dialog is None and session is self._window.controller.session:
            look = Answer(text="Look at it", run=self.show_dialog)
            tone: Tone = "good" if report.is_better else "question"
            self._keep(session, report, verdict_words(report), look, tone=tone)

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
