"""Turns records that arrive into rows of a hidden batch, and says what is known of each already."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter

from annotator.formats.base import is_accepted, is_candidate
from annotator.model.annotation import How, Origin, Provenance, Reason, Rejection, RelationKey, SpanKey
from annotator.model.candidate import Proposal
from annotator.model.document import Part, State, content_hash, part_of, title_of
from annotator.model.identity import new_id, unpacked_id
from annotator.model.limits import EARLIEST, LATEST
from annotator.model.packing import PackedTokens
from annotator.model.record import Problem, Record, RecordRelation, RecordSpan
from annotator.store.arriving import Arrived, Chunk, Decided, KeyBlocks, Known, Settled, known
from annotator.store.cells import HOW_LETTERS, ORIGIN_LETTERS, fragments_to_text, to_json
from annotator.workflows.arriving_types import ArrivingTypes
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
    """A record that will be written, the language it is in, and the document whose place it takes, if any."""

    record: Record
    language: str
    hash: str
    replaces: int | None = None


class _Here:
    """What is known of some records: documents that can be seen, and those that this import has written."""

    def __init__(self, found: Sequence[Known]) -> None:
        seen = [each for each in found if not each.arriving]
        self.by_source = {each.source: each.key for each in seen}
        self.pairs = {(each.source, each.hash) for each in seen}
        self.hashes = {each.hash for each in found}
        self.arrived = {each.source for each in found if each.arriving}


class Arrival:
    """Writes the records of one import."""

    def __init__(
        self,
        session: Session,
        batch: int,
        *,
        on_duplicate: OnDuplicate,
        problem: Callable[[Problem], None],
        language_of: Callable[[Record], str] = attrgetter("language"),
    ) -> None:
        self._session = session
        self._project = session.project
        self._batch = batch
        self._on_duplicate = on_duplicate
        self._problem = problem
        self._language_of = language_of
        self._keys = KeyBlocks(session.project)
        self._now = time.time()
        self._seed = str(session.project.setting("id", ""))
        self.types = ArrivingTypes(session.project)
        self._usual = self._decided_as(RecordSpan(fragments=(), label=""))
        self._waiting_sources: set[str] = set()
        self._waiting_hashes: set[str] = set()
        self.documents = self.spans = self.relations = 0
        self.read_documents = self.read_spans = self.read_relations = 0
        self.duplicates = 0
        self.replaced: list[int] = []
        self.first_document: int | None = None

    def meet(self, record: Record) -> Wanted | None:
        """Decide what becomes of a record; None if it is not written."""
        return self.meet_all([record])[0]

    def meet_all(self, records: Sequence[Record]) -> list[Wanted | None]:
        """Decide what becomes of some records, in their order; None for one that is not written."""
        hashes = [content_hash(record.text) for record in records]
        sources = {record.source for record in records if record.source}
        found = known(self._project, sources=sources, hashes=set(hashes), batch=self._batch)
        here = _Here(found)
        return [self._meet(record, content, here) for record, content in zip(records, hashes, strict=True)]

    def _meet(self, record: Record, content: str, here: _Here) -> Wanted | None:
        self.read_documents += 1
        self.read_spans += sum(map(is_accepted, record.spans))
        self.read_relations += sum(map(is_accepted, record.relations))
        same_place = here.by_source.get(record.source) if record.source else None
        if record.source and (record.source, content) in here.pairs:
            self.duplicates += 1
            return None
        if content in here.hashes or content in self._waiting_hashes:
            if self._on_duplicate is not OnDuplicate.KEEP:
                self.duplicates += 1
                self._told(record, "its text is in the project already, under another name; left out")
                return None
        elif record.source and self._is_unwanted(record, here, known=same_place is not None):
            self.duplicates += 1
            self._told(record, "another text is known under this name; left out")
            return None
        self._waiting_hashes.add(content)
        self._waiting_sources.add(record.source)
        taken = same_place if same_place is not None and self._replaces else None
        return Wanted(record, self._language_of(record), content, taken)

    def _is_unwanted(self, record: Record, here: _Here, *, known: bool) -> bool:
        """Tell whether a record is left out because another text has its name, in the project or in this import."""
        if record.source in here.arrived or record.source in self._waiting_sources:
            return self._on_duplicate is not OnDuplicate.KEEP
        return known and self._on_duplicate is OnDuplicate.SKIP

    @property
    def _replaces(self) -> bool:
        return self._on_duplicate is OnDuplicate.REPLACE

    def _told(self, record: Record, message: str, *, refused: bool = True) -> None:
        name = record.title or title_of(record.text)
        self._problem(
            Problem(file=record.source, message=f"“{name}”: {message}.", record=record.id, refused=refused)
        )

    def write(self, chunk: Sequence[tuple[Wanted, PackedTokens]]) -> None:
        """Write records with their tokens, in one transaction.

        Rows are made before it begins, so that a window which writes meanwhile waits only while they are written; but
        for records that bring ids, of which nobody else may take one in between.
        """
        records = [self._settled(wanted) for wanted, _ in chunk]
        with contextlib.ExitStack() as stack:
            if any(record.id for record in records):
                stack.enter_context(self._project.writing())
            rows = Chunk(self._project, self._keys, records, usual=self._usual)
            for record, (wanted, tokens) in zip(records, chunk, strict=True):
                self._take(rows, record, wanted, tokens)
            rows.prepare(self.types.known())
            stack.enter_context(self._project.writing())
            rows.write()
        self._project.fold_log()
        for wanted, _ in chunk:
            self._waiting_hashes.discard(wanted.hash)
            self._waiting_sources.discard(wanted.record.source)

    def end(self) -> None:
        """Note that nothing more comes."""
        self._keys.give_back()

    def _settled(self, wanted: Wanted) -> Record:
        return wanted.record if wanted.replaces is None else self._carried(wanted.record, wanted.replaces)

    def _take(self, rows: Chunk, record: Record, wanted: Wanted, tokens: PackedTokens) -> None:
        settled = self._settled_as(rows, record, wanted)
        arrived = rows.add_document(record, tokens, settled)
        # Where the id of the document was taken, those of its spans are, too.
        keeps_ids = not record.id or record.id == unpacked_id(settled.identity)
        self._take_annotations(rows, arrived, record, keeps_ids=keeps_ids)
        self.documents += 1
        if self.first_document is None:
            self.first_document = arrived.key

    def _carried(self, record: Record, old: int) -> Record:
        """Give the record with the decisions of the document it replaces, where the text around them is the same."""
        self.replaced.append(old)
        carried = carry_over(self._session.annotations(old), old_text=self._session.text(old), record=record)
        for what in carried.lost:
            self._told(record, what)
        return replace(carried.record, part=record.part or self._session.document(old).part)

    def _settled_as(self, rows: Chunk, record: Record, wanted: Wanted) -> Settled:
        identity = rows.identity(record.id)
        group = str(record.metadata.get("group", "")) if record.metadata else ""
        has_decisions = any(not is_candidate(span) for span in record.spans)
        return Settled(
            identity=identity,
            batch=self._batch,
            title=record.title or title_of(record.text) or record.source,
            language=wanted.language,
            hash=wanted.hash,
            state=record.state or (State.IN_PROGRESS if has_decisions else State.TODO),
            part=record.part or Part(part_of(group or unpacked_id(identity), seed=self._seed)),
            group=group,
        )

    def _take_annotations(self, rows: Chunk, arrived: Arrived, record: Record, *, keeps_ids: bool) -> None:
        keys: dict[int, int] = {}
        seen: dict[tuple[int, str], int] = {}
        kinds = self.types.spans
        for index, span in enumerate(record.spans):
            kind = kinds[span.label]
            if is_candidate(span):
                arrived.proposals.append(_proposal(span.identity, span))
                continue
            if span.rejected:
                arrived.rejections.append(self._rejection(rows, arrived, span.identity, span))
                continue
            fragments = fragments_to_text(span.fragments)
            key = seen.get((kind, fragments))
            if key is None:
                identity, decided = span.id if keeps_ids else "", self._decided(span)
                key = rows.add_span(
                    arrived, kind=kind, fragments=fragments, identity=identity, decided=decided
                )
                seen[kind, fragments] = key
            else:
                self._told(
                    record, f"{span.label} stands twice at {span.fragments[0].start}; one was left out"
                )
            keys[index] = key
        joined: set[tuple[int, int, str]] = set()
        for relation in record.relations:
            wanted = relation if keeps_ids else replace(relation, id="")
            self._take_relation(rows, arrived, record, wanted, keys=keys, joined=joined)
        self.spans += len(seen)

    def _take_relation(
        self,
        rows: Chunk,
        arrived: Arrived,
        record: Record,
        relation: RecordRelation,
        *,
        keys: dict[int, int],
        joined: set[tuple[int, int, str]],
    ) -> None:
        what = RelationKey(
            record.spans[relation.head].identity, record.spans[relation.child].identity, relation.label
        )
        kind = self.types.relations[relation.label]
        head, child = keys.get(relation.head), keys.get(relation.child)
        if is_candidate(relation):
            arrived.proposals.append(_proposal(what, relation))
        elif relation.rejected:
            arrived.rejections.append(self._rejection(rows, arrived, what, relation))
        elif head is None or child is None:
            self._told(record, f"{relation.label} lost an end that was not accepted; left out")
        elif not joined.isdisjoint(self._pairs(head, child, relation.label)):
            self._told(record, f"{relation.label} stands twice between the same spans; one was left out")
        else:
            joined.add((head, child, relation.label))
            decided = self._decided(relation)
            rows.add_relation(
                arrived, kind=kind, head=head, child=child, identity=relation.id, decided=decided
            )
            self.relations += 1

    def _pairs(self, head: int, child: int, label: str) -> set[tuple[int, int, str]]:
        """Give a relation as it could stand: a symmetric one either way."""
        kind = self._project.types.schema.relation(label)
        pairs = {(head, child, label)}
        return pairs | {(child, head, label)} if kind is not None and kind.symmetric else pairs

    def _decided(self, item: RecordSpan | RecordRelation) -> Decided | None:
        """Give what a span or relation says of its decision; None where it says nothing."""
        if item.annotator or item.at or item.how or item.flagged or item.note or item.attributes:
            return self._decided_as(item)
        return None

    def _decided_as(self, item: RecordSpan | RecordRelation) -> Decided:
        return (
            int(item.flagged),
            item.note,
            to_json(item.attributes),
            item.annotator or self._session.annotator,
            self._moment(item),
            HOW_LETTERS[item.how or How.IMPORTED],
            ORIGIN_LETTERS[Origin.IMPORTED],
        )

    def _moment(self, item: RecordSpan | RecordRelation) -> float:
        """Give when something was decided, or now where the file says nothing that has a date."""
        return item.at if item.at and EARLIEST <= item.at <= LATEST else self._now

    def _rejection(
        self, rows: Chunk, arrived: Arrived, what: SpanKey | RelationKey, item: RecordSpan | RecordRelation
    ) -> Rejection:
        return Rejection(
            key=rows.next_key("rejection"),
            id=new_id(),
            document=arrived.key,
            layer=arrived.layer,
            what=what,
            reason=Reason.WRONG,
            provenance=Provenance(
                annotator=item.annotator or self._session.annotator,
                at=self._moment(item),
                how=item.how or How.IMPORTED,
                origin=Origin.IMPORTED,
            ),
        )


def _proposal(what: SpanKey | RelationKey, item: RecordSpan | RecordRelation) -> Proposal:
    reason = f"{item.suggester} in the imported file" if item.suggester else "in the imported file"
    score = 0.5 if item.score is None else min(1.0, max(0.0, item.score))
    return Proposal(what=what, suggester="file", score=score, reason=reason)
