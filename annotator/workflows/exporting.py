"""Takes a project's decisions out into files that train a model as they are.

What would be lost is counted before anything is written; each file is read back and compared before it takes the
place of an older one; a manifest beside it says what it holds, without texts and without paths.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator import __version__
from annotator.formats import FORMATS, by_suffix, docbin, format_named
from annotator.formats.base import Format, WriteContext
from annotator.formats.choosing import Option, options_made, options_of
from annotator.formats.spacy_folder import COMMAND as TRAIN_COMMAND
from annotator.model.document import Document, Part, State
from annotator.model.errors import FormatError
from annotator.model.record import Loss, Record
from annotator.workflows import manifest as manifests
from annotator.workflows.losses import count_left_out, nothing_left
from annotator.workflows.machine import machine_of
from annotator.workflows.parting import check_dev, kept_together, with_some_dev
from annotator.workflows.records import records
from annotator.workflows.reporting import Report, silent
from annotator.workflows.sealing import all_or_none, make_folder
from annotator.workflows.session import DocumentFilter, Session
from annotator.workflows.tokenizers import prepared

__all__ = [
    "ALL",
    "EACH",
    "TRAIN_COMMAND",
    "ExportOptions",
    "ExportPlan",
    "ExportResult",
    "FormatInfo",
    "Option",
    "export",
    "export_formats",
    "format_for",
    "options_from",
    "plan_export",
    "suffix_for",
]

EACH = "each"
ALL = "all"
LAYOUT = "layout"
_SETTLED = frozenset({LAYOUT, "assume_done"})
"""Options that a project's export settles itself: by a field of its own, or by the states of documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What to take out, and how.

    Args:
        format: name of a format. layout: for DocBin: `auto`, `ents`, `spans` or `both`.
        documents: `done`, `decided` (also those in progress, marked as partial) or `all`.
        part: `all` in one file, `train`, `dev` or `test`, or `each` in a file of its own.
        group_by: a field of which no value shall be in two parts: `source`, or one of the metadata; empty for none.
        details: further options of the format, by their names.
    """

    format: str = "docbin"
    layout: str = "auto"
    documents: str = "done"
    part: str = ALL
    group_by: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatInfo:
    """A format that can be written, for lists and dialogs; `details` are its options but for the layout.

    `divides` says that it writes a file for each part by itself.
    """

    name: str
    title: str
    suffix: str
    has_layout: bool
    divides: bool
    details: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPlan:
    """What an export would write, and what the files could not hold.

    Counts are those of the chosen documents; of these the format leaves `left_out` out as a whole, and `files` and
    `parts` are of the others.
    """

    documents: int
    spans: int
    relations: int
    files: tuple[Path, ...]
    parts: dict[str, int]
    losses: tuple[Loss, ...]
    left_out: int = 0

    @property
    def written(self) -> int:
        """Count the documents that are written."""
        return self.documents - self.left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """What an export wrote. `read_*` count what the chosen documents hold in the project; `told` is said beside it."""

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
    told: tuple[str, ...] = ()


def export_formats() -> tuple[FormatInfo, ...]:
    """List the formats that can be written."""
    return tuple(
        FormatInfo(
            name=each.name,
            title=each.title,
            suffix=_suffix(each, each.options()),
            divides=each.divides,
            has_layout=any(option.name == LAYOUT for option in options_of(each.options)),
            details=tuple(option for option in options_of(each.options) if option.name not in _SETTLED),
        )
        for each in FORMATS
        if each.write is not None
    )


def suffix_for(options: ExportOptions) -> str:
    """Give how the name of the file ends that these choices write; empty for a folder."""
    found = _writable(options.format)
    return "" if options.part == EACH else _suffix(found, _format_options(found, options))


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
        stream = _stream(session, chosen, found, options, report, text="Checking")
        losses = found.losses(stream, _format_options(found, options), None, schema=session.schema)
    staying = _staying(session, chosen, found, options, losses)
    spans = sum(session.row(key).spans for key in keys)
    relations = sum(session.row(key).relations for key in keys)
    return ExportPlan(
        documents=len(keys),
        spans=spans,
        relations=relations,
        files=tuple(path for path, _ in _files(target or Path("export"), found, options, staying)),
        parts=dict(Counter(document.part.value for document in staying)),
        losses=tuple(losses),
        left_out=len(chosen) - len(staying),
    )


def export(
    session: Session, target: Path, options: ExportOptions | None = None, report: Report = silent
) -> ExportResult:
    """Write the files and their manifest.

    `target` is a file, or with `part="each"` a folder for `train`, `dev` and `test`.

    Raises:
        FormatError: nothing to export or to write, an unknown format, or a place that cannot be written; older
            files stay.
        Cancelled: the person stopped; no file was begun that is not whole.
    """
    options = options or ExportOptions()
    began = time.perf_counter()
    found = _writable(options.format)
    plan = plan_export(session, target, options, report)
    if not plan.documents:
        raise FormatError(
            _nothing(session, options), "Finish a document first, or export all of them (--documents all)."
        )
    if not plan.written:
        raise nothing_left(plan.documents, found.title, "Finish a document first, or choose another format.")
    chosen = _staying(session, _chosen(session, options), found, options, plan.losses)
    if found.divides and options.group_by:
        check_dev(chosen, options.group_by)
    options = _one_layout(session, chosen, found, options)
    counts: Counter[str] = Counter()
    told: list[str] = []
    files = _files(target, found, options, chosen)
    make_folder(files[0][0].parent)
    manifest = manifests.place_of(target, [path for path, _ in files])
    endings = found.endings_with(_format_options(found, options))
    with all_or_none([*(path for path, _ in files), manifest], folder_of=endings) as written:
        for path, documents in files:
            context = WriteContext(
                schema=session.schema, options=_format_options(found, options), program_version=__version__
            )
            assert found.write is not None, "only formats that can be written are chosen"
            found.write(written[path], _stream(session, documents, found, options, report), context)
            told += context.told if len(files) == 1 else [f"{path.name}: {each}" for each in context.told]
            counts.update(dataclasses.asdict(context.written))
        manifests.write(
            session,
            path=written[manifest],
            files=files,
            options=options,
            losses=plan.losses,
            format=found,
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
        told=tuple(told),
    )


def options_from(path: Path) -> ExportOptions:
    """Give the choices of an earlier export from its manifest.

    Raises:
        FormatError: it is not one, or one whose choices this version does not know.
    """
    told = manifests.options_like(path)
    known = {each.name for each in dataclasses.fields(ExportOptions)}
    details = told.get("details", {})
    plain = {name: value for name, value in told.items() if name != "details"}
    if (
        not set(told) <= known
        or not isinstance(details, dict)
        or not all(isinstance(value, str) for value in plain.values())
    ):
        raise FormatError(
            f"{path.name} is not the manifest of an export, or of another version.", "Choose a manifest.json."
        )
    return ExportOptions(**told)


def options_of_format(options: ExportOptions) -> object:
    """Give the own options of an export's format, as its writer takes them.

    Raises:
        FormatError: an unknown format, or a value that an option cannot have.
    """
    return _format_options(_writable(options.format), options)


def chosen_documents(session: Session, options: ExportOptions) -> list[Document]:
    """List the documents that an export is asked to write, in their parts.

    Raises:
        FormatError: an unknown format, or no document has the field by which they are kept together.
    """
    _writable(options.format)
    return _chosen(session, options)


def written_documents(
    session: Session, options: ExportOptions, losses: Sequence[Loss] = ()
) -> list[Document]:
    """List the documents that an export writes, in the parts it puts them in.

    Args:
        session, options: of the export. losses: what it loses; without them also those that the format leaves out.

    Raises:
        FormatError: an unknown format, or no document has the field by which they are kept together.
    """
    return _staying(session, _chosen(session, options), _writable(options.format), options, losses)


def _suffix(found: Format, made: object) -> str:
    return "" if found.endings_with(made) else found.suffixes[0]


def _nothing(session: Session, options: ExportOptions) -> str:
    if options.documents == "done" and not session.counts().done:
        return "No document is done yet, so there is nothing to export."
    return "No document fits this choice, so there is nothing to export."


def _writable(name: str) -> Format:
    found = format_named(name)
    if found.write is None:
        raise FormatError(f"{found.title} can be read but not written.", "Choose another format.")
    return found


def _format_options(found: Format, options: ExportOptions) -> object:
    """Give the format's own options, filled with what the export says that they know."""
    told = {**options.details, LAYOUT: options.layout}
    return options_made(found.options, told, what=found.title)


