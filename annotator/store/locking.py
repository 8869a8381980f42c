"""One writer for a project: the side file that says who, and the turns inside one process.

On a local disk an operating-system lock on the side file decides, which ends with its process. Where such locks cannot
be trusted (`file_systems.py`) the side file itself does: whoever makes it has the project until it is taken away.
In both cases its time is set anew every `BEAT` seconds, and a holder looks before each write whether it still is one.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

from annotator.model.errors import ProjectError
from annotator.store.holders import BEAT, SILENT_AFTER, Holder, life_of, myself, read_holder, time_of_disk

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

Answer = Literal["taken", "held", "left"]
"""`taken`: it is ours now; `held`: by somebody who lives; `left`: by somebody who does not, to be taken over."""
_HELD_BY_ANOTHER = frozenset({errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK})


class FileLock:
    """The right to write, held by one process.

    Args:
        path: the side file. trusted: whether the operating system's locks hold there.
    """

    def __init__(self, path: Path, *, trusted: bool = True) -> None:
        self.path = path
        self.trusted = trusted
        self.left_by: Holder | None = None
        self._mine: Holder | None = None
        self._file: IO[bytes] | None = None
        self._ended = threading.Event()
        self._guard = threading.Lock()

    def acquire(self, *, annotator: str, take_over: bool = False) -> Answer:
        """Take the lock, if nobody has it; `take_over` also from somebody who is gone, never from one who lives.

        Raises:
            OSError: the side file cannot be made (a read-only place, no rights).
        """
        mine = myself(annotator)
        if self.trusted:
            answer = self._acquire_by_system(mine, take_over=take_over)
        else:
            answer = self._acquire_by_file(mine, take_over=take_over)
        if answer == "taken":
            self._mine = mine
            self._ended.clear()
            threading.Thread(target=self._beat, name=f"lock of {self.path.name}", daemon=True).start()
        return answer

    def holder(self) -> Holder | None:
        """Read who holds the lock, as far as the side file says so."""
        return read_holder(self.path)

    def is_held(self) -> bool:
        """Look whether we still hold it: nobody takes it from one who lives, but a machine may have slept for long."""
        with self._guard:
            return self._is_held() or self._is_held_again()

    def release(self) -> None:
        """Give the lock back and remove the side file."""
        self._ended.set()
        with self._guard:
            if self._mine is None:
                return
            if self._is_held():
                with contextlib.suppress(OSError):
                    self.path.unlink()
            if self._file is not None:
                self._file.close()
            self._file = self._mine = None

    # ------------------------------------------------------------------ a lock of the system

    def _acquire_by_system(self, mine: Holder, *, take_over: bool) -> Answer:
        while True:
            is_new = _is_made(self.path)
            file = self.path.open("a+b")
            try:
                if not _lock(file):
                    file.close()
                    return "held"
            except OSError:  # no such locks here, whatever the file system is called
                file.close()
                self.trusted = False
                if is_new:
                    self.path.write_bytes(mine.written())
                    return "taken"
                return self._acquire_by_file(mine, take_over=take_over)
            if _is_at(file, self.path):
                break
            file.close()  # the holder before us removed the side file between our open and our lock
        before = read_holder(self.path)
        # Another machine, which reaches this disk over a network, cannot be seen by our system's locks.
        is_far = before is not None and not before.is_on_this_machine
        life = life_of(before, folder=self.path.parent) if before is not None and is_far else "dead"
        if is_far and (life == "alive" or not take_over):
            file.close()
            return "held" if life == "alive" else "left"
        self.left_by = before
        try:
            file.truncate(0)
            file.write(mine.written())
            file.flush()
        except OSError:  # no room
            with contextlib.suppress(OSError):
                self.path.unlink()
            with contextlib.suppress(OSError):  # which tries to write once more
                file.close()
            raise
        self._file = file
        return "taken"

    # ------------------------------------------------------------------ the side file alone

    def _acquire_by_file(self, mine: Holder, *, take_over: bool) -> Answer:
        if _make(self.path, mine):
            return "taken"
        before, life = self._before()
        if life == "alive":
            return "held"
        if not take_over:
            return "left"
        with self._taking_over() as mine_to_take:
            if not mine_to_take:
                return "held"
            # Looked at again: somebody may have taken it over since, and lives.
            again, life = self._before()
            if life == "alive" or (again and again.token) != (before and before.token):
                return "held"
            with contextlib.suppress(FileNotFoundError):
                self.path.unlink()
            self.left_by = before
            return "taken" if _make(self.path, mine) else "held"

    def _before(self) -> tuple[Holder | None, str]:
        """Give who is named in the side file and whether that one lives; one that names nobody lives while young."""
        before = read_holder(self.path)
        if before is not None:
            return before, life_of(before, folder=self.path.parent)
        try:
            age = time_of_disk(self.path.parent) - self.path.stat().st_mtime
        except FileNotFoundError:
            return None, "alive"  # given back this moment: to be asked for again
        return None, "alive" if age < SILENT_AFTER else "dead"

    @contextlib.contextmanager
    def _taking_over(self) -> Iterator[bool]:
        """Be the only one who takes over, or give False; held for a moment, and a left one for `SILENT_AFTER`."""
        door = self.path.with_name(self.path.name + ".taking")
        with contextlib.suppress(FileNotFoundError):
            if time_of_disk(door.parent) - door.stat().st_mtime > SILENT_AFTER:
                door.unlink()
        if not _is_made(door):
            yield False
            return
        try:
            yield True
        finally:
            with contextlib.suppress(OSError):
                door.unlink()

    # ------------------------------------------------------------------ while it is held

    def _is_held(self) -> bool:
        if self._mine is None:
            return False
        if self._file is not None and sys.platform == "win32":
            return True  # a file that is open and locked there is neither removed nor written by others
        if self._file is not None and not _is_at(self._file, self.path):
            return False
        # Where the system's lock holds, the file at its place is enough; elsewhere it is asked whose it is.
        return self.trusted or self._names_us()

    def _is_held_again(self) -> bool:
        """Make a side file anew that somebody only removed."""
        if self._mine is None or self.path.exists():
            return False
        try:
            if not _make(self.path, self._mine):
                return False
            if self._file is None:
                return True
            file = self.path.open("a+b")
        except OSError:
            return False
        if not (_lock(file) and _is_at(file, self.path)):
            file.close()
            return False
        self._file.close()
        self._file = file
        return True

    def _names_us(self) -> bool:
        holder = read_holder(self.path)
        return holder is not None and self._mine is not None and holder.token == self._mine.token

    def _beat(self) -> None:
        while not self._ended.wait(BEAT):
            with self._guard, contextlib.suppress(OSError):
                if self._is_held():
                    os.utime(self.path)


def _is_made(path: Path) -> bool:
    """Make an empty file that must not be there yet; False if it is. One of all who try is told True."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except FileExistsError:
        return False
    return True


