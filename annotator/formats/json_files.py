"""Reads files of JSON values: one a line, one array of them, or several written over many lines, one after the other.

Values come one by one with the line they begin in, so that memory holds one of them and not the file.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from annotator.formats.base import HEAD, ReadOptions, Reporter, file_name, source_of
from annotator.formats.jsonl import NotJsonError, parse_line
from annotator.formats.offset_units import EXCLUSIVE, Counting, OffsetOptions, Votes, may_differ
from annotator.formats.text_files import Lines, encoding_of, mark_of
from annotator.model.limits import JSON_DEPTH
from annotator.model.record import Record

_BLANK = re.compile(r"[ \t\r\n,]*")
_MOST = 1 << 29
"""Longest single value that is read, in characters."""


BROKEN = object()
"""Stands for a line that is no JSON, and was reported."""


def values_by_line(
    file: BinaryIO,
    *,
    name: str,
    options: ReadOptions,
    reporter: Reporter,
    depth: int = JSON_DEPTH,
    wanted: Callable[[bytes], bool] | None = None,
    quick: Callable[[bytes], object] | None = None,
) -> Iterator[tuple[int, object]]:
    """Give the values of a file that has one on each line, with the numbers of the lines from 1.

    A line that is no JSON is reported, and gives `BROKEN`; `wanted` as in `values_of`. What `quick` makes of a line, if
    anything, stands for its value.
    """
    lines = Lines(file, name=name, options=options, reporter=reporter)
    for number, line in lines.utf8():
        if wanted is not None and not wanted(line):
            continue
        try:
            value = None if quick is None else quick(line)
            if value is None:
                value = parse_line(line, depth=depth)
        except NotJsonError as error:
            reporter.at(line=number).refused(f"This line is {error}; it was left out.")
            value = BROKEN
        except UnicodeDecodeError:
            lines.text(number, line)
            value = BROKEN
        yield number, value


def values_of(
    file: BinaryIO,
    *,
    name: str,
    options: ReadOptions,
    reporter: Reporter,
    wanted: Callable[[bytes], bool] | None = None,
) -> Iterator[tuple[int, object]]:
    """Give the values of a file with the number of the line each begins in, from 1.

    A line that is no JSON is reported and left out; in an array or in values over many lines what is broken ends the
    reading, since nothing shows where the next one begins. An array gives its items.

    Args:
        wanted: takes a line in UTF-8 and tells whether its value is asked for, where each line has one.
    """
    if _is_by_lines(file, options):
        for number, value in values_by_line(
            file, name=name, options=options, reporter=reporter, wanted=wanted
        ):
            if value is not BROKEN:
                yield number, value
        return
    stream = _Stream(_characters(file, name=name, options=options, reporter=reporter))
    try:
        yield from stream.values()
    except NotJsonError as error:
        reporter.at(line=stream.line).refused(
            f"What begins in line {stream.line:,} is {error}; it and all after it were left out."
        )


def documents_of(
    values: Iterable[tuple[int, object]],
    make: Callable[[object, Reporter, str], Record | None],
    *,
    path: Path,
    options: ReadOptions,
    reporter: Reporter,
) -> Iterator[Record]:
    """Yield the document of each value that has one, and report a file without any value.

    Args:
        values: with their lines; a document is given as it is. make: takes a value, where to report what is wrong
            with it, and the name that its place gives a document.
    """
    source, found = source_of(path, options), False
    for line, value in values:
        found = True
        if type(value) is Record:
            yield value
            continue
        record = None if value is BROKEN else make(value, reporter.at(line=line), f"{source}:{line}")
        if record is not None:
            yield record
    if not found:
        reporter.refused(f"{file_name(path)} holds no documents.")


def counting_of(
    file: BinaryIO,
    vote: Callable[[object, Votes], None],
    *,
    name: str,
    options: ReadOptions,
    reporter: Reporter,
    ways: Sequence[Counting] = EXCLUSIVE,
) -> Counting:
    """Give what the offsets of a file count, as it was asked for or as its texts show; the file is at its start then.

    Args:
        vote: takes a value of the file and votes for what its spans show. ways: those that come into question.
    """
    way = options.chosen if isinstance(options, OffsetOptions) else None
    if way is None:
        votes, silent = Votes(ways), Reporter("", lambda _problem: None)
        if options.encoding or any(map(may_differ, _pieces_of(file))):
            file.seek(0)
            for _, value in values_of(file, name=name, options=options, reporter=silent, wanted=may_differ):
                vote(value, votes)
                if votes.has_enough:
                    break
        file.seek(0)
        way = votes.tell(reporter, name)
    options.found.offsets.add(way.told)
    return way


def _pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Give the bytes of a file piece by piece, each behind the last few of the one before, so that no sign is cut."""
    last = b""
    while piece := file.read(1 << 20):
        yield last + piece
        last = piece[-6:]


