"""Rows of the selection card: a reading to choose, a relation of the selection, an end of a relation."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from annotator.model.candidate import Candidate
from annotator.model.schema import Schema
from annotator.ui import fonts
from annotator.ui.models.article_items import label_color, label_words
from annotator.ui.models.article_words import quoted, score_words
from annotator.ui.panels.parts import RowButton
from annotator.ui.panels.state import End
from annotator.ui.panels.telling import RelationLine, sources
from annotator.ui.plain import plain_tip
from annotator.ui.theme import Theme, theme_hub
from annotator.ui.widgets import (
    Chip,
    ChipForm,
    ElidedLabel,
    chip_size,
    paint_chip,
    paint_focus_ring,
    paint_frame,
)
from annotator.ui.widgets.painting import RADIUS_CONTROL, paint_words

_READING, _RELATION, _ARROW = 42, 30, 18


class ReadingCard(QRadioButton):
    """One reading: label, words, who proposes it, score. Radio buttons: the arrows step through them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = 0
        self._label, self._color, self._words, self._sources, self._score = "", "slate", "", "", ""
        self._ring_shows = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme_hub().changed.connect(self._on_look_changed)

    def set_reading(self, index: int, reading: Candidate, schema: Schema, text: str) -> None:
        """Show a reading."""
        self.index = index
        self._label, self._color = label_words(reading.label, schema), label_color(reading.label, schema)
        self._words = quoted(text, reading.fragments)
        self._sources, self._score = sources(reading.proposals), score_words(reading.score)
        self.setAccessibleName(f"{self._label}, {self._words}, {self._score}, {self._sources}")
        self.setToolTip(plain_tip(f"{self._words}\n{self._sources}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(180), theme_hub().px(_READING))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_hub().px(120), theme_hub().px(_READING))

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = theme_hub().theme, theme_hub().px
        painter = QPainter(self)
        is_under = self.underMouse() and self.isEnabled()
        border = theme.accent if self.isChecked() else theme.control if theme.high_contrast else theme.line
        fill = theme.hover if is_under and not self.isChecked() else theme.raised
        width = 1.6 if self.isChecked() else 1.0
        paint_frame(painter, self.rect(), fill=fill, border=border, radius=RADIUS_CONTROL, width=width)
        self._paint_radio(painter, theme)
        font = fonts.sans(12, 500)
        score_width = QFontMetrics(font).horizontalAdvance(self._score) + 2
        score = QRect(self.width() - px(10) - score_width, 0, score_width, self.height())
        paint_words(
            painter, self._place(score), self._score, font=font, color=theme.ink, align=self._side(end=True)
        )
        left, top = px(31), px(5)
        size = chip_size(self._label, "small")
        chip = QRect(left, top + (px(18) - size.height()) // 2, size.width(), size.height())
        paint_chip(painter, self._place(chip), self._label, self._color, theme, form="hollow", size="small")
        words = QRect(chip.right() + px(8), top, score.left() - px(8) - chip.right() - px(8), px(18))
        paint_words(
            painter,
            self._place(words),
            self._words,
            font=fonts.serif(14),
            color=theme.ink,
            align=self._side(),
        )
        below = QRect(left, px(23), score.left() - px(8) - left, px(15))
        color = theme.dim
        paint_words(
            painter, self._place(below), self._sources, font=fonts.sans(11), color=color, align=self._side()
        )
        if self.hasFocus() and self._ring_shows:
            paint_focus_ring(painter, self.rect(), theme)

    def _paint_radio(self, painter: QPainter, theme: Theme) -> None:
        px = theme_hub().px
        side = px(12)
        circle = QRectF(self._place(QRect(px(11), (self.height() - side) // 2, side, side)))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.accent if self.isChecked() else theme.edge, 1.4))
        painter.drawEllipse(circle.adjusted(0.7, 0.7, -0.7, -0.7))
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.accent)
            inner = side * 0.26
            painter.drawEllipse(circle.center(), inner, inner)
        painter.restore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring_shows = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._ring_shows = True
        super().keyPressEvent(event)

    def _place(self, rect: QRect) -> QRect:
        if self.layoutDirection() != Qt.LayoutDirection.RightToLeft:
            return rect
        return QRect(self.width() - rect.right() - 1, rect.top(), rect.width(), rect.height())

    def _side(self, *, end: bool = False) -> Qt.AlignmentFlag:
        is_left = (self.layoutDirection() == Qt.LayoutDirection.RightToLeft) is end
        return Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class RelationRow(RowButton):
    """One relation of the selected span; a click selects it in the article."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line: RelationLine | None = None
        self._other = ("", "slate")

    def set_line(self, line: RelationLine, schema: Schema) -> None:
        """Show a relation."""
        other = (label_words(line.other.label, schema), label_color(line.other.label, schema))
        if (line, other) == (self.line, self._other):
            return
        self.line = line
        self._other = other
        self.setAccessibleName(line.told)
        self.setToolTip(plain_tip(line.told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(160), theme_hub().px(_RELATION))

    def _paint_row(self, painter: QPainter) -> None:
        line = self.line
        if line is None:
            return
        theme, px = theme_hub().theme, theme_hub().px
        arrow = QRect(px(6), (self.height() - px(10)) // 2, px(_ARROW), px(10))
        _paint_arrow(
            painter, self.mirrored(arrow), line, theme, is_mirrored=self.start == Qt.AlignmentFlag.AlignRight
        )
        end = self.width() - px(6)
        figure = score_words(line.score) if line.score is not None else "!" if line.illegal else ""
        if figure:
            font = fonts.sans(12, 600 if line.illegal else 400)
            width = QFontMetrics(font).horizontalAdvance(figure) + 2
            place = QRect(end - width, 0, width, self.height())
            color = theme.warn if line.illegal else theme.dim
            paint_words(painter, self.mirrored(place), figure, font=font, color=color, align=self.finish)
            end = place.left() - px(6)
        font = fonts.sans(12, 600)
        left = arrow.right() + px(8)
        room = max(0, (end - left) // 2)
        width = min(QFontMetrics(font).horizontalAdvance(line.type) + 2, room)
        place = QRect(left, 0, width, self.height())
        paint_words(painter, self.mirrored(place), line.type, font=font, color=theme.ink, align=self.start)
        left = place.right() + px(8)
        size = chip_size(self._other[0], "small")
        chip = QRect(
            left, (self.height() - size.height()) // 2, min(size.width(), max(0, end - left)), size.height()
        )
        form: ChipForm = "hollow" if line.other.candidate else "filled"
        paint_chip(painter, self.mirrored(chip), *self._other, theme, form=form, size="small")
        words = QRect(chip.right() + px(8), 0, max(0, end - chip.right() - px(8)), self.height())
        one_line = " ".join(line.other.words.split())
        paint_words(
            painter, self.mirrored(words), one_line, font=fonts.serif(14), color=theme.ink, align=self.start
        )


class EndRow(QWidget):
    """One end of a relation: its label as a chip, its words beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip = Chip()
        self._words = ElidedLabel("", "quote")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._chip)
        row.addWidget(self._words, 1)
        theme_hub().changed.connect(self._lay_out)
        self._lay_out()

    def set_end(self, end: End, schema: Schema) -> None:
        """Show an end."""
        form: ChipForm = "hollow" if end.candidate else "filled"
        self._chip.set_label(label_words(end.label, schema), label_color(end.label, schema), form=form)
        self._words.setText(" ".join(end.words.split()))
        self.setAccessibleName(f"{end.label}, {end.words}{', candidate' if end.candidate else ''}")

    def _lay_out(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.setSpacing(theme_hub().px(8))


def _paint_arrow(
    painter: QPainter, area: QRect, line: RelationLine, theme: Theme, *, is_mirrored: bool
) -> None:
    """Draw which way a relation runs as in the article: a candidate dashed with a hollow head."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color = theme.warn if line.illegal else theme.dim
    pen = QPen(color, 1.3)
    head = area.height() * 0.7
    middle = area.center().y() + 0.5
    points_left = (line.direction == "in") is not is_mirrored
    left, right = float(area.left()), float(area.right())
    if line.candidate:
        pen.setDashPattern([2.4, 1.8])
    painter.setPen(pen)
    if line.direction == "both":
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        painter.restore()
        return
    tip, base = (left, left + head) if points_left else (right, right - head)
    painter.drawLine(QPointF(base, middle), QPointF(right if points_left else left, middle))
    painter.setPen(QPen(color, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush if line.candidate else color)
    half = head * 0.5
    painter.drawPolygon(
        QPolygonF([QPointF(tip, middle), QPointF(base, middle - half), QPointF(base, middle + half)])
    )
    painter.restore()
