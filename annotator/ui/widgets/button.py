"""Buttons: with words and a key cap in them, and with an icon alone.

The style sheet draws ground, border, hover, press and ring; what is written on it is written here.
"""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)

from annotator.ui import fonts
from annotator.ui.icons import GRID, icon, paint_icon
from annotator.ui.plain import plain_tip
from annotator.ui.style import restyle
from annotator.ui.theme import Theme, theme_hub
from annotator.ui.widgets.keycap import KeyTone, key_cap_size, key_words, paint_key_cap
from annotator.ui.widgets.painting import paint_frame, paint_words

Kind = Literal["primary", "soft", "plain", "quiet", "danger", "link"]
"""Primary: one a screen. Soft: the usual answer. Plain. Quiet: no frame. Danger: destroys. Link: words in a line."""

_HEIGHTS: dict[Kind, int] = {"primary": 30, "soft": 30, "plain": 30, "quiet": 28, "danger": 30, "link": 24}
_GAP = 8


class Button(QPushButton):
    """A button whose key, if it has one, stands in a cap after its words.

    The key is shown, not bound: keys belong to actions. The focus ring shows when the keyboard brought the focus, or
    is used on it, not after a click.
    """

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        kind: Kind = "plain",
        key: str = "",
        icon_name: str = "",
    ) -> None:
        super().__init__(text, parent)
        self._kind: Kind = kind
        self._key = ""
        self._icon_name = icon_name
        self._ring_shows = False
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_key(key)
        theme_hub().changed.connect(self._on_look_changed)

    @property
    def kind(self) -> Kind:
        """What kind of button it is."""
        return self._kind

    @property
    def key(self) -> str:
        """What its cap says; empty without one."""
        return self._key

    def set_kind(self, kind: Kind) -> None:
        """Make it a button of another kind."""
        self._kind = kind
        self.setProperty("kind", kind)
        restyle(self)
        self._on_look_changed()

    def set_key(self, key: str) -> None:
        """Show another key in the cap, or none."""
        self._key = key_words(key)
        self.setAccessibleDescription(self.tr("Key {keys}").format(keys=self._key) if key else "")
        self._on_look_changed()

    def set_icon_name(self, name: str) -> None:
        """Show another icon before the words, or none."""
        self._icon_name = name
        self._on_look_changed()

    def sizeHint(self) -> QSize:
        hub = theme_hub()
        edge = hub.px(4 if self._kind == "link" else 12)
        # A cap has a frame of its own: less room after it looks the same.
        end = hub.px(8) if self._key and self._kind != "link" else edge
        return QSize(edge + self._content_width() + end, hub.px(_HEIGHTS[self._kind]))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        shows_ring = self.hasFocus() and self._ring_shows
        is_primary = self._kind == "primary"
        if not shows_ring or is_primary:
            option.state &= ~QStyle.StateFlag.State_HasFocus
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        theme = theme_hub().theme
        if shows_ring and is_primary:
            # The accent cannot be seen on itself: there the ring lies inside.
            paint_frame(
                painter,
                self.rect().adjusted(2, 2, -2, -2),
                fill=None,
                border=theme.on_accent,
                radius=4,
                width=1,
            )
        self._paint_content(painter, theme)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring_shows = event.reason() not in {
            Qt.FocusReason.MouseFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
            Qt.FocusReason.PopupFocusReason,
        } or (self._ring_shows and event.reason() != Qt.FocusReason.MouseFocusReason)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._ring_shows = True
        self.update()
        super().keyPressEvent(event)

    def _paint_content(self, painter: QPainter, theme: Theme) -> None:
        hub = theme_hub()
        color = self._color(theme)
        area = QRectF(self.rect())
        left = (area.width() - self._content_width()) / 2
        parts: list[tuple[str, float]] = []
        if self._icon_name:
            parts.append(("icon", hub.px(GRID)))
        if self.text():
            parts.append(("text", self._text_width()))
        if self._key:
            parts.append(("key", key_cap_size(self._key).width()))
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            parts.reverse()
        for part, width in parts:
            place = QRectF(round(left), 0, width, area.height())
            if part == "icon":
                paint_icon(painter, self._icon_name, place.toRect(), color)
            elif part == "text":
                paint_words(painter, place, self.text(), font=self._font(), color=color)
            else:
                cap = key_cap_size(self._key)
                top = (self.height() - cap.height()) // 2
                where = QRect(round(left), top, cap.width(), cap.height())
                paint_key_cap(painter, where, self._key, theme, tone=self._tone())
            left += width + hub.px(_GAP)

    def _content_width(self) -> int:
        widths = [theme_hub().px(GRID)] if self._icon_name else []
        if self.text():
            widths.append(self._text_width())
        if self._key:
            widths.append(key_cap_size(self._key).width())
        return sum(widths) + theme_hub().px(_GAP) * max(0, len(widths) - 1)

    def _text_width(self) -> int:
        return math.ceil(QFontMetricsF(self._font()).horizontalAdvance(self.text()))

    def _font(self) -> QFont:
        font = fonts.sans(13, 500)
        font.setUnderline(self._kind == "link" and self.underMouse() and self.isEnabled())
        return font

    def _tone(self) -> KeyTone:
        if not self.isEnabled():
            return "off"
        return "on_accent" if self._kind == "primary" else "plain"

    def _color(self, theme: Theme) -> QColor:
        if not self.isEnabled():
            return theme.off_word
        return {
            "primary": theme.on_accent,
            "soft": theme.on_wash,
            "danger": theme.bad,
            "link": theme.accent,
        }.get(self._kind, theme.ink)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class IconButton(QToolButton):
    """A quiet button of an icon; `name` is said to screen readers and, with the key, in the tooltip."""

    def __init__(
        self,
        icon_name: str,
        name: str,
        parent: QWidget | None = None,
        *,
        key: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIcon(icon(icon_name, role="dim"))
        self.set_name(name, key=key)
        self._on_look_changed()
        theme_hub().changed.connect(self._on_look_changed)

    def set_name(self, name: str, *, key: str = "") -> None:
        """Say something else in the tooltip and to screen readers."""
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(f"{name}   {key_words(key)}" if key else name))

    def sizeHint(self) -> QSize:
        side = theme_hub().px(_HEIGHTS["quiet"])
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _on_look_changed(self) -> None:
        size = theme_hub().px(GRID)
        self.setIconSize(QSize(size, size))
        self.updateGeometry()
        self.update()
