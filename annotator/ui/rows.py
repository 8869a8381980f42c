"""A list of rows as the palette and the small lists at a place in the article show it; painted, not made of widgets.

It has no focus of its own: whoever owns it moves the mark and takes the choice.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from annotator.ui import fonts, icons
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import chip_size, key_cap_size, paint_chip, paint_frame, paint_key_cap, paint_row
from annotator.ui.widgets.painting import RADIUS_CARD, paint_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row.

    Args:
        text: what stands there; `matched` (start, end) of it is set in bold.
        key: a cap before it. chip: label and hue of a chip before the text. icon: an icon before it.
        note: small words at the right; beside: small words behind the text. cap: a cap at the right.
        indented: room is left where others have an icon.
        is_head: a heading, which cannot be chosen. disabled: cannot be chosen now.
    """

    text: str
    matched: tuple[int, int] | None = None
    key: str = ""
    chip: tuple[str, str] | None = None
    icon: str = ""
    note: str = ""
    beside: str = ""
    cap: str = ""
    indented: bool = False
    is_head: bool = False
    disabled: bool = False


class Rows(QWidget):
    """Paints rows; `chosen(index)` tells of a click, `pointed(index)` that the pointer moved onto one."""

    chosen = Signal(int)
    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, row_height: int = 36) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self._rows: tuple[Row, ...] = ()
        self._current = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_hub().changed.connect(self._on_look_changed)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Give the rows."""
        return self._rows

    @property
    def current(self) -> int:
        """Give the index of the marked row, -1 without one."""
        return self._current

    def set_rows(self, rows: tuple[Row, ...], *, current: int = 0) -> None:
        """Show other rows; the mark goes to the first that can be chosen at or behind `current`."""
        self._rows = rows
        able = [index for index in range(len(rows)) if self._can(index)]
        self._current = next((index for index in able if index >= current), able[0] if able else -1)
        self.updateGeometry()
        self.update()

    def move(self, by: int) -> None:  # type: ignore[override]
        """Mark the next row that can be chosen, or the one before; round at the ends."""
        able = [index for index in range(len(self._rows)) if self._can(index)]
        if able:
            at = able.index(self._current) if self._current in able else -1
            self._current = able[(at + by) % len(able)]
            self.update()

    def mark(self, index: int) -> None:
        """Mark a row."""
        if self._can(index):
            self._current = index
            self.update()

    def rect_of(self, index: int) -> QRect:
        """Give where a row lies."""
        top = sum(self._height(row) for row in self._rows[:index])
        return QRect(0, top, self.width(), self._height(self._rows[index]))

    def sizeHint(self) -> QSize:
        return QSize(self._wanted_width(), sum(self._height(row) for row in self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def _can(self, index: int) -> bool:
        return (
            0 <= index < len(self._rows) and not self._rows[index].is_head and not self._rows[index].disabled
        )

    def _height(self, row: Row) -> int:
        return theme_hub().px(26 if row.is_head else self._row_height)

    def _wanted_width(self) -> int:
        hub = theme_hub()
        words = QFontMetricsF(fonts.sans(13, 600))
        small = QFontMetricsF(fonts.sans(12))
        widest = 0.0
        for row in self._rows:
            width = (
                words.horizontalAdvance(row.text)
                + small.horizontalAdvance(row.beside + row.note)
                + hub.px(64)
            )
            width += hub.px(32) if row.key or row.icon else 0
            width += chip_size(row.chip[0]).width() + hub.px(8) if row.chip else 0
            width += key_cap_size(row.cap).width() + hub.px(8) if row.cap else 0
            widest = max(widest, width)
        return round(widest)

    # ------------------------------------------------------------------ events

    def _at(self, event: QMouseEvent) -> int:
        y = event.position().y()
        return next(
            (index for index in range(len(self._rows)) if self.rect_of(index).contains(1, int(y))), -1
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._at(event)
        if self._can(index) and index != self._current:
            self.mark(index)
            self.pointed.emit(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._at(event)
        if self._can(index):
            self.chosen.emit(index)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for index, row in enumerate(self._rows):
            area = self.rect_of(index)
            if area.intersects(event.rect()):
                self._paint(painter, area, row, is_current=index == self._current)
        painter.end()

    def _paint(self, painter: QPainter, area: QRect, row: Row, *, is_current: bool) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        if row.is_head:
            place = area.adjusted(hub.px(12), hub.px(4), 0, 0)
            paint_words(painter, place, row.text, font=fonts.sans(11, 600), color=theme.dim)
            return
        paint_row(painter, area, theme, chosen=is_current)
        left, right = float(area.left() + hub.px(12)), float(area.right() - hub.px(12))
        right = self._paint_right(painter, area, row, right)
        if row.key:
            size = key_cap_size(row.key)
            box = QRectF(left, area.center().y() - size.height() / 2 + 0.5, size.width(), size.height())
            paint_key_cap(painter, box.toRect(), row.key, theme, tone="accent" if is_current else "plain")
            left += max(size.width(), hub.px(18)) + hub.px(10)
        elif row.icon:
            box = QRectF(left, area.top(), hub.px(16), area.height())
            icons.paint_icon(painter, row.icon, box, theme.accent if is_current else theme.dim)
            left += hub.px(28)
        elif row.indented:
            left += hub.px(28)
        if row.chip:
            size = chip_size(row.chip[0])
            box = QRectF(left, area.center().y() - size.height() / 2 + 0.5, size.width(), size.height())
            paint_chip(painter, box.toRect(), row.chip[0], row.chip[1], theme)
            left += size.width() + hub.px(10)
        color = theme.off_word if row.disabled else theme.ink
        left += self._paint_text(painter, QRectF(left, area.top(), right - left, area.height()), row, color)
        if row.beside:
            rest = QRectF(left + hub.px(12), area.top(), right - left - hub.px(12), area.height())
            paint_words(painter, rest, row.beside, font=fonts.sans(12), color=theme.dim)

    def _paint_right(self, painter: QPainter, area: QRect, row: Row, right: float) -> float:
        hub, theme = theme_hub(), theme_hub().theme
        if row.cap:
            size = key_cap_size(row.cap)
            box = QRectF(
                right - size.width(), area.center().y() - size.height() / 2 + 0.5, size.width(), size.height()
            )
            paint_key_cap(painter, box.toRect(), row.cap, theme)
            right -= size.width() + hub.px(8)
        if row.note:
            font = fonts.sans(12)
            width = QFontMetricsF(font).horizontalAdvance(row.note) + 1
            place = QRectF(right - width, area.top(), width, area.height())
            paint_words(painter, place, row.note, font=font, color=theme.dim)
            right -= width + hub.px(12)
        return right

    def _paint_text(self, painter: QPainter, place: QRectF, row: Row, color: object) -> float:
        start, end = row.matched or (0, 0)
        parts = [(row.text[:start], 400), (row.text[start:end], 700), (row.text[end:], 400)]
        if row.beside and not row.matched:
            parts = [(row.text, 600)]
        x = place.left()
        for words, weight in parts:
            if words and x < place.right():
                font = fonts.sans(13, weight)
                rest = QRectF(QPointF(x, place.top()), place.bottomRight())
                # Blanks at a seam count, which cutting with an ellipsis would not change.
                paint_words(painter, rest, words, font=font, color=color)  # type: ignore[arg-type]
                x += QFontMetricsF(font).horizontalAdvance(words)
        return x - place.left()


class Floating(QFrame):
    """A raised card that floats above the window: border, ground, and a soft shadow around it."""

    def __init__(self, parent: QWidget, *, margin: int = 4, accent: bool = False) -> None:
        super().__init__(parent)
        self._accent = accent
        self.column = QVBoxLayout(self)
        edge = self.SHADOW + margin
        self.column.setContentsMargins(edge, edge - 2, edge, edge + 2)
        self.column.setSpacing(0)
        theme_hub().changed.connect(self.update)
        self.hide()

    SHADOW = 14
    """How far the shadow reaches, in pixels; the card lies that far inside the widget."""

    def card(self) -> QRect:
        """Give the card itself, without the shadow."""
        return self.rect().adjusted(self.SHADOW, self.SHADOW - 2, -self.SHADOW, -self.SHADOW + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_hub().theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        card = QRectF(self.card())
        if not theme.high_contrast:
            for step in range(self.SHADOW - 2, 0, -1):
                shade = theme.ink.__class__(
                    0, 0, 0, round((3.2 if not theme.is_dark else 9) * (1 - step / self.SHADOW))
                )
                painter.setBrush(shade)
                painter.drawRoundedRect(card.adjusted(-step, -step + 2, step, step + 2), 8 + step, 8 + step)
        border = theme.accent if self._accent else theme.line
        paint_frame(painter, card, fill=theme.raised, border=border, radius=RADIUS_CARD)
        painter.end()
