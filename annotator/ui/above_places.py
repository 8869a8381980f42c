"""Accepting candidates from a score on: in the open document at once, in many after counting, as one step."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.ui.accepting_many import AcceptingMany
from annotator.workflows.above import Undecided, undecided_in, undecided_in_all
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

TITLE = "Accepting candidates"


class AbovePlaces(QObject):
    """Carries out `Ctrl+Shift+A` and `Shift+Y` for a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._accepting = AcceptingMany(window)

    def ask_here(self) -> None:
        """Ask from which score candidates of the open document are accepted."""
        controller = self._window.controller
        if controller.session is not None and controller.document is not None:
            self._ask(controller.session, undecided_in(controller.session, controller.document))

    def ask_all(self) -> None:
        """Count candidates in the documents to do, and ask from which score they are accepted."""
        window = self._window
        session = window.controller.session
        if session is None:
            return
        job = window.jobs.run("Counting candidates", partial(_count, session))
        job.finished.connect(lambda found: self._on_counted(session, found))
        job.failed.connect(self._accepting.on_failed)

    def _on_counted(self, session: Session, found: Undecided) -> None:
        if session is not self._window.controller.session:
            return
        if found.documents:
            self._ask(session, found)
        else:
            self._window.log.say("No candidate is left in any document.", "note")

    def _ask(self, session: Session, found: Undecided) -> None:
        from annotator.ui.dialogs.accept_above import AcceptAboveDialog

        window = self._window
        dialog = AcceptAboveDialog(session, found, parent=window)
        here = list(found.documents) == [window.controller.document]
        dialog.command_wanted.connect(
            window.controller.do if here else partial(self._accepting.accept, session, title=TITLE)
        )
        window.places.open_dialog(dialog)


def _count(session: Session, report: Report) -> Undecided:
    with closing(session.clone()) as own:
        return undecided_in_all(own, report)
