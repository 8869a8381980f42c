"""Lets a span or a place flash: lit for half a second, then gone in a short fade, or at once without motion."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, QVariantAnimation

from annotator.model.annotation import Fragments

HOLD = 500
FADE = 120


class Flash(QObject):
    """Hands a strength from 1 to 0 to `show`, with the id of a span or the place that flashes."""

    def __init__(self, parent: QObject, show: Callable[[str | Fragments, float], None]) -> None:
        super().__init__(parent)
        self._show = show
        self._item: str | Fragments = ""
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

    def begin(self, item: str | Fragments, *, fades: bool) -> None:
        """Light a span, or a place where none is, now."""
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
