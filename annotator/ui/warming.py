"""What is done once the window stands and nobody waits: faces of other scripts are loaded, the heap is settled.

The first words in a script cost 10 to 90 ms, in which its face is found and read; done beforehand, an article of mixed
scripts is on screen in less than half the time. A full collection of garbage goes through all that the program loaded,
some 80,000 objects, and holds the window for as long; frozen, they are not looked at again. Until the window stands
nothing is collected at all (`__main__.py`): what is made until then stays.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QFont, QTextLayout

SAMPLES = ("中文", "😀", "عربي", "עברית", "ไทย", "हिन्दी")
"""A word of each script that most installations have a face for, but the shipped fonts have no letters of."""
_AFTER, _BETWEEN = 800, 120
"""Milliseconds from the start, and from one script to the next, so that no key waits for two."""


class Warming(QObject):
    """Does it step by step and is gone after the last."""

    def __init__(self, font: QFont, parent: QObject) -> None:
        super().__init__(parent)
        self._font = font
        self._left = list(SAMPLES)
        self._timer = QTimer(self)
        self._timer.setInterval(_BETWEEN)
        self._timer.timeout.connect(self.step)
        QTimer.singleShot(_AFTER, self, self._timer.start)

    @staticmethod
    def settle() -> None:
        """Let Python never look again at what stands now, and look for garbage from here on."""
        # Without a collection before: that would be the pause which this is to spare.
        gc.freeze()
        gc.enable()

    def step(self) -> None:
        """Load the face of one more script; after the last, settle the heap."""
        if self._left:
            layout = QTextLayout(self._left.pop(0), self._font)
            layout.beginLayout()
            layout.createLine()
            layout.endLayout()
            return
        self._timer.stop()
        self.settle()
        self.deleteLater()
