"""How a label looks: the swatches to choose its hue from, and what it becomes in the article, light and dark."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QHBoxLayout, QSizePolicy, QWidget

from annotator.model.schema import COLORS
from annotator.ui import fonts
from annotator.ui.icons import paint_icon
from annotator.ui.plain import plain_tip
from annotator.ui.theme import DARK, LIGHT, Theme, contrast, hue, theme_hub
from annotator.ui.widgets import ChipForm, paint_chip, paint_frame
from annotator.ui.widgets.chip import chip_size
from annotator.ui.widgets.painting import paint_words


class Swatches(QWidget):
    """The nine hues and one of one's own; arrows walk, `chosen(str)` gives a colour name or `#rrggbb`."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Colour")
        self._color = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.buttons = [_Swatch(name) for name in COLORS]
        self._own = _Swatch("")
        for button in (*self.buttons, self._own):
            row.addWidget(button)
            button.clicked.connect(lambda _checked=False, swatch=button: self._on_clicked(swatch))
            button.walked.connect(self._walk)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_color(self, color: str) -> None:
        """Mark the colour of a type."""
        self._color = color
        is_own = color not in COLORS
        self._own.set_color(color if is_own else "")
        for button in (*self.buttons, self._own):
            is_on = button.color == color
            button.setChecked(is_on)
            # One stop for Tab, the arrows do the rest.
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_on else Qt.FocusPolicy.ClickFocus)

    def _on_clicked(self, swatch: _Swatch) -> None:
        color = swatch.color
        if swatch is self._own:
            picked = QColorDialog.getColor(QColor(color or "#808080"), self, "A colour of your own")
            color = picked.name() if picked.isValid() else ""
        if color and color != self._color:
            self.chosen.emit(color)
        else:
            self.show_color(self._color)

    def _walk(self, by: int) -> None:
        places = [*self.buttons, self._own]
        sender = self.sender()
        at = next((index for index, each in enumerate(places) if each is sender), 0)
        other = places[(at + by) % len(places)]
        other.setFocus(Qt.FocusReason.TabFocusReason)


class _Swatch(QAbstractButton):
    """One hue as it is in the article; without one it offers a colour of one's own."""

    walked = Signal(int)

    def __init__(self, color: str) -> None:
        super().__init__()
        self.color = color
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_color(color)
        theme_hub().changed.connect(self.updateGeometry)

    def set_color(self, color: str) -> None:
        """Show another colour."""
        self.color = color
        self.setAccessibleName(color or "A colour of your own")
        self.setToolTip(plain_tip(color or "A colour of your own"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(40), theme_hub().px(36))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.walked.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        painter = QPainter(self)
        inner = self.rect().adjusted(3, 3, -3, -3)
        if self.isChecked() or self.hasFocus():
            width = 2.0 if self.isChecked() else 1.0
            paint_frame(painter, self.rect(), fill=None, border=theme.accent, radius=7, width=width)
        if not self.color:
            paint_frame(painter, inner, fill=None, border=theme.edge, radius=5, dashed=True)
            side = hub.px(14)
            sign = QRect(inner.center().x() - side // 2, inner.center().y() - side // 2, side, side)
            paint_icon(painter, "plus", sign, theme.dim)
            return
        colors = hue(theme, self.color)
        border = colors.line if theme.high_contrast else None
        paint_frame(painter, inner, fill=colors.tint, border=border, radius=5)
        words = inner.adjusted(0, 0, 0, -hub.px(8))
        align = Qt.AlignmentFlag.AlignHCenter
        paint_words(painter, words, "Aa", font=fonts.sans(12, 600), color=colors.word, align=align)
        width = hub.px(20)
        left = inner.center().x() - width // 2
        painter.fillRect(QRect(left, inner.bottom() - hub.px(6), width, max(2, hub.px(3))), colors.line)


class LookPreview(QWidget):
    """Two words in the article, one accepted and one a candidate, and the contrast of the tag's words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label, self._color = "", "slate"
        self._words = ("President", "Press Secretary")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_hub().changed.connect(self.updateGeometry)

    @property
    def figure(self) -> float:
        """Give the contrast of the tag's words with its ground, 1 to 21."""
        colors = hue(self._theme, self._color)
        return contrast(colors.word, colors.tint)

    def show_look(self, label: str, color: str, words: tuple[str, str]) -> None:
        """Show a label on two stretches of text."""
        self._label, self._color, self._words = label, color, words
        self.setAccessibleName(f"{self._theme.title}: contrast {self.figure:.1f} to 1")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme_hub().px(200), theme_hub().px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        hub, theme = theme_hub(), self._theme
        painter = QPainter(self)
        paint_frame(painter, self.rect(), fill=theme.page, border=hub.theme.line, radius=8)
        font = fonts.serif(16)
        metrics = QFontMetricsF(font)
        colors = hue(theme, self._color)
        left = hub.px(16)
        figure = f"{self.figure:.1f} : 1"
        room = self.width() - hub.px(72)
        for number, words in enumerate(self._words):
            width = round(metrics.horizontalAdvance(words))
            if left + width > room:
                break
            size = chip_size(self._label, "small")
            place = QRect(left, hub.px(10), min(size.width(), room - left), size.height())
            form: ChipForm = "hollow" if number else "filled"
            paint_chip(painter, place, self._label, self._color, theme, form=form, size="small")
            line = QRect(left, hub.px(29), width, hub.px(22))
            if not number:
                painter.fillRect(line, colors.tint)
            painter.setFont(font)
            painter.setPen(theme.ink)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), words)
            pen = QPen(colors.line, 2 if not number else 1.6)
            if number:
                pen.setDashPattern([2.5, 1.9])
            painter.setPen(pen)
            painter.drawLine(left, line.bottom() + 1, left + width, line.bottom() + 1)
            left += width + hub.px(18)
        where = self.rect().adjusted(0, hub.px(20), -hub.px(12), 0)
        align = Qt.AlignmentFlag.AlignRight
        paint_words(painter, where, figure, font=fonts.sans(11), color=theme.dim, align=align)


def previews() -> tuple[LookPreview, LookPreview]:
    """Make the previews of the light and of the dark theme."""
    return LookPreview(LIGHT), LookPreview(DARK)
