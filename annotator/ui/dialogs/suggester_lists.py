"""The left side of the page of suggesters: those that come with the program, and the pattern lists below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.model.schema import EntityType
from annotator.model.wording import counted
from annotator.ui.actions import BY_ID
from annotator.ui.dialogs.how_many import HowMany
from annotator.ui.dialogs.suggester_rows import SuggesterRow, SuggesterSection
from annotator.ui.style import set_surface
from annotator.workflows.patterns import ListedPatterns, Record
from annotator.workflows.session import Session
from annotator.workflows.suggester_list import SuggesterInfo, built_in_suggesters
from annotator.workflows.suggester_records import SuggesterRecord

LIST = "list:"
"""Begins the id of a row that is a pattern list; its row key follows."""


def id_of(each: ListedPatterns) -> str:
    """Give the id of the row of a pattern list."""
    return f"{LIST}{each.list.key}"


class SuggesterLists(QWidget):
    """Two lists in which one row is chosen: `chosen(id)`, `switched(id, on)`, `remove_wanted(id)`."""

    chosen = Signal(str)
    switched = Signal(str, bool)
    remove_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_surface(self, "panel")
        self.suggesters = SuggesterSection("Suggesters")
        self.pattern_lists = SuggesterSection("Pattern lists", add=BY_ID["new_patterns"].tooltip)
        self._sections = (self.suggesters, self.pattern_lists)
        self.how_many = HowMany()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 12)
        column.setSpacing(12)
        for section in self._sections:
            column.addWidget(section)
            section.list.chosen.connect(self.chosen)
            section.list.switched.connect(self.switched)
            section.list.remove_wanted.connect(self.remove_wanted)
        self.suggesters.list.left.connect(lambda by: self._go_on(self.pattern_lists, 0) if by > 0 else None)
        self.pattern_lists.list.left.connect(lambda by: self._go_on(self.suggesters, -1) if by < 0 else None)
        column.addWidget(self.how_many)
        column.addStretch(1)

    @property
    def ids(self) -> list[str]:
        """Give the ids of all rows, from above."""
        return [row.id for section in self._sections for row in section.list.rows]

    def show_suggesters(
        self,
        session: Session,
        lists: Sequence[ListedPatterns],
        records: Mapping[int, Record],
        counts: Mapping[str, SuggesterRecord],
    ) -> None:
        """Show what a project has.

        Args:
            records: of pattern lists by row key, as far as they are known.
            counts: of the other suggesters, by what switches them.
        """
        types = {each.name: each for each in session.schema.entities}
        self.suggesters.list.show_rows(
            [
                _built_in(each, counts.get(each.kind, SuggesterRecord()))
                for each in built_in_suggesters(session)
            ]
        )
        self.pattern_lists.list.show_rows(
            [_row(each, types.get(each.list.label), records.get(each.list.key)) for each in lists]
        )

    def choose(self, identity: str) -> None:
        """Make a row the chosen one without telling; of all others none is."""
        for section in self._sections:
            section.list.choose(identity)

    def set_writable(self, writable: bool) -> None:  # noqa: FBT001 - a setter of one flag, as Qt's own
        """Let rows be switched and removed, or only be looked at."""
        for section in self._sections:
            section.list.is_writable = writable
        self.pattern_lists.add_button.setEnabled(writable)
        self.how_many.set_writable(writable)

    def take_focus(self) -> None:
        """Give the focus to the list with the chosen row, else to the first."""
        chosen = next((each for each in self._sections if each.list.current), self.suggesters)
        chosen.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self, section: SuggesterSection, place: int) -> None:
        """Go on from the end of one list to the other."""
        rows = section.list.rows
        if rows:
            section.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.chosen.emit(rows[place].id)


def _built_in(each: SuggesterInfo, record: SuggesterRecord) -> SuggesterRow:
    right, decided = record.right, record.decided
    detail = f"right {right:,} of {decided:,} · {each.detail}" if decided else each.detail
    return SuggesterRow(each.kind, each.title, detail, each.is_on)


def _row(each: ListedPatterns, kind: EntityType | None, record: Record | None) -> SuggesterRow:
    words = counted(each.patterns, "pattern")
    if record is not None and record.decided:
        words = f"{each.patterns:,} · right {record.right:,} of {record.decided:,}"
    return SuggesterRow(
        id=id_of(each),
        title=each.list.name,
        detail=words,
        is_on=each.list.enabled,
        label=each.list.label if kind is None else kind.shown or kind.name,
        color="slate" if kind is None else kind.color,
    )
