"""Lays out the pages around the screen while nobody waits, so that scrolling meets nothing cold.

Then it finds out the heights of all other blocks, so that the scroll bar tells the truth.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from annotator.ui.canvas.page import ArticlePage

_WAIT = 40
_SLICE = 0.004
_BREATH = 10
_REST = 20
"""Milliseconds between two slices that only measure."""
PAGES = 1.5


class Prefetcher(QObject):
    """Composes blocks below and above the screen, and measures the others, in slices of 4 ms."""

    def __init__(self, page: ArticlePage) -> None:
        super().__init__(page)
        self._page = page
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)

    def start(self) -> None:
        """Begin after a short while in which nothing more happens."""
        self._timer.start(_WAIT)

    def _on_time(self) -> None:
        end = time.perf_counter() + _SLICE
        for block in self._wanted():
            if self._page.scene.composed(block) is None:
                self._page.scene.drawing(block)
                if time.perf_counter() > end:
                    self._timer.start(_BREATH)
                    return
        self._measure(end)

    def _measure(self, end: float) -> None:
        """Measure some heights; no text moves, and the bar is left alone while somebody holds it."""
        page = self._page
        heights = page.scene.heights
        if heights.next_estimated(0) is None:
            return
        if page.verticalScrollBar().isSliderDown():
            self._timer.start(_WAIT)
            return
        more = page.scene.measure_heights(page.scroller.block, lambda: time.perf_counter() < end)
        page.mirror()
        if more:
            self._timer.start(_REST)
        else:
            page.bar.refresh(items=True)

    def _wanted(self) -> Iterator[int]:
        scroller, scene = self._page.scroller, self._page.scene
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
