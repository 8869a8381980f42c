"""What actions do to the window itself: panels, look, cursor, finding, and the small questions about a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from annotator.editing.commands import ExcludeDocuments, RemoveDocuments, RenameDocument, SetFlag
from annotator.ui.canvas.navigation import Direction, Way
from annotator.ui.settings import NORMAL
from annotator.ui.strips import Answer, make_strip
from annotator.ui.theme import theme_hub

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow


class Acts:
    """The acts, over a window's parts."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    # ------------------------------------------------------------------ the article

    def label(self, stroke: str) -> None:
        """Give the label of a digit."""
        self._window.deciding.label_key(stroke)

    def edge(self, edge: Literal["left", "right"], *, by: int, characters: bool, stroke: str) -> None:
        """Move an edge; without a span the arrows select words instead."""
        kind = self._window.controller.selected.kind
        if kind in {"none", "text"} and stroke.endswith(("Left", "Right")):
            self.cursor("left" if stroke.endswith("Left") else "right", extend=True)
        else:
            self._window.deciding.move_edge(edge, by=by, characters=characters)

    def cursor(self, direction: Direction, *, extend: bool = False) -> None:
        """Move the word cursor."""
        self._window.centre.view.move_word_cursor(direction, extend=extend)

    def scroll(self, way: Way, *, extend: bool = False) -> None:
        """Scroll by a page or to an end; the word cursor goes along."""
        self._window.centre.view.travel(way, extend=extend)

    def begin_fragment(self) -> None:
        """Keep the selected words and choose those of another fragment."""
        window = self._window
        controller = window.controller
        fragments = window.centre.view.begin_fragment()
        if not fragments:
            controller.message.emit("There is no other word to choose.", "note", False)
            return
        is_span = controller.selected.id or controller.selected.grows
        controller.grow(fragments)
        end = "Enter adds it to the span." if is_span else "A label's digit labels them all."
        words = f"Another fragment: arrows move it, with Shift they lengthen it. {end}"
        controller.message.emit(words, "note", False)

    def drop_fragment(self) -> None:
        """Take away the fragment that the word cursor stands on, or the last one of a span."""
        window = self._window
        controller = window.controller
        if controller.selected.kind != "text":
            window.deciding.drop_fragment()
            return
        rest = window.centre.view.word_cursor.drop_fragment()
        if rest and controller.selected.grows:
            controller.grow(rest)
        elif rest:
            controller.select_text(rest)
        else:
            controller.select(controller.selected.grows, reveal=False)

    def copy(self) -> None:
        """Copy the selected words."""
        controller = self._window.controller
        words = controller.words(controller.selected.fragments)
        if words:
            QGuiApplication.clipboard().setText(words)
            controller.message.emit("Copied.", "note", False)

    def find_label(self, *, take: Callable[[str], None] | None = None, relations: bool | None = None) -> None:
        """Offer the labels to find by typing; `take` is told which, else the selection gets it.

        `relations` says whether relation types are offered; without a word what is selected does.
        """
        window = self._window
        selected = window.controller.selected
        window.label_finder.open(
            window.controller.schema,
            relations=selected.kind in {"relation", "relation_candidate"} if relations is None else relations,
            rect=self.selected_rect(),
            room=window.centre.rect(),
            take=take,
        )

    def selected_rect(self) -> QRect:
        """Give where the selection lies, or the partner that a type is chosen for, in the centre's pixels."""
        window = self._window
        selected, view = window.controller.selected, window.centre.view
        is_text = selected.kind == "text"
        target = window.relation.target
        if target is not None:
            rect = view.rect_of(target.item)
        elif is_text:
            rect = view.rect_of_text(selected.fragments[0].start)
        else:
            rect = view.rect_of(selected.id)
        top_left = view.viewport().mapTo(window.centre, rect.topLeft())
        return QRect(top_left, rect.size())

    def other_end(self) -> None:
        """Go along the relation to its other end."""
        window = self._window
        if window.stepping.other_end(seen=window.centre.on_screen()):
            window.centre.view.flash(window.controller.selected.id)

    def partners(self, *, forward: bool) -> None:
        """Scroll by a page and give the letters to the partners there."""
        self._window.centre.view.page(1 if forward else -1)
        self._window.relation.reletter()

    def jump_page(self, *, forward: bool) -> None:
        """Scroll by a page and put the letters over the words there."""
        self._window.centre.view.page(1 if forward else -1)
        self._window.jump.follow()

    def escape(self) -> None:
        """Go one step out: a drag, a drawer, a search, finishing, a question, the labels shown, the selection."""
        window = self._window
        if window.centre.view.mouse.cancel() or window.page.close_drawer():
            return
        if window.centre.find_bar.isVisible():
            window.centre.find_bar.leave()
        elif window.finishing.is_ready:
            window.finishing.disarm()
        elif window.centre.strips.dismiss():
            return
        elif window.controller.selected.grows:
            window.controller.select(window.controller.selected.grows, reveal=False)
        elif window.controller.only:
            window.controller.show_only(())
        else:
            window.controller.select("")

    def find(self) -> None:
        """Open the bar that finds words, with the selected ones in it; while a partner is picked, find that."""
        window = self._window
        controller = window.controller
        if window.relation.is_on:
            self._find_partner()
            return
        words = controller.words(controller.selected.fragments) if controller.selected.kind == "text" else ""
        begin = window.centre.view.top_offset()
        window.centre.find_bar.open(controller.text, words=words, begin=begin)

    def _find_partner(self) -> None:
        window = self._window
        view, centre = window.centre.view, window.centre
        middle = QPoint(view.viewport().width() // 2 - theme_hub().px(220), 0)
        window.partner_finder.open(
            window.relation.partners,
            text=window.controller.text,
            schema=window.controller.schema,
            paragraph_of=view.paragraph_of,
            rect=QRect(view.viewport().mapTo(centre, middle), QSize(1, 1)),
            room=centre.rect(),
            take=window.relation.pick,
        )

    def find_step(self, *, forward: bool) -> None:
        """Go to the next or previous place found."""
        self._window.centre.find_bar.step(forward=forward)

    def find_take(self) -> None:
        """Select the place found, and leave the bar there; `back` returns to where one was before."""
        window = self._window
        bar = window.centre.find_bar
        if not bar.hits:
            return
        hit = bar.hits[max(0, bar.current)]
        window.controller.spots.leave()
        bar.leave()
        window.controller.select_text((hit,))
        window.centre.view.ensure_visible(hit.start)
        window.controller.spots.remember()
        window.focus_article()

    # ------------------------------------------------------------------ documents

    def neighbour(self, *, forward: bool) -> None:
        """Open the next or previous document."""
        controller = self._window.controller
        key = controller.order.neighbour(forward=forward)
        if key is None:
            where = "last" if forward else "first"
            controller.message.emit(f"This is the {where} document of the list.", "note", False)
        else:
            controller.open_document(key)

    def filter(self) -> None:
        """Go to the filter of the documents."""
        self._window.project_search.end()
        self._window.page.show_panel("documents", shown=True)
        self._window.page.documents.focus_filter()

    def note(self) -> None:
        """Go to the note of the selection, or of the document."""
        self._window.page.show_panel("work", shown=True)
        work = self._window.page.work
        kind = self._window.controller.selected.kind
        if kind not in {"span", "relation"} or not work.edit_note():
            work.edit_document_note()

    def flag(self) -> None:
        """Set or clear the flag of the document."""
        controller = self._window.controller
        if controller.info is not None:
            controller.do(SetFlag(kind=None, key=controller.info.key, flagged=not controller.info.flagged))

    def rename(self, title: str) -> None:
        """Give the document another title."""
        controller = self._window.controller
        info = controller.info
        if info is not None and title.strip() and title.strip() != info.title:
            controller.do(RenameDocument(info.key, title.strip()))

    def exclude(self) -> None:
        """Leave the document out of exports and counts, or take it in again."""
        controller = self._window.controller
        if controller.info is not None:
            controller.do(
                ExcludeDocuments(documents=(controller.info.key,), excluded=not controller.info.excluded)
            )

    def remove_document(self) -> None:
        """Take the document out of the project, after a question in a strip."""
        controller = self._window.controller
        info = controller.info
        if info is not None:
            self.ask_remove(info.key, info.title)

    def ask_remove(self, key: int, title: str) -> None:
        """Ask whether a document shall go."""
        window = self._window
        strips = window.centre.strips

        def remove() -> None:
            strips.take_down("remove")
            following = window.controller.order.neighbour(forward=True) or window.controller.order.neighbour(
                forward=False
            )
            is_open = window.controller.document == key
            if window.controller.do(RemoveDocuments((key,))) is not None and is_open:
                window.controller.open_document(following)
            window.focus_article()

        def keep() -> None:
            strips.take_down("remove")
            window.focus_article()

        def for_good() -> None:
            strips.take_down("remove")
            window.places.ask_remove_for_good(key)

        strip = make_strip(
            f"Remove “{title}” from the project? Undo brings it back with all that was decided.",
            Answer(text="Remove it", run=remove, kind="danger"),
            Answer(text="For good…", run=for_good),
            Answer(text="Keep", run=keep),
            tone="warn",
            icon_name="trash",
        )
        strips.show_strip("remove", strip)

    # ------------------------------------------------------------------ look

    def toggle_scores(self) -> None:
        """Show or hide scores on tags."""
        window = self._window
        window.looks["scores"] = not window.looks["scores"]
        window.centre.view.set_show_scores(window.looks["scores"])
        window.update_actions()

    def toggle_plain(self) -> None:
        """Show the text alone, or everything."""
        window = self._window
        window.looks["plain"] = not window.looks["plain"]
        window.centre.view.set_plain(window.looks["plain"])
        window.update_actions()

    def toggle_rejected(self) -> None:
        """Show or hide what was rejected."""
        window = self._window
        window.looks["rejected"] = not window.looks["rejected"]
        window.centre.view.set_show_rejected(window.looks["rejected"])
        window.update_actions()

    def toggle_compact(self) -> None:
        """Set lines closer, or apart."""
        settings = self._window.settings
        settings.compact = not settings.compact

    def theme(self, name: str) -> None:
        """Choose a theme."""
        self._window.settings.theme = name

    def text_size(self, by: int) -> None:
        """Make the article's text larger or smaller by percent; 0 makes it normal."""
        settings = self._window.settings
        settings.text_size = settings.text_size + by if by else NORMAL

    def full_screen(self) -> None:
        """Use the whole screen, or leave it."""
        window = self._window
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
        window.update_actions()

    # ------------------------------------------------------------------ window

    def palette(self) -> None:
        """Open the palette."""
        self._window.palette_box.open()

    def panel(self, *, forward: bool) -> None:
        """Go to the next part of the window: documents, article, work, strip."""
        window = self._window
        parts: list[QWidget] = []
        if window.page.is_shown("documents"):
            parts.append(window.page.documents)
        parts.append(window.centre.view)
        if window.page.is_shown("work"):
            parts.append(window.page.work)
        button = window.centre.strips.first_button()
        if button is not None:
            parts.append(button)
        focus: QWidget | None = window.focusWidget()
        holding = [index for index, part in enumerate(parts) if _holds(part, focus)]
        here = holding[0] if holding else 0
        part = parts[(here + (1 if forward else -1)) % len(parts)]
        _give_focus(part)


def _holds(part: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (part is focus or part.isAncestorOf(focus))


def _give_focus(part: QWidget) -> None:
    """Put the focus on a part, or on the first thing in it that takes it."""
    enter = getattr(part, "take_focus", None)
    if callable(enter):
        enter()
        return
    if part.focusPolicy() != Qt.FocusPolicy.NoFocus:
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return
    first = part.nextInFocusChain()
    while first is not None and first is not part:
        if part.isAncestorOf(first) and first.isVisible() and first.focusPolicy() & Qt.FocusPolicy.TabFocus:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        first = first.nextInFocusChain()
