"""Sections of the Work tab about the selection: the span, its readings, the relation, its relations, note, history.

Each is handed a `WorkState`, shows itself or hides, and says by signals what is wanted. Rows are kept and filled
anew, never rebuilt, so that a key press costs no new widgets.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from annotator.model.annotation import Rejection, Relation, Span, surface
from annotator.model.article import Readings, RelationToDecide
from annotator.ui.models.article_items import label_color, label_words
from annotator.ui.models.article_words import score_words
from annotator.ui.panels.card_rows import ReadingCard
from annotator.ui.panels.parts import NoteField, Section, breakable, wrapped_label
from annotator.ui.panels.state import WorkState
from annotator.ui.panels.telling import (
    history,
    sources,
    state_words,
    why,
)
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, Chip, ChipForm, ElidedLabel, make_label

LONGEST_WORDS = 280
"""So many code points of a span are shown in the card."""


class DecisionButtons(QWidget):
    """Accept and reject, or what there is to do with what was decided.

    Signals: `accept_wanted()`, `reject_wanted()`, `reopen_wanted()`.
    """

    accept_wanted = Signal()
    reject_wanted = Signal()
    reopen_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accept = Button(self.tr("Accept"), kind="soft", key="A")
        self.reopen = Button(self.tr("Undecided"), kind="plain", key="U")
        self.reject = Button(self.tr("Reject"), kind="plain", key="X")
        self.accept.clicked.connect(self.accept_wanted)
        self.reopen.clicked.connect(self.reopen_wanted)
        self.reject.clicked.connect(self.reject_wanted)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        for button in self._buttons():
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._row.addWidget(button, 1)
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()

    def set_kind(self, kind: str, *, read_only: bool) -> None:
        """Offer what is possible with `candidate`, `accepted` or `rejected` things."""
        self.accept.setVisible(kind == "candidate")
        self.reopen.setVisible(kind in {"accepted", "rejected"})
        self.reject.setVisible(kind in {"candidate", "accepted"})
        self.reject.setText(self.tr("Reject") if kind == "candidate" else self.tr("Remove"))
        for button in self._buttons():
            button.setEnabled(not read_only)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        widest = max((button.sizeHint().width() for button in self._shown()), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _buttons(self) -> tuple[Button, Button, Button]:
        return self.accept, self.reopen, self.reject

    def _shown(self) -> list[Button]:
        return [button for button in self._buttons() if not button.isHidden()]

    def _arrange(self) -> None:
        """Put the buttons beside each other, or one under the other where there is too little room."""
        wanted = sum(button.sizeHint().width() + self._row.spacing() for button in self._shown())
        narrow = self.width() < wanted - self._row.spacing()
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != direction:
            self._row.setDirection(direction)
            self.updateGeometry()

    def _lay_out(self) -> None:
        self._row.setContentsMargins(0, theme_hub().px(4), 0, theme_hub().px(2))
        self._row.setSpacing(theme_hub().px(8))
        self._arrange()


class OtherwiseRow(QWidget):
    """Says which other labels the words of the selection carry elsewhere, with a button that goes there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = wrapped_label("dim")
        self.button = Button(self.tr("Next"), kind="quiet", key="M")
        self.button.setAccessibleName(self.tr("Next place labelled otherwise"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def show_words(self, words: str) -> None:
        """Show what is said, or nothing at all."""
        self.setVisible(bool(words))
        self._words.setText(f"≠ {words}" if words else "")


class SpanSection(Section):
    """The selected span, candidate, rejection, text or nothing.

    Signals: `otherwise_wanted()` go to where its words carry another label.
    """

    otherwise_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_head(self.tr("Selection"))
        self._chip = Chip(size="large")
        self._state = make_label("", "dim")
        self._place = ElidedLabel("", "dim")
        self._head_row = QHBoxLayout()
        self._head_row.addWidget(self._chip)
        self._head_row.addWidget(self._state)
        self._head_row.addStretch(1)
        self._head_row.addWidget(self._place)
        self._words = wrapped_label("quote")
        self._told = wrapped_label("dim")
        self._problem = wrapped_label("warn")
        self._otherwise = OtherwiseRow()
        self._otherwise.button.clicked.connect(self.otherwise_wanted)
        self.buttons = DecisionButtons()
        self.body.addLayout(self._head_row)
        for part in (self._words, self._problem, self._otherwise, self.buttons, self._told):
            self.body.addWidget(part)
        theme_hub().changed.connect(self._space)
        self._space()

    def set_state(self, state: WorkState, *, learnable: bool) -> None:
        """Show what is selected."""
        selection, thing = state.selection, state.selection.thing
        label, form = _label_and_form(state)
        self._chip.setVisible(bool(label))
        if label:
            words, color = label_words(label, state.schema), label_color(label, state.schema)
            self._chip.set_label(words, color, form=form)
        is_one = selection.kind in {"span", "candidate", "rejection"}
        self._state.setText(self._state_words(state))
        self._place.setText(selection.place)
        shown = is_one or selection.kind == "text"
        self._words.setText(breakable(_shown_words(state)) if shown else "")
        self._words.setVisible(shown)
        self._state.setVisible(bool(self._state.text()))
        self._place.setVisible(bool(selection.place))
        self._told.setText(self._sentence(state))
        self._told.setVisible(bool(self._told.text()))
        problem = (
            "" if learnable or not is_one else self.tr("Not on a word border: spaCy cannot learn this span.")
        )
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._otherwise.show_words(state.otherwise if is_one else "")
        kind = {"candidate": "candidate", "several": "candidate", "span": "accepted", "rejection": "rejected"}
        wanted = kind.get(selection.kind, "")
        self.buttons.setVisible(bool(wanted))
        self.buttons.set_kind(wanted, read_only=state.read_only)
        self.setAccessibleName(self.tr("Selection"))
        self.setAccessibleDescription(
            f"{label} {self._state.text()} {self._words.text()}".strip() if thing else self._told.text()
        )

    def _state_words(self, state: WorkState) -> str:
        selection = state.selection
        if selection.kind == "several":
            return self.tr("{count} spans selected").format(count=f"{selection.count:,}")
        if selection.kind == "text":
            return self.tr("text")
        return state_words(selection.thing)

    def _sentence(self, state: WorkState) -> str:
        if state.selection.kind == "text":
            if state.read_only:
                return ""
            if state.selection.grows:
                return self.tr("Enter adds these words to the span, Esc leaves it as it is.")
            return self.tr("Press a label key, or click a label.")
        if state.selection.kind != "none":
            return ""
        if state.document is None:
            return self.tr("No document is open.")
        left = state.annotations.left
        if not left:
            return state.outlook or self.tr("Nothing left to decide here.")
        if left == 1:
            return self.tr("Tab goes to the last candidate.")
        return self.tr("Tab goes to the next of {left} candidates.").format(left=f"{left:,}")

    def _space(self) -> None:
        self._head_row.setSpacing(theme_hub().px(8))


class ReadingsSection(Section):
    """The readings of a candidate, where suggesters disagree, and why the shown one was proposed.

    Signals: `reading_chosen(int)` index; `acted()` the next one.
    """

    reading_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, key="C", goes_on=True)
        self.set_head(self.tr("Readings"), self.tr("next reading"))
        self._cards: list[ReadingCard] = []
        self._group = QButtonGroup(self)
        self._alone, self._score = ElidedLabel(), make_label("", "strong")
        self._alone_row = QHBoxLayout()
        self._alone_row.addWidget(self._alone, 1)
        self._alone_row.addWidget(self._score)
        self._why = wrapped_label("dim")
        self.body.addLayout(self._alone_row)
        self.body.addWidget(self._why)

    def set_state(self, state: WorkState) -> None:
        """Show the readings of the selected candidate; of one alone only who proposed it, and how sure."""
        readings = state.selection.thing
        if not isinstance(readings, Readings):
            self.hide()
            return
        shown = state.selection.reading % len(readings.candidates)
        is_alone = len(readings.candidates) == 1
        offered = () if is_alone else readings.candidates
        while len(self._cards) < len(offered):
            self._add_card()
        for index, card in enumerate(self._cards):
            card.setVisible(index < len(offered))
            if index < len(offered):
                card.set_reading(index, offered[index], state.schema, state.text)
        if offered:
            self._cards[shown].setChecked(True)
        self._alone.setVisible(is_alone)
        self._score.setVisible(is_alone)
        self._alone.setText(sources(readings.best.proposals))
        self._score.setText(score_words(readings.best.score))
        self.set_head(self.tr("Proposed by") if is_alone else self.tr("Readings"))
        self.set_act(shown=not is_alone)
        reason = why(readings.candidates[shown].proposals)
        self._why.setText(reason)
        self._why.setVisible(bool(reason))
        self.show()

    def cards(self) -> Sequence[ReadingCard]:
        """List the cards that are shown."""
        return [card for card in self._cards if not card.isHidden()]

    def _add_card(self) -> None:
        card = ReadingCard()
        card.toggled.connect(lambda checked: self._on_toggled(card, checked=checked))
        card.clicked.connect(lambda: self.reading_chosen.emit(card.index))
        self._group.addButton(card)
        self._cards.append(card)
        self.body.insertWidget(self.body.count() - 1, card)

    def _on_toggled(self, card: ReadingCard, *, checked: bool) -> None:
        # An arrow checks a card without a click.
        if checked and card.hasFocus():
            self.reading_chosen.emit(card.index)


class NoteSection(Section):
    """The note of the selected span or relation, and what happened to it.

    Signals: `note_changed(str, int, str)` kind (`span` or `relation`), row key, note; `left()` back to the article.
    """

    note_changed = Signal(str, int, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, key="N")
        self.set_head(self.tr("Note and history"), self.tr("note"))
        self._of: tuple[str, int] = ("", 0)
        self.field = NoteField(self.tr("A note for yourself and others"), lines=1)
        self.field.note_changed.connect(self._on_note_changed)
        self.field.closed.connect(self._on_closed)
        self._history = wrapped_label("dim")
        self.body.addWidget(self.field)
        self.body.addWidget(self._history)
        self.acted.connect(self.edit)

    def set_state(self, state: WorkState) -> None:
        """Show note and history of what is selected."""
        thing = state.selection.thing
        of = _of(thing)
        if of != self._of:
            self.field.take_over()
            self._of = of
            self.field.set_note("")
        if thing is None or isinstance(thing, Readings | RelationToDecide):
            self.hide()  # nothing was decided yet, and who proposed it stands above
            return
        note = thing.note if isinstance(thing, Span | Relation) else ""
        self.field.set_note(note)
        self.field.setReadOnly(state.read_only)
        self.field.setVisible(bool(note) or self.field.hasFocus())
        self.set_act(shown=bool(of[0]), possible=not state.read_only)
        told = history(thing)
        self._history.setText("\n".join(f"{when}  {words}" if when else words for when, words in told))
        self._history.setVisible(bool(told))
        self.show()

    def edit(self) -> bool:
        """Put the keyboard into the note; False where there can be none."""
        if not self._of[0] or self.field.isReadOnly():
            return False
        self.field.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def _on_note_changed(self, note: str) -> None:
        kind, key = self._of
        if kind:
            self.note_changed.emit(kind, key, note)

    def _on_closed(self) -> None:
        self.field.setVisible(bool(self.field.toPlainText().strip()))
        self.left.emit()


def _of(thing: object) -> tuple[str, int]:
    """Name what a note would belong to; nothing decided, nothing to hang a note on."""
    if isinstance(thing, Span):
        return "span", thing.key
    return ("relation", thing.key) if isinstance(thing, Relation) else ("", 0)


def _label_and_form(state: WorkState) -> tuple[str, ChipForm]:
    selection, thing = state.selection, state.selection.thing
    match thing:
        case Span():
            return thing.label, "filled"
        case Readings():
            return thing.candidates[selection.reading % len(thing.candidates)].label, "hollow"
        case Rejection():
            return thing.what.label, "struck"
    return selection.label, "hollow"


def _shown_words(state: WorkState) -> str:
    words = " ".join(surface(state.text, state.selection.fragments).split())
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1].rstrip()}…"
