"""Reads CoNLL-U: treebanks and what parsers write, with the spans that stand in their MISC column.

A document begins with `# newdoc`; a file without such lines is one. What only a treebank holds (lemmas, parts of
speech, trees, words within words, comments) is kept as it stands and written back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.formats.base import (
    HEAD,
    ReadOptions,
    Report,
    Reporter,
    file_name,
    options_as,
    shown,
    source_of,
)
from annotator.formats.collecting import Collector
from annotator.formats.conll_reading import TokenLinesOptions
from annotator.formats.conll_tags import spans_of
from annotator.formats.conllu_rows import (
    ENTITY,
    FORM,
    ID,
    MISC,
    NEW_DOCUMENT,
    NEW_PARAGRAPH,
    OWN,
    TEXT,
    WIDTH,
    Joined,
    Sentence,
    is_row,
    items_of,
    joined,
)
from annotator.formats.conllu_spans import Found, bracketed, take
from annotator.formats.jsonl import NotJsonError, parse_line
from annotator.formats.record_fields import mapping, texts
from annotator.formats.text_files import lines_of, opened, text_of_head
from annotator.model.document import State, title_of
from annotator.model.limits import TEXT_LIMIT
from annotator.model.record import Record, RecordSpan

NAME = "conllu"
SUFFIXES = (".conllu", ".conllup")
NAMES = ("id", "source", "title", "language", "note")
_EMPTY = ["_"] * (MISC - FORM - 1)
_BLANKS = ("SpaceAfter=", "SpacesAfter=", "SpacesBefore=", "SpacesInToken=")
_ROW = re.compile(r"[0-9]+(?:[-.][0-9]+)?\t[^\t]+(?:\t[^\t]*){8}\r?")


def sniff(head: bytes, path: Path) -> float:
    """Tell by rows of ten columns that begin with a number."""
    lines = text_of_head(head).split("\n")
    if len(head) >= HEAD:
        lines.pop()  # it may be cut
    lines = [line for line in lines if line.strip() and not line.startswith("#")][:200]
    if lines and sum(_ROW.fullmatch(line) is not None for line in lines) >= 0.8 * len(lines):
        return 0.97
    return 0.45 if path.name.lower().endswith(SUFFIXES) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    each_sentence = options_as(TokenLinesOptions, options).by_sentence
    reading, found, number = _Reading(reporter), False, 0
    documents = _documents(path, options, reporter, each_sentence=each_sentence)
    upcoming = next(documents, None)
    while upcoming is not None:
        current, upcoming = upcoming, next(documents, None)
        number += 1
        source = source_of(path, options)
        if number > 1 or upcoming is not None:
            source += f":{number}"
        record = reading.record(current, number, source, options.language)
        if record is not None:
            found = True
            yield record
    if not found:
        reporter.refused(f"{name} holds no documents.")


def _documents(
    path: Path, options: ReadOptions, reporter: Reporter, *, each_sentence: bool
) -> Iterator[list[Sentence]]:
    """Give the sentences of one document after the other."""
    document: list[Sentence] = []
    size, is_cut = 0, False
    for sentence in _sentences(path, options, reporter):
        is_new = each_sentence or any(comment.startswith(NEW_DOCUMENT) for comment in sentence.comments)
        if is_new and document:
            yield document
            document, size, is_cut = [], 0, False
        size += sum(len(cells[FORM]) + 1 for cells in sentence.rows)
        if size <= TEXT_LIMIT:
            document.append(sentence)
        elif not is_cut:
            is_cut = True
            here = reporter.at(line=sentence.lines[0])
            here.refused(
                f"The text has more than {TEXT_LIMIT:,} characters; what is behind them was left out."
            )
    if document:
        yield document


def _sentences(path: Path, options: ReadOptions, reporter: Reporter) -> Iterator[Sentence]:
    sentence, last = Sentence(), 0
    with opened(path) as file:
        for number, line in lines_of(file, name=file_name(path), options=options, reporter=reporter):
            if number > last + 1 and sentence.rows:
                yield sentence
                sentence = Sentence()
            last = number
            if line.startswith("#") and "\t" not in line.partition(" ")[0]:
                sentence.comments.append(line)
                continue
            cells = _cells(line, number, reporter)
            if cells is not None:
                sentence.rows.append(cells)
                sentence.lines.append(number)
    if sentence.rows:
        yield sentence


def _cells(line: str, number: int, reporter: Reporter) -> list[str] | None:
    cells = line.split("\t")
    if " " in line or "\r" in line or "" in cells:
        cells = [cell.strip(" \r") or "_" for cell in cells]
    count = len(cells)
    if is_row(cells):
        return cells
    cells = [*cells, *["_"] * WIDTH][:WIDTH]
    here = reporter.at(line=number)
    if count < 2 or not is_row(cells):
        here.refused(f"{line[:60]!r} is no row of an id, a word and eight columns; it was left out.")
        return None
    here.repaired(f"This row has {count} columns, not {WIDTH}; the word was read.")
    return cells


class _Reading:
    """Makes records of the documents of one file."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._fields: tuple[str, ...] = ()
        self._has_brackets = False

    def record(self, sentences: list[Sentence], number: int, source: str, language: str) -> Record | None:
        """Give a document; None and a report where it has no text."""
        together = joined(sentences)
        text = together.text
        if not text.strip():
            self._reporter.refused("A document holds no words; it was left out.")
            return None
        for index in together.odd:
            here = self._reporter.at(line=sentences[index].lines[0])
            here.repaired(
                "The text of this sentence is another than that of its words; the words were taken."
            )
        self._look_at(sentences)
        own = _own(sentences)
        found = Found()
        _take(sentences, together, found)
        collector = Collector(text, self._reporter)
        refused = self._spans(together, sentences, found, collector)
        kept = _kept(sentences, number)
        is_told = bool(found.tags or found.brackets or self._has_brackets)
        whole = not (refused or collector.refused)
        names = {name: texts(own, name, self._reporter) for name in NAMES}
        return Record(
            text=text,
            source=names["source"] or source,
            id=names["id"],
            title=names["title"] or title_of(text),
            language=names["language"] or language,
            note=names["note"],
            tokens=together.tokens,
            state=(State.DONE if whole else State.IN_PROGRESS) if is_told else None,
            spans=tuple(collector.spans),
            metadata=mapping(own, "metadata", self._reporter),
            attributes={NAME: {"sentences": kept}} if kept else {},
        )

    def _look_at(self, sentences: list[Sentence]) -> None:
        """Note what the file says of its brackets."""
        for sentence in sentences:
            for comment in sentence.comments:
                if comment.startswith(ENTITY):
                    self._has_brackets = True
                    self._fields = tuple(comment.partition("=")[2].strip().split("-"))
                    if set(self._fields) - {"eid", "etype"}:
                        self._reporter.repaired(
                            "Of entities, place and type were read; what else their brackets hold was not."
                        )

    def _spans(self, together: Joined, sentences: list[Sentence], found: Found, collector: Collector) -> int:
        """Add all spans, and give how many signs meant nothing."""
        count = len(together.tokens)
        refused = 0

        def line_of(word: int) -> int:
            number, rows = together.places[word]
            return sentences[number].lines[rows[0]]

        def add(pieces: tuple[tuple[int, int], ...], label: str) -> None:
            name = f"The span from line {line_of(pieces[0][0]):,}"
            checked = collector.label(label, name)
            starts, ends = together.tokens.starts, together.tokens.ends
            places = [(starts[first], ends[last - 1]) for first, last in pieces]
            fragments = collector.fragments(places, name)
            if checked is not None and fragments is not None:
                collector.add_span(RecordSpan(fragments=fragments, label=checked), name)

        def refuse(word: int, why: str) -> None:
            self._reporter.at(line=line_of(word)).refused(f"{why[:1].upper()}{why[1:]}; it was left out.")

        for told in found.tags.values():
            spans, odd = spans_of([told.get(word, "") for word in range(count)])
            for first, last, label in spans:
                add(((first, last),), label)
            for word, why in odd.items():
                refused += 1
                refuse(word, why)
        for one, other in bracketed(found.brackets, self._fields):
            if isinstance(one, int):
                refused += 1
                refuse(one, str(other))
            else:
                add(one, str(other))
        return refused


