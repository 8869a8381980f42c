"""Brings files and pasted texts into a project: all of an import appears at once, or nothing of it.

Records arrive in a hidden batch, about a hundred at a time; a last small step publishes it. A record that is known
already is skipped, kept or put in place of the old one; whatever is refused or repaired is in the report.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotator.editing.commands import PublishBatch
from annotator.formats import detect, format_named, sources_in
from annotator.formats.base import is_accepted
from annotator.model.document import Tokens, content_hash
from annotator.model.errors import FormatError, UserError
from annotator.model.record import Problem, Record
from annotator.store import batches
from annotator.suggest.tokenizing import tokenizer_note
from annotator.workflows.arrival import Arrival, OnDuplicate, Wanted
from annotator.workflows.machine import machine_of
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session

CHUNK = 100
"""Documents written in one turn."""
PROBLEM_LIMIT = 1000
"""Most problems that a report lists; it counts them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to bring files in.

    Args:
        on_duplicate: what happens to a document that is known already (`OnDuplicate`).
        format: name of a format; empty finds it by content. language: of texts whose file names none; empty means
            the project's. languages: by file name, for sources of several languages. encoding: empty detects it.
    """

    on_duplicate: str = OnDuplicate.SKIP
    format: str = ""
    language: str = ""
    languages: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. `read_*` count what the files hold; the others what was added."""

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

    @property
    def refused(self) -> int:
        """Count the listed problems by which something was left out."""
        return sum(problem.refused for problem in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLook:
    """What a file seems to hold, before it is imported."""

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


class Problems:
    """Collects problems: all are counted, some are kept."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.total = 0

    def __call__(self, problem: Problem) -> None:
        """Take one."""
        self.total += 1
        if len(self.kept) < PROBLEM_LIMIT:
            self.kept.append(problem)


def look(path: Path, options: ImportOptions | None = None, report: Report = silent) -> SourceLook:
    """Read a file or folder without importing it and say what it holds; never raises for what is in it."""
    options = options or ImportOptions()
    problems = Problems()
    counts: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    relation_labels: Counter[str] = Counter()
    formats: Counter[tuple[str, str]] = Counter()
    beginning = refusal = ""
    try:
        for record, name, title in _records([path], options, problems):
            formats[name, title] += 1
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
    name, title = formats.most_common(1)[0][0] if formats else ("", "")
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
    )


def import_documents(
    session: Session, sources: Sequence[Path], options: ImportOptions | None = None, report: Report = silent
) -> ImportReport:
    """Bring files and folders into the project, in one step.

    Raises:
        FormatError: a source is not there or of no known format, and it is the only one.
        ProjectError: the project cannot be written. Cancelled: the person stopped; nothing was kept.
    """
    options = options or ImportOptions()
    problems = Problems()
    names = ", ".join(path.name for path in sources[:2]) + (" …" if len(sources) > 2 else "")
    records = (record for record, _, _ in _records(sources, options, problems, alone=len(sources) == 1))
    return import_records(
        session, f"Import {names}", records, options=options, problems=problems, report=report
    )


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
    return import_records(
        session, f"Paste {title or 'a text'}", [record], options=options, problems=Problems(), report=report
    )


def _records(
    sources: Sequence[Path], options: ImportOptions, problems: Problems, *, alone: bool = False
) -> Iterator[tuple[Record, str, str]]:
    """Read every source; a file that cannot be read is a problem, or the end of it where it is the only one."""
    for source in sources:
        try:
            files = _files(source, problems)
        except FormatError as error:
            if alone:
                raise
            problems(Problem(file=str(source), message=str(error)))
            continue
        root = source if source.is_dir() else source.parent
        for path in files:
            yield from _records_of(path, root, options, problems, alone=alone and path == source)


def _files(source: Path, problems: Problems) -> list[Path]:
    def left_out(path: Path, error: FormatError) -> None:
        problems(Problem(file=path.name, message=f"{error} Left out."))

    try:
        if source.exists():
            return sources_in(source, left_out)
    except OSError as error:
        raise FormatError(
            f"{source} may not be read: {error.strerror}.", "Ask for the right to read it."
        ) from error
    raise FormatError(f"{source} is not there.", "Look at its name.")


def _records_of(
    path: Path, root: Path, options: ImportOptions, problems: Problems, *, alone: bool
) -> Iterator[tuple[Record, str, str]]:
    try:
        found = format_named(options.format) if options.format else detect(path)
        if found.read is None:
            raise FormatError(f"{found.title} can be written but not read.", "Choose another format.")
        told = replace(found.read_options(), language="", encoding=options.encoding, root=root)
        for record in found.read(path, told, problems):
            yield record, found.name, found.title
    except FormatError as error:
        if alone:
            raise
        problems(Problem(file=path.name, message=str(error)))


def import_records(
    session: Session,
    name: str,
    records: Iterable[Record],
    *,
    options: ImportOptions,
    problems: Problems,
    report: Report,
) -> ImportReport:
    """Bring records in, in one step called `name`; what their source refused is in `problems` already."""
    began = time.perf_counter()
    project = session.project
    report(0, 0, "Reading")
    batch = batches.begin_batch(project, name=name, at=time.time(), annotator=session.annotator)
    arrival = Arrival(session, batch.key, on_duplicate=OnDuplicate(options.on_duplicate), problem=problems)
    told: set[str] = set()
    try:
        for chunk in batches.chunks(records, CHUNK):
            languages = [_language(record, options, session) for record in chunk]
            prepared = [
                replace(each, language=language) for each, language in zip(chunk, languages, strict=True)
            ]
            wanted = [each for each in map(arrival.meet, prepared) if each is not None]
            without = [each.record for each in wanted if each.record.tokens is None]
            texts = [(record.text, record.language) for record in without]
            made = iter(machine_of(session).tokenize(texts) if texts else ())
            cut = [
                (each, next(made) if each.record.tokens is None else each.record.tokens) for each in wanted
            ]
            _tell_of_rules(cut, told, problems)
            arrival.write(cut)
            report(arrival.documents, 0, f"{arrival.documents:,} documents read")
        step = _publish(session, batch.key, name, arrival)
    except BaseException:
        batches.drop_batch(project, batch.key)
        project.forget_types()
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
        new_types=tuple(arrival.new_types),
        first_document=arrival.first_document,
        seconds=time.perf_counter() - began,
    )


def _tell_of_rules(cut: Sequence[tuple[Wanted, Tokens]], told: set[str], problems: Problems) -> None:
    """Say once for each language that has no rules of its own how its texts were cut into tokens."""
    for wanted, tokens in cut:
        note = tokenizer_note(tokens, wanted.record.language)
        if note and note not in told:
            told.add(note)
            problems(Problem(file=wanted.record.source, message=note, refused=False))


def _language(record: Record, options: ImportOptions, session: Session) -> str:
    return record.language or options.languages.get(record.source, "") or options.language or session.language


def _publish(session: Session, batch: int, name: str, arrival: Arrival) -> int | None:
    if not arrival.documents:
        batches.drop_batch(session.project, batch)
        session.project.forget_types()
        return None
    documents = f"{arrival.documents:,} document{'' if arrival.documents == 1 else 's'}"
    command = PublishBatch(
        batch=batch,
        name=f"{name}: {documents}",
        types=tuple(arrival.new_type_keys),
        replaced=tuple(arrival.replaced),
    )
    step = session.do(command).step
    return None if step is None else step.key
