"""Which documents wait for candidates, the most wanted first; asked by a thread, filled by the window. No Qt."""

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
        self.done = 0

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting)

    def add(self, keys: Iterable[int]) -> None:
        """Put documents at the end; those that wait already keep their place."""
        with self._lock:
            self._waiting.update(dict.fromkeys(keys))

    def prefer(self, key: int) -> None:
        """Let a document that waits be the next."""
        with self._lock:
            if key in self._waiting:
                self._first.append(key)

    def take(self) -> list[int]:
        """Give the next documents: one that is wanted now alone, else a few; an empty list when none waits."""
        with self._lock:
            while self._first:
                key = self._first.pop()
                if key in self._waiting:
                    del self._waiting[key]
                    self.done += 1
                    return [key]
            keys = [key for key, _ in zip(self._waiting, range(CHUNK), strict=False)]
            for key in keys:
                del self._waiting[key]
            self.done += len(keys)
            return keys
