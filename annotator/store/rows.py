"""Turns rows of the project file into values of the model and back; knows the column names of journalled tables."""

from __future__ import annotations

import json

from annotator.model.annotation import (
    Kind,
    Reason,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
)
from annotator.model.candidate import Asked
from annotator.model.change import Batch, BatchState, Tokenization
from annotator.model.document import Document, Part, State, Tokens
from annotator.model.identity import packed_id, unpacked_id
from annotator.model.packing import packed, unpack_tokens
from annotator.store.cells import (
    Columns,
    Stored,
    fragments_from_text,
    fragments_to_text,
    packed_hash,
    provenance_columns,
    provenance_of,
    to_json,
    unpacked_hash,
)
from annotator.store.soundness import sound
from annotator.store.type_rows import Types


def span_columns(span: Span, types: Types) -> Columns:
    """Write an accepted span."""
    return {
        "key": span.key,
        "id": packed_id(span.id),
        "document": span.document,
        "layer": span.layer,
        "type": types.key(Kind.SPAN, span.label),
        "fragments": fragments_to_text(span.fragments),
        "flagged": int(span.flagged),
        "note": span.note,
        "attributes": to_json(span.attributes),
        **provenance_columns(span.provenance),
        "version": span.version,
    }


@sound("span")
def span_of(row: Stored, types: Types) -> Span:
    """Read an accepted span."""
    return Span(
        key=row["key"],
        id=unpacked_id(row["id"]),
        document=row["document"],
        layer=row["layer"],
        fragments=fragments_from_text(row["fragments"]),
        label=types.name(row["type"]),
        provenance=provenance_of(row),
        flagged=bool(row["flagged"]),
        note=row["note"],
        attributes={} if row["attributes"] == "{}" else json.loads(row["attributes"]),
        version=row["version"],
    )


def relation_columns(relation: Relation, types: Types) -> Columns:
    """Write an accepted relation."""
    return {
        "key": relation.key,
        "id": packed_id(relation.id),
        "document": relation.document,
        "layer": relation.layer,
        "type": types.key(Kind.RELATION, relation.label),
        "head": relation.head,
        "child": relation.child,
        "flagged": int(relation.flagged),
        "note": relation.note,
        "attributes": to_json(relation.attributes),
        **provenance_columns(relation.provenance),
        "version": relation.version,
    }


@sound("relation")
def relation_of(row: Stored, types: Types) -> Relation:
    """Read an accepted relation."""
    return Relation(
        key=row["key"],
        id=unpacked_id(row["id"]),
        document=row["document"],
        layer=row["layer"],
        head=row["head"],
        child=row["child"],
        label=types.name(row["type"]),
        provenance=provenance_of(row),
        flagged=bool(row["flagged"]),
        note=row["note"],
        attributes={} if row["attributes"] == "{}" else json.loads(row["attributes"]),
        version=row["version"],
    )


def what_columns(what: SpanKey | RelationKey, types: Types) -> Columns:
    """Write what a rejection or a candidate is about: type, head, head_type, child, child_type."""
    if isinstance(what, RelationKey):
        return {
            "type": types.key(Kind.RELATION, what.label),
            "head": fragments_to_text(what.head.fragments),
            "head_type": types.key(Kind.SPAN, what.head.label),
            "child": fragments_to_text(what.child.fragments),
            "child_type": types.key(Kind.SPAN, what.child.label),
        }
    return {
        "type": types.key(Kind.SPAN, what.label),
        "head": fragments_to_text(what.fragments),
        "head_type": None,
        "child": None,
        "child_type": None,
    }


@sound("candidate")
def what_of(row: Stored, types: Types) -> SpanKey | RelationKey:
    """Read what `what_columns` wrote."""
    head = fragments_from_text(row["head"])
    if row["child"] is None:
        return SpanKey(head, types.name(row["type"]))
    return RelationKey(
        SpanKey(head, types.name(row["head_type"])),
        SpanKey(fragments_from_text(row["child"]), types.name(row["child_type"])),
        types.name(row["type"]),
    )


def rejection_columns(rejection: Rejection, types: Types) -> Columns:
    """Write a rejection."""
    return {
        "key": rejection.key,
        "id": packed_id(rejection.id),
        "document": rejection.document,
        "layer": rejection.layer,
        **what_columns(rejection.what, types),
        "reason": rejection.reason.value,
        **provenance_columns(rejection.provenance),
        "version": rejection.version,
    }


