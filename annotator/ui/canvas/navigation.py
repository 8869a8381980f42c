"""The word cursor: from the selection to the word beside, above or below it. Left and right are those of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from annotator.model.annotation import Fragment, Fragments, fragments_of, overlaps
from annotator.model.document import Tokens
from annotator.model.rules import trimmed, uncut

if TYPE_CHECKING:
    from annotator.ui.canvas.items import Selection
    from annotator.ui.canvas.scene import Scene

Direction = Literal["left", "right", "up", "down", "line_start", "line_end"]
Way = Literal["page_up", "page_down", "text_start", "text_end"]


class WordCursor:
    """A token that the keyboard stands on, and the one a selection was begun at.

    `kept` are fragments of a selection that stay while another one is chosen by the cursor.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.anchor: int | None = None
        self.focus: int | None = None
        self.goal: float | None = None
        self.kept: Fragments = ()

    def follow(self, selection: Selection) -> None:
        """Stand on what was selected otherwise; nothing leaves the cursor where it was."""
        fragments = selection.fragments
        if not fragments:
            self.kept = ()
        elif selection.kind != "text":
            self.stand_on(fragments)
        elif fragments != self.selected():
            self.stand_on(fragments, kept=fragments[:-1])

    def stand_on(
        self,
        fragments: Fragments,
        *,
        kept: Fragments = (),
        anchor: int | None = None,
        focus: int | None = None,
    ) -> None:
        """Stand on the fragments that are not kept, begun at `anchor` and gone on to `focus`."""
        own = tuple(each for each in fragments if each not in kept) or fragments
        first, last = self.scene.tokens.covering(own[0].start, own[-1].end)
        if last > first:
            self.kept = kept
            self.anchor = anchor if anchor is not None else first
            self.focus = focus if focus is not None else last - 1
            self.goal = None

    def stand_at(self, offset: int) -> None:
        """Stand on the word at a code point, or the next one."""
        tokens = self.scene.tokens
        if len(tokens):
            self.anchor = self.focus = min(tokens.at(offset), len(tokens) - 1)
            self.goal = None

    @property
    def place(self) -> Fragment | None:
        """Give the word that the cursor stands on."""
        tokens = self.scene.tokens
        if self.focus is None or self.focus >= len(tokens):
            return None
        return Fragment(tokens.starts[self.focus], tokens.ends[self.focus])

    def move(self, direction: Direction, *, extend: bool, begin: int = 0) -> Fragments:
        """Move by a word or a line, or to an end of the line, and give what is then selected.

        A cursor that stands nowhere goes to the first word from code point `begin` on. Nothing where there are no
        words.
        """
        tokens = self.scene.tokens
        if not len(tokens):
            return ()
        if self.focus is None or self.focus >= len(tokens):
            target: int | None = min(tokens.at(begin), len(tokens) - 1)
        elif direction in ("left", "right"):
            self.goal = None
            start = self._leaving(direction) if not extend else self.focus
            target = self._beside(start, to_right=direction == "right")
        elif direction in ("line_start", "line_end"):
            self.goal = None
            target = self._end_of_line(self.focus, first=direction == "line_start")
        else:
            target = self._on_line(self.focus, below=direction == "down")
        return self.go(self.focus if target is None else target, extend=extend)

    def go(self, token: int | None, *, extend: bool) -> Fragments:
        """Stand on a token and give what is then selected."""
        if token is None:
            return ()
        self.focus = token
        if not extend or self.anchor is None:
            self.anchor = token
        return self.selected()

    def selected(self) -> Fragments:
        """Give the stretch from anchor to focus, and what is kept."""
        own = self._own()
        return fragments_of(*self.kept, *own)

    def begin_fragment(self, fragments: Fragments) -> Fragments:
        """Keep fragments, stand on the word behind them, else before, and give all; nothing where there is none."""
        first = self.scene.tokens.covering(*fragments[0])[0]
        last = self.scene.tokens.covering(*fragments[-1])[1] - 1
        target = self._step(last, 1)
        target = self._step(first, -1) if target is None else target
        if target is None:
            return ()
        self.kept, self.goal = fragments, None
        return self.go(target, extend=False)

    def drop_fragment(self) -> Fragments:
        """Let go what the cursor stands on, kept fragments under it too; give what is left."""
        rest = tuple(each for each in self.kept if not overlaps((each,), self._own()))
        self.kept = ()
        if rest:
            self.stand_on(rest, kept=rest[:-1])
        return rest

    def _own(self) -> Fragments:
        tokens = self.scene.tokens
        if self.anchor is None or self.focus is None or max(self.anchor, self.focus) >= len(tokens):
            return ()
        first, last = sorted((self.anchor, self.focus))
        start, end = trimmed(self.scene.text, tokens.starts[first], tokens.ends[last])
        return uncut(self.scene.text, (Fragment(start, end),)) if start < end else ()

    def _end_of_line(self, token: int, *, first: bool) -> int | None:
        block = self.scene.blocks.at(self.scene.tokens.starts[token])
        line = self.scene.text_block(block).line_of(self.scene.tokens.starts[token])
        row = self._tokens_of_line(block, line)
        return (row[0] if first else row[-1]) if row else None

    def _leaving(self, direction: Direction) -> int:
        """Give the token of a longer selection from which the cursor goes on, by the side it leaves at."""
        if self.anchor is None or self.focus is None:
            return 0
        first, last = sorted((self.anchor, self.focus))
        starts = self.scene.tokens.starts
        text = self.scene.text_block(self.scene.blocks.at(starts[self.focus]))
        if text.is_bidi and first < last and text.line_of(starts[first]) == text.line_of(starts[last]):
            outermost = max if direction == "right" else min
            return outermost(range(first, last + 1), key=self._center)
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
