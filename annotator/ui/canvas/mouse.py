"""What the mouse does in the article: hovering, clicks and the beginnings of gestures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent

from annotator.ui.canvas.gestures import Gesture, HandleDrag, RelationDrag, TextDrag
from annotator.ui.canvas.hit import Hit
from annotator.ui.canvas.items import Selection

if TYPE_CHECKING:
    from annotator.ui.canvas.surface import ArticleSurface

_FRAME = 16
_FASTEST = 60


class MouseController:
    """Turns mouse events of a surface into selections, gestures and signals."""

    def __init__(self, surface: ArticleSurface) -> None:
        self.surface = surface
        self.gesture: Gesture | None = None
        self._pressed: QPointF | None = None
        self._pressed_on: Hit | None = None
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
        if self._modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._extend(point)
            return
        selection = surface.state.selection
        if selection.kind == "span":
            side = surface.hit.handle_at(point, selection.id)
            if side is not None:
                self.gesture = HandleDrag(surface, selection.id, side)

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
        selection = surface.state.selection
        shape = Qt.CursorShape.ArrowCursor
        if selection.kind == "span" and surface.hit.handle_at(point, selection.id) is not None:
            shape = Qt.CursorShape.SizeHorCursor
        elif hit is not None and hit.part != "words":
            shape = Qt.CursorShape.PointingHandCursor
        elif hit is not None or surface.hit.offset_at(point) is not None:
            shape = Qt.CursorShape.IBeamCursor
        surface.viewport().setCursor(shape)
        surface.set_hovered(hit.id if hit is not None else "")

    def leave(self) -> None:
        """Light nothing any more."""
        self.surface.set_hovered("")

    def _count_click(self, point: QPointF) -> None:
        near = (point - self._last_click).manhattanLength() < 6
        self._clicks = self._clicks + 1 if self._since.isActive() and near and self._clicks < 3 else 1
        self._last_click = point
        self._since.start(QGuiApplication.styleHints().mouseDoubleClickInterval())

    def _takes_text(self) -> bool:
        return self._pressed_on is None or self._pressed_on.part == "words"

    def _begin(self) -> Gesture:
        surface = self.surface
        pressed = self._pressed if self._pressed is not None else self._point
        foot = surface.hit.foot_at(pressed)
        if foot is not None:
            relation, end, start = foot
            return RelationDrag(surface, relation, end, start)
        selection = surface.state.selection
        keeps = self._modifiers & Qt.KeyboardModifier.ControlModifier and selection.kind == "text"
        return TextDrag(surface, pressed, unit="word", kept=selection.fragments if keeps else ())

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

    def _click_text(self, point: QPointF) -> None:
        surface = self.surface
        offset = surface.hit.offset_at(point)
        tokens = surface.scene.tokens
        if offset is not None and len(tokens):
            # The word cursor goes there, to be seen with the first arrow key or Shift+click; it is there
            # already when others hear that nothing is selected.
            surface.word_cursor.anchor = surface.word_cursor.focus = min(tokens.at(offset), len(tokens) - 1)
        surface.set_selection(Selection())

    def _watch_edges(self) -> None:
        beyond = not 0 <= self._point.y() < self.surface.viewport().height()
        if beyond and not self._autoscroll.isActive():
            self._autoscroll.start()
        elif not beyond:
            self._autoscroll.stop()

    def _on_autoscroll(self) -> None:
        if self.gesture is None:
            self._autoscroll.stop()
            return
        height = self.surface.viewport().height()
        beyond = self._point.y() if self._point.y() < 0 else self._point.y() - height
        self.surface.scroll_by(int(max(-_FASTEST, min(_FASTEST, beyond / 3))) or (1 if beyond > 0 else -1))
        self.gesture.move(self._point, self._modifiers)
