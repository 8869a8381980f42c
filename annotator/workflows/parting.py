"""Keeps documents together that must not be in two parts: those of one source, author, date or other value."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from annotator.model.document import Document, Part
from annotator.model.errors import FormatError
from annotator.model.parting import Member, parted, with_dev
from annotator.workflows.session import Session

SOURCE = "source"
FIELDS_LOOKED_AT = 100
"""Documents at the beginning of a project whose metadata are looked at for fields to offer."""


def fields_for(session: Session) -> tuple[str, ...]:
    """List the fields by which documents can be kept together: where they came from, and what is known of them."""
    names: dict[str, None] = {SOURCE: None}
    for row in session.documents(limit=FIELDS_LOOKED_AT):
        names.update(dict.fromkeys(session.document(row.key).metadata))
    return tuple(names)


def kept_together(session: Session, documents: Sequence[Document], field: str) -> list[Document]:
    """Give the documents with parts in which no value of a field is in two; equal texts stay together as well.

    Raises:
        FormatError: no document has this field.
    """
    members = [_member(document, field) for document in documents]
    if members and not any(each.kept for each in members):
        known = ", ".join(fields_for(session)[:12])
        raise FormatError(
            f"No document has a field {field!r} to be kept together by.", f"Known are: {known}."
        )
    parts = parted(members, seed=_seed(session))
    return _placed(documents, parts)


def with_some_dev(session: Session, documents: Sequence[Document], field: str) -> list[Document]:
    """Give the documents with parts of which neither train nor dev is empty, if they can be parted at all."""
    members = [_member(document, field) for document in documents]
    parts = with_dev(members, [each.part for each in documents], seed=_seed(session))
    return _placed(documents, parts)


def check_dev(documents: Sequence[Document], field: str) -> None:
    """Refuse documents of which none could go to dev without parting what a field keeps together.

    Raises:
        FormatError: train or dev is empty.
    """
    if not {Part.TRAIN, Part.DEV} <= {each.part for each in documents}:
        raise FormatError(
            f"The documents that are written are all kept together by {field}, so that none is left for dev.",
            "Finish documents that have another value there, or keep them together by another field.",
        )


def _placed(documents: Sequence[Document], parts: Sequence[Any]) -> list[Document]:
    return [
        each if each.part is part else dataclasses.replace(each, part=part)
        for each, part in zip(documents, parts, strict=True)
    ]


def _seed(session: Session) -> str:
    return str(session.setting("id", ""))


def _member(document: Document, field: str) -> Member:
    ties = [f"text:{document.hash}"]
    ties += [f"group:{document.group}"] if document.group else []
    value = _value(document, field) if field else ""
    kept = (f"{field}={value}",) if value else ()
    return Member(name=document.id, part=document.part, kept=kept, ties=tuple(ties))


def _value(document: Document, field: str) -> str:
    """Give what a document has in a field, as a word; empty where it has nothing."""
    value = document.metadata.get(field)
    if value in (None, "", [], {}) and field == SOURCE:
        # A record of a file is named `file:number`; all of them come from the file.
        name, sign, number = document.source.rpartition(":")
        return name if sign and number.isdigit() else document.source
    if value in (None, "", [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
