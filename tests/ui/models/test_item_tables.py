"""The tables of spans and relations: rows, sorting, filtering."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from annotator.ui.models.article_items import relation_items, span_items
from annotator.ui.models.item_tables import (
    RELATION_HEADS,
    ROW_ROLE,
    SPAN_HEADS,
    ItemRow,
    ItemTable,
    relation_rows,
    span_rows,
)
from tests.ui.panels.articles import a_state


@pytest.fixture
def spans(qapp: object) -> ItemTable:
    """Return the table of the spans of a small document."""
    state = a_state()
    items = span_items(state.annotations, state.schema, state.tokens, state.text)
    table = ItemTable(SPAN_HEADS)
    table.set_rows(span_rows(items, state.text, state.paragraph_of))
    return table


@pytest.fixture
def relations(qapp: object) -> ItemTable:
    """Return the table of its relations."""
    state = a_state()
    by_id = {item.id: item for item in span_items(state.annotations, state.schema, state.tokens, state.text)}
    items = relation_items(state.annotations, state.schema, state.tokens, state.text)
    table = ItemTable(RELATION_HEADS)
    table.set_rows(relation_rows(items, by_id, state.text, noted=frozenset({"r2"})))
    return table


def cells(table: ItemTable, column: int) -> list[str]:
    return [str(table.data(table.index(place, column))) for place in range(table.rowCount())]


def test_spans_stand_in_reading_order_at_first(spans: ItemTable) -> None:
    QAbstractItemModelTester(spans, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert cells(spans, 1) == [
        "Press Secretary", "Karoline Leavitt", "Mike Waltz", "Jeddah", "National Security Adviser", "Waltz", "Kremlin",
    ]  # fmt: skip
    assert cells(spans, 3) == ["1", "1", "1", "1", "2", "2", "2"]


@pytest.mark.parametrize(
    ("column", "first", "last"), [(0, "Jeddah", "National Security Adviser"), (1, "Jeddah", "Waltz")]
)
def test_spans_are_sorted_by_a_column_both_ways(spans: ItemTable, column: int, first: str, last: str) -> None:
    spans.sort(column)
    assert (cells(spans, 1)[0], cells(spans, 1)[-1]) == (first, last)
    upwards = cells(spans, column)
    spans.sort(column, Qt.SortOrder.DescendingOrder)
    assert cells(spans, column) == list(reversed(upwards))
    spans.sort(-1)
    assert cells(spans, 1)[0] == "Press Secretary"


def test_candidates_come_first_by_state_the_least_sure_before(spans: ItemTable) -> None:
    spans.sort(2)
    assert cells(spans, 2)[:2] == ["candidate .71", "candidate .90"]
    assert cells(spans, 2)[-1] == "rejected"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("waltz", ["Mike Waltz", "Waltz"]),
        ("candidate", ["National Security Adviser", "Waltz"]),
        ("waltz person candidate", ["Waltz"]),
        ("flagged", ["Jeddah"]),
        ("has a note", ["Karoline Leavitt"]),
        ("nothing like it", []),
    ],
)
def test_words_labels_and_states_are_filtered(spans: ItemTable, typed: str, words: list[str]) -> None:
    spans.set_words(typed)
    assert cells(spans, 1) == words
    assert spans.total == 7


def test_an_illegal_relation_says_so_and_can_be_found(relations: ItemTable) -> None:
    assert cells(relations, 0) == ["HOLDS_ROLE", "VISITED", "HOLDS_ROLE"]
    relations.set_words("fit the schema")
    row = relations.row(0)
    assert row is not None
    assert (row.id, row.problem, row.noted) == ("r2", "does not fit the schema", True)
    assert relations.place("r1") is None


def test_relations_are_sorted_with_the_illegal_ones_first(relations: ItemTable) -> None:
    relations.sort(3)
    row = relations.row(0)
    assert row is not None
    assert row.id == "r2"


def test_the_same_rows_change_nothing(spans: ItemTable) -> None:
    rows: list[ItemRow] = [spans.data(spans.index(place, 0), ROW_ROLE) for place in range(spans.rowCount())]
    resets = []
    spans.modelReset.connect(lambda: resets.append(1))
    spans.set_rows(rows)
    assert resets == []
    spans.set_rows(rows[1:])
    assert resets == [1]


def test_a_cell_names_its_column_to_those_who_do_not_see_it(spans: ItemTable) -> None:
    said = spans.data(spans.index(4, 2), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "State: candidate .71"
    assert "a title before a name" in str(spans.data(spans.index(4, 0), Qt.ItemDataRole.ToolTipRole))
