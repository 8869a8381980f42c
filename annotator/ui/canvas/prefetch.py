"""Lays out the pages around the screen while nobody waits, so that scrolling meets nothing cold."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from annotator.ui.canvas.surface import ArticleSurface

_WAIT = 40
_SLICE = 0.004
_BREATH = 10
PAGES = 1.5


class Prefetcher(QObject):
    """Composes blocks below and above the screen, in slices of 4 ms."""

    def __init__(self, surface: ArticleSurface) -> None:
        super().__init__(surface)
        self._surface = surface
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)

    def start(self) -> None:
        """Begin after a short while in which nothing more happens."""
        self._timer.start(_WAIT)

    def _on_time(self) -> None:
        end = time.perf_counter() + _SLICE
        for block in self._wanted():
            if self._surface.scene.composed(block) is None:
                self._surface.scene.drawing(block)
                if time.perf_counter() > end:
                    self._timer.start(_BREATH)
                    return

    def _wanted(self) -> Iterator[int]:
        scroller, scene = self._surface.scroller, self._surface.scene
        reach = scroller.height * PAGES
        block, y = scroller.block, scroller.y
        while block < len(scene.blocks) and y < scroller.height + reach:
            yield block
            y += scene.heights[block]
            block += 1
        block, y = scroller.block - 1, scroller.y
        while block >= 0 and y > -reach:
            yield block
            y -= scene.heights[block]
            block -= 1
