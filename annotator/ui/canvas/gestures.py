"""What a held mouse button does: selecting text, dragging a span's edge, dragging a relation's end.

A gesture shows itself in the view's state while it lasts; only its end is told to others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from PySide6.QtCore import QPointF, Qt

from annotator.model.annotation import Fragment, Fragments, fragments_of
from annotator.model.offsets import is_grapheme_border
from annotator.model.rules import trimmed
from annotator.ui.canvas.items import End, Selection
from annotator.ui.canvas.state import Rubber

if TYPE_CHECKING:
    from annotator.ui.canvas.surface import ArticleSurface

Unit = Literal["word", "character", "sentence"]


class Gesture(Protocol):
    """Something that lasts from a press to a release."""

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        ...

    def finish(self) -> None:
        """End it and say what came of it."""
        ...

    def cancel(self) -> None:
        """End it as if it had never begun."""
        ...


class TextDrag:
    """Selects text from where it began, by words, characters or sentences; `kept` are fragments chosen before."""

    def __init__(
        self,
        surface: ArticleSurface,
        point: QPointF,
        *,
        unit: Unit,
        kept: Fragments = (),
        anchor: int | None = None,
    ) -> None:
        self.surface = surface
        self.unit = unit
        self.kept = kept
        self._before = surface.state.selection
        self._anchor = surface.hit.nearest_offset(point) if anchor is None else anchor
        self._border = surface.hit.nearest_border(point) if anchor is None else anchor
        self._last: int | None = None

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Select from the begin to the pointer; Alt goes by characters."""
        hit = self.surface.hit
        by_character = bool(modifiers & Qt.KeyboardModifier.AltModifier) or self.unit == "character"
        tokens = self.surface.scene.tokens
        if by_character or not len(tokens):
            low, high = sorted((self._border, hit.nearest_border(point)))
            self._show(low, high)
            return
        offset = hit.nearest_offset(point)
        low, high = sorted((self._anchor, offset))
        widened = tokens.snap(low, high + 1)
        if widened is not None and self.unit == "sentence":
            first, last = tokens.covering(low, high + 1)
            begin, end = tokens.sentence_of(first)[0], tokens.sentence_of(last - 1)[1]
            widened = tokens.starts[begin], tokens.ends[end - 1]
        if widened is None:
            self._show(low, low)
            return
        self._last = offset
        self._show(*trimmed(self.surface.scene.text, *widened))

    def finish(self) -> None:
        """Say what text is selected."""
        surface = self.surface
        fragments = surface.state.selection.fragments if surface.state.selection.kind == "text" else ()
        chosen = surface.state.selection
        surface.state.selection = self._before
        if not fragments:
            surface.set_selection(Selection())
            return
        surface.set_selection(chosen)
        anchor, focus = self._tokens()
        surface.word_cursor.stand_on(fragments, anchor=anchor, focus=focus)
        surface.text_selected.emit(fragments)

    def cancel(self) -> None:
        """Select what was selected before."""
        self.surface.state.selection = self._before
        self.surface.refresh()

    def _tokens(self) -> tuple[int | None, int | None]:
        tokens = self.surface.scene.tokens
        if self._last is None or not len(tokens):
            return None, None
        top = len(tokens) - 1
        return min(tokens.at(self._anchor), top), min(tokens.at(self._last), top)

    def _show(self, start: int, end: int) -> None:
        fragments = self.kept
        if start < end:
            fragments = fragments_of(*self.kept, Fragment(start, end))
        state = self.surface.state
        chosen = Selection("text", "", fragments) if fragments else Selection()
        if chosen != state.selection:
            state.selection = chosen
            self.surface.refresh()


