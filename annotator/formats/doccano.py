"""doccano's JSONL: the format, and its writer. Reading is in `doccano_reading.py`.

A document is a line with its text, its metadata as further fields, and either a list of labels or, in projects with
relations, entities with numbers and the relations between them. Notes go as comments. What doccano has no place for is
a declared loss, but for a document's names, which travel through it under a field of our own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from annotator.formats.base import (
    Format,
    ReadOptions,
    WriteContext,
    option,
    shown,
)
from annotator.formats.doccano_reading import LABELS, NAME, NOT_METADATA, OWN, made_of, read, sniff
from annotator.formats.holding import METADATA, Holding, Keeper, losses_by
from annotator.formats.ledger import Proof
from annotator.formats.offset_units import Counting, OffsetOptions, Unit
from annotator.formats.whole_files import write_compared
from annotator.model.document import title_of
from annotator.model.offsets import GraphemeMap, Utf16Map
from annotator.model.record import Record
from annotator.model.schema import Schema

HOLDING = Holding(
    document=frozenset({"id", "source", "title", "language", "note", "metadata"}),
    relations=True,
    own=NAME,
    reserved=NOT_METADATA,
)
KEPT = frozenset(LABELS) | {"relations", "doc_id"}
"""Fields that were kept as they were found, and go back."""
_MESSAGES = {
    METADATA: (
        "document",
        "Metadata under names that doccano takes for its own fields left out of {what}{names}.",
    ),
}
AUTO, YES, NO = "auto", "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoccanoOptions:
    """How doccano's JSONL is written."""

    relations: str = option(
        default=AUTO,
        title="Relations",
        about="Write entities and relations (yes), or labels alone (no); auto goes by the schema.",
        choices=(AUTO, YES, NO),
    )
    offsets: str = option(
        default=Unit.UTF16.value,
        title="Offsets",
        about="What offsets count; doccano's window counts UTF-16 units, or graphemes where a project says so.",
        choices=tuple(unit.value for unit in Unit),
    )


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as doccano exports and imports them."""
    options = _options(context.options)
    with_relations = _with_relations(options, context.schema)
    keeper = _keeper(options, context.schema)
    counting = Counting(Unit(options.offsets))
    proof = Proof(shown(path), partial(made_of, options=ReadOptions(), counting=counting))

    def put(file: BinaryIO) -> None:
        for number, record in enumerate(records, start=1):
            kept = keeper.keep(record)
            assert kept is not None, "documents in any state are held"
            file.write(proof.line(_line(kept, number, counting, with_relations=with_relations), kept))
            context.written.add(kept)

    write_compared(path, put)


def _options(given: object) -> DoccanoOptions:
    return given if isinstance(given, DoccanoOptions) else DoccanoOptions()


def _with_relations(options: DoccanoOptions, schema: Schema | None) -> bool:
    return options.relations == YES or (options.relations == AUTO and bool(schema and schema.relations))


def _keeper(options: object, schema: Schema | None = None) -> Keeper:
    relations = _with_relations(_options(options), schema)
    return Keeper(dataclasses.replace(HOLDING, relations=relations), _MESSAGES)


def _line(record: Record, number: int, counting: Counting, *, with_relations: bool) -> dict[str, Any]:
    """Give the fields of a document as doccano's own export has them; `number` counts the documents of the file."""
    own = record.attributes.get(NAME)
    own = own if isinstance(own, dict) else {}
    line: dict[str, Any] = {"id": own["id"]} if "id" in own else {}
    line.update({"text": record.text, **record.metadata})
    names = {"id": record.id, "source": record.source, "language": record.language}
    names["title"] = record.title if record.title and record.title != title_of(record.text) else ""
    if told := {name: value for name, value in names.items() if value}:
        line[OWN] = told
    pairs = _pairs(record, counting)
    if with_relations:
        # Numbers of the file's own, as whoever imports it gives things numbers anew.
        first = number * 1_000_000
        line["entities"] = [
            {"id": first + index, "label": span.label, "start_offset": start, "end_offset": end}
            for index, (span, (start, end)) in enumerate(zip(record.spans, pairs, strict=True))
        ]
        line["relations"] = [
            {
                "id": first + index,
                "from_id": first + each.head,
                "to_id": first + each.child,
                "type": each.label,
            }
            for index, each in enumerate(record.relations)
        ]
    else:
        line["label"] = [
            [start, end, span.label] for span, (start, end) in zip(record.spans, pairs, strict=True)
        ]
    kept = {name: value for name, value in own.items() if name in KEPT and name not in line}
    comments = [{"id": number, "comment": record.note}] if with_relations else [record.note]
    return {**line, **kept, "Comments": comments if record.note else []}


def _pairs(record: Record, counting: Counting) -> list[tuple[int, int]]:
    """Give the places of all spans in another way of counting."""
    places = [(span.fragments[0].start, span.fragments[0].end) for span in record.spans]
    if counting.unit is Unit.CODE_POINTS or record.text.isascii():
        return places
    if counting.unit is Unit.UTF16:
        units = Utf16Map(record.text)
        if units.is_identity:
            return places
        count = units.to_utf16
    else:
        count = GraphemeMap(record.text).to_grapheme
    return [(count(start), count(end)) for start, end in places]


FORMAT = Format(
    name=NAME,
    title="doccano JSONL",
    suffixes=(".doccano.jsonl",),
    sniff=sniff,
    read=read,
    write=write,
    options=DoccanoOptions,
    read_options=OffsetOptions,
    losses=losses_by(_keeper),
    keeps=lambda record, options, schema: _keeper(options, schema).keep(record),
)
