"""Calls that are on their way at once, and land in any order."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from annotator.sync.remote import IN_FLIGHT

GRACE = 3.0
"""Seconds that calls on their way get to land when the work is stopped."""


class Flight:
    """Several calls at a time, in threads of their own.

    Args:
        calls: what is to be done. prepare: called in each thread first, with the event that ends all.
    """

    def __init__(
        self, calls: Sequence[Callable[[], Any]], prepare: Callable[[threading.Event], None]
    ) -> None:
        self._calls = iter(enumerate(calls))
        self._taking = threading.Lock()
        self._landed: queue.SimpleQueue[tuple[int, Any] | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._prepare = prepare
        # Daemons: an answer that never comes must not keep the program from ending.
        self._threads = [
            threading.Thread(target=self._fly, name="in flight", daemon=True)
            for _ in range(min(IN_FLIGHT, len(calls)))
        ]
        self._aloft = len(self._threads)
        for thread in self._threads:
            thread.start()

    @property
    def is_over(self) -> bool:
        """Tell that everything has landed and was taken."""
        return self._aloft == 0

    def next(self, seconds: float) -> tuple[int, Any] | None:
        """Take what has landed: its number, and its value or exception; None if nothing has within that time."""
        try:
            landed = self._landed.get(timeout=seconds)
        except queue.Empty:
            return None
        if landed is None:
            self._aloft -= 1
        return landed

    def stop(self) -> None:
        """Begin nothing new."""
        self._stopped.set()

    def wait(self) -> None:
        """Give what is on its way the time to land."""
        end = time.monotonic() + GRACE
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _fly(self) -> None:
        self._prepare(self._stopped)
        for number, call in iter(self._take, None):
            try:
                value: Any = call()
            except Exception as error:  # noqa: BLE001  whoever takes it looks at it
                value = error
            self._landed.put((number, value))
        self._landed.put(None)

    def _take(self) -> tuple[int, Callable[[], Any]] | None:
        with self._taking:
            if self._stopped.is_set():
                return None
            return next(itertools.islice(self._calls, 1), None)
