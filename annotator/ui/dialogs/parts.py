"""Small parts of the dialogs that the shared widgets do not have."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QLineEdit, QSizePolicy, QToolButton, QWidget

from annotator.ui import fonts
from annotator.ui.icons import icon, pixmap
from annotator.ui.plain import plain_tip
from annotator.ui.style import Look, set_look
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, make_label


class TintedLabel(QLabel):
    """A label in the colour of a token, of another size or face; it follows theme and text size.

    Args:
        token: the colour. size: in pixels at 100 %, 0 for that of its look. is_mono: letters of one width.
    """

    def __init__(
        self,
        text: str = "",
        look: Look | None = None,
        parent: QWidget | None = None,
        *,
        token: str = "ink",
        size: int = 0,
        is_mono: bool = False,
    ) -> None:
        super().__init__(text, parent)
        self._token, self._size, self._is_mono = token, size, is_mono
        self.setTextFormat(Qt.TextFormat.PlainText)
        if look is not None:
            set_look(self, look)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        rules = [f"color: {hub.theme.color(self._token).name()}"]
        rules += [f"font-size: {hub.px(self._size)}px"] if self._size else []
        if self._is_mono:
            rules.append(f"font-family: '{fonts.mono(12).families()[0]}'")
        self.setStyleSheet("; ".join(rules) + ";")


class IconLine(QWidget):
    """An icon, words that may wrap, and dim words at the end of the line."""

    def __init__(
        self, icon_name: str, token: str, text: str, trailing: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._token = icon_name, token
        self._sign = make_label()
        self._text = make_label(text, wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{text} {trailing}".strip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        if trailing:
            row.addWidget(make_label(trailing, "dim"), 0, Qt.AlignmentFlag.AlignTop)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        color = hub.theme.color(self._token)
        self._sign.setPixmap(pixmap(self._icon_name, hub.px(16), color, self.devicePixelRatioF()))


class Margins(QObject):
    """Keeps the margins of a widget's layout as wide as the text size asks: left, top, right, bottom at 100 %."""

    def __init__(self, widget: QWidget, sides: tuple[int, int, int, int]) -> None:
        super().__init__(widget)
        self._widget, self._sides = widget, sides
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def _on_look_changed(self) -> None:
        layout = self._widget.layout()
        if layout is not None:
            layout.setContentsMargins(*map(theme_hub().px, self._sides))


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)


def while_alive(owner: QObject, function: Callable[..., object]) -> Callable[..., None]:
    """Wrap what a job calls back, so that it does nothing once the dialog that started the job is gone."""

    def call(*values: object) -> None:
        if shiboken6.isValid(owner):
            function(*values)

    return call


def give_key(button: Button, key: str, words: str) -> None:
    """Let a key press a button while the button can be pressed; its cap and its tooltip show the key."""
    button.set_key(key)
    button.setToolTip(plain_tip(f"{words}  ({button.key})"))
    QShortcut(QKeySequence(key), button).activated.connect(button.click)


def add_browse(field: QLineEdit, words: str, browse: Callable[[], object]) -> None:
    """Put a folder into a field of a place; a click on it, or F4 in the field, lets one choose."""
    action = field.addAction(icon("folder", role="dim"), QLineEdit.ActionPosition.LeadingPosition)
    action.setShortcut("F4")
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.setToolTip(plain_tip(f"{words}  (F4)"))
    action.triggered.connect(browse)
    for button in field.findChildren(QToolButton):
        button.setAccessibleName(words)
