"""Turns rows of the project file into values of the model and back; knows the column names of journalled tables.

Spans, relations and rejections point to types by row key; `Types` translates names, so that a renamed type
touches no span.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from annotator.model.annotation import (
    Fragment,
    Fragments,
    How,
    Kind,
    Origin,
    Provenance,
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
from annotator.model.limits import NAME_REFUSED
from annotator.model.packing import packed, unpack_tokens
from annotator.model.schema import EntityType, RelationType, Schema, Type
from annotator.store.soundness import sound

_ACTING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Kinds of characters that never stood in the name of a type."""
Stored = Mapping[str, Any] | sqlite3.Row
"""A row as SQLite gives it, or as the journal kept it."""
Columns = dict[str, Any]
"""One row by column name, with values that SQLite and JSON both hold."""
HOW_LETTERS = {each: each.value[0] for each in How}
ORIGIN_LETTERS = {each: each.value[0] for each in Origin}
"""How the tables say how a decision was made and where it came from; journals of older files say it in words."""
_HOW = {letter: each for each, letter in HOW_LETTERS.items()}
_ORIGIN = {letter: each for each, letter in ORIGIN_LETTERS.items()}


def fragments_to_text(fragments: Fragments) -> str:
    """Write fragments as `12-19,25-30`."""
    if len(fragments) == 1:  # as nearly always
        start, end = fragments[0]
        return f"{start}-{end}"
    return ",".join([f"{start}-{end}" for start, end in fragments])


def fragments_from_text(written: str) -> Fragments:
    """Read what `fragments_to_text` wrote."""
    return tuple(
        Fragment(int(start), int(end))
        for start, _, end in (piece.partition("-") for piece in written.split(","))
    )


class Types:
    """The types of a project by row key and by name; `hidden` ones wait for an import, perhaps under a name in use."""

    def __init__(self, types: Iterable[Type]) -> None:
        self.hidden: set[int] = set()
        self.by_key: dict[int, str] = {}
        self.by_name: dict[tuple[Kind, str], int] = {}
        entities: list[EntityType] = []
        relations: list[RelationType] = []
        for each in sorted(types, key=lambda each: (each.position, each.key)):
            self.by_key[each.key] = each.name
            if each.hidden:
                self.hidden.add(each.key)
                continue
            if isinstance(each, RelationType):
                relations.append(each)
                self.by_name[Kind.RELATION, each.name] = each.key
            else:
                entities.append(each)
                self.by_name[Kind.SPAN, each.name] = each.key
        self.schema = Schema(tuple(entities), tuple(relations))

    def knowing(self, more: Mapping[tuple[Kind, str], int]) -> Types:
        """Give the same with further types by kind and name: hidden ones, while their import runs."""
        other = Types(())
        other.by_key = self.by_key | {key: name for (_, name), key in more.items()}
        other.by_name = self.by_name | dict(more)
        other.hidden = self.hidden
        other.schema = self.schema
        return other

    def name(self, key: int) -> str:
        """Give the name of a type."""
        return self.by_key[key]

    def key(self, kind: Kind, name: str) -> int:
        """Give the row key of a type.

        Raises:
            KeyError: no type of this name.
        """
        return self.by_name[kind, name]


def to_json(value: Any) -> str:
    """Write attributes as the tables keep them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "{}"


def packed_hash(written: str) -> bytes | str:
    """Give the bytes of a hash of hexadecimal digits; anything else stays as it is."""
    try:
        packed = bytes.fromhex(written)
    except ValueError:
        return written
    return packed if packed and packed.hex() == written else written


def unpacked_hash(packed: bytes | str) -> str:
    """Give back what `packed_hash` packed."""
    return packed if isinstance(packed, str) else packed.hex()


def _provenance_columns(provenance: Provenance) -> Columns:
    return {
        "annotator": provenance.annotator,
        "at": provenance.at,
        "how": HOW_LETTERS[provenance.how],
        "origin": ORIGIN_LETTERS[provenance.origin],
        "suggesters": "\n".join(provenance.suggesters),
        "score": provenance.score,
    }


def _provenance(row: Stored) -> Provenance:
    return Provenance(
        annotator=row["annotator"],
        at=row["at"],
        how=_HOW.get(row["how"]) or How(row["how"]),
        origin=_ORIGIN.get(row["origin"]) or Origin(row["origin"]),
        suggesters=tuple(row["suggesters"].split("\n")) if row["suggesters"] else (),
        score=row["score"],
    )


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
        **_provenance_columns(span.provenance),
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
        provenance=_provenance(row),
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
        **_provenance_columns(relation.provenance),
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
        provenance=_provenance(row),
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
        **_provenance_columns(rejection.provenance),
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
        provenance=_provenance(row),
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


def type_columns(each: Type, types: Types) -> Columns:
    """Write a type; ends of relation types by row key."""
    relation = each if isinstance(each, RelationType) else None
    ends = (
        [[types.key(Kind.SPAN, name) for name in side] for side in (relation.heads, relation.children)]
        if (relation is not None)
        else [[], []]
    )
    return {
        "key": each.key,
        "id": each.id,
        "kind": (Kind.SPAN if relation is None else Kind.RELATION).value,
        "name": each.name,
        "position": each.position,
        "shortcut": each.shortcut,
        "color": each.color,
        "shown": each.shown,
        "summary": each.summary,
        "guideline": each.guideline,
        "symmetric": int(relation is not None and relation.symmetric),
        "heads": json.dumps(ends[0]),
        "children": json.dumps(ends[1]),
        "hidden": int(each.hidden),
        "version": each.version,
    }


@sound("type")
def type_of(row: Stored, names: Mapping[int, str] | Types) -> Type:
    """Read a row of the table `type`; ends whose type is gone are left out."""
    common: dict[str, Any] = {
        name: row[name]
        for name in (
            "key",
            "id",
            "name",
            "position",
            "shortcut",
            "color",
            "shown",
            "summary",
            "guideline",
            "version",
        )
    }
    common["hidden"] = bool(row["hidden"])
    if len(row["name"]) > NAME_REFUSED:
        raise ValueError(f"a name has {len(row['name']):,} characters")
    if not row["name"].isprintable() and any(unicodedata.category(sign) in _ACTING for sign in row["name"]):
        raise ValueError(f"the name {row['name'][:40]!r} holds control characters")
    if row["kind"] == Kind.SPAN.value:
        return EntityType(**common)
    known = names.by_key if isinstance(names, Types) else names
    return RelationType(
        **common,
        symmetric=bool(row["symmetric"]),
        heads=tuple(known[key] for key in json.loads(row["heads"]) if key in known),
        children=tuple(known[key] for key in json.loads(row["children"]) if key in known),
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
