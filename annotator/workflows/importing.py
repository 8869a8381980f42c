"""Brings files and pasted texts into a project: all of an import appears at once, or nothing of it.

Records arrive in a hidden batch, about a hundred at a time; a last small step publishes it. A record that is known
already is skipped, kept or put in place of the old one; whatever is refused or repaired is in the report.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from annotator.editing.commands import PublishBatch
from annotator.model.document import content_hash
from annotator.model.errors import NotSavedError, UserError
from annotator.model.packing import PackedTokens, packed
from annotator.model.record import Problem, Record
from annotator.model.schema import Schema
from annotator.store import batches
from annotator.suggest.tokenizing import tokenizer_note
from annotator.workflows.arrival import Arrival, OnDuplicate, Wanted
from annotator.workflows.garbage import seldom_collecting
from annotator.workflows.machine import is_in_process, machine_of, start_worker
from annotator.workflows.problems import Kind, Problems
from annotator.workflows.reading import Reading, records_in
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session

CHUNK, CHUNK_LENGTH = 25, 100_000
"""Documents, and code points of their texts, written in one turn."""
LARGE = 16
"""Times as many are written in one turn while nobody works beside the import."""
FEW = 2
"""Chunks that are cut into tokens in this process before a worker is started for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to bring files in.

    Args:
        on_duplicate: what happens to a document that is known already (`OnDuplicate`).
        format: name of a format; empty finds it by content. language: of texts whose file names none; empty means
            the project's. languages: by file name, for sources of several languages. encoding: empty detects it.
        details: what single formats are told beyond that, by the names of their read options.
    """

    on_duplicate: str = OnDuplicate.SKIP
    format: str = ""
    language: str = ""
    languages: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reading(self) -> Reading:
        """Give what concerns the reading of the sources."""
        return Reading(format=self.format, encoding=self.encoding, details=self.details)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. `read_*` count what the files hold; the others what was added.

    `problems` lists some of them, `problems_total` and, by kind, `kinds` count them all.
    """

    name: str
    step: int | None
    documents: int
    spans: int
    relations: int
    read_documents: int
    read_spans: int
    read_relations: int
    duplicates: int
    replaced: int
    problems: tuple[Problem, ...]
    problems_total: int
    new_types: tuple[str, ...]
    first_document: int | None
    seconds: float
    kinds: Mapping[Kind, int] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        """Count the listed problems by which something was left out."""
        return sum(problem.refused for problem in self.problems)


def import_documents(
    session: Session, sources: Sequence[Path], options: ImportOptions | None = None, report: Report = silent
) -> ImportReport:
    """Bring files and folders into the project, in one step.

    Raises:
        FormatError: a source is not there or of no known format, and it is the only one.
        ProjectError: the project cannot be written. Cancelled: the person stopped; nothing was kept.
    """
    options = options or ImportOptions()
    names = ", ".join(path.name for path in sources[:2]) + (" …" if len(sources) > 2 else "")

    def read(describe: Callable[[Schema], None], problem: Callable[[Problem], None]) -> Iterator[Record]:
        return (record for record, _ in records_in(sources, options.reading, problem, describe))

    return _import_safely(session, f"Import {names}", read, options=options, report=report)


def import_text(
    session: Session, text: str, *, title: str = "", language: str = "", report: Report = silent
) -> ImportReport:
    """Bring one pasted text in as a document.

    Raises:
        UserError: it holds nothing.
    """
    if not text.strip():
        raise UserError("There is no text to paste.", "Copy some text first.")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # halves of characters
    record = Record(text=text, title=title, language=language, source=f"pasted {content_hash(text)[:12]}")
    options = ImportOptions(on_duplicate=OnDuplicate.SKIP, language=language)
    return import_records(session, f"Paste {title or 'a text'}", [record], options=options, report=report)


Reader = Callable[[Callable[[Schema], None], Callable[[Problem], None]], Iterable[Record]]
"""Gives records; takes where to describe their types and where to report what is refused or repaired."""


def import_records(
    session: Session,
    name: str,
    records: Iterable[Record],
    *,
    options: ImportOptions,
    report: Report,
    along: Callable[[int], None] | None = None,
) -> ImportReport:
    """Bring records in, in one step called `name`; `along` is handed the batch in the turn that publishes it."""
    return _import_safely(
        session, name, lambda _types, _problem: records, options=options, report=report, along=along
    )


def _import_safely(
    session: Session,
    name: str,
    read: Reader,
    *,
    options: ImportOptions,
    report: Report,
    along: Callable[[int], None] | None = None,
) -> ImportReport:
    try:
        with seldom_collecting():
            return _import(session, name, read, options=options, report=report, along=along)
    except NotSavedError as error:
        raise error.about(name) from error


