"""What is known of a source before it comes in: encoding, offsets, labels, first texts; and what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from annotator.model.offsets import Utf16Map
from annotator.model.record import Record
from annotator.ui import fonts
from annotator.ui.dialogs.format_details import FormatDetails
from annotator.ui.dialogs.sources import Source, Sources, encoding_title
from annotator.ui.dialogs.words import counted
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import make_label
from annotator.workflows.importing import SourceLook
from annotator.workflows.preparing import readable_formats

_LABELS = 6
_LINES = 3
_BETWEEN = "\n"
_IN_ONE_LINE = {ord(sign): " " for sign in "\n\r\t\u2028\u2029"}


class SourceDetails(QWidget):
    """The line, the choices and the first texts of one source."""

    def __init__(self, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources = sources
        self._source: Source | None = None
        self._shown: tuple[Path, str] | None = None
        self._options = {each.name: each.options for each in readable_formats()}
        self.facts = make_label("", "dim", wrap=True)
        self.choices = FormatDetails()
        self.choices.changed.connect(self._on_chosen)
        self.preview = TextPreview()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.facts)
        column.addWidget(self.choices)
        column.addWidget(self.preview)
        self.hide()

    def show_source(self, source: Source | None) -> None:
        """Show a source; while it is looked through anew, what was known of it."""
        before, self._source = self._source, source
        look = None if source is None else source.look
        if source is None or look is None:
            self.setVisible(source is not None and before is not None and before.path == source.path)
            return
        shown = (source.path, source.format or look.format)
        if shown != self._shown:
            self._shown = shown
            self.choices.show_options(self._options.get(shown[1], ()))
            self.choices.choose(source.details)
        self.facts.setText(facts_of(look))
        self.preview.show_records(look.first)
        self.preview.setVisible(bool(look.first))
        self.setVisible(bool(self.facts.text() or self._options.get(shown[1])))

    def _on_chosen(self) -> None:
        if self._source is not None:
            self._sources.read_otherwise(self._source.path, self.choices.changed_values)


class TextPreview(QPlainTextEdit):
    """The beginnings of some texts, their spans marked; nothing can be changed in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName("The first texts")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._marks: list[tuple[int, int]] = []
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def show_records(self, records: Sequence[Record]) -> None:
        """Show other texts."""
        text, self._marks = "", []
        for record in records:
            text += _BETWEEN if text else ""
            begin = len(text)
            text += record.text.translate(_IN_ONE_LINE)
            self._marks += [
                (begin + start, begin + end) for span in record.spans for start, end in span.fragments
            ]
        units = Utf16Map(text)
        self._marks = [(units.to_utf16(start), units.to_utf16(end)) for start, end in self._marks]
        self.setPlainText(text)
        self._mark()

    @property
    def marked(self) -> list[str]:
        """Give the words that are marked."""
        return [each.cursor.selectedText() for each in self.extraSelections()]

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme_hub().px(24 * _LINES + 10))

    def _mark(self) -> None:
        marked = []
        theme = theme_hub().theme
        look = QTextCharFormat()
        look.setBackground(theme.wash)
        look.setForeground(theme.on_wash)
        for start, end in self._marks:
            each = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            each.cursor, each.format = cursor, look
            marked.append(each)
        self.setExtraSelections(marked)

    def _on_look_changed(self) -> None:
        self.setFont(fonts.serif(14))
        self._mark()
        self.updateGeometry()


def facts_of(look: SourceLook) -> str:
    """Say what is known of a source: formats, encodings, what offsets count, the commonest labels."""
    told = []
    if len(look.formats) > 1:
        told.append(", ".join(f"{title} {count:,}" for title, count in look.formats.items()))
    if look.encodings:
        told.append(" and ".join(encoding_title(each) for each in look.encodings))
    if look.offsets:
        told.append(f"offsets count {' or '.join(look.offsets)}")
    common = sorted(look.labels.items(), key=lambda each: -each[1])
    labels = [f"{label} {count:,}" for label, count in islice(common, _LABELS)]
    if len(common) > _LABELS:
        labels.append(f"{counted(len(common) - _LABELS, 'label')} more")
    return "\n".join(line for line in (" · ".join(told), ", ".join(labels)) if line)
