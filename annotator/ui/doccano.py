"""Syncing with doccano in a window: one at a time, in a job that goes on while its dialog is closed."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.editing.commands import Undo
from annotator.ui.jobs import Job, Work
from annotator.ui.kept_work import KeptWork
from annotator.ui.strips import Answer
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.widgets.strip import Tone
    from annotator.ui.window import MainWindow
    from annotator.workflows.doccano import Choices, Options, Remote, RemoteProject, SyncPlan, SyncResult


class Syncs(KeptWork):
    """Opens the dialog, and shows the sync that is under way, or what came of the last one."""

    STRIP = "doccano"
    STOPPED = "Stopped. The next sync takes up where this one was."

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._name = ""

    def show_dialog(self) -> None:
        """Lead through a sync; or show the one that is under way, or what came of the last one."""
        from annotator.ui.dialogs.doccano import DoccanoDialog

        window, session = self._window, self._window.controller.session
        dialog = DoccanoDialog(session, window.jobs.run, parent=window)
        dialog.sync_wanted.connect(partial(self._sync, session))
        dialog.pull_wanted.connect(self._pull)
        back = Answer(text="Back to doccano", run=self.show_dialog, key="Ctrl+Shift+S")
        dialog.example_wanted.connect(lambda loss, at: window.places.go_to_example(loss, at, back=back))
        dialog.undo_wanted.connect(self._undo)
        kept = self._open(dialog)
        if self._job is not None:
            dialog.follow(self._job, self._name)
        elif kept is not None:
            dialog.show_result(kept)
        window.places.open_dialog(dialog)

    def _sync(self, session: Session | None, remote: Remote, plan: SyncPlan, choices: Choices) -> None:
        assert session is not None, "there is no plan without a project"

        def work(report: Report) -> SyncResult:
            from annotator.workflows import doccano

            with closing(session.clone()) as own:
                return doccano.carry_out(own, remote, plan, choices, report)

        job = self._follow(f"Syncing with {plan.project.name}", work)
        job.finished.connect(lambda result: self._on_synced(session, result))
        job.failed.connect(lambda error: self._on_failed(session, error))

    def _pull(self, remote: Remote, project: RemoteProject, options: Options, path: Path) -> None:
        annotator = self._window.annotator

        def work(report: Report) -> SyncResult:
            from annotator.workflows import doccano

            return doccano.pull_into_new(path, remote, project, options, report, annotator=annotator)

        job = self._follow(f"Bringing in {project.name}", work)
        job.finished.connect(lambda result: self._on_pulled(path, result))
        job.failed.connect(lambda error: self._on_failed(None, error))

    def _follow(self, name: str, work: Work) -> Job:
        self._name = name
        job = self._begin(name, work)
        if self._dialog is not None:
            self._dialog.follow(job, name)
        return job

    def _on_synced(self, session: Session, result: SyncResult) -> None:
        window = self._window
        if session is not window.controller.session:
            return
        session.deliver()
        if result.first_document is not None and window.controller.document is None:
            window.controller.open_document(result.first_document)
        window.work.suggest_missing()
        if self._dialog is None:
            self._tell(session, result)

    def _on_pulled(self, path: Path, result: SyncResult) -> None:
        dialog, window = self._dialog, self._window
        if dialog is not None:
            self._dialog = None
            dialog.accept()
        if window.projects.open_path(path) and window.controller.session is not None:
            self._tell(window.controller.session, result)

    def _tell(self, session: Session, result: SyncResult) -> None:
        from annotator.ui.dialogs.doccano_result import UNDO

        undo = [Answer(text=UNDO, run=lambda: self._undo(result))] if result.steps else []
        tone: Tone = "warn" if result.differences or result.left else "good"
        look = Answer(text="Look at it", run=self.show_dialog, key="Ctrl+Shift+S")
        self._keep(session, result, result_words(result), look, *undo, tone=tone)

    def _undo(self, result: SyncResult) -> None:
        self._leave()
        self._window.undoing.undo_steps(Undo(steps=result.steps))


def result_words(result: SyncResult) -> str:
    """Say in a line what a sync came to."""
    from annotator.ui.dialogs.doccano_counts import way_words
    from annotator.workflows.doccano import Way

    here, there = (way_words(result.done, way) for way in (Way.HERE, Way.THERE))
    told = f"Synced with doccano: {here} came here, {there} went there."
    if result.differences:
        told += f" {len(result.differences):,} documents still differ."
    elif result.left:
        told += f" {len(result.left):,} conflicts are left."
    return told
