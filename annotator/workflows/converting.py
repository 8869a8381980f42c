"""Turns a file of one format into a file of another, without a project."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from annotator import __version__
from annotator.formats import FORMATS, by_suffix, detect, format_named, sources_in
from annotator.formats.base import Format, WriteContext, is_accepted
from annotator.model.document import Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Loss, Problem, Record
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.workflows.importing import Problems
from annotator.workflows.reporting import Report, silent


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


def convert(
    source: Path,
    target: Path,
    *,
    read_format: str = "",
    write_format: str = "",
    layout: str = "auto",
    assume_done: bool = False,
    report: Report = silent,
) -> ConvertResult:
    """Read a file or folder and write it in another format.

    The source is read twice: once to know its labels and what would be lost, once to write. `assume_done` takes
    documents of which the source does not say so as finished: then what has no span there is a negative.

    Raises:
        FormatError: a format is unknown or cannot be told, or a file cannot be read or written.
    """
    if not source.exists():
        raise FormatError(f"{source} is not there.", "Look at its name.")
    found = format_named(write_format) if write_format else _by_suffix(target)
    if found.write is None:
        raise FormatError(f"{found.title} can be read but not written.", "Choose another format.")
    problems = Problems()
    counts: Counter[str] = Counter()
    labels: dict[str, None] = {}
    ends: dict[str, set[tuple[str, str]]] = {}
    names = {each.name for each in dataclasses.fields(found.options)}
    given = {"layout": layout, "assume_done": assume_done}
    options = found.options(**{name: value for name, value in given.items() if name in names})

    def counted() -> Iterator[Record]:
        for record in _read(source, read_format, problems):
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
        losses = found.losses(counted(), options, _tokenize)
    else:
        for _ in counted():
            pass
    if not counts["documents"]:
        first = problems.kept[0].message if problems.kept else "it holds no document"
        raise FormatError(f"Nothing in {source.name} could be read: {first}")
    context = WriteContext(
        schema=_schema(labels, ends), options=options, tokenize=_tokenize, program_version=__version__
    )
    found.write(target, _read(source, read_format, Problems()), context)
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
    )


def _read(source: Path, read_format: str, problems: Problems) -> Iterator[Record]:
    root = source if source.is_dir() else source.parent

    def left_out(path: Path, error: FormatError) -> None:
        problems(Problem(file=path.name, message=f"{error} Left out."))

    for path in sources_in(source, left_out):
        try:
            found = format_named(read_format) if read_format else detect(path)
            if found.read is None:
                raise FormatError(f"{found.title} can be written but not read.", "Choose another format.")
            yield from found.read(path, replace(found.read_options(), root=root), problems)
        except FormatError as error:
            if path == source:
                raise
            problems(Problem(file=path.name, message=str(error)))


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
