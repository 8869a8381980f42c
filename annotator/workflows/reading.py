"""Reads sources one after the other, whatever they are: files, folders, archives, each in its own format."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.formats import detect, format_named, sources_in
from annotator.formats.base import Format, Found, ReadOptions, shown
from annotator.formats.choosing import options_made
from annotator.formats.packed import Unpacking
from annotator.model.errors import FormatError
from annotator.model.record import Problem, Record
from annotator.model.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How sources are read.

    Args:
        format: name of a format; empty finds it by content. encoding: empty detects it.
        details: what single formats are told beyond that, by the names of their read options; formats that know no
            option of a name are not told it. found: filled by the readers.
    """

    format: str = ""
    encoding: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    found: Found = field(default_factory=Found, compare=False)

    def options_for(self, found: Format, root: Path | None = None) -> ReadOptions:
        """Give what a format is told."""
        told = options_made(found.read_options, {**self.details, "encoding": self.encoding}, what=found.title)
        made: ReadOptions = dataclasses.replace(told, language="", root=root, found=self.found)
        return made


Report = Callable[[Problem], None]


def records_in(
    sources: Sequence[Path],
    reading: Reading,
    report: Report,
    describe: Callable[[Schema], None] | None = None,
) -> Iterator[tuple[Record, Format]]:
    """Yield the documents of all sources, with the format each was in.

    A source that cannot be read is reported and passed over; where it is the only one, that is the end. `describe`
    is given the types that a file describes, before its documents come.

    Raises:
        FormatError: the only source is not there, of no known format, or may not be read.
    """
    alone = len(sources) == 1
    with Unpacking() as unpacking:
        for source in sources:
            for path in _files(source, report, unpacking, alone=alone):
                root = unpacking.root_of(path) or (source if source.is_dir() else source.parent)
                try:
                    yield from _records_of(path, root, reading, _told(report, unpacking), describe)
                except FormatError as error:
                    if alone and path == source:
                        raise
                    report(Problem(file=unpacking.told(shown(path)), message=unpacking.told(str(error))))


def _records_of(
    path: Path,
    root: Path,
    reading: Reading,
    report: Report,
    describe: Callable[[Schema], None] | None,
) -> Iterator[tuple[Record, Format]]:
    found = format_named(reading.format) if reading.format else detect(path)
    if found.read is None:
        raise FormatError(f"{found.title} can be written but not read.", "Choose another format.")
    options = reading.options_for(found, root)
    described = None if describe is None or found.types is None else found.types(path, options, report)
    if describe is not None and described is not None:
        describe(described)
    for record in found.read(path, options, report):
        yield record, found


def _files(source: Path, report: Report, unpacking: Unpacking, *, alone: bool) -> list[Path]:
    def left_out(path: Path, error: FormatError) -> None:
        told = f"{unpacking.told(str(error))} Left out."
        report(Problem(file=unpacking.told(shown(path)), message=told))

    try:
        if source.exists():
            return sources_in(source, left_out, unpacking=unpacking)
        raise FormatError(f"{source} is not there.", "Look at its name.")
    except OSError as error:
        told = FormatError(f"{source} may not be read: {error.strerror}.", "Ask for the right to read it.")
        if alone:
            raise told from error
    except FormatError as error:
        told = error
        if alone:
            raise
    report(Problem(file=str(source), message=str(told)))
    return []


def _told(report: Report, unpacking: Unpacking) -> Report:
    """Give a report in which unpacked files are called by the names of their archives."""

    def tell(problem: Problem) -> None:
        report(dataclasses.replace(problem, file=unpacking.told(problem.file)))

    return tell