def beginning_of(file: BinaryIO, options: ReadOptions) -> tuple[str, str]:
    """Give the text that a file begins with, behind blanks, and its first line; the file is at its start then."""
    head = file.read(HEAD)
    file.seek(0)
    encoding = options.encoding or (mark[1] if (mark := mark_of(head)) else "utf-8")
    text = head.decode(encoding, "replace").removeprefix("\ufeff").lstrip()
    return text, text.partition("\n")[0].strip()


def _is_by_lines(file: BinaryIO, options: ReadOptions) -> bool:
    """Tell whether every line is a value of its own: then the first one is a whole object."""
    text, line = beginning_of(file, options)
    if text.startswith("[") or (text.startswith("{") and line in ("{", "[")):
        return False
    if not text.startswith("{") or "\n" not in text:
        return True
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        # A first line that is broken is no sign of values over many lines; one that only lacks its end is.
        return line.endswith("}")
    return True


def _characters(file: BinaryIO, *, name: str, options: ReadOptions, reporter: Reporter) -> Iterator[str]:
    """Give the characters of a file piece by piece; bytes that are none are reported and end it."""
    mark = mark_of(file.read(4))
    file.seek(0)
    encoding = encoding_of(options) or (mark[1] if mark else "utf-8")
    options.found.encodings.add(options.encoding or (mark[2] if mark else "UTF-8"))
    decoder = codecs.getincrementaldecoder(encoding)()
    is_first, at = True, 0
    while True:
        raw = file.read(1 << 20)
        try:
            piece = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            reporter.refused(
                f"{name} is not {encoding.upper()}: byte 0x{error.object[error.start]:02X} near position "
                f"{at + error.start:,}. All from there on was left out."
            )
            return
        at += len(raw)
        yield piece.removeprefix("\ufeff") if is_first else piece
        is_first = False
        if not raw:
            return


class _Stream:
    """Cuts values out of a stream of characters."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text = ""
        self._at = 0
        self._seen = 0
        self.line = 1

    def values(self) -> Iterator[tuple[int, object]]:
        """Give each value, of an array each item."""
        if not self._skip():
            return
        is_array = self._text[self._at] == "["
        self._at += is_array
        while self._skip():
            if is_array and self._text[self._at] == "]":
                return
            self._count_lines()
            yield self.line, self._value()
        if is_array:
            raise NotJsonError("cut off: the array has no end")

    def _skip(self) -> bool:
        """Go on to the next sign; False at the end."""
        while True:
            found = _BLANK.match(self._text, self._at)
            self._at = self._at if found is None else found.end()
            if self._at < len(self._text):
                return True
            if not self._more():
                return False

    def _more(self) -> bool:
        """Take a further piece, at least as long as what is waiting, so that long values are tried but a few times."""
        self._count_lines()
        waiting = [self._text[self._at :]]
        self._at = self._seen = 0
        wanted, got = len(waiting[0]), 0
        for piece in self._pieces:
            waiting.append(piece)
            got += len(piece)
            if got > wanted:
                break
        self._text = "".join(waiting)
        return got > 0

    def _count_lines(self) -> None:
        self.line += self._text.count("\n", self._seen, self._at)
        self._seen = self._at

    def _value(self) -> object:
        while True:
            end = _end_of_value(self._text, self._at)
            if end is not None and (end < len(self._text) or self._text[end - 1] in "]}"):
                break
            if len(self._text) - self._at > _MOST:
                raise NotJsonError(f"longer than {_MOST:,} characters")
            if not self._more():
                end = len(self._text)
                break
        written = self._text[self._at : end]
        self._at = end
        return parse_line(written)


_DECODER = json.JSONDecoder()
_SIGN = re.compile(r'["{}\[\],\s]')
_STRING_END = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL)


def _end_of_value(text: str, start: int) -> int | None:
    """Give the place after the value that begins here; None where the text ends before it."""
    if text[start] in "{[":
        # What is cut off, broken or too deep is searched for its end by its signs; all else is read as quickly.
        with contextlib.suppress(ValueError, RecursionError):
            return _DECODER.raw_decode(text, start)[1]
    depth, at = 0, start
    while (found := _SIGN.search(text, at)) is not None:
        sign, at = found.group(), found.end()
        if sign == '"':
            closed = _STRING_END.match(text, at)
            if closed is None:
                return None
            at = closed.end()
            if not depth:
                return at
        elif sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
            if depth <= 0:
                return at if not depth else at - 1
        elif not depth:  # a number or a word ends here
            return at - 1
    return None
