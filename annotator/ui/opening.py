"""Opening, making and closing projects in a window; whatever cannot be opened is told and changes nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from annotator.model.errors import RepairableError, UserError
from annotator.ui.painted import OncePainted
from annotator.ui.repairing import offer_repair
from annotator.workflows.chosen_pipelines import refusal
from annotator.workflows.machine import start_worker
from annotator.workflows.projects import new_project, open_project, sample_project
from annotator.workflows.recent import forget, remember, settings_folder
from annotator.workflows.session import Closed, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.ui.dialogs.project_plan import NewProjectPlan
    from annotator.ui.window import MainWindow

SUFFIX = ".annot"


class Projects(QObject):
    """The open project of a window, and how one comes to be open."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def new(self) -> None:
        """Ask for what a new project needs and open it."""
        self._window.places.ask_new_project()

    def make(self, plan: NewProjectPlan) -> None:
        """Make a project, open it and bring its first files in.

        Raises:
            UserError: something is there already, or the place cannot be written.
        """
        window = self._window
        session = new_project(
            plan.path, name=plan.name, schema=plan.schema, language=plan.language, annotator=window.annotator
        )
        session.set_suggest_settings(plan.suggest)
        self._show(session)
        window.work.import_requests(plan.imports)

    def open(self) -> None:
        """Ask for a project file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open a project", "", f"Projects (*{SUFFIX});;All files (*)"
        )
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path, *, take_over: bool = False) -> bool:
        """Open a project; one that another window writes in is opened for reading. Tell whether it is open now.

        Args:
            take_over: also for writing where somebody who is gone left it open.
        """
        window = self._window
        session = window.controller.session
        if session is not None and session.path.absolute() == path.absolute():
            return True
        try:
            opened = open_project(path, annotator=window.annotator, or_read_only=True, take_over=take_over)
        except UserError as error:
            if isinstance(error, RepairableError) and path.suffix == SUFFIX:
                offer_repair(window, path, error)
            elif path.is_file() and window.keeping.has_backups(path):
                window.keeping.show_backups(path, fault=error)
            else:
                window.show_problem(error)
            return False
        try:
            self._show(opened)
        except UserError as error:  # it opened, but what it shows first cannot be read
            self.let_go(backs_up=False)
            window.show_welcome()
            window.show_problem(error)
            return False
        return True

    def open_sample(self) -> None:
        """Open the sample project; it is made where it is not there yet."""
        window = self._window
        folder = settings_folder()
        annotator = window.annotator
        job = window.jobs.run(
            "Making the sample project",
            lambda report: sample_project(folder, annotator=annotator, report=report),
        )
        job.finished.connect(self.open_path)
        job.failed.connect(lambda error: window.show_problem(error) if isinstance(error, UserError) else None)

    def forget(self, path: Path) -> None:
        """Take a project off the list of recent ones."""
        forget(path)
        self._window.places.refresh_welcome()

    def locate(self, path: Path) -> None:
        """Ask where a project that is missing is now."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, f"Where is {path.name} now?", str(path.parent), f"Projects (*{SUFFIX})"
        )
        if name and self.open_path(Path(name)):
            forget(path)

    def close(self) -> None:
        """Close the project and show the welcome page."""
        closed = self.let_go()
        self._window.show_welcome()
        if closed is not None and not closed.is_whole:
            self._window.places.say_closed(closed)

    def let_go(self, *, backs_up: bool = True) -> Closed | None:
        """Close the project: work in hand is stopped, and the one file is all of it, or the outcome says what is.

        Args:
            backs_up: a backup is made if one is due.
        """
        window = self._window
        session = window.controller.session
        if session is None:
            return None
        window.read_only.end()
        window.keeping.end()
        window.doorbell.close()
        window.jobs.close()
        session.deliver()
        window.keep_place()
        window.work.forget()
        window.learning.forget()
        window.fine_tuning.forget()
        window.relating.forget()
        window.controller.set_session(None)
        remember_quietly(session)
        closed = session.close()
        if not closed.is_whole:
            window.log.say(closed.words(), "note")
        if backs_up and not session.read_only:
            window.keeping.after_closing(session.path)
        return closed

    def _show(self, session: Session) -> None:
        window = self._window
        self.let_go()
        steps: list[Callable[[], object]] = [
            partial(self._answer_for, session),
            window.work.suggest_missing,
            window.learning.learn,
        ]
        if not session.read_only:
            if _is_coming_up(window):
                steps.insert(0, partial(self._start_worker_for, session))
            else:
                start_worker(session)
            window.keeping.begin()
        window.controller.set_session(session)
        remember_quietly(session)
        window.show_project()
        if session.refused_pipeline:
            window.log.say(refusal(session.refused_pipeline), "note")
        if session.read_only:
            window.read_only.begin(session)
        elif session.project_left_by:
            window.log.say(
                f"{session.project_left_by} did not close this project. All that was saved is here.", "note"
            )
        if session.care:
            window.log.say(session.care, "note")
        rows = session.documents(limit=1)
        last = session.setting("view", {})
        wanted = last.get("document") if isinstance(last, dict) else None
        wanted = wanted if isinstance(wanted, int) else None
        self._open_first(wanted, rows[0].key if rows else None)
        OncePainted(window, *steps)

    def _start_worker_for(self, session: Session) -> None:
        if session is self._window.controller.session and session.machine is None:
            start_worker(session)

    def _answer_for(self, session: Session) -> None:
        if session is self._window.controller.session and not session.read_only:
            self._window.doorbell.answer_for(session.path)

    def _open_first(self, wanted: int | None, first: int | None) -> None:
        window = self._window
        session = window.controller.session
        if session is None:
            return
        keys = {wanted} if wanted is not None else set()
        try:
            for key in keys:
                session.document(key)
        except UserError:
            wanted = None
        window.controller.open_document(wanted if wanted is not None else first)
        window.focus_article()


def remember_quietly(session: Session) -> None:
    """Put a project on the list of recent ones; a list that cannot be written is no reason to stop."""
    try:
        remember(session)
    except (OSError, UserError):  # the project itself may be out of reach by now
        return


def _is_coming_up(window: MainWindow) -> bool:
    """Tell whether a window is shown and not on screen yet, so that nobody can ask for work."""
    return window.isVisible() and not window.windowHandle().isExposed()
