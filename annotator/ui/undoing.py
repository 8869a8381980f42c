"""Undo and redo as a person means them: in the open document first, and the view goes where it acted.

What stands in the journal and what stands in the way of undoing it is the session's matter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from annotator.editing.commands import Redo, Undo
from annotator.model.change import ChangeSet, Step
from annotator.model.errors import NotSavedError, UserError
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
        if session is None or key is None or self.is_everywhere:
            return None
        newest = session.undoable(key)
        return None if newest is None or session.brings_documents(newest) else key

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
        document = self._controller.document
        takes_away = (
            document is not None and session.brings_documents(step) and step == session.undoable(document)
        )
        if (step.documents > 1 or takes_away) and not asked:
            self.asked.emit(step)
            return
        try:
            changes = self._carried_out(
                lambda: session.undo(scope, with_later=with_later, initiator=self._controller)
            )
        except UndoRefusedError as error:
            self.refused.emit(error)
            return
        except NotSavedError as error:
            again = partial(self.undo, with_later=with_later, asked=True)
            self._controller.tell_not_saved(error, again)
            return
        except UserError as error:
            self._controller.message.emit(str(error), "refused", False)
            return
        if changes is not None:
            self._controller.message.emit(changes.message or f"Undone: {step.name}.", "done", False)

    def undo_steps(self, command: Undo) -> None:
        """Take back the acts that were chosen in the history."""
        if self._controller.session is None:
            return
        try:
            changes = self._controller.session.do(command, initiator=self._controller)
        except NotSavedError as error:
            self._controller.tell_not_saved(error, partial(self.undo_steps, command))
            return
        except UserError as error:
            self._controller.message.emit(str(error), "refused", False)
            return
        self._go_where(changes)
        self._controller.message.emit(changes.message or "Undone.", "done", False)

    def redo_step(self, command: Redo) -> None:
        """Do again what was chosen in the history."""
        if self._controller.session is None:
            return
        try:
            changes = self._controller.session.do(command, initiator=self._controller)
        except UserError as error:
            self._controller.message.emit(str(error), "refused", False)
            return
        self._go_where(changes)
        self._controller.message.emit(changes.message or "Done again.", "done", True)

    def redo(self) -> None:
        """Do again what was undone and go where it was."""
        session, step = self._controller.session, self.next_redo()
        if session is None or step is None:
            self._controller.message.emit("Nothing to redo.", "note", False)
            return
        try:
            changes = self._carried_out(lambda: session.redo(self._redo_scope(), initiator=self._controller))
        except NotSavedError as error:
            self._controller.tell_not_saved(error, self.redo)
            return
        except UserError as error:
            self._controller.message.emit(str(error), "refused", False)
            return
        if changes is not None:
            self._controller.message.emit(changes.message or f"Done again: {step.name}.", "done", True)

    def _carried_out(self, act: Callable[[], ChangeSet | None]) -> ChangeSet | None:
        """Do something and go where it acted; in the open document the selection is told of once, at the end."""
        controller = self._controller
        with controller.held_selection():
            changes = act()
            if changes is None:
                return None
            is_here = not changes.documents or controller.document in changes.documents
            if is_here:
                controller.show_changed(changes)
        if not is_here:
            self._go_where(changes)
        return changes

    def _go_where(self, changes: ChangeSet) -> None:
        if changes.documents and self._controller.document not in changes.documents:
            self._controller.open_document(min(changes.documents))
        self._controller.show_changed(changes)
