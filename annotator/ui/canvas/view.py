"""The article view as the window uses it. All offsets are code points.

It never changes an item itself: it says what a person pointed at, and draws what it is handed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRect

from annotator.model.annotation import Fragment, Fragments
from annotator.model.document import Tokens
from annotator.model.rules import uncut
from annotator.ui.canvas.index import Changes
from annotator.ui.canvas.items import NOTHING, Article, RelationItem, Selection, SpanItem
from annotator.ui.canvas.navigation import Direction, Way
from annotator.ui.canvas.state import ViewState
from annotator.ui.canvas.surface import HIGHEST, LOWEST, THIRD, ArticleSurface
from annotator.ui.theme import Theme


class ArticleView(ArticleSurface):
    """Shows an article with its spans and relations, lets a person select and drag, and tells what they did.

    Signals: `selection_changed(Selection)`, `item_activated(id)` on a click, `context_requested(id, global place)`
    with a null place where the keyboard asked,
    `fragments_dragged(id, fragments)` when an edge was let go, `text_selected(fragments)`,
    `relation_dropped(relation, "head" or "child", span)`, `hovered(id)`, `jumped(span)` just before a jump to a far
    partner, `scrolled()`, `seen_changed()`, `font_size_changed(pixels)`.
    """

    # ------------------------------------------------------------------ content

    def set_article(self, article: Article | None) -> None:
        """Show an article from its top, or none; nothing is selected then."""
        self.mouse.cancel()
        self.flashing.stop()
        self.tree.clear()
        self.state = ViewState(plain=self.state.plain, focused=self.state.focused)
        self.has_article = article is not None
        self._install(article if article is not None else Article("", Tokens((), ())))
        self._describe()
        self.mirror()
        self.refresh(items=True)
        self._dwell.start()
        self.selection_changed.emit(NOTHING)

    def set_items(self, spans: Sequence[SpanItem], relations: Sequence[RelationItem]) -> None:
        """Draw these spans and relations instead; what is equal to before is left alone.

        The line that changed stays where it is on screen. An item handed over as the same object is quickest.
        Without an article there is nothing to draw them in, and they are not taken.
        """
        if not self.has_article:
            return
        baselines = self.baselines()
        self._after_items(self.scene.replace_items(tuple(spans), tuple(relations)), baselines)

    def change_items(
        self,
        *,
        removed: Iterable[str] = (),
        spans: Iterable[SpanItem] = (),
        relations: Iterable[RelationItem] = (),
    ) -> None:
        """Remove some items by id, add or replace some, and leave all others; the quick way for large articles."""
        if not self.has_article:
            return
        baselines = self.baselines()
        self._after_items(
            self.scene.change_items(removed=removed, spans=spans, relations=relations), baselines
        )

    # ------------------------------------------------------------------ selection

    @property
    def selection(self) -> Selection:
        """Give what is selected."""
        return self.state.selection

    def select(self, item: str | None, *, reveal: bool = True) -> None:
        """Select a span or relation by id, or nothing; an unknown id selects nothing."""
        index = self.scene.index
        if item is not None and item in index.spans:
            self.set_selection(Selection("span", item, index.spans[item].fragments))
        elif item is not None and item in index.relations:
            self.set_selection(Selection("relation", item))
        else:
            self.set_selection(NOTHING)
        if reveal:
            self.reveal_selection()

    def select_text(self, fragments: Fragments, *, reveal: bool = True) -> None:
        """Select a stretch of text, or several, widened where one would cut a character."""
        whole = uncut(self.scene.text, fragments)
        self.set_selection(Selection("text", "", whole) if whole else NOTHING)
        if reveal:
            self.reveal_selection()

    def move_word_cursor(self, direction: Direction, *, extend: bool = False) -> None:
        """Select the word beside, above or below; `extend` keeps what is selected and goes on from there."""
        begin = self.visible_range()[0]
        self._select_at_cursor(self.word_cursor.move(direction, extend=extend, begin=begin))

    def begin_fragment(self) -> Fragments:
        """Keep what is selected and begin another fragment beside it; give all, nothing where there is no word."""
        fragments = self.state.selection.fragments
        return self.word_cursor.begin_fragment(fragments) if fragments else ()

    def _select_at_cursor(self, fragments: Fragments) -> None:
        place = self.word_cursor.place
        if fragments and place is not None:
            self.set_selection(Selection("text", "", fragments))
            self.refresh()
            self.ensure_visible(place.start)

    # ------------------------------------------------------------------ place

    def scroll_to(self, offset: int) -> None:
        """Put the line that holds a code point at a third of the height."""
        self.place_offset(offset, THIRD)

    def ensure_visible(self, offset: int) -> None:
        """Bring a code point into view: at a third of the height, but only if it lies too low or above the top."""
        rect = self.hit.line_rect(offset)
        height = self.scroller.height
        if rect.top() < HIGHEST * height - self._pad() or rect.bottom() > LOWEST * height:
            self.place_offset(offset, THIRD)

    def show_place(self, fragments: Fragments, offset: int) -> None:
        """Bring a code point into view and light a stretch of text for a moment; the word cursor goes there."""
        self.word_cursor.stand_at(offset)
        self.ensure_visible(offset)
        self.flash_place(fragments)

    def reveal_selection(self) -> None:
        """Bring the selection into view, if there is one."""
        offset = self.selected_offset()
        if offset is not None:
            self.ensure_visible(offset)

    def travel(self, way: Way, *, extend: bool = False) -> None:
        """Scroll by a page or to an end of the text; the word cursor goes along.

        It keeps its place on the screen. Selected words follow it; a selected span or relation stays what it is.
        """
        cursor, kind = self.word_cursor, self.state.selection.kind
        goes = cursor.place is not None and (extend or kind in {"none", "text"})
        point = self._cursor_point() if goes else QPointF()
        before = self.scroller.block, self.scroller.y
        match way:
            case "page_up":
                self.page(-1)
            case "page_down":
                self.page(1)
            case "text_start":
                self.home()
            case "text_end":
                self.end()
        if not goes:
            return
        stays = (self.scroller.block, self.scroller.y) == before
        if way in {"text_start", "page_up"} and (stays or way == "text_start"):
            token = 0
        elif way in {"text_end", "page_down"} and (stays or way == "text_end"):
            token = len(self.scene.tokens) - 1
        else:
            token = min(self.scene.tokens.at(self.hit.nearest_offset(point)), len(self.scene.tokens) - 1)
        fragments = cursor.go(token, extend=extend)
        if extend or kind == "text":
            self._select_at_cursor(fragments)
        self.refresh()

    def _cursor_point(self) -> QPointF:
        """Give the middle of the word cursor in the window; off screen, the nearest place that is on it."""
        place = self.word_cursor.place
        if place is None:
            return QPointF()
        rect = self.hit.line_rect(place.start)
        pieces = self.scene.text_block(self.scene.blocks.at(place.start)).pieces(*place)
        x = self.left + (pieces[0].left + pieces[0].right) / 2 if pieces else float(self.left)
        margin = rect.height()
        return QPointF(x, min(max(rect.center().y(), margin), max(margin, self.scroller.height - margin)))

    def anchor(self) -> tuple[int, float] | None:
        """Give where the article stands: the first line on screen, as code point and baseline; None without one."""
        if not self.has_article:
            return None
        return next(((offset, float(baseline)) for offset, baseline in self.baselines().items()), None)

    def put_anchor(self, offset: int, baseline: float) -> None:
        """Put the line that holds a code point on a baseline of the window."""
        if 0 <= offset <= len(self.scene.text):
            self._keep((offset, baseline))
            self.repaint_all()
            self._scrolled()

    def top_offset(self) -> int:
        """Give the code point at which the first line on screen begins, to come back to with `scroll_to`."""
        found = self._first_line()
        return found[0] if found is not None else 0

    # ------------------------------------------------------------------ look

    def set_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._restyle(self.style_in_force.with_changes(theme=theme))

    def set_reduced_motion(self, on: bool) -> None:  # noqa: FBT001 - a setter like Qt's
        """Fade nothing."""
        self.reduced_motion = on

    @property
    def font_size(self) -> int:
        """Give the text size in pixels at 100 %."""
        return self.style_in_force.size

    def set_font_size(self, size: int) -> None:
        """Set the text size in pixels, within 11 to 34; the first line on screen stays."""
        self.zoom_at(0.0, size)

    def set_spacing(self, spacing: str) -> None:
        """Set `comfortable` spacing, or `compact`: without tags and arcs."""
        compact = spacing == "compact"
        if compact != self.style_in_force.compact:
            self._restyle(self.style_in_force.with_changes(compact=compact))

    def set_font_family(self, family: str) -> None:
        """Set the text in `serif` or `sans`, the shipped ones, or in a family of this machine."""
        if family != self.style_in_force.family:
            self._restyle(self.style_in_force.with_changes(family=family))

    def set_measure(self, characters: int) -> None:
        """Set how many characters a line has where the window is wide enough."""
        if characters != self.characters:
            self.characters = characters
            self._restyle(self.style_in_force)

    def set_show_rejected(self, on: bool) -> None:  # noqa: FBT001 - a setter like Qt's
        """Show rejections, struck."""
        self._show(rejected=on)

    def set_only_labels(self, labels: frozenset[str]) -> None:
        """Show the spans of some labels alone, and the relations between them; none means all."""
        self._show(only=labels)

    def set_show_scores(self, on: bool) -> None:  # noqa: FBT001 - a setter like Qt's
        """Show candidates' scores on their tags."""
        if on != self.scene.with_score:
            pinned = self._first_line()
            self.scene.with_score = on
            self.scene.recompose()
            self._keep(pinned)
            self.refresh()

    def set_plain(self, on: bool) -> None:  # noqa: FBT001 - a setter like Qt's
        """Show the text alone, where it is."""
        self.state.plain = on
        self.refresh()

    # ------------------------------------------------------------------ marks

    def set_hints(self, letters: Mapping[str, str], source: str) -> None:
        """Ring these spans with their letters and dim all but them and the one they start from."""
        state = self.state
        if source != state.hint_source or len(letters) < 2 <= len(state.hints):
            state.rubber = None
        state.hints, state.hint_source = dict(letters), source
        self.refresh()

    def set_word_hints(self, letters: Mapping[tuple[int, int], str]) -> None:
        """Put letters on stretches of text."""
        self.state.word_hints = dict(letters)
        self.refresh()

    def clear_hints(self) -> None:
        """Take all letters and rings away."""
        state = self.state
        state.hints, state.hint_source, state.word_hints, state.rubber = {}, "", {}, None
        self.refresh()

    def set_find_marks(self, marks: Sequence[Fragment], current: int = -1) -> None:
        """Mark what a search found, in reading order and apart; `current` is the index of the one it stands at.

        Marks added to the same list later are drawn when this is called again.
        """
        self.state.marks, self.state.current_mark = marks, current
        self.repaint_all()
        self.bar.refresh(marks=True)

    # ------------------------------------------------------------------ questions

    def seen_ids(self) -> set[str]:
        """Give the spans that have been on screen."""
        return self.seen.ids

    def offset_at(self, place: QPoint) -> int | None:
        """Give the code point of the grapheme at a place of the viewport, None beside the text."""
        return self.hit.offset_at(QPointF(place))

    def rect_of(self, item: str) -> QRect:
        """Give where a span or relation lies in the viewport; empty if it is not drawn."""
        return self.hit.rect_of(item)

    def rect_of_text(self, offset: int) -> QRect:
        """Give where the line that holds a code point lies in the viewport."""
        return self.hit.line_rect(offset)

    def paragraph_of(self, offset: int) -> int:
        """Give the 1-based number of the paragraph that holds a code point."""
        return self.scene.blocks.number_at(offset)

    def visible_range(self) -> tuple[int, int]:
        """Give the code points of the lines whose words are wholly on screen; arcs above them may be cut."""
        metrics = self.scene.style.metrics
        starts, ends = [], []
        for drawing, top in self.scroller.visible():
            for line, box in zip(drawing.text.lines, drawing.lines, strict=True):
                first, _ = box.highlight(metrics.ascent, metrics.descent)
                if top + first >= 0 and top + box.bottom <= self.scroller.height:
                    starts.append(line.start)
                    ends.append(line.end)
        return (min(starts), max(ends)) if starts else (0, 0)

    # ------------------------------------------------------------------ inside

    def _pad(self) -> int:
        return self.scene.style.metrics.tag_height + self.scene.style.metrics.line_pad

    def _show(self, **wanted: object) -> None:
        shown = replace(self.scene.index.filter, **wanted)  # type: ignore[arg-type]
        if shown != self.scene.index.filter:
            pinned = self._first_line()
            self.scene.show(shown)
            self._keep(pinned)
            self.mirror()
            self.refresh(items=True)

    def _after_items(self, changes: Changes, baselines: dict[int, int]) -> None:
        if not changes.blocks:
            return
        self._keep(self._pin(changes, baselines))
        self.seen.carry_over(changes.spans)
        selection, index = self.state.selection, self.scene.index
        if selection.kind == "span" and selection.id in index.spans:
            self.set_selection(replace(selection, fragments=index.spans[selection.id].fragments))
        elif selection.id and selection.id not in index.spans and selection.id not in index.relations:
            self.set_selection(NOTHING)
        self._describe()
        self.mirror()
        self.refresh(items=True)
        self._dwell.start()

    def _describe(self) -> None:
        index = self.scene.index
        described = f"{len(index.spans)} spans, {len(index.relations)} relations"
        self.setAccessibleDescription(described if self.has_article else "No article")

    def _pin(self, changes: Changes, baselines: dict[int, int]) -> tuple[int, float] | None:
        """Choose the line that stays: the selected one if it changed, else the first that changed, else the first."""
        if not baselines:
            return None
        blocks = self.scene.blocks
        changed = {item.start for item in changes.spans}
        wanted = self.selected_offset()
        if wanted is not None and wanted in changed:
            changed = {wanted}
        for offset, baseline in baselines.items():
            block = blocks.at(offset)
            if block not in changes.blocks:
                continue
            text = self.scene.text_block(block)
            line = text.lines[text.line_of(offset)]
            if any(line.start <= start < line.end for start in changed):
                return offset, float(baseline)
        first = next(iter(baselines.items()))
        return first[0], float(first[1])
