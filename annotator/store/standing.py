"""Whether what a connection read still stands, told without reading it again.

SQLite tells a connection that somebody else wrote, not what. While candidates are made for other documents that would
be said all the time, and every key would read its article again. So the connections of this program tell each other of
which documents they write candidates, before anybody can see them; every other write counts as one of everything.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_NOT_KNOWN = -1


class Mark(NamedTuple):
    """A moment: `version` and `own` as SQLite counts the writes of others and of this connection, then `Writes`."""

    version: int
    own: int
    of_all: int
    of_some: int


@dataclass(slots=True)
class _Told:
    """What all connections said; `last` is when of which document, by its row key."""

    is_open: bool = False
    of_all: int = 0
    of_some: int = 0
    last: dict[int, int] = field(default_factory=dict)


class Writes:
    """The writes of this program in one file, as one of its connections knows of them; one of them writes at a time."""

    def __init__(self, told: _Told | None = None) -> None:
        self._told = told or _Told()
        self._mine = 0

    def for_another(self) -> Writes:
        """Give the same for another connection."""
        return Writes(self._told)

    @contextlib.contextmanager
    def open(self, *, tells: bool) -> Iterator[None]:
        """Be in a transaction, from before its first word until it can be seen; `tells` as in `Project.writing`."""
        self._told.is_open = True
        try:
            if not tells:
                self.of_all()
            yield
        finally:
            self._told.is_open = False

    def of_all(self) -> None:
        """Say that anything may be written now."""
        self._told.of_all += 1
        self._mine += 1

    def of(self, document: int) -> None:
        """Say that candidates of a document are written now, by its row key."""
        self._told.of_some += 1
        self._told.last[document] = self._told.of_some

    def now(self, *, within: bool) -> tuple[int, int]:
        """Give how many writes of others there were; `within`: asked by the connection that writes, if one does."""
        told = self._told
        return told.of_all - self._mine, told.of_some if within or not told.is_open else _NOT_KNOWN

    def spared(self, document: int | None, since: Mark) -> bool:
        """Tell whether all that others wrote since then was of other documents, as they told.

        Args:
            document: a row key; None for what no candidates belong to. since: taken before the first word was read.
        """
        of_all, of_some = self.now(within=True)
        if since.of_some == _NOT_KNOWN or of_all != since.of_all or of_some == since.of_some:
            return False
        return document is None or self._told.last.get(document, 0) <= since.of_some
