"""Follows a project that another window, or a command, writes in: what it changed, and whether it still does."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from annotator.model.change import ChangeSet
from annotator.store.connections import side_file
from annotator.store.following import changes_since, seen_now
from annotator.store.holders import left_words, life_of, read_holder
from annotator.workflows.session import Session

Writer = Literal["here", "gone", "left", "replaced"]
"""`here`: somebody writes in it; `gone`: nobody does any more; `left`: somebody did, and is gone without closing it.

`replaced`: another file is at its place now, such as a backup that was put back.
"""

EVERY = 0.5
"""Seconds between two looks."""
_CALMEST = 5.0
_EFFORT = 10.0
"""A look may take a tenth of the time."""
_WRITER_EVERY = 4
"""Whether the writer lives is looked at with every fourth look."""


@dataclass(frozen=True, slots=True)
class WriterState:
    """Who writes in a project now; `words` say why somebody who left it is thought to be gone."""

    writer: Writer
    words: str = ""


class Follower:
    """Looks now and then whether others wrote in a project, and tells the session's listeners.

    Args:
        on_writer: told when the writer goes or comes.
    """

    def __init__(self, session: Session, *, on_writer: Callable[[WriterState], None]) -> None:
        self._session = session
        self._seen = seen_now(session.project)
        self._on_writer = on_writer
        self._looks = 0
        self._file = _file_of(session.path)
        self.writer = writer_of(session.path)

    def look(self) -> float:
        """Look once, tell of what changed, and give the seconds to wait before the next look.

        Raises:
            ProjectError: the project cannot be read any more.
        """
        began = time.monotonic()
        self._seen, changes = changes_since(self._session.project, self._seen)
        if changes is not None:
            if changes.everywhere or changes.schema:
                self._session.project.forget_types()
            self._session.tell(changes)
        self._looks += 1
        if self._looks % _WRITER_EVERY == 0:
            now = writer_of(self._session.path)
            if self._file is not None and _file_of(self._session.path) not in {None, self._file}:
                now = WriterState("replaced")
            if now.writer != self.writer.writer:
                self.writer = now
                self._on_writer(now)
        return min(_CALMEST, max(EVERY, _EFFORT * (time.monotonic() - began)))


def _file_of(path: Path) -> tuple[int, int] | None:
    """Give what tells the file at a place from another one; None where there is none, or the system does not tell."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status.st_ino else None


def writer_of(path: Path) -> WriterState:
    """Tell whether somebody writes in a project."""
    side = side_file(path)
    holder = read_holder(side)
    if holder is None:
        # One that names nobody is being made this moment.
        is_there = False
        with contextlib.suppress(OSError):
            is_there = side.exists()
        return WriterState("here" if is_there else "gone")
    if life_of(holder, folder=path.parent) == "alive":
        return WriterState("here")
    return WriterState("left", left_words(holder, path.name, folder=path.parent))


__all__ = ["EVERY", "ChangeSet", "Follower", "Writer", "WriterState", "writer_of"]
