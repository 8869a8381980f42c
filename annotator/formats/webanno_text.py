"""Puts the text of a WebAnno TSV file together from its sentences, and finds the place of every row in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.formats.base import Reporter
from annotator.formats.offset_units import Counting, Places, Unit, Votes
from annotator.model.document import Tokens
from annotator.model.offsets import GraphemeMap, Utf16Map
from annotator.model.wording import counted

_RULE = (Counting(Unit.UTF16), Counting(Unit.CODE_POINTS))
"""Ways of counting that come into question, the format's own first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its line and id, its offsets as they stand there, its words, and all its cells."""

    line: int
    id: str
    start: int
    end: int
    words: str
    cells: list[str]

    @property
    def is_token(self) -> bool:
        """Tell whether it is a token and no part of one."""
        return "." not in self.id


@dataclass(slots=True)
class _Sentence:
    line: int
    text: str
    rows: list[Row] = field(default_factory=list)


class TextBuilder:
    """Takes the sentences and rows of a file and puts the text together."""

    def __init__(self, reporter: Reporter, name: str, counting: Counting | None) -> None:
        self._reporter = reporter
        self._name = name
        self._counting = counting
        self._sentences: list[_Sentence] = []
        self.size = 0

    @property
    def rows(self) -> list[Row]:
        """Give all rows in their order."""
        return [row for sentence in self._sentences for row in sentence.rows]

    def sentence(self, line: int, text: str) -> None:
        """Take a line of text: of a new sentence, or a further line of the one whose rows are still to come."""
        self.size += len(text) + 1
        if self._sentences and not self._sentences[-1].rows:
            self._sentences[-1].text += f"\n{text}"
        else:
            self._sentences.append(_Sentence(line, text))

    def row(self, row: Row) -> None:
        """Take a row."""
        if not self._sentences:
            self._sentences.append(_Sentence(row.line, ""))
        self.size += len(row.words)
        self._sentences[-1].rows.append(row)

    def finished(self) -> tuple[str, Tokens, list[tuple[int, int]]] | None:
        """Give the text, its tokens, and the place of every row in code points; None where there is no text."""
        for sentence in self._sentences:
            if not sentence.text.strip() and sentence.rows:
                sentence.text = " ".join(row.words for row in sentence.rows if row.is_token)
                here = self._reporter.at(line=sentence.line)
                here.repaired("This sentence has no text of its own; it was made of its tokens.")
        counting = self._counting or self._found_counting()
        pieces: list[str] = []
        starts, ends, firsts = list[int](), list[int](), list[int]()
        places: list[tuple[int, int]] = []
        at, odd, after = 0, 0, 0
        for sentence in self._sentences:
            lead, base = _base(sentence, counting)
            gap = max(0, base - lead - after) if pieces else 0
            blanks = ("\n" * gap if gap > 1 else " " * gap) if gap < 1_000 else "\n\n"
            pieces += (blanks, sentence.text)
            at += len(blanks)
            found, lost = _placed(sentence, base - lead, counting)
            odd += lost
            if any(row.is_token for row in sentence.rows):
                firsts.append(len(starts))
            for row, (start, end) in zip(sentence.rows, found, strict=True):
                places.append((at + start, at + end))
                if row.is_token and start < end and (not ends or at + start >= ends[-1]):
                    starts.append(at + start)
                    ends.append(at + end)
            at += len(sentence.text)
            after = base - lead + _length(sentence.text, counting)
        if odd:
            self._reporter.repaired(
                f"The offsets of {counted(odd, 'row')} are not those of their words there."
            )
        text = "".join(pieces)
        firsts = [first for first in dict.fromkeys(firsts) if first < len(starts)]
        return (text, Tokens(starts, ends, firsts, "source"), places) if text.strip() else None

    def _found_counting(self) -> Counting:
        votes = Votes(_RULE)
        for sentence in self._sentences:
            if votes.has_enough:
                break
            _, base = _base(sentence, _RULE[0])
            votes.add(
                sentence.text.lstrip(),
                [(row.start - base, row.end - base, row.words) for row in sentence.rows],
            )
        return votes.tell(self._reporter, self._name)


def _base(sentence: _Sentence, counting: Counting) -> tuple[int, int]:
    """Give how long the blanks before the first token are, and its offset: where the sentence is in the document."""
    if not sentence.rows:
        return 0, 0
    text, words = sentence.text, sentence.rows[0].words
    lead = 0 if words and text.startswith(words) else len(text) - len(text.lstrip())
    return _length(text[:lead], counting), sentence.rows[0].start


def _length(text: str, counting: Counting) -> int:
    if text.isascii() and "\r" not in text:
        return len(text)
    if counting.unit is Unit.UTF16:
        return Utf16Map(text).to_utf16(len(text))
    return GraphemeMap(text).to_grapheme(len(text)) if counting.unit is Unit.GRAPHEMES else len(text)


def _placed(sentence: _Sentence, base: int, counting: Counting) -> tuple[list[tuple[int, int]], int]:
    """Give the place of each row in the text of its sentence, and for how many the words had to be looked for."""
    text, places = sentence.text, Places(sentence.text)
    found: list[tuple[int, int]] = []
    lost, after, token = 0, 0, (0, 0)
    for row in sentence.rows:
        pair = places.pair(row.start - base, row.end - base, counting)
        if pair is None or text[pair[0] : pair[1]] != row.words:
            lost += 1
            start = text.find(row.words, after if row.is_token else token[0])
            pair = (start, start + len(row.words)) if start >= 0 and row.words else (after, after)
        if row.is_token:
            token, after = pair, pair[1]
        found.append(pair)
    return found, lost
