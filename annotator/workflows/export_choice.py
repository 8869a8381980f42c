"""What an export is asked for: the choices, and which documents they come to. Nothing is written here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.formats import format_named
from annotator.formats.base import Format
from annotator.formats.choosing import options_made
from annotator.model.document import Document, State
from annotator.model.errors import FormatError
from annotator.model.record import Loss
from annotator.workflows import manifest as manifests
from annotator.workflows.losses import count_left_out
from annotator.workflows.parting import kept_together, with_some_dev
from annotator.workflows.session import DocumentFilter, Session

EACH = "each"
ALL = "all"
LAYOUT = "layout"


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
    return format_options(writable(options.format), options)


def chosen_documents(session: Session, options: ExportOptions) -> list[Document]:
    """List the documents that an export is asked to write, in their parts.

    Raises:
        FormatError: an unknown format, or no document has the field by which they are kept together.
    """
    writable(options.format)
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


def written_documents(
    session: Session, options: ExportOptions, losses: Sequence[Loss] = ()
) -> list[Document]:
    """List the documents that an export writes, in the parts it puts them in.

    Args:
        session, options: of the export. losses: what it loses; without them also those that the format leaves out.

    Raises:
        FormatError: an unknown format, or no document has the field by which they are kept together.
    """
    return staying_of(session, chosen_documents(session, options), writable(options.format), options, losses)


def writable(name: str) -> Format:
    """Give a format by name.

    Raises:
        FormatError: there is none of this name, or it cannot be written.
    """
    found = format_named(name)
    if found.write is None:
        raise FormatError(f"{found.title} can be read but not written.", "Choose another format.")
    return found


def format_options(found: Format, options: ExportOptions) -> object:
    """Give the format's own options, filled with what the export says that they know."""
    told = {**options.details, LAYOUT: options.layout}
    return options_made(found.options, told, what=found.title)


def staying_of(
    session: Session, chosen: list[Document], found: Format, options: ExportOptions, losses: Sequence[Loss]
) -> list[Document]:
    """Leave the documents that the format has room for; where it divides them, some of these are for dev."""
    staying = chosen
    if count_left_out(losses):
        made = format_options(found, options)
        staying = [document for document in chosen if not found.leaves_out(document.state, made)]
    return with_some_dev(session, staying, options.group_by) if found.divides else staying
