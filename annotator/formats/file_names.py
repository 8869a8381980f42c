"""Gives documents names of files in one folder, safe on every system, by where the documents came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from annotator.model.record import Record

_LONGEST = 120
"""Most bytes of a name before its number and ending: no system has room for more than 255 in all."""
_NOT_PLAIN = re.compile(r"[^\w.-]+")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Names that Windows keeps for itself, whatever ending they have."""


class FileNames:
    """Gives each document a name of its own, without an ending; no two are the same, whatever their case.

    Args:
        endings: those of sources that say nothing beside what the file will be named, such as `.txt`.
    """

    def __init__(self, endings: Sequence[str]) -> None:
        self._endings = tuple(endings)
        self._used: dict[
            str, int
        ] = {}  # each name so far, and the number at which to go on when asked for it again

    def name_for(self, record: Record) -> str:
        """Give a name made of the document's source, else of its title or id: words, digits, `_`, `-` and `.` alone."""
        plain = self._stem(record.source) or self._stem(record.title) or self._stem(record.id) or "document"
        name, number = plain, self._used.get(_folded(plain), 1)
        while _folded(name) in self._used:
            number += 1
            name = f"{plain}_{number}"
        self._used[_folded(plain)] = number
        self._used.setdefault(_folded(name), 1)
        return name

    def _stem(self, told: str) -> str:
        path = PurePosixPath(told.replace(":", "-"))
        stem = (path.with_suffix("") if path.suffix in self._endings else path).as_posix()
        plain = _NOT_PLAIN.sub("_", unicodedata.normalize("NFC", stem)).strip("._")
        plain = plain.encode("utf-8", "ignore")[:_LONGEST].decode("utf-8", "ignore").strip("._")
        return f"_{plain}" if _DEVICE.match(plain) else plain


def _folded(name: str) -> str:
    return unicodedata.normalize("NFD", name).casefold()
