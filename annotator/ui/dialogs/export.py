"""The export dialog: what goes out, in which format, what that holds and cannot; then what was written.

What would be lost is counted by a job each time the choice changes; writing is a job as well, and the result takes
the place of the choice in the same dialog.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.model.errors import Cancelled, UserError
from annotator.model.record import Loss
from annotator.model.wording import counted
from annotator.ui.dialogs.export_fields import ExportFields
from annotator.ui.dialogs.export_list import FormatChooser
from annotator.ui.dialogs.export_preflight import ExportPreflight
from annotator.ui.dialogs.export_result import ExportResultPage
from annotator.ui.dialogs.export_words import files_told, held_told, why_not_told
from annotator.ui.dialogs.frame import DialogFrame, plain_scroll_area
from annotator.ui.dialogs.loss_lines import LossLines
from annotator.ui.dialogs.parts import IconLine, Margins, clear_layout, while_alive
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.words import path_words
from annotator.ui.jobs import Job
from annotator.ui.style import set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, Hairline, ThinProgress, make_label
from annotator.workflows.exporting import (
    ExportOptions,
    ExportPlan,
    ExportResult,
    export,
    export_formats,
    plan_export,
)
from annotator.workflows.losses import count_changed
from annotator.workflows.manifest import options_like
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

_WAIT = 150
_HEIGHT = 720
"""Pixels at 100 %: what a format loses, and what spaCy cannot learn, is seen without much scrolling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChoice:
    """What stands in the dialog, to be taken up again; `place` is empty where the dialog named it by itself.

    `opened` are the kinds of losses whose examples are shown.
    """

    options: ExportOptions
    place: str
    opened: frozenset[str]


