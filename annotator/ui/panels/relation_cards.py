"""Sections of the Work tab about relations: the selected one, those of the selected span, the one being made.

Like those of `cards.py` each is handed a `WorkState`, shows itself or hides, and says by signals what is wanted.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from annotator.model.annotation import Rejection, Relation, RelationKey, surface
from annotator.model.article import RelationToDecide
from annotator.ui.models.article_items import relation_words
from annotator.ui.models.article_words import score_words
from annotator.ui.panels.card_rows import EndRow, RelationRow
from annotator.ui.panels.cards import DecisionButtons
from annotator.ui.panels.parts import ROW_MARGIN, Section, wrapped_label
from annotator.ui.panels.state import End, RelationMode, WorkState
from annotator.ui.panels.telling import (
    RelationTold,
    can_turn,
    making,
    not_legal,
    relation_lines,
    relation_told,
    state_words,
)
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import ElidedLabel, make_label


class RelationSection(Section):
    """The selected relation, decided or not.

    Signals: `acted()` turn it round.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, key="V")
        self.set_head(self.tr("Selected relation"), self.tr("turn round"))
        self._type = ElidedLabel("", "strong")
        self._state = make_label("", "dim")
        self._score = make_label("", "strong")
        self._head_row = QHBoxLayout()
        self._head_row.addWidget(self._type)
        self._head_row.addWidget(self._state)
        self._head_row.addStretch(1)
        self._head_row.addWidget(self._score)
        self._head_end, self._child_end = EndRow(), EndRow()
        self._between = make_label("", "dim")
        self._problem = wrapped_label("warn")
        self._consequence = wrapped_label("dim")
        self._why = wrapped_label("dim")
        self.buttons = DecisionButtons()
        self.body.addLayout(self._head_row)
        parts = (self._head_end, self._between, self._child_end, self._problem, self.buttons)
        for part in (*parts, self._consequence, self._why):
            self.body.addWidget(part)
        theme_hub().changed.connect(self._space)
        self._space()

    def set_state(self, state: WorkState) -> None:
        """Show the selected relation."""
        thing = state.selection.thing
        told = _told(state)
        if told is None:
            self.hide()
            return
        self._type.setText(told.type)
        self._state.setText(told.state)
        self._score.setText(score_words(told.score) if told.score is not None else "")
        self._head_end.set_end(told.head, state.schema)
        self._child_end.set_end(told.child, state.schema)
        arrow = "–" if told.symmetric else "→"
        words = self.tr("no direction") if told.symmetric else ""
        self._between.setText(f"{arrow}  {told.words}{'  · ' + words if words else ''}")
        _say(self._problem, told.problem)
        _say(self._consequence, told.consequence)
        _say(self._why, told.why)
        kind = {"relation": "accepted", "rejection": "rejected"}.get(state.selection.kind, "candidate")
        self.buttons.set_kind(kind, read_only=state.read_only)
        possible = not state.read_only and can_turn(thing, state.annotations, state.schema)
        self.set_act(shown=not told.symmetric and kind != "rejected", possible=possible)
        self.setAccessibleName(f"{told.type}, {told.state}, {told.head.words} {arrow} {told.child.words}")
        self.show()

    def _space(self) -> None:
        px = theme_hub().px
        self._head_row.setSpacing(px(8))
        self.body.setSpacing(px(7))
        self._between.setContentsMargins(px(4), 0, 0, 0)


