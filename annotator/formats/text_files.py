"""Opens text files and says what is wrong with their bytes: marks, encodings, line ends.

Nothing here knows what the text means. Bytes that are no text are never replaced by anything.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from annotator.formats.base import HEAD, ReadOptions, Reporter, shown
from annotator.model.errors import FormatError

LINE_LIMIT = 1 << 29
"""Longest line that is read, in bytes."""
_BUFFER = 1 << 18
"""Bytes that are asked of the system at once: lines are often longer than what Python takes of itself."""
BLANKS = "\r\n \t"
"""What is taken off the ends of lines."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_USUAL = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp932",
    "gb18030",
    "big5",
    "euc_kr",
    "koi8_r",
    "utf_16_le",
    "utf_16_be",
)
"""Encodings that texts without UTF-8 have, the commonest first."""
_TODO = "Save it as UTF-8, or say which encoding it has."


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading bytes.

    Raises:
        FormatError: it is missing, a folder, or may not be read; also when reading stops half-way.
    """
    try:
        with path.open("rb", buffering=_BUFFER) as file:
            yield file
    except FileNotFoundError as error:
        raise FormatError(f"{shown(path)} does not exist.", "Look at its name and place.") from error
    except IsADirectoryError as error:
        raise FormatError(f"{shown(path)} is a folder.", "Choose a file in it.") from error
    except PermissionError as error:
        raise FormatError(
            f"{shown(path)} may not be read.", "Ask for the right to read it, or copy it."
        ) from error
    except OSError as error:
        raise FormatError(
            f"{shown(path)} cannot be read: {error.strerror or error}.", "Try a copy of it."
        ) from error


def head_of(path: Path) -> bytes:
    """Give the first bytes of a file, at most `HEAD`.

    Raises:
        FormatError: it cannot be read.
    """
    with opened(path) as file:
        return file.read(HEAD)


def read_most(file: BinaryIO, most: int) -> bytes:
    """Give a file, or one byte more than `most` of a longer one; memory is asked for what is there alone."""
    size = os.fstat(file.fileno()).st_size
    return file.read(min(most, max(size, HEAD)) + 1)


def mark_of(head: bytes) -> tuple[bytes, str, str] | None:
    """Give the byte order mark a file begins with, the encoding it stands for, and that encoding's name."""
    return next((each for each in _MARKS if head.startswith(each[0])), None)


def text_of_head(head: bytes) -> str:
    """Give the text that a file begins with, in UTF-8 or as its mark says; empty where the bytes are none."""
    mark = mark_of(head)
    try:
        decoder = codecs.getincrementaldecoder(mark[1] if mark else "utf-8")()
        return decoder.decode(head, final=False).removeprefix("\ufeff")  # a last character may be cut
    except UnicodeDecodeError:
        return ""


def encoding_of(options: ReadOptions) -> str:
    """Give the encoding asked for, empty if none was.

    Raises:
        FormatError: there is none of this name.
    """
    if options.encoding:
        try:
            b"abcd".decode(options.encoding)
        except UnicodeDecodeError:
            pass  # an encoding, though not of these bytes
        except (LookupError, ValueError) as error:
            raise FormatError(
                f"There is no text encoding named {options.encoding!r}.",
                "Examples are utf-8, utf-16 and cp1252.",
            ) from error
    return options.encoding


def decoded(raw: bytes, *, name: str, options: ReadOptions, reporter: Reporter) -> str | None:
    """Give the text of a whole file without its mark; None and a report where its bytes are no such text."""
    mark = mark_of(raw)
    encoding, title = encoding_of(options), options.encoding
    if not encoding:
        encoding, title = (mark[1], mark[2]) if mark else ("utf-8", "UTF-8")
        if mark and title != "UTF-8":
            reporter.repaired(f"{name} was read as {title}.")
    options.found.encodings.add(title)
    is_marked = mark is not None and codecs.lookup(encoding).name == "utf-8"
    if is_marked:  # a second one is of the text
        raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode(encoding)
        return text if is_marked else text.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        at = error.start + (len(codecs.BOM_UTF8) if mark and mark[1] == "utf-8" else 0)
        line = raw.count(b"\n", 0, error.start) + 1
        reporter.at(line=line).refused(_complaint(name, title, raw, error, at))
        return None


def guessed_encoding(raw: bytes) -> str:
    """Guess how a text that is no UTF-8 is encoded, as Python names it; empty where nothing shows it."""
    from charset_normalizer import from_bytes

    matches = from_bytes(raw[:HEAD], cp_isolation=list(_USUAL), threshold=0.4)
    best = matches.best()
    if best is None:
        return ""
    # Of those that read alike, or as well, the commonest.
    equal = [
        each
        for each in matches
        if str(each) == str(best) or (each.chaos, each.coherence) == (best.chaos, best.coherence)
    ]
    names = {name for each in equal for name in each.could_be_from_charset}
    return next(name for name in _USUAL if name in names)


