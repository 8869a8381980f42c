"""Where the article is scrolled to: a block and its distance from the top of the window, nothing else.

Heights that become known above the anchor never move the text; the scroll bar only mirrors the anchor.
"""

from __future__ import annotations

from collections.abc import Iterator

from annotator.ui.canvas.figures import Drawing
from annotator.ui.canvas.scene import Scene

TOP = 20
"""Free pixels above the first block."""
BOTTOM = 56
"""Free pixels below the last one."""


class Scroller:
    """The anchor of an article in a window of `height` pixels, and how it moves."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.height = 600
        self.block = 0
        self.y = TOP

    @property
    def total(self) -> int:
        """Give the height of everything, in part estimated."""
        return TOP + self.scene.heights.total + BOTTOM

    @property
    def value(self) -> int:
        """Give how far the window's top lies below the top of everything."""
        return max(0, TOP + self.scene.heights.top(self.block) - self.y)

    @property
    def maximum(self) -> int:
        """Give the greatest value."""
        return max(0, self.total - self.height)

    def visible(self) -> Iterator[tuple[Drawing, int]]:
        """Give the blocks on screen from above, each with its top; they are laid out on the way."""
        block, y = self.block, self.y
        count = len(self.scene.blocks)
        while block < count and y < self.height:
            drawing = self.scene.drawing(block)
            if y + drawing.height > 0:
                yield drawing, y
            y += drawing.height
            block += 1

    def top_of(self, block: int) -> int:
        """Give the top of a block in the window, exact if what lies between is laid out."""
        heights = self.scene.heights
        if abs(block - self.block) > 64:
            return self.y + heights.top(block) - heights.top(self.block)
        y = self.y
        for each in range(self.block, block):
            y += self.scene.drawing(each).height
        for each in range(block, self.block):
            y -= self.scene.drawing(each).height
        return y

    def move(self, delta: int) -> int:
        """Move the text up by some pixels (down if negative), as far as it goes; give how far it went."""
        before_block, before_y = self.block, self.y
        if abs(delta) < 2 * self.height:
            self.y -= delta
        else:
            target = self.value + delta - TOP
            self.block, left = self.scene.heights.find(max(0, target))
            self.y = -left if target >= 0 else -target
        self.settle()
        if abs(self.block - before_block) > 64:
            return delta
        return before_y - self.top_of(before_block)

    def go(self, value: int) -> int:
        """Move to a value of the scroll bar; its maximum is the very end. Gives how far it went."""
        if value >= self.maximum:
            return self.go_end()
        return self.move(value - self.value)

    def go_end(self) -> int:
        """Show the end of the last block, measured backwards from it."""
        before_block, before_y = self.block, self.y
        last = len(self.scene.blocks) - 1
        self.block = last
        self.y = self.height - BOTTOM - self.scene.drawing(last).height
        self.settle()
        if abs(self.block - before_block) > 64:
            return 2 * self.height
        return before_y - self.top_of(before_block)

    def put(self, block: int, y: int) -> None:
        """Place a block's top at a height of the window."""
        self.block, self.y = block, y
        self.settle()

    def settle(self) -> None:
        """Make the anchor the first block on screen, and stay within the article."""
        self._normalise()
        if self._is_past_end():
            last = len(self.scene.blocks) - 1
            self.block = last
            self.y = self.height - BOTTOM - self.scene.drawing(last).height
            self._normalise()
        if self.block == 0 and self.y > TOP:
            self.y = TOP

    def _normalise(self) -> None:
        scene = self.scene
        while self.block > 0 and self.y > 0:
            self.block -= 1
            self.y -= scene.drawing(self.block).height
        last = len(scene.blocks) - 1
        while self.block < last and self.y + scene.drawing(self.block).height <= 0:
            self.y += scene.drawing(self.block).height
            self.block += 1
        if self.block == 0 and self.y > TOP:
            self.y = TOP

    def _is_past_end(self) -> bool:
        """Tell whether the last block ends above the bottom though there is text above the top."""
        if self.block == 0 and self.y >= TOP:
            return False
        y = self.y
        for block in range(self.block, len(self.scene.blocks)):
            y += self.scene.drawing(block).height
            if y > self.height - BOTTOM:
                return False
        return True
