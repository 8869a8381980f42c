"""Parquet tables, one document a row; they need pyarrow, of the extra `tables`.

Rows are read and written some at a time, so that memory stays flat. Spans and relations are lists of structures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from annotator.formats.base import Format, ReadOptions, Report, Reporter, WriteContext, file_name, shown
from annotator.formats.class_names import companions, names_beside, names_in
from annotator.formats.extra_wheels import wheel
from annotator.formats.holding import Keeper, keeps_by, losses_by
from annotator.formats.table_reading import SAMPLE, Table, TableOptions, records_of
from annotator.formats.table_writing import HOLDING, Item, Row, in_batches, names_of, write_table
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
    write_table(path, records, context, keeper=Keeper(HOLDING), put=_put)


def item_type(arrow: Any, ends: tuple[str, str]) -> Any:
    """Give the type of a column of spans or relations; `ends` names their first two fields."""
    return arrow.list_(arrow.struct([*((end, arrow.int64()) for end in ends), ("label", arrow.string())]))


SPAN_ENDS, RELATION_ENDS = ("start", "end"), ("head", "child")


def items_array(arrow: Any, column: Sequence[Sequence[Item]], ends: tuple[str, str]) -> Any:
    """Give a column of spans or relations."""
    kind = item_type(arrow, ends)
    fields = list(zip(*chain.from_iterable(column), strict=True)) or [(), (), ()]
    struct = kind.value_type
    arrays = [arrow.array(field, struct.field(place).type) for place, field in enumerate(fields)]
    borders = arrow.array([0, *accumulate(map(len, column))], arrow.int32())
    items = arrow.StructArray.from_arrays(arrays, fields=list(struct))
    return arrow.ListArray.from_arrays(borders, items)


def _put(file: BinaryIO, columns: Sequence[str], rows: Iterator[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    words, names = pa.string(), names_of(columns)
    kinds = [words, item_type(pa, SPAN_ENDS), item_type(pa, RELATION_ENDS), *[words] * (len(columns) + 1)]
    schema = pa.schema(list(zip(names, kinds, strict=True)))
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in in_batches(rows):
            arrays = [
                pa.array([row.text for row in batch], words),
                items_array(pa, [row.spans for row in batch], SPAN_ENDS),
                items_array(pa, [row.relations for row in batch], RELATION_ENDS),
                *(pa.array([row.columns.get(name) or None for row in batch], words) for name in columns),
                pa.array([row.own or None for row in batch], words),
            ]
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
    keeps=keeps_by(lambda _options, _schema: Keeper(HOLDING)),
    companions=companions,
)
