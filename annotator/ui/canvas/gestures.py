"""What a held mouse button does to words: selecting text, adding a fragment to a span, dragging an edge.

A gesture shows itself in the view's state while it lasts; only its end is told to others. A relation's end is
dragged in `relation_drag.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from PySide6.QtCore import QPointF, Qt

from annotator.model.annotation import Fragment, Fragments, fragments_of
from annotator.model.offsets import is_grapheme_border
from annotator.model.rules import trimmed, uncut
from annotator.ui.canvas.items import Selection

if TYPE_CHECKING:
    from annotator.ui.canvas.overlay import Handle
    from annotator.ui.canvas.surface import ArticleSurface

Unit = Literal["word", "sentence"]


def finely(modifiers: Qt.KeyboardModifier) -> bool:
    """Tell whether a drag goes by characters: with Alt, or with Ctrl and Shift where the desktop takes Alt."""
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return bool(modifiers & Qt.KeyboardModifier.AltModifier) or modifiers & both == both


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
        """Select from the begin to the pointer."""
        stretch = self._stretch(point, by_character=finely(modifiers))
        self._show(fragments_of(*self.kept, stretch) if stretch is not None else self.kept)

    def finish(self) -> None:
        """Say what text is selected."""
        surface = self.surface
        chosen = surface.state.selection
        surface.state.selection = self._before
        if chosen.kind != "text":
            surface.set_selection(Selection())
            return
        surface.set_selection(chosen)
        anchor, focus = self._tokens()
        surface.word_cursor.stand_on(chosen.fragments, kept=self.kept, anchor=anchor, focus=focus)
        surface.text_selected.emit(chosen.fragments)

    def cancel(self) -> None:
        """Select what was selected before."""
        self.surface.state.selection = self._before
        self.surface.refresh()

    def _stretch(self, point: QPointF, *, by_character: bool) -> Fragment | None:
        """Give the text from the begin to a place; None where there is none."""
        hit, tokens = self.surface.hit, self.surface.scene.tokens
        if by_character or not len(tokens):
            start, end = sorted((self._border, hit.nearest_border(point)))
            return self._whole(start, end)
        offset = hit.nearest_offset(point)
        low, high = sorted((self._anchor, offset))
        widened = tokens.snap(low, high + 1)
        if widened is None:
            return None
        if self.unit == "sentence":
            first, last = tokens.covering(low, high + 1)
            begin, end = tokens.sentence_of(first)[0], tokens.sentence_of(last - 1)[1]
            widened = tokens.starts[begin], tokens.ends[end - 1]
        self._last = offset
        return self._whole(*trimmed(self.surface.scene.text, *widened))

    def _whole(self, start: int, end: int) -> Fragment | None:
        return uncut(self.surface.scene.text, (Fragment(start, end),))[0] if start < end else None

    def _tokens(self) -> tuple[int | None, int | None]:
        tokens = self.surface.scene.tokens
        if self._last is None or not len(tokens):
            return None, None
        top = len(tokens) - 1
        return min(tokens.at(self._anchor), top), min(tokens.at(self._last), top)

    def _show(self, fragments: Fragments) -> None:
        state = self.surface.state
        selection = Selection("text", "", fragments) if fragments else Selection()
        if selection != state.selection:
            state.selection = selection
            self.surface.refresh()


class FragmentDrag(TextDrag):
    """Adds a fragment to a span; its label stays."""

    def __init__(self, surface: ArticleSurface, point: QPointF, span: str) -> None:
        super().__init__(surface, point, unit="word", kept=surface.scene.index.spans[span].fragments)
        self.span = span

    def finish(self) -> None:
        """Say which fragments the span should have."""
        surface, preview = self.surface, self.surface.state.preview
        if preview is not None and preview[1] != self.kept:
            surface.fragments_dragged.emit(self.span, preview[1])
        self.cancel()

    def cancel(self) -> None:
        """Leave the span as it is."""
        self.surface.state.preview = None
        self.surface.refresh()

    def _show(self, fragments: Fragments) -> None:
        self.surface.state.preview = (self.span, fragments)
        self.surface.refresh()


class HandleDrag:
    """Moves one edge of a fragment of a span; it crosses neither its other edge nor a neighbouring fragment's."""

    def __init__(self, surface: ArticleSurface, span: str, handle: Handle) -> None:
        self.surface = surface
        self.span = span
        self.index = handle.fragment
        self.is_left = handle.side == "left"
        self.fragments = surface.scene.index.spans[span].fragments
        self._now = self.fragments

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the span as it would be if the edge were let go here."""
        self._now = self._moved(point, by_character=finely(modifiers))
        self.surface.state.preview = (self.span, self._now)
        self.surface.refresh()

    def finish(self) -> None:
        """Say which fragments the span should have; what comes of it is drawn when new items arrive."""
        if self._now != self.fragments:
            self.surface.fragments_dragged.emit(self.span, self._now)
        self.cancel()

    def cancel(self) -> None:
        """Leave the span as it is."""
        self.surface.state.preview = None
        self.surface.refresh()

    def _moved(self, point: QPointF, *, by_character: bool) -> Fragments:
        edge = self._edge(point, by_character=by_character)
        start, end = self.fragments[self.index]
        text, rest = self.surface.scene.text, list(self.fragments)
        if self.is_left:
            floor = self.fragments[self.index - 1].end if self.index else 0
            nearest = self._limit(end, -1, by_character=by_character)
            moved = Fragment(max(floor, min(edge, nearest)), end)
        else:
            is_last = self.index + 1 == len(self.fragments)
            ceiling = len(text) if is_last else self.fragments[self.index + 1].start
            nearest = self._limit(start, 1, by_character=by_character)
            moved = Fragment(start, min(ceiling, max(edge, nearest)))
        if not (is_grapheme_border(text, moved.start) and is_grapheme_border(text, moved.end)):
            return self._now
        rest[self.index] = moved
        return fragments_of(*rest)

    def _edge(self, point: QPointF, *, by_character: bool) -> int:
        tokens, hit = self.surface.scene.tokens, self.surface.hit
        if by_character or not len(tokens):
            return hit.nearest_border(point)
        offset = hit.nearest_offset(point)
        first, last = tokens.covering(offset, offset + 1)
        if last == first:  # between words: the edge goes to the nearer side of the gap
            first, last = (first, first + 1) if self.is_left else (first - 1, first)
        first, last = max(0, min(first, len(tokens) - 1)), max(1, min(last, len(tokens)))
        return tokens.starts[first] if self.is_left else tokens.ends[last - 1]

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
