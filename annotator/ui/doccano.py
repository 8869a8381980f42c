"""Syncing with doccano in a window: one at a time, in a job that goes on while its dialog is closed."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.editing.commands import Undo
from annotator.model.errors import Cancelled, UserError
from annotator.ui.jobs import Job
from annotator.ui.strips import Answer, make_strip
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.dialogs.doccano import DoccanoDialog
    from annotator.ui.window import MainWindow
    from annotator.workflows.doccano import Choices, Options, Remote, RemoteProject, SyncPlan, SyncResult

STRIP = "doccano"


class Syncs(QObject):
    """Opens the dialog, runs the job, and keeps what came of it until somebody looked at it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: Job | None = None
        self._name = ""
        self._result: tuple[Session, SyncResult] | None = None
        self._dialog: DoccanoDialog | None = None
        window.controller.session_changed.connect(self._forget)

    def show_dialog(self) -> None:
        """Lead through a sync; or show the one that is under way, or what came of the last one."""
        from annotator.ui.dialogs.doccano import DoccanoDialog

        window, session = self._window, self._window.controller.session
        window.centre.strips.take_down(STRIP)
        dialog = self._dialog = DoccanoDialog(session, window.jobs.run, parent=window)
        dialog.sync_wanted.connect(partial(self._sync, session))
        dialog.pull_wanted.connect(self._pull)
        back = Answer(text="Back to doccano", run=self.show_dialog, key="Ctrl+Shift+S")
        dialog.example_wanted.connect(lambda loss, at: window.places.go_to_example(loss, at, back=back))
        dialog.finished.connect(self._on_dialog_closed)
        if self._job is not None:
            dialog.follow(self._job, self._name)
        elif self._result is not None and self._result[0] is session:
            dialog.show_result(self._result[1])
        self._result = None
        window.places.open_dialog(dialog)

    def _sync(self, session: Session | None, remote: Remote, plan: SyncPlan, choices: Choices) -> None:
        assert session is not None, "there is no plan without a project"

        def work(report: Report) -> SyncResult:
            from annotator.workflows import doccano

            with closing(session.clone()) as own:
                return doccano.carry_out(own, remote, plan, choices, report)

        job = self._begin(f"Syncing with {plan.project.name}", work)
        job.finished.connect(lambda result: self._on_synced(session, result))
        job.failed.connect(lambda error: self._on_failed(session, error))

    def _pull(self, remote: Remote, project: RemoteProject, options: Options, path: Path) -> None:
        annotator = self._window.annotator

        def work(report: Report) -> SyncResult:
            from annotator.workflows import doccano

            return doccano.pull_into_new(path, remote, project, options, report, annotator=annotator)

        job = self._begin(f"Bringing in {project.name}", work)
        job.finished.connect(lambda result: self._on_pulled(path, result))
        job.failed.connect(lambda error: self._on_failed(None, error))

    def _begin(self, name: str, work: object) -> Job:
        job = self._job = self._window.jobs.run(name, work)  # type: ignore[arg-type]
        self._name = name
        job.ended.connect(self._on_ended)
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
            self._result = session, result
            self._tell(result)

    def _on_pulled(self, path: Path, result: SyncResult) -> None:
        dialog, window = self._dialog, self._window
        if dialog is not None:
            self._dialog = None
            dialog.accept()
        if window.projects.open_path(path) and window.controller.session is not None:
            self._result = window.controller.session, result
            self._tell(result)

    def _tell(self, result: SyncResult) -> None:
        undo = Answer(text="Undo what came here", run=lambda: self._undo(result))
        strip = make_strip(
            result_words(result),
            Answer(text="Look at it", run=self.show_dialog),
            *([undo] if result.steps else []),
            Answer(text="Leave it", run=self._leave),
            tone="warn" if result.differences or result.left else "good",
        )
        self._window.centre.strips.show_strip(STRIP, strip)

    def _undo(self, result: SyncResult) -> None:
        self._leave()
        self._window.undoing.undo_steps(Undo(steps=result.steps))

    def _leave(self) -> None:
        self._result = None
        self._window.centre.strips.take_down(STRIP)
        self._window.focus_article()

    def _on_failed(self, session: Session | None, error: object) -> None:
        if self._dialog is not None or session is not self._window.controller.session:
            return
        if isinstance(error, Cancelled):
            self._window.log.say("Stopped. The next sync takes up where this one was.", "note")
        elif isinstance(error, UserError):
            self._window.show_problem(error)

    def _forget(self) -> None:
        """Show nothing of a project that is closed."""
        self._result = None
        if self._dialog is not None:
            self._dialog.reject()

    def _on_ended(self) -> None:
        self._job = None

    def _on_dialog_closed(self) -> None:
        self._dialog = None


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
