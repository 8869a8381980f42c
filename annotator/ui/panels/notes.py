"""The Notes tab: the note and flag of the document, and every note and flag on its spans and relations."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from annotator.model.annotation import Relation, Span
from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.models.article_items import id_of, label_color, label_words
from annotator.ui.models.article_words import quoted
from annotator.ui.panels.parts import ROW_MARGIN, NoteField, RowButton, Section, wrapped_label
from annotator.ui.panels.state import WorkState
from annotator.ui.panels.work_tab import Column
from annotator.ui.plain import plain_tip
from annotator.ui.tally import counted
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Hairline, chip_size, paint_chip
from annotator.ui.widgets.painting import paint_words


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """One note or flag: what it is on (label and hue, or relation type), its words, the note."""

    id: str
    label: str
    color: str
    words: str
    note: str
    flagged: bool


def note_lines(state: WorkState) -> list[NoteLine]:
    """List the notes and flags of a document, spans first, each in reading order."""
    lines = [
        NoteLine(
            id=id_of(span),
            label=label_words(span.label, state.schema),
            color=label_color(span.label, state.schema),
            words=quoted(state.text, span.fragments),
            note=span.note,
            flagged=span.flagged,
        )
        for span in state.annotations.spans
        if span.note or span.flagged
    ]
    noted = (each for each in state.annotations.relations if each.note or each.flagged)
    return [*lines, *(_relation_line(relation, state) for relation in noted)]


def _relation_line(relation: Relation, state: WorkState) -> NoteLine:
    ends = [state.annotations.span(key) for key in (relation.head, relation.child)]
    words = [quoted(state.text, end.fragments, limit=40) if isinstance(end, Span) else "…" for end in ends]
    return NoteLine(
        id=id_of(relation),
        label=relation.label,
        color="",
        words=" → ".join(words),
        note=relation.note,
        flagged=relation.flagged,
    )


def count_notes(state: WorkState) -> int:
    """Count notes and flags, the document's own note and flag among them."""
    on_items = counted(state.annotations).noted
    document = state.document
    return on_items + (document is not None and bool(document.note or document.flagged))


class NoteRow(RowButton):
    """A note with what it is on; a click selects that in the article."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line: NoteLine | None = None

    def set_line(self, line: NoteLine) -> None:
        """Show a note or flag."""
        self.line = line
        flag = ", flagged" if line.flagged else ""
        self.setAccessibleName(f"{line.label}, {line.words}{flag}: {line.note or 'no note'}")
        self.setToolTip(plain_tip(f"{line.label}  {line.words}\n{line.note}".strip()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        two_lines = self.line is not None and bool(self.line.note)
        return QSize(theme_hub().px(160), theme_hub().px(44 if two_lines else 28))

    def _paint_row(self, painter: QPainter) -> None:
        line = self.line
        if line is None:
            return
        theme, px = theme_hub().theme, theme_hub().px
        left, end = px(6), self.width() - px(6)
        upper = px(28)
        if line.flagged:
            sign = QRect(left, (upper - px(13)) // 2, px(13), px(13))
            paint_icon(painter, "flag", self.mirrored(sign), theme.bad)
            left = sign.right() + px(7)
        size = chip_size(line.label, "small")
        label = QRect(left, (upper - size.height()) // 2, min(size.width(), (end - left) // 2), size.height())
        if line.color:
            paint_chip(painter, self.mirrored(label), line.label, line.color, theme, size="small")
        else:
            font = fonts.sans(11, 600)
            paint_words(
                painter, self.mirrored(label), line.label, font=font, color=theme.ink, align=self.start
            )
        words = QRect(label.right() + px(8), 0, end - label.right() - px(8), upper)
        font = fonts.serif(14)
        paint_words(painter, self.mirrored(words), line.words, font=font, color=theme.ink, align=self.start)
        if line.note:
            below = QRect(px(6), upper - px(3), end - px(6), px(15))
            note = " ".join(line.note.split())
            paint_words(
                painter, self.mirrored(below), note, font=fonts.sans(12), color=theme.dim, align=self.start
            )


class NotesPage(QWidget):
    """Notes and flags.

    Signals: `note_changed(str, int, str)` kind (`document`), row key, note; `flag_changed(str, int, bool)`;
    `item_chosen(str)` item id.
    """

    note_changed = Signal(str, int, str)
    flag_changed = Signal(str, int, bool)
    item_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: int | None = None
        self._rows: list[NoteRow] = []
        self._about = Section()
        self._about.set_head(self.tr("This document"))
        self.field = NoteField(self.tr("A note on this document"), lines=3)
        self.field.note_changed.connect(self._on_note_changed)
        self.flag = QCheckBox(self.tr("Flagged, to come back to"))
        self.flag.clicked.connect(self._on_flagged)
        self._about.body.addWidget(self.field)
        self._about.body.addWidget(self.flag)
        self._items = Section(margin=ROW_MARGIN)
        self._items.set_head(self.tr("Spans and relations"))
        self._none = wrapped_label("dim")
        self._none.setContentsMargins(6, 0, 6, 0)
        self._items.body.addWidget(self._none)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._about)
        column.addWidget(Hairline())
        column.addWidget(self._items)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Column(content))

    def set_state(self, state: WorkState) -> None:
        """Show the notes of a document."""
        document = state.document
        key = document.key if document is not None else None
        if key != self._document:
            self.field.take_over()
            self._document = key
            self.field.set_note("")
        self.field.set_note(document.note if document is not None else "")
        self.field.setReadOnly(state.read_only)
        self.field.setEnabled(document is not None)
        self.flag.setChecked(document is not None and document.flagged)
        self.flag.setEnabled(document is not None and not state.read_only)
        lines = note_lines(state)
        while len(self._rows) < len(lines):
            self._add_row()
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(lines))
            if number < len(lines):
                row.set_line(lines[number])
        self._none.setText(
            self.tr("None.")
            if state.read_only
            else self.tr("None. N adds one to the selected span or relation.")
        )
        self._none.setVisible(not lines)

    def take_over(self) -> None:
        """Hand over a note that is still being written."""
        self.field.take_over()

    def _add_row(self) -> None:
        row = NoteRow()
        row.clicked.connect(lambda: self.item_chosen.emit(row.line.id if row.line is not None else ""))
        self._rows.append(row)
        self._items.body.addWidget(row)

    def _on_note_changed(self, note: str) -> None:
        if self._document is not None:
            self.note_changed.emit("document", self._document, note)

    def _on_flagged(self, checked: bool) -> None:  # noqa: FBT001 - Qt's signal
        if self._document is not None:
            self.flag_changed.emit("document", self._document, checked)
