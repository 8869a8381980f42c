"""Real and hard tables, and texts, that some machines have beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.formats import detect, format_named
from annotator.model.record import Problem, Record
from tests.formats.samples import SHARED, is_here, read_all, refused

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not on this machine")
NASTY = SHARED / "nasty"
with_pyarrow = pytest.mark.skipif(not is_here(format_named("parquet")), reason="pyarrow is not installed")


def read(path: Path) -> tuple[list[Record], list[Problem]]:
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine")
    return read_all(detect(path), path)


def test_quoted_line_ends_stay() -> None:
    records, problems = read(NASTY / "csv" / "quoted_newlines.csv")
    assert [each.text for each in records] == [
        'First line\nsecond line, with comma and "quotes"',
        "plain",
        "trailing newline\n",
    ]
    assert [each.metadata["label"] for each in records] == ["A", "B", "C"]
    assert [each.source.partition(":")[2] for each in records] == ["2", "4", "5"]
    assert problems == []


def test_a_mark_and_crlf_are_no_text() -> None:
    records, problems = read(NASTY / "csv" / "crlf_bom.csv")
    assert [(each.text, dict(each.metadata)) for each in records] == [
        ("Zoë met Anna", {"id": "1"}),
        ("multi\r\nline", {"id": "2"}),
    ]
    assert problems == []


def test_rows_of_other_lengths_are_told_by_line() -> None:
    records, problems = read(NASTY / "csv" / "ragged.csv")
    assert [each.text for each in records] == ["only two", "ok"]
    assert [line for line, _ in refused(problems)] == [3, 6]


def test_a_quote_that_is_never_closed_costs_its_line_alone() -> None:
    records, problems = read(NASTY / "csv" / "unclosed_quote.csv")
    assert [each.text for each in records] == ["next", "next"]
    assert [line for line, _ in refused(problems)] == [2]


def test_quotes_between_tabs_are_signs() -> None:
    records, problems = read(NASTY / "csv" / "tab.tsv")
    assert [each.text for each in records] == ['He said "hi" and left', '"starts with quote', "plain"]
    assert problems == []


def test_a_table_without_a_header() -> None:
    records, problems = read(NASTY / "csv" / "no_header.csv")
    assert [each.text for each in records] == ["Anna lives in Berlin", "Bob lives in Rome"]
    assert refused(problems) == []
    assert len(problems) == 2


def test_formulas_are_text() -> None:
    records, problems = read(NASTY / "csv" / "formula_injection.csv")
    assert [each.text for each in records] == ["+1+1", "@SUM(A1)", "-2"]
    assert [line for line, _ in refused(problems)] == [2]  # its comma parts it in two, as nothing quotes it


@pytest.mark.parametrize(
    ("name", "documents", "lines"),
    [
        ("example.utf16", 3, []),
        ("text_classification/example", 2, [4]),
        ("text_classification/example_out_of_order_columns", 2, [4]),
        ("text_classification/example.invalid.2", 2, [2]),
        ("seq2seq/example", 2, [2]),
    ],
)
def test_tables_of_another_program(name: str, documents: int, lines: list[int]) -> None:
    records, problems = read(SHARED / "doccano" / "import_tests" / f"{name}.csv")
    assert (len(records), [line for line, _ in refused(problems)]) == (documents, lines)


@with_pyarrow
def test_parquet_with_spans() -> None:
    records, problems = read(SHARED / "parquet" / "news_headlines_spans.parquet")
    assert (len(records), sum(len(each.spans) for each in records), problems) == (373, 303, [])


@with_pyarrow
def test_parquet_with_long_texts() -> None:
    records, problems = read(SHARED / "parquet" / "sotu_texts.parquet")
    assert (len(records), problems) == (233, [])
    assert max(len(each.text) for each in records) > 200_000


@with_pyarrow
def test_odd_parquet_files() -> None:
    records, problems = read(NASTY / "parquet" / "truncated.parquet")
    assert (records, [line for line, _ in refused(problems)]) == ([], [0])
    records, problems = read(NASTY / "parquet" / "no_text_column.parquet")
    assert [each.text for each in records] == ["no text column"]
    assert "'body'" in problems[0].message
    records, problems = read(NASTY / "parquet" / "hf_tokens_ner_tags_ints.parquet")
    assert [(each.text, each.spans) for each in records] == [("only tokens", ())]
    assert "'ner_tags'" in problems[0].message
