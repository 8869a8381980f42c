"""Which documents wait for candidates, the most wanted first; asked by a thread, filled by the window. No Qt.

Those that have none yet are not listed beforehand, as there may be a million: while `looks_for_missing` is set, the
thread looks for the next few itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

CHUNK = 8
"""Documents handed over at once, so that one that is wanted now never waits long."""


class CandidatesQueue:
    """An ordered set of row keys that two threads may use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, None] = {}
        self._first: list[int] = []
        self._unsure: list[int] = []
        self._taken: list[int] = []
        self.looks_for_missing = False
        self.done = 0

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting)

    def add(self, keys: Iterable[int]) -> None:
        """Put documents at the end; those that wait already keep their place."""
        with self._lock:
            self._waiting.update(dict.fromkeys(keys))

    def clear(self) -> list[int]:
        """Let nothing wait any more; gives what waited, after what was taken last."""
        with self._lock:
            left = [*self._taken, *self._waiting]
            self._waiting.clear()
            self._first.clear()
            self._unsure.clear()
            self.looks_for_missing = False
            return left

    def prefer(self, key: int) -> None:
        """Let a document be the next, if it waits or may be found to."""
        with self._lock:
            if key in self._waiting:
                self._first.append(key)
            elif self.looks_for_missing:
                self._unsure.append(key)

    def take_unsure(self) -> list[int]:
        """Give documents that are wanted now and of which nobody knows yet whether they wait; each once."""
        with self._lock:
            keys, self._unsure = self._unsure, []
            return keys

    def take(self) -> list[int]:
        """Give the next documents: one that is wanted now alone, else a few; an empty list when none waits."""
        with self._lock:
            while self._first:
                key = self._first.pop()
                if key in self._waiting:
                    del self._waiting[key]
                    self.done += 1
                    self._taken = [key]
                    return [key]
            keys = [key for key, _ in zip(self._waiting, range(CHUNK), strict=False)]
            for key in keys:
                del self._waiting[key]
            self.done += len(keys)
            self._taken = keys
            return keys
