"""What a format is, and what reading and writing one is asked for.

No format lives here and none is named here; `registry.py` lists them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from annotator.model.document import State, Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Loss, Problem, Record, RecordRelation, RecordSpan
from annotator.model.schema import Schema

HEAD = 65_536
"""Bytes from the beginning of a file that are looked at to tell its format."""

_Value = TypeVar("_Value")
Report = Callable[[Problem], None]
Tokenize = Callable[[str, str], Tokens]
"""Give the tokens of a text; takes the text and its language code, which may be empty."""


def option(
    *, default: _Value, title: str, about: str, choices: tuple[str, ...] = (), offers: str = ""
) -> _Value:
    """Declare one field of an options class: its default, and what a dialog and the terminal say of it.

    The field's metadata holds `title`, `help` and, where only some values are meant, `choices`; where what can be
    chosen is known only beside the project, `offers` names it: `tokenizers`.
    """
    metadata: dict[str, Any] = {"title": title, "help": about}
    if choices:
        metadata["choices"] = choices
    if offers:
        metadata["offers"] = offers
    return field(default=default, metadata=metadata)


@dataclass(slots=True)
class Found:
    """What readers found out of files beside their records: how they are encoded, and what their offsets count."""

    encodings: set[str] = field(default_factory=set)
    offsets: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What every reader may be told; a format that asks for more has a class of its own.

    Args:
        language: language code of documents whose file names none.
        encoding: how the text is encoded; empty means UTF-8, or UTF-16 where the file begins with its mark.
        root: folder that an import began with; names of sources are relative to it. No dialog shows it.
        found: filled by the reader.
    """

    language: str = option(
        default="", title="Language", about="Language code of texts whose file names none, e.g. en."
    )
    encoding: str = option(
        default="", title="Encoding", about="How the text is encoded, e.g. cp1252; empty means UTF-8."
    )
    root: Path | None = None
    found: Found = field(default_factory=Found, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOptions:
    """The options of a format that has none."""


_Options = TypeVar("_Options")


def options_as(kind: type[_Options], given: object) -> _Options:
    """Give the options of a format where they are of its own kind, and its defaults for anything else."""
    return given if isinstance(given, kind) else kind()


@dataclass(slots=True)
class Written:
    """What a writer put into its file, as another program finds it there: accepted ones only."""

    documents: int = 0
    spans: int = 0
    relations: int = 0

    def add(self, record: Record) -> None:
        """Count one document more, as all of it is in the file."""
        self.documents += 1
        self.spans += accepted_of(record.spans)
        self.relations += accepted_of(record.relations)


@dataclass(slots=True, kw_only=True)
class WriteContext:
    """What a writer is handed beside the records.

    Args:
        schema: the types of the project; symmetric relations and complete zeros are taken from it.
        options: an instance of the format's options class; its defaults for anything else.
        tokenize: makes tokens for records that have none; None leaves them without.
        program_version: written where a format names its author.
        written: filled by the writer. told: sentences that it adds for the person beside those figures.
    """

    schema: Schema = field(default_factory=Schema)
    options: object = None
    tokenize: Tokenize | None = None
    program_version: str = ""
    written: Written = field(default_factory=Written)
    told: list[str] = field(default_factory=list)


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


def nothing_out(_state: State | None, _options: object) -> bool:
    """Tell that no document is left out: most formats have room for documents in any state."""
    return False


def is_finished(state: State | None, *, assume_done: bool) -> bool:
    """Tell whether a document is done; `assume_done` is for files that do not say."""
    return state is State.DONE or (assume_done and state is None)


def everything(record: Record, _options: object, _schema: Schema) -> Record:
    """Give the record: most of our own formats hold all of it."""
    return record


def never(_options: object) -> bool:
    """Tell that no options make another thing of it."""
    return False


def no_companions(_path: Path) -> Iterable[Path]:
    """Give nothing: a file of most formats stands alone."""
    return ()


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
        keeps: gives what a file holds of a record, with the options and the schema it is written with; None where it
            has no place for the record.
        leaves_out: tells by its state and the options whether a document stays out as a whole, which then counts as a
            loss of the kind `unfinished`; where options leave it open (a layout `auto`), whether it may.
        companions: gives the files that belong to one, such as the text beside its annotations: they are read with
            it, and are no sources of their own.
        folder_of: what is written is a folder of files whose names end so; `write` takes its path. one_file: tells
            that with these options it is one file all the same.
        divides: it puts the parts of a corpus into files of their own by itself.
        types: gives the types that a file, or what lies beside it, describes with colours, keys and constraints;
            None where it says nothing of them. Whatever cannot be used is reported.
        write_types: writes a file of types alone, and gives what of them has no place there.
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
    keeps: Callable[[Record, object, Schema], Record | None] = everything
    leaves_out: Callable[[State | None, object], bool] = nothing_out
    companions: Callable[[Path], Iterable[Path]] = no_companions
    folder_of: tuple[str, ...] = ()
    one_file: Callable[[object], bool] = never
    divides: bool = False
    types: Callable[[Path, ReadOptions, Report], Schema | None] | None = None
    write_types: Callable[[Path, Schema], tuple[Loss, ...]] | None = None

    def endings_with(self, options: object) -> tuple[str, ...]:
        """Give how files in the folder end that is written with these options; nothing where it is one file."""
        return () if self.one_file(options) else self.folder_of

    def place_with(self, options: object, target: Path) -> Path:
        """Give the path that is written where somebody names a target: a folder does not end like a file."""
        is_folder = self.endings_with(options) and target.suffix in self.suffixes
        return target.with_suffix("") if is_folder else target


@dataclass(slots=True)
class Reporter:
    """Tells of what was refused or repaired in one file, and where; every record has one of its own."""

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
    if item.score is None and not item.suggester:  # as nearly all
        return False
    return not (item.rejected or item.annotator or item.how is not None)


def is_accepted(item: RecordSpan | RecordRelation) -> bool:
    """Tell whether a span or relation holds: neither rejected nor a candidate."""
    return not item.rejected and not is_candidate(item)


def accepted_of(items: Sequence[RecordSpan] | Sequence[RecordRelation]) -> int:
    """Count the spans or relations that hold."""
    count = len(items)
    for item in items:
        if item.rejected or item.score is not None or item.suggester:  # as few
            count -= not is_accepted(item)
    return count


def is_bare(item: RecordSpan | RecordRelation) -> bool:
    """Tell whether nothing is said of a span or relation beside place, label and being right or wrong, as of most."""
    return not (
        item.id
        or item.score is not None
        or item.suggester
        or item.annotator
        or item.how is not None
        or item.at is not None
        or item.flagged
        or item.note
        or item.attributes
    )


def half_a_pair(what: str) -> FormatError:
    """Make the error for a text that no file can hold; `what` names it."""
    return FormatError(f"{what} holds half a surrogate pair.", "Take the broken character out.")


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
