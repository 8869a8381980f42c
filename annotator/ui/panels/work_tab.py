"""The Work tab: what can be given (labels or relation types) over what is selected, in one column that scrolls."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from annotator.model.annotation import Kind, Rejection, Relation, RelationKey
from annotator.model.article import Readings, RelationToDecide
from annotator.model.rules import is_learnable
from annotator.ui.panels.cards import NoteSection, ReadingsSection, SpanSection
from annotator.ui.panels.parts import Section
from annotator.ui.panels.relation_cards import (
    MakingSection,
    NotLegalSection,
    RelationSection,
    RelationsSection,
)
from annotator.ui.panels.state import NO_DOCUMENT, WorkState, type_counts
from annotator.ui.panels.telling import legal_types
from annotator.ui.panels.type_rows import MOST_ROWS, LabelGrid, RelationTypeList
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Hairline


class Column(QScrollArea):
    """A column that scrolls up and down and is never wider than its room."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)


class TypesSection(Section):
    """Labels in two columns; relation types instead while a relation is selected or made.

    Signals: `label_chosen(str)`, `relation_type_chosen(str)` names; `new_label_wanted()`;
    `type_menu_wanted(str, str, QPoint)` kind, name, place on the screen; `acted()` type to find.
    """

    label_chosen = Signal(str)
    relation_type_chosen = Signal(str)
    new_label_wanted = Signal()
    type_menu_wanted = Signal(str, str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, key="E")
        self.grid, self.types = LabelGrid(), RelationTypeList()
        self.grid.label_chosen.connect(self.label_chosen)
        self.grid.new_wanted.connect(self.new_label_wanted)
        self.grid.menu_wanted.connect(lambda name, at: self.type_menu_wanted.emit(Kind.SPAN.value, name, at))
        self.types.type_chosen.connect(self.relation_type_chosen)
        self.types.menu_wanted.connect(
            lambda name, at: self.type_menu_wanted.emit(Kind.RELATION.value, name, at)
        )
        self._labels_area, self._types_area = Column(self.grid), Column(self.types)
        self._pages = QStackedWidget()
        for area in (self._labels_area, self._types_area):
            area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._pages.addWidget(area)
        self._pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self._pages)
        theme_hub().changed.connect(self._fit)

    @property
    def shows_relations(self) -> bool:
        """Tell whether relation types are shown."""
        return self._pages.currentWidget() is self._types_area

    def set_state(self, state: WorkState) -> None:
        """Show what can be given now."""
        counts = type_counts(state.annotations)
        can_act = not state.read_only and state.document is not None
        with_relations = _is_about_relations(state)
        self.set_head(
            self.tr("Relation types") if with_relations else self.tr("Labels"), self.tr("type to find")
        )
        self.set_act(shown=state.relation_mode is None, possible=can_act)
        if with_relations:
            current, legal = _relation_marks(state)
            self.types.set_types(
                [kind for kind in state.schema.relations if not kind.hidden],
                counts={name: count for (kind, name), count in counts.items() if kind is Kind.RELATION},
                current=current,
                legal=legal,
            )
        else:
            self.grid.set_types(
                [kind for kind in state.schema.entities if not kind.hidden],
                counts={name: count for (kind, name), count in counts.items() if kind is Kind.SPAN},
                current=_current_label(state),
                can_add=not state.read_only,
            )
        for row in (*self.grid.rows(), *self.types.rows()):
            row.setEnabled(can_act)
        self._pages.setCurrentWidget(self._types_area if with_relations else self._labels_area)
        self._fit()

    def _fit(self) -> None:
        px = theme_hub().px
        # Rows reach beyond the column by their own inner margin, so that caps and heads stand in one line.
        self.body.setContentsMargins(px(10), px(1), px(10), 0)
        shown = self.types.rows() if self.shows_relations else self.grid.rows()
        rows = len(shown) if self.shows_relations else self.grid.row_count
        one = self.types.row_height if self.shows_relations else self.grid.row_height
        height = max(1, min(rows, MOST_ROWS)) * one
        for area in (self._labels_area, self._types_area):
            area.setFixedHeight(height)
        self._pages.setFixedHeight(height)
        self.grid.setFixedHeight(max(1, self.grid.row_count) * self.grid.row_height)
        self.types.setFixedHeight(max(1, len(self.types.rows())) * self.types.row_height)


class WorkTab(QWidget):
    """What can be given, and the selection.

    Signals: those of the panel (`work.py`), of which this is the first tab.
    """

    reading_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = NO_DOCUMENT
        self.types = TypesSection()
        self.span = SpanSection()
        self.readings = ReadingsSection()
        self.relation = RelationSection()
        self.making = MakingSection()
        self.not_legal = NotLegalSection()
        self.relations = RelationsSection()
        self.note = NoteSection()
        self.readings.reading_chosen.connect(self.reading_chosen)
        self.readings.acted.connect(self._choose_next_reading)
        self._lines: list[tuple[Hairline, QWidget]] = []
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section in self._sections():
            # Readings belong to the selection above them.
            if section not in {self.types, self.readings}:
                line = Hairline()
                column.addWidget(line)
                self._lines.append((line, section))
            column.addWidget(section)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._area = Column(content)
        whole.addWidget(self._area)

    def set_state(self, state: WorkState) -> None:
        """Show a document, a selection, a mode."""
        is_other = state.selection.id != self._state.selection.id
        self._state = state
        self.types.set_state(state)
        self.making.set_state(state)
        self.not_legal.set_state(state)
        self.relation.set_state(state)
        fragments = state.selection.fragments
        self.span.set_state(state, learnable=not fragments or is_learnable(state.tokens, fragments))
        self.readings.set_state(state)
        self.relations.set_state(state)
        self.note.set_state(state)
        is_making = state.relation_mode is not None
        self.span.setVisible(not is_making and self.relation.isHidden())
        if is_making:
            self.readings.hide()
            self.relation.hide()
            self.relations.hide()
            self.note.hide()
        for line, section in self._lines:
            line.setVisible(not section.isHidden())
        if is_other:
            self._area.verticalScrollBar().setValue(0)

    def _sections(self) -> tuple[QWidget, ...]:
        return (
            *(self.types, self.span, self.readings, self.relation, self.making, self.not_legal),
            *(self.relations, self.note),
        )

    def _choose_next_reading(self) -> None:
        thing = self._state.selection.thing
        if isinstance(thing, Readings):
            self.reading_chosen.emit((self._state.selection.reading + 1) % len(thing.candidates))


def _is_about_relations(state: WorkState) -> bool:
    thing = state.selection.thing
    if state.relation_mode is not None or isinstance(thing, Relation | RelationToDecide):
        return True
    return isinstance(thing, Rejection) and isinstance(thing.what, RelationKey)


def _relation_marks(state: WorkState) -> tuple[frozenset[str], frozenset[str] | None]:
    """Give the types to mark and the legal ones."""
    mode, thing = state.relation_mode, state.selection.thing
    if mode is not None:
        marked = frozenset(mode.offered) or frozenset({mode.only} - {""})
        return marked, mode.legal
    if isinstance(thing, Relation | RelationToDecide):
        label = thing.label if isinstance(thing, Relation) else thing.candidate.label
        return frozenset({label}), legal_types(thing, state.annotations, state.schema)
    return frozenset(), None


def _current_label(state: WorkState) -> str:
    thing = state.selection.thing
    if isinstance(thing, Readings):
        return thing.candidates[state.selection.reading % len(thing.candidates)].label
    if thing is None:
        return state.selection.label
    return thing.what.label if isinstance(thing, Rejection) else getattr(thing, "label", "")
