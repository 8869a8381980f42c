"""Where words stand in a text, as a person expects to find them. Pure: no Qt, no document.

Case is not looked at unless asked for. Letters without an accent find those with one, an accent that was typed
means that accent; plain quotes and hyphens find the typographic ones. Offsets are code points of the text itself: a
pattern is made of the signs that the text holds, the text is never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.model.annotation import Fragment

STRETCH = 65_536
"""Code points that are searched in one go; a few milliseconds."""
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
"""Accents and the points of Hebrew and Arabic; the vowels of Thai or Devanagari are letters."""
_IS_MARK = re.compile(f"[{_MARKS}]")
_MOST_MARKS = 8
_MOST_BLANKS = 99
_PLAIN = {
    **dict.fromkeys("‘’‚‛ʼ′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—−", "-"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How words are found: `match_case` as they were typed, `whole_words` between word borders."""

    match_case: bool = False
    whole_words: bool = False


ANY = Options()


class Alphabet:
    """The signs of a text, by what they are found as."""

    def __init__(self, text: str) -> None:
        self._signs = frozenset(text)
        self.has_marks = any(map(_IS_MARK.match, self._signs))
        self._by_fold: dict[Options, tuple[dict[str, str], dict[str, str]]] = {}

    def found_as(self, options: Options) -> tuple[dict[str, str], dict[str, str]]:
        """Give the signs that are found as some letters, accents not looked at, and those with their accents."""
        key = Options(match_case=options.match_case)
        found = self._by_fold.get(key)
        if found is None:
            loose: defaultdict[str, str] = defaultdict(str)
            exact: defaultdict[str, str] = defaultdict(str)
            for sign in sorted(self._signs):
                loose[_folded(_bare(sign), options)] += sign
                exact[_folded(sign, options)] += sign
            found = self._by_fold[key] = dict(loose), dict(exact)
        return found


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for in one text: its pattern, and the most code points that a hit can have."""

    pattern: re.Pattern[str]
    longest: int

    def stretches(self, text: str, *, size: int = STRETCH) -> Iterator[list[Fragment]]:
        """Give the hits of one stretch of the text after the other; none is cut where two stretches meet."""
        begin, search = 0, self.pattern.search
        for end in range(size, len(text) + size, size):
            stop = min(len(text), end + self.longest + 1)
            found = []
            match = search(text, begin, stop) if begin < end else None
            while match is not None and match.start() < end:
                found.append(Fragment(match.start(), match.end()))
                begin = match.end()
                match = search(text, begin, stop) if begin < end else None
            begin = max(begin, min(end, len(text)))
            yield found


def query_for(words: str, alphabet: Alphabet, options: Options = ANY, *, apart: bool = False) -> Query | None:
    """Make what finds words in a text with this alphabet; None where there is nothing to look for.

    Blanks between words stand for any blanks. `apart` finds any one of the words, as the index of words does: each
    whole, but the last may go on.
    """
    parts = [part for part in words.split() if not apart or any(map(str.isalnum, part))]
    if not parts:
        return None
    made = [_part_pattern(part, alphabet, options) for part in parts]
    longest = sum(longest for _, longest in made) + _MOST_BLANKS * (len(parts) - 1)
    if apart:
        each = [rf"(?<!\w){pattern}(?!\w)" for pattern, _ in made[:-1]] + [rf"(?<!\w){made[-1][0]}\w{{0,99}}"]
        return Query(re.compile("|".join(each)), longest + 99)
    pattern = rf"\s{{1,{_MOST_BLANKS}}}".join(pattern for pattern, _ in made)
    if options.whole_words:
        before = r"(?<!\w)" if parts[0][0].isalnum() else ""
        after = r"(?!\w)" if _bare(parts[-1])[-1:].isalnum() else ""
        pattern = before + pattern + after
    return Query(re.compile(pattern), longest)


def find_all(
    text: str, words: str, options: Options = ANY, *, limit: int | None = None, apart: bool = False
) -> list[Fragment]:
    """List where words stand in a text, in reading order, `limit` of them at most."""
    query = query_for(words, Alphabet(text), options, apart=apart)
    found: list[Fragment] = []
    for hits in query.stretches(text) if query is not None else ():
        found += hits
        if limit is not None and len(found) >= limit:
            return found[:limit]
    return found


def _part_pattern(part: str, alphabet: Alphabet, options: Options) -> tuple[str, int]:
    """Make the pattern of what was typed without blanks, and the most code points it matches."""
    loose, exact = alphabet.found_as(options)
    marks = f"[{_MARKS}]{{0,{_MOST_MARKS}}}" if alphabet.has_marks else ""
    pieces = []
    plain = ""
    for sign in unicodedata.normalize("NFC", part):
        if _bare(sign) == sign:
            plain += _folded(sign, options)
            continue
        pieces += _loose_pieces(plain, loose, marks)
        plain = ""
        pieces.append(_accented_piece(sign, loose, exact, options))
    pieces += _loose_pieces(plain, loose, marks)
    return "".join(pieces), len(pieces) * (_MOST_MARKS + 2)


def _loose_pieces(folded: str, loose: dict[str, str], marks: str) -> list[str]:
    """Match folded letters one by one, or several by the one sign that stands for them (`ß`, `ﬁ`)."""
    several = sorted((key for key in loose if len(key) > 1), key=len, reverse=True)
    pieces, at = [], 0
    while at < len(folded):
        one = next((key for key in several if folded.startswith(key, at)), "")
        if one:
            apart = "".join(_class(loose.get(letter, letter)) for letter in one)
            pieces.append(f"(?:{_class(loose[one])}|{apart}){marks}")
        else:
            pieces.append(_class(loose.get(folded[at], folded[at])) + marks)
        at += max(1, len(one))
    return pieces


def _accented_piece(sign: str, loose: dict[str, str], exact: dict[str, str], options: Options) -> str:
    """Match a sign with the accent that was typed, in one code point or in several; or the accent alone."""
    bare = _bare(sign)
    if not bare:
        return re.escape(sign)
    whole = _class(exact.get(_folded(sign, options), sign))
    accents = "".join(each for each in unicodedata.normalize("NFD", sign) if _IS_MARK.match(each))
    base = _folded(bare, options)
    return f"(?:{whole}|{_class(loose.get(base, base))}{accents})"


def _bare(sign: str) -> str:
    """Take the accents off."""
    if sign.isascii():
        return sign
    taken = _IS_MARK.sub("", unicodedata.normalize("NFD", sign))
    return unicodedata.normalize("NFC", taken)


def _folded(sign: str, options: Options) -> str:
    plain = _PLAIN.get(sign, sign)
    return plain if options.match_case else plain.casefold()


def _class(signs: str) -> str:
    return re.escape(signs) if len(signs) == 1 else f"[{re.escape(signs)}]"
