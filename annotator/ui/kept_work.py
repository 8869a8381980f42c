"""Long work of a dialog: one at a time, in a job that goes on while the dialog is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from annotator.model.errors import Cancelled, UserError
from annotator.ui.jobs import Job, Work
from annotator.ui.strips import Answer, make_strip
from annotator.ui.widgets.strip import Tone
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.ui.window import MainWindow


class KeptWork(QObject):
    """Runs the job, and keeps what came of it until somebody looked at it.

    Args:
        STRIP: the name of the strip above the article. STOPPED: what is said of work that a person stopped.
    """

    STRIP: ClassVar[str]
    STOPPED: ClassVar[str]

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: Job | None = None
        self._kept: tuple[Session, Any] | None = None
        self._dialog: Any = None
        window.controller.session_changed.connect(self._forget)

    def _open(self, dialog: QDialog) -> Any:
        """Take a dialog over before it is shown; gives what is kept for it."""
        kept, self._kept = self._kept, None
        self._dialog = dialog
        dialog.finished.connect(self._on_dialog_closed)
        self._window.centre.strips.take_down(self.STRIP)
        return kept[1] if kept is not None and kept[0] is self._window.controller.session else None

    def _begin(self, name: str, work: Work) -> Job:
        job = self._job = self._window.jobs.run(name, work)
        job.ended.connect(self._on_ended)
        return job

    def _keep(self, session: Session, result: object, words: str, *answers: Answer, tone: Tone) -> None:
        """Keep a result, and say above the article that it is there; one of the answers lets a person look at it."""
        self._kept = session, result
        leave = Answer(text="Leave it", run=self._leave)
        strip = make_strip(words, *answers, leave, tone=tone)
        self._window.centre.strips.show_strip(self.STRIP, strip)

    def _leave(self) -> None:
        self._kept = None
        self._window.centre.strips.take_down(self.STRIP)
        self._window.focus_article()

    def _on_failed(
        self, session: Session | None, error: object, again: Callable[[], object] | None = None
    ) -> None:
        """Say what went wrong, where no dialog does, and offer to do it again."""
        if self._dialog is not None or session is not self._window.controller.session:
            return
        if isinstance(error, Cancelled):
            self._window.log.say(self.STOPPED, "note")
        elif isinstance(error, UserError):
            self._window.show_problem(error, again)

    def _forget(self) -> None:
        """Show nothing of a project that is closed."""
        self._kept = None
        if self._dialog is not None:
            self._dialog.reject()

    def _on_ended(self) -> None:
        self._job = None

    def _on_dialog_closed(self) -> None:
        self._dialog = None
