"""One writer for a project: an operating-system lock on a side file, and the turns inside one process.

The side file holds host, process and time for the message; only the lock itself decides.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FileLock:
    """An exclusive lock that ends with the process that holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def acquire(self, *, annotator: str) -> bool:
        """Take the lock; False if somebody else has it.

        Raises:
            OSError: the side file cannot be made (a read-only place, no rights).
        """
        while True:
            file = self.path.open("a+b")
            if not _lock(file):
                file.close()
                return False
            if self._is_current(file):
                break
            file.close()  # the holder before us removed the side file between our open and our lock
        self._file = file
        holder = {
            "host": socket.gethostname(),
            "process": os.getpid(),
            "since": time.time(),
            "annotator": annotator,
        }
        file.truncate(0)  # the first byte is the one that is locked: on Windows nobody else can read it
        file.write(b" " + json.dumps(holder).encode())
        file.flush()
        return True

    def release(self) -> None:
        """Give the lock back and remove the side file."""
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            self.path.unlink()
        self._file.close()
        self._file = None

    def holder(self) -> dict[str, object]:
        """Read who holds the lock, as far as the side file says so."""
        try:
            with self.path.open("rb") as file:
                file.seek(1)
                found = json.loads(file.read().decode())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _is_current(self, file: IO[bytes]) -> bool:
        try:
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False


def _lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class Turn:
    """Who may write next inside one process: the window goes before long work, which asks anew for every batch."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._busy = False
        self._urgent = 0

    @contextlib.contextmanager
    def take(self, *, urgent: bool) -> Iterator[None]:
        """Hold the turn; an urgent asker is served before every other."""
        with self._condition:
            self._urgent += urgent
            try:
                self._condition.wait_for(lambda: not self._busy and (urgent or not self._urgent))
                self._busy = True
            finally:
                self._urgent -= urgent
        try:
            yield
        finally:
            with self._condition:
                self._busy = False
                self._condition.notify_all()
