"""What spaCy could not learn, in the export dialog: a list in which each finding is one click away, and what mends it.

The look is a job of its own that begins when the dialog asks for it; mending is one step of the journal, and only
what a button says is done.
"""

from __future__ import annotations

from contextlib import closing

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from annotator.model.change import ChangeSet
from annotator.model.errors import Cancelled, UserError
from annotator.ui.dialogs.parts import IconLine, clear_layout, while_alive
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.tables import PlainTable, cell
from annotator.ui.dialogs.words import counted
from annotator.ui.jobs import Job
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, make_label
from annotator.workflows.exporting import ExportOptions
from annotator.workflows.preflight import Flaw, Mend, Preflight, Spot, can_check, mend, mend_words, preflight
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

_SPOT = int(Qt.ItemDataRole.UserRole) + 20
_ROWS = 6
"""Rows that are seen at once."""
_FLAWS = {
    Flaw.EMPTY: "Empty",
    Flaw.EDGES: "Blank edges",
    Flaw.MISALIGNED: "Off tokens",
    Flaw.DISCONTINUOUS: "In fragments",
    Flaw.DUPLICATE: "There twice",
    Flaw.OVERLAPPING: "Overlapping",
    Flaw.LONG: "Too long",
}
_MENDED_HINT = "Undo takes it back as one step."


class ExportPreflight(QWidget):
    """The list; `spot_wanted(document, span)` asks to go to a span, `mended()` says that spans were changed."""

    spot_wanted = Signal(int, int)
    mended = Signal()
    failed = Signal(object)

    def __init__(self, session: Session, run: RunJob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._run = session, run
        self._options = ExportOptions()
        self._job: Job | None = None
        self._mending: Job | None = None
        self._said = ""
        self.found: Preflight | None = None
        self._head = make_label("", "section", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.table = _Findings("Spans that spaCy cannot learn")
        self.table.setToolTip("A click, or Enter, goes there")
        self.table.clicked.connect(self._go)
        self.table.activated.connect(self._go)
        self._more = make_label("", "dim", wrap=True)
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(8)
        self.mend_buttons: dict[Mend, Button] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addLayout(self._lines)
        column.addWidget(self.table)
        column.addWidget(self._more)
        column.addLayout(self._buttons)
        theme_hub().changed.connect(self._fit)
        self.hide()

    def look(self, options: ExportOptions) -> None:
        """Look anew, for other choices; a format on which spaCy does not train shows nothing."""
        self.stop()
        self._options = options
        if not can_check(options):
            self.hide()
            return
        session = self._session

        def work(report: Report) -> Preflight:
            with closing(session.clone()) as own:
                return preflight(own, options, report)

        job = self._job = self._run("Checking for spaCy", work)
        job.finished.connect(while_alive(self, lambda found: self._keep(job, found)))
        job.failed.connect(while_alive(self, lambda error: self._tell(job, error)))
        job.ended.connect(while_alive(self, lambda: self._end(job)))

    def stop(self) -> None:
        """Let a look that runs be, as its answer is no longer wanted; what is shown is out of date."""
        self.setEnabled(False)
        if self._job is not None:
            self._job.cancel()
            self._job = None

    @property
    def is_mending(self) -> bool:
        """Tell whether spans are being changed right now."""
        return self._mending is not None

    def _end(self, job: Job) -> None:
        if self._job is job:
            self._job = None

    def _tell(self, job: Job, error: object) -> None:
        if self._job is job and isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.hide()
            self.failed.emit(error)

    # ------------------------------------------------------------------ showing

    def _keep(self, job: Job, found: Preflight) -> None:
        if self._job is not job:
            return
        self.found = found
        self.setEnabled(True)
        self.setVisible(found.documents > 0)
        self._head.setText(f"What spaCy can learn, against the tokens of {found.tokenizer}")
        clear_layout(self._lines)
        if self._said:
            self._lines.addWidget(IconLine("check", "good", f"{self._said} {_MENDED_HINT}"))
            self._said = ""
        if not found.total:
            told = f"Each of {counted(found.spans, 'span')} can be learnt as it stands."
            self._lines.addWidget(IconLine("check", "good", told))
        for flaw, count in found.counts.items():
            self._lines.addWidget(IconLine("warning", "warn", _FLAWS[flaw], f"{count:,}"))
        self._show_spots(found)
        self._show_mends(found)

    def _show_spots(self, found: Preflight) -> None:
        model = QStandardItemModel(0, 3, self.table)
        model.setHorizontalHeaderLabels(["What", "Words", "Document"])
        for spot in found.spots:
            model.appendRow(_row(spot))
        self.table.show_model(model, widths=(118, 0, 150))
        self.table.setVisible(bool(found.spots))
        listed = len(found.spots)
        self._more.setText(f"The first {listed:,} of {found.total:,} are listed.")
        self._more.setVisible(found.total > listed)
        self._fit()

    def _fit(self) -> None:
        """Give the table the height of its rows, up to some."""
        rows = min(_ROWS, self.table.model().rowCount())
        height = self.table.horizontalHeader().sizeHint().height() + rows * theme_hub().px(34) + 2
        self.table.setFixedHeight(height)

    def _show_mends(self, found: Preflight) -> None:
        clear_layout(self._buttons)
        self.mend_buttons = {}
        for how, count in found.mendable.items():
            button = Button(mend_words(how, count))
            button.setEnabled(not self._session.read_only)
            button.clicked.connect(lambda _on=False, how=how: self._mend(how))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.mend_buttons[how] = button
        if self.mend_buttons:
            self._buttons.addWidget(RowOfFields(list(self.mend_buttons.values()), narrowest=250))

    # ------------------------------------------------------------------ acting

    def _go(self, index: QModelIndex) -> None:
        spot = index.siblingAtColumn(0).data(_SPOT)
        if isinstance(spot, Spot):
            self.spot_wanted.emit(spot.document, spot.span)

    def _mend(self, how: Mend) -> None:
        self.stop()
        session, options = self._session, self._options

        def work(report: Report) -> ChangeSet:
            with closing(session.clone()) as own:
                return mend(own, options, how, report)

        for button in self.mend_buttons.values():
            button.setEnabled(False)
        job = self._mending = self._run("Mending spans", work)
        job.finished.connect(while_alive(self, self._on_mended))
        job.failed.connect(while_alive(self, self._on_mend_failed))
        job.ended.connect(while_alive(self, self._on_mend_ended))

    def _on_mended(self, changes: ChangeSet) -> None:
        self._said = changes.message

    def _on_mend_failed(self, error: object) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.failed.emit(error)

    def _on_mend_ended(self) -> None:
        self._mending = None
        self.mended.emit()


class _Findings(PlainTable):
    """A table in which Enter chooses a row instead of pressing the dialog's button."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and index.isValid():
            self.activated.emit(QModelIndex(index))
            event.accept()
            return
        super().keyPressEvent(event)


def _row(spot: Spot) -> list[QStandardItem]:
    first = cell(_FLAWS[spot.flaw], icon="warning:warn", tip=spot.told)
    first.setData(spot, _SPOT)
    words = cell(f"{spot.label} “{spot.words}”", tip=spot.told)
    return [first, words, cell(spot.title, token="dim", tip=spot.title)]
