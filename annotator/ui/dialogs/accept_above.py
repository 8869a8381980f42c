"""The dialog that accepts candidates from a score on, and says beforehand how many that are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QWidget

from annotator.editing.commands import AcceptMany
from annotator.model.annotation import Kind
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.widgets import CheckCard, FormField, make_label
from annotator.workflows.above import Undecided
from annotator.workflows.session import Session

_USUAL = 85


class AcceptAboveDialog(DialogFrame):
    """`command_wanted(AcceptMany)` for what is undecided in a document, or in many; one step, undone as one."""

    command_wanted = Signal(object)

    def __init__(self, session: Session, found: Undecided, parent: QWidget | None = None) -> None:
        super().__init__(
            "Accept from a score on", parent, subtitle=_where(session, found), width=460, height=0
        )
        self._found = found
        self._can = not session.read_only
        self._spans, self._relations = map(found.count, (Kind.SPAN, Kind.RELATION))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(5)
        self.slider.setAccessibleName("Lowest score")
        self.score_box = QSpinBox()
        self.score_box.setRange(0, 100)
        self.score_box.setPrefix(".")
        self.score_box.setAccessibleName("Lowest score in hundredths")
        row = QHBoxLayout()
        row.addWidget(self.slider, 1)
        row.addWidget(self.score_box)
        box = QWidget()
        row.setContentsMargins(0, 0, 0, 0)
        box.setLayout(row)
        self.slider.valueChanged.connect(self.score_box.setValue)
        self.score_box.valueChanged.connect(self._on_changed)
        self.spans_card = CheckCard("Spans", " ")
        self.relations_card = CheckCard("Relations, with their ends", " ")
        self.spans_card.setChecked(bool(self._spans))
        self.relations_card.setChecked(False)
        self.spans_card.setEnabled(bool(self._spans))
        self.relations_card.setEnabled(bool(self._relations))
        for card in (self.spans_card, self.relations_card):
            card.clicked.connect(lambda _checked=False: self._show())
        self._told = make_label("", "strong", wrap=True)
        self.body.addWidget(FormField("Lowest score", box))
        for widget in (self.spans_card, self.relations_card, self._told):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.cancel_button = self.add_cancel()
        self.accept_button = self.add_button("Accept", kind="primary", key="Return")
        self.accept_button.clicked.connect(self._go_on)
        self.slider.setValue(_USUAL)
        if session.read_only:
            self.set_fault("This project is read only: nothing can be accepted.")
        self._show()
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit()

    @property
    def minimum(self) -> float:
        """Give the lowest score that is taken, 0 to 1."""
        return self.score_box.value() / 100

    def kinds(self) -> tuple[Kind, ...]:
        """Give what is to be accepted."""
        cards = ((Kind.SPAN, self.spans_card), (Kind.RELATION, self.relations_card))
        return tuple(kind for kind, card in cards if card.isChecked())

    def counts(self) -> tuple[int, int]:
        """Count the spans and relations that would be accepted."""
        spans, relations = (
            self._found.count(kind, self.minimum) if kind in self.kinds() else 0
            for kind in (Kind.SPAN, Kind.RELATION)
        )
        return spans, relations

    def _on_changed(self, value: int) -> None:
        self.slider.setValue(value)
        self._show()

    def _show(self) -> None:
        # Two digits behind the point, but for the whole: .85 and 1.00.
        is_whole = self.score_box.value() == 100
        self.score_box.setPrefix("" if is_whole else ".0" if self.score_box.value() < 10 else ".")
        at_least = self.minimum
        for card, words, kind, total in (
            (self.spans_card, "Spans", Kind.SPAN, self._spans),
            (self.relations_card, "Relations, with their ends", Kind.RELATION, self._relations),
        ):
            count = self._found.count(kind, at_least)
            card.set_words(words, f"{count:,} of {total:,} undecided" if total else "none is undecided")
        spans, relations = self.counts()
        parts = [counted(spans, "span")] if spans else []
        parts += [counted(relations, "relation")] if relations else []
        holding = len(self._found.holding(self.kinds(), at_least))
        where = f" in {counted(holding, 'document')}" if len(self._found.documents) > 1 else ""
        self._told.setText(
            f"{' and '.join(parts)}{where} would be accepted." if parts else "Nothing would be accepted."
        )
        self.accept_button.setText(f"Accept {spans + relations:,}" if parts else "Accept")
        self.accept_button.setEnabled(self._can and bool(parts))

    def _go_on(self) -> None:
        documents = self._found.holding(self.kinds(), self.minimum)
        command = AcceptMany(documents=documents, minimum=self.minimum, kinds=self.kinds())
        self.accept()
        self.command_wanted.emit(command)


def _where(session: Session, found: Undecided) -> str:
    if len(found.documents) == 1:
        return session.row(*found.documents).title
    first = "The first " if found.more else ""
    return f"{first}{counted(len(found.documents), 'document')} with candidates left"
