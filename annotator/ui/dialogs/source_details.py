"""What is known of a source before it comes in: encoding, offsets, labels, first texts; and what can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from annotator.model.offsets import Utf16Map
from annotator.model.record import Record
from annotator.model.schema import Schema
from annotator.ui import fonts
from annotator.ui.dialogs.format_details import FormatDetails
from annotator.ui.dialogs.label_counts import LabelCounts, colors_for
from annotator.ui.dialogs.sources import Source, Sources, encoding_title
from annotator.ui.theme import hue, theme_hub
from annotator.ui.widgets import make_label
from annotator.workflows.looking import SourceLook
from annotator.workflows.preparing import readable_formats

_LINES = 4
_BETWEEN = "\n"
_IN_ONE_LINE = {ord(sign): " " for sign in "\n\r\t\u2028\u2029"}


class SourceDetails(QWidget):
    """The line, the labels, the choices and the first texts of one source; `schema` gives the types there are."""

    def __init__(self, sources: Sources, schema: Callable[[], Schema], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources, self._schema = sources, schema
        self._source: Source | None = None
        self._shown: tuple[Path, str] | None = None
        self._options = {each.name: each.options for each in readable_formats()}
        self.facts = make_label("", "dim", wrap=True)
        self.labels = LabelCounts()
        self.choices = FormatDetails()
        self.choices.changed.connect(self._on_chosen)
        self.preview = TextPreview()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.facts)
        column.addWidget(self.labels)
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
        self.facts.setVisible(bool(self.facts.text()))
        marked = [span.label for record in look.first for span in record.spans]
        colors = colors_for([*look.labels, *marked], self._schema())
        self.labels.show_counts(look.labels, colors)
        self.preview.show_records(look.first, colors)
        self.preview.setVisible(bool(look.first))
        self.setVisible(bool(self.facts.text() or look.labels or self._options.get(shown[1])))

    def _on_chosen(self) -> None:
        if self._source is not None:
            self._sources.read_otherwise(self._source.path, self.choices.changed_values)


class TextPreview(QPlainTextEdit):
    """The beginnings of some texts, their spans in the colours of their labels; nothing can be changed in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName("The first texts")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._marks: list[tuple[int, int, str]] = []
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def show_records(self, records: Sequence[Record], colors: Mapping[str, str]) -> None:
        """Show other texts, spans in the colours of these names by their labels."""
        text, marks = "", list[tuple[int, int, str]]()
        for record in records:
            text += _BETWEEN if text else ""
            begin = len(text)
            text += record.text.translate(_IN_ONE_LINE)
            # Of nested spans the inner one is marked last, or nobody would see it.
            spans = sorted(record.spans, key=lambda each: each.fragments[0].start - each.fragments[-1].end)
            marks += [
                (begin + start, begin + end, colors[span.label])
                for span in spans
                for start, end in span.fragments
            ]
        units = Utf16Map(text)
        self._marks = [(units.to_utf16(start), units.to_utf16(end), color) for start, end, color in marks]
        self.setPlainText(text)
        self._mark()

    @property
    def marked(self) -> list[str]:
        """Give the words that are marked."""
        return [each.cursor.selectedText() for each in self.extraSelections()]

    def sizeHint(self) -> QSize:
        lines = _LINES * QFontMetrics(self.font()).lineSpacing()
        # The style sheet's padding, and signs such as emoji that are higher than letters.
        return QSize(super().sizeHint().width(), lines + theme_hub().px(20))

    def _mark(self) -> None:
        marked = []
        theme = theme_hub().theme
        for start, end, color in self._marks:
            each = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            inks = hue(theme, color)
            look = QTextCharFormat()
            look.setBackground(inks.tint)
            look.setForeground(theme.ink)
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            look.setUnderlineColor(inks.line)
            each.cursor, each.format = cursor, look
            marked.append(each)
        self.setExtraSelections(marked)

    def _on_look_changed(self) -> None:
        self.setFont(fonts.serif(14))
        self._mark()
        self.updateGeometry()


def facts_of(look: SourceLook) -> str:
    """Say what is known of a source: formats, encodings, what offsets count."""
    told = []
    if len(look.formats) > 1:
        told.append(", ".join(f"{title} {count:,}" for title, count in look.formats.items()))
    if look.encodings:
        told.append(" and ".join(encoding_title(each) for each in look.encodings))
    if look.offsets:
        told.append(f"offsets count {' or '.join(look.offsets)}")
    return " · ".join(told)
