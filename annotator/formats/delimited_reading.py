"""Reads CSV and its kin through pandas: what parts the columns, whether there is a header, rows that are broken.

pandas gives cells, but says neither in which line a row stands, nor goes on behind a quote that is never closed, nor
bounds what such a quote swallows. Here rows are asked for some at a time, their lines are counted, and after a quote
that is never closed reading begins anew in the next line.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from annotator.formats.base import HEAD, ReadOptions, Report, Reporter, file_name, option, shown
from annotator.formats.table_columns import OURS, TEXT_NAMES, TOKEN_NAMES, is_header, unique
from annotator.formats.table_reading import SAMPLE, Table, TableOptions, records_of
from annotator.formats.text_files import encoding_of, guessed_encoding, head_of, mark_of, opened
from annotator.model.record import Record
from annotator.model.wording import counted

SUFFIXES = (".csv", ".tsv", ".tab")
AUTO, YES, NO = "auto", "yes", "no"
COMMA = "comma"
SEPARATORS = {COMMA: ",", "semicolon": ";", "tab": "\t", "bar": "|"}
ALONE = "\x1f"
"""Stands for what parts columns where there is one only: no text holds it."""
CHUNK = 500
"""Rows that are parsed at a time."""
LIMIT = 1 << 28
"""Most characters that are parsed for these rows; for one row alone it is the longest."""
ANEW = 20
"""How often reading begins anew behind a quote that is never closed."""
MOST_COLUMNS = 1_000
"""Most columns of a table: each of them costs time in every row, however short."""
_ROOM = 4
"""Columns more than the header has: a row that is longer is seen to be."""
_SKIPPED = re.compile(r"Skipping line (\d+): expected \d+ fields, saw (\d+)")
_ANY_SEPARATOR = re.compile(r"[,;\t|]")
_TELLING = frozenset({*TEXT_NAMES, *TOKEN_NAMES})
_OPEN = re.compile(r"EOF inside string starting at row (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DelimitedReadOptions(TableOptions):
    """How CSV is read."""

    delimiter: str = option(
        default=AUTO,
        title="Between columns",
        about="What parts the columns; auto finds it out.",
        choices=(AUTO, *SEPARATORS),
    )
    header: str = option(
        default=AUTO,
        title="Header",
        about="Whether the first row names the columns; auto finds it out.",
        choices=(AUTO, YES, NO),
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """What parts the columns, whether quotes enclose cells, and how the file is encoded."""

    separator: str
    quotes: bool
    encoding: str
    title: str


def sniff(head: bytes, path: Path) -> float:
    """Tell by a first row of names that are known and rows of as many cells; by the suffix where these say nothing."""
    is_named = path.name.lower().endswith(SUFFIXES)
    mark = mark_of(head)
    if mark is None and b"\0" in head[:1_000] and not is_named:
        return 0.0
    text = head.decode(mark[1] if mark else "utf-8", "replace").removeprefix("\ufeff")
    if text.lstrip().startswith(("{", "[")):
        return 0.0
    first = text.partition("\n")[0].lower()
    names = {each.strip(' "\r') for each in _ANY_SEPARATOR.split(first)}
    if names.isdisjoint(_TELLING):  # most texts are told so, at no cost
        return 0.6 if is_named else 0.0
    separator, share = _separator(text, is_whole=len(head) < HEAD)
    header = [each.strip().lower() for each in next(_cells(text, separator), [])]
    if tuple(header[:3]) == OURS[:3]:
        return 0.97
    is_table = len(header) > 1 and share >= 0.9 and len(set(header)) == len(header)
    if is_table and not _TELLING.isdisjoint(header) and text.count("\n") > 1:
        return 0.7
    return 0.6 if is_named else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    shape = _shape(path, options)
    if shape.title != "UTF-8" and not options.encoding:
        reporter.repaired(f"{name} was read as {shape.title}.")
    options.found.encodings.add(shape.title)
    width = _width(path, shape)
    if width > MOST_COLUMNS:
        reporter.refused(f"{name} has more than {MOST_COLUMNS:,} columns: it is no table of documents.")
        return
    sample = _first_rows(path, shape, width)
    first = sample[0] if sample else []
    if not _is_text(first):
        reporter.refused(f"The first row of {name} is not {shape.title}. {_hint(first)}")
        return
    told = options.header if isinstance(options, DelimitedReadOptions) else AUTO
    has_header = told == YES or (told == AUTO and is_header(first, sample[1:]))
    if sample and not has_header and told == AUTO:
        reporter.repaired(
            f"The first row of {name} was read as a document: it does not look like names of columns."
        )
    names = unique(first) if has_header else [f"column {number}" for number in range(1, len(first) + 1)]

    def rows(here: Reporter) -> Iterator[tuple[int, Mapping[str, Any]]]:
        return _checked(_Rows(path, shape, len(first)), names, here, skip_first=has_header, name=name)

    table = Table(
        names=names,
        sample=[dict(zip(names, cells, strict=False)) for cells in sample[has_header:]],
        rows=rows,
    )
    if not table.sample:
        for _ in rows(reporter):
            pass
        reporter.refused(f"{name} holds no documents.")
        return
    yield from records_of(table, path=path, options=options, reporter=reporter)


def _shape(path: Path, options: ReadOptions) -> Shape:
    head = head_of(path)
    mark = mark_of(head)
    encoding, title = encoding_of(options), options.encoding
    if not encoding:
        encoding, title = (mark[1], mark[2]) if mark else ("utf-8", "UTF-8")
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    told = options.delimiter if isinstance(options, DelimitedReadOptions) else AUTO
    separator = SEPARATORS[told] if told != AUTO else _separator(text, is_whole=len(head) < HEAD)[0]
    quotes = separator != "\t" or _are_quotes(text, separator, is_whole=len(head) < HEAD)
    return Shape(separator, quotes, "utf-8-sig" if title == "UTF-8" else encoding, title)


def _separator(text: str, *, is_whole: bool) -> tuple[str, float]:
    """Give what parts the columns of a table, and which share of its rows then has as many cells as the first."""
    found = [(ALONE, 0.0)]
    for separator in SEPARATORS.values():
        if text.startswith(separator.join(OURS[:3])):
            return separator, 1.0
        rows = list(islice(_cells(text, separator), 200))
        rows = rows if is_whole or len(rows) < 2 else rows[:-1]
        if rows and len(rows[0]) > 1:
            found.append((separator, sum(len(each) == len(rows[0]) for each in rows) / len(rows)))
    return max(found, key=lambda each: each[1])


def _cells(text: str, separator: str) -> Iterator[list[str]]:
    """Give the cells of rows that are no empty lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from filter(None, reader)
    except csv.Error:
        return


