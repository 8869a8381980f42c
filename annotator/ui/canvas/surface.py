"""The page under a hand: what mouse and keys share, selecting, hovering, flashing. Its public face is in `view.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from annotator.model.annotation import Fragments
from annotator.ui.canvas import accessible
from annotator.ui.canvas.flash import Flash
from annotator.ui.canvas.items import End, Selection
from annotator.ui.canvas.mouse import MouseController
from annotator.ui.canvas.page import ArticlePage
from annotator.ui.plain import plain_tip

HIGHEST = 0.04
LOWEST = 0.80
THIRD = 1 / 3
"""What is wanted and lies outside `HIGHEST` to `LOWEST` of the height is put at a third of it."""


class ArticleSurface(ArticlePage):
    """Hands events on and says what was pointed at; changes no item."""

    selection_changed = Signal(object)
    item_activated = Signal(str)
    context_requested = Signal(str, QPoint)
    fragments_dragged = Signal(str, object)
    text_selected = Signal(object)
    relation_dropped = Signal(str, str, str)
    hovered = Signal(str)
    jumped = Signal(str)
    scrolled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reduced_motion = False
        self.legal_ends: Callable[[str, End], Collection[str]] = lambda _relation, _end: (
            self.scene.index.spans
        )
        """Asks which spans a relation's end may be dragged to."""
        self.mouse = MouseController(self)
        self.flashing = Flash(self, self._on_flash)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        accessible.install()
        self.tree = accessible.ArticleTree(self)
        self.tree.take_over()
        self.setAccessibleName("Article")
        self.setAccessibleDescription("No article")

    def refresh(self, *, items: bool = False) -> None:
        """Paint again what looks otherwise now; `items` says that items changed, which screen readers hear of."""
        super().refresh(items=items)
        if items:
            self.tree.touch()

    def set_selection(self, selection: Selection) -> None:
        """Select something and say so if it is not what was selected before."""
        if selection == self.state.selection:
            return
        self.state.selection = selection
        self.word_cursor.follow(selection)
        self.refresh()
        self.selection_changed.emit(selection)

    def press_item(self, item: str) -> None:
        """Select a span or relation as a click on it does."""
        span = self.scene.index.spans.get(item)
        if span is not None:
            self.set_selection(Selection("span", item, span.fragments))
        elif item in self.scene.index.relations:
            self.set_selection(Selection("relation", item))
        else:
            return
        self.item_activated.emit(item)

    def set_hovered(self, item: str) -> None:
        """Light an item under the pointer."""
        if item != self.state.hovered:
            self.state.hovered = item
            self.repaint_changed()
            self.hovered.emit(item)

    def jump(self, span: str) -> None:
        """Go to the far end of a relation; `jumped` comes first, so that the place left can be remembered."""
        item = self.scene.index.spans.get(span)
        if item is None:
            return
        self.jumped.emit(span)
        self.place_offset(item.start, THIRD)
        self.flash(span)

    def flash(self, item: str) -> None:
        """Light a span for a moment."""
        self.flashing.begin(item, fades=not self.reduced_motion)

    def flash_place(self, fragments: Fragments) -> None:
        """Light a stretch of text for a moment."""
        self.flashing.begin(fragments, fades=not self.reduced_motion)

    def _on_flash(self, item: str | Fragments, strength: float) -> None:
        self.state.flashed, self.state.flashed_place = (item, ()) if isinstance(item, str) else ("", item)
        self.state.flash = strength
        self.repaint_all()

    def _scrolled(self) -> None:
        super()._scrolled()
        self.tree.touch()
        self.mouse.follow()
        self.scrolled.emit()

    # ------------------------------------------------------------------ events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouse.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouse.release(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc while something is dragged; all other keys are the window's."""
        if event.key() == Qt.Key.Key_Escape and self.mouse.cancel():
            event.accept()
        else:
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's signature
        """Keep Tab in the article: there it means the next candidate."""
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.state.focused = True
        self.focus_line.update()
        # Qt tells first that the article has the focus, then the child that has it in there.
        self.tree.tell_focus_soon()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.mouse.cancel()
        super().focusOutEvent(event)
        self.state.focused = False
        self.focus_line.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.context_requested.emit(self.state.selection.id, QPoint())
            return
        hit = self.hit.at(QPointF(event.pos()))
        if hit is not None and hit.kind == "span":
            item_found = self.scene.index.spans[hit.id]
            self.set_selection(Selection("span", hit.id, item_found.fragments))
        elif hit is not None:
            self.set_selection(Selection("relation", hit.id))
        self.context_requested.emit(hit.id if hit is not None else "", event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tooltip(event)
            return True
        if event.type() == QEvent.Type.Leave:
            self.mouse.leave()
        return super().viewportEvent(event)

    def _show_tooltip(self, event: QHelpEvent) -> None:
        selected = self.state.selection.id if self.state.selection.kind == "span" else ""
        words = self.hit.tooltip_at(QPointF(event.pos()), selected=selected)
        if words:
            QToolTip.showText(event.globalPos(), plain_tip(words), self.viewport())
        else:
            QToolTip.hideText()
