"""Words of messages: what somebody else chose (titles, labels, names) is shown as what it is, numbers get a noun."""

from __future__ import annotations

import unicodedata

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing, also of what stands behind them."""


def is_unprintable(character: str) -> bool:
    """Tell whether a character would change how what stands round it is shown, instead of being shown."""
    return character in TURNING or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def printable(text: str, *, limit: int = 0) -> str:
    """Give a text for one line of a screen or terminal; one longer than `limit` is cut.

    Line ends, control characters and marks that turn the direction are spelled out; letters of every script stay.
    """
    if limit and len(text) > limit:
        text = text[:limit] + "…"
    if text.isprintable():
        return text
    return "".join(_spelled(sign) if is_unprintable(sign) else sign for sign in text)


def _spelled(sign: str) -> str:
    return {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(sign) or f"\\u{ord(sign):04x}"


def counted(count: int, one: str, many: str = "") -> str:
    """Give a number with its noun: `1 span`, `1,204 spans`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
