"""Sets of words, written as they are read: with blanks between. Data lives beside those who use it."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """Give the words of a text as a set, split at blanks and line ends."""
    return frozenset(words.split())
