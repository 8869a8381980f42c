"""The patterns of a list as a table: each with its hits in the first documents and how often it was right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.model.patterns import Pattern
from annotator.ui.dialogs.tables import FACE, TOKEN
from annotator.workflows.patterns import Record, Trial

HEADS = ("Pattern", "Hits", "Right so far")
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
AnyIndex = QModelIndex | QPersistentModelIndex


class PatternsModel(QAbstractTableModel):
    """Rows of patterns, perhaps only those that hold some words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._patterns: Sequence[Pattern] = ()
        self._shown: Sequence[int] = ()
        self._words = ""
        self._trial: Trial | None = None
        self._record = Record()

    # ------------------------------------------------------------------ what is shown

    def show_patterns(self, patterns: Sequence[Pattern]) -> None:
        """Show other patterns; nothing is known of their hits yet."""
        self.beginResetModel()
        self._patterns = patterns
        self._trial, self._record = None, Record()
        self._sift()
        self.endResetModel()

    def show_only(self, words: str) -> None:
        """Show the patterns that hold some words, in any case; all for none."""
        self.beginResetModel()
        self._words = words.strip().casefold()
        self._sift()
        self.endResetModel()

    def show_trial(self, trial: Trial | None, record: Record) -> None:
        """Show what the patterns find."""
        self._trial, self._record = trial, record
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 1), self.index(self.rowCount() - 1, 2))

    def _sift(self) -> None:
        if not self._words:
            self._shown = range(len(self._patterns))
            return
        self._shown = [
            number for number, each in enumerate(self._patterns) if self._words in each.text.casefold()
        ]

    def pattern(self, row: int) -> Pattern | None:
        """Give the pattern of a row."""
        return self._patterns[self._shown[row]] if 0 <= row < len(self._shown) else None

    def number(self, row: int) -> int:
        """Give the number in its list of the pattern of a row, -1 for none."""
        return self._shown[row] if 0 <= row < len(self._shown) else -1

    def row_of(self, pattern: Pattern) -> int:
        """Give the row of a pattern, -1 where it is not shown."""
        return next((row for row, number in enumerate(self._shown) if self._patterns[number] == pattern), -1)

    @property
    def total(self) -> int:
        """Count the patterns of the list."""
        return len(self._patterns)

    # ------------------------------------------------------------------ as Qt asks

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section == 0 else _RIGHT
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give what a cell shows, and how."""
        pattern = self.pattern(index.row())
        if pattern is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return pattern.text if column == 0 else self._told(index.row(), column)
        if role == FACE:
            return ("mono" if pattern.is_tokens else "serif") if column == 0 else None
        if role == TOKEN and column:
            return self._token(index.row(), column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == 0 else _RIGHT
        if role == Qt.ItemDataRole.AccessibleTextRole and column:
            return f"{HEADS[column]}: {self._told(index.row(), column) or 'not known yet'}"
        return None

    def _told(self, row: int, column: int) -> str:
        number = self._shown[row]
        if column == 1:
            if self._trial is None or self._trial.problem:
                return ""
            return f"{self._trial.counts.get(number, 0):,}"
        right, decided = self._record.patterns.get(number, (0, 0))
        return f"{right:,} of {decided:,}" if decided else ""

    def _token(self, row: int, column: int) -> str:
        number = self._shown[row]
        if column == 1:
            return "ink" if self._trial is not None and self._trial.counts.get(number) else "faint"
        right, decided = self._record.patterns.get(number, (0, 0))
        return "bad" if decided and right * 2 < decided else "ink"
