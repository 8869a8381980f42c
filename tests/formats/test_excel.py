"""Excel workbooks: what openpyxl and pandas make of what is written, sheets, headers, and what a cell cannot hold."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from annotator.formats import detect
from annotator.formats.excel import CELL, FORMAT, ExcelReadOptions
from annotator.model.errors import FormatError
from tests.formats.samples import a_record, a_span, is_here, read_all, refused, write_all

pytestmark = pytest.mark.skipif(not is_here(FORMAT), reason="openpyxl is not installed")


def book(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    made.close()
    return path


def test_others_read_what_is_written(tmp_path: Path) -> None:
    import pandas as pd

    text = "👍 Ada met Bob."
    record = a_record(text, a_span(text, "Ada"), metadata={"n": 1, "date": "2024"})
    write_all(FORMAT, tmp_path / "a.xlsx", [record, a_record("=1+1")])
    frame = pd.read_excel(tmp_path / "a.xlsx", dtype=str)
    assert list(frame.columns) == ["text", "spans", "relations", "n", "date", "annotator"]
    span = json.loads(frame["spans"][0])[0]
    assert frame["text"][0][span["start"] : span["end"]] == "Ada"
    assert (frame["n"][0], frame["text"][1]) == ("1", "=1+1")


def test_nothing_written_is_a_formula(tmp_path: Path) -> None:
    import openpyxl

    write_all(FORMAT, tmp_path / "a.xlsx", [a_record("=1+1", metadata={"note": "=2+2"})])
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert {cell.data_type for row in made.active.iter_rows() for cell in row if cell.value} == {"s"}
    made.close()


def test_signs_that_xml_cannot_hold_come_back(tmp_path: Path) -> None:
    text = "a\r\nb\x00c\x1b _x000D_ _x \ufffe  end "
    write_all(FORMAT, tmp_path / "a.xlsx", [a_record(text)])
    assert [each.text for each in read_all(FORMAT, tmp_path / "a.xlsx")[0]] == [text]


def test_what_is_longer_than_a_cell_is_a_declared_loss(tmp_path: Path) -> None:
    given = [
        a_record("x" * CELL),
        a_record("x" * (CELL + 1)),
        a_record("👍" * (CELL // 2 + 1)),
        a_record("Ada."),
    ]
    assert FORMAT.losses is not None
    assert {each.kind: each.count for each in FORMAT.losses(given, FORMAT.options())}["long"] == 2
    context = write_all(FORMAT, tmp_path / "a.xlsx", given)
    assert context.written.documents == 2
    assert [len(each.text) for each in read_all(FORMAT, tmp_path / "a.xlsx")[0]] == [CELL, 4]


def test_sheets_dates_and_numbers(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["id", "Text", "day", None],
        [1, "Ada left.", dt.date(2024, 5, 1), None],
        [],
        [2, 7, None, "x"],
    ]
    path = book(tmp_path / "a.xlsx", empty=[], first=rows, second=[["text"], ["Other."]])
    assert detect(path) is FORMAT
    (record,), problems = read_all(FORMAT, path)
    assert (record.text, record.metadata, record.source) == (
        "Ada left.",
        {"id": 1, "day": "2024-05-01T00:00:00"},
        "a.xlsx:2",
    )
    assert [line for line, _ in refused(problems)] == [4]
    assert "'first' was read" in problems[0].message
    found, _ = read_all(FORMAT, path, ExcelReadOptions(sheet="second"))
    assert [each.text for each in found] == ["Other."]
    with pytest.raises(FormatError, match="has no sheet 'third'") as caught:
        read_all(FORMAT, path, ExcelReadOptions(sheet="third"))
    assert "empty, first, second" in caught.value.todo


def test_a_sheet_without_a_header(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", one=[[1, "Ada lives in Rome."], [2, "Bob lives in Berlin."]])
    found, _ = read_all(FORMAT, path)
    assert [(each.text, each.metadata) for each in found] == [
        ("Ada lives in Rome.", {"column 1": 1}),
        ("Bob lives in Berlin.", {"column 1": 2}),
    ]


def test_an_empty_or_damaged_book_is_told(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", one=[])
    assert refused(read_all(FORMAT, path)[1]) == [(0, "a.xlsx holds no documents.")]
    book(path, one=[["text"], *[[f"Text {number}"] for number in range(2000)]])
    content = path.read_bytes()
    path.write_bytes(content[:-100])
    assert refused(read_all(FORMAT, path)[1])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not a workbook")
    assert refused(read_all(FORMAT, path)[1])


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 80_000_000)
    found, problems = read_all(FORMAT, path)
    assert (found, ["unpacks to more" in message for _, message in refused(problems)]) == ([], [True])
