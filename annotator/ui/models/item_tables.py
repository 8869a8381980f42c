"""The tables of spans and of relations: rows made of the article's items, sorted and filtered here.

Sorted by Python's own sort over keys made once, not through a proxy model: 10,000 rows are in order in some
milliseconds. What a cell looks like is the delegate's matter (`annotator.ui.panels.tables`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.ui.canvas.items import RelationItem, SpanItem, State
from annotator.ui.models.article_words import quoted, score_words
from annotator.ui.plain import plain_tip

ROW_ROLE = Qt.ItemDataRole.UserRole + 1

SPAN_HEADS = ("Label", "Words", "State", "¶")
RELATION_HEADS = ("Type", "From", "To", "State")
ILLEGAL = "does not fit the schema"
NOT_LEARNABLE = "not on a word border"

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_STATE_ORDER = {"candidate": 0, "accepted": 1, "rejected": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One row of a table.

    Args:
        id: item id. cells: the words of each column.
        order: what each column is sorted by, then the place in reading order.
        state: accepted, candidate or rejected. color: hue of the label; empty for relations.
        problem: what is wrong with it, in words, or empty. flagged, noted: has a flag, has a note.
        told: state, score and problem in words. tooltip: as in the article.
        haystack: what the filter looks in, in small letters.
    """

    id: str
    cells: tuple[str, ...]
    order: tuple[Any, ...]
    state: State
    color: str = ""
    score: float | None = None
    problem: str = ""
    flagged: bool = False
    noted: bool = False
    told: str = ""
    tooltip: str = ""
    haystack: str = ""


RowMemory = dict[str, tuple[SpanItem, "ItemRow"]]
"""Rows by item id, kept between two calls of `span_rows`: the same item has the same row."""


def span_rows(
    items: Iterable[SpanItem],
    text: str,
    paragraph_of: Callable[[int], int],
    *,
    memory: RowMemory | None = None,
) -> list[ItemRow]:
    """Make the rows of the table of spans; with a memory only those of other items than before."""
    rows = []
    known = memory if memory is not None else {}
    for item in items:
        before = known.get(item.id)
        if before is None or before[0] is not item:
            before = known[item.id] = (item, _span_row(item, text, paragraph_of(item.start)))
        rows.append(before[1])
    return rows


def _span_row(item: SpanItem, text: str, paragraph: int) -> ItemRow:
    words = quoted(text, item.fragments)
    problem = "" if item.learnable else NOT_LEARNABLE
    told = _told(item.state, item.score, problem, flagged=item.flagged, noted=item.noted)
    place = item.fragments
    return ItemRow(
        id=item.id,
        cells=(item.shown, words, told, str(paragraph)),
        order=(
            (item.shown.lower(), place),
            (words.lower(), place),
            (_state_order(item.state, item.score), place),
            place,
            place,
        ),
        state=item.state,
        color=item.color,
        score=item.score,
        problem=problem,
        flagged=item.flagged,
        noted=item.noted,
        told=told,
        tooltip=item.tooltip,
        haystack=f"{item.label} {item.shown} {words} {told}".lower(),
    )


def relation_rows(
    items: Iterable[RelationItem],
    spans: Mapping[str, SpanItem],
    text: str,
    *,
    noted: frozenset[str] = frozenset(),
) -> list[ItemRow]:
    """Make the rows of the table of relations; `spans` are the items of their ends, `noted` ids with a note."""
    rows = []
    for item in items:
        head, child = (
            quoted(text, spans[end].fragments, limit=60) if end in spans else ""
            for end in (item.head, item.child)
        )
        problem = ILLEGAL if item.illegal else ""
        told = _told(item.state, item.score, problem, flagged=False, noted=item.id in noted)
        ends = [spans[end].start if end in spans else 0 for end in (item.head, item.child)]
        start = (max(ends), *ends)
        rows.append(
            ItemRow(
                id=item.id,
                cells=(item.label, head, child, told),
                order=(
                    (item.label.lower(), start),
                    (head.lower(), start),
                    (child.lower(), start),
                    (not item.illegal, _state_order(item.state, item.score), start),
                    start,
                ),
                state=item.state,
                score=item.score,
                problem=problem,
                noted=item.id in noted,
                told=told,
                tooltip=item.tooltip,
                haystack=f"{item.label} {item.shown} {head} {child} {told}".lower(),
            )
        )
    return rows


class ItemTable(QAbstractTableModel):
    """Rows under heads, sorted by one column (at first in reading order), filtered by words."""

    def __init__(self, heads: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads = tuple(heads)
        self._all: list[ItemRow] = []
        self._rows: list[ItemRow] = []
        self._places: dict[str, int] = {}
        self._words: tuple[str, ...] = ()
        self._sorted_by = len(self._heads)
        self._order = Qt.SortOrder.AscendingOrder

    @property
    def total(self) -> int:
        """Count the rows without the filter."""
        return len(self._all)

    def set_rows(self, rows: Sequence[ItemRow]) -> None:
        """Show other rows; the same ones change nothing."""
        rows = list(rows)
        if rows != self._all:
            self._all = rows
            self._arrange()

    def set_words(self, typed: str) -> None:
        """Show only rows that hold every word."""
        words = tuple(typed.lower().split())
        if words != self._words:
            self._words = words
            self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by none, in reading order."""
        self._sorted_by = column if 0 <= column < len(self._heads) else len(self._heads)
        self._order = order
        self._arrange()

    def row(self, place: int) -> ItemRow | None:
        """Give the row at a place, or None."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place(self, item_id: str) -> int | None:
        """Give the place of an item, or None if it is not shown."""
        return self._places.get(item_id)

    def _arrange(self) -> None:
        self.beginResetModel()
        rows = [row for row in self._all if all(word in row.haystack for word in self._words)]
        rows.sort(
            key=lambda row: row.order[self._sorted_by], reverse=self._order == Qt.SortOrder.DescendingOrder
        )
        self._rows = rows
        self._places = {row.id: place for place, row in enumerate(rows)}
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give the words of a cell, for screen readers with their head, or the whole row (`ROW_ROLE`)."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.cells[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._heads[index.column()]}: {row.cells[index.column()]}"
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(row.tooltip)
        return row if role == ROW_ROLE else None


def _told(state: State, score: float | None, problem: str, *, flagged: bool, noted: bool) -> str:
    parts = [state if score is None or state != "candidate" else f"{state} {score_words(score)}"]
    parts += [problem] if problem else []
    parts += ["flagged"] if flagged else []
    parts += ["has a note"] if noted else []
    return ", ".join(parts)


def _state_order(state: State, score: float | None) -> tuple[int, float]:
    return _STATE_ORDER[state], score if state == "candidate" and score is not None else 0.0