def _import(
    session: Session,
    name: str,
    read: Reader,
    *,
    options: ImportOptions,
    report: Report,
    along: Callable[[int], None] | None,
) -> ImportReport:
    began = time.perf_counter()
    project = session.project
    report(0, 0, "Reading")
    batch = batches.begin_batch(project, name=name, at=time.time(), annotator=session.annotator)
    problems = Problems()
    arrival = Arrival(
        session,
        batch.key,
        on_duplicate=OnDuplicate(options.on_duplicate),
        problem=problems,
        language_of=_language_of(options, session.language),
    )
    told: set[str] = set()
    try:
        records = read(arrival.types.describe, problems)
        for cut in _cut(session, _met(session, records, arrival, report)):
            _tell_of_rules(cut, told, problems)
            arrival.write(cut)
            report(arrival.read_documents, 0, f"{arrival.read_documents:,} documents read")
        arrival.end()
        step = _publish(session, batch.key, name, arrival, along)
    except BaseException:
        batches.give_up_batch(project, batch.key)
        raise
    return ImportReport(
        name=name,
        step=step,
        documents=arrival.documents,
        spans=arrival.spans,
        relations=arrival.relations,
        read_documents=arrival.read_documents,
        read_spans=arrival.read_spans,
        read_relations=arrival.read_relations,
        duplicates=arrival.duplicates,
        replaced=len(arrival.replaced),
        problems=tuple(problems.kept),
        problems_total=problems.total,
        kinds=dict(problems.kinds),
        new_types=tuple(each.name for each in arrival.types.new),
        first_document=arrival.first_document,
        seconds=time.perf_counter() - began,
    )


def _met(
    session: Session, records: Iterable[Record], arrival: Arrival, report: Report
) -> Iterator[list[Wanted]]:
    """Yield the records that are wanted, as many at once as are written in one turn."""
    for chunk in _chunks(session, records, report):
        wanted = [each for each in arrival.meet_all(chunk) if each is not None]
        if wanted:
            yield wanted


def _chunks(session: Session, records: Iterable[Record], report: Report) -> Iterator[list[Record]]:
    """Cut a stream of records by their number and by the length of their texts."""
    chunk: list[Record] = []
    length = read = 0
    for record in records:
        chunk.append(record)
        length += len(record.text)
        read += 1
        if len(chunk) % CHUNK == 0 or length >= CHUNK_LENGTH:
            report(read, 0, f"{read:,} documents read")
            wanted = LARGE if session.project.is_undisturbed() else 1
            if len(chunk) < wanted * CHUNK and length < wanted * CHUNK_LENGTH:
                continue
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def _cut(session: Session, chunks: Iterable[list[Wanted]]) -> Iterator[list[tuple[Wanted, PackedTokens]]]:
    """Give every record its tokens: those of its file, or those that the machine makes.

    A long import without a worker process gets one after the first few chunks, so that two things happen at once.
    """
    asked = ((chunk, [_text(each) for each in chunk if each.record.tokens is None]) for chunk in chunks)
    few = islice(asked, FEW if is_in_process(session) else 0)
    for chunk, made in machine_of(session).tokenize_stream(few):
        yield _joined(chunk, made)
    for first in asked:
        if first[1] and is_in_process(session):
            start_worker(session)
        for chunk, made in machine_of(session).tokenize_stream(chain([first], asked)):
            yield _joined(chunk, made)


def _text(wanted: Wanted) -> tuple[str, str]:
    return wanted.record.text, wanted.language


def _joined(chunk: Sequence[Wanted], made: Iterable[PackedTokens]) -> list[tuple[Wanted, PackedTokens]]:
    left = iter(made)
    return [
        (each, next(left) if each.record.tokens is None else packed(each.record.tokens)) for each in chunk
    ]


def _tell_of_rules(cut: Sequence[tuple[Wanted, PackedTokens]], told: set[str], problems: Problems) -> None:
    """Say once for each language that has no rules of its own how its texts were cut into tokens."""
    for wanted, tokens in cut:
        note = tokenizer_note(tokens.tokenizer, wanted.language)
        if note and note not in told:
            told.add(note)
            problems(Problem(file=wanted.record.source, message=note, refused=False))


def _language_of(options: ImportOptions, project_language: str) -> Callable[[Record], str]:
    """Give what tells the language of a record: as far as the file or the person says it; else the project's."""

    def told(record: Record) -> str:
        return (
            record.language
            or options.languages.get(record.source, "")
            or options.language
            or project_language
        )

    return told


def _publish(
    session: Session, batch: int, name: str, arrival: Arrival, along: Callable[[int], None] | None
) -> int | None:
    new_types = len(arrival.types.new)
    if not arrival.documents and not (new_types and not arrival.read_documents):
        batches.drop_batch(session.project, batch)
        session.project.forget_types()
        return None
    came = f"{arrival.documents:,} document{'' if arrival.documents == 1 else 's'}"
    if not arrival.documents:
        came = f"{new_types:,} type{'' if new_types == 1 else 's'}"
    command = PublishBatch(
        batch=batch,
        name=f"{name}: {came}",
        types=tuple(each.key for each in arrival.types.new),
        replaced=tuple(arrival.replaced),
    )
    step = session.do(command, along=None if along is None else partial(along, batch)).step
    return None if step is None else step.key
