"""Remembers which spans have been on screen long enough to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from annotator.ui.canvas.items import SpanItem

if TYPE_CHECKING:
    from annotator.ui.canvas.scroller import Scroller

DWELL = 200
"""Milliseconds that the text has to stand still before what is on screen counts as seen."""


class Seen:
    """The spans of an article that have been on screen, by id; a span decided or relabelled stays seen."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._places: set[tuple[int, int]] = set()

    @property
    def ids(self) -> set[str]:
        """Give the ids seen so far."""
        return set(self._ids)

    def look(self, scroller: Scroller) -> bool:
        """Take over what begins on a line that is wholly on screen; tell whether anything is new."""
        found: list[SpanItem] = []
        for drawing, top in scroller.visible():
            for figure in drawing.spans:
                if figure.item.id in self._ids:
                    continue
                line = next((piece.line for piece in figure.pieces if piece.begins), None)
                if line is None:
                    continue
                box = drawing.lines[line]
                if (
                    top + box.baseline <= scroller.height
                    and top + box.baseline >= scroller.scene.style.metrics.ascent
                ):
                    found.append(figure.item)
        self._add(found)
        return bool(found)

    def carry_over(self, items: Iterable[SpanItem]) -> None:
        """Count new items as seen that lie where something seen lay."""
        self._add(item for item in items if (item.start, item.end) in self._places)

    def _add(self, items: Iterable[SpanItem]) -> None:
        for item in items:
            self._ids.add(item.id)
            self._places.add((item.start, item.end))
