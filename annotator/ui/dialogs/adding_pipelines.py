"""Adding a spaCy pipeline to the program from a file, and removing one that was added; for whoever shows pipelines."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from annotator.model.errors import Cancelled, UserError
from annotator.ui.actions import BY_ID
from annotator.ui.dialogs.parts import while_alive
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.plain import set_plain
from annotator.ui.widgets import Button, IconButton
from annotator.workflows.added_pipelines import add_pipeline, archives, remove_pipeline
from annotator.workflows.reporting import Report
from annotator.workflows.suggesting import PipelineInfo


class AddingPipelines(QObject):
    """Has the two buttons for it, which its owner lays out.

    Signals: `added(PipelineInfo)`; `removed(name)`; `failed(message)`; `working(done, total)` and `ended()` of the job.
    """

    added = Signal(object)
    removed = Signal(str)
    failed = Signal(str)
    working = Signal(int, int)
    ended = Signal()

    def __init__(self, run: RunJob, owner: QWidget) -> None:
        super().__init__(owner)
        self._run, self._owner = run, owner
        self._shown: PipelineInfo | None = None
        self.add_button = Button("Add …", kind="quiet", icon_name="plus")
        action = BY_ID["add_pipeline"]
        self.add_button.setToolTip(action.tooltip)
        # Not the button's own shortcut, which goes whenever its words are set.
        QShortcut(QKeySequence(action.key), owner, self.choose_file)
        self.add_button.clicked.connect(self.choose_file)
        self.remove_button = IconButton("trash", "Remove this pipeline from the program")
        self.remove_button.clicked.connect(self.ask_remove)

    def show_pipeline(self, pipeline: PipelineInfo | None) -> None:
        """Say which one is chosen: one that was added can be removed."""
        self._shown = pipeline
        self.remove_button.setVisible(pipeline is not None and pipeline.is_added)

    def choose_file(self) -> None:
        """Ask for a file, and add the pipeline in it."""
        endings = " ".join(f"*{ending}" for ending in archives())
        filters = f"Pipelines ({endings});;All files (*)"
        name, _ = QFileDialog.getOpenFileName(
            self._owner, "Choose the wheel of a spaCy pipeline", "", filters
        )
        if name:
            self.add(Path(name))

    def add(self, source: Path) -> None:
        """Add the pipeline in a file, in a job."""

        def work(report: Report) -> PipelineInfo:
            return PipelineInfo.of(add_pipeline(source, report).pipeline)

        job = self._run(f"Adding {source.name}", work)
        job.progress.connect(while_alive(self, lambda done, total, _text: self.working.emit(done, total)))
        job.finished.connect(while_alive(self, self.added.emit))
        job.failed.connect(while_alive(self, self._on_failed))
        job.ended.connect(while_alive(self, self.ended.emit))
        self.working.emit(0, 1)

    def _on_failed(self, error: object) -> None:
        if not isinstance(error, Cancelled):
            # What is no `UserError` is told by the window.
            self.failed.emit(str(error) if isinstance(error, UserError) else "It could not be added.")

    def ask_remove(self) -> None:
        """Ask whether the pipeline that is shown is to go, and remove it."""
        pipeline = self._shown
        if pipeline is None:
            return
        box = set_plain(QMessageBox(self._owner))
        box.setWindowTitle("Remove a pipeline")
        box.setText(f"Remove {pipeline.title} from the program?")
        box.setInformativeText(
            "Its files go for good. Projects that use it go on without it. No decision is touched."
        )
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.buttonClicked.connect(lambda button: self.remove(pipeline) if button is remove else None)
        box.open()

    def remove(self, pipeline: PipelineInfo) -> None:
        """Remove an added pipeline."""
        try:
            remove_pipeline(pipeline.name)
        except UserError as error:
            self.failed.emit(str(error))
            return
        self.removed.emit(pipeline.name)
