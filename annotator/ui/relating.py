"""Looks for relations again, in the background, after an entity of a document was accepted or changed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from annotator.model.annotation import Span
from annotator.model.change import ChangeSet
from annotator.ui.jobs import Job
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

SETTLING = 250
"""Milliseconds without a further decision after which it begins, so that a run of keys costs one look."""


class Relating(QObject):
    """Waits until decisions on entities pause, then lets relations be looked for, one job at a time."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: Job | None = None
        self._waiting: set[int] = set()
        self._settling = QTimer(self, singleShot=True, interval=SETTLING)
        self._settling.timeout.connect(self._relate)
        window.controller.annotations_changed.connect(self._on_changed)

    def forget(self) -> None:
        """Let nothing wait any more: the project is closed."""
        self._settling.stop()
        self._waiting.clear()

    def _on_changed(self, changes: object) -> None:
        if isinstance(changes, ChangeSet) and any(isinstance(each.row, Span) for each in changes.changes):
            self._waiting |= changes.documents
            self._settling.start()

    def _relate(self) -> None:
        session = self._window.controller.session
        if session is None or session.read_only or not session.schema.relations:
            self._waiting.clear()
            return
        if self._job is not None or self._window.work.is_suggesting:
            self._settling.start()
            return
        documents = sorted(self._waiting)
        self._waiting.clear()
        self._job = self._window.jobs.run("Looking for relations", partial(_relate, session, documents))
        self._job.finished.connect(lambda _none: self._on_finished(session))
        self._job.ended.connect(self._on_ended)

    def _on_finished(self, session: Session) -> None:
        if session is self._window.controller.session:
            session.deliver()

    def _on_ended(self) -> None:
        self._job = None


def _relate(session: Session, documents: Sequence[int], report: Report) -> None:
    from annotator.workflows.relating import relate

    with closing(session.clone()) as own:
        for number, document in enumerate(documents):
            report(number, len(documents), "Looking for relations")
            relate(own, document)
