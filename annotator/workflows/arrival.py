"""Turns records that arrive into rows of a hidden batch, and says what is known of each already."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from annotator.formats.base import is_accepted, is_candidate
from annotator.model.annotation import How, Kind, Origin, Provenance, Reason, Rejection, RelationKey, SpanKey
from annotator.model.candidate import Proposal
from annotator.model.document import Document, Part, State, Tokens, content_hash, part_of, title_of
from annotator.model.identity import new_id
from annotator.model.record import Problem, Record, RecordRelation, RecordSpan
from annotator.model.schema import EntityType, RelationType, Type, next_color
from annotator.store import articles, batches
from annotator.store.rows import Types, fragments_to_text
from annotator.store.tables import REJECTION
from annotator.workflows.carrying import carry_over
from annotator.workflows.session import Session


class OnDuplicate(StrEnum):
    """What happens to a document that is known already.

    The same text from the same place is always skipped. The same text from elsewhere is skipped, or kept as a second
    document. Another text from the same place is skipped, kept beside the old one, or put in its place.
    """

    SKIP = "skip"
    KEEP = "keep"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that will be written, and the document whose place it takes, if any."""

    record: Record
    hash: str
    replaces: int | None = None


class Arrival:
    """Writes the records of one import."""

    def __init__(
        self, session: Session, batch: int, *, on_duplicate: OnDuplicate, problem: Callable[[Problem], None]
    ) -> None:
        self._session = session
        self._project = session.project
        self._batch = batch
        self._on_duplicate = on_duplicate
        self._problem = problem
        self._seed = str(session.project.setting("id", ""))
        self._position = 0
        self._types: dict[tuple[Kind, str], int] = {}
        self._met_sources: set[str] = set()
        self._met_hashes: set[str] = set()
        self.documents = self.spans = self.relations = 0
        self.read_documents = self.read_spans = self.read_relations = 0
        self.duplicates = 0
        self.replaced: list[int] = []
        self.new_types: list[str] = []
        self.new_type_keys: list[int] = []
        self._new_colors: list[str] = []
        self.first_document: int | None = None

    def meet(self, record: Record) -> Wanted | None:
        """Decide what becomes of a record; None if it is not written."""
        self.read_documents += 1
        self.read_spans += sum(map(is_accepted, record.spans))
        self.read_relations += sum(map(is_accepted, record.relations))
        content = content_hash(record.text)
        if record.source and batches.is_known(self._project, source=record.source, content=content):
            self.duplicates += 1
            return None
        same_place = batches.known_by_source(self._project, record.source) if record.source else None
        seen_here = content in self._met_hashes
        if seen_here or batches.known_by_hash(self._project, content) is not None:
            if self._on_duplicate is not OnDuplicate.KEEP:
                self.duplicates += 1
                self._told(record, "its text is in the project already, under another name; left out")
                return None
        elif record.source and self._is_unwanted(record, known=same_place is not None):
            self.duplicates += 1
            self._told(record, "another text is known under this name; left out")
            return None
        self._met_hashes.add(content)
        self._met_sources.add(record.source)
        taken = same_place.key if same_place is not None and self._replaces else None
        return Wanted(record, content, taken)

    def _is_unwanted(self, record: Record, *, known: bool) -> bool:
        """Tell whether a record is left out because another text has its name, in the project or in this import."""
        if record.source in self._met_sources:
            return self._on_duplicate is not OnDuplicate.KEEP
        return known and self._on_duplicate is OnDuplicate.SKIP

    @property
    def _replaces(self) -> bool:
        return self._on_duplicate is OnDuplicate.REPLACE

    def _told(self, record: Record, message: str, *, refused: bool = True) -> None:
        name = record.title or title_of(record.text)
        self._problem(
            Problem(file=record.source, message=f"{name}: {message}.", record=record.id, refused=refused)
        )

    def write(self, chunk: Sequence[tuple[Wanted, Tokens]]) -> None:
        """Write records with their tokens, in one transaction."""
        with self._project.writing():
            self._position = batches.next_position(self._project)
            for wanted, tokens in chunk:
                self._write(wanted, tokens)

    def _write(self, wanted: Wanted, tokens: Tokens) -> None:
        record = wanted.record
        if wanted.replaces is not None:
            record = self._carried(record, wanted.replaces)
        document = self._document(record, wanted.hash)
        layer = batches.add_document(self._project, document, text=record.text, tokens=tokens)
        self._write_annotations(document, layer, record)
        articles.refresh_tally(self._project, document.key, arriving=True)
        if document.state is State.DONE:
            batches.unfinish(self._project, document.key)
        self.documents += 1
        if self.first_document is None:
            self.first_document = document.key

    def _carried(self, record: Record, old: int) -> Record:
        """Give the record with the decisions of the document it replaces, where the text around them is the same."""
        self.replaced.append(old)
        carried = carry_over(self._session.annotations(old), old_text=self._session.text(old), record=record)
        for what in carried.lost:
            self._told(record, what)
        return replace(carried.record, part=record.part or self._session.document(old).part)

    def _document(self, record: Record, content: str) -> Document:
        identity = record.id if record.id and not self._is_taken(record.id) else new_id()
        group = str(record.metadata.get("group", "")) if record.metadata else ""
        has_decisions = any(not is_candidate(span) for span in record.spans)
        state = record.state or (State.IN_PROGRESS if has_decisions else State.TODO)
        document = Document(
            key=self._project.next_key("document"),
            id=identity,
            batch=self._batch,
            position=self._position,
            title=record.title or title_of(record.text) or record.source,
            language=record.language,
            length=len(record.text),
            hash=content,
            source=record.source,
            state=state,
            reason=record.reason,
            flagged=record.flagged,
            note=record.note,
            part=record.part or Part(part_of(group or identity, seed=self._seed)),
            group=group,
            metadata=record.metadata,
            attributes=record.attributes,
        )
        self._position += 1
        return document

    def _is_taken(self, identity: str) -> bool:
        return self._project.value("SELECT 1 FROM document WHERE id = ?", (identity,)) is not None

    def _write_annotations(self, document: Document, layer: int, record: Record) -> None:
        keys: dict[int, int] = {}
        proposals: list[Proposal] = []
        seen: dict[SpanKey, int] = {}
        for index, span in enumerate(record.spans):
            what = span.identity
            self._type(Kind.SPAN, span.label)
            if is_candidate(span):
                proposals.append(_proposal(what, span))
            elif span.rejected:
                self._reject(document, layer, what, span)
            elif what in seen:
                keys[index] = seen[what]
                self._told(
                    record, f"{span.label} stands twice at {span.fragments[0].start}; one was left out"
                )
            else:
                keys[index] = seen[what] = batches.add_span(
                    self._project,
                    fragments=fragments_to_text(span.fragments),
                    values=self._values(document, layer, self._type(Kind.SPAN, span.label), span, "span"),
                )
        joined: set[tuple[int, int, str]] = set()
        for relation in record.relations:
            self._write_relation(
                document, layer, record, relation, keys=keys, proposals=proposals, joined=joined
            )
        articles.add_candidates(self._project, document.key, proposals, types=self._named_types())
        self.spans += len(seen)

    def _write_relation(
        self,
        document: Document,
        layer: int,
        record: Record,
        relation: RecordRelation,
        *,
        keys: dict[int, int],
        proposals: list[Proposal],
        joined: set[tuple[int, int, str]],
    ) -> None:
        what = RelationKey(
            record.spans[relation.head].identity, record.spans[relation.child].identity, relation.label
        )
        type_key = self._type(Kind.RELATION, relation.label)
        head, child = keys.get(relation.head), keys.get(relation.child)
        if is_candidate(relation):
            proposals.append(_proposal(what, relation))
        elif relation.rejected:
            self._reject(document, layer, what, relation)
        elif head is None or child is None:
            self._told(record, f"{relation.label} lost an end that was not accepted; left out")
        elif not joined.isdisjoint(self._pairs(head, child, relation.label)):
            self._told(record, f"{relation.label} stands twice between the same spans; one was left out")
        else:
            joined.add((head, child, relation.label))
            values = self._values(document, layer, type_key, relation, "relation")
            batches.add_relation(self._project, head=head, child=child, values=values)
            self.relations += 1

    def _pairs(self, head: int, child: int, label: str) -> set[tuple[int, int, str]]:
        """Give a relation as it could stand: a symmetric one either way."""
        kind = self._project.types.schema.relation(label)
        pairs = {(head, child, label)}
        return pairs | {(child, head, label)} if kind is not None and kind.symmetric else pairs

    def _values(
        self, document: Document, layer: int, type_key: int, item: RecordSpan | RecordRelation, table: str
    ) -> dict[str, Any]:
        taken = item.id and self._project.value(f"SELECT 1 FROM {table} WHERE id = ?", (item.id,)) is not None  # noqa: S608
        return {
            "id": new_id() if not item.id or taken else item.id,
            "document": document.key,
            "layer": layer,
            "type": type_key,
            "flagged": int(item.flagged),
            "note": item.note,
            "attributes": batches.packed_json(item.attributes),
            "annotator": item.annotator or self._session.annotator,
            "at": item.at or time.time(),
            "how": (item.how or How.IMPORTED).value,
            "origin": Origin.IMPORTED.value,
        }

    def _reject(
        self, document: Document, layer: int, what: SpanKey | RelationKey, item: RecordSpan | RecordRelation
    ) -> None:
        rejection = Rejection(
            key=self._project.next_key("rejection"),
            id=new_id(),
            document=document.key,
            layer=layer,
            what=what,
            reason=Reason.WRONG,
            provenance=Provenance(
                annotator=item.annotator or self._session.annotator,
                at=item.at or time.time(),
                how=item.how or How.IMPORTED,
                origin=Origin.IMPORTED,
            ),
        )
        self._project.connection.execute(
            REJECTION.insert, REJECTION.to_columns(rejection, self._named_types())
        )

    def _type(self, kind: Kind, name: str) -> int:
        """Give the row key of a type, adding it unseen where the project has none."""
        found = self._types.get((kind, name))
        if found is None:
            found = batches.type_key(self._project, kind, name)
            if found is None:
                made = self._new_type(kind, name)
                found = made.key
                self.new_types.append(name)
                self.new_type_keys.append(found)
            self._types[kind, name] = found
        return found

    def _named_types(self) -> Types:
        return self._project.types.knowing(self._types)

    def _new_type(self, kind: Kind, name: str) -> Type:
        schema = self._project.types.schema
        if kind is Kind.RELATION:
            place = max((each.position for each in schema.relations), default=-1) + 1 + len(self.new_types)
            return batches.add_hidden_type(self._project, RelationType(name=name, position=place))
        colors = [each.color for each in schema.entities] + self._new_colors
        place = max((each.position for each in schema.entities), default=-1) + 1 + len(self.new_types)
        self._new_colors.append(next_color(colors))
        return batches.add_hidden_type(
            self._project, EntityType(name=name, position=place, color=self._new_colors[-1])
        )


def _proposal(what: SpanKey | RelationKey, item: RecordSpan | RecordRelation) -> Proposal:
    reason = f"{item.suggester} in the imported file" if item.suggester else "in the imported file"
    score = 0.5 if item.score is None else min(1.0, max(0.0, item.score))
    return Proposal(what=what, suggester="file", score=score, reason=reason)
