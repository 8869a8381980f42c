"""Looks whether the file that is written is still the one at its place.

A file that is deleted or moved while it is open goes on to be written, out of sight, and is gone with the program:
so this is asked before each act is said to be done.
"""

from __future__ import annotations

import os
from pathlib import Path

from annotator.store.faults import NotSavedError, moved

_Identity = tuple[int, int]


class InPlace:
    """Remembers which files a connection opened: the project, and the log beside it once there is one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(path.name + "-wal")
        self._file = _identity(path)
        self._log_file: _Identity | None = None

    def check(self, *, trusted: bool) -> None:
        """Look whether both are what they were; inside a transaction, when the log is open if there is one.

        Args:
            trusted: whether the file system tells its files apart; elsewhere it is only asked whether one is there.

        Raises:
            NotSavedError: one is gone or another stands there.
        """
        file = _identity(self._path)
        if file is None or (trusted and file != self._file):
            raise moved(self._path)
        if not trusted:
            return  # and there is no log
        log = _identity(self._log)
        if self._log_file is not None and log != self._log_file:
            raise NotSavedError(
                f"{self._log.name}, a part of the open project {self._path}, was taken away.",
                "Put it back, or close the project and open it again: all before this act is kept.",
            )
        self._log_file = log


def _identity(path: Path) -> _Identity | None:
    """Give what tells a file from every other; None where it is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked at every act
    except OSError:
        return None
    return found.st_dev, found.st_ino
