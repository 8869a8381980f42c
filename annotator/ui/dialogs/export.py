"""The export dialog: what goes out, in which format, what that holds and cannot; then what was written.

What would be lost is counted by a job each time the choice changes; writing is a job as well, and the result takes
the place of the choice in the same dialog.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.model.errors import Cancelled, UserError
from annotator.ui.dialogs.export_list import FormatList
from annotator.ui.dialogs.export_result import ExportResultPage
from annotator.ui.dialogs.frame import DialogFrame, plain_scroll_area
from annotator.ui.dialogs.parts import IconLine, clear_layout, while_alive
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.dialogs.words import counted, file_stem, path_of, path_words
from annotator.ui.icons import icon
from annotator.ui.jobs import Job
from annotator.ui.style import set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, FormField, Hairline, ThinProgress, make_label
from annotator.workflows.exporting import (
    EACH,
    ExportOptions,
    ExportPlan,
    ExportResult,
    export,
    export_formats,
    plan_export,
)
from annotator.workflows.manifest import options_like, place_of
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

_LAYOUTS = (
    Choice("auto", "Chosen by the spans"),
    Choice("ents", "doc.ents: no overlaps"),
    Choice("spans", 'doc.spans["sc"]: for a spancat'),
    Choice("both", "Both, overlaps in doc.spans"),
)
_WAIT = 150
_ASIDE = frozenset({"undecided", "skipped", "unfinished", "zeros"})
"""Kinds of losses by which no decision of a finished document is lost."""


class ExportDialog(DialogFrame):
    """Chooses, checks, writes and says what was written."""

    def __init__(self, session: Session, run: RunJob, parent: QWidget | None = None) -> None:
        super().__init__("Export", parent, scrolls=False, padded=False)
        self._session, self._run = session, run
        # What trains at once comes first.
        formats = sorted(export_formats(), key=lambda each: each.name != "docbin")
        self._formats = {each.name: each for each in formats}
        self._format = formats[0].name
        self._places_itself = True
        self.plan: ExportPlan | None = None
        self.exported: ExportResult | None = None
        self._job: Job | None = None
        self._checks_again = False
        self._writing: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT)
        self._timer.timeout.connect(self._check)
        self._build()
        self._offer_documents()
        self.format_list.choose(self._format)
        self._on_format_chosen(self._format)
        self.export_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self._stack = QStackedWidget()
        self.body.setSpacing(0)
        self.body.addWidget(self._stack)
        self.format_list = FormatList(list(self._formats.values()))
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
        column.addWidget(self.format_list)
        row.addWidget(side)
        row.addWidget(Hairline(orientation=Qt.Orientation.Vertical))
        row.addWidget(plain_scroll_area(self._build_choice()), 1)
        self._stack.addWidget(page)
        self._stack.addWidget(self.result_page)
        self.like_button = Button("Repeat an earlier one …", kind="quiet")
        self.like_button.setToolTip("Take the choices from the manifest of an earlier export")
        self.like_button.clicked.connect(self._choose_manifest)
        self.add_to_foot(self.like_button)
        self.cancel_button = self.add_cancel()
        self.export_button = self.add_button("Export", kind="primary", key="Return")
        self.export_button.clicked.connect(self._export)

    def _build_choice(self) -> QWidget:
        self.documents_box = ChoiceBox()
        self.parts_box = ChoiceBox()
        self.layout_box = ChoiceBox(_LAYOUTS)
        self.place_field = QLineEdit()
        browse = self.place_field.addAction(
            icon("folder", role="dim"), QLineEdit.ActionPosition.LeadingPosition
        )
        browse.setToolTip("Choose the place")
        browse.triggered.connect(self._choose_place)
        self._place = FormField("Into", self.place_field)
        self._layout_field = FormField("Spans go to", self.layout_box)
        first = RowOfFields(
            [FormField("Documents", self.documents_box), FormField("Parts", self.parts_box)], narrowest=190
        )
        second = RowOfFields([self._place, self._layout_field], narrowest=190)
        for box in (self.documents_box, self.parts_box, self.layout_box):
            box.activated.connect(lambda _index: self._on_chosen())
        self.place_field.textEdited.connect(self._on_place_edited)
        self.progress = ThinProgress(name="Checking")
        self._holds_head = make_label("What this format holds, and what it cannot", "section", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self._files = make_label("", "dim", wrap=True)
        page = QWidget()
        set_surface(page, "raised")
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(first)
        column.addWidget(second)
        column.addWidget(self.progress)
        column.addWidget(self._holds_head)
        column.addLayout(self._lines)
        column.addWidget(self._files)
        column.addStretch(1)
        self.progress.hide()
        page.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        return page

    # ------------------------------------------------------------------ what is chosen

    @property
    def options(self) -> ExportOptions:
        """Give what was chosen."""
        return ExportOptions(
            format=self._format,
            layout=str(self.layout_box.value) if self._has_layout() else "auto",
            documents=str(self.documents_box.value),
            part=str(self.parts_box.value),
        )

    @property
    def target(self) -> Path:
        """Give the file, or with a file for each part the folder, that is written."""
        return path_of(self.place_field.text())

    def _has_layout(self) -> bool:
        return "layout" in getattr(self._formats[self._format].options, "__dataclass_fields__", {})

    def _offer_documents(self) -> None:
        counts = self._session.counts()
        begun = counts.done + counts.in_progress
        self.documents_box.offer(
            [
                Choice("done", f"Done: {counts.done:,} of {counts.all:,}"),
                Choice("decided", f"Begun too, as unfinished: {begun:,}"),
                Choice("all", f"All: {counts.all:,}"),
            ]
        )
        parts = [
            Choice("all", "All in one file"),
            Choice(EACH, "A file each: train, dev, test"),
            *(Choice(part, f"Only {part}") for part in ("train", "dev", "test")),
        ]
        self.parts_box.offer(parts)

    def _on_format_chosen(self, name: str) -> None:
        self._format = name
        self._layout_field.setVisible(self._has_layout())
        self._suggest_place()
        self._on_chosen()

    def _on_chosen(self) -> None:
        self._suggest_place()
        self.plan = None
        self._show_plan()
        self._timer.start()

    def _suggest_place(self) -> None:
        if not self._places_itself:
            return
        folder = self._session.path.parent
        stem = file_stem(self._session.name)
        suffix = "" if self.parts_box.value == EACH else self._formats[self._format].suffix
        part = str(self.parts_box.value)
        more = f"-{part}" if part in {"train", "dev", "test"} else ""
        self.place_field.setText(path_words(folder / f"{stem}{more}{suffix}"))
        self.place_field.setCursorPosition(0)

    def _on_place_edited(self, _text: str) -> None:
        self._places_itself = False
        self._show_plan()
        self._timer.start()

    def _choose_place(self) -> None:
        if self.parts_box.value == EACH:
            name = QFileDialog.getExistingDirectory(self, "Export into", str(self.target.parent))
        else:
            name, _ = QFileDialog.getSaveFileName(
                self, "Export into", str(self.target), options=QFileDialog.Option.DontConfirmOverwrite
            )
        if name:
            self.place_field.setText(path_words(Path(name)))
            self._on_place_edited(name)

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
        self.documents_box.choose(told.get("documents", "done"))
        self.parts_box.choose(told.get("part", "all"))
        self.layout_box.choose(told.get("layout", "auto"))
        self.format_list.choose(str(told.get("format", self._format)))
        self._on_chosen()

    # ------------------------------------------------------------------ looking ahead

    def _check(self) -> None:
        if self._job is not None:
            # The running look is out of date: it ends, and the next begins from its end.
            self._checks_again = True
            self._job.cancel()
            return
        session, options, target = self._session, self.options, self.target

        def work(report: Report) -> ExportPlan:
            with closing(session.clone()) as own:
                return plan_export(own, target, options, report)

        job = self._run("Checking the export", work)
        self._job = job
        job.shown.connect(while_alive(self, self.progress.show))
        job.progress.connect(
            while_alive(self, lambda done, total, _text: self.progress.set_progress(done, total))
        )
        job.finished.connect(while_alive(self, lambda plan: self._keep_plan(plan, options, target)))
        job.failed.connect(while_alive(self, self._on_check_failed))
        job.ended.connect(while_alive(self, self._on_check_ended))

    def _keep_plan(self, plan: ExportPlan, options: ExportOptions, target: Path) -> None:
        if options == self.options and target == self.target:
            self.plan = plan
            self.set_fault("")
            self._show_plan()

    def _on_check_failed(self, error: object) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.set_fault(error)

    def _on_check_ended(self) -> None:
        self._job = None
        self.progress.hide()
        if self._checks_again:
            self._checks_again = False
            self._timer.start()

    def _show_plan(self) -> None:
        plan = self.plan
        clear_layout(self._lines)
        lost = 0
        if plan is not None:
            for words, count in (("spans", plan.spans), ("relations", plan.relations)):
                self._lines.addWidget(IconLine("check", "good", words, f"{count:,}"))
            for loss in plan.losses:
                is_aside = loss.kind in _ASIDE
                lost += 0 if is_aside else loss.count
                line = IconLine(
                    "info" if is_aside else "warning", "dim" if is_aside else "warn", loss.message
                )
                line.setToolTip("\n".join(loss.examples))
                self._lines.addWidget(line)
            if not plan.losses:
                self._lines.addWidget(IconLine("check", "good", "Nothing of what was decided is lost."))
            if self._format != "native":
                told = "Who decided, when and how is kept beside it where the format has room."
                self._lines.addWidget(IconLine("info", "dim", told))
        self._show_files(plan)
        self._show_foot(plan, lost)

    def _show_files(self, plan: ExportPlan | None) -> None:
        if plan is None or not plan.documents:
            self._files.setText("")
            return
        names = ", ".join(path.name for path in plan.files)
        manifest = place_of(self.target, plan.files).name
        told = f"Writes {names}, and {manifest} with what is in it (no texts, no paths)."
        there = [path.name for path in plan.files if path.exists()]
        if there:
            verb = "is there and is replaced" if len(there) == 1 else "are there and are replaced"
            told += f" {', '.join(there)} {verb} once the new file is whole."
        if len(plan.parts) > 1:
            told += " Parts: " + ", ".join(f"{part} {count:,}" for part, count in plan.parts.items()) + "."
        self._files.setText(told)

    def _show_foot(self, plan: ExportPlan | None, lost: int) -> None:
        is_ready = plan is not None and plan.documents > 0 and self._writing is None
        self.export_button.setEnabled(is_ready and bool(self.place_field.text().strip()))
        if plan is None:
            self.set_note("Checking …")
        elif not plan.documents:
            is_waiting = self.documents_box.value == "done"
            self.set_note(
                "No document is done yet" if is_waiting else "No document fits this choice", token="warn"
            )
        elif lost:
            self.set_note(f"{lost:,} of them not as they are", token="warn")
        else:
            self.set_note("")
        count = plan.documents if plan is not None else 0
        self.export_button.setText(f"Export {counted(count, 'document')}" if count else "Export")

    # ------------------------------------------------------------------ writing

    def _export(self) -> None:
        session, options, target = self._session, self.options, self.target

        def work(report: Report) -> ExportResult:
            with closing(session.clone()) as own:
                return export(own, target, options, report)

        self._timer.stop()
        self.set_fault("")
        job = self._run("Exporting", work)
        self._writing = job
        self.export_button.setEnabled(False)
        self._stack.setEnabled(False)
        self.like_button.setEnabled(False)
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
        self.set_title("Exported", subtitle=path_words(result.files[0].parent))
        self.result_page.show_result(result, self.options, language=self._session.language)
        self._stack.setCurrentWidget(self.result_page)
        self.like_button.hide()
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
        self.like_button.setEnabled(True)
        if self.exported is None:
            self._show_foot(self.plan, 0)
        self.export_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def reject(self) -> None:
        """Close; while it writes, stop the writing first: nothing half done stays."""
        self._timer.stop()
        if self._writing is not None:
            self._writing.cancel()
            self.set_note("Stopping …")
            return
        if self._job is not None:
            self._job.cancel()
        super().reject()
