"""Takes a project's decisions out into files that train a model as they are.

What would be lost is counted before anything is written; each file is read back and compared before it takes the
place of an older one; a manifest beside it says what it holds, without texts and without paths.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator import __version__
from annotator.formats import FORMATS, by_suffix, docbin, format_named
from annotator.formats.base import Format, WriteContext
from annotator.model.document import Document, Part, State
from annotator.model.errors import FormatError
from annotator.model.record import Loss
from annotator.workflows import manifest as manifests
from annotator.workflows.records import records
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import DocumentFilter, Session

EACH = "each"
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What to take out, and how.

    Args:
        format: name of a format. layout: for DocBin: `auto`, `ents`, `spans` or `both`.
        documents: `done`, `decided` (also those in progress, marked as partial) or `all`.
        part: `all` in one file, `train`, `dev` or `test`, or `each` in a file of its own.
    """

    format: str = "docbin"
    layout: str = "auto"
    documents: str = "done"
    part: str = ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatInfo:
    """A format that can be written, for lists and dialogs."""

    name: str
    title: str
    suffix: str
    options: type


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPlan:
    """What an export would write: files with their documents, and what they could not hold."""

    documents: int
    spans: int
    relations: int
    files: tuple[Path, ...]
    parts: dict[str, int]
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """What an export wrote. `read_*` count what the chosen documents hold in the project."""

    files: tuple[Path, ...]
    manifest: Path
    documents: int
    spans: int
    relations: int
    read_documents: int
    read_spans: int
    read_relations: int
    parts: dict[str, int]
    losses: tuple[Loss, ...]
    seconds: float


def export_formats() -> tuple[FormatInfo, ...]:
    """List the formats that can be written."""
    return tuple(
        FormatInfo(name=each.name, title=each.title, suffix=each.suffixes[0], options=each.options)
        for each in FORMATS
        if each.write is not None
    )


def plan_export(
    session: Session, target: Path | None, options: ExportOptions, report: Report = silent
) -> ExportPlan:
    """Count what an export would write and lose, without writing.

    Raises:
        FormatError: an unknown format.
    """
    found = _writable(options.format)
    chosen = _chosen(session, options)
    keys = [document.key for document in chosen]
    losses: list[Loss] = []
    if found.losses is not None:
        stream = records(session, keys, report, text="Checking")
        losses = found.losses(stream, _format_options(found, options), None, schema=session.schema)
    spans = sum(session.row(key).spans for key in keys)
    relations = sum(session.row(key).relations for key in keys)
    return ExportPlan(
        documents=len(keys),
        spans=spans,
        relations=relations,
        files=tuple(path for path, _ in _files(target or Path("export"), found, options, chosen)),
        parts=dict(Counter(document.part.value for document in chosen)),
        losses=tuple(losses),
    )


def export(
    session: Session, target: Path, options: ExportOptions | None = None, report: Report = silent
) -> ExportResult:
    """Write the files and their manifest.

    `target` is a file, or with `part="each"` a folder for `train`, `dev` and `test`.

    Raises:
        FormatError: nothing to export, an unknown format, or a place that cannot be written; older files stay.
        Cancelled: the person stopped; no file was begun that is not whole.
    """
    options = options or ExportOptions()
    began = time.perf_counter()
    found = _writable(options.format)
    plan = plan_export(session, target, options, report)
    if not plan.documents:
        raise FormatError(_nothing(session, options), "Finish a document first, or export all documents.")
    chosen = _chosen(session, options)
    options = _one_layout(session, [each.key for each in chosen], options)
    counts: Counter[str] = Counter()
    files = _files(target, found, options, chosen)
    _make_folder(files[0][0].parent)
    for path, documents in files:
        context = WriteContext(
            schema=session.schema, options=_format_options(found, options), program_version=__version__
        )
        assert found.write is not None, "only formats that can be written are chosen"
        found.write(path, records(session, [each.key for each in documents], report), context)
        counts.update(dataclasses.asdict(context.written))
    manifest = manifests.write(
        session, target, files=files, options=options, losses=plan.losses, format=found
    )
    return ExportResult(
        files=tuple(path for path, _ in files),
        manifest=manifest,
        documents=counts["documents"],
        spans=counts["spans"],
        relations=counts["relations"],
        read_documents=plan.documents,
        read_spans=plan.spans,
        read_relations=plan.relations,
        parts=plan.parts,
        losses=plan.losses,
        seconds=time.perf_counter() - began,
    )


def options_from(path: Path) -> ExportOptions:
    """Give the choices of an earlier export from its manifest.

    Raises:
        FormatError: it is not one, or one whose choices this version does not know.
    """
    told = manifests.options_like(path)
    known = {each.name for each in dataclasses.fields(ExportOptions)}
    if not set(told) <= known or not all(isinstance(value, str) for value in told.values()):
        raise FormatError(
            f"{path.name} is not the manifest of an export, or of another version.", "Choose a manifest.json."
        )
    return ExportOptions(**told)


def _nothing(session: Session, options: ExportOptions) -> str:
    if options.documents == "done" and not session.counts().done:
        return "No document is done yet, so there is nothing to export."
    return "No document fits this choice, so there is nothing to export."


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(f"{folder} cannot be made: {error.strerror}.", "Choose another place.") from error


def _writable(name: str) -> Format:
    found = format_named(name)
    if found.write is None:
        raise FormatError(f"{found.title} can be read but not written.", "Choose another format.")
    return found


def _format_options(found: Format, options: ExportOptions) -> object:
    """Give the format's own options, filled with what the export says that they know."""
    names = {each.name for each in dataclasses.fields(found.options)}
    return found.options(**({"layout": options.layout} if "layout" in names else {}))


def _one_layout(session: Session, keys: Sequence[int], options: ExportOptions) -> ExportOptions:
    """Settle `auto` once for a whole export, so that all its files have the same layout."""
    if options.format != docbin.FORMAT.name or options.layout != "auto":
        return options
    layout = docbin.layout_of(records(session, keys), docbin.DocBinOptions())
    return dataclasses.replace(options, layout=layout)


def _chosen(session: Session, options: ExportOptions) -> list[Document]:
    keys = session.document_keys(DocumentFilter(excluded=False))
    chosen = []
    for key in keys:
        document = session.document(key)
        if options.documents == "done" and document.state is not State.DONE:
            continue
        if options.documents == "decided" and document.state not in (State.DONE, State.IN_PROGRESS):
            continue
        if options.part not in (ALL, EACH) and document.part.value != options.part:
            continue
        chosen.append(document)
    return chosen


def _files(
    target: Path, found: Format, options: ExportOptions, chosen: Sequence[Document]
) -> list[tuple[Path, list[Document]]]:
    if options.part != EACH:
        path = target if target.suffix else target.with_name(target.name + found.suffixes[0])
        return [(path, list(chosen))]
    folder = target.with_suffix("") if target.suffix else target
    files = []
    for part in Part:
        documents = [document for document in chosen if document.part is part]
        if documents:
            files.append((folder / f"{part.value}{found.suffixes[0]}", documents))
    return files or [(folder / f"{Part.TRAIN.value}{found.suffixes[0]}", [])]


def format_for(target: Path) -> str:
    """Give the name of the format that a target's name tells; DocBin for a name without an ending.

    Raises:
        FormatError: it ends in something that no format has.
    """
    found = by_suffix(target)
    if found is not None and found.write is not None:
        return found.name
    if target.suffix:
        names = ", ".join(each.name for each in export_formats())
        raise FormatError(
            f"The name {target.name} does not tell a format.", f"Say --format with one of: {names}."
        )
    return docbin.FORMAT.name
