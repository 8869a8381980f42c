"""The right panel: tabs for work on the selection, all spans, all relations, notes, and the guide.

It is handed a `WorkState` after every change and says by signals what a person wants. Only the tab that is seen is
filled; the others are when they are looked at.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from annotator.model.annotation import Rejection, Relation, Span
from annotator.model.article import Readings, RelationToDecide
from annotator.ui.models.article_items import id_of, relation_items, span_items
from annotator.ui.models.item_memory import ItemMemory
from annotator.ui.models.item_tables import (
    RELATION_HEADS,
    SPAN_HEADS,
    ItemTable,
    RowMemory,
    relation_rows,
    span_rows,
)
from annotator.ui.panels.guide import GuidePage
from annotator.ui.panels.notes import NotesPage, count_notes
from annotator.ui.panels.parts import EnteredLine
from annotator.ui.panels.state import NO_DOCUMENT, WorkState
from annotator.ui.panels.tables import TablePage
from annotator.ui.panels.work_tab import WorkTab
from annotator.ui.style import set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import CountTabs, EmptyState, Hairline
from annotator.workflows.session import Session

WORK, SPANS, RELATIONS, NOTES, GUIDE = range(5)
"""Places of the tabs."""
TABLE_DELAY = 30
"""Milliseconds from a decision to a new table."""


class WorkPanel(QWidget):
    """The right panel.

    Signals:
        label_chosen(str), relation_type_chosen(str): names of types that were clicked.
        accept_wanted(), reject_wanted(), reopen_wanted(): decide on the selection.
        reading_chosen(int): index of a reading. item_chosen(str): item id to select in the article.
        turn_wanted(), relation_wanted(), find_wanted(), new_label_wanted(): as the keys V, R, E say.
        otherwise_wanted(): go to where the words of the selection carry another label.
        type_menu_wanted(str, str, QPoint): `span` or `relation`, name, place on the screen.
        note_changed(str, int, str): `document`, `span` or `relation`, row key, note.
        flag_changed(str, int, bool): the same, and whether it is flagged now.
        article_wanted(): the keyboard goes back to the article.
    """

    label_chosen = Signal(str)
    relation_type_chosen = Signal(str)
    accept_wanted = Signal()
    reject_wanted = Signal()
    reopen_wanted = Signal()
    reading_chosen = Signal(int)
    item_chosen = Signal(str)
    turn_wanted = Signal()
    relation_wanted = Signal()
    find_wanted = Signal()
    otherwise_wanted = Signal()
    new_label_wanted = Signal()
    type_menu_wanted = Signal(str, str, QPoint)
    note_changed = Signal(str, int, str)
    flag_changed = Signal(str, int, bool)
    article_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = NO_DOCUMENT
        self._stale = set(range(5))
        self._memory = ItemMemory()
        self._rows: RowMemory = {}
        self._notes_shown = 0
        self._chosen_label = ""
        self._table_timer = QTimer(self)
        self._table_timer.setSingleShot(True)
        self._table_timer.setInterval(TABLE_DELAY)
        self._table_timer.timeout.connect(self._fill)
        self._build()
        self._tab_row = QHBoxLayout()
        self._tab_row.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._tab_row)
        column.addWidget(Hairline())
        column.addWidget(self._pages, 1)
        self._entered = EnteredLine(self)
        set_surface(self, "panel")
        self.setAccessibleName(self.tr("Work"))
        self._connect()
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()
        self.set_state(NO_DOCUMENT)

    def _build(self) -> None:
        self.tabs = CountTabs(name=self.tr("Right panel"), height=40, has_hairline=False)
        for words in (
            *(self.tr("Work"), self.tr("Spans"), self.tr("Relations"), self.tr("Notes"), self.tr("Guide")),
        ):
            self.tabs.add_tab(words)
        self.work = WorkTab()
        self.spans = TablePage(
            ItemTable(SPAN_HEADS),
            ("chip", "serif", "state", "number"),
            name=self.tr("Spans"),
            stretched=(1,),
            empty=EmptyState(
                "tag", self.tr("No spans yet"), self.tr("Select words and press a label key."), measure=220
            ),
        )
        self.relations = TablePage(
            ItemTable(RELATION_HEADS),
            ("type", "serif", "serif", "state"),
            name=self.tr("Relations"),
            stretched=(1, 2),
            empty=EmptyState(
                "relation", self.tr("No relations yet"), self.tr("Select a span and press R."), measure=220
            ),
        )
        self.notes = NotesPage()
        self.guide = GuidePage()
        self._pages = QStackedWidget()
        for page in (self.work, self.spans, self.relations, self.notes, self.guide):
            self._pages.addWidget(page)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._on_tab_changed)
        work = self.work
        work.types.label_chosen.connect(self._on_label_chosen)
        work.types.relation_type_chosen.connect(self.relation_type_chosen)
        work.types.new_label_wanted.connect(self.new_label_wanted)
        work.types.type_menu_wanted.connect(self.type_menu_wanted)
        work.types.acted.connect(self.find_wanted)
        for buttons in (work.span.buttons, work.relation.buttons):
            buttons.accept_wanted.connect(self.accept_wanted)
            buttons.reject_wanted.connect(self.reject_wanted)
            buttons.reopen_wanted.connect(self.reopen_wanted)
        work.span.otherwise_wanted.connect(self.otherwise_wanted)
        work.reading_chosen.connect(self.reading_chosen)
        work.relation.acted.connect(self.turn_wanted)
        work.relations.item_chosen.connect(self.item_chosen)
        work.relations.acted.connect(self.relation_wanted)
        work.note.note_changed.connect(self.note_changed)
        work.note.left.connect(self.article_wanted)
        for page in (self.spans, self.relations):
            page.item_chosen.connect(self.item_chosen)
            page.accept_wanted.connect(self._accept_item)
            page.reject_wanted.connect(self._reject_item)
        self.notes.note_changed.connect(self.note_changed)
        self.notes.flag_changed.connect(self.flag_changed)
        self.notes.field.closed.connect(self.article_wanted)
        self.notes.item_chosen.connect(self.item_chosen)

    # ------------------------------------------------------------------ what others ask for

    def set_session(self, session: Session | None) -> None:
        """Begin with another project, or none: no document, the first tab."""
        self._memory, self._rows = ItemMemory(), {}
        self._chosen_label = ""
        schema = session.schema if session is not None else NO_DOCUMENT.schema
        read_only = session.read_only if session is not None else True
        self.tabs.setCurrentIndex(WORK)
        self.set_state(WorkState(schema=schema, read_only=read_only))

    def set_state(self, state: WorkState) -> None:
        """Show a document, a selection, a mode."""
        before, self.state = self.state, state
        is_other = _key_of(before) != _key_of(state)
        if is_other:
            self._rows.clear()
        if before.schema is not state.schema or _label_of(state) != _label_of(before):
            self._chosen_label = _label_of(state) or self._chosen_label
        count = count_notes(state)
        if count != self._notes_shown:
            self._notes_shown = count
            self.tabs.set_count(NOTES, count or None)
        self._stale = set(range(5))
        if before.annotations is state.annotations and before.schema == state.schema:
            # The tables list what is there: only what is selected became another.
            for index, page in ((SPANS, self.spans), (RELATIONS, self.relations)):
                if self.tabs.currentIndex() == index:
                    self._stale.discard(index)
                    page.set_current(state.selection.id)
        elif self.tabs.currentIndex() in {SPANS, RELATIONS} and not is_other:
            # A decision is answered in the article first; ten thousand rows may take a few frames.
            self._table_timer.start()
            return
        self._fill()

    def show_tab(self, index: int) -> None:
        """Show a tab: `WORK`, `SPANS`, `RELATIONS`, `NOTES` or `GUIDE`."""
        self.tabs.setCurrentIndex(index)

    def show_guide(self, label: str) -> None:
        """Show what a label or relation type means."""
        self._chosen_label = label
        self._stale.add(GUIDE)
        self.show_tab(GUIDE)
        self._fill()

    def edit_note(self) -> bool:
        """Put the keyboard into the note of the selection; False where there can be none (a candidate, text)."""
        self.show_tab(WORK)
        return self.work.note.edit()

    def edit_document_note(self) -> None:
        """Put the keyboard into the note of the document."""
        self.show_tab(NOTES)
        self.notes.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take_focus(self) -> None:
        """Take the keyboard, as when one goes round the panels; a line at the top shows it."""
        pages: dict[int, QWidget] = {SPANS: self.spans.view, RELATIONS: self.relations.view}
        target = pages.get(self.tabs.currentIndex(), self.tabs)
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self._entered.enter()

    # ------------------------------------------------------------------ filling

    def _on_tab_changed(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self._fill()

    def _fill(self) -> None:
        self._table_timer.stop()
        index = self.tabs.currentIndex()
        if index not in self._stale:
            return
        self._stale.discard(index)
        state = self.state
        if index == WORK:
            self.work.set_state(state)
        elif index == NOTES:
            self.notes.set_state(state)
        elif index == GUIDE:
            self.guide.set_state(state, self._chosen_label)
        else:
            self._fill_table(index)

    def _fill_table(self, index: int) -> None:
        state = self.state
        chosen = dict(state.readings_chosen)
        if isinstance(state.selection.thing, Readings):
            chosen[state.selection.id] = state.selection.reading
        items = span_items(
            state.annotations, state.schema, state.tokens, state.text, chosen, memory=self._memory
        )
        if index == SPANS:
            self.spans.set_rows(
                span_rows(items, state.text, state.paragraph_of, memory=self._rows), state.selection.id
            )
            return
        relations = relation_items(
            state.annotations, state.schema, state.tokens, state.text, memory=self._memory
        )
        noted = frozenset(id_of(each) for each in state.annotations.relations if each.note)
        by_id = {item.id: item for item in items}
        self.relations.set_rows(relation_rows(relations, by_id, state.text, noted=noted), state.selection.id)

    def _accept_item(self, item_id: str) -> None:
        self.item_chosen.emit(item_id)
        if not self.state.read_only:
            self.accept_wanted.emit()

    def _reject_item(self, item_id: str) -> None:
        self.item_chosen.emit(item_id)
        if not self.state.read_only:
            self.reject_wanted.emit()

    def _on_label_chosen(self, name: str) -> None:
        self._chosen_label = name
        self._stale.add(GUIDE)
        self.label_chosen.emit(name)

    def _lay_out(self) -> None:
        self._tab_row.setContentsMargins(theme_hub().px(16), 0, theme_hub().px(8), 0)


def _key_of(state: WorkState) -> int | None:
    return state.document.key if state.document is not None else None


def _label_of(state: WorkState) -> str:
    thing = state.selection.thing
    match thing:
        case Span() | Relation():
            return thing.label
        case Readings():
            return thing.candidates[state.selection.reading % len(thing.candidates)].label
        case RelationToDecide():
            return thing.candidate.label
        case Rejection():
            return thing.what.label
    return state.selection.label
