"""Turns a file of one format into a file of another, without a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator import __version__
from annotator.formats import FORMATS, by_suffix, format_named
from annotator.formats.base import Format, WriteContext, is_accepted
from annotator.formats.choosing import options_made
from annotator.model.document import Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Loss, Problem, Record
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.workflows.machine import in_process
from annotator.workflows.problems import Problems
from annotator.workflows.reading import Reading, records_in
from annotator.workflows.reporting import Report, silent
from annotator.workflows.tokenizers import prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertResult:
    """What a conversion read and wrote."""

    documents: int
    spans: int
    relations: int
    read_documents: int
    read_spans: int
    read_relations: int
    problems: tuple[Problem, ...]
    problems_total: int
    losses: tuple[Loss, ...]
    told: tuple[str, ...] = ()


def convert(
    source: Path,
    target: Path,
    *,
    read_format: str = "",
    write_format: str = "",
    layout: str = "auto",
    assume_done: bool = False,
    details: Mapping[str, Any] | None = None,
    report: Report = silent,
) -> ConvertResult:
    """Read a file or folder and write it in another format.

    The source is read twice: once to know its labels and what would be lost, once to write. `assume_done` takes
    documents of which the source does not say so as finished: then what has no span there is a negative. `details` are
    further options of either format, by their names.

    Raises:
        FormatError: a format is unknown or cannot be told, or a file cannot be read or written.
    """
    if not source.exists():
        raise FormatError(f"{source} is not there.", "Look at its name.")
    found = format_named(write_format) if write_format else _by_suffix(target)
    if found.write is None:
        raise FormatError(f"{found.title} can be read but not written.", "Choose another format.")
    problems = Problems()
    reading = Reading(format=read_format, details=details or {})
    counts: Counter[str] = Counter()
    labels: dict[str, None] = {}
    ends: dict[str, set[tuple[str, str]]] = {}
    told = {**(details or {}), "layout": layout, "assume_done": assume_done}
    options = options_made(found.options, told, what=found.title)
    machine = in_process()

    def counted() -> Iterator[Record]:
        for record in _read(source, reading, problems):
            counts["documents"] += 1
            counts["spans"] += sum(map(is_accepted, record.spans))
            counts["relations"] += sum(map(is_accepted, record.relations))
            labels.update(dict.fromkeys(span.label for span in record.spans))
            for relation in record.relations:
                pair = (record.spans[relation.head].label, record.spans[relation.child].label)
                ends.setdefault(relation.label, set()).add(pair)
            report(counts["documents"], 0, f"{counts['documents']:,} documents read")
            yield record

    losses: list[Loss] = []
    if found.losses is not None:
        losses = found.losses(prepared(counted(), machine, options), options, _tokenize)
    else:
        for _ in counted():
            pass
    if not counts["documents"]:
        first = problems.kept[0].message if problems.kept else "it holds no document"
        raise FormatError(f"Nothing in {source.name} could be read: {first}")
    context = WriteContext(
        schema=_schema(labels, ends), options=options, tokenize=_tokenize, program_version=__version__
    )
    found.write(target, prepared(_read(source, reading, Problems()), machine, options), context)
    written = context.written
    return ConvertResult(
        documents=written.documents,
        spans=written.spans,
        relations=written.relations,
        read_documents=counts["documents"],
        read_spans=counts["spans"],
        read_relations=counts["relations"],
        problems=tuple(problems.kept),
        problems_total=problems.total,
        losses=tuple(losses),
        told=tuple(context.told),
    )


def _read(source: Path, reading: Reading, problems: Problems) -> Iterator[Record]:
    return (record for record, _ in records_in([source], reading, problems))


def _by_suffix(target: Path) -> Format:
    found = by_suffix(target)
    if found is not None and found.write is not None:
        return found
    names = ", ".join(each.name for each in FORMATS if each.write is not None)
    raise FormatError(f"The name {target.name} does not tell a format.", f"Say --to with one of: {names}.")


def _schema(labels: dict[str, None], ends: dict[str, set[tuple[str, str]]]) -> Schema:
    """Make a schema of what the file holds: a relation type joins the labels that it was seen to join."""
    relations = [
        RelationType(
            name=name,
            heads=tuple(sorted({head for head, _ in pairs})),
            children=tuple(sorted({child for _, child in pairs})),
        )
        for name, pairs in ends.items()
    ]
    return Schema(tuple(EntityType(name=name) for name in labels), tuple(relations))


def _tokenize(text: str, language: str) -> Tokens:
    from annotator.suggest.tokenizing import tokenize

    return tokenize(text, language)
