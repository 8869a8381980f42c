"""What spaCy could not learn, in the export dialog: a list in which each finding is one click away, and what mends it.

The look is a job of its own that begins when the dialog asks for it; mending is one step of the journal, and only
what a button or a cell says is done.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.model.change import ChangeSet
from annotator.model.errors import Cancelled, UserError
from annotator.ui.dialogs.parts import IconLine, clear_layout, while_alive
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.tables import PlainTable, cell
from annotator.ui.jobs import Job
from annotator.ui.plain import plain_tip
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
_FIXES = {
    Mend.TRIM: ("Trim", "Trim blanks off its edges"),
    Mend.EXTEND: ("Extend", "Extend it to token borders"),
    Mend.SHRINK: ("Shrink", "Shrink it to token borders"),
    Mend.DROP: ("Drop", "Drop it: it is empty, or there twice"),
}
_FIX = 3
"""The column of the fix."""
_MENDED_HINT = "Undo takes it back as one step."


class ExportPreflight(QWidget):
    """The list; `spot_wanted(Spots, int)` asks to go to one of the findings, `mended()` says that spans were changed.

    `looked()` says that something else is known: the answer of a look, or none any more.
    """

    spot_wanted = Signal(object, int)
    mended = Signal()
    looked = Signal()
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
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(self._go)
        self.table.fix_wanted.connect(self._fix)
        self.go_button = Button("Go there", kind="quiet", key="Return")
        self.go_button.setToolTip("Close this and go to the span in its article  (Enter)")
        self.go_button.clicked.connect(lambda: self._go(self.table.currentIndex()))
        self.fix_button = Button("Fix this", kind="quiet", key="Space")
        self.fix_button.clicked.connect(lambda: self._fix(self.table.currentIndex()))
        self._acts = QWidget()
        acts = QHBoxLayout(self._acts)
        acts.setContentsMargins(0, 0, 0, 0)
        acts.addWidget(self.go_button)
        acts.addWidget(self.fix_button)
        acts.addStretch(1)
        self._row, self._had_focus = 0, False
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
        column.addWidget(self._acts)
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
            self.looked.emit()
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
        self._had_focus |= self.table.hasFocus()
        self.setEnabled(False)
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.looked.emit()

    @property
    def fixable(self) -> int:
        """Count the spans that have a safe fix, as far as that is known and may be done."""
        is_known = self.found is not None and self.isEnabled() and not self.isHidden()
        return (
            self.found.fixable if self.found is not None and is_known and not self._session.read_only else 0
        )

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
            spans = f"Each of {found.spans:,} spans" if found.spans != 1 else "The span"
            told = f"{spans} can be learnt as it stands."
            self._lines.addWidget(IconLine("check", "good", told))
        for flaw, count in found.counts.items():
            self._lines.addWidget(IconLine("warning", "warn", _FLAWS[flaw], f"{count:,}"))
        self._show_spots(found)
        self._show_mends(found)
        self.looked.emit()

    def _show_spots(self, found: Preflight) -> None:
        model = QStandardItemModel(0, 4, self.table)
        model.setHorizontalHeaderLabels(["What", "Words", "Document", "Fix"])
        for spot in found.spots:
            model.appendRow(_row(spot, may_fix=not self._session.read_only))
        self.table.show_model(model, widths=(118, 0, 130, 76))
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._show_acts(now))
        self.table.setVisible(bool(found.spots))
        self._acts.setVisible(bool(found.spots))
        self.table.setCurrentIndex(model.index(min(self._row, model.rowCount() - 1), 0))
        if self._had_focus:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._row, self._had_focus = 0, False
        self._show_acts(self.table.currentIndex())
        listed = len(found.spots)
        self._more.setText(f"The first {listed:,} of {found.total:,} are listed.")
        self._more.setVisible(found.total > listed)
        self._fit()

    def _show_acts(self, index: QModelIndex) -> None:
        """Say what can be done with a row."""
        spot = self._spot_at(index)
        fix = None if spot is None or self._session.read_only else spot.fix
        self.go_button.setEnabled(spot is not None)
        self.fix_button.setEnabled(fix is not None)
        told = _FIXES[fix][1] if fix is not None else "Nothing mends it by itself: go there and change it"
        self.fix_button.setToolTip(plain_tip(f"{told}  (Space)" if fix is not None else told))

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
            self._buttons.addWidget(make_label("Or all of them in one way", "dim"))
            self._buttons.addWidget(RowOfFields(list(self.mend_buttons.values()), narrowest=250))

    # ------------------------------------------------------------------ acting

    def _spot_at(self, index: QModelIndex) -> Spot | None:
        spot = index.siblingAtColumn(0).data(_SPOT) if index.isValid() else None
        return spot if isinstance(spot, Spot) else None

    def _on_clicked(self, index: QModelIndex) -> None:
        spot = self._spot_at(index)
        if index.column() == _FIX and spot is not None and spot.fix is not None:
            self._fix(index)
        else:
            self._go(index)

    def _go(self, index: QModelIndex) -> None:
        spot = self._spot_at(index)
        if spot is not None and self.found is not None:
            self.spot_wanted.emit(self.found.spots, index.row())

    def _fix(self, index: QModelIndex) -> None:
        spot = self._spot_at(index)
        if spot is not None and spot.fix is not None and not self._session.read_only:
            self._row = index.row()
            self._mend(None, only=(spot.span,))

    def fix_all(self) -> None:
        """Mend every span that has a safe fix, as one step."""
        self._mend(None)

    def _mend(self, how: Mend | None, *, only: Collection[int] | None = None) -> None:
        if self._mending is not None:
            return
        self.stop()
        session, options = self._session, self._options

        def work(report: Report) -> ChangeSet:
            with closing(session.clone()) as own:
                return mend(own, options, how, report, only=only)

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
    """A table in which Enter chooses a row instead of pressing the dialog's button, and Space asks to fix it."""

    fix_wanted = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        keys = {
            Qt.Key.Key_Return: self.activated,
            Qt.Key.Key_Enter: self.activated,
            Qt.Key.Key_Space: self.fix_wanted,
        }
        if event.key() in keys and not event.modifiers() and index.isValid():
            keys[Qt.Key(event.key())].emit(QModelIndex(index))
            event.accept()
            return
        super().keyPressEvent(event)


def _row(spot: Spot, *, may_fix: bool) -> list[QStandardItem]:
    going = f"{spot.told}\nA click, or Enter, goes there."
    first = cell(_FLAWS[spot.flaw], icon="warning:warn", tip=going)
    first.setData(spot, _SPOT)
    words = cell(f"{spot.label} “{spot.words}”", tip=going)
    fix = cell("–", token="faint", tip="Nothing mends it by itself: go there and change it.")
    if spot.fix is not None and may_fix:
        named, told = _FIXES[spot.fix]
        fix = cell(named, token="accent", face="strong", tip=f"{told}  (Space)")
    return [first, words, cell(spot.title, token="dim", tip=f"{spot.title}\n{going}"), fix]
