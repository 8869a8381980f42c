"""The words before and after a place, as one line that shows where it stands; no word is cut."""

from __future__ import annotations

import re

ROOM = 40
"""Code points taken at most on either side."""
_FIRST, _LAST = re.compile(r"\A\S*\s"), re.compile(r"\s\S*\Z")


def words_before(text: str, end: int) -> str:
    """Give the whole words before a place that begins at `end` (code points); a longer word is cut."""
    near = text[max(0, end - ROOM - 1) : end]
    return one_line(_FIRST.sub("", near) if end > ROOM else near)


def words_after(text: str, start: int) -> str:
    """Give the whole words after a place that ends at `start` (code points); a longer word is cut."""
    near = text[start : start + ROOM + 1]
    return one_line(_LAST.sub("", near) if start + ROOM < len(text) else near)


def one_line(words: str) -> str:
    """Put a blank where lines end."""
    return " ".join(words.replace("\0", " ").splitlines())
