"""The open project as the window works on it: document, selection, and the one way to change something.

A key press becomes a command, `do` hands it to the session, the change comes back through the bridge, and only
then anything is drawn. Which act does what stands in `deciding.py`, `finishing.py` and `relation_mode.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from annotator.editing.commands import Command
from annotator.model.annotation import Fragments, Rejection, Relation, Span, surface
from annotator.model.article import Annotations
from annotator.model.change import ChangeSet
from annotator.model.document import Document, Tokens
from annotator.model.errors import UserError
from annotator.model.schema import Schema
from annotator.ui.bridge import Bridge
from annotator.ui.models.article_items import id_of
from annotator.ui.selection import NOTHING, Kind, Place, Selected, Things, place_of_offset
from annotator.workflows.session import DocumentFilter, Session

_NO_TOKENS = Tokens((), ())
_PLACES_KEPT = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """A place one can go back to."""

    document: int
    item: str


class Controller(QObject):
    """Holds what is open and selected; every widget reads it and hears its signals, none changes it directly."""

    session_changed = Signal()
    document_changed = Signal()
    annotations_changed = Signal(object)
    selection_changed = Signal()
    schema_changed = Signal()
    mode_changed = Signal(str)
    message = Signal(str, str, bool)
    reveal_wanted = Signal(str, bool)
    text_reveal_wanted = Signal(int)

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
        self.filter = DocumentFilter()
        self.mode = "decide"
        self._bridge: Bridge | None = None
        self._schema = Schema()
        self._spots: list[Spot] = []
        self._spot = -1
        self._held = 0
        self._changed_meanwhile = False

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
        self._spots, self._spot = [], -1
        self._schema = Schema() if session is None else session.schema
        self.filter = DocumentFilter()
        self._clear_document()
        if session is not None:
            self._bridge = Bridge(session, self)
            self._bridge.changed.connect(self._on_changed)
        self.set_mode("decide")
        self.session_changed.emit()
        self.document_changed.emit()
        self.selection_changed.emit()

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
            self.selection_changed.emit()
            return
        try:
            info, text = self.session.document(key), self.session.text(key)
            tokens, annotations = self.session.tokens(key), self.session.annotations(key)
        except UserError as error:
            self.message.emit(str(error), "refused", False)
            return
        self.set_mode("decide")
        self.document, self.info, self.text, self.tokens = key, info, text, tokens
        self.things = Things(annotations)
        self.readings_chosen = {}
        self.selected = NOTHING
        self.document_changed.emit()
        wanted = item if self.things.get(item) else self.things.after(None)
        self.select(wanted, third=True)
        if remember:
            self.remember_spot()

    def _clear_document(self) -> None:
        self.document, self.info, self.text, self.tokens = None, None, "", _NO_TOKENS
        self.things = Things(Annotations())
        self.selected, self.readings_chosen = NOTHING, {}

    def neighbour(self, *, forward: bool, unfinished: bool = False) -> int | None:
        """Give the next or previous document under the filter, or None."""
        if self.session is None or self.document is None:
            return None
        return self.session.neighbour(
            self.document, forward=forward, unfinished=unfinished, wanted=self.filter
        )

    def words(self, fragments: Fragments) -> str:
        """Give the words of a stretch of the open document."""
        return surface(self.text, fragments)

    # ------------------------------------------------------------------ the selection

    def select(self, item: str, *, third: bool = False, reveal: bool = True) -> None:
        """Select a thing by item id; an empty or unknown id selects nothing.

        Args:
            third: put it at a third of the height. reveal: bring it into view at all.
        """
        self._set_selected(self._selected_of(item))
        if reveal and self.selected.id:
            self.reveal_wanted.emit(self.selected.id, third)

    def select_text(self, fragments: Fragments) -> None:
        """Select a stretch of text; empty selects nothing."""
        self._set_selected(Selected(kind="text", fragments=fragments) if fragments else NOTHING)

    def choose_reading(self, index: int) -> None:
        """Show another reading of the selected candidate, counted round."""
        readings = self.selected.readings
        if readings is None:
            return
        index %= len(readings.candidates)
        self.readings_chosen[self.selected.id] = index
        self.annotations_changed.emit(None)
        self._set_selected(
            replace(self.selected, reading=index, fragments=readings.candidates[index].fragments)
        )
        self.reveal_wanted.emit(self.selected.id, False)

    def _set_selected(self, selected: Selected) -> None:
        if selected != self.selected:
            self.selected = selected
            if not self._held:
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
        """Tell of the selection once, at the end, however often it changes meanwhile."""
        before = self.selected
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if not self._held and (self.selected != before or self._changed_meanwhile):
                self._changed_meanwhile = False
                self.selection_changed.emit()

    @property
    def is_settling(self) -> bool:
        """Tell whether an act is under way that will tell of the selection at its end; what shows it can wait."""
        return self._held > 0

    # ------------------------------------------------------------------ changing

    def do(self, command: Command, *, quiet: bool = False) -> ChangeSet | None:
        """Carry out a command; what cannot be done is told in the status line and gives None."""
        if self.session is None:
            return None
        try:
            changes = self.session.do(command, initiator=self)
        except UserError as error:
            self.message.emit(str(error), "refused", False)
            return None
        if changes.message and not quiet:
            self.message.emit(changes.message, "done", changes.step is not None)
        return changes

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
        self._changed_meanwhile = self.is_settling
        self.annotations_changed.emit(changes)

    def _refresh(self, annotations: Annotations) -> None:
        was_empty = not self.things.undecided and self.selected.kind == "none"
        self.things = Things(annotations)
        self.readings_chosen = {
            item: at for item, at in self.readings_chosen.items() if self.things.get(item)
        }
        if self.selected.kind != "text":
            selected = self._selected_of(self.selected.id)
            if selected.kind == "none" and was_empty and self.things.undecided:
                # Candidates arrived for a document that was opened before they were made.
                selected = self._selected_of(self.things.undecided[0])
            self._set_selected(selected)

    # ------------------------------------------------------------------ what an act touched

    def select_changed(self, changes: ChangeSet) -> None:
        """Select what an act made, changed or brought back in the open document; without that, keep the selection."""
        for item in self._items_of(changes):
            if self.things.get(item):
                self.select(item)
                return

    def _items_of(self, changes: ChangeSet) -> Iterator[str]:
        """Name what acted, the most telling first: rows that are there again, then candidates that are."""
        rows = [change for change in changes.changes if isinstance(change.row, Span | Relation | Rejection)]
        for change in rows:
            if isinstance(change.after, Span | Relation):
                yield id_of(change.after)
        for change in rows:
            if change.after is None:
                yield self._candidate_of(change.row)

    def _candidate_of(self, row: object) -> str:
        if isinstance(row, Span):
            return self.things.of_key(row.identity)
        if isinstance(row, Rejection):
            return self.things.of_key(row.what)
        if isinstance(row, Relation):
            for each in self.annotations.undecided_relations:
                keys = [end.key for end in (each.head, each.child) if isinstance(end, Span)]
                if each.candidate.label == row.label and (not keys or set(keys) & {row.head, row.child}):
                    return self.things.of_key(each.candidate.what)
        return ""

    # ------------------------------------------------------------------ going back

    def remember_spot(self) -> None:
        """Keep where we are, to come back to with `back`."""
        if self.document is None:
            return
        spot = Spot(self.document, self.selected.id)
        if self._spot >= 0 and self._spots[self._spot] == spot:
            return
        self._spots = [*self._spots[: self._spot + 1], spot][-_PLACES_KEPT:]
        self._spot = len(self._spots) - 1

    def can_travel(self, *, forward: bool) -> bool:
        """Tell whether there is a place to go back or forward to."""
        return 0 <= self._spot + (1 if forward else -1) < len(self._spots)

    def travel(self, *, forward: bool) -> None:
        """Go back to where we were, or forward again."""
        if not self.can_travel(forward=forward):
            return
        self._spot += 1 if forward else -1
        spot = self._spots[self._spot]
        if spot.document != self.document:
            self.open_document(spot.document, item=spot.item, remember=False)
        else:
            self.select(spot.item, third=True)
