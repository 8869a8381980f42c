"""Writes tables, whatever file they go into: one document a row, with columns of text, spans and relations.

Metadata gets columns of its own. A last column, `annotator`, holds as JSON what the others have no place for: names,
state, note, and metadata that a cell cannot tell from text. Which columns there are is known only at the
end, so rows wait in a file that has no name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from annotator.formats.base import WriteContext, half_a_pair, name_of
from annotator.formats.holding import ALL_DOCUMENT, Holding, Keeper
from annotator.formats.jsonl import json_line
from annotator.formats.record_fields import head_fields
from annotator.formats.shelf import Shelf
from annotator.formats.table_cells import in_cell
from annotator.formats.table_columns import OURS, OWN, RELATIONS, SPANS, TEXT
from annotator.formats.whole_files import folder_of, write_compared
from annotator.model.document import title_of
from annotator.model.record import Record
from annotator.model.wording import is_unprintable

HOLDING = Holding(document=ALL_DOCUMENT - {"tokens", "attributes"}, relations=True)
MOST_COLUMNS = 200
"""Columns of metadata; what more there is stays in our own column."""
ROWS, CHARACTERS = 1_000, 4_000_000
"""Most rows, and characters of their texts, that are held at a time."""


Item = tuple[int, int, str]
"""A span as start, end and label, or a relation as head, child and label."""


class Row(NamedTuple):
    """A document as a row: text, spans and relations, metadata in columns, the rest as JSON or empty."""

    text: str
    spans: list[Item]
    relations: list[Item]
    columns: dict[str, str]
    own: str

    def cells(self, names: Sequence[str]) -> list[str]:
        """Give the cells for a table of text alone; `names` are the columns of metadata."""
        spans = [
            f'{{"start": {start}, "end": {end}, "label": {_quoted(label)}}}'
            for start, end, label in self.spans
        ]
        relations = [
            f'{{"head": {head}, "child": {child}, "label": {_quoted(label)}}}'
            for head, child, label in self.relations
        ]
        told = [f"[{', '.join(each)}]" if each else "" for each in (spans, relations)]
        return [self.text, *told, *(self.columns.get(name, "") for name in names), self.own]


@lru_cache(maxsize=1_000)
def _quoted(label: str) -> str:
    return json.dumps(label, ensure_ascii=False)


def names_of(columns: Sequence[str]) -> list[str]:
    """Give the header of a table with these columns of metadata."""
    return [TEXT, SPANS, RELATIONS, *columns, OWN]


def write_table(
    path: Path,
    records: Iterable[Record],
    context: WriteContext,
    *,
    keeper: Keeper,
    put: Callable[[BinaryIO, Sequence[str], Iterator[Row]], None],
) -> None:
    """Write documents as a table.

    Args:
        keeper: reduces records to what the table holds. put: writes rows into a file, given the columns of metadata.
    """

    def into(file: BinaryIO) -> None:
        columns: dict[str, None] = {}
        with Shelf(folder_of(path)) as waiting:
            for record in records:
                kept = keeper.keep(record)
                if kept is None:
                    continue
                try:
                    waiting.add(_PACKED.encode(row_of(kept, columns)))
                except UnicodeEncodeError as error:
                    raise half_a_pair(name_of(record)) from error
                context.written.add(kept)
            put(file, list(columns), map(_UNPACKED.decode, waiting))

    write_compared(path, into)


_PACKED, _UNPACKED = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Row)


def row_of(record: Record, known: dict[str, None]) -> Row:
    """Give a document as a row; `known` are the names of columns of metadata so far, to which its own are added."""
    columns: dict[str, str] = {}
    for name, value in record.metadata.items():
        if _is_column(name) and (name in known or len(known) < MOST_COLUMNS):
            known.setdefault(name)
            columns[name] = in_cell(value)
    own = head_fields(record)
    own.pop("attributes", None)
    if own.get("title") == title_of(record.text):
        del own["title"]
    if own.pop("metadata", None):
        exact = {
            name: value
            for name, value in record.metadata.items()
            if not (name in columns and _is_plain(value))
        }
        if exact:  # with names that can head no column, all of them, in their order
            own["metadata"] = exact if exact.keys() <= columns.keys() else dict(record.metadata)
    return Row(
        text=record.text,
        spans=[(*span.fragments[0], span.label) for span in record.spans],
        relations=[(each.head, each.child, each.label) for each in record.relations],
        columns=columns,
        own=json_line(own, what=name_of(record)).decode().rstrip("\n") if own else "",
    )


def _is_column(name: str) -> bool:
    """Tell whether a piece of metadata can have a column under its own name."""
    if name in OURS or name[:1] in FORMULA_SIGNS:
        return False
    return 0 < len(name) <= 100 and name == name.strip() and not any(map(is_unprintable, name))


def _is_plain(value: object) -> bool:
    """Tell whether a value comes back from a cell as it is."""
    return isinstance(value, str) and bool(value)


FORMULA_SIGNS = frozenset("=+-@\t\r")
"""A cell that begins with one of these is a formula to spreadsheets."""


def in_batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Give rows some at a time, so that many do not fill the memory, nor a few long ones."""
    batch: list[Row] = []
    length = 0
    for row in rows:
        batch.append(row)
        length += len(row.text)
        if len(batch) >= ROWS or length >= CHARACTERS:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch
