"""Plain text: one file, one document, kept character by character. There is no writer: a text holds no spans."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from annotator.formats.base import Format, ReadOptions, Report, Reporter, file_name, shown, source_of
from annotator.formats.text_files import decoded, mark_of, opened
from annotator.model.document import title_of
from annotator.model.record import Record
from annotator.model.rules import TEXT_LIMIT

_BYTES_A_CHARACTER = 4
SUFFIXES = (".txt", ".text")


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
    """Yield the document of a file, or report why there is none."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > TEXT_LIMIT * _BYTES_A_CHARACTER:
            reporter.refused(_too_long(name))
            return
        raw = file.read(TEXT_LIMIT * _BYTES_A_CHARACTER + 1)
    text = decoded(raw, name=name, options=options, reporter=reporter)
    del raw
    if text is None:
        return
    if len(text) > TEXT_LIMIT:
        reporter.refused(_too_long(name))
    elif not text.strip():
        reporter.refused(f"{name} holds no text.")
    else:
        yield Record(
            text=text,
            source=source_of(path, options),
            title=title_of(text) or name,
            language=options.language,
        )


def _too_long(name: str) -> str:
    return f"{name} has more than {TEXT_LIMIT:,} characters. Cut it into several files."


FORMAT = Format(name="text", title="Plain text", suffixes=SUFFIXES, sniff=sniff, read=read)
