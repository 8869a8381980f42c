"""Writes the rows of an import many at once: documents with text, tokens, words to be found, spans and relations.

A `Chunk` gathers what some records bring and `write` puts it into the tables, few statements for each; keys are given
out beforehand, so that relations can name spans. Who may see the rows is a matter of their batch (`batches.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import length_hint
from typing import Any

from annotator.model.annotation import Rejection
from annotator.model.candidate import Proposal
from annotator.model.document import Part, State
from annotator.model.identity import new_packed_ids, packed_id
from annotator.model.packing import PackedTokens
from annotator.model.record import Record
from annotator.store import articles
from annotator.store.cells import packed_hash, to_json, unpacked_hash
from annotator.store.documents import VISIBLE
from annotator.store.many_rows import Rows
from annotator.store.project import Project
from annotator.store.search import searchable
from annotator.store.tables import REJECTION
from annotator.store.type_rows import Types

_DOCUMENT = (
    *("key", "id", "batch", "title", "language", "length", "hash", "source", "state", "reason"),
    *("flagged", "note", "part", "group", "metadata", "attributes"),
)
_DECIDED = ("flagged", "note", "attributes", "annotator", "at", "how", "origin")
"""What tells of a decision, in spans and relations alike."""
_SPAN = ("key", "id", "document", "layer", "type", "fragments")
_RELATION = ("key", "id", "document", "layer", "type", "head", "child", *_DECIDED)
_NEW = {"suggesters": "", "score": None, "version": 0}
"""What is the same in all spans and relations that an import brings."""
Decided = tuple[Any, ...]
"""The values of `_DECIDED`."""


@dataclass(frozen=True, slots=True)
class Known:
    """A document that is in the project already, or earlier in this import; `hash` as `content_hash` gives it."""

    key: int
    source: str
    hash: str
    arriving: bool


def known(project: Project, *, sources: Iterable[str], hashes: Iterable[str], batch: int) -> list[Known]:
    """List the documents that came from one of these files or records, or have one of these texts; newest last.

    Those that can be seen, and those of the batch that is being written.
    """
    found: dict[int, Known] = {}
    for column, values in (("source", [*sources]), ("hash", [packed_hash(each) for each in hashes])):
        marks = ", ".join("?" * len(values))
        rows = project.rows(
            f"SELECT key, source, hash, batch FROM document WHERE {column} IN ({marks}) "
            f"AND (document.batch = ? OR ({VISIBLE})) AND NOT document.removed",
            (*values, batch),
        )
        for key, source, content, its_batch in rows:
            found[key] = Known(key, source, unpacked_hash(content), its_batch == batch)
    return [found[key] for key in sorted(found)]


@dataclass(slots=True)
class Arrived:
    """A document of a chunk with what hangs on it; spans and relations are rows of `Chunk`."""

    key: int
    layer: int
    title: str
    text: str
    state: State
    tokens: PackedTokens
    proposals: list[Proposal] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    spans: int = 0
    relations: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a document beyond what its record says; `identity` packed, `hash` as `content_hash` gives it."""

    identity: bytes | str
    batch: int
    title: str
    language: str
    hash: str
    state: State
    part: Part
    group: str


class KeyBlocks:
    """Row keys that one import has set aside, so that it need not write to get each of them."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._blocks: dict[str, Iterator[int]] = {}
        self._stops: dict[str, int] = {}

    def provide(self, counts: Mapping[str, int]) -> None:
        """See to it that there are so many keys for each table: just these at first, then many at once."""
        short = {table: count for table, count in counts.items() if len(self._left(table)) < count}
        if short:
            with self._project.writing():
                self._give_back(short)
                for table, count in short.items():
                    wanted = max(count, BLOCK) if table in self._blocks else count
                    self._set(table, self._project.next_keys(table, wanted))

    def of(self, table: str) -> Iterator[int]:
        """Give the row keys that were provided for a table; none of them was ever used."""
        return self._blocks.get(table, iter(()))

    def give_back(self) -> None:
        """Let the keys that were not used be others'."""
        if any(map(self._left, self._blocks)):
            with self._project.writing():
                self._give_back(self._blocks)

    def _give_back(self, tables: Iterable[str]) -> None:
        for table in tables:
            if left := self._left(table):
                self._project.return_keys(table, left)
                self._set(table, range(left.stop, left.stop))

    def _set(self, table: str, block: range) -> None:
        self._blocks[table], self._stops[table] = iter(block), block.stop

    def _left(self, table: str) -> range:
        stop = self._stops.get(table, 0)
        return range(stop - length_hint(self._blocks.get(table, ())), stop)


BLOCK = 20_000
"""Row keys that are set aside at once."""
_KEYED = ("document", "layer", "span", "relation", "rejection")
"""Tables whose row keys are set aside."""


