"""Where sentences begin: a rule over tokens, the same for every language; no library is needed.

A paragraph's end always begins a sentence. Else one ends at `.`, `!`, `?` and their like in other scripts, together
with the closing quotes and brackets that touch it, unless the next word begins small.
"""

from __future__ import annotations

from collections.abc import Sequence

from annotator.suggest.word_sets import word_set

RULES = 1
"""Number of this set of rules; part of a tokenizer's name."""

_ENDS = frozenset(".!?…‼⁇⁈⁉。．！？｡؟۔।॥։።")
_CLOSERS = frozenset("\"'’”»›)]}」』】〉》）｣“")
_PARAGRAPH_ENDS = frozenset("\n\r\u2028\u2029")
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
    found: list[int] = []
    ended = True
    after = 0
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        gap = text[after:start]
        if gap not in {"", " "} and not _PARAGRAPH_ENDS.isdisjoint(gap):
            ended = True
            found.append(index)
        elif index == 0 or (ended and not _goes_on(text, start, touching=not gap)):
            found.append(index)
        word = text[start:end]
        closes = ended and not gap and found[-1] != index and all(each in _CLOSERS for each in word)
        if not closes:
            is_end = all(each in _ENDS for each in word)
            ended = is_end or (word[-1] == "." and _opens_after_abbreviation(text, end))
        after = end
    return found


def _goes_on(text: str, start: int, *, touching: bool) -> bool:
    """Tell whether a token after an end belongs to the sentence that ended."""
    character = text[start]
    if character in _ENDS or (touching and character in _CLOSERS):
        return True
    following = next((each for each in text[start : start + 8] if each.isalnum()), "")
    return following.islower()


def _opens_after_abbreviation(text: str, end: int) -> bool:
    following = text[end : end + 12].split(maxsplit=1)
    return bool(following) and text[end : end + 1].isspace() and following[0] in _OPENING_WORDS
