"""Spells a text out in the tokens that spaCy and Prodigy count in, which leave out only single spaces.

Stored tokens may leave blanks between them; here each run of blanks, but for one space after a token, becomes
a token of its own, as spaCy's own tokenizers do. Also here: where a span lies in those tokens.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.model.annotation import Fragments
from annotator.model.document import Tokens

_RUNS = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """The tokens of a whole text.

    Args:
        starts, ends: code points of each token. spaces: whether one space follows it, which is in no token.
        own: for each token of the document, its index here; None where they are the same.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    spaces: Sequence[bool]
    own: Sequence[int] | None

    def place(self, fragments: Fragments) -> tuple[int, int] | None:
        """Give the tokens (first, last + 1) of a span of one piece that lies on token borders, else None."""
        if len(fragments) != 1:
            return None
        start, end = fragments[0]
        first, last = bisect_left(self.starts, start), bisect_left(self.ends, end)
        if first >= len(self.starts) or last >= len(self.ends):
            return None
        return (first, last + 1) if self.starts[first] == start and self.ends[last] == end else None

    def touched(self, fragments: Fragments) -> list[int]:
        """List the tokens that share a character with a span."""
        found: list[int] = []
        tokens = Tokens(self.starts, self.ends)
        for start, end in fragments:
            first, last = tokens.covering(start, end)
            found.extend(range(first, last))
        return found


def spelled_out(text: str, tokens: Tokens) -> Spelling:
    """Spell a text out; what no token covers becomes tokens of its own, so that nothing is lost."""
    begins = [*tokens.starts, len(text)][1:]
    gaps = [text[end:start] for end, start in zip(tokens.ends, begins, strict=True)]
    if gaps and tokens.starts[0] == 0 and {"", " "}.issuperset(gaps):  # as nearly always
        return Spelling(tokens.starts, tokens.ends, list(map(bool, gaps)), None)
    starts: list[int] = []
    ends: list[int] = []
    spaces: list[bool] = []
    own: list[int] = []
    at = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        if start != at:
            _fill(text, (at, start), starts=starts, ends=ends, spaces=spaces)
        own.append(len(starts))
        starts.append(start)
        ends.append(end)
        spaces.append(False)
        at = end
    if at != len(text):
        _fill(text, (at, len(text)), starts=starts, ends=ends, spaces=spaces)
    return Spelling(starts, ends, spaces, None if len(own) == len(starts) else own)


def _fill(text: str, gap: tuple[int, int], *, starts: list[int], ends: list[int], spaces: list[bool]) -> None:
    start, end = gap
    if starts and text[start] == " ":
        spaces[-1] = True
        start += 1
    if start == end:
        return
    for run in _RUNS.finditer(text, start, end):
        first = run.start()
        if text[first] == " " and starts and not spaces[-1]:
            spaces[-1] = True
            first += 1
        if first < run.end():
            starts.append(first)
            ends.append(run.end())
            spaces.append(False)
