"""The open project as the window works on it: document, selection, and the one way to change something.

A key press becomes a command, `do` hands it to the session, the change comes back through the bridge, and only
then anything is drawn. Which act does what stands in `deciding.py`, `finishing.py` and `relation_mode.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from annotator.editing.commands import Command
from annotator.model.annotation import Fragments, fragments_of, overlaps, surface
from annotator.model.article import Annotations
from annotator.model.change import ChangeSet
from annotator.model.document import Document, Tokens
from annotator.model.errors import NotSavedError, UserError
from annotator.model.rules import uncut
from annotator.model.schema import Schema
from annotator.ui.bridge import Bridge
from annotator.ui.document_order import DocumentOrder
from annotator.ui.selection import NOTHING, Kind, Place, Selected, Things, place_of_offset
from annotator.ui.spots import Spots
from annotator.ui.touched import items_of, places_of
from annotator.workflows.session import Session

_NO_TOKENS = Tokens((), ())


class Controller(QObject):
    """Holds what is open and selected; every widget reads it and hears its signals, none changes it directly.

    The article answers first: an act tells `items_changed` at once, and at its end `article_settled`, on which the
    article is painted; only then all others hear of it, by `annotations_changed` and `selection_changed`.
    """

    session_changed = Signal()
    document_changed = Signal()
    items_changed = Signal()
    article_settled = Signal()
    annotations_changed = Signal(object)
    selection_changed = Signal()
    schema_changed = Signal()
    only_changed = Signal()
    mode_changed = Signal(str)
    message = Signal(str, str, bool)
    not_saved = Signal(object, object)
    reveal_wanted = Signal(str, bool)
    text_reveal_wanted = Signal(int)
    place_wanted = Signal(object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self.document: int | None = None
        self.info: Document | None = None
        self.text = ""
        self.tokens = _NO_TOKENS
        self.things = Things(Annotations())
        self.selected: Selected = NOTHING
        self.readings_chosen: dict[str, int] = {}
        self.only: frozenset[str] = frozenset()
        self.order = DocumentOrder(self)
        self.mode = "decide"
        self._bridge: Bridge | None = None
        self._schema = Schema()
        self.spots = Spots(self)
        self._held = 0
        self._untold: list[ChangeSet] = []
        self._unsaid: list[tuple[str, str, bool]] = []

    # ------------------------------------------------------------------ the project

    @property
    def annotations(self) -> Annotations:
        """Give the annotations of the open document."""
        return self.things.annotations

    @property
    def schema(self) -> Schema:
        """Give the types of the open project, or none."""
        return self._schema

    @property
    def writable(self) -> bool:
        """Tell whether a project is open that can be written."""
        return self.session is not None and not self.session.read_only

    def set_session(self, session: Session | None) -> None:
        """Work on another project, or on none; the old one is left open for its owner to close."""
        if self._bridge is not None:
            self._bridge.stop()
            self._bridge.deleteLater()
            self._bridge = None
        self.session = session
        self.spots.forget()
        self._schema = Schema() if session is None else session.schema
        self.order.forget()
        self._clear_document()
        if session is not None:
            self._bridge = Bridge(session, self)
            self._bridge.changed.connect(self._on_changed)
        self.set_mode("decide")
        self.session_changed.emit()
        self.document_changed.emit()
        self._tell_selected()

    def set_mode(self, mode: str) -> None:
        """Change between deciding (`decide`) and picking a partner (`relation`)."""
        if mode != self.mode:
            self.mode = mode
            self.mode_changed.emit(mode)

    # ------------------------------------------------------------------ the document

    def open_document(self, key: int | None, *, item: str = "", remember: bool = True) -> None:
        """Show a document; the first thing undecided is selected unless an item id is given.

        A document that is gone is told in the status line, and the view stays.
        """
        if self.session is None:
            return
        if key is None:
            self._clear_document()
            self.document_changed.emit()
            self._tell_selected()
            return
        try:
            info, text = self.session.document(key), self.session.text(key)
            tokens, annotations = self.session.tokens(key), self.session.annotations(key)
        except UserError as error:
            self.message.emit(str(error), "refused", False)
            return
        if remember:
            self.spots.leave()
        self.set_mode("decide")
        self.show_only(())
        self.document, self.info, self.text, self.tokens = key, info, text, tokens
        self.things = Things(annotations)
        self.readings_chosen = {}
        self.selected = NOTHING
        self.document_changed.emit()
        wanted = item if self.things.get(item) else self.things.after(None)
        self.select(wanted, third=True)
        if remember:
            self.spots.remember()

    def _clear_document(self) -> None:
        self.show_only(())
        self.document, self.info, self.text, self.tokens = None, None, "", _NO_TOKENS
        self.things = Things(Annotations())
        self.selected, self.readings_chosen = NOTHING, {}

    def words(self, fragments: Fragments) -> str:
        """Give the words of a stretch of the open document."""
        return surface(self.text, fragments)

    # ------------------------------------------------------------------ the selection

    def select(self, item: str, *, third: bool = False, reveal: bool = True) -> None:
        """Select a thing by item id; an empty or unknown id selects nothing.

        Args:
            third: put it at a third of the height. reveal: bring it into view at all.
        """
        with self.held_selection():
            if not self.things.shows(item):
                self.show_only(())
                label = self._selected_of(item).label
                self.message.emit(f"All labels are shown again, as this is {label}.", "note", False)
            self._set_selected(self._selected_of(item))
            if reveal and self.selected.id:
                self.reveal_wanted.emit(self.selected.id, third)

    def select_text(self, fragments: Fragments) -> None:
        """Select a stretch of text, widened where it would cut a character; empty selects nothing.

        While fragments are chosen for a span (`grow`), text that shares some of its words goes on with that.
        """
        whole = uncut(self.text, fragments)
        thing = self.things.get(self.selected.grows) if self.selected.grows else None
        goes_on = thing is not None and overlaps(self.things.fragments(thing), whole)
        grows = self.selected.grows if goes_on else ""
        self._set_selected(Selected(kind="text", fragments=whole, grows=grows) if whole else NOTHING)

    def grow(self, fragments: Fragments) -> None:
        """Select text that is to become the fragments of the span that is selected; of selected text, simply that."""
        item = self.selected.grows or self.selected.id
        self._set_selected(Selected(kind="text", fragments=uncut(self.text, fragments), grows=item))

    def show_only(self, labels: Iterable[str]) -> None:
        """Show the spans of some labels alone, in the open document and until another one opens; none means all."""
        only = frozenset(labels)
        if only == self.only:
            return
        self.only = only
        self.things = Things(self.annotations, only=only)
        self.only_changed.emit()
        if not self.things.shows(self.selected.id):
            self._set_selected(NOTHING)

    def choose_reading(self, index: int) -> None:
        """Show another reading of the selected candidate, counted round."""
        readings = self.selected.readings
        if readings is None:
            return
        index %= len(readings.candidates)
        self.readings_chosen[self.selected.id] = index
        self.items_changed.emit()
        self.annotations_changed.emit(None)
        self._set_selected(
            replace(self.selected, reading=index, fragments=readings.candidates[index].fragments)
        )
        self.reveal_wanted.emit(self.selected.id, False)

    def _set_selected(self, selected: Selected) -> None:
        if selected != self.selected:
            self.selected = selected
            if not self._held:
                self._tell_selected()

    def _tell_selected(self) -> None:
        self.article_settled.emit()
        self.selection_changed.emit()

    def _selected_of(self, item: str) -> Selected:
        thing = self.things.get(item) if item else None
        if thing is None:
            return NOTHING
        kinds: dict[str, Kind] = {
            "Span": "span",
            "Readings": "candidate",
            "Relation": "relation",
            "RelationToDecide": "relation_candidate",
            "Rejection": "rejection",
        }
        found = Selected(
            kind=kinds[type(thing).__name__],
            id=item,
            thing=thing,
            fragments=self.things.fragments(thing),
            reading=self.readings_chosen.get(item, 0),
        )
        return replace(found, fragments=found.candidate.fragments) if found.candidate else found

    @property
    def place(self) -> Place | None:
        """Give the place of the selection in reading order, or None."""
        if self.selected.kind == "text":
            return place_of_offset(self.selected.fragments[0].start)
        return self.things.place(self.selected.id)

    @contextmanager
    def held_selection(self) -> Iterator[None]:
        """Tell of the selection once, at the end, however often it changes meanwhile, and of what was changed."""
        before = self.selected
        self._held += 1
        try:
            yield
        finally:
            try:
                if self._held == 1:
                    self._settle(before)
            finally:
                self._held -= 1
            if not self._held:
                self._say_all()

    def _settle(self, before: Selected) -> None:
        """Let the article answer, then all others."""
        if self.selected == before and not self._untold:
            return
        self.article_settled.emit()
        while self._untold:
            self.annotations_changed.emit(self._untold.pop(0))
        self._say_all()
        self._held = 0
        try:
            self.selection_changed.emit()
        finally:
            self._held = 1

    def _say_all(self) -> None:
        while self._unsaid:
            self.message.emit(*self._unsaid.pop(0))

    def _say(self, words: str, kind: str, *, can_undo: bool = False) -> None:
        """Say something in the status row; in the middle of an act at its end."""
        self._unsaid.append((words, kind, can_undo))
        if not self._held:
            self._say_all()

    @property
    def is_settling(self) -> bool:
        """Tell whether an act is under way that will tell of the selection at its end; what shows it can wait."""
        return self._held > 0

    # ------------------------------------------------------------------ changing

    def do(
        self, command: Command, *, quiet: bool = False, again: Callable[[], object] | None = None
    ) -> ChangeSet | None:
        """Carry out a command; what cannot be done is told in the status line and gives None.

        What could not be saved is told by `not_saved`, with a function that tries it anew: `again`, or the command.
        """
        if self.session is None:
            return None
        try:
            changes = self.session.do(command, initiator=self)
        except NotSavedError as error:
            self.tell_not_saved(error, again or (lambda: self._do_again(command)))
            return None
        except UserError as error:
            self._say(str(error), "refused")
            return None
        if changes.message and not quiet:
            self._say(changes.message, "done", can_undo=changes.step is not None)
        return changes

    def tell_not_saved(self, error: NotSavedError, again: Callable[[], object]) -> None:
        """Tell that an act was refused; trying it anew goes back to where we are now."""
        document, item = self.document, self.selected.id

        def go_and_do() -> None:
            if document is not None and document != self.document:
                self.open_document(document, item=item)
            elif item and self.things.get(item) and item != self.selected.id:
                self.select(item)
            again()

        self.not_saved.emit(error, go_and_do)

    def _do_again(self, command: Command) -> None:
        with self.held_selection():
            changes = self.do(command)
            if changes is not None:
                self.select_changed(changes)

    def _on_changed(self, changes: ChangeSet) -> None:
        session = self.session
        if session is None:
            return
        if changes.schema or changes.everywhere:
            self._schema = session.schema
            self.schema_changed.emit()
        key = self.document
        if key is not None and (changes.everywhere or not changes.documents or key in changes.documents):
            try:
                self.info = session.document(key)
                annotations = session.annotations(key)
            except UserError:  # removed meanwhile
                self.open_document(None)
            else:
                self._refresh(annotations)
                self.items_changed.emit()
        if self.is_settling:
            self._untold.append(changes)
        else:
            self.annotations_changed.emit(changes)

    def _refresh(self, annotations: Annotations) -> None:
        was_empty = not self.things.undecided and self.selected.kind == "none"
        self.things.follow(annotations, only=self.only)
        self.readings_chosen = {
            item: at for item, at in self.readings_chosen.items() if self.things.get(item)
        }
        if self.selected.kind != "text":
            selected = self._selected_of(self.selected.id)
            if not self.things.shows(selected.id):
                selected = NOTHING
            if selected.kind == "none" and was_empty and self.things.undecided:
                # Candidates arrived for a document that was opened before they were made.
                selected = self._selected_of(self.things.undecided[0])
            self._set_selected(selected)

    # ------------------------------------------------------------------ what an act touched

    def select_changed(self, changes: ChangeSet) -> bool:
        """Select what an act made, changed or brought back in the open document, and tell whether there is any.

        Without that the selection stays.
        """
        item = next((item for item in items_of(changes, self.things) if self.things.get(item)), "")
        if item:
            self.select(item)
        return bool(item)

    def show_changed(self, changes: ChangeSet) -> None:
        """Go to what an act changed in the open document; where nothing is left of it, to its place."""
        if self.select_changed(changes):
            return
        places = next(places_of(changes, self.document, self.annotations), None)
        if places:
            self.select("")
            self.place_wanted.emit(fragments_of(*itertools.chain(*places)), max(places)[0].start)