class Chunk:
    """Rows that are written together; they are made before the transaction that writes them.

    Args:
        keys: where row keys come from. records: what is to be written, to know how many keys and which ids it takes; an
            id of a document that is taken already gives way to a new one. usual: what most spans say of their decision.
    """

    def __init__(
        self, project: Project, keys: KeyBlocks, records: Sequence[Record], *, usual: Decided
    ) -> None:
        self._project = project
        self._documents: list[Arrived] = []
        self._usual = usual
        self._document_rows: list[tuple[Any, ...]] = []
        self._usual_spans: list[tuple[Any, ...]] = []
        self._spans: list[tuple[Any, ...]] = []
        self._relations: list[tuple[Any, ...]] = []
        self._rows: list[Rows] = []
        self._types: Types | None = None
        documents = len(records)
        spans = sum(len(each.spans) for each in records)
        relations = sum(len(each.relations) for each in records)
        keys.provide(
            {
                "document": documents,
                "layer": documents,
                "span": spans,
                "relation": relations,
                "rejection": sum(each.rejected for record in records for each in record.spans)
                + sum(each.rejected for record in records for each in record.relations),
            }
        )
        self._keys = {table: keys.of(table) for table in _KEYED}
        self._span_keys = self._keys["span"]
        self._new_ids = iter(new_packed_ids(2 * documents + spans + relations))
        self._taken = self._taken_ids(each.id for each in records)

    def _taken_ids(self, ids: Iterable[str]) -> set[bytes | str]:
        wanted = [packed_id(each) for each in ids if each]
        taken: set[bytes | str] = set()
        for first in range(0, len(wanted), 500):
            some = wanted[first : first + 500]
            marks = ", ".join("?" * len(some))
            rows = self._project.rows(f"SELECT id FROM document WHERE id IN ({marks})", some)
            taken.update(row[0] for row in rows)
        return taken

    def identity(self, wanted: str) -> bytes | str:
        """Give the name under which a document is kept: the one a file gave, unless it is taken, or a new one."""
        packed = packed_id(wanted)
        if not wanted or packed in self._taken:
            return next(self._new_ids)
        self._taken.add(packed)
        return packed

    def next_key(self, table: str) -> int:
        """Give a row key that was never used."""
        return next(self._keys[table])

    def add_document(self, record: Record, tokens: PackedTokens, more: Settled) -> Arrived:
        """Take a document with its text and tokens."""
        key = self.next_key("document")
        arrived = Arrived(key, self.next_key("layer"), more.title, record.text, more.state, tokens)
        self._documents.append(arrived)
        self._document_rows.append(
            (
                *(key, more.identity, more.batch, more.title, more.language, len(record.text)),
                *(packed_hash(more.hash), record.source, more.state.value, record.reason),
                *(int(record.flagged), record.note, more.part.value, more.group),
                *(to_json(record.metadata), to_json(record.attributes)),
            )
        )
        return arrived

    def add_span(
        self, arrived: Arrived, *, kind: int, fragments: str, identity: str, decided: Decided | None
    ) -> int:
        """Take a span of a document and give its row key; None as what tells of its decision means the usual."""
        key = next(self._span_keys)
        identified = packed_id(identity) if identity else next(self._new_ids)
        row = (key, identified, arrived.key, arrived.layer, kind, fragments)
        if decided is None:
            self._usual_spans.append(row)
        else:
            self._spans.append((*row, *decided))
        arrived.spans += 1
        return key

    def add_relation(
        self, arrived: Arrived, *, kind: int, head: int, child: int, identity: str, decided: Decided | None
    ) -> None:
        """Take a relation between two spans of a document, by their row keys; else like a span."""
        key = self.next_key("relation")
        identified = packed_id(identity) if identity else next(self._new_ids)
        row = (key, identified, arrived.key, arrived.layer, kind, head, child)
        self._relations.append((*row, *(self._usual if decided is None else decided)))
        arrived.relations += 1

    def prepare(self, types: Types) -> None:
        """Make the rows of everything that was taken; `types` know those that came with this import."""
        documents = self._documents
        self._types = types
        usual = dict(zip(_DECIDED, self._usual, strict=True))
        words = [(each.key, searchable(each.text, each.title)) for each in documents]
        tallies = [
            (each.key, each.spans, each.relations)
            for each in documents
            if not each.proposals and not each.rejections
        ]
        self._rows = [
            Rows("document", _DOCUMENT, self._document_rows, {"excluded": 0, "removed": 0, "version": 0}),
            Rows("content", ("document", "text"), [(each.key, each.text) for each in documents]),
            Rows(
                "tokenization",
                ("key", "tokens", "sentences", "tokenizer"),
                [(each.key, *each.tokens) for each in documents],
                {"version": 0},
            ),
            Rows(
                "layer",
                ("key", "id", "document"),
                [(each.layer, next(self._new_ids), each.key) for each in documents],
                {"annotator": ""},
            ),
            Rows("search", ("rowid", "words"), words),
            Rows("span", _SPAN, self._usual_spans, usual | _NEW),
            Rows("span", (*_SPAN, *_DECIDED), self._spans, _NEW),
            Rows("relation", _RELATION, self._relations, _NEW),
            Rows("tally", ("document", "spans", "relations"), tallies, {"rejected": 0, "undecided": 0}),
        ]

    def write(self) -> None:
        """Write the rows; inside `writing`."""
        connection, types = self._project.connection, self._types
        assert types is not None, "they were prepared"
        for rows in self._rows:
            rows.insert(connection)
        for each in self._documents:
            if each.proposals or each.rejections:
                connection.executemany(
                    REJECTION.insert,
                    [REJECTION.to_columns(rejection, types) for rejection in each.rejections],
                )
                articles.add_candidates(self._project, each.key, each.proposals, types=types)
                articles.refresh_tally(self._project, each.key, arriving=True)
                if each.state is State.DONE:
                    self._unfinish(each.key)

    def _unfinish(self, document: int) -> None:
        """Put a document that came as done back to in progress where something in it is undecided."""
        self._project.connection.execute(
            "UPDATE document SET state = ?2 WHERE key = ?1 "
            "AND EXISTS (SELECT 1 FROM tally WHERE tally.document = ?1 AND undecided)",
            (document, State.IN_PROGRESS.value),
        )
