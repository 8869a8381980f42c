"""The dialog that makes a document of a pasted text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from annotator.model.document import title_of
from annotator.model.wording import counted
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.dialogs.words import language_choices, language_words
from annotator.ui.fonts import SERIF
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import FormField, make_label
from annotator.workflows.session import Session


class PasteDialog(DialogFrame):
    """`paste_wanted(text, title, language)`; the title is the first line until another is given.

    Args:
        text: what is pasted; empty takes the clipboard.
    """

    paste_wanted = Signal(str, str, str)

    def __init__(self, session: Session, parent: QWidget | None = None, *, text: str = "") -> None:
        super().__init__("Paste a document", parent, width=640, height=520)
        self._session = session
        self.title_field = QLineEdit()
        own = language_words(session.language)
        languages = [Choice("", f"{own}, as the project"), *language_choices(session.language)]
        self.language_box = ChoiceBox(languages)
        self.text_field = QPlainTextEdit()
        self.text_field.setTabChangesFocus(True)
        self.text_field.setPlaceholderText("Paste or type the text here.")
        fields = [FormField("Title", self.title_field), FormField("Language", self.language_box)]
        self.body.addWidget(RowOfFields(fields, narrowest=200, stretches=(2, 1)))
        head = make_label("Text, kept as it is", "label")
        head.setBuddy(self.text_field)
        self.text_field.setAccessibleName(head.text())
        text_row = QVBoxLayout()
        text_row.setSpacing(4)
        text_row.addWidget(head)
        text_row.addWidget(self.text_field, 1)
        self.body.addLayout(text_row, 1)
        self.cancel_button = self.add_cancel()
        self.paste_button = self.add_button("Make the document", kind="primary", key="Ctrl+Return")
        self.paste_button.clicked.connect(self._go_on)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.paste_button.click)
        self.text_field.textChanged.connect(self._show)
        self.text_field.setPlainText(text or QGuiApplication.clipboard().text())
        if session.read_only:
            self.set_fault("This project is read only: nothing can be added.")
        self._show()
        self._serif()
        theme_hub().changed.connect(self._serif)
        (self.title_field if self.text.strip() else self.text_field).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def text(self) -> str:
        """Give the text as it stands in the field."""
        return self.text_field.toPlainText()

    def _show(self) -> None:
        has_text = bool(self.text.strip())
        self.title_field.setPlaceholderText(title_of(self.text) if has_text else "the first line")
        self.paste_button.setEnabled(has_text and not self._session.read_only)
        self.set_note(counted(len(self.text.split()), "word") if has_text else "")

    def _go_on(self) -> None:
        title = self.title_field.text().strip() or title_of(self.text)
        self.accept()
        self.paste_wanted.emit(self.text, title, str(self.language_box.value))

    def _serif(self) -> None:
        size = theme_hub().px(15)
        self.text_field.setStyleSheet(f"QPlainTextEdit {{ font-family: '{SERIF}'; font-size: {size}px; }}")
