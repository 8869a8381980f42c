"""The word cursor: from the selection to the word beside, above or below it. Left and right are those of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from annotator.model.annotation import Fragment, Fragments
from annotator.model.document import Tokens
from annotator.model.rules import trimmed

if TYPE_CHECKING:
    from annotator.ui.canvas.scene import Scene

Direction = Literal["left", "right", "up", "down"]


class WordCursor:
    """A token that the keyboard stands on, and the one a selection was begun at."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.anchor: int | None = None
        self.focus: int | None = None
        self.goal: float | None = None

    def stand_on(self, fragments: Fragments, *, anchor: int | None = None, focus: int | None = None) -> None:
        """Follow a selection made otherwise; nothing leaves the cursor where it was."""
        if not fragments:
            return
        first, last = self.scene.tokens.covering(fragments[0].start, fragments[-1].end)
        if last > first:
            self.anchor = anchor if anchor is not None else first
            self.focus = focus if focus is not None else last - 1
            self.goal = None

    def move(self, direction: Direction, *, extend: bool) -> Fragments:
        """Move by a word or a line and give what is then selected; nothing where there are no words."""
        tokens = self.scene.tokens
        if not len(tokens):
            return ()
        if self.focus is None or self.focus >= len(tokens):
            target: int | None = 0
        elif direction in ("left", "right"):
            self.goal = None
            start = self._leaving(direction) if not extend else self.focus
            target = self._beside(start, to_right=direction == "right")
        else:
            target = self._on_line(self.focus, below=direction == "down")
        if target is None:
            target = self.focus
        if target is None:
            return ()
        self.focus = target
        if not extend or self.anchor is None:
            self.anchor = target
        return self.selected()

    def selected(self) -> Fragments:
        """Give the stretch from anchor to focus."""
        if self.anchor is None or self.focus is None:
            return ()
        first, last = sorted((self.anchor, self.focus))
        tokens = self.scene.tokens
        start, end = trimmed(self.scene.text, tokens.starts[first], tokens.ends[last])
        return (Fragment(start, end),) if start < end else ()

    def _leaving(self, direction: Direction) -> int:
        """Give the token of a longer selection from which the cursor goes on, by the side it leaves at."""
        if self.anchor is None or self.focus is None:
            return 0
        first, last = sorted((self.anchor, self.focus))
        text = self.scene.text_block(self.scene.blocks.at(self.scene.tokens.starts[self.focus]))
        forward = (direction == "right") != text.is_right_to_left
        return last if forward else first

    def _beside(self, token: int, *, to_right: bool) -> int | None:
        tokens, blocks = self.scene.tokens, self.scene.blocks
        block = blocks.at(tokens.starts[token])
        text = self.scene.text_block(block)
        if not text.is_bidi:
            return self._step(token, 1 if to_right else -1)
        line = text.line_of(tokens.starts[token])
        here = self._center(token)
        sign = 1 if to_right else -1
        row = [(sign * (self._center(other) - here), other) for other in self._tokens_of_line(block, line)]
        ahead = [each for each in row if each[0] > 0.5]
        if ahead:
            return min(ahead)[1]
        forward = to_right != text.is_right_to_left
        there = self._line_beside(block, line, 1 if forward else -1)
        if there is None:
            return None
        row_there = self._tokens_of_line(*there)
        entering_left = to_right
        return (min if entering_left else max)(row_there, key=self._center)

    def _on_line(self, token: int, *, below: bool) -> int | None:
        tokens = self.scene.tokens
        block = self.scene.blocks.at(tokens.starts[token])
        line = self.scene.text_block(block).line_of(tokens.starts[token])
        if self.goal is None:
            self.goal = self._center(token)
        goal = self.goal
        there = self._line_beside(block, line, 1 if below else -1)
        if there is None:
            return None
        return min(self._tokens_of_line(*there), key=lambda other: abs(self._center(other) - goal))

    def _line_beside(self, block: int, line: int, step: int) -> tuple[int, int] | None:
        """Give the next line with a word on it, up or down."""
        while True:
            line += step
            if not 0 <= line < len(self.scene.text_block(block).lines):
                block += step
                if not 0 <= block < len(self.scene.blocks):
                    return None
                line = 0 if step > 0 else len(self.scene.text_block(block).lines) - 1
                if line < 0:
                    continue
            if self._tokens_of_line(block, line):
                return block, line

    def _tokens_of_line(self, block: int, line: int) -> list[int]:
        text = self.scene.text_block(block)
        lines = text.lines
        if not 0 <= line < len(lines):
            return []
        return words_between(self.scene.text, self.scene.tokens, lines[line].start, lines[line].end)

    def _step(self, token: int, step: int) -> int | None:
        tokens, text = self.scene.tokens, self.scene.text
        token += step
        while 0 <= token < len(tokens):
            if not text[tokens.starts[token] : tokens.ends[token]].isspace():
                return token
            token += step
        return None

    def _center(self, token: int) -> float:
        tokens = self.scene.tokens
        start = tokens.starts[token]
        pieces = self.scene.text_block(self.scene.blocks.at(start)).pieces(start, tokens.ends[token])
        return (pieces[0].left + pieces[0].right) / 2 if pieces else 0.0


def words_between(text: str, tokens: Tokens, start: int, end: int) -> list[int]:
    """List the tokens that begin in a stretch and are not blank."""
    first, last = tokens.covering(start, end)
    return [
        token
        for token in range(first, last)
        if tokens.starts[token] >= start and not text[tokens.starts[token] : tokens.ends[token]].isspace()
    ]
