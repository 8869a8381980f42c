"""How a trained pipeline does beside the one in use: in all, label by label, and whether to use it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.parts import TintedLabel, clear_layout
from annotator.ui.dialogs.tables import PlainTable, cell
from annotator.ui.dialogs.words import seconds_words
from annotator.ui.models.article_items import label_color
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, CheckCard, make_label
from annotator.workflows.session import Session
from annotator.workflows.training import Score, TrainReport, Tried

_ROWS, _ROW_HEIGHT = 7, 34
"""Labels that are seen at once, and the height of one in pixels at 100 %."""
_FEW = 100
"""Decided spans below which a difference may well be chance."""


class TrainingResultPage(QWidget):
    """What was measured; `chosen()` when a person wants to use it all the same, or no longer."""

    chosen = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._report: TrainReport | None = None
        self._figures = QHBoxLayout()
        self._figures.setSpacing(34)
        self._how = make_label("", "dim", wrap=True)
        self.table = PlainTable("F1 by label", row_height=_ROW_HEIGHT)
        theme_hub().changed.connect(self._fit_table)
        self._spent = make_label("", "dim", wrap=True)
        self.folder_button = Button("Show the folder", kind="quiet", icon_name="folder")
        self.folder_button.clicked.connect(self._show_folder)
        self.again_card = CheckCard("Make candidates again", " ")
        self.again_card.setChecked(True)
        self.anyway_card = CheckCard("Use it all the same", " ")
        self.anyway_card.toggled.connect(self.chosen)
        foot = QHBoxLayout()
        foot.addWidget(self._spent, 1)
        foot.addWidget(self.folder_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme_hub().px(12))
        column.addLayout(self._figures)
        column.addWidget(self._how)
        column.addWidget(self.table)
        column.addLayout(foot)
        column.addWidget(self.anyway_card)
        column.addWidget(self.again_card)

    @property
    def hindrance(self) -> str:
        """Say why it is not offered; empty where it is."""
        report = self._report
        if report is None or self.may_use:
            return ""
        if self._session.read_only:
            return "This project is read only."
        return "Not better than the one in use."

    @property
    def may_use(self) -> bool:
        """Tell whether it may be used: it is better, or a person wants it all the same."""
        report = self._report
        if report is None or self._session.read_only:
            return False
        return report.is_better or self.anyway_card.isChecked()

    def show_report(self, report: TrainReport) -> None:
        """Show what a training came to."""
        self._report = report
        self._show_figures(report)
        self._how.setText(_how_words(report))
        self._show_table(report)
        learnt = counted(report.parts.get("train", 0), "document")
        spent = f"{counted(report.steps, 'step')}, {seconds_words(report.seconds)} in all"
        self._spent.setText(f"Learnt from {learnt} in {spent}.")
        self.anyway_card.setChecked(False)
        self.anyway_card.setVisible(not report.is_better and not self._session.read_only)
        self.anyway_card.set_words(
            "Use it all the same", "It proposes in this project although it is not better."
        )
        counts = self._session.counts()
        left = counts.todo + counts.in_progress
        self.again_card.setVisible(bool(left) and not self._session.read_only)
        self.again_card.set_words(
            "Make candidates again",
            f"In {counted(left, 'document')} that {'is' if left == 1 else 'are'} not finished. "
            "What was decided stays.",
        )

    def _show_figures(self, report: TrainReport) -> None:
        clear_layout(self._figures)
        tried = [(report.new, "trained now")]
        tried += [(report.old, "in use")] if report.old is not None else []
        for each, words in tried:
            is_best = each is report.new and report.is_better and report.tried_on > 0
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(
                TintedLabel(f"F1 {each.score.f1:.2f}", "figure", token="good" if is_best else "ink")
            )
            column.addWidget(make_label(each.name, "strong"))
            column.addWidget(make_label(words, "dim"))
            self._figures.addLayout(column)
        self._figures.addStretch(1)

    def _show_table(self, report: TrainReport) -> None:
        tried = [each for each in (report.new, report.old) if each is not None]
        heads = ["Label", "Decided", "Trained now", "In use"][: 2 + len(tried)]
        model = QStandardItemModel(0, len(heads), self)
        model.setHorizontalHeaderLabels(heads)
        for column in range(1, len(heads)):
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            model.setHeaderData(column, Qt.Orientation.Horizontal, side, Qt.ItemDataRole.TextAlignmentRole)
        for label in labels_of(report):
            model.appendRow(self._row(label, tried))
        self.table.show_model(model, widths=(0, *(110,) * (len(heads) - 1)))
        self.table.setVisible(model.rowCount() > 0)
        self._fit_table()

    def _fit_table(self) -> None:
        rows = theme_hub().px(_ROW_HEIGHT) * min(self.table.model().rowCount(), _ROWS)
        self.table.setFixedHeight(rows + self.table.horizontalHeader().sizeHint().height() + 2)

    def _row(self, label: str, tried: list[Tried]) -> list[QStandardItem]:
        scores = [each.labels.get(label, Score()) for each in tried]
        decided = max(score.decided for score in scores)
        best = max(score.f1 for score in scores)
        is_tie = len({round(score.f1, 2) for score in scores}) == 1
        row = [
            cell(label, chip=label_color(label, self._session.schema)),
            cell(f"{decided:,}", right=True),
        ]
        for score in scores:
            is_best = score.f1 == best and not is_tie
            words = f"{score.f1:.2f}" if decided else "–"
            tip = f"{score.right:,} right of {score.proposed:,} proposed, {decided:,} decided"
            row.append(
                cell(
                    words,
                    right=True,
                    face="strong" if is_best else "",
                    token="" if decided else "dim",
                    tip=tip,
                )
            )
        return row

    def _show_folder(self) -> None:
        if self._report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._report.folder)))


def verdict(report: TrainReport) -> str:
    """Say in a few words what came of a training."""
    if report.old is None:
        return "Trained"
    if report.is_better:
        return "Trained: better than the one in use"
    return "Trained: not better than the one in use"


def verdict_words(report: TrainReport) -> str:
    """Say in a sentence what came of a training."""
    tried = ", ".join(
        f"{each.name} {each.score.f1:.2f}" for each in (report.new, report.old) if each is not None
    )
    return f"Training is done. F1 on {counted(report.tried_on, 'document')}: {tried}."


def labels_of(report: TrainReport) -> list[str]:
    """List the labels that were decided or proposed, the most decided first."""
    decided: dict[str, int] = {}
    for each in (report.new, report.old):
        for label, score in ({} if each is None else each.labels).items():
            decided[label] = max(decided.get(label, 0), score.decided)
    return sorted(decided, key=lambda label: (-decided[label], label))


def _how_words(report: TrainReport) -> str:
    decided = sum(score.decided for score in report.new.labels.values())
    words = (
        f"Tried on {counted(report.tried_on, 'document')} that it did not learn from; "
        "a span is right when label and extent are."
    )
    if report.old is not None and decided < _FEW:
        words += f" With {counted(decided, 'span')} a small difference may be chance."
    return words
