"""Which letters stand on the partners of a relation. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

ALPHABET = "SDFGHJKLERTUIONCVB"
SINGLE = 14
"""So many get one letter; the rest of the alphabet begins pairs."""


def letters_for(count: int) -> list[str]:
    """Give letters for as many partners, nearest first; those beyond what pairs can name get none (empty)."""
    if count <= len(ALPHABET):
        # Nothing has to begin a pair, so every letter can stand alone.
        return list(ALPHABET[:count])
    singles = list(ALPHABET[:SINGLE])
    pairs = [first + second for first in ALPHABET[SINGLE:] for second in ALPHABET]
    names = singles + pairs
    return (names + [""] * count)[:count]


def matches(letters: Sequence[str], typed: str) -> list[int]:
    """Give the indexes of the partners whose letters begin with what was typed."""
    return [index for index, name in enumerate(letters) if name and name.startswith(typed)]
