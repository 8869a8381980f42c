"""The dialog that accepts candidates from a score on, and says beforehand how many that are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QWidget

from annotator.editing.commands import AcceptMany
from annotator.model.annotation import Kind
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.words import counted
from annotator.ui.widgets import CheckCard, FormField, make_label
from annotator.workflows.session import Session

_USUAL = 85


class AcceptAboveDialog(DialogFrame):
    """`command_wanted(AcceptMany)` for one document; one step, undone as one."""

    command_wanted = Signal(object)

    def __init__(self, session: Session, document: int, parent: QWidget | None = None) -> None:
        title = session.row(document).title
        super().__init__("Accept from a score on", parent, subtitle=title, width=460, height=0)
        self._document = document
        self._can = not session.read_only
        annotations = session.annotations(document)
        self._spans = sorted(each.best.score for each in annotations.undecided)
        self._relations = sorted(each.candidate.score for each in annotations.undecided_relations)
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

    def counts(self) -> tuple[int, int]:
        """Count the spans and relations that would be accepted."""
        spans = sum(score >= self.minimum for score in self._spans) if self.spans_card.isChecked() else 0
        wants_relations = self.relations_card.isChecked()
        return spans, sum(score >= self.minimum for score in self._relations) if wants_relations else 0

    def _on_changed(self, value: int) -> None:
        self.slider.setValue(value)
        self._show()

    def _show(self) -> None:
        # Two digits behind the point, but for the whole: .85 and 1.00.
        is_whole = self.score_box.value() == 100
        self.score_box.setPrefix("" if is_whole else ".0" if self.score_box.value() < 10 else ".")
        at_least = self.minimum
        for card, words, scores in (
            (self.spans_card, "Spans", self._spans),
            (self.relations_card, "Relations, with their ends", self._relations),
        ):
            count = sum(score >= at_least for score in scores)
            card.set_words(
                words, f"{count:,} of {len(scores):,} undecided" if scores else "none is undecided"
            )
        spans, relations = self.counts()
        parts = [counted(spans, "span")] if spans else []
        parts += [counted(relations, "relation")] if relations else []
        self._told.setText(
            f"{' and '.join(parts)} would be accepted." if parts else "Nothing would be accepted."
        )
        self.accept_button.setText(f"Accept {spans + relations:,}" if parts else "Accept")
        self.accept_button.setEnabled(self._can and bool(parts))

    def _go_on(self) -> None:
        kinds = [Kind.SPAN] if self.spans_card.isChecked() else []
        kinds += [Kind.RELATION] if self.relations_card.isChecked() else []
        command = AcceptMany(documents=(self._document,), minimum=self.minimum, kinds=tuple(kinds))
        self.accept()
        self.command_wanted.emit(command)