def _make(path: Path, mine: Holder) -> bool:
    """Make a side file that must not be there yet; False if it is."""
    if not _is_made(path):
        return False
    try:
        with path.open("r+b") as file:
            file.write(mine.written())
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # a full disk: whoever holds it must be named there
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    return True


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


def _lock(file: IO[bytes]) -> bool:
    """Ask the system for the lock; False if another has it.

    Raises:
        OSError: there are no locks on this file system.
    """
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD_BY_ANOTHER:
            return False
        raise
    return True


PATIENCE = 0.5
"""Seconds for which one who asks urgently waits for work that cannot be parted."""


class Turn:
    """Who may write next inside one process: the window goes before long work, which asks anew for every batch."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._busy = False
        self._urgent = 0
        self._alone = ""
        self.asked_urgently = -math.inf
        """Moment of `time.monotonic` at which somebody last asked urgently."""

    @contextlib.contextmanager
    def take(self, *, urgent: bool) -> Iterator[None]:
        """Hold the turn; an urgent asker is served before every other.

        Raises:
            ProjectError: somebody who asked urgently would wait long, as work that cannot be parted holds the turn.
        """
        with self._condition:
            self._urgent += urgent
            if urgent:
                self.asked_urgently = time.monotonic()
            try:
                if urgent:
                    self._condition.wait_for(lambda: not self._busy or bool(self._alone))
                    if not self._condition.wait_for(
                        lambda: not self._busy, PATIENCE if self._alone else None
                    ):
                        raise ProjectError(self._alone, "Nothing was changed. Do it again in a moment.")
                else:
                    self._condition.wait_for(lambda: not self._busy and not self._urgent)
                self._busy = True
            finally:
                self._urgent -= urgent
        try:
            yield
        finally:
            with self._condition:
                self._busy = False
                self._condition.notify_all()

    @contextlib.contextmanager
    def alone(self, why: str) -> Iterator[None]:
        """Hold the turn for work that cannot be parted; those who ask urgently are told why they cannot have it."""
        with self.take(urgent=False):
            self._set_alone(why)
            try:
                yield
            finally:
                self._set_alone("")

    def _set_alone(self, why: str) -> None:
        with self._condition:
            self._alone = why
            self._condition.notify_all()
