"""The page of a dialog that follows a job: what it does, how far it is, how long it has taken."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.ui.dialogs.parts import while_alive
from annotator.ui.dialogs.words import seconds_words
from annotator.ui.jobs import Job
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import ThinProgress, make_label


class RunningPage(QWidget):
    """Follows one job at a time: `finished(result)` and `failed(error)` are those of the job it follows."""

    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self.progress = ThinProgress(name=name)
        self.step = make_label("", "strong", wrap=True)
        self._time = make_label("", "dim")
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._show_time)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme_hub().px(12))
        for each in (self.step, self.progress, self._time, make_label(words, "dim", wrap=True)):
            column.addWidget(each)
        column.addStretch(1)

    @property
    def job(self) -> Job | None:
        """Give the job that is followed."""
        return self._job

    def follow(self, job: Job) -> None:
        """Follow a job that was begun, from now on."""
        self._job = job

        def heard(function: Callable[..., object]) -> Callable[..., None]:
            return while_alive(self, lambda *told: function(*told) if self._job is job else None)

        job.progress.connect(heard(self._show_progress))
        job.finished.connect(heard(lambda result: self._end(self.finished, result)))
        job.failed.connect(heard(lambda error: self._end(self.failed, error)))
        self._show_progress(job.done, job.total, job.text)
        self._clock.start()

    def leave(self) -> None:
        """Follow it no longer; it goes on."""
        self._job = None
        self._clock.stop()

    def stop(self) -> None:
        """Ask the job to stop."""
        if self._job is not None:
            self._job.cancel()
            self.step.setText("Stopping …")

    def _end(self, signal: object, told: object) -> None:
        self.leave()
        signal.emit(told)  # type: ignore[attr-defined]

    def _show_progress(self, done: int, total: int, text: str) -> None:
        if self._job is not None and self._job.is_stopping:
            return
        self.progress.set_progress(done, total)
        self.progress.setVisible(total > 0)
        told = text if not total or f"{total:,}" in text else f"{text}, {done:,} of {total:,}"
        self.step.setText(told)
        self._show_time()

    def _show_time(self) -> None:
        if self._job is not None:
            self._time.setText(seconds_words(time.monotonic() - self._job.began))
