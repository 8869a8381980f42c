"""A damaged project: what can be done about it, how far the repair is, and what came back and what did not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QStandardItemModel
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.errors import Cancelled, UserError
from annotator.model.record import Problem
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.parts import TintedLabel
from annotator.ui.dialogs.tables import PlainTable, cell
from annotator.ui.dialogs.words import path_words
from annotator.ui.jobs import Job, Work
from annotator.ui.plain import plain_tip
from annotator.ui.widgets import Button, ThinProgress, make_label
from annotator.workflows.repairing import RepairReport, repair_project, repaired_path
from annotator.workflows.saving import save_text

_HEADS = ("What", "What happened to it", "Now")
_WIDTH = 620


class RepairDialog(DialogFrame):
    """Offers to repair a project into a copy and does it; `repaired(RepairReport)` tells what came of it.

    Args:
        fault: why it cannot be opened. has_backups: there are some; `backups_wanted()` asks for them.
    """

    repaired = Signal(object)
    backups_wanted = Signal()

    def __init__(
        self,
        path: Path,
        run: Callable[[str, Work], Job],
        *,
        annotator: str,
        fault: str = "",
        has_backups: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        title = f"{path.name} cannot be opened" if fault else f"Repair {path.name}"
        super().__init__(title, parent, subtitle=path_words(path.parent), width=_WIDTH, height=0)
        self._path = path
        self._target = repaired_path(path)
        self._run = run
        self._annotator = annotator
        self._job: Job | None = None
        if fault:
            self.body.addWidget(make_label(fault, wrap=True))
        words = (
            "What can still be read goes into a new project: texts, labels, relations, and the history as far as it "
            "is whole. The damaged file is only read and stays as it is."
        )
        self.body.addWidget(make_label(words, "dim", wrap=True))
        self._place = make_label("", "dim", wrap=True)
        self.place_button = Button("Another place …", kind="quiet")
        self.place_button.clicked.connect(self._choose_place)
        row = QHBoxLayout()
        row.addWidget(self._place, 1)
        row.addWidget(self.place_button)
        self.body.addLayout(row)
        self.progress = ThinProgress(name="Repairing")
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.body.addStretch(1)
        self.backups_button = self.add_button("Backups …")
        self.backups_button.setVisible(has_backups)
        self.backups_button.clicked.connect(self._show_backups)
        self.cancel_button = self.add_cancel()
        self.repair_button = self.add_button("Repair into a copy", kind="primary", key="Return")
        self.repair_button.clicked.connect(self._repair)
        self._show_place()
        self.fit()

    def _show_backups(self) -> None:
        self.reject()
        self.backups_wanted.emit()

    def _show_place(self) -> None:
        self._place.setText(f"Into {path_words(self._target)}")
        self._place.setToolTip(plain_tip(str(self._target)))
        self.fit()

    def _choose_place(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Repair into", str(self._target), "Projects (*.annot)"
        )  # fmt: skip
        if name:
            self._target = Path(name)
            self._show_place()

    def _repair(self) -> None:
        path, target, annotator = self._path, self._target, self._annotator
        self.set_fault("")
        self._set_busy(True)
        job = self._job = self._run(
            f"Repairing {path.name}",
            lambda report: repair_project(path, target, annotator=annotator, apart=True, report=report),
        )
        job.progress.connect(self._on_progress)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)

    def _set_busy(self, busy: bool) -> None:  # noqa: FBT001 - a switch of two states
        self.repair_button.setEnabled(not busy)
        self.place_button.setEnabled(not busy)
        self.backups_button.setEnabled(not busy)
        self.progress.setVisible(busy)
        self.fit()
        self.progress.set_progress(0, 0)
        self.set_note("Reading what is left" if busy else "")

    def _on_progress(self, done: int, total: int, text: str) -> None:
        self.progress.set_progress(done, total)
        count = f" · {done:,} of {total:,}" if total else f" · {done:,}" if done else ""
        self.set_note(f"{text}{count}")

    def _on_finished(self, report: RepairReport) -> None:
        self._job = None
        self.accept()
        self.repaired.emit(report)

    def _on_failed(self, error: object) -> None:
        self._job = None
        self._set_busy(False)
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.set_fault(error)

    def reject(self) -> None:
        """Stop the repair that is under way, or close."""
        if self._job is not None:
            self._job.cancel()
            self.set_note("stopping …")
            return
        super().reject()


class RepairReportDialog(DialogFrame):
    """What came back and what did not; `project_wanted(Path)` asks to open the new project."""

    project_wanted = Signal(object)

    def __init__(self, report: RepairReport, parent: QWidget | None = None) -> None:
        count = report.problems_total
        title = (
            "Everything came back" if report.whole else f"Repaired, with {counted(count, 'loss', 'losses')}"
        )
        super().__init__(
            title,
            parent,
            subtitle=path_words(report.path),
            width=_WIDTH if not report.problems else 780,
            height=0 if not report.problems else 600,
            scrolls=False,
        )
        self._report = report
        self._add_figures()
        for remark in report.remarks:
            self.body.addWidget(make_label(remark, "dim", wrap=True))
        self._add_table()
        self.copy_button = Button("Copy")
        self.copy_button.clicked.connect(self._copy)
        self.save_button = Button("Save as a table …")
        self.save_button.clicked.connect(self._save)
        for button in (self.save_button, self.copy_button):
            button.setVisible(bool(report.problems))
            self.add_to_foot(button)
        self.add_button("Close").clicked.connect(self.reject)
        self.open_button = self.add_button("Open the copy", kind="primary", key="Return")
        self.open_button.clicked.connect(self._open)
        self.fit()

    def _add_figures(self) -> None:
        report = self._report
        lost = {loss.kind: loss.count for loss in report.losses}
        row = QHBoxLayout()
        row.setSpacing(34)
        figures = [
            (report.documents, "document" if report.documents == 1 else "documents", lost.get("text", 0)),
            (report.spans, "span" if report.spans == 1 else "spans", lost.get("span", 0)),
            (report.relations, "relation" if report.relations == 1 else "relations", lost.get("relation", 0)),
        ]
        for number, words, missing in figures:
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(TintedLabel(f"{number:,}", "figure", token="ink"))
            column.addWidget(make_label(f"{words} back", "dim"))
            column.addWidget(
                TintedLabel(
                    f"{missing:,} lost" if missing else "none lost", token="warn" if missing else "good"
                )
            )
            row.addLayout(column)
        row.addStretch(1)
        self.body.addLayout(row)

    def _add_table(self) -> None:
        problems = self._report.problems
        if not problems:
            return
        model = QStandardItemModel(0, len(_HEADS), self)
        model.setHorizontalHeaderLabels(list(_HEADS))
        for each in problems:
            icon = "cross:warn" if each.refused else "check:good"
            model.appendRow(
                [
                    cell(each.record, tip=each.record),
                    cell(each.message, tip=each.message),
                    cell(_now(each), icon=icon),
                ]
            )
        self.table = PlainTable("What did not come back")
        self.table.show_model(model, widths=(230, 0, 130))
        self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.body.addWidget(self.table, 1)
        if self._report.problems_total > len(problems):
            told = f"The first {len(problems):,} of {self._report.problems_total:,} are listed."
            self.body.addWidget(make_label(told, "dim"))

    def _open(self) -> None:
        self.accept()
        self.project_wanted.emit(self._report.path)

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(each.record, each.message, _now(each)) for each in self._report.problems]

    def _copy(self) -> None:
        lines = ["\t".join(row) for row in (_HEADS, *self._rows())]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        self.copy_button.setText("Copied")

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the table", "repair.csv", "Tables (*.csv)")
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """Write what did not come back as CSV; what is in the way is said in the dialog."""
        content = io.StringIO()
        writer = csv.writer(content)
        writer.writerow(("what", "what happened to it", "now"))
        writer.writerows(self._rows())
        try:
            save_text(path, content.getvalue())
        except UserError as error:
            self.set_fault(error)
            return
        self.set_fault("")
        self.save_button.setText("Saved")


def _now(problem: Problem) -> str:
    return "lost" if problem.refused else "not as it was"
