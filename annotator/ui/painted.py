"""What is done once a widget has been painted, so that nobody waits for it to see something."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

_PATIENCE = 500
"""Milliseconds after which a widget counts as painted that the desktop does not ask to paint, as when it is covered."""


class OncePainted(QObject):
    """Does things one after the other, each in a turn of its own, once a widget was painted; then it is gone.

    A widget that is not shown is not waited for.
    """

    def __init__(self, widget: QWidget, *steps: Callable[[], object]) -> None:
        super().__init__(widget)
        self._steps = list(steps)
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._step)
        if not widget.isVisible() or widget.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen):
            self._begin()
            return
        widget.installEventFilter(self)
        widget.update()
        QTimer.singleShot(_PATIENCE, self, self._begin)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin after the first painting; what is painted then is on screen before the next turn."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._begin()
        return False

    def _begin(self) -> None:
        if not self._turns.isActive():
            self._turns.start()

    def _step(self) -> None:
        if self._steps:
            self._steps.pop(0)()
            return
        self._turns.stop()
        self.deleteLater()