@sound("rejection")
def rejection_of(row: Stored, types: Types) -> Rejection:
    """Read a rejection."""
    return Rejection(
        key=row["key"],
        id=unpacked_id(row["id"]),
        document=row["document"],
        layer=row["layer"],
        what=what_of(row, types),
        reason=Reason(row["reason"]),
        provenance=provenance_of(row),
        version=row["version"],
    )


def asked_columns(asked: Asked, types: Types) -> Columns:
    """Write what a person asked to be proposed."""
    return {
        "key": asked.key,
        "document": asked.document,
        "type": types.key(Kind.SPAN, asked.what.label),
        "fragments": fragments_to_text(asked.what.fragments),
        "reason": asked.reason,
        "annotator": asked.annotator,
        "at": asked.at,
        "version": asked.version,
    }


@sound("asked")
def asked_of(row: Stored, types: Types) -> Asked:
    """Read what a person asked to be proposed."""
    return Asked(
        key=row["key"],
        document=row["document"],
        what=SpanKey(fragments_from_text(row["fragments"]), types.name(row["type"])),
        reason=row["reason"],
        annotator=row["annotator"],
        at=row["at"],
        version=row["version"],
    )


def document_columns(document: Document, _types: Types) -> Columns:
    """Write what is known of a document."""
    return {
        "key": document.key,
        "id": packed_id(document.id),
        "batch": document.batch,
        "title": document.title,
        "language": document.language,
        "length": document.length,
        "hash": packed_hash(document.hash),
        "source": document.source,
        "state": document.state.value,
        "reason": document.reason,
        "flagged": int(document.flagged),
        "note": document.note,
        "part": document.part.value,
        "group": document.group,
        "excluded": int(document.excluded),
        "removed": int(document.removed),
        "metadata": to_json(document.metadata),
        "attributes": to_json(document.attributes),
        "version": document.version,
    }


@sound("document")
def document_of(row: Stored, _types: Types | None = None) -> Document:
    """Read a row of the table `document`."""
    return Document(
        key=row["key"],
        id=unpacked_id(row["id"]),
        batch=row["batch"],
        title=row["title"],
        language=row["language"],
        length=row["length"],
        hash=unpacked_hash(row["hash"]),
        source=row["source"],
        state=State(row["state"]),
        reason=row["reason"],
        flagged=bool(row["flagged"]),
        note=row["note"],
        part=Part(row["part"]),
        group=row["group"],
        excluded=bool(row["excluded"]),
        removed=bool(row["removed"]),
        metadata={} if row["metadata"] == "{}" else json.loads(row["metadata"]),
        attributes={} if row["attributes"] == "{}" else json.loads(row["attributes"]),
        version=row["version"],
    )


def batch_columns(batch: Batch, _types: Types) -> Columns:
    """Write a batch."""
    return {
        "key": batch.key,
        "id": batch.id,
        "name": batch.name,
        "state": batch.state.value,
        "at": batch.at,
        "annotator": batch.annotator,
        "version": batch.version,
    }


@sound("import")
def batch_of(row: Stored, _types: Types | None = None) -> Batch:
    """Read a row of the table `batch`."""
    return Batch(
        key=row["key"],
        id=row["id"],
        name=row["name"],
        state=BatchState(row["state"]),
        at=row["at"],
        annotator=row["annotator"],
        version=row["version"],
    )


def tokenization_columns(tokenization: Tokenization, _types: Types) -> Columns:
    """Write the tokens of a document."""
    edges, sentences, tokenizer = packed(tokenization.tokens)
    return {
        "key": tokenization.key,
        "tokens": edges,
        "sentences": sentences,
        "tokenizer": tokenizer,
        "version": tokenization.version,
    }


@sound("tokens")
def read_tokens(edges: bytes, sentences: bytes, tokenizer: str) -> Tokens:
    """Read the tokens of a document from the columns `tokens`, `sentences` and `tokenizer`."""
    return unpack_tokens(edges, sentences, tokenizer)


@sound("tokens")
def tokenization_of(row: Stored, _types: Types) -> Tokenization:
    """Read the tokens of a document."""
    tokens = unpack_tokens(row["tokens"], row["sentences"], row["tokenizer"])
    return Tokenization(key=row["key"], tokens=tokens, version=row["version"])
