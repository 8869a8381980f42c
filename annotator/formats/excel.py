"""Excel workbooks, one document a row of the first sheet; they need openpyxl, of the extra `tables`.

A cell holds 32,767 characters: longer documents have no place and are a declared loss. What XML cannot hold is written
as Excel itself writes it, `_x000D_` for a carriage return. Cells are text, so nothing in them is ever a formula.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, BinaryIO
from xml.etree.ElementTree import ParseError

from annotator.formats.base import (
    Format,
    ReadOptions,
    Report,
    Reporter,
    WriteContext,
    file_name,
    option,
    options_as,
    shown,
)
from annotator.formats.delimited_reading import AUTO, NO, YES
from annotator.formats.extra_wheels import wheel
from annotator.formats.holding import Keeper, keeps_by, losses_by
from annotator.formats.table_cells import in_cell
from annotator.formats.table_columns import is_header, unique
from annotator.formats.table_reading import SAMPLE, Table, TableOptions, records_of
from annotator.formats.table_writing import HOLDING, Row, in_batches, names_of, row_of, write_table
from annotator.formats.text_files import opened
from annotator.formats.unpacking import most_unpacked
from annotator.formats.whole_files import folder_of
from annotator.model.errors import FormatError
from annotator.model.record import Record

CELL, ROWS = 32_767, 1_048_576
"""Most characters of a cell, as UTF-16 units, and rows of a sheet."""
_WHAT = "an Excel workbook"
_ZIP = b"PK\x03\x04"
_LONG = "long"
_MESSAGES = {_LONG: ("document", f"{{what}} longer than a cell of Excel, {CELL:,} characters: left out.")}
_SPELLED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zones
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, ParseError, OSError, EOFError, NotImplementedError, RuntimeError),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError),
)
"""What openpyxl raises for a file that is no workbook, or a damaged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcelReadOptions(TableOptions):
    """How workbooks are read."""

    sheet: str = option(
        default="",
        title="Sheet",
        about="Name of the sheet that is read; empty takes the first one with anything in it.",
    )
    header: str = option(
        default=AUTO,
        title="Header",
        about="Whether the first row names the columns; auto finds it out.",
        choices=(AUTO, YES, NO),
    )


def sniff(head: bytes, path: Path) -> float:
    """Tell by the parts of a workbook."""
    if not head.startswith(_ZIP):
        return 0.0
    try:
        with zipfile.ZipFile(path) as archive:
            return 1.0 if "xl/workbook.xml" in archive.namelist() else 0.0
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield the documents of a workbook."""
    reporter, name = Reporter(shown(path), report), file_name(path)
    with opened(path) as file:
        size = file.seek(0, 2)
        openpyxl = wheel("openpyxl", path, _WHAT)
        try:
            with zipfile.ZipFile(file) as archive:
                unpacked = sum(each.file_size for each in archive.infolist())
            if unpacked > most_unpacked(size):
                reporter.refused(f"{name} unpacks to more than a file of its size may; it was refused.")
                return
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except _BROKEN as error:
            reporter.refused(f"{name} is no Excel workbook that can be read: {error}.")
            return
        try:
            table = _table(book, name, options, reporter)
            if table is None:
                reporter.refused(f"{name} holds no documents.")
                return
            yield from records_of(table, path=path, options=options, reporter=reporter)
        except _BROKEN as error:
            reporter.refused(f"{name} is damaged: {error}. What came behind was left out.")
        finally:
            book.close()


def _table(book: Any, name: str, options: ReadOptions, reporter: Reporter) -> Table | None:
    """Find the sheet and its header; None where there is nothing."""
    told = options_as(ExcelReadOptions, options)
    sheets = [each for each in book.worksheets if told.sheet in ("", each.title)]
    filled = [each for each in sheets if next(_rows(each), None) is not None]
    if not sheets:
        known = ", ".join(each.title for each in book.worksheets)
        raise FormatError(f"{name} has no sheet {told.sheet!r}.", f"It has {known}.")
    if not filled:
        return None
    sheet = filled[0]
    if len(filled) > 1:
        reporter.repaired(f"{name} has several sheets; {sheet.title!r} was read.")
    sample = [cells for _, cells in islice(_rows(sheet), SAMPLE + 1)]
    first = [in_cell(each if isinstance(each, str) else None) for each in sample[0]]
    has_header = told.header == YES or (
        told.header == AUTO
        and is_header(first, [[str(each or "") for each in cells] for cells in sample[1:]])
    )
    width = max(map(len, sample))
    names = [*unique(first), *(f"column {number}" for number in range(len(first) + 1, width + 1))]
    if not has_header:
        names = [f"column {number}" for number in range(1, width + 1)]

    def rows(_reporter: Reporter) -> Iterator[tuple[int, Mapping[str, Any]]]:
        for number, cells in islice(_rows(sheet), int(has_header), None):
            yield number, dict(zip(names, cells, strict=False))

    return Table(
        names=names,
        sample=[dict(zip(names, cells, strict=False)) for cells in sample[has_header:]],
        rows=rows,
    )


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Give the rows that hold anything, with their numbers."""
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [
            _SPELLED.sub(_sign, each) if isinstance(each, str) and "_x" in each else each for each in row
        ]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield number, cells


