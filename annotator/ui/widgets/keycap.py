"""Key caps: the small frames that show which key does a thing, where the thing is."""

from __future__ import annotations

import math
import sys
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import fonts
from annotator.ui.theme import Theme, faded, theme_hub
from annotator.ui.widgets.painting import RADIUS_TAG, paint_frame, paint_words

KeyTone = Literal["plain", "accent", "on_accent", "off"]

_NAMES = {
    "Return": "Enter",
    "Escape": "Esc",
    "Delete": "Del",
    "PgDown": "PgDn",
    "PgUp": "PgUp",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
}


def key_words(keys: str) -> str:
    """Give what a cap says for keys written as in a table of actions: `Ctrl+Shift+A` becomes `Ctrl Shift A`.

    On macOS the signs printed on its keys are used. What is no sequence of keys (`1–9`) stays as it is.
    """
    if sys.platform == "darwin" and "+" in keys[:-1]:
        return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    head, plus, last = keys[:-1].rpartition("+")
    parts = [*head.split("+"), last + keys[-1:]] if plus else [keys]
    return " ".join(_NAMES.get(part, part) for part in parts)


def key_cap_size(text: str) -> QSize:
    """Give the size of a cap at the text size in force, in pixels."""
    hub = theme_hub()
    height = hub.px(18)
    width = math.ceil(QFontMetricsF(_font()).horizontalAdvance(text)) + 2 * hub.px(5)
    return QSize(max(height, width), height)


def paint_key_cap(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    theme: Theme,
    *,
    tone: KeyTone = "plain",
) -> None:
    """Draw a cap that fills a rectangle; its size is `key_cap_size`."""
    fill, border, word = _colors(theme, tone)
    paint_frame(painter, rect, fill=fill, border=border, radius=RADIUS_TAG)
    paint_words(painter, QRectF(rect), text, font=_font(), color=word, align=Qt.AlignmentFlag.AlignHCenter)


class KeyCap(QWidget):
    """One cap as a widget."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text)
        theme_hub().changed.connect(self._on_look_changed)

    @property
    def text(self) -> str:
        """What the cap says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show other keys, written as in a table of actions or as they shall be read."""
        self._text = key_words(text)
        self.setAccessibleName(self.tr("Key {keys}").format(keys=self._text))
        self._on_look_changed()

    def sizeHint(self) -> QSize:
        return key_cap_size(self._text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tone: KeyTone = "plain" if self.isEnabled() else "off"
        paint_key_cap(painter, self.rect(), self._text, theme_hub().theme, tone=tone)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _font() -> QFont:
    return fonts.sans(11, 500)


def _colors(theme: Theme, tone: KeyTone) -> tuple[QColor | None, QColor, QColor]:
    """Give ground, border and words of a cap."""
    if tone == "accent":
        return theme.raised, theme.accent, theme.accent
    if tone == "on_accent":
        return None, faded(theme.on_accent, 0.55), theme.on_accent
    if tone == "off":
        return None, theme.line, theme.off_word
    return theme.raised, theme.key_edge, theme.ink if theme.high_contrast else theme.dim
