"""What a format is, what reading and writing one is asked for, and how a file is written safely.

No format lives here and none is named here; `registry.py` lists them.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from annotator.model.document import Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Loss, Problem, Record, RecordRelation, RecordSpan
from annotator.model.schema import Schema

HEAD = 65_536
"""Bytes from the beginning of a file that are looked at to tell its format."""
EXAMPLES = 20
"""Most examples of one loss."""

_Value = TypeVar("_Value")
Report = Callable[[Problem], None]
Tokenize = Callable[[str, str], Tokens]
"""Give the tokens of a text; takes the text and its language code, which may be empty."""


def option(*, default: _Value, title: str, about: str, choices: tuple[str, ...] = ()) -> _Value:
    """Declare one field of an options class: its default, and what a dialog and the terminal say of it.

    The field's metadata holds `title`, `help` and, where only some values are meant, `choices`.
    """
    metadata: dict[str, Any] = {"title": title, "help": about}
    if choices:
        metadata["choices"] = choices
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What every reader may be told; a format that asks for more has a class of its own.

    Args:
        language: language code of documents whose file names none.
        encoding: how the text is encoded; empty means UTF-8, or UTF-16 where the file begins with its mark.
        root: folder that an import began with; names of sources are relative to it. No dialog shows it.
    """

    language: str = option(
        default="", title="Language", about="Language code of texts whose file names none, e.g. en."
    )
    encoding: str = option(
        default="", title="Encoding", about="How the text is encoded, e.g. cp1252; empty means UTF-8."
    )
    root: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOptions:
    """The options of a format that has none."""


@dataclass(slots=True)
class Written:
    """What a writer put into its file, as another program finds it there: accepted ones only."""

    documents: int = 0
    spans: int = 0
    relations: int = 0


@dataclass(slots=True, kw_only=True)
class WriteContext:
    """What a writer is handed beside the records.

    Args:
        schema: the types of the project; symmetric relations and complete zeros are taken from it.
        options: an instance of the format's options class; its defaults for anything else.
        tokenize: makes tokens for records that have none; None leaves them without.
        program_version: written where a format names its author.
        written: filled by the writer.
    """

    schema: Schema = field(default_factory=Schema)
    options: object = None
    tokenize: Tokenize | None = None
    program_version: str = ""
    written: Written = field(default_factory=Written)


class Losses(Protocol):
    """Say what a file of this format would not hold of these records, before it is written."""

    def __call__(
        self,
        records: Iterable[Record],
        options: object,
        tokenize: Tokenize | None = None,
        schema: Schema | None = None,
    ) -> list[Loss]:
        """Count the losses; `tokenize` makes tokens for records without, `schema` is that of the export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A file format; one instance each, listed in `FORMATS`.

    Args:
        name: for the terminal and manifests. title: for people.
        suffixes: endings of its files with the dot, the usual one first.
        sniff: takes the first `HEAD` bytes and the path, gives 0 (not this) to 1 (surely this).
        read: takes path, options and where to report; yields good records, streaming. A file that cannot
            be opened raises `FormatError`; whatever else is refused or repaired is reported, a whole file
            with line 0.
        write: takes path, records and a `WriteContext`. The file appears only when it is whole and was read
            back; when anything is raised, by the records too, nothing is left behind and an older file stays.
        options: class of the write options. read_options: class of the read options.
        losses: None where nothing is ever lost.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes, Path], float]
    read: Callable[[Path, ReadOptions, Report], Iterator[Record]] | None = None
    write: Callable[[Path, Iterable[Record], WriteContext], None] | None = None
    options: type = NoOptions
    read_options: type[ReadOptions] = ReadOptions
    losses: Losses | None = None


@dataclass(frozen=True, slots=True)
class Reporter:
    """Tells of what was refused or repaired in one file, and where."""

    file: str
    report: Report
    line: int = 0
    record: str = ""

    def at(self, *, line: int = 0, record: str = "") -> Reporter:
        """Give a reporter for one place of the same file."""
        return Reporter(self.file, self.report, line, record)

    def refused(self, message: str) -> None:
        """Report that something was left out."""
        self._tell(message, refused=True)

    def repaired(self, message: str) -> None:
        """Report that something was mended and kept."""
        self._tell(message, refused=False)

    def _tell(self, message: str, *, refused: bool) -> None:
        self.report(
            Problem(file=self.file, line=self.line, record=self.record, message=message, refused=refused)
        )


def is_candidate(item: RecordSpan | RecordRelation) -> bool:
    """Tell whether a machine proposed a span or relation and nobody has decided it.

    An accepted one may carry the score it once had; then it also says who or how.
    """
    proposed = item.score is not None or bool(item.suggester)
    return proposed and not (item.rejected or item.annotator or item.how is not None)


def is_accepted(item: RecordSpan | RecordRelation) -> bool:
    """Tell whether a span or relation holds: neither rejected nor a candidate."""
    return not item.rejected and not is_candidate(item)


def counted(count: int, one: str, many: str = "") -> str:
    """Give a number with its noun: `1 span`, `1,204 spans`."""
    return f"1 {one}" if count == 1 else f"{count:,} {many or one + 's'}"


def name_of(record: Record) -> str:
    """Give the name by which a message speaks of a record."""
    return record.source or record.title or record.id or "a document without a name"


def shown(path: Path) -> str:
    """Give a path as text for messages; bytes that are no characters are spelled out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def file_name(path: Path) -> str:
    """Give the last part of a path as text for messages."""
    return shown(Path(path.name))


