"""The list of documents as a Qt model: the first rows are there at once, the others follow while one works.

In another order than the file's it holds what it is given (`take`), and asks for that by `ranking_wanted`.

The row keys of the first thousand documents are one quick question; those of a million come stretch by stretch, each in
a few milliseconds, so that the window never waits. The rows themselves are asked for one page at a time, as the view
shows them, and old pages are let go. What a row looks like is the delegate's matter.
"""

from __future__ import annotations

import contextlib
import time
from array import array
from bisect import bisect_left
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from annotator.model.change import Change, ChangeSet
from annotator.model.document import Document, State
from annotator.model.errors import StaleError, UserError
from annotator.model.wording import counted
from annotator.ui.plain import plain_tip
from annotator.workflows.queueing import Ranking
from annotator.workflows.session import DocumentFilter, DocumentRow, Session

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
KEY_ROLE = Qt.ItemDataRole.UserRole + 2
PAGE = 50
"""Rows that are asked for together."""
KEPT = 4_000
"""Most rows that are kept; beyond that all but the newest page are let go."""
FIRST = 1_000
"""Rows that are looked for before the list is shown, as long as `PATIENCE` allows."""
PATIENCE = 0.008
"""Seconds that one look for further documents may take."""
_STRIDE = 20_000
"""Row keys that the first question covers; the next ones cover more or fewer, by what it took."""

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


def unreadable_row(key: int) -> DocumentRow:
    """Give the line of a document that is there but cannot be read."""
    return DocumentRow(
        key=key,
        title=f"Document {key:,} cannot be read",
        state=State.TODO,
        flagged=False,
        reason="",
        excluded=False,
        language="",
        spans=0,
        relations=0,
        rejected=0,
        undecided=0,
        suggested=True,
        skipped_by_suggester="damaged: see annotator check",
    )


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
        known = language and row.language
        is_foreign = known and row.language.partition("-")[0] != language.partition("-")[0]
        return "in another language" if is_foreign else row.skipped_by_suggester
    return "no candidates" if row.suggested else "no candidates yet"


