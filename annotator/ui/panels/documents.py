"""The left panel: the project's name, a filter, tabs by state, the list of documents, and where one is in it.

It asks the session for documents itself, because nobody could hand over 100,000; what a person wants done it says
by signals. Counts are asked for a moment after a change, never within a key press.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from annotator.model.change import ChangeSet
from annotator.model.document import Document, State
from annotator.ui.models.documents import DocumentsModel
from annotator.ui.models.filtering import read_filter
from annotator.ui.panels.document_list import DocumentList
from annotator.ui.panels.documents_frame import DocumentsFoot, DocumentsHead, OrderLine
from annotator.ui.panels.parts import EnteredLine
from annotator.ui.style import set_surface
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import (
    CountTabs,
    EmptyState,
    Hairline,
    SearchField,
    make_label,
)
from annotator.workflows.queueing import Order, Ranking
from annotator.workflows.session import Counts, DocumentFilter, Session

COUNT_DELAY, TYPE_DELAY = 150, 180
"""Milliseconds from a change to new counts, and from a typed sign to a new list."""
_STATES = (None, State.TODO, State.IN_PROGRESS, State.DONE)
_IS_PART = re.compile(r"\bis:\S*\s*", re.IGNORECASE)
_NOTHING = Counts(all=0, todo=0, in_progress=0, done=0, skipped=0, flagged=0)


class DocumentsPanel(QWidget):
    """The documents of a project.

    Signals: `document_chosen(int)` row key; `import_wanted()`, `export_wanted()`; `project_menu_wanted(QPoint)` and
    `document_menu_wanted(int, QPoint)` with places on the screen; `filter_changed(object)` a `DocumentFilter`;
    `order_wanted(str)` id of an action.
    """

    document_chosen = Signal(int)
    import_wanted = Signal()
    export_wanted = Signal()
    project_menu_wanted = Signal(QPoint)
    document_menu_wanted = Signal(int, QPoint)
    order_wanted = Signal(str)
    filter_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._counts = _NOTHING
        self._current: int | None = None
        self._is_awaited = self._opens_first = False
        self.model = DocumentsModel(self)
        self._build_head()
        self._build_list()
        self._lay_out_parts()
        self._entered = EnteredLine(self)
        self._count_timer = _timer(self, COUNT_DELAY, self._count)
        self._type_timer = _timer(self, TYPE_DELAY, self._apply_filter)
        set_surface(self, "panel")
        self.setAccessibleName(self.tr("Documents"))
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()
        self.set_session(None)

    # ------------------------------------------------------------------ what others ask for

    def set_session(self, session: Session | None) -> None:
        """Show the documents of another project, or of none."""
        self._session = session
        self._current = None
        with QSignalBlocker(self._field), QSignalBlocker(self._tabs):
            self._field.setText("")
            self._tabs.setCurrentIndex(0)
        can_write = session is not None and not session.read_only
        self._head.set_project(session.name if session is not None else "", can_write=can_write)
        self._field.setEnabled(session is not None)
        self.list.set_open(None, reveal=False)
        self.model.set_session(session)
        self._foot.set_filter(self.model.filter)
        self._count()
        self._say_problem("")

    def set_current(self, key: int | None) -> None:
        """Mark the open document and bring it into view."""
        self._current = key
        self.list.set_open(key, reveal=True)
        self._await_current()
        self._show_place()

    def refresh(self, changes: ChangeSet | None) -> None:
        """Take over what an act changed; None reads everything again."""
        rows = self.model.rowCount()
        self.model.refresh(changes)
        if changes is None or changes.everywhere:
            self._head.name.set_name(self._session.name if self._session is not None else "")
        if self.model.rowCount() != rows or changes is None:
            self._show_page()
            self.list.set_open(self._current, reveal=False)
        if _may_change_counts(changes):
            self._count_timer.start()

    def focus_filter(self) -> None:
        """Put the keyboard into the filter, its words selected."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def take_focus(self) -> None:
        """Take the keyboard, as when one goes round the panels; a line at the top shows it."""
        if self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._field.setFocus(Qt.FocusReason.TabFocusReason)
        self._entered.enter()

    def current_filter(self) -> DocumentFilter:
        """Give the filter in force."""
        return self.model.filter

    def set_filter_text(self, typed: str) -> None:
        """Filter as if this had been typed."""
        self._field.setText(typed)
        self._type_timer.stop()
        self._apply_filter()

    def set_order(self, order: Order) -> None:
        """List documents in another order; what is to be listed then comes by `take`, but for file order."""
        self._order.set_order(order)
        self._foot.set_order(order)
        self.model.rank(is_ranked=order is not Order.FILE)
        if order is Order.FILE:
            self.list.set_open(self._current, reveal=True)
            self._show_page()

    def take(self, ranking: Ranking, *, reveal: bool) -> None:
        """List documents in an order that was made for them; `reveal` brings the open one into view."""
        with self.list.staying(not reveal):
            self.model.take(ranking)
            self.list.set_open(self._current, reveal=reveal)
        self._show_page()
        if self._opens_first and ranking.keys:
            self.list.choose_first()
        self._opens_first = False

    # ------------------------------------------------------------------ building

    def _build_head(self) -> None:
        self._head = DocumentsHead()
        self._head.menu_wanted.connect(self.project_menu_wanted)
        self._head.import_wanted.connect(self.import_wanted)
        self._head.export_wanted.connect(self.export_wanted)
        self._foot = DocumentsFoot()
        self._foot.show_wanted.connect(self._show_only)
        self._foot.order_wanted.connect(self.order_wanted)
        self._order = OrderLine()
        self._order.leave_wanted.connect(lambda: self.order_wanted.emit("order_file"))
        self._field = SearchField(
            self.tr("Filter, or label:GPE"), key="Ctrl+P", name=self.tr("Filter documents")
        )
        self._field.setToolTip(
            self.tr("Words in title or text, label:GPE, is:flagged, is:skipped, is:todo, is:open, is:done")
        )
        self._field.textChanged.connect(self._on_typed)
        self._field.returnPressed.connect(self._on_filter_entered)
        self._problem = make_label("", "warn", wrap=True)
        self._tabs = CountTabs(name=self.tr("Documents by state"), has_hairline=False)
        for words in (self.tr("All"), self.tr("To do"), self.tr("Open"), self.tr("Done")):
            self._tabs.add_tab(words, 0)
        self._tabs.currentChanged.connect(self._on_tab_changed)

    def _build_list(self) -> None:
        self.list = DocumentList(self.model)
        # After the view, which must know of the rows before one of them can be shown.
        self.model.rowsInserted.connect(self._on_grown)
        self.list.document_chosen.connect(self.document_chosen)
        self.list.menu_wanted.connect(self.document_menu_wanted)
        self.list.typed.connect(self._type_into_filter)
        self.list.left_upwards.connect(self.focus_filter)
        self._empty = EmptyState("import", self.tr("No documents yet"), measure=220)
        self._empty_import = self._empty.add_button(self.tr("Import …"), kind="primary", key="Ctrl+I")
        self._empty_import.clicked.connect(self.import_wanted)
        self._no_match = EmptyState("search", "", measure=220)
        clear = self._no_match.add_button(self.tr("Clear the filter"), kind="plain", key="Esc")
        clear.clicked.connect(self._clear_filter)
        self._pages = QStackedWidget()
        for page in (self.list, self._empty, self._no_match):
            self._pages.addWidget(page)

    def _lay_out_parts(self) -> None:
        self._filter_row = QVBoxLayout()
        self._filter_row.addWidget(self._field)
        self._filter_row.addWidget(self._problem)
        self._tab_row = QHBoxLayout()
        self._tab_row.addWidget(self._tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addLayout(self._filter_row)
        column.addLayout(self._tab_row)
        column.addWidget(Hairline())
        column.addWidget(self._order)
        column.addSpacing(4)
        column.addWidget(self._pages, 1)
        column.addWidget(Hairline())
        column.addWidget(self._foot)

    def _lay_out(self) -> None:
        px = theme_hub().px
        self._filter_row.setContentsMargins(px(12), 0, px(12), px(2))
        self._filter_row.setSpacing(px(4))
        self._tab_row.setContentsMargins(px(18), 0, px(10), 0)

    # ------------------------------------------------------------------ showing

    def _count(self) -> None:
        self._counts = self._session.counts() if self._session is not None else _NOTHING
        counts = self._counts
        self._foot.set_counts(counts)
        for index, count in enumerate((counts.all, counts.todo, counts.in_progress, counts.done)):
            self._tabs.set_count(index, count)
        self._show_page()

    def _show_page(self) -> None:
        """Show the list, or what to do where there is none."""
        is_empty = self.model.rowCount() == 0
        is_filtered = self.model.filter != DocumentFilter()
        if is_empty and is_filtered:
            asked = self._field.text().strip() or self._tabs.tabText(self._tabs.currentIndex())
            self._no_match.set_words("search", self.tr("No document matches “{asked}”").format(asked=asked))
        elif is_empty:
            can_import = self._session is not None and not self._session.read_only
            told = self.tr("Drop text files, a folder or JSONL here.") if can_import else ""
            self._empty.set_words("import", self.tr("No documents yet"), told)
            self._empty_import.setVisible(can_import)
        page: QWidget = self.list
        if is_empty:
            page = self._no_match if is_filtered else self._empty
        self._pages.setCurrentWidget(page)
        self._show_place()

    def _show_place(self) -> None:
        place = self.model.place(self._current) if self._current is not None else None
        self._foot.set_place(place, self.model.rowCount(), is_whole=self.model.is_whole)

    def _on_grown(self) -> None:
        """Take over further documents of a long list; the open one may be among them."""
        self.list.set_open(self._current, reveal=self._is_awaited)
        self._await_current()
        self._show_page()

    def _await_current(self) -> None:
        """Note whether the open document is still to come into a list that grows, to be shown when it does."""
        is_there = self._current is None or self.model.place(self._current) is not None
        self._is_awaited = not is_there and not self.model.is_whole

    def _say_problem(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    # ------------------------------------------------------------------ filtering

    def _on_typed(self) -> None:
        self._type_timer.start()

    def _apply_filter(self) -> None:
        self._type_timer.stop()
        if self._session is None:
            return
        labels = [kind.name for kind in self._session.schema.entities]
        typed = read_filter(self._field.text(), labels=labels)
        wanted = typed.wanted
        state = wanted.state
        if state is None and not wanted.flagged:
            state = _STATES[max(self._tabs.currentIndex(), 0)]
            wanted = _with_state(wanted, state)
        elif state in _STATES:
            self._set_tab(_STATES.index(state))
        else:
            self._set_tab(0)
        self._say_problem(typed.problem)
        self._foot.set_filter(wanted)
        if wanted != self.model.filter:
            self.model.set_filter(wanted)
            self.list.set_open(self._current, reveal=True)
            self.filter_changed.emit(wanted)
        self._show_page()

    def _set_tab(self, index: int) -> None:
        with QSignalBlocker(self._tabs):
            self._tabs.setCurrentIndex(index)
        self._tabs.update()

    def _on_tab_changed(self) -> None:
        # A tab is a state: what was typed of one gives way.
        with QSignalBlocker(self._field):
            typed = _IS_PART.sub("", self._field.text()).strip()
            if typed != self._field.text():
                self._field.setText(typed)
        self._apply_filter()

    def _clear_filter(self) -> None:
        with QSignalBlocker(self._tabs):
            self._tabs.setCurrentIndex(0)
        self.set_filter_text("")
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_only(self, typed: str) -> None:
        with QSignalBlocker(self._tabs):
            self._tabs.setCurrentIndex(0)
        rest = _IS_PART.sub("", self._field.text()).strip() if typed else ""
        self.set_filter_text(f"{rest} {typed}".strip())

    def _type_into_filter(self, signs: str) -> None:
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.setText(self._field.text() + signs)

    def _on_filter_entered(self) -> None:
        self._apply_filter()
        self._opens_first = self.model.is_waiting
        if self.model.rowCount() and not self._opens_first:
            self.list.choose_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Reached from the field, which leaves these keys to its surroundings.
        if event.key() == Qt.Key.Key_Down and self._field.hasFocus() and self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.index(0))
            return
        super().keyPressEvent(event)


def _may_change_counts(changes: ChangeSet | None) -> bool:
    """Tell whether documents may be in another state, or others, than before."""
    if changes is None or changes.everywhere or not changes.documents:
        return True
    return any(isinstance(change.row, Document) for change in changes.changes)


def _with_state(wanted: DocumentFilter, state: State | None) -> DocumentFilter:
    return DocumentFilter(
        state=state,
        flagged=wanted.flagged,
        text=wanted.text,
        label=wanted.label,
        excluded=wanted.excluded,
    )


def _timer(parent: QWidget, milliseconds: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer
