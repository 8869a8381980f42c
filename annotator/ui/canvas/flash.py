"""Lets a span flash: lit for half a second, then gone in a short fade, or at once where motion is unwanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, QVariantAnimation

HOLD = 500
FADE = 120


class Flash(QObject):
    """Hands a strength from 1 to 0 to `show`."""

    def __init__(self, parent: QObject, show: Callable[[str, float], None]) -> None:
        super().__init__(parent)
        self._show = show
        self._item = ""
        self._fades = True
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(HOLD)
        self._hold.timeout.connect(self._on_held)
        self._fade = QVariantAnimation(self)
        self._fade.setDuration(FADE)
        self._fade.setStartValue(1.0)
        self._fade.setEndValue(0.0)
        self._fade.valueChanged.connect(self._on_faded)

    def begin(self, item: str, *, fades: bool) -> None:
        """Light an item now."""
        self._fade.stop()
        self._item, self._fades = item, fades
        self._show(item, 1.0)
        self._hold.start()

    def stop(self) -> None:
        """Light nothing any more."""
        self._hold.stop()
        self._fade.stop()

    def _on_held(self) -> None:
        if self._fades:
            self._fade.start()
        else:
            self._show(self._item, 0.0)

    def _on_faded(self, strength: float) -> None:
        self._show(self._item, strength)
