"""Drives the real window as a person does: by key events to whatever has the focus."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QKeyCombination, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from annotator.ui.painted import OncePainted
from annotator.ui.selection import Selected
from annotator.ui.window import MainWindow

PATIENCE = 30.0
"""Seconds after which what is waited for will not come."""
_SIGNS = {"?": Qt.Key.Key_Question, ".": Qt.Key.Key_Period}


def wait_until(holds: Callable[[], object], *, patience: float = PATIENCE, what: str = "") -> None:
    """Let the window live until something holds.

    Raises:
        AssertionError: it does not within the patience.
    """
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what or holds}"
        let_live(5)


def wait_until_quiet(window: MainWindow) -> None:
    """Wait until nothing is left to begin once the window is painted, and no job runs."""
    wait_until(lambda: not window.findChildren(OncePainted) and not window.jobs.running, what="quiet")


def let_live(milliseconds: int) -> None:
    """Let the window and everything beside it live for a while.

    `QTest.qWait` keeps the interpreter to itself while it waits: the threads of jobs stand still, and long work looks
    as if the window starved it. An event loop gives the interpreter away, as the program's own does.
    """
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Person:
    """Sits before a window."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    @property
    def selected(self) -> Selected:
        """Say what is selected."""
        return self.window.controller.selected

    @property
    def kind(self) -> str:
        """Say what kind of thing is selected."""
        return self.selected.kind

    @property
    def words(self) -> str:
        """Say which words are selected."""
        return self.window.controller.words(self.selected.fragments)

    @property
    def said(self) -> str:
        """Say what the status row said last."""
        messages = self.window.log.messages
        return messages[0].text if messages else ""

    def has_heard(self, words: str) -> bool:
        """Tell whether the status row said something at any time."""
        return any(message.text == words for message in self.window.log.messages)

    def focus(self) -> QWidget:
        """Give the widget that has the focus, in the dialog if one is open."""
        over: QWidget | None = QApplication.activeModalWidget()
        place = self.window if over is None else over
        found: QWidget | None = place.focusWidget()
        return place if found is None else found

    def press(self, *strokes: str) -> None:
        """Press keys one after the other, such as `A`, `Shift+Tab`, `Ctrl+Return`."""
        for stroke in strokes:
            place = QApplication.activeModalWidget() or self.window
            if not place.isActiveWindow():
                # A desktop does so when a dialog goes; without a screen nobody does. Other tests share the screen.
                place.activateWindow()
                QTest.qWaitForWindowActive(place)
            key, modifiers = _keys_of(stroke)
            QTest.keyClick(self.focus(), key, modifiers)

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        QTest.keyClicks(self.focus(), text)

    def dialog(self) -> QDialog:
        """Wait for a dialog and give it."""
        wait_until(lambda: isinstance(QApplication.activeModalWidget(), QDialog), what="a dialog")
        found = QApplication.activeModalWidget()
        assert isinstance(found, QDialog)
        return found


def _keys_of(stroke: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    if stroke in _SIGNS:
        return _SIGNS[stroke], Qt.KeyboardModifier.NoModifier
    combination = QKeyCombination.fromCombined(QKeySequence(stroke)[0].toCombined())  # type: ignore[index]
    return combination.key(), combination.keyboardModifiers()
