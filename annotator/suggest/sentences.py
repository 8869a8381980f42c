"""Where sentences begin: a rule over tokens, the same for every language; no library is needed.

A paragraph's end always begins a sentence. Else one ends at `.`, `!`, `?` and their like in other scripts, together
with the closing quotes and brackets that touch it, unless the next word begins small.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from annotator.suggest.word_sets import word_set

RULES = 1
"""Number of this set of rules; part of a tokenizer's name."""

_ENDS = frozenset(".!?…‼⁇⁈⁉。．！？｡؟۔।॥։።")
_END = re.compile(f"[{re.escape(''.join(_ENDS))}]")
_CLOSERS = frozenset("\"'’”»›)]}」』】〉》）｣“")
_PARAGRAPH_ENDS = "\n\r\u2028\u2029"
_PARAGRAPH_END = re.compile(f"[{_PARAGRAPH_ENDS}]")
_OPENING_WORDS = word_set(
    """
    The This That These Those He She It They We I You In On At But And For From After Before When While
    However Its His Her Their Meanwhile Although If As
    """
)
"""Words that, written large, begin a sentence even after an abbreviation ("... in the U.S. The ...")."""


def sentence_starts(text: str, *, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """Give the indexes of the tokens that begin a sentence, rising; 0 is among them if there are tokens.

    Args:
        text: the whole text.
        starts: code point at which each token begins. ends: code point after each token.
    """
    if not starts:
        return []
    paragraphs = _paragraph_starts(text, starts, ends)
    found = {0, *paragraphs}
    end = 0
    for before in _END.split(text)[:-1]:
        end += len(before) + 1
        index = bisect_left(ends, end)
        if index < len(ends) and ends[index] == end and _is_end(text, starts[index], end):
            following = _start_after(text, starts, ends, index, paragraphs)
            if following is not None:
                found.add(following)
    return sorted(found)


def _paragraph_starts(text: str, starts: Sequence[int], ends: Sequence[int]) -> set[int]:
    """Give the tokens before which a paragraph ends."""
    if not any(each in text for each in _PARAGRAPH_ENDS):
        return set()
    gaps = enumerate(zip(ends, starts[1:], strict=False), start=1)
    return {index for index, (end, start) in gaps if _PARAGRAPH_END.search(text, end, start)}


def _is_end(text: str, start: int, end: int) -> bool:
    """Tell whether a token ends a sentence, if the next one agrees."""
    if end - start == 1 or all(each in _ENDS for each in text[start:end]):  # what is asked for ends with one
        return True
    return text[end - 1] == "." and _opens_after_abbreviation(text, end)


def _start_after(
    text: str, starts: Sequence[int], ends: Sequence[int], index: int, paragraphs: set[int]
) -> int | None:
    """Give the token that begins a sentence behind one that ended; None where that goes on."""
    for following in range(index + 1, len(starts)):
        start = starts[following]
        touching = start == ends[following - 1]
        if following in paragraphs or not _goes_on(text, start, touching=touching):
            return following
        if not touching or any(each not in _CLOSERS for each in text[start : ends[following]]):
            return None
    return None


def _goes_on(text: str, start: int, *, touching: bool) -> bool:
    """Tell whether a token after an end belongs to the sentence that ended."""
    character = text[start]
    if character.isalnum():
        return character.islower()
    if character in _ENDS or (touching and character in _CLOSERS):
        return True
    following = next((each for each in text[start : start + 8] if each.isalnum()), "")
    return following.islower()


def _opens_after_abbreviation(text: str, end: int) -> bool:
    following = text[end : end + 12].split(maxsplit=1)
    return bool(following) and text[end : end + 1].isspace() and following[0] in _OPENING_WORDS
