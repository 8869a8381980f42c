"""The training dialog: what a pipeline shall learn from, how far that is, and how it does beside the one in use.

Training takes minutes, so the dialog only shows it: the job is the window's, goes on while the dialog is closed, and
is followed again by the next one.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from annotator.model.errors import Cancelled, UserError
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.parts import IconLine, clear_layout, while_alive
from annotator.ui.dialogs.running import RunningPage
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.training_fields import TrainingFields
from annotator.ui.dialogs.training_result import TrainingResultPage, verdict
from annotator.ui.dialogs.words import path_words
from annotator.ui.jobs import Job
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session
from annotator.workflows.training import TrainPlan, TrainReport, plan_training

_WAIT = 150
"""Milliseconds from a choice to the count of what it comes to."""
_COUNTING = "Counting …"
_FEW = 5
"""Documents to try it on below which the scores say little."""
_PARTS = {"train": "to learn from", "dev": "to try it on", "test": "kept aside"}


class TrainingDialog(DialogFrame):
    """Chooses what to train on, follows the training, and shows what came of it.

    Signals: `train_wanted(Path, TrainOptions)`; `use_wanted(TrainReport, bool again)` lets it propose from now on,
    `again`: also where there are candidates.
    """

    train_wanted = Signal(object, object)
    use_wanted = Signal(object, bool)

    def __init__(self, session: Session, run: RunJob, parent: QWidget | None = None) -> None:
        super().__init__("Train a pipeline", parent, width=660, height=0)
        self._session, self._run = session, run
        self.plan: TrainPlan | None = None
        self.report: TrainReport | None = None
        self._looking: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=_WAIT)
        self._timer.timeout.connect(self._look)
        self._build()
        self._show_choice()
        self._look()

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        self.fields = TrainingFields(self._session)
        self.fields.chosen.connect(self._on_chosen)
        self._told = QVBoxLayout()
        self._told.setSpacing(8)
        self._choice = _page(self.fields, self._told)
        words = (
            "You can close this and go on working: training goes on, the status row tells how far it is, "
            "and what came of it is told above the article."
        )
        self.running = RunningPage("Training", words)
        self.running.finished.connect(self.show_report)
        self.running.failed.connect(self._on_failed)
        self.result_page = TrainingResultPage(self._session)
        self.result_page.chosen.connect(self._show_use)
        self._page: QWidget = self._choice
        for page in (self._choice, self.running, self.result_page):
            self.body.addWidget(page)
        self.again_button = Button("Train another …", kind="quiet")
        self.again_button.clicked.connect(self._show_choice)
        self.add_to_foot(self.again_button)
        self.stop_button = self.add_button("Stop")
        self.stop_button.clicked.connect(self._stop)
        self.cancel_button = self.add_cancel()
        self.main_button = self.add_button("Train", kind="primary", key="Return")
        self.main_button.clicked.connect(self._go_on)

    def _show_page(self, page: QWidget, *, title: str, subtitle: str, main: str, cancel: str = "") -> None:
        self._page = page
        for each in (self._choice, self.running, self.result_page):
            each.setVisible(each is page)
        self.set_title(title, subtitle=subtitle)
        self.stop_button.setVisible(page is self.running)
        self.again_button.setVisible(page is self.result_page)
        self.cancel_button.setVisible(bool(cancel))
        self.cancel_button.setText(cancel)
        self.main_button.setText(main)
        self.main_button.setEnabled(True)
        self.set_note("")
        self._fit_page()

    def _fit_page(self) -> None:
        """Take the size of what is shown now, once what was just put there asks for room."""
        QTimer.singleShot(0, self, self.fit)

    # ------------------------------------------------------------------ choosing

    def _show_choice(self) -> None:
        self.report = None
        words = "spaCy learns from what was decided here. Nothing in the project changes by it."
        self._show_page(self._choice, title="Train a pipeline", subtitle=words, main="Train", cancel="Cancel")
        self._show_plan()
        self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_chosen(self) -> None:
        self.plan = None
        self.set_fault("")
        self._stop_looking()
        self._show_plan()
        self._timer.start()

    def _look(self) -> None:
        self._stop_looking()
        session, target, options = self._session, self.fields.target, self.fields.options

        def work(report: Report) -> TrainPlan:
            with closing(session.clone()) as own:
                return plan_training(own, target, options, report)

        job = self._looking = self._run("Counting what can be learnt from", work)
        job.finished.connect(while_alive(self, lambda plan: self._keep_plan(job, plan)))
        job.failed.connect(while_alive(self, lambda error: self._on_look_failed(job, error)))

    def _stop_looking(self) -> None:
        self._timer.stop()
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def _keep_plan(self, job: Job, plan: TrainPlan) -> None:
        if job is self._looking:
            self._looking, self.plan = None, plan
            self._show_plan()

    def _on_look_failed(self, job: Job, error: object) -> None:
        if job is self._looking:
            self._looking = None
            if isinstance(error, UserError) and not isinstance(error, Cancelled):
                self.set_fault(error)
                self.set_note("")

    def _show_plan(self) -> None:
        if self._page is not self._choice:
            return
        plan = self.plan
        clear_layout(self._told)
        for line in [] if plan is None else _plan_lines(plan, self.fields.target):
            self._told.addWidget(line)
        can_train = (
            plan is not None and plan.obstacle is None and bool(self.fields.place_field.text().strip())
        )
        self.main_button.setEnabled(can_train)
        if plan is None:
            self.set_note(_COUNTING)
        elif self.note == _COUNTING:
            self.set_note("")
        self._fit_page()

    # ------------------------------------------------------------------ training

    def _go_on(self) -> None:
        page = self._page
        if page is self._choice:
            self._stop_looking()
            self.set_fault("")
            self.train_wanted.emit(self.fields.target, self.fields.options)
        elif page is self.running:
            self.reject()
        elif self.report is not None and self.result_page.may_use:
            report, again = self.report, self.result_page.again_card.isChecked()
            self.accept()
            self.use_wanted.emit(report, again)

    def follow(self, job: Job, target: Path) -> None:
        """Show how far a training is that was begun."""
        self._stop_looking()
        self._show_page(
            self.running,
            title=f"Training {target.name}",
            subtitle=path_words(target.parent),
            main="Go on working",
        )
        self.stop_button.setEnabled(not job.is_stopping)

        self.running.follow(job)
        self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop(self) -> None:
        self.running.stop()
        self.stop_button.setEnabled(False)

    def _on_failed(self, error: object) -> None:
        self._show_choice()
        if self.plan is None:  # it was begun from another dialog
            self._look()
        if isinstance(error, Cancelled):
            self.set_note("Stopped. Nothing was kept.")
        elif isinstance(error, UserError):
            self.set_fault(error)

    # ------------------------------------------------------------------ what came of it

    def show_report(self, report: TrainReport) -> None:
        """Show what a training came to, with the offer to use it."""
        self._stop_looking()
        self.report = report
        self.result_page.show_report(report)
        self._show_page(
            self.result_page,
            title=verdict(report),
            subtitle=f"{report.folder.name}, in {path_words(report.folder.parent)}",
            main="Use it here",
            cancel="Close",
        )
        self._show_use()
        button = self.main_button if self.result_page.may_use else self.cancel_button
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_use(self) -> None:
        self.main_button.setEnabled(self.result_page.may_use)
        self.set_note(self.result_page.hindrance, token="warn")
        self._fit_page()

    def done(self, result: int) -> None:
        """Close; a training goes on."""
        self._stop_looking()
        self.running.leave()
        super().done(result)


def _plan_lines(plan: TrainPlan, target: Path) -> list[IconLine]:
    if plan.obstacle is not None:
        return [IconLine("warning", "warn", str(plan.obstacle))]
    parts = [f"{plan.parts.get(part, 0):,} {words}" for part, words in _PARTS.items() if plan.parts.get(part)]
    count = sum(plan.parts.values())
    held = f"{counted(count, 'document')} with {counted(plan.spans, 'span')}"
    lines = [IconLine("file", "dim", f"{held}: {', '.join(parts)}.")]
    twice = plan.parts.get("dev", 0) - plan.tried_on
    if twice:
        told = f"{counted(twice, 'text')} of those to try it on {'is' if twice == 1 else 'are'} learnt from as well"
        lines.append(IconLine("info", "dim", f"{told}, and left out when it is tried."))
    if plan.tried_on < _FEW:
        told = f"With {counted(plan.tried_on, 'document')} to try it on one can hardly tell which pipeline is better."
        lines.append(IconLine("info", "warn", told))
    if plan.is_little:
        told = "This is little to learn from. From some hundred spans of each label on it begins to help."
        lines.append(IconLine("info", "warn", told))
    if target.exists():
        lines.append(
            IconLine("info", "dim", f"{target.name} was trained before and is replaced once this is whole.")
        )
    return lines


def _page(*items: QWidget | QLayout) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme_hub().px(12))
    for item in items:
        if isinstance(item, QLayout):
            column.addLayout(item)
        else:
            column.addWidget(item)
    column.addStretch(1)
    return page
