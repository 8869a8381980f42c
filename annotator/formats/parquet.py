"""Parquet tables, one document a row; they need pyarrow, of the extra `tables`.

Rows are read and written some at a time, so that memory stays flat. Spans and relations are lists of structures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from annotator.formats.base import Format, ReadOptions, Report, Reporter, WriteContext, file_name, shown
from annotator.formats.class_names import companions, names_beside, names_in
from annotator.formats.extra_wheels import wheel
from annotator.formats.holding import Keeper, losses_by
from annotator.formats.offset_units import Unit
from annotator.formats.table_reading import SAMPLE, Table, TableOptions, records_of
from annotator.formats.table_writing import HOLDING, Row, in_batches, names_of, write_table
from annotator.formats.text_files import opened
from annotator.formats.unpacking import most_unpacked
from annotator.model.record import Record

MAGIC = b"PAR1"
BATCH = 64
"""Rows that are made into Python values at a time."""
GROUP = 256_000_000
"""Bytes to which a group of rows may unpack whatever the size of the file; rows are read out of one some at a time."""
_WHAT = "a Parquet table"


def sniff(head: bytes, path: Path) -> float:
    """Tell by the first bytes."""
    del path
    return 1.0 if head.startswith(MAGIC) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a file."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    with opened(path) as file:
        size = file.seek(0, 2)
    arrow, parquet = wheel("pyarrow", path, _WHAT), wheel("pyarrow.parquet", path, _WHAT)
    try:
        with parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20) as table:
            sizes = [
                table.metadata.row_group(each).total_byte_size
                for each in range(table.metadata.num_row_groups)
            ]
            if max(sizes, default=0) > max(GROUP, most_unpacked(size)):
                reporter.refused(f"{name} unpacks to more than a file of its size may; it was refused.")
                return
            schema = table.schema_arrow

        def rows(here: Reporter) -> Iterator[tuple[int, Mapping[str, Any]]]:
            return _rows(path, parquet, here)

        found = Table(
            names=list(dict.fromkeys(schema.names)),
            sample=[row for _, row in islice(rows(Reporter("", lambda _problem: None)), SAMPLE)],
            rows=rows,
            by_line=False,
            tags={
                **names_beside(path, reporter),
                **names_in((schema.metadata or {}).get(b"huggingface", b"")),
            },
        )
        yield from records_of(found, path=path, options=options, reporter=reporter)
    except (arrow.ArrowException, OSError, ValueError, OverflowError) as error:
        reporter.refused(f"{name} is no Parquet table that can be read to its end: {_first_line(error)}.")


def _rows(path: Path, parquet: Any, reporter: Reporter) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20) as table:
        number = 0
        for batch in table.iter_batches(batch_size=BATCH):
            for row in _values(batch):
                number += 1
                if isinstance(row, Exception):
                    here = reporter.at(record=f"row {number}")
                    here.refused(
                        f"This row holds a value that cannot be read: {_first_line(row)}. It was left out."
                    )
                else:
                    yield number, row


def _values(batch: Any) -> list[Any]:
    """Give the rows of a batch as Python values, and for one that has none what is wrong with it."""
    try:
        return list(batch.to_pylist())
    except (ValueError, OverflowError) as error:  # a date beyond the years, bytes that are no text
        if batch.num_rows == 1:
            return [error]
        return [row for place in range(batch.num_rows) for row in _values(batch.slice(place, 1))]


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".") or type(error).__name__


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as the rows of a table."""
    wheel("pyarrow.parquet", path, _WHAT)
    write_table(
        path,
        records,
        context,
        keeper=Keeper(HOLDING),
        put=_put,
        read=read,
        told=TableOptions(offsets=Unit.CODE_POINTS.value),
    )


def span_type(arrow: Any) -> Any:
    """Give the type of a column of spans."""
    fields = [("start", arrow.int64()), ("end", arrow.int64()), ("label", arrow.string())]
    return arrow.list_(arrow.struct(fields))


def relation_type(arrow: Any) -> Any:
    """Give the type of a column of relations."""
    fields = [("head", arrow.int64()), ("child", arrow.int64()), ("label", arrow.string())]
    return arrow.list_(arrow.struct(fields))


def _put(path: Path, columns: Sequence[str], rows: Iterator[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = [pa.string(), span_type(pa), relation_type(pa), *[pa.string()] * (len(columns) + 1)]
    schema = pa.schema(list(zip(names_of(columns), kinds, strict=True)))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in in_batches(rows):
            cells = [row.cells(columns) for row in batch]
            told = [[each or None for each in column] for column in zip(*cells, strict=True)]
            told[1:3] = [row.spans for row in batch], [row.relations for row in batch]
            arrays = [pa.array(column, kind) for column, kind in zip(told, kinds, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


FORMAT = Format(
    name="parquet",
    title="Parquet table",
    suffixes=(".parquet",),
    sniff=sniff,
    read=read,
    write=write,
    read_options=TableOptions,
    losses=losses_by(lambda _options, _schema: Keeper(HOLDING)),
    keeps=lambda record, _options, _schema: Keeper(HOLDING).keep(record),
    companions=companions,
)
