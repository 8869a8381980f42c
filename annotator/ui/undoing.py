"""Undo and redo as a person means them: in the open document first, and the view goes where it acted.

What stands in the journal and what stands in the way of undoing it is the session's matter.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from annotator.editing.commands import Undo
from annotator.model.annotation import How
from annotator.model.change import ChangeSet, Step
from annotator.model.document import State
from annotator.model.errors import UserError
from annotator.ui.controller import Controller
from annotator.workflows.session import UndoRefusedError


class Undoing(QObject):
    """Takes acts back and does them again.

    Signals: `asked(Step)` before a step that touches many documents, or brought the open one; `refused(error)` when
    later steps stand in the way. `is_everywhere` is set where undo is about the newest act of all (the schema page).
    """

    asked = Signal(object)
    refused = Signal(object)

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self.is_everywhere = False

    def next_undo(self) -> Step | None:
        """Give the act that undo would take back: in the open document, else anywhere."""
        scope = self._undo_scope()
        return (
            None
            if self._controller.session is None or self._controller.session.read_only
            else self._controller.session.undoable(scope)
        )

    def _undo_scope(self) -> int | None:
        """Give the open document if something was done in it; without that, undo is about the newest act anywhere."""
        session, key = self._controller.session, self._controller.document
        if (
            session is None
            or key is None
            or self.is_everywhere
            or self._is_untouched()
            or session.undoable(key) is None
        ):
            return None
        return key

    def _is_untouched(self) -> bool:
        """Tell whether the open document is as it was imported: then the only act that touches it brought it."""
        info, found = self._controller.info, self._controller.annotations
        if info is None or info.state is not State.TODO or info.flagged or info.note or info.excluded:
            return False
        how = [span.provenance.how for span in found.spans]
        how += [relation.provenance.how for relation in found.relations]
        how += [rejection.provenance.how for rejection in found.rejections]
        return all(each is How.IMPORTED for each in how)

    def next_redo(self) -> Step | None:
        """Give the undo that redo would take back."""
        if self._controller.session is None or self._controller.session.read_only:
            return None
        return self._controller.session.redoable(self._redo_scope())

    def _redo_scope(self) -> int | None:
        session, key = self._controller.session, self._controller.document
        if session is None or key is None or self.is_everywhere or session.redoable(key) is None:
            return None
        return key

    def undo(self, *, with_later: bool = False, asked: bool = False) -> None:
        """Take back the newest act and go where it was; one that touches many documents is asked about first."""
        session, step = self._controller.session, self.next_undo()
        if session is None or step is None:
            self._controller.message.emit("Nothing to undo.", "note", False)
            return
        scope = self._undo_scope()
        takes_away = (
            scope is None and self._is_untouched() and step == session.undoable(self._controller.document)
        )
        if (step.documents > 1 or takes_away) and not asked:
            self.asked.emit(step)
            return
        try:
            changes = session.undo(scope, with_later=with_later, initiator=self._controller)
        except UndoRefusedError as error:
            self.refused.emit(error)
            return
        except UserError as error:
            self._controller.message.emit(str(error), "refused", False)
            return
        if changes is not None:
            self._go_where(changes)
            self._controller.message.emit(changes.message or f"Undone: {step.name}.", "done", False)

    def undo_steps(self, command: Undo) -> None:
        """Take back the acts that were chosen in the history."""
        if self._controller.session is None:
            return
        try:
            changes = self._controller.session.do(command, initiator=self._controller)
        except UserError as error:
            self._controller.message.emit(str(error), "refused", False)
            return
        self._go_where(changes)
        self._controller.message.emit(changes.message or "Undone.", "done", False)

    def redo(self) -> None:
        """Do again what was undone and go where it was."""
        session, step = self._controller.session, self.next_redo()
        if session is None or step is None:
            self._controller.message.emit("Nothing to redo.", "note", False)
            return
        try:
            changes = session.redo(self._redo_scope(), initiator=self._controller)
        except UserError as error:
            self._controller.message.emit(str(error), "refused", False)
            return
        if changes is not None:
            self._go_where(changes)
            self._controller.message.emit(changes.message or f"Done again: {step.name}.", "done", True)

    def _go_where(self, changes: ChangeSet) -> None:
        if changes.documents and self._controller.document not in changes.documents:
            self._controller.open_document(min(changes.documents))
        self._controller.select_changed(changes)
