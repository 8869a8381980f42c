"""The journalled tables: their columns, and how a row of each becomes a value and back (`rows.py` does it)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from annotator.model.annotation import Rejection, Relation, Span
from annotator.model.candidate import Asked
from annotator.model.change import Batch, Row, Tokenization
from annotator.model.document import Document
from annotator.model.patterns import PatternBlock, PatternList
from annotator.model.schema import EntityType, RelationType
from annotator.store.cells import Columns, Stored
from annotator.store.pattern_rows import block_columns, block_of, list_columns, list_of
from annotator.store.rows import (
    asked_columns,
    asked_of,
    batch_columns,
    batch_of,
    document_columns,
    document_of,
    rejection_columns,
    rejection_of,
    relation_columns,
    relation_of,
    span_columns,
    span_of,
    tokenization_columns,
    tokenization_of,
)
from annotator.store.type_rows import Types, type_columns, type_of

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A journalled table: its columns, and how a row becomes a value and back."""

    name: str
    columns: tuple[str, ...]
    to_columns: Callable[[R, Types], Columns]
    from_columns: Callable[[Stored, Types], R]

    @property
    def insert(self) -> str:
        """Give the statement that writes a whole row by named parameters."""
        names = ", ".join(f'"{column}"' for column in self.columns)
        return (
            f"INSERT INTO {self.name} ({names}) VALUES ({', '.join(':' + column for column in self.columns)})"
        )

    @property
    def update(self) -> str:
        """Give the statement that replaces the row of a key by named parameters."""
        pairs = ", ".join(f'"{column}" = :{column}' for column in self.columns if column != "key")
        return f"UPDATE {self.name} SET {pairs} WHERE key = :key"


_PROVENANCE = ("annotator", "at", "how", "origin", "suggesters", "score")
_WHAT = ("type", "head", "head_type", "child", "child_type")

BATCH = Table("batch", ("key", "id", "name", "state", "at", "annotator", "version"), batch_columns, batch_of)
TYPE = Table(
    "type",
    (
        *("key", "id", "kind", "name", "position", "shortcut", "color", "shown", "summary", "guideline"),
        *("symmetric", "heads", "children", "hidden", "version"),
    ),
    type_columns,
    type_of,
)
DOCUMENT = Table(
    "document",
    (
        *(
            "key",
            "id",
            "batch",
            "title",
            "language",
            "length",
            "hash",
            "source",
            "state",
            "reason",
        ),
        *("flagged", "note", "part", "group", "excluded", "removed", "metadata", "attributes", "version"),
    ),
    document_columns,
    document_of,
)
SPAN = Table(
    "span",
    (
        *("key", "id", "document", "layer", "type", "fragments", "flagged", "note", "attributes"),
        *_PROVENANCE,
        "version",
    ),
    span_columns,
    span_of,
)
RELATION = Table(
    "relation",
    (
        *("key", "id", "document", "layer", "type", "head", "child", "flagged", "note", "attributes"),
        *_PROVENANCE,
        "version",
    ),
    relation_columns,
    relation_of,
)
REJECTION = Table(
    "rejection",
    ("key", "id", "document", "layer", *_WHAT, "reason", *_PROVENANCE, "version"),
    rejection_columns,
    rejection_of,
)
ASKED = Table(
    "asked",
    ("key", "document", "type", "fragments", "reason", "annotator", "at", "version"),
    asked_columns,
    asked_of,
)
TOKENIZATION = Table(
    "tokenization",
    ("key", "tokens", "sentences", "tokenizer", "version"),
    tokenization_columns,
    tokenization_of,
)

PATTERN_LIST = Table(
    "pattern_list",
    ("key", "id", "name", "source", "type", "ignore_case", "enabled", "version"),
    list_columns,
    list_of,
)
PATTERN_BLOCK = Table("pattern_block", ("key", "list", "patterns", "version"), block_columns, block_of)

_ALL = (
    *(BATCH, TYPE, DOCUMENT, TOKENIZATION, SPAN, RELATION, REJECTION, ASKED),
    *(PATTERN_LIST, PATTERN_BLOCK),
)
TABLES: dict[str, Table[Any]] = {each.name: each for each in _ALL}
"""Every journalled table by name."""


_TABLE_OF: dict[type, Table[Any]] = {
    Batch: BATCH,
    EntityType: TYPE,
    RelationType: TYPE,
    Document: DOCUMENT,
    Tokenization: TOKENIZATION,
    Span: SPAN,
    Relation: RELATION,
    Rejection: REJECTION,
    Asked: ASKED,
    PatternList: PATTERN_LIST,
    PatternBlock: PATTERN_BLOCK,
}


def table_of(row: Row) -> Table[Any]:
    """Give the table in which a value is kept."""
    return _TABLE_OF[type(row)]
