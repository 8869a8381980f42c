"""Plain text: a document is a file, kept character by character, or on request each line or paragraph of one file.

What is written are the texts alone: a folder with a file for each, or one file of lines or paragraphs, in which a text
loses the line ends that part documents there. Spans and all else are losses.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.formats.base import (
    Format,
    ReadOptions,
    Report,
    Reporter,
    WriteContext,
    file_name,
    half_a_pair,
    name_of,
    option,
    options_as,
    shown,
    source_of,
)
from annotator.formats.file_names import FileNames
from annotator.formats.holding import Holding, Keeper, keeps_by, losses_by
from annotator.formats.line_writing import write_lines
from annotator.formats.text_files import BLANKS, decoded, lines_of, mark_of, opened, read_most
from annotator.formats.whole_files import Sink, write_folder_compared
from annotator.model.document import title_of
from annotator.model.limits import TEXT_LIMIT
from annotator.model.record import Record
from annotator.model.schema import Schema

_BYTES_A_CHARACTER = 4
SUFFIXES = (".txt", ".text")
FILE, LINE, PARAGRAPH = "file", "line", "paragraph"
BREAKS, EMPTY = "line ends", "empty"
_MARK = "\ufeff"
"""A first one in a file is the file's, so that a text which begins with one needs another."""
_HOLDING = Holding(spans=False)
_BREAKS_LOST = {
    LINE: "Line ends in {what} become blanks, since a line is a document; blanks at its ends go.",
    PARAGRAPH: "Empty lines in {what} go, since they part documents; blanks at the ends of lines go too.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOptions(ReadOptions):
    """How plain text is read."""

    one_each: str = option(
        default=FILE,
        title="A text is",
        about="What becomes a document: each file, each line that holds something, or what blank lines part.",
        choices=(FILE, LINE, PARAGRAPH),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWriteOptions:
    """How plain text is written."""

    one_each: str = option(
        default=FILE,
        title="A text is",
        about="What a document becomes: a file in a folder, a line, or a paragraph between empty lines of one file.",
        choices=(FILE, LINE, PARAGRAPH),
    )


def sniff(head: bytes, path: Path) -> float:
    """Tell by the suffix; a file without any is taken for a text if it looks like one."""
    if path.name.lower().endswith(SUFFIXES):
        return 0.5
    if path.suffix or not head:
        return 0.0
    if mark_of(head) is not None:
        return 0.3
    printable = sum(byte >= 32 or byte in b"\t\n\v\f\r\x1b" for byte in head)
    return 0.3 if printable >= 0.95 * len(head) and b"\0" not in head else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the document of a file, or its lines or paragraphs; report where there is none."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    one_each = options.one_each if isinstance(options, TextOptions) else FILE
    if one_each == FILE:
        text = _whole(path, name=name, options=options, reporter=reporter)
        if text is not None:
            yield _record(text, source_of(path, options), options, name)
        return
    found = False
    for line, text in _parts(path, options, reporter, by_line=one_each == LINE):
        if not text.strip():  # blanks of other kinds than those that are trimmed
            continue
        found = True
        if len(text) > TEXT_LIMIT:
            reporter.at(line=line).refused(
                f"The text that begins here has more than {TEXT_LIMIT:,} characters."
            )
        else:
            yield _record(text, f"{source_of(path, options)}:{line}", options, name)
    if not found:
        reporter.refused(f"{name} holds no text.")


def _record(text: str, source: str, options: ReadOptions, name: str) -> Record:
    return Record(text=text, source=source, title=title_of(text) or name, language=options.language)


def _whole(path: Path, *, name: str, options: ReadOptions, reporter: Reporter) -> str | None:
    """Give the text of a file, None and a report where it has none."""
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > TEXT_LIMIT * _BYTES_A_CHARACTER:
            reporter.refused(_too_long(name))
            return None
        raw = read_most(file, TEXT_LIMIT * _BYTES_A_CHARACTER)
    text = decoded(raw, name=name, options=options, reporter=reporter)
    if text is None:
        return None
    if len(text) > TEXT_LIMIT:
        reporter.refused(_too_long(name))
    elif not text.strip():
        reporter.refused(f"{name} holds no text.")
    else:
        return text
    return None


def _parts(
    path: Path, options: ReadOptions, reporter: Reporter, *, by_line: bool
) -> Iterator[tuple[int, str]]:
    """Give lines, or paragraphs with their lines joined, and the number of the line in which each begins."""
    begun, last, lines = 0, 0, list[str]()
    with opened(path) as file:
        for number, line in lines_of(file, name=file_name(path), options=options, reporter=reporter):
            if lines and (by_line or number > last + 1):
                yield begun, "\n".join(lines)
                lines = []
            begun = begun if lines else number
            lines.append(line)
            last = number
    if lines:
        yield begun, "\n".join(lines)


def _too_long(name: str) -> str:
    return f"{name} has more than {TEXT_LIMIT:,} characters. Cut it into several files."


class _Keeper(Keeper):
    """Gives the texts alone, as lines or paragraphs of one file leave them."""

    def __init__(self, options: TextWriteOptions) -> None:
        self._one_each = options.one_each
        super().__init__(
            _HOLDING,
            {
                BREAKS: ("document", _BREAKS_LOST.get(self._one_each, "")),
                EMPTY: ("document", "{what} of blanks alone: no text, left out."),
            },
        )

    def keep(self, record: Record) -> Record | None:
        """Give what a file holds of a record; None for a text of blanks."""
        if not record.text.strip():
            self.lose(EMPTY, record)
            return None
        kept = super().keep(record)
        if kept is None or self._one_each == FILE:
            return kept
        lines = [line for each in kept.text.splitlines() if (line := each.strip(BLANKS))]
        text = (" " if self._one_each == LINE else "\n").join(lines)
        if text != kept.text:
            self.lose(BREAKS, record)
        return replace(kept, text=text)


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write a folder of texts, or one file of lines or paragraphs."""
    options = options_as(TextWriteOptions, context.options)
    keeper = _Keeper(options)
    if options.one_each == FILE:
        _write_folder(path, records, context, keeper)
        return
    end = [] if options.one_each == LINE else [""]

    def lines(kept: Record) -> list[str]:
        return [_marked(kept.text) if context.written.documents == 1 else kept.text, *end]

    write_lines(path, records, context, keeper=keeper, lines=lines)


def _write_folder(path: Path, records: Iterable[Record], context: WriteContext, keeper: Keeper) -> None:
    naming = FileNames(SUFFIXES)

    def into(opened: Callable[[str], Sink]) -> None:
        for record in records:
            kept = keeper.keep(record)
            if kept is None:
                continue
            try:
                content = _marked(kept.text).encode()
            except UnicodeEncodeError as error:
                raise half_a_pair(name_of(record)) from error
            with opened(f"{naming.name_for(record)}{SUFFIXES[0]}") as file:
                file.write(content)
            context.written.add(kept)

    write_folder_compared(path, into, endings=SUFFIXES[:1])


def _marked(text: str) -> str:
    return f"{_MARK}{text}" if text.startswith(_MARK) else text


def _keeper(options: object, _schema: Schema | None) -> _Keeper:
    return _Keeper(options_as(TextWriteOptions, options))


FORMAT = Format(
    name="text",
    title="Plain text",
    suffixes=SUFFIXES,
    sniff=sniff,
    read=read,
    write=write,
    options=TextWriteOptions,
    read_options=TextOptions,
    losses=losses_by(_keeper),
    keeps=keeps_by(_keeper),
    folder_of=SUFFIXES[:1],
    one_file=lambda options: options_as(TextWriteOptions, options).one_each != FILE,
)
