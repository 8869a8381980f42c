"""The dialog that brings files into an open project: what, how it is read, and what becomes of what is known.

It only settles: the window runs the import as a job and shows the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.project_plan import requests_for
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.source_table import SourceTable
from annotator.ui.dialogs.sources import DropArea, RunJob, Sources, dropped_paths
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.dialogs.words import language_choices, language_words, listed
from annotator.ui.widgets import FormField, make_label
from annotator.workflows.arrival import OnDuplicate
from annotator.workflows.session import Session

_DUPLICATES = (
    Choice(OnDuplicate.SKIP.value, "Leave known documents as they are"),
    Choice(OnDuplicate.REPLACE.value, "Replace them, carry decisions over"),
    Choice(OnDuplicate.KEEP.value, "Bring them in once more"),
)
_HEIGHT = 720
"""Pixels at 100 %: with a source and its first texts nothing needs scrolling."""
_HINTS = {
    OnDuplicate.SKIP.value: "A document of the same text, or the same name, is left out and counted.",
    OnDuplicate.REPLACE.value: "A changed text takes the place of the old one; what cannot be carried over is listed.",
    OnDuplicate.KEEP.value: "The same text may then be there twice.",
}


class ImportDialog(DialogFrame):
    """`import_wanted(tuple[ImportRequest, ...])` when the person goes on; each request is one step of the journal.

    `patterns_wanted(list of Path)` for files that hold patterns and no documents.
    """

    import_wanted = Signal(object)
    patterns_wanted = Signal(object)

    def __init__(
        self, session: Session, run: RunJob, parent: QWidget | None = None, *, sources: Sequence[Path] = ()
    ) -> None:
        super().__init__("Import", parent, subtitle=f"into {session.name}", height=_HEIGHT)
        self._session = session
        self.sources = Sources(run, self)
        self.drop_area = DropArea()
        self.drop_area.dropped.connect(self._take)
        self.source_table = SourceTable(
            self.sources, lambda: session.schema, takes_patterns=not session.read_only
        )
        self.source_table.patterns_wanted.connect(self._hand_on_patterns)
        self.duplicates_box = ChoiceBox(_DUPLICATES)
        duplicates = FormField("Documents that are known already", self.duplicates_box)
        self._hint = make_label("", "hint", wrap=True)
        self.duplicates_box.activated.connect(lambda _index: self._show_duplicates())
        own = language_words(session.language)
        languages = [Choice("", f"{own}, as the project"), *language_choices(session.language)]
        self.language_box = ChoiceBox(languages)
        language = FormField("Language, where a file names none", self.language_box)
        self._new_types = make_label("", "dim", wrap=True)
        self.body.addWidget(self.drop_area)
        self.body.addWidget(self.source_table, 1)
        self.body.addWidget(self._new_types)
        self.body.addWidget(RowOfFields([duplicates, language], narrowest=240))
        self.body.addWidget(self._hint)
        self.cancel_button = self.add_cancel()
        self.import_button = self.add_button("Import", kind="primary", key="Return")
        self.import_button.clicked.connect(self._go_on)
        self.sources.changed.connect(self._show)
        self.sources.looked.connect(lambda _path: self._show())
        self.setAcceptDrops(True)
        if session.read_only:
            self.set_fault(f"This project is read only{': ' + session.holder if session.holder else ''}.")
        self._show_duplicates()
        self._show()
        if sources:
            self.sources.add(sources)
            self.import_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.drop_area.files_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, paths: Sequence[Path]) -> None:
        """Add what was chosen; Enter then imports it."""
        self.sources.add(paths)
        self.import_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hand_on_patterns(self, path: Path) -> None:
        """Let a file of patterns go where it belongs; the dialog stays for what else there is."""
        self.sources.remove(path)
        if not self.sources.all:
            self.reject()
        self.patterns_wanted.emit([path])

    def _show_duplicates(self) -> None:
        self._hint.setText(_HINTS[str(self.duplicates_box.value)])

    def _show(self) -> None:
        totals = self.sources.totals()
        has_any = bool(self.sources.all)
        self.source_table.setVisible(has_any)
        self.drop_area.set_small(has_any)
        self.import_button.setEnabled(bool(self.sources.readable) and not self._session.read_only)
        told = ""
        if self.sources.is_looking:
            waiting = sum(each.look is None for each in self.sources.all)
            told = f"Looking, {counted(waiting, 'source')} left; you can import at once"
        elif has_any:
            parts = [counted(totals.documents, "document")]
            if totals.spans:
                parts += [counted(totals.spans, "span"), counted(totals.relations, "relation")]
            told = ", ".join(parts)
        self.set_note(told)
        schema = self._session.schema
        new = [name for name in totals.labels if schema.entity(name) is None]
        new += [name for name in totals.relation_labels if schema.relation(name) is None]
        verb = "comes with it" if len(new) == 1 else "come with it"
        self._new_types.setText(f"{counted(len(new), 'new type')} {verb}: {listed(new, limit=8)}.")
        self._new_types.setVisible(bool(new))

    def _go_on(self) -> None:
        duplicate, language = str(self.duplicates_box.value), str(self.language_box.value)
        ways = {
            each.path: replace(each.options(language), on_duplicate=duplicate)
            for each in self.sources.readable
        }
        self.sources.stop()
        self.accept()
        self.import_wanted.emit(requests_for(ways))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._take(dropped_paths(event))

    def reject(self) -> None:
        """Close and look no further."""
        self.sources.stop()
        super().reject()
