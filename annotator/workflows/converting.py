"""Turns a file of one format into a file of another, without a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotator import __version__
from annotator.formats import FORMATS, by_suffix, format_named
from annotator.formats.base import WriteContext, is_accepted
from annotator.formats.choosing import options_made
from annotator.model.document import Tokens
from annotator.model.errors import FormatError
from annotator.model.record import Loss, Problem, Record
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.workflows.losses import count_left_out, nothing_left
from annotator.workflows.machine import in_process
from annotator.workflows.problems import Kind, Problems
from annotator.workflows.reading import Reading, records_in
from annotator.workflows.reporting import Report, silent
from annotator.workflows.sealing import make_folder
from annotator.workflows.tokenizers import prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertResult:
    """What a conversion read and wrote, and where: in place of a target that ends like a file there may be a folder.

    `problems` lists some of them, `problems_total` and, by kind, `kinds` count them all.
    """

    place: Path
    documents: int
    spans: int
    relations: int
    read_documents: int
    read_spans: int
    read_relations: int
    problems: tuple[Problem, ...]
    problems_total: int
    losses: tuple[Loss, ...]
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    told: tuple[str, ...] = ()


def convert(
    source: Path,
    target: Path,
    *,
    read_format: str = "",
    write_format: str = "",
    encoding: str = "",
    language: str = "",
    layout: str = "auto",
    assume_done: bool = False,
    read_details: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
    report: Report = silent,
) -> ConvertResult:
    """Read a file or folder and write it in another format.

    The source is read twice: once to know its labels and what would be lost, once to write. `assume_done` takes
    documents of which the source does not say so as finished: then what has no span there is a negative. `language`
    is that of texts whose file names none. `read_details` are further options of the source's format and `details`
    those of the target's, by their names.

    Raises:
        FormatError: a format is unknown or cannot be told, a file cannot be read or written, or the format leaves all
            documents out.
    """
    if not source.exists():
        raise FormatError(f"{source} is not there.", "Look at its name.")
    found = format_named(write_format or format_told_by(target))
    if found.write is None:
        raise FormatError(f"{found.title} can be read but not written.", "Choose another format.")
    told = {**(details or {}), "layout": layout, "assume_done": assume_done}
    options = options_made(found.options, told, what=found.title)
    reading = Reading(format=read_format, encoding=encoding, details=read_details or {})
    texts, machine = _Texts(source, reading, language), in_process()
    first = prepared(texts.looked_through(report), machine, options)
    losses = [] if found.losses is None else found.losses(first, options, _tokenize)
    for _ in first:  # where nothing is lost, nobody has looked yet
        pass
    if not texts.documents:
        why = texts.problems.kept[0].message if texts.problems.kept else f"{source.name} holds no document."
        where = "" if why.startswith(source.name) else f"Nothing in {source.name} could be read: "
        raise FormatError(f"{where}{why}")
    if texts.documents == count_left_out(losses):
        todo = "Say that the source is finished (--assume-done), or choose another format."
        raise nothing_left(texts.documents, found.title, todo)
    context = WriteContext(
        schema=texts.schema(), options=options, tokenize=_tokenize, program_version=__version__
    )
    place = found.place_with(options, target)
    make_folder(place.parent)
    found.write(place, prepared(texts.records(Problems()), machine, options), context)
    return texts.result(place, context, losses)


class _Texts:
    """The documents of a source, and what was seen of them when they were looked through."""

    def __init__(self, source: Path, reading: Reading, language: str) -> None:
        self._source = source
        self._reading = reading
        self._language = language
        self.problems = Problems()
        self.documents = self._spans = self._relations = 0
        self._labels: dict[str, None] = {}
        self._ends: dict[str, set[tuple[str, str]]] = {}

    def records(self, problems: Problems) -> Iterator[Record]:
        """Read the documents."""
        for record, _ in records_in([self._source], self._reading, problems):
            yield record if record.language else replace(record, language=self._language)

    def looked_through(self, report: Report) -> Iterator[Record]:
        """Read the documents, count them and note their labels."""
        for record in self.records(self.problems):
            self.documents += 1
            self._spans += sum(map(is_accepted, record.spans))
            self._relations += sum(map(is_accepted, record.relations))
            self._labels.update(dict.fromkeys(span.label for span in record.spans))
            for relation in record.relations:
                pair = (record.spans[relation.head].label, record.spans[relation.child].label)
                self._ends.setdefault(relation.label, set()).add(pair)
            report(self.documents, 0, f"{self.documents:,} documents read")
            yield record

    def schema(self) -> Schema:
        """Make a schema of what was seen: a relation type joins the labels that it was seen to join."""
        relations = [
            RelationType(
                name=name,
                heads=tuple(sorted({head for head, _ in pairs})),
                children=tuple(sorted({child for _, child in pairs})),
            )
            for name, pairs in self._ends.items()
        ]
        return Schema(tuple(EntityType(name=name) for name in self._labels), tuple(relations))

    def result(self, place: Path, context: WriteContext, losses: Sequence[Loss]) -> ConvertResult:
        """Say what was read and written."""
        return ConvertResult(
            place=place,
            documents=context.written.documents,
            spans=context.written.spans,
            relations=context.written.relations,
            read_documents=self.documents,
            read_spans=self._spans,
            read_relations=self._relations,
            problems=tuple(self.problems.kept),
            problems_total=self.problems.total,
            kinds=dict(self.problems.kinds),
            losses=tuple(losses),
            told=tuple(context.told),
        )


def format_told_by(target: Path) -> str:
    """Give the name of the format that a target's name tells.

    Raises:
        FormatError: it tells none that can be written; the message lists those that can.
    """
    found = by_suffix(target)
    if found is not None and found.write is not None:
        return found.name
    names = ", ".join(each.name for each in FORMATS if each.write is not None)
    raise FormatError(f"The name {target.name} does not tell a format.", f"Say --to with one of: {names}.")


def _tokenize(text: str, language: str) -> Tokens:
    from annotator.suggest.tokenizing import tokenize

    return tokenize(text, language)
