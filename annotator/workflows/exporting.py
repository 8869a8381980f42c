"""Takes a project's decisions out into files that train a model as they are.

What would be lost is counted before anything is written; each file is read back and compared before it takes the
place of an older one; a manifest beside it says what it holds, without texts and without paths.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator import __version__
from annotator.formats import FORMATS, by_suffix, docbin
from annotator.formats.base import Format, WriteContext
from annotator.formats.choosing import Option, options_of
from annotator.formats.spacy_folder import COMMAND as TRAIN_COMMAND
from annotator.model.document import Document, Part
from annotator.model.errors import FormatError
from annotator.model.record import Loss, Record
from annotator.workflows import manifest as manifests
from annotator.workflows.export_choice import (
    ALL,
    EACH,
    LAYOUT,
    ExportOptions,
    chosen_documents,
    format_options,
    options_from,
    staying_of,
    writable,
)
from annotator.workflows.losses import nothing_left
from annotator.workflows.machine import machine_of
from annotator.workflows.parting import check_dev
from annotator.workflows.records import records
from annotator.workflows.reporting import Report, silent
from annotator.workflows.sealing import all_or_none, make_folder
from annotator.workflows.session import Session
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

_SETTLED = frozenset({LAYOUT, "assume_done"})
"""Options that a project's export settles itself: by a field of its own, or by the states of documents."""


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
    found = writable(options.format)
    return "" if options.part == EACH else _suffix(found, format_options(found, options))


def plan_export(
    session: Session, target: Path | None, options: ExportOptions, report: Report = silent
) -> ExportPlan:
    """Count what an export would write and lose, without writing.

    Raises:
        FormatError: an unknown format.
    """
    found = writable(options.format)
    chosen = chosen_documents(session, options)
    keys = [document.key for document in chosen]
    losses: list[Loss] = []
    if found.losses is not None:
        stream = _stream(session, chosen, found, options, report, text="Checking")
        losses = found.losses(stream, format_options(found, options), None, schema=session.schema)
    staying = staying_of(session, chosen, found, options, losses)
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
    found = writable(options.format)
    plan = plan_export(session, target, options, report)
    if not plan.documents:
        raise FormatError(
            _nothing(session, options), "Finish a document first, or export all of them (--documents all)."
        )
    if not plan.written:
        raise nothing_left(plan.documents, found.title, "Finish a document first, or choose another format.")
    chosen = staying_of(session, chosen_documents(session, options), found, options, plan.losses)
    if found.divides and options.group_by:
        check_dev(chosen, options.group_by)
    options = _one_layout(session, chosen, found, options)
    files = _files(target, found, options, chosen)
    make_folder(files[0][0].parent)
    manifest = manifests.place_of(target, [path for path, _ in files])
    endings = found.endings_with(format_options(found, options))
    with all_or_none([*(path for path, _ in files), manifest], folder_of=endings) as written:
        counts, told = _write(session, files, written, found=found, options=options, report=report)
        manifests.write(
            session, path=written[manifest], files=files, options=options, losses=plan.losses, format=found
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


def _write(
    session: Session,
    files: Sequence[tuple[Path, Sequence[Document]]],
    places: Mapping[Path, Path],
    *,
    found: Format,
    options: ExportOptions,
    report: Report,
) -> tuple[Counter[str], list[str]]:
    """Write the files at the places that stand for them; give what is in them all, and what is told beside it."""
    assert found.write is not None, "only formats that can be written are chosen"
    counts: Counter[str] = Counter()
    told: list[str] = []
    for path, documents in files:
        context = WriteContext(
            schema=session.schema, options=format_options(found, options), program_version=__version__
        )
        found.write(places[path], _stream(session, documents, found, options, report), context)
        told += context.told if len(files) == 1 else [f"{path.name}: {each}" for each in context.told]
        counts.update(dataclasses.asdict(context.written))
    return counts, told


def _suffix(found: Format, made: object) -> str:
    return "" if found.endings_with(made) else found.suffixes[0]


def _nothing(session: Session, options: ExportOptions) -> str:
    if options.documents == "done" and not session.counts().done:
        return "No document is done yet, so there is nothing to export."
    return "No document fits this choice, so there is nothing to export."


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
    return prepared(parts, machine_of(session), format_options(found, options))


def _one_layout(
    session: Session, chosen: Sequence[Document], found: Format, options: ExportOptions
) -> ExportOptions:
    """Settle `auto` once for a whole export, so that all its files have the same layout."""
    made = format_options(found, options)
    if not isinstance(made, docbin.DocBinOptions) or options.layout != "auto":
        return options
    layout = docbin.layout_of(_stream(session, chosen, found, options), made)
    return dataclasses.replace(options, layout=layout)


def _files(
    target: Path, found: Format, options: ExportOptions, chosen: Sequence[Document]
) -> list[tuple[Path, list[Document]]]:
    made = format_options(found, options)
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