def source_of(path: Path, options: ReadOptions) -> str:
    """Give the name of a file that tells it from others of the same import."""
    if options.root is not None and path.is_relative_to(options.root):
        inside = path.relative_to(options.root)
        if inside.name:
            return shown(inside).replace(os.sep, "/")
    return file_name(path)


class LossCounter:
    """Counts losses by kind and keeps some examples of each.

    `messages` gives for each kind its noun and a sentence with `{what}`, where number and noun go.
    """

    def __init__(self, messages: dict[str, tuple[str, str]]) -> None:
        self._messages = messages
        self._counts = dict.fromkeys(messages, 0)
        self._examples: dict[str, list[str]] = {kind: [] for kind in messages}

    def add(self, kind: str, example: str) -> None:
        """Count one more of a kind."""
        self._counts[kind] += 1
        if len(self._examples[kind]) < EXAMPLES:
            self._examples[kind].append(example)

    def result(self) -> list[Loss]:
        """Give what was counted, in the order of the messages, without the kinds that did not occur."""
        return [
            Loss(
                kind=kind,
                count=count,
                message=self._messages[kind][1].format(what=counted(count, self._messages[kind][0])),
                examples=tuple(self._examples[kind]),
            )
            for kind, count in self._counts.items()
            if count
        ]


def write_safely(target: Path, write: Callable[[Path], None], check: Callable[[Path], None]) -> None:
    """Write a file that appears only when it is whole: beside the target, checked, then put in its place.

    Args:
        target: the file to make or replace.
        write: writes into the path it is given. check: reads that path and raises if it is wrong.

    Raises:
        FormatError: no folder, no rights, no room, or whatever `check` found. The old file is as it was.
    """
    final = Path(os.path.realpath(target))
    try:
        _look_before(final, shown(target))
    except OSError as error:  # a folder above it may not be entered
        raise _told(error, shown(target)) from error
    temporary = final.with_name(f".{final.name[:60]}.{uuid.uuid4().hex[:12]}.part")
    try:
        try:
            temporary.touch(exist_ok=False)
            write(temporary)
            _flush(temporary)
        except OSError as error:
            raise _told(error, shown(target)) from error
        check(temporary)
        try:
            if final.exists():
                shutil.copymode(final, temporary)
            temporary.replace(final)
            _flush_folder(final.parent)
        except OSError as error:
            raise _told(error, shown(target)) from error
    finally:
        with contextlib.suppress(OSError):  # gone, or the folder with it
            temporary.unlink(missing_ok=True)


def _look_before(final: Path, name: str) -> None:
    if final.is_dir():
        raise FormatError(f"{name} is a folder.", "Give the name of a file in it.")
    if not final.parent.is_dir():
        raise FormatError(
            f"{name} cannot be written: its folder does not exist.", "Make the folder or choose another."
        )
    if final.exists() and not final.is_file():
        raise FormatError(f"{name} is not an ordinary file.", "Choose another name.")
    if final.exists() and not os.access(final, os.W_OK):
        raise FormatError(
            f"{name} may not be changed: it is write-protected.", "Take that off or choose another name."
        )


def _told(error: OSError, name: str) -> FormatError:
    """Turn a refusal of the operating system into a message with something to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FormatError(
            f"{name} cannot be written: the disk is full.", "Free some room or choose another place."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return FormatError(
            f"{name} cannot be written: you have no right to write there.",
            "Choose another folder, or close the program that holds the file.",
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FormatError(
            f"{name} cannot be written: its folder does not exist.", "Make it or choose another."
        )
    if error.errno == errno.ENAMETOOLONG:
        return FormatError(f"{name} cannot be written: the name is too long.", "Choose a shorter one.")
    return FormatError(
        f"{name} cannot be written: {error.strerror or error}.", "Choose another place and try again."
    )


def _flush(path: Path) -> None:
    """Wait until the disk holds the file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Wait until the disk holds the new name, where the system lets one ask for it."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network folders cannot
            raise
    finally:
        os.close(handle)