class MakingSection(Section):
    """What the relation mode is about to make, and what it cannot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_head(self.tr("What will be made"))
        self._start, self._target = EndRow(), EndRow()
        self._types = wrapped_label("strong")
        self._direction = make_label("", "dim")
        self._type_row = QHBoxLayout()
        self._type_row.addWidget(self._types, 1)
        self._type_row.addWidget(self._direction)
        self._told = wrapped_label("dim")
        self.body.addWidget(self._start)
        self.body.addLayout(self._type_row)
        for part in (self._target, self._told):
            self.body.addWidget(part)
        theme_hub().changed.connect(self._space)
        self._space()

    def set_state(self, state: WorkState) -> None:
        """Show the relation mode."""
        mode = state.relation_mode
        if mode is None:
            self.hide()
            return
        first, second = (
            (mode.target, mode.start) if mode.turned and mode.target else (mode.start, mode.target)
        )
        self._start.set_end(first, state.schema)
        self._target.setVisible(second is not None)
        if second is not None:
            self._target.set_end(second, state.schema)
        self._say_types(state, mode)
        _say(self._told, making(mode))
        self.show()

    def _space(self) -> None:
        self.body.setSpacing(theme_hub().px(7))
        self._type_row.setSpacing(theme_hub().px(8))
        self._types.setStyleSheet(f"color: {theme_hub().theme.accent.name()};")

    def _say_types(self, state: WorkState, mode: RelationMode) -> None:
        """Say which types are offered, and that they have no direction where none has."""
        names = mode.offered or ((mode.only,) if mode.only else ())
        kinds = [state.schema.relation(name) for name in names]
        is_symmetric = bool(kinds) and all(kind is not None and kind.symmetric for kind in kinds)
        _say(self._types, self.tr(" or ").join(names))
        words = self.tr("no direction") if is_symmetric else "→" if names else self.tr("Pick its partner.")
        self._direction.setText(words)


class NotLegalSection(Section):
    """Which labels take no relation with the start of the relation mode."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_head(self.tr("Not legal here"))
        self._told = wrapped_label("dim")
        self.body.addWidget(self._told)

    def set_state(self, state: WorkState) -> None:
        """Show it in the relation mode."""
        words = not_legal(state.relation_mode, state.schema) if state.relation_mode is not None else ""
        self._told.setText(words)
        self.setVisible(bool(words))


class RelationsSection(Section):
    """The relations of the selected span.

    Signals: `item_chosen(str)` item id of a relation; `acted()` a new one.
    """

    item_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, key="R", margin=ROW_MARGIN)
        self.set_head(self.tr("Relations of the selection"), self.tr("new"))
        self._rows: list[RelationRow] = []
        self._none = make_label(self.tr("None."), "dim")
        self._none.setContentsMargins(6, 0, 6, 0)
        self.body.addWidget(self._none)

    def set_state(self, state: WorkState) -> None:
        """Show the relations of the selected span or candidate."""
        selection = state.selection
        if selection.kind not in {"span", "candidate"}:
            self.hide()
            return
        lines = relation_lines(state.annotations, state.schema, state.text, selection.id)
        while len(self._rows) < len(lines):
            self._add_row()
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(lines))
            if number < len(lines):
                row.set_line(lines[number], state.schema)
        self._none.setVisible(not lines)
        self.set_act(shown=bool(state.schema.relations), possible=not state.read_only)
        self.show()

    def _add_row(self) -> None:
        row = RelationRow()
        row.clicked.connect(lambda: self._choose(row))
        self._rows.append(row)
        self.body.addWidget(row)

    def _choose(self, row: RelationRow) -> None:
        if row.line is not None:
            self.item_chosen.emit(row.line.id)


def _told(state: WorkState) -> RelationTold | None:
    thing = state.selection.thing
    if isinstance(thing, Relation | RelationToDecide):
        return relation_told(thing, state.annotations, state.schema, state.text)
    if isinstance(thing, Rejection) and isinstance(thing.what, RelationKey):
        kind = state.schema.relation(thing.what.label)
        head, child = (
            End(end.label, surface(state.text, end.fragments)) for end in (thing.what.head, thing.what.child)
        )
        return RelationTold(
            type=thing.what.label,
            words=relation_words(thing.what.label, state.schema),
            head=head,
            child=child,
            symmetric=kind is not None and kind.symmetric,
            state=state_words(thing),
        )
    return None


def _say(label: QLabel, words: str) -> None:
    label.setText(words)
    label.setVisible(bool(words))
