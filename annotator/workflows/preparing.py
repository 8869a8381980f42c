"""What is settled before texts come in: formats that can be read, first texts, pipelines, what those find in them.

Nothing here needs an open project, and nothing is written. Reading whole sources is `looking.look`.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from annotator.formats.base import HEAD
from annotator.formats.choosing import Option
from annotator.formats.packed import SUFFIXES as PACKED
from annotator.formats.text_files import guessed_encoding
from annotator.model.errors import FormatError
from annotator.model.schema import Schema
from annotator.suggest.languages import base_language, guess_language, language_name
from annotator.suggest.mapping import label_for
from annotator.workflows.format_list import known_formats
from annotator.workflows.importing import ImportOptions
from annotator.workflows.reading import records_in
from annotator.workflows.reporting import Report, silent
from annotator.workflows.suggesting import MappingRow, PipelineInfo, mapping_preview

__all__ = [
    "ReadableFormat",
    "base_language",
    "first_hits",
    "first_texts",
    "is_readable",
    "language_name",
    "languages_in",
    "likely_encoding",
    "pipeline_in",
    "readable_endings",
    "readable_formats",
    "role_label",
]

SAMPLE_LENGTH = 50_000
"""Code points of one text that a first look hands to a pipeline."""


@dataclass(frozen=True, slots=True)
class ReadableFormat:
    """A format that can be read, for lists; `options` are what can be chosen of its reading."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    options: tuple[Option, ...]


def readable_formats() -> tuple[ReadableFormat, ...]:
    """List the formats that can be read, in the order in which they are offered."""
    return tuple(
        ReadableFormat(each.name, each.title, each.suffixes, each.read_options)
        for each in known_formats()
        if each.reads
    )


def readable_endings() -> tuple[str, ...]:
    """List the endings of files that may be brought in: those of formats, and of archives."""
    return tuple(dict.fromkeys([*(each for some in readable_formats() for each in some.suffixes), *PACKED]))


def is_readable(path: Path) -> bool:
    """Tell by its name whether something may be brought in: a folder, an archive, or a file of some format."""
    return path.is_dir() or path.name.lower().endswith(readable_endings())


def likely_encoding(path: Path) -> str:
    """Guess how a file that is not UTF-8 is encoded, as Python names it; empty where nothing shows it."""
    try:
        with path.open("rb") as file:
            return guessed_encoding(file.read(HEAD))
    except OSError:
        return ""


def first_texts(
    sources: Iterable[tuple[Path, ImportOptions]], *, limit: int, report: Report = silent
) -> list[tuple[str, str]]:
    """Give the first texts of some sources with the language each is said to be in, empty where nobody says.

    Takes them in turn from every source, so that each is heard; what cannot be read is passed over.
    """
    streams = [_texts(path, options) for path, options in sources]
    found: list[tuple[str, str]] = []
    while streams and len(found) < limit:
        report(len(found), limit, "Reading the first texts")
        for stream in tuple(streams):
            text = next(stream, None)
            if text is None:
                streams.remove(stream)
            elif len(found) < limit:
                found.append(text)
    for stream in streams:
        stream.close()
    return found


def _texts(path: Path, options: ImportOptions) -> Generator[tuple[str, str], None, None]:
    with contextlib.suppress(FormatError):
        for record, _ in records_in([path], options.reading, lambda _problem: None):
            language = record.language or options.languages.get(record.source, "") or options.language
            yield record.text[:SAMPLE_LENGTH], language


def languages_in(texts: Iterable[str]) -> Counter[str]:
    """Count texts by the language each seems to be in; those that do not show it are not counted."""
    return Counter(language for text in texts if (language := guess_language(text)))


def pipeline_in(folder: Path) -> PipelineInfo:
    """Tell which pipeline a folder holds.

    Raises:
        UserError: none, or one that finds no entities.
    """
    from annotator.suggest.spacy_pipeline import find_pipeline

    found = find_pipeline(str(folder))
    assert found is not None, "a name was given"
    return PipelineInfo.of(found)


def first_hits(
    texts: Sequence[tuple[str, str]], pipeline: PipelineInfo, schema: Schema, report: Report = silent
) -> list[MappingRow]:
    """Run a pipeline over some texts (text, language) in a process of its own and say what each label hits.

    Raises:
        UserError: the pipeline cannot be run. Cancelled: the person stopped.
    """
    from annotator.suggest.worker import Worker

    report(0, len(texts), f"Looking with {pipeline.name}")
    worker = Worker()
    worker.start()
    try:
        rows: list[MappingRow] = []
        for number, text in enumerate(texts):
            rows = _joined(rows, mapping_preview(worker, [text], pipeline, schema))
            report(number + 1, len(texts), f"Looking with {pipeline.name}")
        return rows or mapping_preview(worker, [], pipeline, schema)
    finally:
        worker.close()


def _joined(before: Sequence[MappingRow], more: Sequence[MappingRow]) -> list[MappingRow]:
    if not before:
        return list(more)
    return [
        replace(
            old,
            hits=old.hits + new.hits,
            examples=tuple(islice(dict.fromkeys((*old.examples, *new.examples)), 3)),
        )
        for old, new in zip(before, more, strict=True)
    ]


def role_label(schema: Schema) -> str:
    """Give the label that stands for offices and titles in a schema; empty if there is none."""
    return label_for("ROLE", schema)
