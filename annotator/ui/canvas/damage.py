"""What of the page must be painted anew: the blocks whose drawing, place or look is another than what is on screen.

An act touches one block or two of a screen; painting these alone is what makes keys quick. What cannot be told block
by block (rails in the margin, letters, a drag, another style) makes all of it be painted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

from annotator.model.annotation import Fragment
from annotator.ui.canvas.figures import Drawing
from annotator.ui.canvas.rails import uprights
from annotator.ui.canvas.state import ViewState

if TYPE_CHECKING:
    from annotator.ui.canvas.scene import Scene

_OVER = 8
"""Pixels by which a ring or a handle reaches over the edge of its block, at 100 %."""


class BlockLook(NamedTuple):
    """How a block stands on screen: two that are equal have the same pixels.

    Args:
        drawing: it is made anew whenever something in it changes.
        strong, own: the spans and relations in it that stand out.
        chosen: the span with the ring, or the text selected, or the word cursor, as far as it lies in the block.
    """

    drawing: Drawing
    top: int
    strong: frozenset[str]
    own: frozenset[str]
    chosen: object

    def is_as(self, other: BlockLook | None) -> bool:
        """Tell whether the pixels are the same."""
        return other is not None and self.drawing is other.drawing and self[1:] == other[1:]


class Look(NamedTuple):
    """How the page stands on screen; `everywhere` concerns all of it."""

    everywhere: tuple[Any, ...]
    blocks: dict[int, BlockLook]


def look_of(scene: Scene, seen: list[tuple[Drawing, int]], state: ViewState, cursor: Fragment | None) -> Look:
    """Tell how the blocks on screen, each with its top, look."""
    strong = state.emphasised_spans(scene.index)
    lit = {state.selection.id, state.hovered}
    rails = [(each, _is_own(scene, state, each.relation, lit)) for each in uprights(scene, seen)]
    everywhere = (
        *(scene.style, state.sets_relations_apart(scene.index), rails, state.plain),
        *(state.hints, state.hint_source, state.word_hints, state.marks, state.current_mark),
        *(state.flashed, state.flashed_place, state.flash, state.preview),
        state.rubber and object(),  # it moves with the pointer
    )
    blocks = {}
    for drawing, top in seen:
        own = frozenset(
            each.relation.id
            for each in drawing.connectors
            if each.relation.id in lit or state.is_own(each.relation)
        )
        chosen = _chosen(drawing, state, cursor)
        blocks[drawing.block] = BlockLook(drawing, top, frozenset(strong & drawing.by_id.keys()), own, chosen)
    return Look(everywhere, blocks)


def damaged(before: Look, now: Look, *, width: int, scale: float) -> QRegion | None:
    """Give what to paint anew, in pixels of the window; None where that is all of it."""
    if before.everywhere != now.everywhere:
        return None
    region = QRegion()
    for block in before.blocks.keys() | now.blocks.keys():
        old, new = before.blocks.get(block), now.blocks.get(block)
        if new is not None and new.is_as(old):
            continue
        for each in (old, new):
            if each is not None:
                over = round(_OVER * scale)
                region += QRect(0, each.top - over, width, each.drawing.height + 2 * over)
    return region


def _is_own(scene: Scene, state: ViewState, relation: str, lit: Iterable[str]) -> tuple[bool, object]:
    item = scene.index.relations[relation]
    return relation in lit or state.is_own(item), item


def _chosen(drawing: Drawing, state: ViewState, cursor: Fragment | None) -> object:
    """Give what of the selection, or of the word cursor, is drawn in a block."""
    selection, text = state.selection, drawing.text
    if selection.kind == "span":
        return selection.id if selection.id in drawing.by_id else None
    if selection.kind == "relation":
        return None
    here = [each for each in selection.fragments if each[0] < text.end and each[1] > text.start]
    stands_here = cursor is not None and text.start <= cursor[0] < text.end
    return here, cursor if stands_here else None
