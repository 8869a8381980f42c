"""What an import did: figures, and a table of every record that was left out or changed, with its line in the file.

Shown only when there is something to read (`needs_report`); else the window says it in one line.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QGuiApplication,
    QStandardItemModel,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.errors import UserError
from annotator.model.record import Problem
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.parts import TintedLabel
from annotator.ui.dialogs.problem_table import (
    GROUP,
    OPEN,
    PROBLEM,
    SHUT,
    ProblemFilter,
    ProblemTable,
    done_words,
    has_head,
    rows_of,
    without_folder,
)
from annotator.ui.dialogs.tables import ICON
from annotator.ui.dialogs.words import listed, path_words
from annotator.ui.style import set_surface
from annotator.ui.widgets import Button, Card, CountTabs, SearchField, make_label
from annotator.workflows.importing import ImportReport
from annotator.workflows.patterns import is_pattern_file
from annotator.workflows.problems import Alike, grouped, kind_of
from annotator.workflows.saving import save_text

_HEADS = ("File", "Line", "What is wrong", "What was done")
_LINE_SHOWN = 400


def needs_report(report: ImportReport) -> bool:
    """Tell whether an import left something that must be read; else one line in the status row will do."""
    return bool(report.problems_total)


class ImportReportDialog(DialogFrame):
    """The report of one import; `document_wanted(int)` asks to open its first document.

    `patterns_wanted(list of Path)` asks to bring in what was refused because it holds patterns.
    """

    document_wanted = Signal(int)
    patterns_wanted = Signal(object)

    def __init__(
        self, report: ImportReport, parent: QWidget | None = None, *, folder: Path | None = None
    ) -> None:
        count = report.problems_total
        title = f"Import finished, with {counted(count, 'problem')}" if count else "Import finished"
        if not report.documents:
            title = "Nothing came in"
        undo = " · one step, undone with Ctrl Z" if report.step is not None else ""
        super().__init__(
            title, parent, subtitle=f"{report.name} · {report.seconds:.1f} s{undo}", scrolls=False
        )
        self._report = report
        self._folder = folder
        self._build_figures()
        self._build_table()
        self._build_detail()
        self._build_foot()
        self._show_tab()
        self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_figures(self) -> None:
        report = self._report
        row = QHBoxLayout()
        row.setSpacing(34)
        figures = [
            (report.documents, "document came in" if report.documents == 1 else "documents came in", ""),
            (report.spans, "span" if report.spans == 1 else "spans", ""),
            (report.relations, "relation" if report.relations == 1 else "relations", ""),
        ]
        figures += [(report.duplicates, "known already", "")] if report.duplicates else []
        figures += [(report.replaced, "replaced", "")] if report.replaced else []
        figures += [(report.problems_total, "left out or changed", "warn")] if report.problems_total else []
        for number, words, token in figures:
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(TintedLabel(f"{number:,}", "figure", token=token or "ink"))
            column.addWidget(make_label(words, "dim"))
            row.addLayout(column)
        row.addStretch(1)
        self.body.addLayout(row)
        if report.new_types:
            names = listed(list(report.new_types), limit=8)
            self.body.addWidget(make_label(f"New types: {names}.", "dim", wrap=True))

    def _build_table(self) -> None:
        self.tabs = CountTabs(name="Which problems", has_hairline=False)
        problems = self._report.problems
        kinds = self._report.kinds or Counter(map(kind_of, problems))
        refused = sum(count for kind, count in kinds.items() if kind.refused)
        total = sum(kinds.values())
        for words, count in (("All", total), ("Left out", refused), ("Changed", total - refused)):
            self.tabs.add_tab(words, count)
        self.tabs.currentChanged.connect(lambda _index: self._show_tab())
        self.filter = SearchField("Filter", name="Filter the problems")
        self.filter.textChanged.connect(lambda _text: self._show_tab())
        row = QHBoxLayout()
        row.addWidget(self.tabs, 1)
        row.addWidget(self.filter, 1)
        self._model = QStandardItemModel(0, len(_HEADS), self)
        self._model.setHorizontalHeaderLabels(list(_HEADS))
        self._groups = grouped(problems, kinds)
        for number, group in enumerate(self._groups):
            for items in rows_of(group, number):
                self._model.appendRow(items)
        self._shown = ProblemFilter(self)
        self._shown.setSourceModel(self._model)
        self.table = ProblemTable("Problems")
        self.table.turned.connect(self._turn)
        self.table.setProperty("keeps_choice", True)
        self.table.show_model(self._shown, widths=(150, 60, 0, 150))
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._show_detail(now))
        self._nothing = make_label("", "dim")
        self.body.addLayout(row)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._nothing)
        if self._report.problems_total > len(problems):
            told = f"{self._report.problems_total:,} are counted, and the first of each kind listed: {len(problems):,}."
            self.body.addWidget(make_label(told, "dim"))

    def _build_detail(self) -> None:
        card = Card(padding=10)
        set_surface(card, "panel")
        self._place = make_label("", "hint")
        self._message = make_label("", wrap=True)
        self._line = TintedLabel("", token="dim", size=12, is_mono=True)
        self._line.setWordWrap(True)
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_button = Button("Show in its folder", kind="quiet")
        self.show_button.clicked.connect(self._show_file)
        row = QHBoxLayout()
        row.addWidget(self._place, 1)
        row.addWidget(self.show_button)
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._message)
        column.addWidget(self._line)
        self._detail = card
        self.body.addWidget(card)

    def _build_foot(self) -> None:
        save = Button("Save as a table …")
        save.clicked.connect(self._save)
        copy = Button("Copy")
        copy.clicked.connect(self._copy)
        self.save_button, self.copy_button = save, copy
        self.add_to_foot(save)
        self.add_to_foot(copy)
        if patterns := self._pattern_files():
            words = "Add the patterns …" if len(patterns) == 1 else f"Add {len(patterns)} pattern files …"
            self.patterns_button = self.add_button(words)
            self.patterns_button.clicked.connect(lambda: self._hand_on(patterns))
        first = self._report.first_document
        if first is None:
            self.add_button("Close", kind="primary", key="Return").clicked.connect(self.accept)
            return
        self.add_button("Close").clicked.connect(self.reject)
        words = "Open the first document" if self._report.documents > 1 else "Open the document"
        self.open_button = self.add_button(words, kind="primary", key="Return")
        self.open_button.clicked.connect(lambda: self._open(first))

    def _pattern_files(self) -> list[Path]:
        """List the files that were refused as a whole and hold patterns."""
        whole = [self._path_of(each) for each in self._report.problems if each.refused and not each.line]
        return [path for path in dict.fromkeys(whole) if path is not None and is_pattern_file(path)]

    def _hand_on(self, patterns: list[Path]) -> None:
        self.accept()
        self.patterns_wanted.emit(patterns)

    def _open(self, first: int) -> None:
        self.accept()
        self.document_wanted.emit(first)

    # ------------------------------------------------------------------ showing

    def _turn(self, index: QModelIndex, wanted: object) -> None:
        """Show the problems of a kind, or put them away; `wanted` is which of both, None the other than now."""
        number = index.data(GROUP)
        if number is None:
            return
        is_open = self._shown.turn(number, wanted if isinstance(wanted, bool) else None)
        head = self._shown.mapFromSource(self._model.index(self._head_of(number), 0))
        self._shown.setData(head, OPEN if is_open else SHUT, ICON)
        self.table.setCurrentIndex(head)

    def _head_of(self, number: int) -> int:
        return sum(len(group.problems) + has_head(group) for group in self._groups[:number])

    def _show_tab(self) -> None:
        self._shown.narrow(kind=self.tabs.currentIndex(), words=self.filter.text())
        has_any = self._shown.rowCount() > 0
        self._nothing.setText(
            f"No problem matches “{self.filter.text()}”." if self.filter.text() else "Nothing here."
        )
        self._nothing.setVisible(not has_any)
        if has_any and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._show_detail(self.table.currentIndex())

    def _show_detail(self, index: QModelIndex) -> None:
        problem = self._problem_at(index)
        self._detail.setVisible(problem is not None)
        if problem is None:
            return
        path = self._path_of(problem)
        place = [path_words(path) if path is not None else problem.file]
        place += [f"line {problem.line:,}"] if problem.line else []
        place += [f"record {problem.record}"] if problem.record else []
        self._place.setText(", ".join(place))
        shown = _line_of(path, problem.line) if path is not None and problem.line else ""
        self._message.setText(without_folder(problem))
        self._line.setText(shown)
        self._line.setVisible(bool(shown))
        self.show_button.setVisible(path is not None)

    def _problem_at(self, index: QModelIndex) -> Problem | None:
        """Give the problem of a row; of a kind the first."""
        found = index.siblingAtColumn(0).data(PROBLEM) if index.isValid() else None
        return found.problems[0] if isinstance(found, Alike) else found

    def _path_of(self, problem: Problem) -> Path | None:
        path = Path(problem.file)
        for candidate in (path, self._folder / path if self._folder is not None else path):
            try:
                if candidate.is_file():
                    return candidate
            except OSError:  # a name that no file can have
                return None
        return None

    def _show_file(self) -> None:
        problem = self._problem_at(self.table.currentIndex())
        path = self._path_of(problem) if problem is not None else None
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    # ------------------------------------------------------------------ taking it along

    def _rows(self) -> list[tuple[str, str, str, str, str]]:
        """Give the problems that the tab and the filter leave, those of kinds that are put away among them."""
        return [
            (each.file, str(each.line or ""), each.record, each.message, done_words(each))
            for each in self._report.problems
            if self._shown.fits(each)
        ]

    def _copy(self) -> None:
        lines = ["File\tLine\tRecord\tWhat is wrong\tWhat was done"]
        lines += ["\t".join(row) for row in self._rows()]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        self.copy_button.setText("Copied")

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the table", "import-problems.csv", "Tables (*.csv)")
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """Write the problems as CSV; what is in the way is said in the dialog."""
        content = io.StringIO()
        writer = csv.writer(content)
        writer.writerow(("file", "line", "record", "what is wrong", "what was done"))
        writer.writerows(self._rows())
        try:
            save_text(path, content.getvalue())
        except UserError as error:
            self.set_fault(str(error))
            return
        self.set_fault("")
        self.save_button.setText("Saved")


def _line_of(path: Path, number: int) -> str:
    """Give a line of a file, cut where it is long; empty where it cannot be read or is not there."""
    try:
        with path.open("rb") as file:
            for _ in range(number - 1):
                # A line may be huge; what is passed over is not kept.
                while (piece := file.readline(1 << 20)) and not piece.endswith(b"\n"):
                    pass
            raw = file.readline(_LINE_SHOWN * 4)
    except OSError:
        return ""
    text = raw.decode("utf-8", "replace").strip()
    return text if len(text) <= _LINE_SHOWN else text[:_LINE_SHOWN] + " …"
