"""Accepting many candidates as one step, off the window's thread, and what follows it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.editing.commands import AcceptMany
from annotator.model.change import ChangeSet
from annotator.model.errors import Cancelled, NotSavedError, UserError
from annotator.ui.selection import Place
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow


class AcceptingMany(QObject):
    """Carries out acts that accept candidates in many documents, for a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def accept(self, session: Session, command: AcceptMany, *, title: str) -> None:
        """Accept them in a job of this title; the place stays, what was done is said."""
        window = self._window
        place = window.controller.place
        job = window.jobs.run(title, partial(_accept, session, command, title))
        job.finished.connect(lambda changes: self._on_accepted(session, changes, place))
        job.failed.connect(
            lambda error: self._on_not_accepted(error, partial(self.accept, session, command, title=title))
        )
        window.focus_article()

    def on_failed(self, error: object) -> None:
        """Say why nothing was accepted."""
        if isinstance(error, Cancelled):
            self._window.log.say("Stopped. Nothing was accepted.", "note")
        elif isinstance(error, UserError):
            self._window.show_problem(error)

    def _on_accepted(self, session: Session, changes: ChangeSet, place: Place | None) -> None:
        controller = self._window.controller
        if session is not controller.session:
            return
        with controller.held_selection():
            session.deliver()
            if controller.selected.kind == "none":
                controller.select(controller.things.after(place))
        self._window.log.say(changes.message, "done", True)

    def _on_not_accepted(self, error: object, again: Callable[[], None]) -> None:
        if isinstance(error, NotSavedError):
            self._window.not_saved.hold(error, again)
        else:
            self.on_failed(error)


def _accept(session: Session, command: AcceptMany, title: str, report: Report) -> ChangeSet:
    report(0, 0, title)
    with closing(session.clone()) as own:
        return own.do(command)