def _stream(
    session: Session,
    documents: Sequence[Document],
    found: Format,
    options: ExportOptions,
    report: Report = silent,
    *,
    text: str = "Writing",
) -> Iterator[Record]:
    """Give the records of documents in the parts they have here, with the tokens that were asked for."""
    stream = records(session, [each.key for each in documents], report, text=text)
    parts = (
        record if record.part is document.part else dataclasses.replace(record, part=document.part)
        for record, document in zip(stream, documents, strict=True)
    )
    return prepared(parts, machine_of(session), _format_options(found, options))


def _one_layout(
    session: Session, chosen: Sequence[Document], found: Format, options: ExportOptions
) -> ExportOptions:
    """Settle `auto` once for a whole export, so that all its files have the same layout."""
    made = _format_options(found, options)
    if not isinstance(made, docbin.DocBinOptions) or options.layout != "auto":
        return options
    layout = docbin.layout_of(_stream(session, chosen, found, options), made)
    return dataclasses.replace(options, layout=layout)


def _chosen(session: Session, options: ExportOptions) -> list[Document]:
    documents = [session.document(key) for key in session.document_keys(DocumentFilter(excluded=False))]
    if options.group_by:
        documents = kept_together(session, documents, options.group_by)
    chosen = []
    for document in documents:
        if options.documents == "done" and document.state is not State.DONE:
            continue
        if options.documents == "decided" and document.state not in (State.DONE, State.IN_PROGRESS):
            continue
        if options.part not in (ALL, EACH) and document.part.value != options.part:
            continue
        chosen.append(document)
    return chosen


def _staying(
    session: Session, chosen: list[Document], found: Format, options: ExportOptions, losses: Sequence[Loss]
) -> list[Document]:
    """Leave the documents that the format has room for; where it divides them, some of these are for dev."""
    staying = chosen
    if count_left_out(losses):
        made = _format_options(found, options)
        staying = [document for document in chosen if not found.leaves_out(document.state, made)]
    return with_some_dev(session, staying, options.group_by) if found.divides else staying


def _files(
    target: Path, found: Format, options: ExportOptions, chosen: Sequence[Document]
) -> list[tuple[Path, list[Document]]]:
    made = _format_options(found, options)
    is_folder = bool(found.endings_with(made))
    if is_folder and (options.part != EACH or found.divides):
        return [(found.place_with(made, target), list(chosen))]
    if options.part != EACH:
        path = target if target.suffix else target.with_name(target.name + found.suffixes[0])
        return [(path, list(chosen))]
    folder = target.with_suffix("") if target.suffix else target
    ending = "" if is_folder else found.suffixes[0]
    files = []
    for part in Part:
        documents = [document for document in chosen if document.part is part]
        if documents:
            files.append((folder / f"{part.value}{ending}", documents))
    return files or [(folder / f"{Part.TRAIN.value}{ending}", [])]


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
