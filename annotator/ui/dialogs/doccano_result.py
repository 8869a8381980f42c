"""What a sync came to: what was done, what was put right, what is left: the last page of the doccano dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.record import Problem
from annotator.model.wording import counted
from annotator.ui.dialogs.doccano_counts import CountsTable, figure, total
from annotator.ui.dialogs.parts import IconLine, clear_layout
from annotator.ui.dialogs.tables import PlainTable, cell
from annotator.ui.dialogs.words import seconds_words
from annotator.ui.theme import theme_hub
from annotator.workflows.doccano import SyncResult, Way

UNDO = "Undo what came here"
_ROWS = 7


class SyncResultPage(QWidget):
    """Figures, a table of kinds, and what a person should know."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = QHBoxLayout()
        self._figures.setSpacing(34)
        self.counts = CountsTable()
        self._told = QVBoxLayout()
        self._told.setSpacing(8)
        self.problems = PlainTable("What differs still", row_height=32)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme_hub().px(12))
        column.addLayout(self._figures)
        column.addWidget(self.counts)
        column.addLayout(self._told)
        column.addWidget(self.problems)
        column.addStretch(1)
        theme_hub().changed.connect(self._fit)

    def show_result(self, result: SyncResult) -> None:
        """Show what a sync came to."""
        clear_layout(self._figures)
        for way, words in ((Way.HERE, "came here"), (Way.THERE, "went to the server")):
            self._figures.addLayout(figure(total(result.done, way), words, token="good"))
        self._figures.addStretch(1)
        self.counts.show_counts(result.done, here="Came here", there="Went to the server")
        clear_layout(self._told)
        for line in _lines(result):
            self._told.addWidget(line)
        self._show_problems((*result.differences, *result.problems))

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        model = QStandardItemModel(0, 2, self)
        model.setHorizontalHeaderLabels(["Document", "What is wrong"])
        for each in problems:
            model.appendRow(
                [cell(each.record or each.file, tip=each.file), cell(each.message, tip=each.message)]
            )
        self.problems.show_model(model, widths=(170, 0))
        self.problems.setVisible(bool(problems))
        self._fit()

    def _fit(self) -> None:
        row = theme_hub().px(32)
        head = self.problems.horizontalHeader().sizeHint().height()
        rows = max(1, min(self.problems.model().rowCount(), _ROWS))
        self.problems.setFixedHeight(head + row * rows + 2)


def _lines(result: SyncResult) -> list[IconLine]:
    lines = [IconLine("check", "good", words) for words in result.healed]
    if result.left:
        stand = "It stands" if len(result.left) == 1 else "They stand"
        told = (
            f"{counted(len(result.left), 'conflict')} left as on both sides. {stand} in the next plan again."
        )
        lines.append(IconLine("warning", "warn", told))
    if result.differences:
        told = f"Read back and compared: {counted(len(result.differences), 'document')} still different."
        lines.append(IconLine("warning", "bad", told))
    else:
        spent = seconds_words(result.seconds) if result.seconds >= 1 else ""
        lines.append(IconLine("check", "good", "Read back and compared: both sides agree.", spent))
    return lines
