"""The dialog that says where candidates of an open project come from, and makes them again."""

from __future__ import annotations

from contextlib import closing

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from annotator.model.errors import UserError
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.mapping_editor import SAMPLES, MappingEditor
from annotator.ui.dialogs.sources import RunJob
from annotator.workflows.preparing import SAMPLE_LENGTH
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session


class MappingDialog(DialogFrame):
    """`suggest_wanted(bool again)` once the choice is kept: again remakes what is made, else only what is missing."""

    suggest_wanted = Signal(bool)

    def __init__(self, session: Session, run: RunJob, parent: QWidget | None = None) -> None:
        super().__init__(
            "Where candidates come from",
            parent,
            subtitle="Nothing that was decided is touched by any of this.",
        )
        self._session = session
        self.editor = MappingEditor(run, self._first_texts)
        self.body.addWidget(self.editor, 1)
        self.keep_button = self.add_button("Keep")
        self.keep_button.setToolTip("For documents that have no candidates yet")
        self.cancel_button = self.add_cancel()
        self.again_button = self.add_button("Make candidates again", kind="primary", key="Return")
        self.foot.removeWidget(self.keep_button)
        self.foot.insertWidget(self.foot.indexOf(self.again_button), self.keep_button)
        self.again_button.clicked.connect(lambda: self._keep(again=True))
        self.keep_button.clicked.connect(lambda: self._keep(again=False))
        if session.read_only:
            self.set_fault("This project is read only: the choice can be looked at, not changed.")
            for widget in (self.editor, self.keep_button, self.again_button):
                widget.setEnabled(False)
        self._was_shown = False
        self.editor.pipeline_card.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if not self._was_shown:
            self._was_shown = True
            session = self._session
            self.editor.show_settings(session.schema, session.suggest_settings(), language=session.language)

    def _first_texts(self, report: Report) -> list[tuple[str, str]]:
        with closing(self._session.clone()) as own:
            rows = own.documents(limit=SAMPLES)
            report(0, len(rows), "Reading the first texts")
            return [(own.text(row.key)[:SAMPLE_LENGTH], row.language) for row in rows]

    def _keep(self, *, again: bool) -> None:
        try:
            self._session.set_suggest_settings(self.editor.settings)
        except UserError as error:
            self.set_fault(error)
            return
        self.editor.stop()
        self.accept()
        self.suggest_wanted.emit(again)

    def reject(self) -> None:
        """Close and keep what was chosen before."""
        self.editor.stop()
        super().reject()
