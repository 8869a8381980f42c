"""Reads files of one token a line with tags: CoNLL-2003, CoNLL-2002 and their kin, in any number of columns.

The text is put together again: one blank between tokens, one line a sentence. Which columns hold tags is seen from
their values; further layers of tags, as nested corpora have them, are read too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from annotator.formats.base import (
    ReadOptions,
    Report,
    Reporter,
    file_name,
    option,
    options_as,
    shown,
    source_of,
)
from annotator.formats.collecting import Collector
from annotator.formats.conll_tags import is_tag, spans_of
from annotator.formats.text_files import lines_of, opened, text_of_head
from annotator.model.annotation import Fragment
from annotator.model.document import State, Tokens, title_of
from annotator.model.limits import TEXT_LIMIT
from annotator.model.record import Record, RecordSpan
from annotator.model.wording import counted

SUFFIXES = (".conll", ".iob", ".iob2", ".bio", ".bioes", ".biluo")
START = "-DOCSTART-"
AUTO, SENTENCES = "auto", "sentences"
MOST_COLUMNS = 100
"""Most columns of a line; what is behind them was made to harm, or is no table of tokens."""
SAMPLE = 2_000
"""Lines that are looked at to tell what the columns hold."""
_COMMENT = re.compile(r"#\s?[A-Za-z_][\w ]* = ")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLinesOptions(ReadOptions):
    """How files of one token a line are read."""

    documents: str = option(
        default=AUTO,
        title="A document is",
        about="What is one document: what a line of the file begins or else the file (auto), or each sentence.",
        choices=(AUTO, SENTENCES),
    )

    @property
    def by_sentence(self) -> bool:
        """Tell whether each sentence becomes a document."""
        return self.documents == SENTENCES


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a file hold: whether tabs part them, and which have tags (`more`: all behind them, too)."""

    tabs: bool
    tags: tuple[int, ...]
    more: bool

    def cut(self, line: str) -> list[str]:
        """Cut a line into its columns."""
        if "\t" in line:
            return _cells(line)
        cells = _cells(line)
        if self.tabs and not (len(cells) > 1 and is_tag(cells[-1])):
            return [line.strip()]
        return cells

    def layers(self, rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
        """Give the tags of all tokens, layer by layer; empty where one has none."""
        width = max(map(len, rows), default=0)
        further = range(self.tags[-1] + 1, width) if self.more else ()
        for place in (*self.tags, *further) if width > 1 else ():
            yield [cells[place] if place < len(cells) else "" for cells in rows]


def sniff(head: bytes, path: Path) -> float:
    """Tell by lines whose last column is a tag, nearly all of them."""
    text = text_of_head(head)
    if text.lstrip().startswith(("{", "[")):
        return 0.0
    lines = [line for line in text.split("\n")[:300] if line.strip() and not line.startswith((START, "# "))]
    cells = [line.split("\t") if "\t" in line else line.split() for line in lines[:200]]
    tagged = sum(len(each) > 1 and is_tag(each[-1].strip()) for each in cells)
    is_named = path.name.lower().endswith(SUFFIXES)
    if cells and tagged >= 0.8 * len(cells) and any(each[-1].strip() != "O" for each in cells):
        return 0.9
    return 0.45 if is_named else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    each_sentence = options_as(TokenLinesOptions, options).by_sentence
    columns = _columns(path, options)
    if columns is None:
        reporter.refused(f"No line of {name} ends with a tag such as B-PER or O; it was left out.")
        return
    builder, number, last = _Builder(reporter, columns), 0, 0
    with opened(path) as file:
        for line_number, line in lines_of(file, name=name, options=options, reporter=reporter):
            is_break, last = line_number > last + 1, line_number
            starts = line[0] == "-" and _starts(line)
            if is_break or starts:
                builder.end_sentence()
            if builder.rows and (starts or (each_sentence and is_break)):
                number += 1
                yield builder.record(f"{source_of(path, options)}:{number}", options.language)
                builder = _Builder(reporter, columns)
            if not (starts or (line[0] == "#" and _is_comment(line))):
                builder.add(line_number, columns.cut(line))
    if builder.rows:
        source = f"{source_of(path, options)}:{number + 1}" if number else source_of(path, options)
        yield builder.record(source, options.language)
    elif not number:
        reporter.refused(f"{name} holds no documents.")


def _starts(line: str) -> bool:
    """Tell whether a document begins: the sign for it stands alone, or with columns."""
    return line.startswith(START) and not line[len(START) : len(START) + 1].strip()


def _is_comment(line: str) -> bool:
    return line.startswith("#") and "\t" not in line and _COMMENT.match(line) is not None


def _columns(path: Path, options: ReadOptions) -> Columns | None:
    """Look at the beginning of a file and tell what its columns hold; None if nothing there is a tag."""
    silent = Reporter("", lambda _problem: None)
    cells: list[list[str]] = []
    with_tabs = 0
    with opened(path) as file:
        for _, line in lines_of(file, name=file_name(path), options=options, reporter=silent):
            if _starts(line) or _is_comment(line):
                continue
            with_tabs += "\t" in line
            cells.append(_cells(line))
            if len(cells) >= SAMPLE:
                break
    width = Counter(len(each) for each in cells).most_common(1)[0][0] if cells else 2
    tagged = [
        place for place in range(1, width) if _are_tags([each[place] for each in cells if place < len(each)])
    ]
    tabs = with_tabs * 2 > len(cells)
    if cells and not any(map(is_tag, (value for each in cells for value in each[1:]))):
        return None
    if not tagged:
        return Columns(tabs, (max(1, width - 1),), more=False)
    if tagged == list(range(1, width)):
        # Nothing but tags behind the token: layers, and perhaps more of them in single lines.
        wider = [each[width:] for each in cells if len(each) > width]
        return Columns(
            tabs, tuple(tagged), more=bool(wider) and all(map(is_tag, (x for each in wider for x in each)))
        )
    return Columns(tabs, (tagged[-1],), more=False)


def _cells(line: str) -> list[str]:
    """Cut a line at tabs, or at blanks where it has none; at most `MOST_COLUMNS` cells."""
    cells = line.split(maxsplit=MOST_COLUMNS)
    if (
        "\t" in line and (parts := line.split("\t", MOST_COLUMNS)) != cells
    ):  # blanks within cells, or empty ones
        cells = [each.strip() for each in parts]
    del cells[MOST_COLUMNS:]
    return cells


def _are_tags(values: Sequence[str]) -> bool:
    return sum(map(is_tag, values)) >= 0.8 * len(values)


@dataclass(slots=True)
class _Builder:
    """Puts one document together, token by token."""

    reporter: Reporter
    columns: Columns
    rows: list[list[str]] = field(default_factory=list)
    _sentences: list[int] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)
    _begins: bool = True
    _size: int = 0
    _is_cut: bool = False

    def add(self, line: int, cells: list[str]) -> None:
        """Add a token with its tags."""
        if not cells[0]:
            self.reporter.at(line=line).refused("This line has no token; it was left out.")
            return
        self._size += len(cells[0]) + 1
        if self._size > TEXT_LIMIT:
            if not self._is_cut:
                why = f"The text has more than {TEXT_LIMIT:,} characters; what begins here was left out."
                self.reporter.at(line=line).refused(why)
            self._is_cut = True
            return
        if self._begins:
            self._sentences.append(len(self.rows))
            self._begins = False
        if len(cells) == 1:
            self.reporter.at(line=line).repaired(
                f"The token {cells[0][:40]!r} has no tag; it counts as outside."
            )
        self.rows.append(cells)
        self._lines.append(line)

    def end_sentence(self) -> None:
        """Note that the next token begins a sentence."""
        self._begins = True

    def record(self, source: str, language: str) -> Record:
        """Give the document."""
        text, tokens = joined([cells[0] for cells in self.rows], self._sentences)
        collector = Collector(text, self.reporter)
        refused, layers = 0, list(self.columns.layers(self.rows))
        for tags in layers:
            spans, odd = spans_of(tags)
            for first, last, label in spans:
                self._take(collector, tokens, first, last, label)
            for at, why in odd.items():
                refused += 1
                here = self.reporter.at(line=self._lines[at])
                here.refused(f"For {self.rows[at][0][:40]!r} {why}; it counts as outside.")
        if len(layers) > 1:
            self.reporter.repaired(f"{counted(len(layers), 'layer')} of tags were read.")
        whole = not (refused or collector.refused or self._is_cut)
        return Record(
            text=text,
            source=source,
            title=title_of(text),
            language=language,
            tokens=tokens,
            state=State.DONE if whole else State.IN_PROGRESS,
            spans=tuple(collector.spans),
        )

    def _take(self, collector: Collector, tokens: Tokens, first: int, last: int, label: str) -> None:
        name = f"The span from line {self._lines[first]:,}"
        start, end = tokens.starts[first], tokens.ends[last - 1]
        checked: str | None = label
        fragments = collector.plain(start, end, label)
        if fragments is None:
            checked = collector.label(label, name)
            fragments = collector.fragments([Fragment(start, end)], name)
        if checked is not None and fragments is not None:
            collector.add_span(RecordSpan(fragments=fragments, label=checked), name)


def joined(words: Sequence[str], sentences: Sequence[int]) -> tuple[str, Tokens]:
    """Put tokens together: blanks between them, line ends between sentences, which are given by their first tokens."""
    starts, ends, at = [], [], 0
    for word in words:
        starts.append(at)
        at += len(word)
        ends.append(at)
        at += 1
    borders = pairwise([0, *filter(None, sentences), len(words)])
    text = "\n".join([" ".join(words[first:last]) for first, last in borders])
    return text, Tokens(starts, ends, list(sentences), "source")
