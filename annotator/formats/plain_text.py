"""Plain text: a document is a file, kept character by character, or on request each line or paragraph of it.

There is no writer: a text holds no spans.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.formats.base import Format, ReadOptions, Report, Reporter, file_name, option, shown, source_of
from annotator.formats.text_files import decoded, lines_of, mark_of, opened, read_most
from annotator.model.document import title_of
from annotator.model.limits import TEXT_LIMIT
from annotator.model.record import Record

_BYTES_A_CHARACTER = 4
SUFFIXES = (".txt", ".text")
FILE, LINE, PARAGRAPH = "file", "line", "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOptions(ReadOptions):
    """How plain text is read."""

    one_each: str = option(
        default=FILE,
        title="A text is",
        about="What becomes a document: each file, each line that holds something, or what blank lines part.",
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


FORMAT = Format(
    name="text", title="Plain text", suffixes=SUFFIXES, sniff=sniff, read=read, read_options=TextOptions
)
