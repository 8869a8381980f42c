"""Converts text offsets at the borders of the program, and knows where a text must not be cut.

Inside, an offset is always a code point, end exclusive. Qt and Java tools count UTF-16 units, some servers
count grapheme clusters; only this module turns one into the other. Nothing is built for a text that needs nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

_ZERO_WIDTH_JOINER = "\u200d"
_JOINING = re.compile("[^\x00-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]")
"""Not letters and signs of Latin script: none of those is a part of a longer character."""
_LATIN = bytes(range(0xCC))
"""The bytes of UTF-8 in which letters of Latin script are written, and signs up to U+02FF."""


class Utf16Map:
    """Convert between code points and UTF-16 units of one text.

    Keeps the sorted positions of the astral characters; a text without any costs one scan and no memory.
    """

    __slots__ = ("_astral",)

    def __init__(self, text: str) -> None:
        self._astral: list[int] = []
        # In UTF-16 those alone take more than two bytes; counting is quicker than looking for them.
        if not text.isascii() and len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text):
            self._astral = [index for index, character in enumerate(text) if character > "\uffff"]

    @property
    def is_identity(self) -> bool:
        """Tell whether both counts agree everywhere."""
        return not self._astral

    def to_utf16(self, code_point: int) -> int:
        """Give the UTF-16 offset of a code point offset."""
        return code_point + bisect_left(self._astral, code_point) if self._astral else code_point

    def to_code_point(self, unit: int) -> int:
        """Give the code point offset of a UTF-16 offset; inside a surrogate pair, the start of the pair."""
        if not self._astral:
            return unit
        low, high = 0, len(self._astral)
        while low < high:  # the number of astral characters that end at or before the unit
            middle = (low + high) // 2
            if self._astral[middle] + middle + 2 <= unit:
                low = middle + 1
            else:
                high = middle
        if low < len(self._astral) and self._astral[low] + low + 1 == unit:
            return self._astral[low]
        return unit - low


class GraphemeMap:
    """Convert between code points and grapheme clusters of one text."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = grapheme_starts(text)
        self._starts.append(len(text))

    def to_grapheme(self, code_point: int) -> int:
        """Give the number of grapheme clusters that begin before the code point."""
        return bisect_left(self._starts, code_point)

    def to_code_point(self, grapheme: int) -> int:
        """Give the code point at which a grapheme cluster begins.

        Raises:
            IndexError: the text has fewer grapheme clusters.
        """
        return self._starts[grapheme]


def is_grapheme_border(text: str, offset: int) -> bool:
    """Tell whether cutting the text at a code point offset leaves every grapheme cluster whole."""
    if offset <= 0 or offset >= len(text):
        return True
    before, after = text[offset - 1], text[offset]
    if after.isascii() and before.isascii():
        return not (before == "\r" and after == "\n")
    if not _joins(before, after):
        return True
    if not (_is_regional(before) and _is_regional(after)):
        return False
    run = offset - 1
    while run >= 0 and _is_regional(text[run]):
        run -= 1
    return (offset - 1 - run) % 2 == 0


def may_join(text: str) -> bool:
    """Tell whether any two neighbours of a text, line ends apart, may be parts of one character as people see it."""
    if text.isascii() or not text.encode("utf-8", "surrogatepass").translate(None, _LATIN):  # quicker to tell
        return False
    return _JOINING.search(text) is not None


def whole_graphemes(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch of a text until it cuts no grapheme cluster (a line end of two is one)."""
    while not is_grapheme_border(text, start):
        start -= 1
    while not is_grapheme_border(text, end):
        end += 1
    return start, end


def grapheme_starts(text: str) -> list[int]:
    """List the code point offsets at which grapheme clusters begin (Unicode Annex 29, extended clusters)."""
    if text.isascii() and "\r" not in text:
        return list(range(len(text)))
    starts = []
    regional = 0
    for index, character in enumerate(text):
        if index == 0:
            starts.append(0)
        elif _is_regional(character) and _is_regional(text[index - 1]):
            if regional % 2 == 0:
                starts.append(index)
        elif not _joins(text[index - 1], character):
            starts.append(index)
        regional = regional + 1 if _is_regional(character) else 0
    return starts


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _joins(before: str, after: str) -> bool:
    """Tell whether two neighbouring characters belong to one grapheme cluster (regional pairs: say yes)."""
    if before == "\r":
        return after == "\n"
    if after in "\r\n\u2028\u2029" or (before.isascii() and after.isascii()):
        return False
    joined = (
        _extends(after)
        or (before == _ZERO_WIDTH_JOINER and _is_pictographic(after))
        or (_is_regional(before) and _is_regional(after))
        or _is_hangul_pair(before, after)
        or _is_virama_pair(before, after)
    )
    if joined:
        return not _is_control(before)
    return _is_prepended(before) and not _is_control(after)


def _extends(character: str) -> bool:
    if character.isascii():
        return False
    if character == _ZERO_WIDTH_JOINER or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    if "\U000e0020" <= character <= "\U000e007f" or character in "\u200c\uff9e\uff9f\u0e33\u0eb3":
        return True
    return unicodedata.category(character) in ("Mn", "Me", "Mc")


def _is_control(character: str) -> bool:
    """Tell whether a character keeps even combining marks off: controls, line ends, invisible formats."""
    if _extends(character) or _is_prepended(character):
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def _is_pictographic(character: str) -> bool:
    """Approximate Extended_Pictographic, which the standard library does not carry, by symbol blocks."""
    if character in "©®ℹ〰":
        return True
    return character >= "\u203c" and unicodedata.category(character) in ("So", "Po", "Sm", "Cn")


def _is_hangul_pair(before: str, after: str) -> bool:
    leading, following = ord(before), ord(after)
    is_syllable = 0xAC00 <= leading <= 0xD7A3
    if 0x1100 <= leading <= 0x115F or 0xA960 <= leading <= 0xA97C:
        is_initial = 0x1100 <= following <= 0x115F or 0xA960 <= following <= 0xA97C
        return is_initial or _is_vowel_jamo(following) or 0xAC00 <= following <= 0xD7A3
    if _is_vowel_jamo(leading) or (is_syllable and (leading - 0xAC00) % 28 == 0):
        return _is_vowel_jamo(following) or _is_final_jamo(following)
    return (_is_final_jamo(leading) or is_syllable) and _is_final_jamo(following)


def _is_vowel_jamo(code: int) -> bool:
    return 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6


def _is_final_jamo(code: int) -> bool:
    return 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB


_VIRAMAS = "\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d"
_VIRAMA_BLOCKS = frozenset(ord(virama) >> 7 for virama in _VIRAMAS)


def _is_virama_pair(before: str, after: str) -> bool:
    """Join consonant conjuncts of the Indic scripts for which Annex 29 rule GB9c does.

    The blocks of these scripts are laid out alike: consonants have the same places in each.
    """
    if before not in _VIRAMAS or ord(after) >> 7 not in _VIRAMA_BLOCKS:
        return False
    place = ord(after) & 0x7F
    return 0x15 <= place <= 0x39 or 0x58 <= place <= 0x5F


def _is_prepended(character: str) -> bool:
    return "\u0600" <= character <= "\u0605" or character in "\u06dd\u070f\u08e2\u0d4e"
