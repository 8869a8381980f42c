"""Dragging one end of a relation to another span: a rubber arc follows the pointer, legal spans are ringed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from annotator.ui.canvas.items import End
from annotator.ui.canvas.state import Rubber

if TYPE_CHECKING:
    from annotator.ui.canvas.surface import ArticleSurface


class RelationDrag:
    """Moves one end of a relation; only spans that the schema allows there take it."""

    def __init__(self, surface: ArticleSurface, relation: str, end: End) -> None:
        self.surface = surface
        self.relation = relation
        self.end: End = end
        self._kept: End = "child" if end == "head" else "head"
        item = surface.scene.index.relations[relation]
        self._fixed = item.child if end == "head" else item.head
        self._from = item.head if end == "head" else item.child
        self._legal = {each for each in surface.legal_ends(relation, end) if each != self._fixed}
        surface.state.hints = dict.fromkeys(self._legal, "")
        surface.state.hint_source = self._fixed

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Draw the arc to the pointer and light the span under it, if the end may go there."""
        surface, index = self.surface, self.surface.scene.index
        if self.relation not in index.relations or self._fixed not in index.spans:
            self.cancel()  # it was decided elsewhere meanwhile
            return
        hit = surface.hit.at(point)
        spans = [hit.id] if hit is not None and hit.part == "tag" else surface.hit.spans_at(point)
        target = next((each for each in spans if each in self._legal), "")
        start = surface.hit.foot_place(self.relation, self._kept)
        place = QPointF(point.x() - surface.left, point.y())
        surface.state.rubber = Rubber(self.relation, start, place, target)
        surface.refresh()

    def finish(self) -> None:
        """Say on which span the end was dropped, if on any."""
        rubber = self.surface.state.rubber
        self.cancel()
        if rubber is not None and rubber.target not in {"", self._from}:
            self.surface.relation_dropped.emit(self.relation, self.end, rubber.target)

    def cancel(self) -> None:
        """Leave the relation as it is."""
        state = self.surface.state
        state.rubber, state.hints, state.hint_source = None, {}, ""
        self.surface.refresh()
