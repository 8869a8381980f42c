"""The way from the export dialog to a place in an article, and back to the dialog with the same choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.model.record import Loss
from annotator.ui.models.article_items import id_of
from annotator.ui.strips import Answer, make_strip
from annotator.workflows.examples import place_of
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.dialogs.export import ExportChoice
    from annotator.ui.window import MainWindow

STRIP = "export"


@dataclass(frozen=True, slots=True)
class _Left:
    """What was chosen when the dialog was left, and in which project."""

    session: Session
    choice: ExportChoice


class ExportPlaces(QObject):
    """Opens the export dialog, goes where it points, and keeps what was chosen there until one comes back."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._left: _Left | None = None

    def show_dialog(self) -> None:
        """Ask what to export; whoever left the dialog for a place finds it as it was."""
        from annotator.ui.dialogs.export import ExportDialog

        window, session = self._window, self._window.controller.session
        if session is None:
            return
        window.centre.strips.take_down(STRIP)
        dialog = ExportDialog(session, window.jobs.run, parent=window)
        if self._left is not None and self._left.session is session:
            dialog.take(self._left.choice)
        self._left = None
        dialog.example_wanted.connect(lambda loss, at: self._leave(session, dialog.choice, loss, at))
        dialog.spot_wanted.connect(lambda key, span: self._leave_for(session, dialog.choice, key, f"s{span}"))
        window.places.open_dialog(dialog)

    def _leave(self, session: Session, choice: ExportChoice, loss: Loss, at: int) -> None:
        self._left = _Left(session, choice)
        self._go(loss, at)

    def _leave_for(self, session: Session, choice: ExportChoice, key: int, item: str) -> None:
        self._left = _Left(session, choice)
        self._open(key, item)
        self._tell("Found in the check before the export.", ())

    def _go(self, loss: Loss, at: int) -> None:
        """Go to an example, and say where the others and the dialog are."""
        session = self._window.controller.session
        if session is None or self._left is None or self._left.session is not session:
            return
        found = place_of(session, loss.examples[at])
        thing = None
        if found is not None:
            key, thing = found
            self._open(key, "" if thing is None else id_of(thing))
        example, of = loss.examples[at], len(loss.examples)
        is_there = found is not None and (thing is not None or not example.places)
        told = f"{at + 1} of {of}: {loss.message}" if of > 1 else loss.message
        if not is_there:
            told += f" {example.label or example.document} is no longer there."
        following = Answer(text="Next", run=lambda: self._go(loss, (at + 1) % of))
        self._tell(told, (following,) if of > 1 else ())

    def _open(self, key: int, item: str) -> None:
        controller = self._window.controller
        if key != controller.document:
            controller.open_document(key, item=item)
        elif item:
            controller.visit(item)

    def _tell(self, words: str, answers: Sequence[Answer]) -> None:
        back = Answer(text="Back to the export", run=self.show_dialog, key="Ctrl+E")
        self._window.centre.strips.show_strip(STRIP, make_strip(words, *answers, back, tone="warn"))
        self._window.focus_article()
