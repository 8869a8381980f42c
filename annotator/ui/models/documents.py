"""The list of documents as a Qt model: their order is known at once, a row is asked for when it is looked at.

The row keys of 100,000 documents are one quick question to the project and make the scroll bar true from the
start; the rows themselves come one page at a time, as the view shows them, and old pages are let go.
What a row looks like is the delegate's matter.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.model.change import Change, ChangeSet
from annotator.model.document import Document, State
from annotator.model.errors import StaleError
from annotator.workflows.session import DocumentFilter, DocumentRow, Session

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
KEY_ROLE = Qt.ItemDataRole.UserRole + 2
PAGE = 50
"""Rows that are asked for together."""
KEPT = 4_000
"""Most rows that are kept; beyond that all but the newest page are let go."""

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


def row_words(row: DocumentRow, *, language: str = "") -> str:
    """Say how far a document is: `41 left of 95`, `64 spans · 22 relations`, `skipped: not news`.

    `language` is the project's: of another one it is told shortly, instead of the suggester's reason.
    """
    parts = [_progress(row, language)]
    if row.flagged:
        parts.append("flagged")
    if row.excluded:
        parts.append("left out of exports")
    return " · ".join(part for part in parts if part)


def _progress(row: DocumentRow, language: str) -> str:
    held = f"{counted(row.spans, 'span')} · {counted(row.relations, 'relation')}"
    if row.state is State.SKIPPED:
        return f"skipped: {row.reason}" if row.reason else "skipped"
    if row.state is State.DONE:
        return held
    if row.undecided and row.decided:
        return f"{row.undecided:,} left of {row.undecided + row.decided:,}"
    if row.undecided:
        return counted(row.undecided, "candidate")
    if row.decided:
        return f"nothing left · {held}"
    if row.skipped_by_suggester:
        is_foreign = language and row.language.partition("-")[0] != language.partition("-")[0]
        return "in another language" if is_foreign else row.skipped_by_suggester
    return "no candidates" if row.suggested else "no candidates yet"


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: `1 span`, `1,204 spans`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


class DocumentsModel(QAbstractListModel):
    """The documents that a filter leaves, in file order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._filter = DocumentFilter()
        self._keys: list[int] = []
        self._places: dict[int, int] = {}
        self._rows: dict[int, DocumentRow] = {}

    @property
    def filter(self) -> DocumentFilter:
        """Give the filter in force."""
        return self._filter

    def set_session(self, session: Session | None) -> None:
        """List another project, or none, without a filter."""
        self._session = session
        self._filter = DocumentFilter()
        self.reload()

    def set_filter(self, wanted: DocumentFilter) -> None:
        """List other documents of the same project."""
        if wanted != self._filter:
            self._filter = wanted
            self.reload()

    def reload(self) -> None:
        """Ask for everything again."""
        self.beginResetModel()
        self._keys = self._session.document_keys(self._filter) if self._session is not None else []
        self._places = {key: place for place, key in enumerate(self._keys)}
        self._rows.clear()
        self.endResetModel()

    def refresh(self, changes: ChangeSet | None) -> None:
        """Take over what an act changed: single rows where that is all; None means everything.

        A document that no longer fits the filter keeps its place until the filter is set again, so that what
        a person just finished does not vanish from under the pointer; one that is gone goes.
        """
        if changes is None or changes.everywhere:
            self.reload()
            return
        if any(_comes_or_goes(change) for change in changes.changes):
            self.reload()
            return
        if not changes.documents:
            if changes.changes or changes.candidates:
                self.reload()
            return
        for key in changes.documents:
            place = self._places.get(key)
            if place is not None:
                self._rows.pop(key, None)
                index = self.index(place)
                self.dataChanged.emit(index, index)

    def place(self, key: int) -> int | None:
        """Give the row in the list of a document, or None if the filter leaves it out."""
        return self._places.get(key)

    def key(self, place: int) -> int | None:
        """Give the row key of the document at a row of the list, or None."""
        return self._keys[place] if 0 <= place < len(self._keys) else None

    def row(self, place: int) -> DocumentRow | None:
        """Give the document at a row of the list; None when it went meanwhile."""
        if self._session is None or not 0 <= place < len(self._keys):
            return None
        key = self._keys[place]
        found = self._rows.get(key)
        if found is None:
            self._load_page(self._session, place)
            found = self._rows.get(key)
        if found is None:  # the page began elsewhere: it changed since the keys were asked for
            try:
                found = self._rows[key] = self._session.row(key)
            except StaleError:
                return None
        return found

    def words(self, row: DocumentRow) -> str:
        """Say how far a document of this project is."""
        return row_words(row, language=self._session.language if self._session is not None else "")

    def loaded(self) -> int:
        """Count the rows that are kept."""
        return len(self._rows)

    def _load_page(self, session: Session, place: int) -> None:
        first = place - place % PAGE
        after = None
        if first > 0:
            before = self._rows.get(self._keys[first - 1])
            try:
                after = before.position if before is not None else session.row(self._keys[first - 1]).position
            except StaleError:
                return
        if len(self._rows) > KEPT:
            self._rows.clear()
        for row in session.documents(self._filter, after=after, limit=PAGE):
            self._rows[row.key] = row

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._keys)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give title, words for tooltips and screen readers, the row (`ROW_ROLE`) or its key (`KEY_ROLE`)."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.ToolTipRole:
                told = [row.title, self.words(row)]
                if row.skipped_by_suggester and row.skipped_by_suggester != told[1]:
                    told.append(row.skipped_by_suggester)
                return "\n".join(told)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.title}, {row.state.value}, {self.words(row)}"
        if role == ROW_ROLE:
            return row
        return row.key if role == KEY_ROLE else None


def _comes_or_goes(change: Change) -> bool:
    """Tell whether a change makes a document appear in the list or leave it."""
    before, after = change.before, change.after
    if not isinstance(change.row, Document):
        return False
    if not isinstance(before, Document) or not isinstance(after, Document):
        return True
    return before.removed != after.removed or before.title != after.title
