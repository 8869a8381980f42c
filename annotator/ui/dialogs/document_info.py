"""What is known about one document: where it came from, its numbers, its metadata; and its language and part."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from annotator.editing.commands import RenameDocument, SetPart
from annotator.model.document import Document, Part
from annotator.model.errors import UserError
from annotator.model.limits import LINE_LIMIT
from annotator.model.wording import counted, printable
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.parts import while_alive
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.tables import Choice, ChoiceBox
from annotator.ui.dialogs.words import language_choices, language_words
from annotator.ui.plain import plain_tip, shortened_lines
from annotator.ui.widgets import Button, FormField, Hairline, make_label
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session
from annotator.workflows.suggesting import retokenize

_PARTS = (
    Choice(Part.TRAIN, "train: the model learns from it"),
    Choice(Part.DEV, "dev: it is tried on it while it learns"),
    Choice(Part.TEST, "test: it is measured on it at the end"),
)

FACTS_SHOWN = 100
"""Most of what a file said of a document that is shown."""


class DocumentInfoDialog(DialogFrame):
    """`command_wanted(command)` for another title or part; another language is a job of its own, and one step."""

    command_wanted = Signal(object)

    def __init__(self, session: Session, key: int, run: RunJob, parent: QWidget | None = None) -> None:
        self._document: Document = session.document(key)
        super().__init__("About this document", parent, width=620, height=540)
        self._session, self._run = session, run
        document = self._document
        self.title_field = QLineEdit(document.title[: 10 * LINE_LIMIT])  # a field cannot hold more
        self.title_field.setCursorPosition(0)
        self.part_box = ChoiceBox(_PARTS)
        self.part_box.choose(document.part)
        self.language_box = ChoiceBox(language_choices(document.language))
        self.language_box.choose(document.language)
        self.body.addWidget(FormField("Title", self.title_field))
        language = FormField("Language", self.language_box)
        part = FormField("Part of the corpus", self.part_box)
        self.body.addWidget(RowOfFields([language, part], narrowest=220))
        self._language_note = make_label("", "dim", wrap=True)
        self.retokenize_button = Button("Cut it into words anew")
        self.retokenize_button.clicked.connect(self._retokenize)
        self.body.addWidget(self._language_note)
        self.body.addWidget(self.retokenize_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(Hairline())
        self._facts = QGridLayout()
        self._facts.setColumnStretch(1, 1)
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(6)
        self.body.addLayout(self._facts)
        self.body.addStretch(1)
        self.cancel_button = self.add_cancel("Close")
        self.keep_button = self.add_button("Keep", kind="primary", key="Return")
        self.keep_button.clicked.connect(self._keep)
        self.language_box.activated.connect(lambda _index: self._show_language())
        for field in (self.title_field.textEdited, self.part_box.activated):
            field.connect(lambda _value: self._show_keep())
        can = not session.read_only
        self.title_field.setReadOnly(not can)
        for widget in (self.part_box, self.language_box):
            widget.setEnabled(can)
        self._show_facts()
        self._show_language()
        self._show_keep()

    def _show_facts(self) -> None:
        document, session = self._document, self._session
        row = session.row(document.key)
        tokens = session.tokens(document.key)
        words_in_it = f"{counted(len(tokens), 'token')}, {counted(len(tokens.sentences), 'sentence')}"
        length = f"{document.length:,} characters, {words_in_it}"
        decided = f"{counted(row.spans, 'span')}, {counted(row.relations, 'relation')}"
        facts = [
            ("Source", document.source or "pasted or made here"),
            (
                "State",
                f"{document.state.value}, {document.reason}" if document.reason else document.state.value,
            ),
            ("Length", length),
            (
                "Cut into words by",
                tokens.tokenizer if tokens.tokenizer != "source" else "the file it came from",
            ),
            ("Decided", f"{decided}, {row.rejected:,} rejected; {row.undecided:,} left"),
        ]
        if row.skipped_by_suggester:
            facts.append(("No candidates", row.skipped_by_suggester))
        if document.note:
            facts.append(("Note", document.note))
        told = islice(document.metadata.items(), FACTS_SHOWN)
        facts += [(printable(str(name), limit=100), _words(value)) for name, value in told]
        facts += [("Hash of the text", document.hash), ("Id", document.id)]
        for number, (name, whole) in enumerate(facts):
            value = shortened_lines(whole)
            head = make_label(name, "label")
            words = make_label(
                PurePath(value).name if name == "Source" and "/" in value else value, wrap=True
            )
            words.setToolTip(plain_tip(value) if words.text() != value else "")
            words.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            words.setAccessibleName(f"{name}: {value}")
            if name in {"Hash of the text", "Id"}:
                words.setText(value[:20] + "…" if len(value) > 20 and name != "Id" else value)
                words.setToolTip(plain_tip(value))
            self._facts.addWidget(head, number, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(words, number, 1)

    def _show_language(self) -> None:
        language = str(self.language_box.value)
        differs = language != self._document.language
        self._language_note.setText(
            f"In {language_words(language)} it is cut into other words. Spans stay where they are; "
            "one that no longer lies on the borders of words is marked."
        )
        self._language_note.setVisible(differs)
        self.retokenize_button.setVisible(differs)

    def _show_keep(self) -> None:
        title = self.title_field.text().strip()
        changed = title != self._document.title or self.part_box.value != self._document.part
        self.keep_button.setEnabled(bool(title) and changed and not self._session.read_only)

    def _retokenize(self) -> None:
        session, key, language = self._session, self._document.key, str(self.language_box.value)

        def work(report: Report) -> str:
            report(0, 1, "Cutting into words")
            with closing(session.clone()) as own:
                return retokenize(own, key, language).message

        self.set_fault("")
        self.retokenize_button.setEnabled(False)
        job = self._run("Cutting into words", work)
        job.finished.connect(while_alive(self, self._on_retokenized))
        job.failed.connect(
            while_alive(self, lambda error: self.set_fault(error) if isinstance(error, UserError) else None)
        )
        job.ended.connect(while_alive(self, lambda: self.retokenize_button.setEnabled(True)))

    def _on_retokenized(self, message: object) -> None:
        self._document = self._session.document(self._document.key)
        self.set_note(str(message), token="good")
        self._show_language()

    def _keep(self) -> None:
        title = self.title_field.text().strip()
        document = self._document
        self.accept()
        if title != document.title:
            self.command_wanted.emit(RenameDocument(document.key, title))
        if self.part_box.value != document.part:
            self.command_wanted.emit(SetPart(documents=(document.key,), part=Part(str(self.part_box.value))))


def _words(value: object) -> str:
    return (
        value
        if isinstance(value, str)
        else ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value)
    )