class HandleDrag:
    """Moves one edge of a span, by words or (Alt) characters; it never crosses the other edge."""

    def __init__(self, surface: ArticleSurface, span: str, side: Literal["left", "right"]) -> None:
        self.surface = surface
        self.span = span
        self.side = side
        self.fragments = surface.scene.index.spans[span].fragments
        self._now = self.fragments

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the span as it would be if the edge were let go here."""
        by_character = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        self._now = self._moved(point, by_character=by_character)
        self.surface.state.preview = (self.span, self._now)
        self.surface.refresh()

    def finish(self) -> None:
        """Say which fragments the span should have; what comes of it is drawn when new items arrive."""
        surface = self.surface
        if self._now != self.fragments:
            surface.fragments_dragged.emit(self.span, self._now)
        surface.state.preview = None
        surface.refresh()

    def cancel(self) -> None:
        """Leave the span as it is."""
        self.surface.state.preview = None
        self.surface.refresh()

    def _moved(self, point: QPointF, *, by_character: bool) -> Fragments:
        tokens, hit = self.surface.scene.tokens, self.surface.hit
        left = self.side == "left"
        start, end = self.fragments[0 if left else -1]
        if by_character or not len(tokens):
            edge = hit.nearest_border(point)
        else:
            offset = hit.nearest_offset(point)
            first, last = tokens.covering(offset, offset + 1)
            if last == first:  # between words: the edge goes to the nearer side of the gap
                first, last = (first, first + 1) if left else (first - 1, first)
            first, last = max(0, min(first, len(tokens) - 1)), max(1, min(last, len(tokens)))
            edge = tokens.starts[first] if left else tokens.ends[last - 1]
        text = self.surface.scene.text
        if left:
            low = self._limit(end, -1, by_character=by_character)
            moved = Fragment(min(edge, low), end)
        else:
            floor = self.fragments[-2].end if len(self.fragments) > 1 else 0
            high = self._limit(start, 1, by_character=by_character)
            moved = Fragment(start, max(edge, high, floor))
        if not (is_grapheme_border(text, moved.start) and is_grapheme_border(text, moved.end)):
            return self._now
        rest = self.fragments[1:] if left else self.fragments[:-1]
        return fragments_of(*rest, moved)

    def _limit(self, fixed: int, step: int, *, by_character: bool) -> int:
        """Give how near the edge may come to the fixed one: a word or a character away."""
        tokens, text = self.surface.scene.tokens, self.surface.scene.text
        if not by_character and len(tokens):
            if step < 0:
                return tokens.starts[max(0, min(tokens.covering(fixed - 1, fixed)[1], len(tokens)) - 1)]
            return tokens.ends[min(tokens.covering(fixed, fixed + 1)[0], len(tokens) - 1)]
        limit = fixed + step
        while 0 < limit < len(text) and not is_grapheme_border(text, limit):
            limit += step
        return limit


class RelationDrag:
    """Moves one end of a relation to another span; a rubber arc follows the pointer."""

    def __init__(self, surface: ArticleSurface, relation: str, end: End, start: QPointF) -> None:
        self.surface = surface
        self.relation = relation
        self.end: End = end
        self._start = QPointF(start.x() - surface.left, start.y())

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Draw the arc to the pointer and light the span under it."""
        target = ""
        spans = self.surface.hit.spans_at(point)
        hit = self.surface.hit.at(point)
        if hit is not None and hit.kind == "span" and hit.part == "tag":
            target = hit.id
        elif spans:
            target = spans[0]
        relation = self.surface.scene.index.relations.get(self.relation)
        if relation is not None and target == (relation.child if self.end == "head" else relation.head):
            target = ""  # a relation has two different ends
        place = QPointF(point.x() - self.surface.left, point.y())
        self.surface.state.rubber = Rubber(self.relation, self._start, place, target)
        self.surface.refresh()

    def finish(self) -> None:
        """Say on which span the end was dropped, if on any."""
        rubber = self.surface.state.rubber
        self.surface.state.rubber = None
        self.surface.refresh()
        if rubber is not None and rubber.target:
            self.surface.relation_dropped.emit(self.relation, self.end, rubber.target)

    def cancel(self) -> None:
        """Leave the relation as it is."""
        self.surface.state.rubber = None
        self.surface.refresh()
