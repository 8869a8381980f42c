"""Whether the open document still waits for its candidates, or why it has none; asked by head, hints and strips."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.model.change import ChangeSet
from annotator.model.document import State
from annotator.model.errors import UserError
from annotator.ui.controller import Controller
from annotator.workflows.switched_on import proposes

PATIENCE = 150
"""Milliseconds for which nothing is said of a document that has no candidates yet: most have them by then."""


class Run(Enum):
    """How far the run of the suggesters is that documents without candidates wait for."""

    AWAITED = "it begins once the window stands"
    AT_WORK = "candidates are being made"
    FAILED = "they could not be made"
    OVER = "nobody makes any now"


class Outlook(Enum):
    """What a document without anything to decide can expect; the value is what the head says, empty for the usual."""

    SETTLED = ""
    UNSAID = " "
    COMING = "candidates are coming"
    NO_SUGGESTER = "no suggester is on"
    FAILED = "candidates could not be made"
    NOT_MADE = "no candidates yet"


_OUTLOOK = {
    Run.AWAITED: Outlook.COMING,
    Run.AT_WORK: Outlook.COMING,
    Run.FAILED: Outlook.FAILED,
    Run.OVER: Outlook.NOT_MADE,
}


class Coming(QObject):
    """Knows the outlook of the controller's document; `changed()` when it is another one without an act."""

    changed = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._run = Run.AWAITED
        self._document: int | None = None
        self._known: tuple[bool, bool] | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self.changed)
        controller.session_changed.connect(self._on_session_changed)
        controller.document_changed.connect(self._on_document_changed)
        controller.annotations_changed.connect(self._on_annotations_changed)

    @property
    def outlook(self) -> Outlook:
        """Tell what the open document can expect; settled where something is left, or no more comes."""
        controller = self._controller
        info, annotations = controller.info, controller.annotations
        if info is None or annotations.left or not controller.writable:
            return Outlook.SETTLED
        if info.state not in {State.TODO, State.IN_PROGRESS}:
            return Outlook.SETTLED
        is_made, has_suggester = self._look(info.key)
        if is_made:
            is_bare = not annotations.decided and not has_suggester
            return Outlook.NO_SUGGESTER if is_bare else Outlook.SETTLED
        if self._patience.isActive():
            return Outlook.UNSAID
        return _OUTLOOK[self._run] if has_suggester else Outlook.NO_SUGGESTER

    @property
    def sentence(self) -> str:
        """Say the outlook as a sentence: empty where it is settled, a blank where nothing is said for a moment."""
        words = self.outlook.value
        return f"{words[:1].upper()}{words[1:]}." if words.strip() else words

    @property
    def may_come(self) -> bool:
        """Tell whether candidates may still come by themselves."""
        return self.outlook in {Outlook.UNSAID, Outlook.COMING}

    def follow(self, run: Run) -> None:
        """Take how far the run of the suggesters is."""
        self._run = run
        self._known = None
        self.changed.emit()

    def end(self) -> None:
        """Take that the run is over; one that failed stays so until the next begins."""
        self.follow(Run.FAILED if self._run is Run.FAILED else Run.OVER)

    def _look(self, key: int) -> tuple[bool, bool]:
        """Tell whether suggesters went over a document and whether any is on; looked up once until that may change."""
        session = self._controller.session
        if self._known is None and session is not None:
            try:
                self._known = session.row(key).suggested, proposes(session)
            except UserError:  # a damaged or removed document is told elsewhere
                self._known = True, True
        return self._known or (True, True)

    def _on_session_changed(self) -> None:
        self._run, self._document, self._known = Run.AWAITED, None, None

    def _on_document_changed(self) -> None:
        self._known = None
        is_other = self._document != self._controller.document
        self._document = self._controller.document
        if is_other:
            self._patience.stop()
            if self.outlook not in {Outlook.SETTLED, Outlook.NO_SUGGESTER}:
                self._patience.start()

    def _on_annotations_changed(self, changes: object) -> None:
        if not isinstance(changes, ChangeSet):
            return
        if changes.candidates or changes.everywhere or changes.schema or changes.patterns:
            self._known = None
