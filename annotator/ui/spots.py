"""Places one can go back to: a document, what was selected, and where the text stood on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.model.annotation import Fragments

if TYPE_CHECKING:
    from annotator.ui.controller import Controller

_KEPT = 100

Anchor = tuple[int, float]
"""Where an article stands on screen: the code point that begins a line, and the pixels from the top to its baseline."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place one can go back to: the document, what was selected, and where the text stood when it was left."""

    document: int
    item: str = ""
    words: Fragments = ()
    anchor: Anchor | None = None


class Spots(QObject):
    """The places of this sitting, in the order in which one came to them.

    Signals: `changed()`; `anchor_wanted(anchor)` when the article is to stand as it stood.
    """

    changed = Signal()
    anchor_wanted = Signal(object)

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._spots: list[Spot] = []
        self._at = -1
        self.anchor: Callable[[], Anchor | None] = lambda: None
        """Asks the article where it stands on screen."""

    def forget(self) -> None:
        """Forget all places, as those of another project."""
        self._spots, self._at = [], -1

    def leave(self) -> None:
        """Keep where we are before going elsewhere; `travel` comes back to exactly that."""
        controller = self._controller
        if controller.document is None:
            return
        words = controller.selected.fragments if controller.selected.kind == "text" else ()
        here = Spot(controller.document, controller.selected.id, words, self.anchor())
        if 0 <= self._at < len(self._spots) and self._spots[self._at].document == controller.document:
            self._spots[self._at] = here
        else:
            self._add(here)

    def remember(self) -> None:
        """Keep that we came here, so that going back leads to what was left before."""
        controller = self._controller
        if controller.document is None:
            return
        spot = Spot(controller.document, controller.selected.id)
        if self._at < 0 or self._spots[self._at] != spot:
            self._add(spot)

    def visit(self, item: str) -> None:
        """Go to a thing of the open document, at a third of the height; one can go back."""
        self.leave()
        self._controller.select(item, third=True)
        self.remember()

    def _add(self, spot: Spot) -> None:
        self._spots = [*self._spots[: self._at + 1], spot][-_KEPT:]
        self._at = len(self._spots) - 1
        self.changed.emit()

    def can_travel(self, *, forward: bool) -> bool:
        """Tell whether there is a place to go back or forward to."""
        return 0 <= self._at + (1 if forward else -1) < len(self._spots)

    def travel(self, *, forward: bool) -> None:
        """Go back to where we were, or forward again: the same selection at the same height of the screen."""
        controller = self._controller
        if self.can_travel(forward=forward):
            self.leave()
        if not self.can_travel(forward=forward):
            return
        self._at += 1 if forward else -1
        spot = self._spots[self._at]
        if spot.document != controller.document:
            controller.open_document(spot.document, item=spot.item, remember=False)
        if spot.document != controller.document:  # it is gone
            return
        if spot.words:
            controller.select_text(spot.words)
        else:
            controller.select(spot.item, reveal=spot.anchor is None)
        if spot.anchor is not None:
            self.anchor_wanted.emit(spot.anchor)
        self.changed.emit()
