"""Writes tables, whatever file they go into: one document a row, with columns of text, spans and relations.

Metadata gets columns of its own. A last column, `annotator`, holds as JSON what the others have no place for: names,
state, note, and metadata that a cell cannot tell from text. Which columns there are is known only at the
end, so rows wait in a file that has no name.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from annotator.formats.base import ReadOptions, Report, WriteContext, is_accepted, name_of, shown
from annotator.formats.holding import ALL_DOCUMENT, Holding, Keeper
from annotator.formats.jsonl import json_line
from annotator.formats.ledger import Ledger
from annotator.formats.record_fields import head_fields
from annotator.formats.table_cells import in_cell
from annotator.formats.table_columns import OURS, OWN, RELATIONS, SPANS, TEXT
from annotator.formats.whole_files import write_safely
from annotator.model.document import title_of
from annotator.model.record import Problem, Record
from annotator.model.wording import is_unprintable

HOLDING = Holding(document=ALL_DOCUMENT - {"tokens", "attributes"}, relations=True)
MOST_COLUMNS = 200
"""Columns of metadata; what more there is stays in our own column."""
ROWS, CHARACTERS = 1_000, 4_000_000
"""Most rows, and characters of their texts, that are held at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A document as a row: text, spans and relations, metadata in columns, and the rest."""

    text: str
    spans: list[dict[str, Any]]
    relations: list[dict[str, Any]]
    columns: dict[str, str]
    own: dict[str, Any]

    def cells(self, names: Sequence[str]) -> list[str]:
        """Give the cells for a table of text alone; `names` are the columns of metadata."""
        told = [json.dumps(each, ensure_ascii=False) if each else "" for each in (self.spans, self.relations)]
        own = json.dumps(self.own, ensure_ascii=False) if self.own else ""
        return [self.text, *told, *(self.columns.get(name, "") for name in names), own]


def names_of(columns: Sequence[str]) -> list[str]:
    """Give the header of a table with these columns of metadata."""
    return [TEXT, SPANS, RELATIONS, *columns, OWN]


def write_table(
    path: Path,
    records: Iterable[Record],
    context: WriteContext,
    *,
    keeper: Keeper,
    put: Callable[[Path, Sequence[str], Iterator[Row]], None],
    read: Callable[[Path, ReadOptions, Report], Iterator[Record]],
    told: ReadOptions,
) -> None:
    """Write documents as a table and read it back.

    Args:
        keeper: reduces records to what the table holds. put: writes rows into a file, given the columns of metadata.
        read: reads the file back, with the options `told`.
    """
    ledger = Ledger()

    def into(temporary: Path) -> None:
        with _Waiting(temporary.parent) as waiting:
            for record in records:
                kept = keeper.keep(record)
                if kept is None:
                    continue
                ledger.enter(kept)
                waiting.add(kept)
                context.written.documents += 1
                context.written.spans += sum(map(is_accepted, kept.spans))
                context.written.relations += sum(map(is_accepted, kept.relations))
            put(temporary, waiting.columns, waiting.rows())

    def check(temporary: Path) -> None:
        problems: list[Problem] = []
        ledger.compare(read(temporary, told, problems.append), shown(path), problems)

    write_safely(path, into, check)


def row_of(record: Record) -> Row:
    """Give a document as a row."""
    columns = {name: in_cell(value) for name, value in record.metadata.items() if _is_column(name)}
    own = {
        name: value for name, value in head_fields(record).items() if name not in ("metadata", "attributes")
    }
    if own.get("title") == title_of(record.text):
        del own["title"]
    exact = {
        name: value for name, value in record.metadata.items() if not (name in columns and _is_plain(value))
    }
    if exact:  # with names that can head no column, all of them, in their order
        own["metadata"] = exact if exact.keys() <= columns.keys() else dict(record.metadata)
    return Row(
        text=record.text,
        spans=[
            {"start": span.fragments[0].start, "end": span.fragments[0].end, "label": span.label}
            for span in record.spans
        ],
        relations=[
            {"head": each.head, "child": each.child, "label": each.label} for each in record.relations
        ],
        columns=columns,
        own=own,
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


class _Waiting:
    """Rows on their way into a table, in a file without a name; it is gone when the `with` ends."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed below
        self._columns: dict[str, None] = {}

    def __enter__(self) -> _Waiting:  # noqa: PYI034 - nothing is derived from it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def columns(self) -> list[str]:
        """Give the columns of metadata, in the order in which they came."""
        return list(self._columns)

    def add(self, record: Record) -> None:
        """Take a document."""
        row = row_of(record)
        for name in list(row.columns):
            if len(self._columns) < MOST_COLUMNS:
                self._columns.setdefault(name)
            if name not in self._columns:
                del row.columns[name]
                row.own.setdefault("metadata", {})[name] = record.metadata[name]
        line = [row.text, row.spans, row.relations, row.columns, row.own]
        self._file.write(json_line(line, what=name_of(record)))

    def rows(self) -> Iterator[Row]:
        """Give all rows back."""
        self._file.seek(0)
        for line in self._file:
            text, spans, relations, columns, own = json.loads(line)
            yield Row(text=text, spans=spans, relations=relations, columns=columns, own=own)


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