def _are_quotes(text: str, separator: str, *, is_whole: bool) -> bool:
    """Tell whether quotes enclose cells; between tabs they are often plain signs."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error as error:
        return not is_whole and "unexpected end" in str(error)
    return True


def _first_rows(path: Path, shape: Shape, width: int) -> list[list[str]]:
    """Give the cells of some of the first rows; the first has none of those that are empty at its end."""
    filled = (cells for _, cells, _ in _Rows(path, shape, width) if cells and any(cells))
    rows = list(islice(filled, SAMPLE))
    while rows and len(rows[0]) > 1 and not rows[0][-1]:
        rows[0].pop()
    return rows


def _width(path: Path, shape: Shape) -> int:
    """Give how many cells the first row has, as far as the first characters show it."""
    text = head_of(path).decode(shape.encoding, "replace")
    return len(next(_cells(text, shape.separator), [""]))


def _is_text(cells: Sequence[str]) -> bool:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True


def _hint(cells: Sequence[str]) -> str:
    """Say what encoding cells may have that are no text."""
    guess = guessed_encoding("\n".join(cells).encode("utf-8", "surrogateescape"))
    return f"{f'It may be {guess}. ' if guess else ''}Save it as UTF-8, or say which encoding it has."


def _checked(
    rows: Iterable[tuple[int, list[str] | None, str]],
    names: Sequence[str],
    reporter: Reporter,
    *,
    skip_first: bool,
    name: str,
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Give the rows by the names of their cells, and report those that are none."""
    for line, cells, why in rows:
        here = reporter.at(line=line)
        if cells is None:
            here.refused(why)
            continue
        if not any(cells):
            continue
        if skip_first:
            skip_first = False
            continue
        extra = sum(map(bool, cells[len(names) :]))
        if extra:
            here.refused(
                f"This row has more cells than the first one of {name}: {counted(len(names), 'column')}; "
                "it was left out, since nothing tells which cell is which."
            )
        elif not _is_text(cells):
            here.refused(f"This row has bytes that are no text and was left out. {_hint(cells)}")
        else:
            yield line, dict(zip(names, cells, strict=False))


class _TooMuchError(Exception):
    """More was read for some rows than rows take."""


class _Stream:
    """Gives characters to pandas, and stops it when rows do not end."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._given = 0

    def __iter__(self) -> Iterator[str]:
        return iter(self._text)

    def read(self, size: int = -1) -> str:
        """Give some characters."""
        found = self._text.read(size)
        self._given += len(found)
        if self._given > LIMIT:
            raise _TooMuchError
        return found

    def begin(self) -> None:
        """Begin to count anew."""
        self._given = 0


class _Rows:
    """Iterates over the rows of a file: the line in which each begins, its cells, and if it has none why."""

    def __init__(self, path: Path, shape: Shape, width: int) -> None:
        self._path = path
        self._shape = shape
        self._width = width + _ROOM
        self._line = 1
        self._row = 0

    def __iter__(self) -> Iterator[tuple[int, list[str] | None, str]]:
        from pandas.errors import ParserError

        chunk = CHUNK
        for _ in range(ANEW):
            try:
                yield from self._part(chunk)
                return
            except (ParserError, _TooMuchError) as error:
                found = _OPEN.search(str(error))
                if isinstance(error, _TooMuchError) and chunk > 1:
                    chunk = 1  # many long rows; one at a time they may do
                    continue
                if found is None and isinstance(error, ParserError):
                    yield self._line, None, f"From here on this is no table: {error}. It was left out."
                    return
            except UnicodeError as error:
                yield (
                    self._line,
                    None,
                    f"From here on this is not {self._shape.title}: {error}. It was left out.",
                )
                return
            if found is not None and int(found[1]) > self._row:
                yield from self._part(CHUNK, rows=int(found[1]) - self._row)
            yield self._line, None, "A quote that opens in this line is never closed; the line was left out."
            self._line += 1
        yield self._line, None, "Too many quotes are never closed; all from this line on was left out."

    def _part(self, chunk: int, rows: int | None = None) -> Iterator[tuple[int, list[str] | None, str]]:
        """Give the rows from the present line on, at most `rows`."""
        import pandas as pd
        from pandas.errors import EmptyDataError

        self._row = 0
        with opened(self._path) as file:
            text = io.TextIOWrapper(file, self._shape.encoding, "surrogateescape", newline="")
            for _ in range(self._line - 1):
                text.readline()
            stream = _Stream(text)
            source: Any = stream
            try:
                with pd.read_csv(
                    source,
                    sep=self._shape.separator,
                    quoting=csv.QUOTE_MINIMAL if self._shape.quotes else csv.QUOTE_NONE,
                    header=None,
                    names=range(self._width),
                    index_col=False,
                    dtype=object,
                    na_filter=False,
                    skip_blank_lines=False,
                    on_bad_lines="warn",
                    encoding_errors="surrogateescape",
                    chunksize=min(chunk, rows or chunk),
                    nrows=rows,
                ) as chunks:
                    while (frame := self._next(chunks, stream)) is not None:
                        yield from frame
            except EmptyDataError:
                return
            finally:
                text.detach()

    def _next(self, chunks: Any, stream: _Stream) -> list[tuple[int, list[str] | None, str]] | None:
        stream.begin()
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            frame = next(chunks, None)
        if frame is None:
            return None
        skipped = {
            int(number): int(saw) for each in told for number, saw in _SKIPPED.findall(str(each.message))
        }
        return list(self._placed(frame, skipped))

    def _placed(self, frame: Any, skipped: Mapping[int, int]) -> Iterator[tuple[int, list[str] | None, str]]:
        for cells in zip(*(frame[name].tolist() for name in frame.columns), strict=True):
            yield from self._long(skipped)
            line = self._line
            self._row += 1
            self._line += 1 + _line_ends("|".join(cells))
            yield line, list(cells), ""
        yield from self._long(skipped)

    def _long(self, skipped: Mapping[int, int]) -> Iterator[tuple[int, list[str] | None, str]]:
        while self._row + 1 in skipped:
            self._row += 1
            yield self._line, None, f"This row has {skipped[self._row]:,} cells, too many; it was left out."
            self._line += 1


def _line_ends(cells: str) -> int:
    ends = cells.count("\n")
    return ends + cells.count("\r") - cells.count("\r\n") if "\r" in cells else ends