class DocumentsModel(QAbstractListModel):
    """The documents that a filter leaves; `is_whole` tells whether all of them are known yet.

    `ranking_wanted(bool anew)`: a ranking is to be taken, of the filter in force; `anew`: made anew, not only narrowed.
    """

    ranking_wanted = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._filter = DocumentFilter()
        self._keys: array[int] = array("q")
        self._found: array[int] = array("q")
        self._looked_up_to = 0
        self._last = 0
        self._stride = _STRIDE
        self._rows: dict[int, DocumentRow] = {}
        self._is_ranked = self._is_waiting = False
        self._places: dict[int, int] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._look_further)

    @property
    def filter(self) -> DocumentFilter:
        """Give the filter in force."""
        return self._filter

    @property
    def is_whole(self) -> bool:
        """Tell whether all documents that the filter leaves are in the list."""
        return not self._timer.isActive() and not self._is_waiting

    @property
    def is_waiting(self) -> bool:
        """Tell whether what is to be listed now is still to be taken."""
        return self._is_waiting

    def set_session(self, session: Session | None) -> None:
        """List another project, or none, without a filter."""
        self._session = session
        self._filter = DocumentFilter()
        self._is_ranked = False
        self.reload()

    def set_filter(self, wanted: DocumentFilter) -> None:
        """List other documents of the same project."""
        if wanted != self._filter:
            self._filter = wanted
            self._reload(anew=False)

    def rank(self, *, is_ranked: bool) -> None:
        """List documents in an order that is given, or in file order."""
        if not is_ranked and not self._is_ranked:
            return
        self._is_ranked = is_ranked
        self.reload()

    def take(self, ranking: Ranking) -> None:
        """List these documents, which the filter in force leaves."""
        self._timer.stop()
        self.beginResetModel()
        self._is_waiting = False
        self._keys, self._places, self._found = ranking.keys, ranking.places, array("q")
        self._rows.clear()
        self.endResetModel()

    def reload(self, *, at_least: int = FIRST) -> None:
        """Ask for everything again; the first rows are there when this returns, others follow."""
        self._reload(at_least=at_least, anew=True)

    def _reload(self, *, at_least: int = FIRST, anew: bool) -> None:
        self._is_waiting = self._is_ranked and self._session is not None
        if self._is_waiting:
            # Until it is there, what was listed stays.
            self._timer.stop()
            self.ranking_wanted.emit(anew)
            return
        self.beginResetModel()
        self._places = None
        self._keys = array("q")
        self._found = array("q")
        self._rows.clear()
        self._looked_up_to, self._stride = 0, _STRIDE
        self._last = self._session.last_key() if self._session is not None else 0
        # A list that had been long is long again at once, or the place in it would be lost.
        self._look(at_least, PATIENCE if at_least <= FIRST else 10 * PATIENCE)
        self._keys, self._found = self._found, array("q")
        self.endResetModel()
        if self._looked_up_to < self._last:
            self._timer.start()
        else:
            self._timer.stop()

    def _look(self, wanted: int, patience: float = PATIENCE) -> None:
        """Look for further documents until some are found, all are, or it has taken long enough (seconds)."""
        session = self._session
        began = time.perf_counter()
        found = len(self._found)
        while session is not None and self._looked_up_to < self._last and len(self._found) - found < wanted:
            asked = time.perf_counter()
            up_to = min(self._looked_up_to + self._stride, self._last)
            limit = wanted - (len(self._found) - found)
            keys = session.keys_between(self._filter, after=self._looked_up_to, before=up_to + 1, limit=limit)
            self._found.extend(keys)
            self._looked_up_to = keys[-1] if len(keys) == limit else up_to
            now = time.perf_counter()
            if now - asked > PATIENCE / 2:
                self._stride = max(self._stride // 2, FIRST)
            elif now - asked < PATIENCE / 8:
                self._stride *= 2
            if now - began > patience:
                return

    def _look_further(self) -> None:
        """Look on; what was found is shown whenever the list doubles, since whoever watches counts it anew."""
        try:
            self._look(10 * FIRST)
        except UserError:  # the disk is gone: what is known stays, and the next act tells of it
            self._looked_up_to = self._last
        is_over = self._looked_up_to >= self._last
        if is_over:
            self._timer.stop()
        if len(self._found) >= len(self._keys) or is_over:
            self._append(self._found)
            self._found = array("q")

    def _append(self, keys: array[int]) -> None:
        if keys:
            first = len(self._keys)
            self.beginInsertRows(QModelIndex(), first, first + len(keys) - 1)
            self._keys.extend(keys)
            self.endInsertRows()

    def finish(self) -> None:
        """Look for all that is left at once: for tests, and for whoever cannot wait."""
        while not self.is_whole:
            self._look_further()

    def refresh(self, changes: ChangeSet | None) -> None:
        """Take over what an act changed: single rows where that is all; None means everything.

        A document that no longer fits the filter keeps its place until the filter is set again, so that what
        a person just finished does not vanish from under the pointer; one that is gone goes.
        """
        if changes is None or changes.everywhere:
            self.reload(at_least=max(FIRST, len(self._keys)))
            return
        if any(_comes_or_goes(change) for change in changes.changes):
            self.reload(at_least=max(FIRST, len(self._keys)))
            return
        if not changes.documents:
            if changes.changes or changes.candidates:
                self.reload(at_least=max(FIRST, len(self._keys)))
            return
        for key in changes.documents:
            place = self.place(key)
            if place is not None:
                self._rows.pop(key, None)
                index = self.index(place)
                self.dataChanged.emit(index, index)

    def place(self, key: int) -> int | None:
        """Give the row in the list of a document, or None if the filter leaves it out."""
        if self._places is not None:
            return self._places.get(key)
        place = bisect_left(self._keys, key)
        return place if place < len(self._keys) and self._keys[place] == key else None

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
            except UserError:  # it is painted now, where nothing may be raised
                found = self._rows[key] = unreadable_row(key)
        return found

    def words(self, row: DocumentRow) -> str:
        """Say how far a document of this project is."""
        return row_words(row, language=self._session.language if self._session is not None else "")

    def loaded(self) -> int:
        """Count the rows that are kept."""
        return len(self._rows)

    def _load_page(self, session: Session, place: int) -> None:
        first = place - place % PAGE
        if len(self._rows) > KEPT:
            self._rows.clear()
        with contextlib.suppress(UserError):  # one of them is damaged: each is asked for alone
            for row in session.rows_of(self._keys[first : first + PAGE]):
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
                return plain_tip("\n".join(told))
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