class ExportDialog(DialogFrame):
    """Chooses, checks, writes and says what was written.

    `example_wanted(Loss, int)` asks to go to an example of what would be lost, `spot_wanted(Spots, int)` to a finding;
    the dialog closes, and `choice` tells what was chosen in it.
    """

    spot_wanted = Signal(object, int)
    example_wanted = Signal(object, int)

    def __init__(self, session: Session, run: RunJob, parent: QWidget | None = None) -> None:
        super().__init__("Export", parent, scrolls=False, padded=False, height=_HEIGHT)
        self._session, self._run = session, run
        # What trains at once comes first.
        first = {"docbin": 0, "spacy_folder": 1}
        formats = sorted(export_formats(), key=lambda each: first.get(each.name, len(first)))
        self._formats = {each.name: each for each in formats}
        self._format = formats[0].name
        self.plan: ExportPlan | None = None
        self.exported: ExportResult | None = None
        self._job: Job | None = None
        self._looks = 0
        self._writing: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT)
        self._timer.timeout.connect(self._check)
        self._build()
        self.format_list.choose(self._format)
        self._on_format_chosen(self._format)
        self.format_list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._hands_over = True

    def _build(self) -> None:
        self._stack = QStackedWidget()
        self.body.setSpacing(0)
        self.body.addWidget(self._stack)
        self.formats = FormatChooser(list(self._formats.values()))
        self.format_list = self.formats.list
        self.format_list.chosen.connect(self._on_format_chosen)
        self.result_page = ExportResultPage()
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        side = QWidget()
        set_surface(side, "panel")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, theme_hub().px(12), 0, theme_hub().px(12))
        column.addWidget(self.formats)
        self.like_button = Button("Repeat an earlier one …", kind="link")
        self.like_button.setToolTip("Take the choices from the manifest of an earlier export")
        self.like_button.clicked.connect(self._choose_manifest)
        column.addWidget(self.like_button, 0, Qt.AlignmentFlag.AlignHCenter)
        row.addWidget(side)
        row.addWidget(Hairline(orientation=Qt.Orientation.Vertical))
        row.addWidget(plain_scroll_area(self._build_choice()), 1)
        self._stack.addWidget(page)
        self._stack.addWidget(self.result_page)
        self.cancel_button = self.add_cancel()
        self.fix_button = self.add_button("Fix first", key="Return")
        self.fix_button.setToolTip(
            "Mend each span by its safe fix, all as one step that undo takes back  (Enter)"
        )
        self.fix_button.clicked.connect(self.preflight.fix_all)
        self.fix_button.hide()
        self.export_button = self.add_button("Export", kind="primary", key="Return")
        self.export_button.clicked.connect(self._export)
        anyway = QShortcut(QKeySequence("Ctrl+Return"), self)
        anyway.activated.connect(self.export_button.click)

    def _build_choice(self) -> QWidget:
        self.fields = ExportFields(self._session, self._formats[self._format])
        self.fields.chosen.connect(self._on_chosen)
        self.fields.place_edited.connect(self._on_place_edited)
        self.progress = ThinProgress(name="Checking")
        self._holds_head = make_label("What this format holds, and what it cannot", "section", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.losses = LossLines()
        self.losses.example_wanted.connect(self._go_to_example)
        self.result_page.losses.example_wanted.connect(self._go_to_example)
        self._opened: frozenset[str] = frozenset()
        self._files = make_label("", "dim", wrap=True)
        self.preflight = ExportPreflight(self._session, self._run)
        self.preflight.spot_wanted.connect(self._go_to)
        self.preflight.mended.connect(self._on_chosen)
        self.preflight.failed.connect(self.set_fault)
        self.preflight.looked.connect(self._show_fix)
        page = QWidget()
        set_surface(page, "raised")
        column = QVBoxLayout(page)
        column.setSpacing(12)
        Margins(page, (20, 16, 24, 16))
        column.addWidget(self.fields)
        column.addWidget(self.progress)
        column.addWidget(self._holds_head)
        column.addLayout(self._lines)
        column.addWidget(self.losses)
        column.addWidget(self.preflight)
        column.addWidget(self._files)
        column.addStretch(1)
        self.progress.hide()
        page.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        return page

    # ------------------------------------------------------------------ what is chosen

    @property
    def options(self) -> ExportOptions:
        """Give what was chosen."""
        return self.fields.options

    @property
    def _is_waiting(self) -> bool:
        return self.fields.documents_box.value == "done"

    @property
    def target(self) -> Path:
        """Give the file, or with a file for each part the folder, that is written."""
        return self.fields.target

    def _on_format_chosen(self, name: str) -> None:
        self._format, self._hands_over = name, False
        self.fields.show_format(self._formats[name])
        self._on_chosen()

    def _on_chosen(self) -> None:
        self.fields.refresh()
        self.plan = None
        self._stop_looking()
        self._show_plan()
        self._timer.start()

    def _on_place_edited(self) -> None:
        self._show_plan()
        self._timer.start()

    def _choose_manifest(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Repeat an earlier export", str(self._session.path.parent), "Manifests (*manifest.json)"
        )
        if name:
            self.repeat(Path(name))

    def repeat(self, manifest: Path) -> None:
        """Take the choices from the manifest of an earlier export; what is wrong with it is said in the dialog."""
        try:
            told = options_like(manifest)
        except UserError as error:
            self.set_fault(error)
            return
        self.set_fault("")
        self.choose(told)

    def choose(self, told: Mapping[str, Any]) -> None:
        """Take the choices of another export, by the names of `ExportOptions`."""
        self.format_list.choose(str(told.get("format", self._format)))
        self.fields.choose(told)
        self._hands_over = True
        self._on_chosen()

    @property
    def choice(self) -> ExportChoice:
        """Give all that was chosen, to be taken up again by another dialog."""
        return ExportChoice(options=self.options, place=self.fields.written_place, opened=self.losses.opened)

    def take(self, choice: ExportChoice) -> None:
        """Take up what was chosen in another dialog."""
        self._opened = choice.opened
        self.fields.write_place(choice.place)
        self.choose(asdict(choice.options))

    def _go_to_example(self, loss: Loss, at: int) -> None:
        self.reject()
        self.example_wanted.emit(loss, at)

    # ------------------------------------------------------------------ looking ahead

    def _stop_looking(self) -> None:
        """Nobody waits for a look that is out of date: it ends at its next document and is not heard."""
        self.preflight.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._looks += 1
            self.progress.hide()

    def _check(self) -> None:
        self._stop_looking()
        session, options, target = self._session, self.options, self.target

        def work(report: Report) -> ExportPlan:
            with closing(session.clone()) as own:
                return plan_export(own, target, options, report)

        self._looks += 1
        number = self._looks

        def heard(function: Callable[..., object]) -> Callable[..., None]:
            return while_alive(self, lambda *told: function(*told) if self._looks == number else None)

        job = self._job = self._run("Checking the export", work)

        job.shown.connect(heard(self.progress.show))
        job.progress.connect(heard(lambda done, total, _text: self.progress.set_progress(done, total)))
        job.finished.connect(heard(self._keep_plan))
        job.failed.connect(heard(self._on_check_failed))
        job.ended.connect(heard(self._on_check_ended))

    def _keep_plan(self, plan: ExportPlan) -> None:
        self.plan = plan
        self.set_fault("")
        self._show_plan()
        self.preflight.look(self.options)

    def _on_check_failed(self, error: object) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.set_fault(error)
        self.set_note("")

    def _on_check_ended(self) -> None:
        self._job = None
        self.progress.hide()

    def _show_plan(self) -> None:
        plan = self.plan
        clear_layout(self._lines)
        lost = 0 if plan is None else count_changed(plan.losses)
        told = () if plan is None else held_told(plan, is_waiting=self._is_waiting, format_name=self._format)
        for icon_name, token, words in told:
            self._lines.addWidget(IconLine(icon_name, token, words))
        if plan is None and self.losses.lines:
            self._opened = self.losses.opened
        self.losses.show_losses(() if plan is None else plan.losses, opened=self._opened)
        self._files.setText("" if plan is None else files_told(plan, self.target))
        self._show_foot(plan, lost)

    def _show_foot(self, plan: ExportPlan | None, lost: int) -> None:
        is_ready = plan is not None and plan.written > 0 and self._writing is None
        self.export_button.setEnabled(is_ready and bool(self.fields.place_field.text().strip()))
        if self._hands_over and self.export_button.isEnabled() and self.focusWidget() is self.format_list:
            self.export_button.setFocus(Qt.FocusReason.OtherFocusReason)
        told = "Checking …" if plan is None else why_not_told(plan, lost, is_waiting=self._is_waiting)
        self.set_note(told, token="dim" if plan is None else "warn")
        count = plan.written if plan is not None else 0
        self.export_button.setText(f"Export {counted(count, 'document')}" if count else "Export")

    def _show_fix(self) -> None:
        """Offer to fix first what can be fixed safely; Enter does that then, and exports once nothing is left."""
        count = self.preflight.fixable if self.exported is None and self._writing is None else 0
        self.fix_button.setText(f"Fix {count:,} first")
        self.fix_button.setVisible(count > 0)
        self.fix_button.set_kind("primary" if count else "plain")
        self.export_button.set_kind("plain" if count else "primary")
        self.export_button.set_key("Ctrl+Return" if count else "Return")
        first, other = self.fix_button, self.export_button
        if not count:
            first, other = other, first
        first.setDefault(True)
        if other.hasFocus():
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------ writing

    def _export(self) -> None:
        session, options, target = self._session, self.options, self.target

        def work(report: Report) -> ExportResult:
            with closing(session.clone()) as own:
                return export(own, target, options, report)

        self._timer.stop()
        self._stop_looking()
        self.set_fault("")
        job = self._run("Exporting", work)
        self._writing = job
        self.export_button.setEnabled(False)
        self._stack.setEnabled(False)
        self.set_note("Writing …")
        job.progress.connect(
            while_alive(self, lambda done, total, _text: self.progress.set_progress(done, total))
        )
        job.shown.connect(while_alive(self, self.progress.show))
        job.finished.connect(while_alive(self, self._on_written))
        job.failed.connect(while_alive(self, self._on_write_failed))
        job.ended.connect(while_alive(self, self._on_write_ended))

    def _on_written(self, result: ExportResult) -> None:
        self.exported = result
        self._show_fix()
        self.set_title("Exported", subtitle=path_words(result.files[0].parent))
        self.result_page.show_result(result, self.options, language=self._session.language)
        self._stack.setCurrentWidget(self.result_page)
        self.cancel_button.hide()
        self.set_note("")
        self.export_button.clicked.disconnect()
        self.export_button.clicked.connect(self.accept)
        self.export_button.setText("Close")
        self.export_button.setEnabled(True)

    def _on_write_failed(self, error: object) -> None:
        if isinstance(error, UserError):
            self.set_fault(error)
        self.set_note("")

    def _on_write_ended(self) -> None:
        self._writing = None
        self.progress.hide()
        self._stack.setEnabled(True)
        if self.exported is None:
            self._show_foot(self.plan, 0)
            self.preflight.look(self.options)
        self.export_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to(self, spots: object, at: int) -> None:
        self.reject()
        self.spot_wanted.emit(spots, at)

    def reject(self) -> None:
        """Close; while it writes, stop the writing first: nothing half done stays."""
        self._timer.stop()
        if self._writing is not None:
            self._writing.cancel()
            self.set_note("Stopping …")
            return
        self._stop_looking()
        super().reject()