def _complaint(name: str, title: str, raw: bytes, error: UnicodeDecodeError, at: int) -> str:
    hint = _TODO
    sample = raw[:HEAD]
    if sample.count(0) * 3 > len(sample):
        hint = f"It looks like UTF-16 without its mark. {_TODO}"
    elif title == "UTF-8" and b"\0" in sample:
        hint = "It does not look like text."
    elif guess := guessed_encoding(raw[max(0, error.start - HEAD // 2) :]):
        hint = f"It may be {guess}. {_TODO}"
    return f"{name} is not {title}: byte 0x{raw[error.start]:02X} at position {at:,}. {hint}"


class Lines:
    """The lines of a file with their numbers from 1, whatever it is encoded in.

    Only a line feed ends a line, never another character that Unicode calls a line end. What cannot be a line is
    reported and left out.
    """

    def __init__(self, file: BinaryIO, *, name: str, options: ReadOptions, reporter: Reporter) -> None:
        self._file = file
        self._reporter = reporter
        head = file.read(4)
        file.seek(0)
        mark = mark_of(head)
        self._encoding, self._title = encoding_of(options), options.encoding
        if not self._encoding:
            self._encoding, self._title = (mark[1], mark[2]) if mark else ("utf-8", "UTF-8")
            if self._title != "UTF-8":
                reporter.repaired(f"{name} was read as {self._title}.")
        options.found.encodings.add(self._title)
        self._codec = codecs.lookup(self._encoding).name
        if head.startswith(codecs.BOM_UTF8) and not self._is_wide:
            file.seek(len(codecs.BOM_UTF8))

    @property
    def _is_wide(self) -> bool:
        return self._codec.startswith(("utf-16", "utf-32"))

    def texts(self, trim: str = BLANKS) -> Iterator[tuple[int, str]]:
        """Give the lines without signs of `trim` at their ends, and none that is empty then."""
        if self._is_wide:
            yield from _wide_lines(
                self._file, self._encoding, title=self._title, reporter=self._reporter, trim=trim
            )
            return
        for number, raw in self._raw():
            line = self.text(number, raw)
            if line is not None and (line := line.strip(trim)):
                yield number, line

    def utf8(self) -> Iterator[tuple[int, bytes]]:
        """Give the lines in UTF-8, without those that are empty or blank.

        Those of a file in UTF-8 are given as they are: whoever finds out that one is none asks for its `text`.
        """
        if self._codec != "utf-8":
            for number, line in self.texts():
                yield number, line.encode("utf-8", "surrogatepass")
            return
        for number, raw in self._raw():
            if raw.strip(b"\r\n \t"):
                yield number, raw

    def text(self, number: int, raw: bytes) -> str | None:
        """Give the text of a line; None and a report where its bytes are none."""
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            self._reporter.at(line=number).refused(
                f"Line {number:,} is not {self._title}: byte 0x{raw[error.start]:02X} "
                f"at its position {error.start:,}. It was left out."
            )
            return None

    def _raw(self) -> Iterator[tuple[int, bytes]]:
        file, number = self._file, 0
        while raw := file.readline(LINE_LIMIT):
            number += 1
            if len(raw) == LINE_LIMIT and not raw.endswith(b"\n"):
                self._reporter.at(line=number).refused(
                    f"Line {number:,} is longer than {LINE_LIMIT:,} bytes; it was left out."
                )
                while (raw := file.readline(LINE_LIMIT)) and not raw.endswith(b"\n"):
                    pass
                continue
            yield number, raw


def lines_of(
    file: BinaryIO, *, name: str, options: ReadOptions, reporter: Reporter, trim: str = BLANKS
) -> Iterator[tuple[int, str]]:
    """Give the lines of a file with their numbers, as `Lines.texts` does."""
    return Lines(file, name=name, options=options, reporter=reporter).texts(trim)


def _wide_lines(
    file: BinaryIO, encoding: str, *, title: str, reporter: Reporter, trim: str
) -> Iterator[tuple[int, str]]:
    """Give the lines of a file whose line ends are more than one byte; a wrong byte ends it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    number, rest, wrong = 0, "", ""
    while not wrong:
        raw = file.read(HEAD)
        try:
            piece = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            piece, wrong = error.object[: error.start].decode(error.encoding), error.reason
        *lines, rest = (rest + piece).split("\n")
        for line in lines if raw or wrong else [*lines, rest]:
            number += 1
            if line := line.strip(f"\ufeff{trim}"):
                yield number, line
        if not raw:
            break
    if wrong:
        message = f"Line {number + 1:,} is not {title} ({wrong}); it and all after it were left out."
        reporter.at(line=number + 1).refused(message)
