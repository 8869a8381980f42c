"""Cards: raised grounds, choices with a head and a line of explanation, and the large acts of the first screen."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.ui import fonts
from annotator.ui.icons import GRID, paint_icon
from annotator.ui.theme import Theme, mixed, theme_hub
from annotator.ui.widgets.keycap import key_cap_size, key_words, paint_key_cap
from annotator.ui.widgets.lines import ElidedLabel, make_label
from annotator.ui.widgets.painting import (
    RADIUS_CARD,
    RADIUS_CONTROL,
    paint_focus_ring,
    paint_frame,
    paint_words,
)


class Card(QFrame):
    """A raised ground with a thin border; its layout is the caller's."""

    def __init__(self, parent: QWidget | None = None, *, padding: int = 12) -> None:
        super().__init__(parent)
        self._padding = padding
        self.setFrameShape(QFrame.Shape.NoFrame)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_hub().theme
        area = QRectF(self.rect())
        paint_frame(QPainter(self), area, fill=theme.raised, border=_card_border(theme), radius=RADIUS_CARD)

    def _on_look_changed(self) -> None:
        room = theme_hub().px(self._padding)
        self.setContentsMargins(room, room, room, room)
        self.update()


class ActionCard(QPushButton):
    """A large button of the first screen: icon, head, a line of explanation, key."""

    def __init__(
        self,
        icon_name: str,
        head: str,
        text: str,
        parent: QWidget | None = None,
        *,
        key: str = "",
        is_primary: bool = False,
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._head, self._line = icon_name, head, text
        self.setProperty("kind", "card")
        self._key = key_words(key)
        self._is_primary = is_primary
        self.setAutoDefault(False)
        self.setAccessibleName(head)
        key_text = self.tr("Key {keys}").format(keys=self._key) if key else ""
        self.setAccessibleDescription(". ".join(part for part in (text, key_text) if part))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_hub().changed.connect(self._on_look_changed)

    def sizeHint(self) -> QSize:
        hub = theme_hub()
        widest = max(
            QFontMetricsF(self._head_font()).horizontalAdvance(self._head),
            QFontMetricsF(fonts.sans(12)).horizontalAdvance(self._line),
        )
        key = key_cap_size(self._key).width() + hub.px(12) if self._key else 0
        return QSize(math.ceil(widest) + hub.px(52 + 16) + key, hub.px(60))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        painter = QPainter(self)
        ground, border, word, second = self._colors(theme)
        paint_frame(painter, self.rect(), fill=ground, border=border, radius=RADIUS_CARD)
        if self.hasFocus():
            ring = self.rect().adjusted(2, 2, -2, -2) if self._is_primary else self.rect()
            color = theme.on_accent if self._is_primary else theme.accent
            paint_frame(painter, ring, fill=None, border=color, radius=RADIUS_CONTROL + 1, width=2)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        sign = QRect(hub.px(18), (self.height() - hub.px(20)) // 2, hub.px(20), hub.px(20))
        cap = key_cap_size(self._key)
        key_place = QRect(
            self.width() - hub.px(16) - cap.width(),
            (self.height() - cap.height()) // 2,
            cap.width(),
            cap.height(),
        )
        end = key_place.left() - hub.px(8) if self._key else self.width() - hub.px(16)
        words = QRect(hub.px(52), 0, end - hub.px(52), self.height())
        if is_mirrored:
            sign, key_place, words = (_mirrored(area, self.width()) for area in (sign, key_place, words))
        align = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        middle = self.height() // 2
        upper = QRect(words.left(), middle - hub.px(20), words.width(), hub.px(20))
        lower = QRect(words.left(), middle, words.width(), hub.px(20))
        paint_icon(painter, self._icon_name, sign, word if self._is_primary else second)
        paint_words(painter, upper, self._head, font=self._head_font(), color=word, align=align)
        paint_words(painter, lower, self._line, font=fonts.sans(12), color=second, align=align)
        if self._key:
            paint_key_cap(
                painter, key_place, self._key, theme, tone="on_accent" if self._is_primary else "plain"
            )

    def _colors(self, theme: Theme) -> tuple[QColor, QColor, QColor, QColor]:
        """Give ground, border, head and second line in the state it is in."""
        if not self.isEnabled():
            return theme.panel, theme.line, theme.off_word, theme.off_word
        if self._is_primary:
            share = 0.26 if self.isDown() else 0.14 if self.underMouse() else 0.0
            ground = mixed(theme.accent, theme.ink, share)
            return ground, ground, theme.on_accent, theme.on_accent
        ground = theme.press if self.isDown() else theme.hover if self.underMouse() else theme.raised
        return ground, _card_border(theme), theme.ink, theme.dim

    def _head_font(self) -> QFont:
        return fonts.sans(14, 600)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class _ChoiceCard(QPushButton):
    """What the two kinds share: a checkable button, exclusive for one of several, else for itself.

    Qt tells screen readers from these two alone whether it is a radio button or a check box.
    """

    def __init__(
        self, head: str, text: str, parent: QWidget | None, *, is_framed: bool, is_exclusive: bool
    ) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoExclusive(is_exclusive)
        self.setAutoDefault(False)
        self.setProperty("kind", "card")
        self._is_framed = is_framed
        self._head = ElidedLabel(head, "item")
        self._text = make_label(text, "dim", wrap=True)
        self._trailing = make_label("", "strong")
        self._head_row = QHBoxLayout()
        self._head_row.setSpacing(8)
        self._head_row.addWidget(self._head, 1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(self._head_row)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self._trailing, 0, Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for label in (self._head, self._text, self._trailing):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_words(head, text)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def set_words(self, head: str, text: str = "", *, trailing: str = "") -> None:
        """Say something else; `trailing` stands at the end, such as a score."""
        self._head.setText(head)
        self._text.setText(text)
        self._trailing.setText(trailing)
        self._head.setVisible(bool(head))
        self._text.setVisible(bool(text))
        self._trailing.setVisible(bool(trailing))
        self.setAccessibleName(" ".join(part for part in (head, trailing) if part))
        self.setAccessibleDescription(text)

    def insert_before_head(self, widget: QWidget) -> None:
        """Put a widget, such as a chip, before the head's words."""
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._head_row.insertWidget(self._head_row.indexOf(self._head), widget)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalSizeHint() if layout is not None else QSize()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalMinimumSize() if layout is not None else QSize()

    def hasHeightForWidth(self) -> bool:
        # Without a line that may wrap the layout knows no height for a width.
        layout = self.layout()
        return layout is not None and layout.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        hub, theme = theme_hub(), theme_hub().theme
        painter = QPainter(self)
        is_on, is_enabled = self.isChecked(), self.isEnabled()
        if self._is_framed:
            border = theme.accent if is_on and is_enabled else _card_border(theme)
            ground = theme.hover if self.underMouse() and is_enabled and not is_on else theme.raised
            if self.hasFocus():
                ground = theme.wash
            paint_frame(
                painter,
                self.rect(),
                fill=ground if is_enabled else theme.panel,
                border=border,
                radius=RADIUS_CONTROL,
                width=1.5 if is_on else 1,
            )
        side = hub.px(GRID)
        left = hub.px(10) if self._is_framed else 0
        first = self._head if self._head.isVisibleTo(self) else self._text
        top = first.geometry().center().y() - side // 2 + 1
        if self._is_framed:
            top = (self.height() - side) // 2
        box = QRect(left, top, side, side)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            box = _mirrored(box, self.width())
        has_focus = self.hasFocus()
        _paint_indicator(
            painter,
            box,
            theme,
            is_round=self.autoExclusive(),
            is_on=is_on,
            is_enabled=is_enabled,
            has_focus=has_focus and not self._is_framed,
        )
        if has_focus and self._is_framed:
            paint_focus_ring(painter, self.rect(), theme)

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        layout = self.layout()
        if layout is not None:
            start = hub.px(GRID + (20 if self._is_framed else 10))
            around = hub.px(8) if self._is_framed else 2
            is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            end = hub.px(12) if self._is_framed else 0
            left, right = (end, start) if is_mirrored else (start, end)
            layout.setContentsMargins(left, around, right, around)
        self.updateGeometry()
        self.update()


class RadioCard(_ChoiceCard):
    """One of several choices, with a head and a line; framed it is a card, unframed a row of a dialog."""

    def __init__(
        self, head: str, text: str = "", parent: QWidget | None = None, *, is_framed: bool = True
    ) -> None:
        super().__init__(head, text, parent, is_framed=is_framed, is_exclusive=True)


class CheckCard(_ChoiceCard):
    """A choice of its own, with a head and a line: a row of a dialog."""

    def __init__(self, head: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(head, text, parent, is_framed=False, is_exclusive=False)


def _card_border(theme: Theme) -> QColor:
    return theme.edge if theme.high_contrast else theme.line


def _mirrored(area: QRect, width: int) -> QRect:
    return QRect(width - area.right() - 1, area.top(), area.width(), area.height())


def _paint_indicator(
    painter: QPainter,
    box: QRect,
    theme: Theme,
    *,
    is_round: bool,
    is_on: bool,
    is_enabled: bool,
    has_focus: bool,
) -> None:
    radius = box.width() / 2 if is_round else 4.0
    color = theme.off if not is_enabled else theme.accent if is_on else theme.edge
    ground = theme.raised if is_enabled else theme.panel
    if is_on and not is_round:
        ground = color
    ring = theme.ink if is_on else theme.accent
    paint_frame(
        painter,
        box,
        fill=ground,
        border=ring if has_focus else color,
        radius=radius,
        width=2.0 if has_focus else 1.5,
    )
    if not is_on:
        return
    if is_round:
        inset = round(box.width() * 0.28)
        dot = box.adjusted(inset, inset, -inset, -inset)
        paint_frame(painter, dot, fill=color, border=None, radius=dot.width() / 2)
    else:
        sign = theme.on_accent if is_enabled else theme.off_word
        paint_icon(painter, "check", box.adjusted(1, 1, -1, -1), sign)
