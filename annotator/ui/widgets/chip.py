"""Chips: a label as it stands in the article, filled or hollow, for panels, tables and menus."""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import fonts
from annotator.ui.plain import plain_tip
from annotator.ui.theme import Theme, hue, theme_hub
from annotator.ui.widgets.painting import RADIUS_TAG, paint_frame, paint_words

ChipForm = Literal["filled", "hollow", "struck"]
"""Filled is accepted, or the label as such; hollow is a candidate; struck is rejected."""
ChipSize = Literal["small", "normal", "large"]

_HEIGHTS = {"small": 16, "normal": 18, "large": 22}
_FONTS = {"small": 10, "normal": 11, "large": 13}
_PADDINGS = {"small": 5, "normal": 6, "large": 7}


def chip_size(text: str, size: ChipSize = "normal") -> QSize:
    """Give the size of a chip at the text size in force, in pixels."""
    hub = theme_hub()
    width = math.ceil(QFontMetricsF(_font(size)).horizontalAdvance(text)) + 2 * hub.px(_PADDINGS[size])
    return QSize(width, hub.px(_HEIGHTS[size]))


def paint_chip(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    color_name: str,
    theme: Theme,
    *,
    form: ChipForm = "filled",
    size: ChipSize = "normal",
) -> None:
    """Draw a chip that fills a rectangle; `color_name` is the schema's. A text too wide is cut with an ellipsis."""
    colors = hue(theme, color_name)
    font = _font(size)
    word = colors.word
    if form == "struck":
        font.setStrikeOut(True)
        word = theme.faint
    elif form == "hollow":
        # In high contrast all tags are outlined: there, dashes tell the candidate.
        paint_frame(
            painter,
            rect,
            fill=None if theme.high_contrast else theme.raised,
            border=colors.line,
            radius=RADIUS_TAG,
            width=1.0,
            dashed=theme.high_contrast,
        )
    else:
        border = colors.line if theme.high_contrast else None
        paint_frame(painter, rect, fill=colors.tint, border=border, radius=RADIUS_TAG)
    padding = theme_hub().px(_PADDINGS[size])
    area = QRectF(rect).adjusted(padding, 0, -padding, 0)
    paint_words(painter, area, text, font=font, color=word, align=Qt.AlignmentFlag.AlignHCenter)


class Chip(QWidget):
    """One label as a widget; narrower than its text it is cut, and the tooltip has the whole."""

    def __init__(
        self,
        text: str = "",
        color_name: str = "slate",
        parent: QWidget | None = None,
        *,
        form: ChipForm = "filled",
        size: ChipSize = "normal",
    ) -> None:
        super().__init__(parent)
        self._size: ChipSize = size
        self._text, self._color_name, self._form = text, color_name, form
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_label(text, color_name, form=form)
        theme_hub().changed.connect(self._on_look_changed)

    @property
    def text(self) -> str:
        """What the chip says."""
        return self._text

    def set_label(self, text: str, color_name: str, *, form: ChipForm = "filled") -> None:
        """Show another label."""
        self._text, self._color_name, self._form = text, color_name, form
        self.setAccessibleName(text)
        self._on_look_changed()

    def sizeHint(self) -> QSize:
        return chip_size(self._text, self._size)

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(whole.width(), theme_hub().px(96)), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.setToolTip(plain_tip(self._text) if self.width() < self.sizeHint().width() else "")
        paint_chip(
            painter,
            self.rect(),
            self._text,
            self._color_name,
            theme_hub().theme,
            form=self._form,
            size=self._size,
        )

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _font(size: ChipSize) -> QFont:
    return fonts.sans(_FONTS[size], 600)
