"""What the article view shows besides the items themselves: selection, hovering, modes and what is being dragged."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF

from annotator.model.annotation import Fragment, Fragments
from annotator.ui.canvas.index import ItemIndex
from annotator.ui.canvas.items import NOTHING, RelationItem, Selection

DIMMED_TEXT = 0.55
DIMMED_FIGURE = 0.34
OTHER_RELATIONS = 0.62


@dataclass(slots=True)
class Rubber:
    """A relation's end while it is dragged: from its fixed foot to the pointer, in window pixels."""

    relation: str
    start: QPointF
    end: QPointF
    target: str = ""


@dataclass(slots=True)
class ViewState:
    """Everything that is drawn and is no item.

    Args:
        hovered: id of the span or relation under the pointer.
        preview: a span while its edge is dragged: id and the fragments it would get.
        hints: letters by span, source: the span they start from. word_hints: letters by stretch of text.
        marks: what a search found, in reading order and apart; current: the index of the one it stands at.
        plain: text alone, as long as it is held.
        cursor: the word that the keyboard stands on, where it is no selection.
        flashed, flashed_place: id of a span, or the place, that flashes; flash: how strongly, 0 to 1.
    """

    selection: Selection = NOTHING
    hovered: str = ""
    preview: tuple[str, Fragments] | None = None
    rubber: Rubber | None = None
    hints: Mapping[str, str] = field(default_factory=dict)
    hint_source: str = ""
    word_hints: Mapping[tuple[int, int], str] = field(default_factory=dict)
    marks: Sequence[Fragment] = ()
    current_mark: int = -1
    plain: bool = False
    cursor: Fragment | None = None
    flashed: str = ""
    flashed_place: Fragments = ()
    flash: float = 0.0
    focused: bool = False

    def marks_in(self, start: int, end: int) -> range:
        """Give the indices of the marks that touch a stretch of text, without looking at the others."""
        first = bisect_left(self.marks, (start, start))
        if first > 0 and self.marks[first - 1].end > start:
            first -= 1
        return range(first, bisect_left(self.marks, (end, end), lo=first))

    @property
    def is_hinting(self) -> bool:
        """Tell whether partners are ringed and all else is dimmed."""
        return bool(self.hints or self.hint_source)

    def emphasised_spans(self, index: ItemIndex) -> set[str]:
        """Give the spans drawn in a deeper tint: hovered, selected, and the ends of such a relation."""
        found = {self.hovered, self.selection.id, self.hint_source}
        if self.rubber is not None:
            found.add(self.rubber.target)
        for key in (self.hovered, self.selection.id):
            relation = index.relations.get(key)
            if relation is not None:
                found |= {relation.head, relation.child}
        found.discard("")
        return found

    def is_own(self, relation: RelationItem) -> bool:
        """Tell whether a relation is selected, or has the selected span at an end."""
        chosen = self.selection.id
        return bool(chosen) and chosen in (relation.id, relation.head, relation.child)

    def sets_relations_apart(self, index: ItemIndex) -> bool:
        """Tell whether the selection has relations, so that the others step back."""
        if self.selection.kind == "relation":
            return True
        return self.selection.kind == "span" and bool(index.relations_by_span.get(self.selection.id))
