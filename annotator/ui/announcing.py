"""What screen readers are told as it happens: decisions and what is next, moves, messages, questions.

All that happens in one turn is said as one sentence: `accepted, GPE; next: Jeddah, GPE, candidate, .81`. Where
no assistive technology is active, nothing is worked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from annotator.model.annotation import Origin, Rejection, Relation, Span
from annotator.model.change import Change, ChangeSet, Row, StepKind
from annotator.model.wording import printable
from annotator.ui.canvas.accessible_nodes import item_words
from annotator.ui.messages import Message
from annotator.ui.models.article_items import id_of
from annotator.ui.models.article_words import quoted

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

_LONGEST = 300
_MADE = {
    Origin.MANUAL: "added",
    Origin.CANDIDATE: "accepted",
    Origin.FIXED: "changed and accepted",
    Origin.IMPORTED: "imported",
}


class Announcer(QObject):
    """Hears what the window's parts say of themselves and says it once, at the end of the turn.

    Signals: `said(words)`, after the words went to the assistive technology.
    """

    said = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._messages: list[Message] = []
        self._changes: ChangeSet | None = None
        self._moved = False
        self._opened = False
        self._asked: dict[str, str] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._say)
        controller = window.controller
        controller.document_changed.connect(self._on_opened)
        controller.annotations_changed.connect(self._on_changed)
        controller.selection_changed.connect(self._on_moved)
        window.log.added.connect(self._on_message)
        window.centre.strips.changed.connect(self._on_asked)
        window.relation.changed.connect(self._on_asked)

    def _listens(self) -> bool:
        """Tell whether anybody listens; if so, what is noted now will be said at the end of this turn."""
        if not QAccessible.isActive():
            return False
        if not self._later.isActive():
            self._later.start()
        return True

    def _on_opened(self) -> None:
        self._opened = self._listens()

    def _on_changed(self, changes: object) -> None:
        if self._listens() and isinstance(changes, ChangeSet):
            self._changes = changes

    def _on_moved(self) -> None:
        self._moved = self._listens()

    def _on_message(self, message: Message) -> None:
        if self._listens():
            self._messages.append(message)

    def _on_asked(self) -> None:
        self._listens()

    # ------------------------------------------------------------------ the sentence

    def _say(self) -> None:
        messages, changes, moved, opened = self._messages, self._changes, self._moved, self._opened
        self._messages, self._changes, self._moved, self._opened = [], None, False, False
        parts = [self._document_words()] if opened else []
        parts += [self._told(message, changes) for message in messages]
        parts += self._new_questions()
        if moved:
            words = self._selection_words()
            goes_on = bool(words) and bool(messages) and not self._is_about_selection(changes)
            parts.append(f"next: {words}" if goes_on else words)
        sentence = "; ".join(part.rstrip(".") for part in parts if part)
        if not sentence:
            return
        event = QAccessibleAnnouncementEvent(self._window.centre.view, sentence)
        if any(message.kind == "refused" for message in messages):
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
        self.said.emit(sentence)

    def _told(self, message: Message, changes: ChangeSet | None) -> str:
        """Give a message, a decision on one thing in few words: what it is about was read out before."""
        if changes is None or message.text != changes.message:
            return message.text
        return decision_words(changes) or message.text

    def _document_words(self) -> str:
        controller = self._window.controller
        if controller.info is None:
            return ""
        left = len(controller.things.undecided)
        return f"{printable(controller.info.title)}, {left:,} left to decide"

    def _new_questions(self) -> list[str]:
        """Give what stands in the strips and stood not there, or otherwise, when it was last looked at."""
        before, self._asked = self._asked, self._window.centre.strips.words()
        return [words for name, words in self._asked.items() if before.get(name) != words]

    def _selection_words(self) -> str:
        controller = self._window.controller
        selected = controller.selected
        if selected.kind == "none":
            return "nothing selected"
        if selected.kind == "text":
            return quoted(controller.text, selected.fragments, limit=_LONGEST)
        return item_words(self._window.centre.view.scene, selected.id)

    def _is_about_selection(self, changes: ChangeSet | None) -> bool:
        """Tell whether what was changed is what is selected still, if only as a candidate now."""
        selected = self._window.controller.selected
        for change in changes.changes if changes is not None else ():
            row = change.row
            if isinstance(row, Span | Relation | Rejection) and id_of(row) == selected.id:
                return True
            if isinstance(row, Span) and selected.candidate and row.fragments == selected.fragments:
                return True
        return False


def decision_words(changes: ChangeSet) -> str:
    """Tell a decision on one span or relation in few words, such as `accepted, GPE`; empty for anything else.

    What is gone may have taken other things with it, so that is told by the change's own message.
    """
    rows = [each for each in changes.changes if isinstance(each.row, Span | Relation | Rejection)]
    if len(rows) != 1 or changes.step is None or changes.step.kind is not StepKind.ACT:
        return ""
    verb = _verb(rows[0])
    return f"{verb}, {_label(rows[0].row)}" if verb else ""


def _label(row: Row) -> str:
    match row:
        case Rejection():
            return row.what.label
        case Span() | Relation():
            return row.label
    return ""


def _verb(change: Change) -> str:
    if isinstance(change.after, Rejection):
        return "rejected"
    if isinstance(change.after, Span | Relation):
        return "changed" if change.before is not None else _MADE[change.after.provenance.origin]
    return ""
