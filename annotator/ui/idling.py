"""Knows whether anybody works: keys, buttons and wheels in the window of this program that has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

IDLE = 30_000
"""Milliseconds without anything after which nobody works."""
_WORK = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class Idling(QObject):
    """Signals: `idled()` when nobody has worked for a while, and again after as long; `resumed()` at the next key.

    A window's own events alone are looked at, of which there are few; nothing is while it does not watch.
    """

    idled = Signal()
    resumed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window: QWindow | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(IDLE)
        self._timer.timeout.connect(self.idled)

    @property
    def is_watching(self) -> bool:
        """Tell whether it watches."""
        return self._timer.isActive()

    def set_watching(self, watches: bool) -> None:  # noqa: FBT001 - a setter of one flag, as Qt's own
        """Watch from now on, as if somebody had just worked; or no longer."""
        if watches == self.is_watching:
            return
        application = QGuiApplication.instance()
        if not isinstance(application, QGuiApplication):
            return
        if watches:
            self._timer.start()
            application.focusWindowChanged.connect(self._follow)
            self._follow(QGuiApplication.focusWindow())
        else:
            self._timer.stop()
            application.focusWindowChanged.disconnect(self._follow)
            self._follow(None)

    def _follow(self, window: QWindow | None) -> None:
        """Look at the events of the window that has the focus now; where it is another program's, of none."""
        if self._window is not None:
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _WORK:
            self._timer.start()
            self.resumed.emit()
        return super().eventFilter(watched, event)
