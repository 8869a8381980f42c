"""What the mouse does in the article: hovering, clicks and the beginnings of gestures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent

from annotator.model.annotation import Fragment, fragments_of
from annotator.model.rules import trimmed
from annotator.ui.canvas.gestures import FragmentDrag, Gesture, HandleDrag, TextDrag, finely
from annotator.ui.canvas.hit import Hit
from annotator.ui.canvas.items import Selection
from annotator.ui.canvas.relation_drag import RelationDrag
from annotator.ui.canvas.state import Rubber

if TYPE_CHECKING:
    from annotator.ui.canvas.overlay import Handle
    from annotator.ui.canvas.surface import ArticleSurface

_FRAME = 16
_FASTEST = 60
_BAND = 28
"""Pixels inside the upper and the lower edge where a drag scrolls, slowly; beyond the edge it scrolls faster."""


class MouseController:
    """Turns mouse events of a surface into selections, gestures and signals."""

    def __init__(self, surface: ArticleSurface) -> None:
        self.surface = surface
        self.gesture: Gesture | None = None
        self._pressed: QPointF | None = None
        self._pressed_on: Hit | None = None
        self._pressed_handle: Handle | None = None
        self._has_room = False
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._point = QPointF()
        self._clicks = 0
        self._last_click = QPointF(-100, -100)
        self._since = QTimer(surface)
        self._since.setSingleShot(True)
        self._autoscroll = QTimer(surface)
        self._autoscroll.setInterval(_FRAME)
        self._autoscroll.timeout.connect(self._on_autoscroll)

    def press(self, event: QMouseEvent) -> None:
        """Begin whatever a press begins."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        surface, point = self.surface, event.position()
        self._modifiers = event.modifiers()
        self._count_click(point)
        self._pressed, self._point = point, point
        self._pressed_on = surface.hit.at(point)
        if self._clicks >= 2 and self._takes_text():
            self.gesture = TextDrag(surface, point, unit="word" if self._clicks == 2 else "sentence")
            self.gesture.move(point, Qt.KeyboardModifier.NoModifier)
            return
        self._pressed_handle = self._handle_at(point)
        self._has_room = False
        if self._modifiers & Qt.KeyboardModifier.ShiftModifier and not finely(self._modifiers):
            self._extend(point)

    def move(self, event: QMouseEvent) -> None:
        """Follow the pointer: a gesture if one is on, else what it hovers over."""
        self._point, self._modifiers = event.position(), event.modifiers()
        if self._pressed is None:
            self.hover(self._point)
            return
        if self.gesture is None:
            away = (self._point - self._pressed).manhattanLength()
            if away < QGuiApplication.styleHints().startDragDistance():
                return
            self.gesture = self._begin()
        self.gesture.move(self._point, self._modifiers)
        self._watch_edges()

    def release(self, event: QMouseEvent) -> None:
        """End a gesture, or take the press as a click."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._autoscroll.stop()
        gesture, self.gesture = self.gesture, None
        pressed, self._pressed = self._pressed, None
        if gesture is not None:
            gesture.finish()
        else:
            self._click(pressed)
        self.hover(event.position())

    def cancel(self) -> bool:
        """Give up a gesture that is on; tell whether there was one."""
        if self.gesture is None:
            return False
        self._autoscroll.stop()
        gesture, self.gesture, self._pressed = self.gesture, None, None
        gesture.cancel()
        return True

    def hover(self, point: QPointF) -> None:
        """Light what lies at a place and shape the pointer."""
        surface = self.surface
        hit = surface.hit.at(point)
        shape = Qt.CursorShape.ArrowCursor
        if self._handle_at(point) is not None:
            shape = Qt.CursorShape.SizeHorCursor
        elif hit is not None and hit.part != "words":
            shape = Qt.CursorShape.PointingHandCursor
        elif hit is not None or surface.hit.offset_at(point) is not None:
            shape = Qt.CursorShape.IBeamCursor
        surface.viewport().setCursor(shape)
        surface.set_hovered(hit.id if hit is not None else "")
        self._stretch_rubber(point, hit.id if hit is not None else "")

    def leave(self) -> None:
        """Light nothing any more."""
        self.surface.set_hovered("")
        if self.gesture is None and self.surface.state.rubber is not None:
            self.surface.state.rubber = None
            self.surface.refresh()

    def follow(self) -> None:
        """Keep up with a text that was scrolled under the pointer."""
        if self.gesture is not None:
            self.gesture.move(self._point, self._modifiers)
        elif self.surface.state.rubber is not None:
            self.hover(self._point)

    def _stretch_rubber(self, point: QPointF, item: str) -> None:
        """While a partner is picked, let an arc run from where the relation begins to the pointer."""
        surface, state = self.surface, self.surface.state
        if self.gesture is None and state.hints and state.hint_source in surface.scene.index.spans:
            start = surface.hit.span_place(state.hint_source)
            end = QPointF(point.x() - surface.left, point.y())
            state.rubber = Rubber("", start, end, item if item in state.hints else "")
            surface.refresh()

    def _handle_at(self, point: QPointF) -> Handle | None:
        state = self.surface.state
        if state.selection.kind != "span" or state.is_hinting:
            return None
        return self.surface.hit.handle_at(point, state.selection.id)

    def _count_click(self, point: QPointF) -> None:
        near = (point - self._last_click).manhattanLength() < 6
        self._clicks = self._clicks + 1 if self._since.isActive() and near and self._clicks < 3 else 1
        self._last_click = point
        self._since.start(QGuiApplication.styleHints().mouseDoubleClickInterval())

    def _takes_text(self) -> bool:
        return self._pressed_on is None or self._pressed_on.part == "words"

    def _begin(self) -> Gesture:
        surface, state = self.surface, self.surface.state
        pressed = self._pressed if self._pressed is not None else self._point
        selection, is_fine = state.selection, finely(self._modifiers)
        if self._pressed_handle is not None and selection.kind == "span":
            return HandleDrag(surface, selection.id, self._pressed_handle)
        relation = surface.hit.end_at(pressed) if not state.is_hinting else None
        if relation is not None:
            return RelationDrag(surface, *relation)
        adds = self._adds() and not is_fine
        if adds and selection.kind == "span":
            return FragmentDrag(surface, pressed, selection.id)
        kept = selection.fragments if adds and selection.kind == "text" else ()
        return TextDrag(surface, pressed, unit="word", kept=kept)

    def _adds(self) -> bool:
        """Tell whether a press adds to what is selected, with Ctrl."""
        return (
            bool(self._modifiers & Qt.KeyboardModifier.ControlModifier) and not self.surface.state.is_hinting
        )

    def _extend(self, point: QPointF) -> None:
        """Select from where the last selection began to here."""
        surface = self.surface
        anchor, tokens = surface.word_cursor.anchor, surface.scene.tokens
        fragments = surface.state.selection.fragments
        offset = None
        if fragments:
            offset = fragments[0].start
            if surface.hit.nearest_offset(point) < offset:
                offset = fragments[-1].end - 1
        elif anchor is not None and anchor < len(tokens):
            offset = tokens.starts[anchor]
        self.gesture = TextDrag(surface, point, unit="word", anchor=offset)
        self.gesture.move(point, self._modifiers & ~Qt.KeyboardModifier.ShiftModifier)

    def _click(self, point: QPointF) -> None:
        surface, hit = self.surface, self._pressed_on
        if self._adds() and self._takes_text() and self._toggle_fragment(point):
            return
        if hit is None and self._pressed_handle is not None:
            return
        if hit is None:
            self._click_text(point)
        elif hit.part == "chip":
            surface.set_selection(Selection("relation", hit.id))
            surface.jump(hit.target)
        elif hit.kind == "relation":
            surface.set_selection(Selection("relation", hit.id))
            surface.item_activated.emit(hit.id)
        else:
            self._select_span(self._next_span(point, hit))

    def _next_span(self, point: QPointF, hit: Hit) -> str:
        """Give the span a click selects: the innermost, or the next outer one when it is selected already."""
        if hit.part == "tag":
            return hit.id
        spans = self.surface.hit.spans_at(point)
        current = self.surface.state.selection.id
        if current in spans:
            return spans[(spans.index(current) + 1) % len(spans)]
        return spans[0] if spans else hit.id

    def _select_span(self, span: str) -> None:
        surface = self.surface
        item = surface.scene.index.spans.get(span)
        if item is not None:
            surface.set_selection(Selection("span", span, item.fragments))
            surface.item_activated.emit(span)

    def _toggle_fragment(self, point: QPointF) -> bool:
        """Take the fragment at a place from the selection, or add the word there; tell whether there is one."""
        surface, selection = self.surface, self.surface.state.selection
        offset = surface.hit.offset_at(point)
        if offset is None or selection.kind not in {"span", "text"}:
            return False
        rest = tuple(each for each in selection.fragments if not each.start <= offset < each.end)
        if rest == selection.fragments:
            stretch = surface.scene.tokens.snap(offset, offset + 1)
            start, end = trimmed(surface.scene.text, *stretch) if stretch is not None else (0, 0)
            if start >= end:
                return False
            rest = fragments_of(*rest, Fragment(start, end))
        if selection.kind == "text":
            surface.set_selection(Selection("text", "", rest) if rest else Selection())
        elif rest:
            surface.fragments_dragged.emit(selection.id, rest)
        return True

    def _click_text(self, point: QPointF) -> None:
        surface = self.surface
        offset = surface.hit.offset_at(point)
        if offset is not None:
            # The word cursor stands there already when others hear that nothing is selected.
            surface.word_cursor.stand_at(offset)
            surface.refresh()
        surface.set_selection(Selection())

    def _watch_edges(self) -> None:
        if self._push():
            if not self._autoscroll.isActive():
                self._autoscroll.start()
        else:
            self._autoscroll.stop()

    def _push(self) -> int:
        """Give the pixels by which a drag scrolls in a frame: none in the middle of the window.

        A drag that began in a band at an edge does not scroll there until it has been elsewhere.
        """
        y, height = self._point.y(), self.surface.viewport().height()
        above, below = _BAND - y, y - (height - _BAND)
        if above <= 0 and below <= 0:
            self._has_room = True
            return 0
        depth, sign = (above, -1) if above > below else (below, 1)
        if depth <= _BAND:
            return sign * (1 + int(depth / 7)) if self._has_room else 0
        return sign * int(min(_FASTEST, 5 + (depth - _BAND) / 3))

    def _on_autoscroll(self) -> None:
        push = self._push() if self.gesture is not None else 0
        if push:
            self.surface.scroll_by(push)
        else:
            self._autoscroll.stop()
