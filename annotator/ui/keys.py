"""From a key event to a stroke, and from a stroke to an action of the one table.

Letters go by character, the digit row by place: a French keyboard types `&` there without Shift. Nothing is
carried out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from annotator.ui.action import DIGITS, Action, Scope
from annotator.ui.actions import ACTIONS

_NAMED = {
    Qt.Key.Key_Return: "Return",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Tab: "Tab",
    Qt.Key.Key_Backtab: "Shift+Tab",
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "PgUp",
    Qt.Key.Key_PageDown: "PgDown",
    Qt.Key.Key_F10: "F10",
    Qt.Key.Key_Menu: "Menu",
}
_X11_DIGITS = {10 + index: digit for index, digit in enumerate(DIGITS)}
_WINDOWS_DIGITS = {2 + index: digit for index, digit in enumerate(DIGITS)}
_MAC_DIGITS = dict(zip((18, 19, 20, 21, 23, 22, 26, 28, 25, 29), DIGITS, strict=True))
# Where the letters lie on X11 and Wayland; asked only when a layout has no Latin letters at all.
_X11_LETTERS = {
    first + index: letter
    for first, row in ((24, "QWERTYUIOP"), (38, "ASDFGHJKL"), (52, "ZXCVBNM"))
    for index, letter in enumerate(row)
}
_PLAIN_SIGNS = ".?"


def stroke_of(event: QKeyEvent) -> str:
    """Name the stroke of a key event, such as `Shift+A` or `3`; empty where it is none of ours.

    AltGr is for typing signs, so it makes no stroke; neither do Alt (menus) and the Windows or Command key.
    """
    modifiers = event.modifiers()
    if modifiers & (
        Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.MetaModifier
        | Qt.KeyboardModifier.GroupSwitchModifier
    ):
        return ""
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    name = _name(event)
    if not name:
        return ""
    if name.startswith("Shift+"):
        name, shift = name.removeprefix("Shift+"), True
    if name in _PLAIN_SIGNS:
        shift = False  # the sign itself says how it is typed
    return ("Ctrl+" if control else "") + ("Shift+" if shift else "") + name


def _name(event: QKeyEvent) -> str:
    key = Qt.Key(event.key())
    if key in _NAMED:
        return _NAMED[key]
    digit = _digit(event)
    if digit:
        return digit
    if event.text() in _PLAIN_SIGNS and event.text():
        return event.text()
    if Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        return chr(key)
    text = event.text()
    if text and text.isalpha() and not text.isascii():
        return _X11_LETTERS.get(event.nativeScanCode(), "") if _is_x11_like() else ""
    return ""


def _digit(event: QKeyEvent) -> str:
    """Give the digit of a place in the digit row, or of a digit typed otherwise (keypad, tests)."""
    platform = QGuiApplication.platformName()
    scan = event.nativeScanCode()
    if _is_x11_like() and scan in _X11_DIGITS:
        return _X11_DIGITS[scan]
    if platform == "windows" and scan in _WINDOWS_DIGITS:
        return _WINDOWS_DIGITS[scan]
    if platform == "cocoa" and event.nativeVirtualKey() in _MAC_DIGITS and not event.text().isalpha():
        return _MAC_DIGITS[event.nativeVirtualKey()]
    if Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
        return chr(event.key())
    text = event.text()
    return text if len(text) == 1 and text in DIGITS else ""


def _is_x11_like() -> bool:
    return QGuiApplication.platformName() in {"xcb", "wayland"}


class KeyMap:
    """Which action a stroke means in a scope; built once from the table.

    Raises:
        ValueError: two actions of one scope have one key.
    """

    def __init__(self, actions: Sequence[Action] = ACTIONS) -> None:
        self._by_scope: dict[Scope, dict[str, Action]] = {scope: {} for scope in get_args(Scope)}
        for action in actions:
            for key in action.keys:
                self._add(action.scope, key, action)
            for key in action.article_keys:
                self._add("article", key, action)

    def _add(self, scope: Scope, key: str, action: Action) -> None:
        taken = self._by_scope[scope].get(key)
        if taken is not None:
            raise ValueError(f"{key} is both {taken.id} and {action.id} in the {scope}.")
        self._by_scope[scope][key] = action

    def action(self, scope: Scope, stroke: str) -> Action | None:
        """Give the action of a stroke, or None."""
        return self._by_scope[scope].get(stroke)

    def strokes(self, scope: Scope) -> Mapping[str, Action]:
        """Give all strokes of a scope."""
        return self._by_scope[scope]