def _sign(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _spelled(text: str) -> str:
    """Write what XML cannot hold as Excel does."""
    return _UNSPEAKABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


class _Keeper(Keeper):
    """Leaves out documents that are longer than a cell."""

    def __init__(self) -> None:
        super().__init__(HOLDING, _MESSAGES)

    def keep(self, record: Record) -> Record | None:
        """Give what a file holds of a record."""
        kept = super().keep(record)
        if kept is None:
            return None
        columns: dict[str, None] = {}
        row = row_of(kept, columns)
        if any(_length(each) > CELL for each in row.cells(list(columns))):
            self.lose(_LONG, record)
            return None
        return kept


def _length(text: str) -> int:
    """Give how much of a cell a text takes, as it is written."""
    if len(text) * 2 <= CELL and text.isascii() and text.isprintable() and "_" not in text:
        return len(text)
    return len(_spelled(text).encode("utf-16-le", "surrogatepass")) // 2


def write(path: Path, records: Iterable[Record], context: WriteContext) -> None:
    """Write documents as the rows of a sheet."""
    wheel("openpyxl", path, _WHAT)
    write_table(path, records, context, keeper=_Keeper(), put=partial(_put, folder_of(path)))


def _put(folder: Path, file: BinaryIO, columns: Sequence[str], rows: Iterator[Row]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _EPOCH  # the same documents make the same file
    sheet = book.create_sheet("documents")

    def append(cells: Sequence[str]) -> None:
        made = []
        for each in cells:
            cell = WriteOnlyCell(sheet, value=_spelled(each) or None)
            if each:
                cell.data_type = "s"
            made.append(cell)
        sheet.append(made)

    append(names_of(columns))
    for number, row in enumerate((row for batch in in_batches(rows) for row in batch), start=2):
        if number > ROWS:
            raise FormatError(f"A sheet of Excel has {ROWS:,} rows; these are more documents.", "Choose CSV.")
        append(row.cells(columns))
    with tempfile.TemporaryFile(dir=folder) as made, tempfile.TemporaryFile(dir=folder) as settled:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            ExcelWriter(book, archive).save()
        _settle(made, settled)
        settled.seek(0)
        shutil.copyfileobj(settled, file)


def _settle(made: IO[bytes], into: IO[bytes]) -> None:
    """Copy an archive so that it holds no time of its making."""
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as settled:
        for entry in archive.infolist():
            plain = zipfile.ZipInfo(entry.filename, date_time=_EPOCH.timetuple()[:6])
            plain.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry) as source, settled.open(plain, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)


FORMAT = Format(
    name="excel",
    title="Excel workbook",
    suffixes=(".xlsx", ".xlsm"),
    sniff=sniff,
    read=read,
    write=write,
    read_options=ExcelReadOptions,
    losses=losses_by(lambda _options, _schema: _Keeper()),
    keeps=keeps_by(lambda _options, _schema: _Keeper()),
)
