"""Finishing and skipping a document, and what of it was never on screen.

The first `Ctrl+Enter` leads to what nobody saw or what is doubtful; the second accepts the rest.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from annotator.editing.commands import Command, FinishDocument, SetState
from annotator.model.article import RelationToDecide
from annotator.model.candidate import DOUBTFUL
from annotator.model.document import State
from annotator.ui.controller import Controller
from annotator.ui.models.article_items import relation_ends
from annotator.ui.stepping import score_of
from annotator.ui.tally import tally


class Finishing(QObject):
    """Takes a document to its end.

    Signals: `ready_changed()` when the document became, or is no longer, one press from done; `finished()` when one was
    finished and the next one is open.
    """

    ready_changed = Signal()
    finished = Signal()

    def __init__(self, controller: Controller, *, seen: Callable[[], set[str]]) -> None:
        """Watch a controller; `seen` gives the ids of the spans that have been on screen."""
        super().__init__(controller)
        self._controller = controller
        self._seen_ids = seen
        self._document: int | None = None
        self.is_ready = False
        controller.document_changed.connect(self._on_document_changed)
        controller.annotations_changed.connect(self._on_annotations_changed)

    def unseen(self) -> list[str]:
        """List what is undecided and was never on screen, in reading order; a relation is seen with both ends."""
        controller, seen = self._controller, self._seen_ids()
        found = []
        for item in controller.things.undecided:
            thing = controller.things.get(item)
            ends = (
                relation_ends(controller.annotations, thing)
                if isinstance(thing, RelationToDecide)
                else (item,)
            )
            if not set(ends) <= seen:
                found.append(item)
        return found

    def doubtful(self) -> list[str]:
        """List what is undecided and scored below the threshold, in reading order."""
        things = self._controller.things
        return [
            item
            for item in things.undecided
            if (thing := things.get(item)) is not None and score_of(thing) < DOUBTFUL
        ]

    def finish(self) -> None:
        """Lead to what is unseen or doubtful; pressed again, accept the rest, mark done and open the next one."""
        controller = self._controller
        document = controller.document
        if document is None or controller.info is None:
            return
        if controller.info.state is State.DONE:
            self.open_next("This document is done.")
            return
        if controller.things.hidden_left:
            self._show_hidden(controller.things.hidden_left)
            return
        left = len(controller.things.undecided)
        if left and not self.is_ready:
            self._lead(left)
            return
        self._do_and_leave(FinishDocument(document=document, accept_rest=controller.annotations.left > 0))

    def _show_hidden(self, count: int) -> None:
        """Finish nothing that cannot be seen: show all labels first."""
        controller = self._controller
        controller.show_only(())
        controller.select(controller.things.after(controller.place))
        what = "1 undecided one was hidden" if count == 1 else f"{count:,} undecided ones were hidden"
        words = f"{what}. All labels are shown again; Ctrl+Enter goes on."
        controller.message.emit(words, "note", False)

    def _do_and_leave(self, command: Command) -> None:
        """Finish or skip the document and open the next one."""
        # What was done is said once, by whoever knows whether another document is open then.
        changes = self._controller.do(command, quiet=True, again=lambda: self._do_and_leave(command))
        if changes is not None:
            self._set_ready(ready=False)
            self.open_next(changes.message, undoable=True)
            if isinstance(command, FinishDocument):
                self.finished.emit()

    def _lead(self, left: int) -> None:
        controller = self._controller
        unseen, doubtful = self.unseen(), self.doubtful()
        wanted = set(unseen) | set(doubtful)
        first = next((item for item in controller.things.undecided if item in wanted), "")
        parts = [f"{left} left"]
        parts += [f"{len(unseen)} not seen"] if unseen else []
        parts += [f"{len(doubtful)} doubtful"] if doubtful else []
        if not wanted:
            parts.append("all seen")
        controller.select(first or controller.things.after(controller.place), third=bool(first))
        self._set_ready(ready=True)
        accepts = "it" if left == 1 else f"all {left}"
        controller.message.emit(f"{', '.join(parts)}. Ctrl+Enter again accepts {accepts}.", "note", False)

    def skip(self, reason: str) -> None:
        """Skip the document with a reason and open the next one."""
        controller = self._controller
        if controller.document is None:
            return
        self._do_and_leave(SetState(documents=(controller.document,), state=State.SKIPPED, reason=reason))

    def take_back(self) -> None:
        """Put a done or skipped document back to work."""
        controller = self._controller
        if controller.document is None:
            return
        state = State.IN_PROGRESS if controller.annotations.decided else State.TODO
        controller.do(SetState(documents=(controller.document,), state=state))

    def open_next(self, words: str, *, undoable: bool = False) -> None:
        """Open the next document that is not finished; without one, say so and stay."""
        controller = self._controller
        following = controller.order.neighbour(forward=True, unfinished=True)
        if following is None:
            following = controller.order.first_left()
        if following is None or following == controller.document:
            controller.message.emit(f"{words} No further document is open.".strip(), "done", undoable)
            return
        controller.open_document(following)
        controller.message.emit(words, "done", undoable)

    def summary(self) -> str:
        """Say what was decided here, such as `95 of 95 decided: 90 accepted, 5 rejected`."""
        found = tally(self._controller.annotations)
        return (
            f"{found.decided} of {found.total} decided: {found.words}."
            if found.words
            else "Nothing was decided."
        )

    def disarm(self) -> None:
        """Forget the first press."""
        self._set_ready(ready=False)

    def _on_document_changed(self) -> None:
        if self._controller.document != self._document:
            self._document = self._controller.document
            self._set_ready(ready=False)

    def _on_annotations_changed(self, changes: object) -> None:
        # None tells of another reading only; a decision means that the person went on by hand.
        if changes is not None:
            self._set_ready(ready=False)

    def _set_ready(self, *, ready: bool) -> None:
        if ready != self.is_ready:
            self.is_ready = ready
            self.ready_changed.emit()
