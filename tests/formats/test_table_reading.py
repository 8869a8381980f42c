"""Rows of tables, whatever file they are in."""

from __future__ import annotations

from pathlib import Path

from annotator.formats.base import Reporter
from annotator.formats.table_reading import Table, TableOptions, records_of
from annotator.model.record import Problem


def test_rows_of_very_many_columns_are_read_cell_by_cell() -> None:
    """No cell is looked for among all others: 20,000 of them in a row would take minutes then."""
    names = ["text", *(f"c{number}" for number in range(20_000))]
    row = {**dict.fromkeys(names[-3:], "x"), "text": "Ada left."}
    table = Table(names=names, sample=[row], rows=lambda _reporter: ((each, row) for each in range(1, 21)))
    problems: list[Problem] = []
    found = list(
        records_of(
            table,
            path=Path("a.xlsx"),
            options=TableOptions(),
            reporter=Reporter("a.xlsx", problems.append),
        )
    )
    assert [each.source for each in found[:2]] == ["a.xlsx:1", "a.xlsx:2"]
    assert len(found) == 20
    assert found[-1].metadata == {"c19997": "x", "c19998": "x", "c19999": "x"}
    assert problems == []
