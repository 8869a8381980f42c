"""CSV and its kin: the format, and its writer. Reading is in `delimited_reading.py`.

Rows end with CR LF as RFC 4180 has it, so that a text with any line end in it is quoted. What spreadsheets would take
for a formula is made harmless on request; the sign that does it becomes part of the text, and offsets count it.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from annotator.formats.base import Format, WriteContext, option, options_as
from annotator.formats.delimited_reading import COMMA, SEPARATORS, SUFFIXES, DelimitedReadOptions, read, sniff
from annotator.formats.holding import Keeper, keeps_by, losses_by
from annotator.formats.table_writing import FORMULA_SIGNS, HOLDING, Row, in_batches, names_of, write_table
from annotator.model.annotation import Fragment
from annotator.model.record import Record, RecordSpan
from annotator.model.schema import Schema

FORMULAS = "formulas"
_MESSAGES = {
    FORMULAS: ("document", "Text or metadata of {what} begins like a formula: a ' was put before it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DelimitedOptions:
    """How CSV is written."""

    separator: str = option(
        default=COMMA, title="Between columns", about="What parts the columns.", choices=tuple(SEPARATORS)
    )
    spreadsheet: bool = option(
        default=False,
        title="For a spreadsheet",
        about="Begin with the mark by which spreadsheets know UTF-8, and put ' before what they take for formulas.",
    )


class _Keeper(Keeper):
    """Puts a sign before what begins like a formula, where that is asked for."""

    def __init__(self, options: DelimitedOptions) -> None:
        super().__init__(HOLDING, _MESSAGES)
        self._harmless = options.spreadsheet

    def keep(self, record: Record) -> Record | None:
        """Give what a file holds of a record."""
        kept = super().keep(record)
        if kept is None or not self._harmless:
            return kept
        metadata: dict[str, Any] = {name: _harmless(value) for name, value in kept.metadata.items()}
        text = _harmless(kept.text)
        if text != kept.text:
            spans = tuple(_moved(span) for span in kept.spans)
            kept = dataclasses.replace(kept, text=text, spans=spans)
        elif metadata == kept.metadata:
            return kept
        self.lose(FORMULAS, record)
        return dataclasses.replace(kept, metadata=metadata)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA_SIGNS else value


def _moved(span: RecordSpan) -> RecordSpan:
    return dataclasses.replace(
        span, fragments=tuple(Fragment(start + 1, end + 1) for start, end in span.fragments)
    )


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as the rows of a table."""
    options = options_as(DelimitedOptions, context.options)

    def put(file: BinaryIO, columns: Sequence[str], rows: Iterator[Row]) -> None:
        encoding = "utf-8-sig" if options.spreadsheet else "utf-8"
        text = io.TextIOWrapper(file, encoding, newline="", write_through=True)
        _put(text, columns, rows, SEPARATORS[options.separator])
        text.detach()

    write_table(path, records, context, keeper=_Keeper(options), put=put)


def _put(file: TextIO, columns: Sequence[str], rows: Iterator[Row], separator: str) -> None:
    import pandas as pd

    names = names_of(columns)
    frame = pd.DataFrame(columns=names)
    frame.to_csv(file, sep=separator, index=False, lineterminator="\r\n")
    for batch in in_batches(rows):
        frame = pd.DataFrame([row.cells(columns) for row in batch], columns=names, dtype=object)
        frame.to_csv(file, sep=separator, header=False, index=False, lineterminator="\r\n")


def _keeper(options: object, _schema: Schema | None) -> _Keeper:
    return _Keeper(options_as(DelimitedOptions, options))


FORMAT = Format(
    name="csv",
    title="CSV table",
    suffixes=SUFFIXES,
    sniff=sniff,
    read=read,
    write=write,
    options=DelimitedOptions,
    read_options=DelimitedReadOptions,
    losses=losses_by(_keeper),
    keeps=keeps_by(_keeper),
)