def _take(sentences: list[Sentence], together: Joined, found: Found) -> None:
    """Take what MISC says of spans out of all rows, the words of each token one after the other."""
    for word, (number, rows) in enumerate(together.places):
        for row in rows:
            cells = sentences[number].rows[row]
            if cells[MISC] != "_":
                cells[MISC] = take(word, cells[MISC], found)


def _own(sentences: list[Sentence]) -> Mapping[str, Any]:
    """Take what this program wrote of the document out of the comments, and what says nothing of it alone."""
    own: Mapping[str, Any] = {}
    for sentence in sentences:
        for comment in sentence.comments:
            if comment.startswith(OWN):
                try:
                    value = parse_line(comment.removeprefix(OWN))
                except NotJsonError:
                    continue
                own = value if isinstance(value, dict) else own
        sentence.comments = [
            each for each in sentence.comments if not each.startswith((OWN, ENTITY)) and each != NEW_DOCUMENT
        ]
    return own


def _kept(sentences: list[Sentence], number: int) -> list[list[Any]]:
    """Give comments and rows of all sentences, where they hold more than what this program makes of any document."""
    is_plain = all(
        all(map(_is_plain_row, sentence.rows))
        and all(
            comment.startswith(TEXT)
            or comment in (NEW_PARAGRAPH, f"# sent_id = {number}-{place}", NEW_DOCUMENT)
            for comment in sentence.comments
        )
        for place, sentence in enumerate(sentences, start=1)
    )
    return [] if is_plain else [[each.comments, each.rows] for each in sentences]


def _is_plain_row(cells: list[str]) -> bool:
    return (
        cells[FORM + 1 : MISC] == _EMPTY
        and cells[ID].isdigit()
        and (cells[MISC] == "_" or all(item.startswith(_BLANKS) for item in items_of(cells[MISC])))
    )
