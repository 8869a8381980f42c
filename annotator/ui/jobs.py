"""Long work beside the window: a function in a thread, its progress and its end as signals on the main thread.

A `Job` lives on the main thread; what runs in the thread holds nothing of it but bound emits of a relay.
Closing the window cancels and waits. What the work does is not known here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from annotator.model.errors import Cancelled, UserError
from annotator.workflows.reporting import Report

SHOWN_AFTER = 0.5
"""Seconds after which the progress of a job is shown."""
_REPORTS_A_SECOND = 20

Work = Callable[[Report], Any]


class _Thread(QThread):
    """Runs one function; the only thing of a job that lives in the other thread."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Work, stop: threading.Event) -> None:
        super().__init__()
        self._work = work
        self._stop = stop
        self._last = 0.0

    def run(self) -> None:
        try:
            if self._stop.is_set():  # closed before it began: what it would work on may be closed, too
                raise Cancelled
            result = self._work(self._report)
        except Exception as error:  # noqa: BLE001 - told on the main thread: as a message, or as the fault it is
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)

    def _report(self, done: int, total: int, text: str) -> None:
        if self._stop.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._last >= 1 / _REPORTS_A_SECOND or done == total:
            self._last = now
            self.progressed.emit(done, total, text)


class Job(QObject):
    """One piece of long work.

    Signals: `progress(done, total, text)`; `shown()` once it has taken half a second; then exactly one of
    `finished(result)` and `failed(error)` (`Cancelled` among them); last of all `ended()`.
    """

    progress = Signal(int, int, str)
    shown = Signal()
    finished = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, title: str, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.done = self.total = 0
        self.text = title
        self.began = time.monotonic()
        self._stop = threading.Event()
        self._thread = _Thread(work, self._stop)
        self._thread.progressed.connect(self._on_progress)
        self._thread.succeeded.connect(self._on_succeeded)
        self._thread.failed.connect(self._on_failed)
        self._thread.finished.connect(self._on_thread_finished)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.shown)

    @property
    def is_running(self) -> bool:
        """Tell whether the work goes on."""
        return self._thread.isRunning()

    @property
    def is_stopping(self) -> bool:
        """Tell whether it was asked to stop."""
        return self._stop.is_set()

    @property
    def seconds_left(self) -> float | None:
        """Guess the seconds that are left from the pace so far; None where nothing can be said yet."""
        spent = time.monotonic() - self.began
        if not self.total or not self.done or spent < 2 * SHOWN_AFTER:
            return None
        return spent / self.done * (self.total - self.done)

    def start(self) -> None:
        """Begin."""
        self._timer.start(round(SHOWN_AFTER * 1000))
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until the thread has ended; its last signals come with the next turn of the event loop."""
        self._thread.wait()

    @Slot(int, int, str)
    def _on_progress(self, done: int, total: int, text: str) -> None:
        self.done, self.total, self.text = done, total, text
        self.progress.emit(done, total, text)

    @Slot(object)
    def _on_succeeded(self, result: object) -> None:
        self._timer.stop()
        self.finished.emit(result)

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        self._timer.stop()
        self.failed.emit(error)

    @Slot()
    def _on_thread_finished(self) -> None:
        self._timer.stop()
        self.ended.emit()


class Jobs(QObject):
    """All jobs of a window: starts them, tells of changes, and ends them when the window closes.

    Signals: `changed()` when the list, or the progress of a job that is shown, is another; `crashed(error)` for
    whatever is no `UserError`.
    """

    changed = Signal()
    crashed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: list[Job] = []
        self._shown: list[Job] = []

    @property
    def running(self) -> tuple[Job, ...]:
        """Give the jobs that run."""
        return tuple(self._running)

    @property
    def shown(self) -> tuple[Job, ...]:
        """Give the jobs that have taken long enough to be shown."""
        return tuple(self._shown)

    def run(self, title: str, work: Work) -> Job:
        """Make a job and start it with the next turn of the event loop, so that signals can be connected first."""
        # It has no parent: what is connected to it may be the last to hold these jobs, and would end it twice.
        job = Job(title, work)
        self._running.append(job)
        job.shown.connect(lambda: self._show(job))
        job.progress.connect(lambda *_: self.changed.emit() if job in self._shown else None)
        job.failed.connect(self._on_failed)
        job.ended.connect(lambda: self._end(job))
        QTimer.singleShot(0, job, job.start)
        return job

    def close(self) -> None:
        """Cancel everything and wait for it."""
        for job in self._running:
            job.cancel()
        for job in self._running:
            job.wait()

    def _show(self, job: Job) -> None:
        if job in self._running:
            self._shown.append(job)
            self.changed.emit()

    def _end(self, job: Job) -> None:
        if job in self._running:
            self._running.remove(job)
        if job in self._shown:
            self._shown.remove(job)
        job.deleteLater()
        self.changed.emit()

    def _on_failed(self, error: object) -> None:
        if not isinstance(error, UserError):
            self.crashed.emit(error)
