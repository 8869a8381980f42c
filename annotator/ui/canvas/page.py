"""The page of an article: painted as far as it changed, scrolled by blitting. It knows the wheel, but no other hand."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from annotator.model.document import Tokens
from annotator.ui.canvas.bar import WIDTH, ArticleBar
from annotator.ui.canvas.damage import Look, damaged, look_of
from annotator.ui.canvas.focus_line import FOCUS_WIDTH, FocusLine
from annotator.ui.canvas.hit import HitTester
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.navigation import WordCursor
from annotator.ui.canvas.painting import PagePainter
from annotator.ui.canvas.prefetch import Prefetcher
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.scroller import Scroller
from annotator.ui.canvas.seen import DWELL, Seen
from annotator.ui.canvas.state import ViewState
from annotator.ui.canvas.style import SIDE_MARGIN, Style
from annotator.ui.theme import theme_hub

SIZES = range(11, 35)
"""Text sizes that can be set, in pixels at 100 %."""


class ArticlePage(QAbstractScrollArea):
    """Shows a scene and scrolls it.

    Signals: `seen_changed()`, `font_size_changed(pixels)`.
    """

    seen_changed = Signal()
    font_size_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.style_in_force = Style(theme_hub().theme)
        self.characters = 75
        self.left = SIDE_MARGIN
        self.state = ViewState()
        self.seen = Seen()
        self._look: Look | None = None
        self.has_article = False
        self._install(Article("", Tokens((), ())))
        self.prefetcher = Prefetcher(self)
        self._wheel_rest = 0.0
        self._dwell = QTimer(self)
        self._dwell.setSingleShot(True)
        self._dwell.setInterval(DWELL)
        self._dwell.timeout.connect(self.look)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setViewportMargins(FOCUS_WIDTH, 0, WIDTH, 0)
        self.focus_line = FocusLine(self)
        self.bar = ArticleBar(self)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_moved)

    def refresh(self, *, items: bool = False) -> None:
        """Paint again what looks otherwise now; `items` says that the map's ticks changed too."""
        self.repaint_changed()
        self.focus_line.update()
        self.prefetcher.start()
        self.bar.refresh(items=items)

    def repaint_changed(self) -> None:
        """Have those blocks painted whose look is not what it was."""
        before, cursor = self._look, self.word_cursor.place if self._shows_cursor() else None
        self._look = look_of(self.scene, list(self.scroller.visible()), self.state, cursor)
        scale = self.style_in_force.metrics.scale
        region = before and damaged(before, self._look, width=self.viewport().width(), scale=scale)
        if region is None:
            self.viewport().update()
        else:
            self.viewport().update(region)

    def repaint_all(self) -> None:
        """Have everything painted."""
        self._look = None
        self.viewport().update()

    def baselines(self) -> dict[int, int]:
        """Give the lines on screen from above: first code point, and baseline in the window."""
        return {
            line.start: top + box.baseline
            for drawing, top in self.scroller.visible()
            for line, box in zip(drawing.text.lines, drawing.lines, strict=True)
            if 0 <= top + box.baseline <= self.scroller.height
        }

    def scroll_by(self, delta: int) -> None:
        """Move the text up by some pixels, down if negative."""
        self.after_scroll(self.scroller.move(delta))

    def scroll_to_value(self, value: int) -> None:
        """Move to a value of the scroll bar; its maximum is the very end."""
        self.after_scroll(self.scroller.go(value))

    def page(self, direction: int) -> None:
        """Scroll by a page, 1 down, -1 up; one line stays."""
        self.scroll_by(direction * max(40, self.scroller.height - self.scene.style.metrics.line_height()))

    def home(self) -> None:
        """Show the beginning."""
        self.scroll_to_value(0)

    def end(self) -> None:
        """Show the end."""
        self.scroll_to_value(self.scroller.maximum)

    def selected_offset(self) -> int | None:
        """Give where the selection begins; of a relation, its later end; None without one."""
        selection, index = self.state.selection, self.scene.index
        if selection.kind == "relation":
            relation = index.relations.get(selection.id)
            ends = (
                [] if relation is None else [index.spans.get(end) for end in (relation.head, relation.child)]
            )
            return max((end.start for end in ends if end is not None), default=None)
        return selection.fragments[0].start if selection.fragments else None

    def place_offset(self, offset: int, share: float) -> None:
        """Put the line that holds a code point at a share of the height."""
        block = self.scene.blocks.at(offset)
        drawing = self.scene.drawing(block)
        box = drawing.lines[drawing.text.line_of(offset)]
        before = self.scroller.block, self.scroller.y
        self.scroller.put(block, round(self.scroller.height * share) - (box.top + box.bottom) // 2)
        if (self.scroller.block, self.scroller.y) != before:
            self.repaint_all()
            self._scrolled()

    def after_scroll(self, moved: int) -> None:
        """Show that the text moved up by some pixels: blit what stays, paint the rest."""
        if not moved:
            self.mirror()
            return
        ratio = self.viewport().devicePixelRatioF()
        # At a fractional ratio whole pixels are not whole pixels of the screen; painting is as quick.
        if abs(moved) < self.viewport().height() and ratio == int(ratio) and self.state.rubber is None:
            self._look = None
            self.viewport().scroll(0, -moved)
        else:
            self.repaint_all()
        self._scrolled()

    def mirror(self) -> None:
        """Let the scroll bar show where the text is, unless somebody holds it."""
        bar = self.verticalScrollBar()
        if not bar.isSliderDown():
            before = bar.blockSignals(True)
            bar.setRange(0, self.scroller.maximum)
            bar.setPageStep(self.scroller.height)
            bar.setSingleStep(self.scene.style.metrics.line_height())
            bar.setValue(self.scroller.value)
            bar.blockSignals(before)
        self.bar.refresh()

    def look(self) -> None:
        """Count what is on screen as seen."""
        if self.isVisible() and self.seen.look(self.scroller):
            self.seen_changed.emit()

    def zoom_at(self, y: float, size: int) -> None:
        """Change the text size, within `SIZES`, and keep the line at a height where it is."""
        size = max(SIZES.start, min(SIZES.stop - 1, size))
        if size == self.style_in_force.size:
            return
        below = ((offset, float(baseline)) for offset, baseline in self.baselines().items() if baseline >= y)
        self._restyle(self.style_in_force.with_changes(size=size), pin=next(below, None))
        self.font_size_changed.emit(size)

    # ------------------------------------------------------------------ inside

    def _install(self, article: Article) -> None:
        """Make the scene of another article and show its top."""
        style = self.style_in_force
        if article.language != style.language:
            style = self.style_in_force = style.with_changes(language=article.language)
        measure = style.measure(available=self.viewport().width(), characters=self.characters)
        old = getattr(self, "scene", None)
        self.scene = Scene(
            article, style, measure=measure, shown=old.index.filter if old is not None else None
        )
        self.scene.with_score = old.with_score if old is not None else False
        self.scroller = Scroller(self.scene)
        self.scroller.height = max(1, self.viewport().height())
        self.word_cursor = WordCursor(self.scene)
        self.hit = HitTester(self.scene, self.scroller, left=self.left)
        self.seen = Seen()
        self._center_text()

    def _restyle(self, style: Style, *, pin: tuple[int, float] | None = None) -> None:
        """Draw in another style or measure, keeping a line (code point, baseline in the window) where it is."""
        pinned = pin if pin is not None else self._first_line()
        measure = style.measure(available=self.viewport().width(), characters=self.characters)
        self.style_in_force = style
        self.scene.restyle(style, measure=measure)
        self._center_text()
        self._keep(pinned)
        self.mirror()
        self.refresh(items=True)

    def _first_line(self) -> tuple[int, float] | None:
        """Give the first line whose baseline is on screen: its first code point, its baseline; None at the top."""
        if self.scroller.value == 0:
            return None
        for drawing, top in self.scroller.visible():
            for line, box in zip(drawing.text.lines, drawing.lines, strict=True):
                if top + box.baseline >= 0:
                    return line.start, float(top + box.baseline)
        return None

    def _keep(self, pinned: tuple[int, float] | None) -> None:
        """Scroll so that a line's baseline is where it was."""
        if pinned is None:
            self.scroller.settle()
            return
        offset, baseline = pinned
        block = self.scene.blocks.at(offset)
        drawing = self.scene.drawing(block)
        box = drawing.lines[drawing.text.line_of(offset)]
        self.scroller.put(block, round(baseline) - box.baseline)

    def _center_text(self) -> None:
        width = self.viewport().width()
        self.left = max(SIDE_MARGIN, (width - self.scene.measure) // 2)
        self.hit.left = self.left

    def _scrolled(self) -> None:
        self.mirror()
        self._dwell.start()
        self.prefetcher.start()

    def _shows_cursor(self) -> bool:
        """Tell whether the word cursor is drawn: where nothing is selected, or one of several fragments is chosen."""
        state = self.state
        if state.is_hinting or state.word_hints:
            return False
        return state.selection.kind == "none" or bool(self.word_cursor.kept)

    def _on_bar_moved(self, value: int) -> None:
        # Its end is the end, though the heights may have become others since the bar was set.
        at_end = value >= self.verticalScrollBar().maximum()
        self.scroll_to_value(self.scroller.maximum if at_end else value)

    # ------------------------------------------------------------------ events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if not self.has_article:
            painter.fillRect(event.rect(), self.style_in_force.color["page"])
            return
        clip = event.region()
        painter.setClipRegion(clip)
        self.state.cursor = self.word_cursor.place if self._shows_cursor() else None
        PagePainter(painter, self.scene, self.scroller, self.state, left=self.left).paint(clip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self.focus_line.setGeometry(area.left(), area.top(), FOCUS_WIDTH, area.height())
        self.bar.setGeometry(area.right() - WIDTH + 1, area.top(), WIDTH, area.height())
        pinned = self._first_line()
        self.scroller.height = max(1, self.viewport().height())
        measure = self.scene.style.measure(available=self.viewport().width(), characters=self.characters)
        if measure != self.scene.measure:
            self._restyle(self.scene.style, pin=pinned)
        self._center_text()
        self.scroller.settle()
        self.mirror()
        self._dwell.start()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Do nothing: the anchor scrolls, the bar only follows."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        steps = event.angleDelta().y() / 120
        if control:
            if steps:
                size = self.style_in_force.size + (1 if steps > 0 else -1)
                self.zoom_at(event.position().y(), size)
        else:
            pixels = float(event.pixelDelta().y())
            if not pixels:
                pixels = steps * QApplication.wheelScrollLines() * self.scene.style.metrics.size * 1.2
            self._wheel_rest += pixels
            whole = int(self._wheel_rest)
            self._wheel_rest -= whole
            self.scroll_by(-whole)
        event.accept()
