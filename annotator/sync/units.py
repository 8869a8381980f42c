"""What the offsets of a server count: code points, UTF-16 units or graphemes; there and back, and which it is.

Its window counts UTF-16 units, or graphemes where a project says so, and the server converts nothing: what other
programs uploaded counts what they like. Where texts tell the ways apart, spans that stand at word borders decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.model.offsets import GraphemeMap, Utf16Map, is_grapheme_border, may_join

ENOUGH = 200
"""Spans that tell ways of counting apart, after which no more are asked for."""


class Unit(StrEnum):
    """What an offset counts."""

    CODE_POINTS = "code points"
    UTF16 = "utf-16"
    GRAPHEMES = "graphemes"


def is_plain(text: str) -> bool:
    """Tell whether offsets in a text are the same in every unit."""
    return text.isascii() and "\r" not in text


def agree(text: str, units: Iterable[Unit]) -> bool:
    """Tell at a glance whether these units give the same offsets everywhere in a text; False where they may not."""
    if is_plain(text):
        return True
    wanted = set(units)
    if Unit.GRAPHEMES in wanted and ("\r" in text or may_join(text)):
        return False
    return Unit.UTF16 not in wanted or Utf16Map(text).is_identity


class Offsets:
    """Converts offsets of one text between code points and a unit; what that needs is made when it is asked for."""

    __slots__ = ("_graphemes", "_length", "_unit", "_utf16")

    def __init__(self, text: str, unit: Unit) -> None:
        self._length = len(text)
        self._unit = Unit.CODE_POINTS if agree(text, (unit, Unit.CODE_POINTS)) else unit
        self._utf16 = Utf16Map(text) if self._unit is Unit.UTF16 else None
        self._graphemes = GraphemeMap(text) if self._unit is Unit.GRAPHEMES else None

    def here(self, start: int, end: int) -> tuple[int, int] | None:
        """Turn a stretch of the server's into code points; None where the text has no such stretch."""
        if start < 0 or start >= end:
            return None
        first, last = self._point(start), self._point(end)
        return None if first is None or last is None or first >= last else (first, last)

    def there(self, start: int, end: int) -> tuple[int, int] | None:
        """Turn code points into the server's stretch; None where it cannot name that place."""
        if self._utf16 is not None:
            found = self._utf16.to_utf16(start), self._utf16.to_utf16(end)
        elif self._graphemes is not None:
            found = self._graphemes.to_grapheme(start), self._graphemes.to_grapheme(end)
        else:
            found = start, end
        return found if self.here(*found) == (start, end) else None

    def _point(self, offset: int) -> int | None:
        if self._utf16 is not None:
            found = self._utf16.to_code_point(offset)
            # The middle of a character is no place in this text.
            return found if found <= self._length and self._utf16.to_utf16(found) == offset else None
        if self._graphemes is not None:
            try:
                return self._graphemes.to_code_point(offset)
            except IndexError:
                return None
        return offset if offset <= self._length else None


@dataclass(slots=True)
class Votes:
    """Gathers what the spans of a server show of its way of counting.

    Args:
        units: those that come into question, the one its window uses first.
    """

    units: tuple[Unit, ...]
    asked: int = 0
    _votes: Counter[Unit] = field(default_factory=Counter)

    def add(self, text: str, spans: Iterable[tuple[int, int]]) -> None:
        """Look at the spans of a text."""
        ways = {unit: Offsets(text, unit) for unit in self.units}
        for start, end in spans:
            found = {unit: way.here(start, end) for unit, way in ways.items()}
            if len(set(found.values())) > 1:
                self.asked += 1
                for unit, pair in found.items():
                    self._votes[unit] += pair is not None and _is_at_borders(text, *pair)

    @property
    def has_enough(self) -> bool:
        """Tell whether further spans would change nothing."""
        return self.asked >= ENOUGH

    @property
    def unit(self) -> Unit:
        """Give the unit that most spans fit; among equals the one its window uses."""
        most = max(self._votes[unit] for unit in self.units)
        return next(unit for unit in self.units if self._votes[unit] == most)

    @property
    def is_sure(self) -> bool:
        """Tell whether one unit alone fits best."""
        most = max(self._votes[unit] for unit in self.units)
        return not self.asked or sum(self._votes[unit] == most for unit in self.units) == 1


def units_of(*, counts_graphemes: bool) -> tuple[Unit, ...]:
    """Give the units in which a project may count, the one of its window first."""
    if counts_graphemes:
        return (Unit.GRAPHEMES, Unit.UTF16, Unit.CODE_POINTS)
    return (Unit.UTF16, Unit.CODE_POINTS)


def _is_at_borders(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch looks like whole words: no blank at its ends, no word or character cut."""
    if text[start].isspace() or text[end - 1].isspace():
        return False
    return not any(_is_within(text, offset) for offset in (start, end))


def _is_within(text: str, offset: int) -> bool:
    if not 0 < offset < len(text):
        return False
    return (text[offset - 1].isalnum() and text[offset].isalnum()) or not is_grapheme_border(text, offset)
