"""The middle of the window: head, progress, strips, the article or what stands in its place, and the key caps.

It shows what the controller holds and hands what the mouse did back to it; it makes no command itself.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from annotator.model.annotation import Fragment
from annotator.model.limits import LINE_LIMIT
from annotator.model.wording import printable
from annotator.ui.canvas.items import Article, RelationItem, Selection, SpanItem
from annotator.ui.canvas.navigation import WordCursor
from annotator.ui.canvas.view import ArticleView
from annotator.ui.coming import Coming
from annotator.ui.controller import Controller
from annotator.ui.finding import FindBar
from annotator.ui.hints import HintBar
from annotator.ui.models.article_items import relation_items, span_items
from annotator.ui.models.item_memory import ItemMemory
from annotator.ui.models.otherwise import SignMemory
from annotator.ui.strips import Strips
from annotator.ui.style import set_look, set_surface
from annotator.ui.tally import tally
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import ElidedLabel, Hairline, ThinProgress
from annotator.ui.widgets.lines import make_label

_HEAD, _HINTS = 44, 34


class Centre(QWidget):
    """Head, strips, article, hints.

    Signals: `extent_dragged(fragments)` of the selected span; `end_dragged(relation, "head" or "child", span)`;
    `partner_clicked(item)` and `words_clicked(fragments)` while a partner is picked.
    """

    extent_dragged = Signal(object)
    end_dragged = Signal(str, str, str)
    partner_clicked = Signal(str)
    words_clicked = Signal(object)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_surface(self, "page")
        self._controller = controller
        # Before anything here follows the controller: what it knows is asked while that is followed.
        self.coming = Coming(controller)
        self._following = False
        self._lifted = 0
        self._words = 0
        self._memory = ItemMemory()
        self._signs = SignMemory()
        self._otherwise: Mapping[str, str] = {}
        self._before_finding: tuple[int | None, tuple[int, float] | None] = (None, None)
        self.view = ArticleView(self)
        self.view.installEventFilter(self)
        self.strips = Strips(self)
        self.find_bar = FindBar(self)
        self.hint_bar = HintBar(self)
        self._build()
        self._connect()
        self._on_scale_changed()
        self.show_document()

    def _build(self) -> None:
        self.title = ElidedLabel("", "head", self)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.about = make_label(parent=self)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.about, "dim")
        self.decided = make_label(parent=self)
        self.decided.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.decided, "strong")
        self._head = QWidget(self)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(20, 0, 16, 0)
        row.setSpacing(24)
        row.addWidget(self.title, 1)
        row.addWidget(self.about)
        row.addWidget(self.decided)
        self.progress = ThinProgress(self, height=2, name="Decided here")
        self.place = QStackedLayout()
        self.place.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._head, self.progress, self.strips, self.find_bar):
            column.addWidget(widget)
        column.addLayout(self.place, 1)
        column.addWidget(Hairline(self))
        column.addWidget(self.hint_bar)

    def _connect(self) -> None:
        controller, view = self._controller, self.view
        controller.document_changed.connect(self.show_document)
        controller.items_changed.connect(self._show_items)
        controller.annotations_changed.connect(lambda _changes: self._show_head())
        self.coming.changed.connect(self._show_head)
        controller.schema_changed.connect(self._show_items)
        controller.article_settled.connect(self._answer)
        controller.only_changed.connect(lambda: view.set_only_labels(controller.only))
        controller.reveal_wanted.connect(self._reveal)
        controller.text_reveal_wanted.connect(view.scroll_to)
        view.selection_changed.connect(self._on_view_selected)
        view.item_activated.connect(self._on_item_activated)
        view.text_selected.connect(self._on_text_selected)
        view.fragments_dragged.connect(lambda _item, fragments: self.extent_dragged.emit(fragments))
        view.relation_dropped.connect(self.end_dragged)
        view.jumped.connect(self._on_jumped)
        self.find_bar.found.connect(self._on_found)
        self.find_bar.opened.connect(self._on_find_opened)
        self.find_bar.closed.connect(self._on_find_closed)
        theme_hub().changed.connect(self._on_scale_changed)

    # ------------------------------------------------------------------ showing

    def show_document(self) -> None:
        """Show the open document, or an empty page."""
        controller = self._controller
        info = controller.info
        self._head.setVisible(info is not None)
        self.progress.setVisible(info is not None)
        self._following = True
        self._lifted = 0
        self._words = len(controller.text.split())
        if info is None:
            self.view.set_article(None)
        else:
            self.view.set_article(
                Article(
                    text=controller.text,
                    tokens=controller.tokens,
                    spans=self._spans(),
                    relations=self._relations(),
                    language=info.language,
                )
            )
        self._following = False
        # What was just read stays as long as the document is open: looking through it for rubbish again and again
        # would hold up a key now and then.
        gc.unfreeze()
        gc.freeze()
        self._show_head()
        self.find_bar.set_text(controller.text)

    def _spans(self) -> tuple[SpanItem, ...]:
        controller = self._controller
        items = span_items(
            controller.annotations,
            controller.schema,
            controller.tokens,
            controller.text,
            controller.readings_chosen,
            memory=self._memory,
        )
        return self._signs.mark(items, self._otherwise)

    def show_otherwise(self, words: Mapping[str, str]) -> None:
        """Put the sign on the spans whose words carry another label elsewhere: by item id, what is said of them."""
        self._otherwise = words
        self._show_items()

    def _relations(self) -> tuple[RelationItem, ...]:
        controller = self._controller
        return relation_items(
            controller.annotations,
            controller.schema,
            controller.tokens,
            controller.text,
            memory=self._memory,
        )

    def _show_items(self) -> None:
        if self._controller.document is None:
            return
        self._following = True
        self.view.set_items(self._spans(), self._relations())
        self._following = False
        self._show_selection()

    def _answer(self) -> None:
        """Show the selection and paint the article now, before anybody else begins to follow it."""
        self._show_selection()
        QCoreApplication.sendPostedEvents(self.window(), QEvent.Type.UpdateRequest)

    def _show_head(self) -> None:
        controller = self._controller
        info = controller.info
        if info is None:
            return
        found = tally(controller.annotations)
        self.title.setText(printable(info.title, limit=LINE_LIMIT))
        told = [str(info.metadata[name]) for name in ("source", "date") if info.metadata.get(name)]
        told.append(f"{self._words:,} words")
        self.about.setText(" · ".join(told))
        self.decided.setText(
            f"{found.decided:,} of {found.total:,} decided"
            if found.total
            else self.coming.outlook.value or "nothing to decide"
        )
        # The bar paints at once when it is set; so that is done after everything else.
        QTimer.singleShot(0, self, lambda: self.progress.set_progress(found.decided, found.total))
        self._fit_head()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_head()

    def _fit_head(self) -> None:
        """Where it is narrow, the title keeps its room and source and date go."""
        wanted = self.about.sizeHint().width() + self.decided.sizeHint().width() + theme_hub().px(240)
        self.about.setVisible(self.width() >= wanted)

    def on_screen(self) -> tuple[int, int]:
        """Give the stretch of text (code points) that can be seen, cut lines included."""
        viewport, hit = self.view.viewport(), self.view.hit
        first = hit.nearest_offset(QPointF(0, 0))
        return first, hit.nearest_offset(QPointF(viewport.width(), viewport.height() - 1)) + 1

    # ------------------------------------------------------------------ the selection, both ways

    def _show_selection(self) -> None:
        selected = self._controller.selected
        self._following = True
        if selected.kind == "text":
            if self.view.selection.fragments != selected.fragments or self.view.selection.kind != "text":
                self.view.select_text(selected.fragments, reveal=False)
        else:
            self.view.select(selected.id or None, reveal=False)
        self._following = False

    def _reveal(self, item: str, third: bool) -> None:  # noqa: FBT001 - a slot
        self._show_selection()
        offset = self.view.selected_offset()
        if offset is None:
            return
        if third:
            self.view.scroll_to(offset)
        else:
            self.view.ensure_visible(offset)

    def _on_view_selected(self, selection: Selection) -> None:
        controller = self._controller
        if self._following:
            return
        if controller.mode == "relation":
            # The article shows another selection than the mode works on: put it back.
            if selection.kind == "none":
                self._offer_word_at_cursor()
            self._show_selection()
        elif selection.kind == "text":
            controller.select_text(selection.fragments)
        elif selection.id:
            controller.select(selection.id, reveal=False)
        else:
            controller.select("", reveal=False)

    def _offer_word_at_cursor(self) -> None:
        cursor: WordCursor = self.view.word_cursor
        if cursor.focus is not None and cursor.focus < len(self._controller.tokens):
            fragments = cursor.selected()
            if fragments:
                self.words_clicked.emit(fragments)

    def _on_item_activated(self, item: str) -> None:
        if self._controller.mode == "relation":
            self.partner_clicked.emit(item)

    def _on_text_selected(self, fragments: object) -> None:
        if self._controller.mode == "relation" and fragments:
            self.words_clicked.emit(fragments)

    def _on_jumped(self, span: str) -> None:
        # The chip's relation was selected by the click; come back to that, then stand on the far end.
        self._controller.spots.leave()
        self._controller.select(span, reveal=False)
        self._controller.spots.remember()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the text where it is on the screen when a strip takes room above it, or gives it back."""
        if (
            watched is self.view
            and isinstance(event, QMoveEvent)
            and self.view.has_article
            and self.isVisible()
        ):
            self._lift(event.pos().y() - event.oldPos().y())
        return super().eventFilter(watched, event)

    def _lift(self, moved: int) -> None:
        selected = self._controller.selected.id
        if moved > 0:
            rect = self.view.rect_of(selected) if selected else None
            if rect is not None and 0 <= rect.top() < moved:
                return  # the strip would lie on what is worked on
            self._lifted += moved
            self.view.scroll_by(moved)
        elif moved < 0:
            back = min(-moved, self._lifted)
            self._lifted -= back
            self.view.scroll_by(-back)

    # ------------------------------------------------------------------ finding

    def _on_find_opened(self) -> None:
        self._before_finding = self._controller.document, self.view.anchor()

    def _on_find_closed(self, back: bool) -> None:  # noqa: FBT001 - a slot
        document, anchor = self._before_finding
        if back and anchor is not None and document == self._controller.document:
            layout = self.layout()
            if layout is not None:
                layout.activate()  # the bar gives its room back first
            self.view.put_anchor(*anchor)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_found(self, hits: object, current: int) -> None:
        fragments: Sequence[Fragment] = hits if isinstance(hits, list) else ()
        self.view.set_find_marks(fragments, current)
        if 0 <= current < len(fragments):
            self.view.ensure_visible(fragments[current].start)

    def _on_scale_changed(self) -> None:
        hub = theme_hub()
        self._head.setFixedHeight(hub.px(_HEAD))
        self.hint_bar.setFixedHeight(hub.px(_HINTS))
        self.view.set_theme(hub.theme)
