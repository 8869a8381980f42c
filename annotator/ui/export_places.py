"""The way from a dialog that points at places of articles to them, and back; the export dialog keeps its choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.model.record import Loss
from annotator.ui.models.article_items import id_of
from annotator.ui.strips import Answer, make_strip
from annotator.workflows.examples import place_of
from annotator.workflows.preflight import Spot, has_span
from annotator.workflows.session import Session

if TYPE_CHECKING:
    from annotator.ui.dialogs.export import ExportChoice
    from annotator.ui.window import MainWindow

STRIP = "export"


@dataclass(frozen=True, slots=True)
class _Left:
    """Which project the places are in, and what was chosen when the export dialog was left.

    Args:
        count: how many places were pointed at. go: goes to one of them and says what is there. back: the way back.
    """

    session: Session
    choice: ExportChoice | None
    count: int
    go: Callable[[int], str]
    back: Answer


class ExportPlaces(QObject):
    """Opens the export dialog, goes where it points, and keeps what was chosen there until one comes back."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._left: _Left | None = None
        self._at = 0

    def show_dialog(self) -> None:
        """Ask what to export; whoever left the dialog for a place finds it as it was."""
        from annotator.ui.dialogs.export import ExportDialog

        window, session = self._window, self._window.controller.session
        if session is None:
            return
        window.centre.strips.take_down(STRIP)
        dialog = ExportDialog(session, window.jobs.run, parent=window)
        if self._left is not None and self._left.session is session and self._left.choice is not None:
            dialog.take(self._left.choice)
        self._left = None
        back = Answer(text="Back to the export", run=self.show_dialog, key="Ctrl+E")

        def leave(count: int, go: Callable[[int], str], at: int) -> None:
            self._left = _Left(session, dialog.choice, count, go, back)
            self._walk(at)

        dialog.example_wanted.connect(
            lambda loss, at: leave(len(loss.examples), partial(self._to_example, session, loss), at)
        )
        dialog.spot_wanted.connect(
            lambda spots, at: leave(len(spots), partial(self._to_finding, session, spots), at)
        )
        window.places.open_dialog(dialog)

    def go_to_example(self, loss: Loss, at: int, *, back: Answer) -> None:
        """Go to an example that another dialog pointed at; `back` opens that dialog again."""
        session = self._window.controller.session
        if session is not None:
            self._left = _Left(
                session, None, len(loss.examples), partial(self._to_example, session, loss), back
            )
            self._walk(at)

    @property
    def can_step(self) -> bool:
        """Tell whether there are other places that the dialog pointed at."""
        is_shown = self._window.centre.strips.get(STRIP) is not None
        return is_shown and self._left is not None and self._left.count > 1

    def step(self, by: int) -> None:
        """Go to the next of the places, or to the one before."""
        if self._left is not None:
            self._walk((self._at + by) % self._left.count)

    def _walk(self, at: int) -> None:
        """Go to a place, and say what is there, how many there are, and how to come back."""
        left = self._left
        if left is None or left.session is not self._window.controller.session:
            return
        self._at = at
        told = left.go(at)
        answers = [left.back]
        if left.count > 1:
            told = f"{at + 1:,} of {left.count:,}: {told}"
            answers.insert(0, Answer(text="Next", run=lambda: self.step(1), key="Ctrl+F3"))
        self._window.centre.strips.show_strip(STRIP, make_strip(told, *answers, tone="warn"))
        self._window.update_actions()
        self._window.focus_article()

    def _to_example(self, session: Session, loss: Loss, at: int) -> str:
        example = loss.examples[at]
        found = place_of(session, example)
        thing = None
        if found is not None:
            key, thing = found
            self._open(key, "" if thing is None else id_of(thing))
        is_there = found is not None and (thing is not None or not example.places)
        return loss.message if is_there else f"{loss.message} {_gone(example.label or example.document)}"

    def _to_finding(self, session: Session, spots: Sequence[Spot], at: int) -> str:
        spot = spots[at]
        told = f"{spot.label} “{spot.words}”. {spot.told}"
        if not has_span(session, spot):
            return f"{told} {_gone(spot.label)}"
        self._open(spot.document, f"s{spot.span}")
        return told

    def _open(self, key: int, item: str) -> None:
        controller = self._window.controller
        if key != controller.document:
            controller.open_document(key, item=item)
        elif item:
            controller.spots.visit(item)


def _gone(what: str) -> str:
    return f"{what} is no longer there."
