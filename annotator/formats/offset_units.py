"""Works out in which unit a file counts its offsets, and turns them into code points.

Programs count code points, UTF-16 units or characters as people see them (grapheme clusters), and some name the last
place instead of the one after it. Where a file gives the words of a span, the words decide; where it gives none,
spans that begin and end at word borders do. For most texts every way of counting gives the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.formats.base import ReadOptions, Reporter, option
from annotator.model.offsets import GraphemeMap, Utf16Map, may_join
from annotator.model.wording import counted

AUTO = "auto"
ENOUGH = 200
"""Places that tell ways of counting apart, after which no more are asked for."""


class Unit(StrEnum):
    """What an offset counts."""

    CODE_POINTS = "code points"
    UTF16 = "UTF-16 units"
    GRAPHEMES = "graphemes"


@dataclass(frozen=True, slots=True)
class Counting:
    """A way of counting: the unit, and whether `end` names the last place rather than the one after it."""

    unit: Unit = Unit.CODE_POINTS
    inclusive: bool = False

    @property
    def told(self) -> str:
        """Say it in words."""
        return f"{self.unit.value}, ends included" if self.inclusive else self.unit.value


PLAIN = Counting()
"""How this program counts."""
EXCLUSIVE = tuple(Counting(unit) for unit in Unit)
ALL = (*EXCLUSIVE, *(Counting(unit, inclusive=True) for unit in Unit))
_CHOICES = (AUTO, *(unit.value for unit in Unit))


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetOptions(ReadOptions):
    """Read options of formats whose offsets may count one thing or another."""

    offsets: str = option(
        default=AUTO,
        title="Offsets",
        about="What the offsets count; auto finds it out from the texts.",
        choices=_CHOICES,
    )

    @property
    def chosen(self) -> Counting | None:
        """Give the way of counting that was asked for, None where it is to be found out."""
        return None if self.offsets == AUTO else Counting(Unit(self.offsets))


def is_plain(text: str, counting: Counting, *, is_simple: bool = False) -> bool:
    """Tell at a glance that offsets in a text, counted in a way, are code points, end exclusive.

    Args:
        is_simple: it is known that no two neighbours in the text are parts of one character (`cuts_nothing`).
    """
    if counting.inclusive:
        return False
    if is_simple or counting.unit is Unit.CODE_POINTS:
        return True
    return (
        Utf16Map(text).is_identity if counting.unit is Unit.UTF16 else "\r" not in text and not may_join(text)
    )


_LATIN = bytes([*range(ord("\\")), *range(ord("\\") + 1, 0xCC)])
_SIGNS = re.compile(rb"\xe2..", re.DOTALL)
_USUAL = frozenset(sign.encode() for sign in "‐‑‒–—―‘’‚“”„†‡•…‹›€")


def may_differ(line: bytes) -> bool:
    """Tell at a glance at a line of JSON in UTF-8 whether ways of counting may differ in its text, ends apart.

    They do not in Latin script with its usual signs, which no longer character is made of.
    """
    odd = line.translate(None, _LATIN)
    if not odd:
        return False
    if odd.strip(b"\\\xe2") or b"\\u" in line or b"\\r" in line:
        return True
    return not _USUAL.issuperset(_SIGNS.findall(line))


class Places:
    """Turns offsets of one text into code points; what a unit needs is made once."""

    __slots__ = ("_graphemes", "_text", "_utf16")

    def __init__(self, text: str) -> None:
        self._text = text
        self._utf16: Utf16Map | None = None
        self._graphemes: GraphemeMap | None = None

    def pair(self, start: int, end: int, counting: Counting) -> tuple[int, int] | None:
        """Give a stretch in code points, end exclusive; None where the text has no such places.

        Reversed and empty stretches are given as they are: what to make of them is the caller's matter.
        """
        if counting.inclusive:
            end += 1
        first, last = self._code_point(start, counting.unit), self._code_point(end, counting.unit)
        return None if first is None or last is None else (first, last)

    def _code_point(self, offset: int, unit: Unit) -> int | None:
        if offset < 0:
            return None
        if unit is Unit.UTF16:
            if self._utf16 is None:
                self._utf16 = Utf16Map(self._text)
            found = self._utf16.to_code_point(offset)
            # The middle of a character is no place in this text.
            return found if found <= len(self._text) and self._utf16.to_utf16(found) == offset else None
        if unit is Unit.GRAPHEMES:
            if self._graphemes is None:
                self._graphemes = GraphemeMap(self._text)
            try:
                return self._graphemes.to_code_point(offset)
            except IndexError:
                return None
        return offset if offset <= len(self._text) else None


@dataclass(slots=True)
class Votes:
    """Gathers what the spans of a file show of its way of counting.

    Args:
        ways: ways of counting that come into question, the format's own rule first.
    """

    ways: Sequence[Counting] = EXCLUSIVE
    asked: int = 0
    _by_words: Counter[Counting] = field(default_factory=Counter)
    _by_borders: Counter[Counting] = field(default_factory=Counter)
    _with_words: int = 0

    def add(self, text: str, spans: Iterable[tuple[int, int, str | None]]) -> None:
        """Look at the spans of a text: start, end, and the words where the file gives them."""
        if all(is_plain(text, way) for way in self.ways):
            return
        places = Places(text)
        for start, end, words in spans:
            pairs = [places.pair(start, end, way) for way in self.ways]
            if len(set(pairs)) == 1:
                continue
            self.asked += 1
            if words is not None:
                self._with_words += 1
            for way, pair in zip(self.ways, pairs, strict=True):
                if pair is None or not pair[0] < pair[1]:
                    continue
                if words is not None:
                    there = text[pair[0] : pair[1]]
                    # Blanks at the ends are taken off by some programs, and say less.
                    self._by_words[way] += (there == words) + (there.strip() == words.strip())
                else:
                    self._by_borders[way] += _is_at_borders(text, *pair)

    @property
    def has_enough(self) -> bool:
        """Tell whether further spans would change nothing."""
        return self.asked >= ENOUGH

    def result(self) -> tuple[Counting, bool]:
        """Give the way of counting, and whether the texts leave no doubt of it; without any sign, the first."""
        votes = self._by_words if self._with_words else self._by_borders
        most = max((votes[way] for way in self.ways), default=0)
        best = [way for way in self.ways if votes[way] == most]
        return best[0], not self.asked or len(best) == 1

    def tell(self, reporter: Reporter, name: str) -> Counting:
        """Report what was found where it is not the format's own rule or not sure, and give it."""
        way, is_sure = self.result()
        places = counted(self.asked, "place")
        if not is_sure:
            reporter.repaired(
                f"Whether {name} counts {_either(self.ways)} cannot be told from {places} where it matters; "
                f"{way.told} were taken. Look at texts with emoji or accents, or say which it is."
            )
        elif way != self.ways[0]:
            reporter.repaired(f"{name} counts in {way.told}; that was found out from {places}.")
        return way


def _either(ways: Sequence[Counting]) -> str:
    return ", ".join(way.told for way in ways[:-1]) + f" or {ways[-1].told}"


def _is_at_borders(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch looks like whole words: no blank at its ends, no word cut."""
    if text[start].isspace() or text[end - 1].isspace():
        return False
    return not _is_within_word(text, start) and not _is_within_word(text, end)


def _is_within_word(text: str, offset: int) -> bool:
    return 0 < offset < len(text) and text[offset - 1].isalnum() and text[offset].isalnum()
