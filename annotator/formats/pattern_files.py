"""Reads files of patterns: spaCy's and Prodigy's JSONL, tables of words, and plain lists of words.

A line of JSONL holds `pattern` (a phrase, or a list of token descriptions) and `label`. A table has a column of words
and perhaps one of labels; a plain list has a phrase a line. What cannot be a pattern is reported with its line and
left out.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.formats.base import HEAD, ReadOptions, Report, Reporter, file_name, shown
from annotator.formats.json_files import values_of
from annotator.formats.jsonl import kind_of
from annotator.formats.text_files import head_of, lines_of, opened, text_of_head
from annotator.model.errors import FormatError, RuleError
from annotator.model.patterns import PATTERN_LIMIT, Pattern, phrase, token_pattern, typed_pattern
from annotator.model.schema import check_name

JSONL_SUFFIXES = (".jsonl", ".json", ".ndjson")
TABLE_SUFFIXES = (".csv", ".tsv", ".tab")
SUFFIXES = (*JSONL_SUFFIXES, *TABLE_SUFFIXES, ".txt", ".lst")
"""Endings of the names of pattern files."""
_WORDS = ("pattern", "phrase", "text", "term", "word", "words", "name", "value", "entry", "title")
"""Names of the column or field of words, the surest first."""
_LABELS = ("label", "type", "entity", "entity_type", "category", "class", "tag")
"""Names of the column or field of labels, the surest first."""
_DELIMITERS = "\t;,|"


@dataclass(frozen=True, slots=True)
class FoundPattern:
    """A pattern of a file: its label, empty where the file names none, and its line, from 1."""

    pattern: Pattern
    label: str
    line: int


def is_pattern_file(path: Path) -> bool:
    """Tell whether a file is JSONL of patterns, by its first line; one that cannot be opened is none."""
    if path.suffix.lower() not in JSONL_SUFFIXES:
        return False
    quiet = Reporter("", lambda _problem: None)
    try:
        with opened(path) as file:
            values = values_of(file, name="", options=ReadOptions(), reporter=quiet)
            first = next((value for _, value in values), None)
    except FormatError:
        return False
    return is_pattern_line(first)


def is_pattern_line(value: object) -> bool:
    """Tell whether a value is a line of spaCy's or Prodigy's pattern files: something to look for, and no text."""
    return isinstance(value, dict) and "pattern" in value and "text" not in value


def read_patterns(path: Path, report: Report, *, encoding: str = "") -> Iterator[FoundPattern]:
    """Yield the patterns of a file in their order; how it is read goes by the ending of its name.

    Raises:
        FormatError: it cannot be opened, or there is no such encoding.
    """
    reporter = Reporter(shown(path), report)
    options = ReadOptions(encoding=encoding)
    suffix = path.suffix.lower()
    if suffix in JSONL_SUFFIXES:
        found = _of_json(path, options, reporter)
    elif suffix in TABLE_SUFFIXES:
        found = _of_table(path, options, reporter)
    else:
        found = _of_lines(path, options, reporter)
    for number, each in enumerate(found):
        if number == PATTERN_LIMIT:
            reporter.at(line=each.line).refused(
                f"A list holds at most {PATTERN_LIMIT:,} patterns; those from line {each.line:,} on were left out."
            )
            return
        yield each


def _of_lines(path: Path, options: ReadOptions, reporter: Reporter) -> Iterator[FoundPattern]:
    with opened(path) as file:
        for number, line in lines_of(file, name=file_name(path), options=options, reporter=reporter):
            yield from _checked(reporter, number, typed_pattern, line, "")


def _of_json(path: Path, options: ReadOptions, reporter: Reporter) -> Iterator[FoundPattern]:
    with opened(path) as file:
        for number, value in values_of(file, name=file_name(path), options=options, reporter=reporter):
            if isinstance(value, str):
                yield from _checked(reporter, number, phrase, value, "")
            elif not isinstance(value, dict):
                reporter.at(line=number).refused(
                    f"This line is {kind_of(value)}, not an object; it was left out."
                )
            else:
                yield from _of_object(value, reporter, number)


def _of_object(value: dict[str, object], reporter: Reporter, number: int) -> Iterator[FoundPattern]:
    here = reporter.at(line=number)
    words = next((value[name] for name in _WORDS if name in value), None)
    label = next((value[name] for name in _LABELS if name in value), "")
    if not isinstance(label, str):
        here.refused(f"The label of this pattern is {kind_of(label)}, not text; it was left out.")
    elif isinstance(words, str):
        yield from _checked(reporter, number, phrase, words, label)
    elif isinstance(words, list):
        yield from _checked(reporter, number, token_pattern, words, label)
    elif words is None:
        here.refused('This line has no "pattern"; it was left out.')
    else:
        here.refused(f'The "pattern" of this line is {kind_of(words)}; it was left out.')


def _of_table(path: Path, options: ReadOptions, reporter: Reporter) -> Iterator[FoundPattern]:
    delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else _delimiter(text_of_head(head_of(path)))
    with opened(path) as file:
        numbers: list[int] = []
        lines = _remembered(
            lines_of(file, name=file_name(path), options=options, reporter=reporter, trim="\r\n"), numbers
        )
        rows = _rows(lines, delimiter, reporter, numbers)
        first = next(rows, None)
        if first is None:
            return
        words, label = _columns(first[1])
        if words is None:
            words, label = 0, 1 if len(first[1]) > 1 else None
            yield from _of_row(*first, words, label, reporter)
        for number, row in rows:
            yield from _of_row(number, row, words, label, reporter)


def _remembered(lines: Iterator[tuple[int, str]], numbers: list[int]) -> Iterator[str]:
    """Give lines alone, and keep where the row that they are part of began."""
    for number, line in lines:
        numbers.append(number)
        yield line + "\n"


def _rows(
    lines: Iterator[str], delimiter: str, reporter: Reporter, numbers: list[int]
) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the line each begins in; a row that is none is reported and left out."""
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        numbers.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reporter.at(line=numbers[0] if numbers else 0).refused(
                f"This row is broken ({error}); it was left out."
            )
            continue
        if row:
            yield numbers[0], row


def _of_row(
    number: int, row: Sequence[str], words: int, label: int | None, reporter: Reporter
) -> Iterator[FoundPattern]:
    if words < len(row) and row[words].strip():
        named = row[label] if label is not None and label < len(row) else ""
        yield from _checked(reporter, number, typed_pattern, row[words], named)


def _columns(row: Sequence[str]) -> tuple[int | None, int | None]:
    """Give the columns of words and labels where a row names them; none where it is a row like others."""
    names = [each.strip().casefold() for each in row]
    words = next((names.index(each) for each in _WORDS if each in names), None)
    label = next((names.index(each) for each in _LABELS if each in names), None)
    if words is None and label is not None and len(names) > 1:
        words = next(number for number in range(len(names)) if number != label)
    return words, label


def _delimiter(head: str) -> str:
    """Give the sign that parts columns: the one that stands in most of the first lines, a comma where none does."""
    lines = [line for line in head[:HEAD].splitlines()[:50] if line.strip()]
    return max(_DELIMITERS, key=lambda sign: (sum(sign in line for line in lines), sign == ","))


def _checked(
    reporter: Reporter, number: int, make: Callable[[Any], Pattern], value: object, label: str
) -> Iterator[FoundPattern]:
    """Yield one pattern, or report why it is none."""
    label = label.strip()
    try:
        if label:
            check_name(label)
        yield FoundPattern(make(value), label, number)
    except RuleError as error:
        reporter.at(line=number).refused(f"{error.what} It was left out.")
