"""Looks at files and folders before they are imported: what they hold, how they are read, and how they begin."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotator.formats import detect, format_named
from annotator.formats.base import is_accepted
from annotator.model.annotation import Fragment
from annotator.model.errors import FormatError
from annotator.model.record import Problem, Record
from annotator.workflows.importing import CHUNK, ImportOptions
from annotator.workflows.problems import Problems
from annotator.workflows.reading import Reading, records_in
from annotator.workflows.reporting import Report, silent

FIRST, FIRST_LENGTH = 3, 400
"""Documents that are shown before an import, and code points of each."""
NEAR, BEFORE = 120, 40
"""Code points within which a first span is seen from the beginning of its text; and those before one further on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLook:
    """What a file or folder seems to hold, before it is imported.

    Args:
        format, title: of most of its documents. formats: documents by the title of their format.
        encodings: how its files are encoded. offsets: what their offsets count, in words.
        first: stretches of the first documents, of annotated ones if there are any, with the spans in them.
    """

    path: Path
    format: str
    title: str
    documents: int = 0
    spans: int = 0
    relations: int = 0
    labels: Mapping[str, int] = field(default_factory=dict)
    relation_labels: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    problems_total: int = 0
    refusal: str = ""
    beginning: str = ""
    formats: Mapping[str, int] = field(default_factory=dict)
    encodings: tuple[str, ...] = ()
    offsets: tuple[str, ...] = ()
    first: tuple[Record, ...] = ()


def look(path: Path, options: ImportOptions | None = None, report: Report = silent) -> SourceLook:
    """Read a file or folder without importing it and say what it holds; never raises for what is in it."""
    reading = (options or ImportOptions()).reading
    problems = Problems()
    counts: Counter[str] = Counter()
    first: list[Record] = []
    annotated: list[Record] = []
    labels: Counter[str] = Counter()
    relation_labels: Counter[str] = Counter()
    formats: Counter[tuple[str, str]] = Counter()
    beginning = refusal = ""
    try:
        for record, found in records_in([path], reading, problems):
            if len(first) < FIRST:
                first.append(_excerpt_of(record))
            if len(annotated) < FIRST and record.spans:
                annotated.append(_excerpt_of(record))
            formats[found.name, found.title] += 1
            counts["documents"] += 1
            labels.update(span.label for span in record.spans if is_accepted(span))
            relation_labels.update(relation.label for relation in record.relations if is_accepted(relation))
            beginning = beginning or record.text[:200]
            if counts["documents"] % CHUNK == 0:
                report(counts["documents"], 0, f"Looking at {path.name}")
    except FormatError as error:
        refusal = str(error)
    if not formats and not refusal and problems.kept:
        refusal = problems.kept[0].message
    name, title = formats.most_common(1)[0][0] if formats else _format_of(path, reading)
    return SourceLook(
        path=path,
        format=name,
        title=title,
        documents=counts["documents"],
        spans=labels.total(),
        relations=relation_labels.total(),
        labels=dict(labels),
        relation_labels=dict(relation_labels),
        problems=tuple(problems.kept),
        problems_total=problems.total,
        refusal=refusal,
        beginning=beginning,
        formats={title: count for (_, title), count in formats.most_common()},
        encodings=tuple(sorted(reading.found.encodings)),
        offsets=tuple(sorted(reading.found.offsets)) if labels else (),
        first=tuple(annotated or first),
    )


def _format_of(path: Path, reading: Reading) -> tuple[str, str]:
    """Name the format of a source of which nothing could be read, so that one can choose how to read it."""
    with contextlib.suppress(FormatError, OSError):
        if path.is_file():
            found = format_named(reading.format) if reading.format else detect(path)
            return found.name, found.title
    return "", ""


def _excerpt_of(record: Record) -> Record:
    """Give what is shown of a record: a stretch of its text with the accepted spans that lie in it.

    It is the beginning, or where the first span lies beyond that, what stands around that span.
    """
    spans = [each for each in record.spans if is_accepted(each)]
    first = min((each.fragments[0].start for each in spans), default=0)
    start = 0 if first < NEAR else _word_from(record.text, first - BEFORE)
    before = "… " if start else ""
    text = before + record.text[start : start + FIRST_LENGTH]
    shift = start - len(before)
    inside = (
        each
        for each in spans
        if each.fragments[0].start >= start and each.fragments[-1].end - shift <= len(text)
    )
    moved = (
        replace(each, fragments=tuple(Fragment(begin - shift, end - shift) for begin, end in each.fragments))
        for each in inside
    )
    return Record(text=text, title=record.title, source=record.source, spans=tuple(moved))


def _word_from(text: str, start: int) -> int:
    """Give where the next word begins, if one does soon."""
    blank = re.compile(r"\s+").search(text, start, start + BEFORE)
    return blank.end() if blank is not None else start
