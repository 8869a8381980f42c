"""The dialog that skips a document with a reason; reasons given before in the project can be picked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from annotator.model.document import State
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.widgets import FormField, KeyCap, RadioCard, make_label
from annotator.workflows.session import DocumentFilter, Session

KEPT = 4
_USUAL = ("no news text", "another language", "the text is broken", "too little in it")


class SkipDialog(DialogFrame):
    """`skip_wanted(reason)`; digits pick a reason, letters begin one of one's own."""

    skip_wanted = Signal(str)

    def __init__(self, session: Session, title: str, parent: QWidget | None = None) -> None:
        super().__init__("Skip this document", parent, subtitle=title, width=460, height=0)
        self.reason_field = QLineEdit()
        self.body.addWidget(
            make_label("It stays in the project, out of exports. You can take it back.", "dim", wrap=True)
        )
        self.cards: list[RadioCard] = []
        for number, reason in enumerate(reasons_of(session), start=1):
            card = RadioCard(reason, is_framed=False)
            card.insert_before_head(KeyCap(str(number)))
            card.clicked.connect(lambda _checked=False, words=reason: self._pick(words))
            self.cards.append(card)
            self.body.addWidget(card)
        self.body.addWidget(FormField("Reason", self.reason_field))
        self.body.addStretch(1)
        self.cancel_button = self.add_cancel()
        self.skip_button = self.add_button("Skip, next document", kind="primary", key="Return")
        self.skip_button.clicked.connect(self._go_on)
        self.reason_field.textEdited.connect(self._on_edited)
        if session.read_only:
            self.set_fault("This project is read only: no document can be skipped.")
        self._can = not session.read_only
        self._show()
        self.cards[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Whoever begins to write means the field; a digit that reaches the dialog is none of its words.
        place = "1234"[: len(self.cards)].find(event.text()) if event.text() else -1
        if place >= 0:
            self.cards[place].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.cards[place].click()
            return
        if event.text().isalpha() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.reason_field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reason_field.setText(event.text())
            self._on_edited(event.text())
        else:
            super().keyPressEvent(event)

    def _pick(self, reason: str) -> None:
        self.reason_field.setText(reason)
        self._show()

    def _on_edited(self, text: str) -> None:
        for card in self.cards:
            card.setAutoExclusive(False)
            card.setChecked(card.accessibleName() == text.strip())
            card.setAutoExclusive(True)
        self._show()

    def _show(self) -> None:
        self.skip_button.setEnabled(self._can and bool(self.reason_field.text().strip()))

    def _go_on(self) -> None:
        reason = self.reason_field.text().strip()
        self.accept()
        self.skip_wanted.emit(reason)


def reasons_of(session: Session) -> list[str]:
    """List reasons to pick from: those given last in the project, then usual ones."""
    rows = session.documents(DocumentFilter(state=State.SKIPPED), limit=50)
    given = [row.reason for row in reversed(rows) if row.reason]
    return list(dict.fromkeys([*given, *_USUAL]))[:KEPT]
