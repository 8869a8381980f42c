"""Going to a word by letters that stand over the words on screen. It draws nothing; the window shows `hints`."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QObject, Signal

from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.ui.controller import Controller
from annotator.ui.relation_letters import ALPHABET

MODE = "jump"
"""Mode of the controller while letters stand over the words."""
_PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)


def names_for(count: int) -> list[str]:
    """Give letters for as many words, nearest first: pairs, and triples where pairs do not suffice.

    No name begins another one. Words beyond what triples can name get none (empty).
    """
    short = max(0, count - len(_PAIRS))
    # Each pair that begins triples makes so many names of one.
    opened = min(len(_PAIRS), ceil(short / (len(ALPHABET) - 1)))
    kept = len(_PAIRS) - opened
    names = [*_PAIRS[:kept], *(pair + third for pair in _PAIRS[kept:] for third in ALPHABET)]
    return (names + [""] * count)[:count]


def words_in(text: str, tokens: Tokens, *, start: int, end: int) -> list[Fragment]:
    """List the words that begin in a stretch (code points): tokens with a letter or digit in them."""
    first, last = tokens.covering(start, end)
    return [
        Fragment(tokens.starts[token], tokens.ends[token])
        for token in range(first, last)
        if tokens.starts[token] >= start
        and any(map(str.isalnum, text[tokens.starts[token] : tokens.ends[token]]))
    ]


class WordJump(QObject):
    """The mode itself; `changed()` after every step, also the last."""

    changed = Signal()

    def __init__(self, controller: Controller, *, on_screen: Callable[[], tuple[int, int]]) -> None:
        """Work on a controller; `on_screen` gives the stretch of text (code points) that is on screen."""
        super().__init__(controller)
        self._controller = controller
        self._on_screen = on_screen
        self._names: dict[Fragment, str] = {}
        self.is_on = False
        self.typed = ""
        controller.mode_changed.connect(self._on_mode_changed)
        controller.selection_changed.connect(self.leave)

    @property
    def hints(self) -> dict[tuple[int, int], str]:
        """Give the letters by stretch of text of the words that what was typed may mean."""
        return {(word.start, word.end): name for word, name in self._names.items() if self._fits(name)}

    def begin(self) -> None:
        """Put letters over the words on screen; begun again, they go."""
        if self.is_on:
            self.leave()
            return
        self._letter_words()
        if not self._names:
            self._tell("There are no words on screen.")
            return
        self.is_on = True
        self._controller.set_mode(MODE)
        self.changed.emit()
        self._tell("Type the letters over a word to select it. Esc leaves.")

    def letter(self, letter: str) -> None:
        """Take a letter; a whole name selects its word."""
        typed = self.typed + letter
        found = {name: word for word, name in self._names.items() if name.startswith(typed)}
        if not found:
            self.typed = ""
            self._tell(f"No word has the letters {typed}.")
        elif typed in found:
            self.leave()
            self._controller.select_text((found[typed],))
            return
        else:
            self.typed = typed
        self.changed.emit()

    def back(self) -> None:
        """Forget the letter that was typed last; without one, leave."""
        if self.typed:
            self.typed = self.typed[:-1]
            self.changed.emit()
        else:
            self.leave()

    def follow(self) -> None:
        """Give the letters to the words that are on screen now."""
        if self.is_on:
            self._letter_words()
            self.changed.emit()

    def leave(self) -> None:
        """Take the letters away; what is selected stays."""
        if self.is_on:
            self._reset()
            self._controller.set_mode("decide")
            self.changed.emit()

    def _letter_words(self) -> None:
        controller = self._controller
        first, last = self._on_screen()
        fragments = controller.selected.fragments
        begin = fragments[0].start if fragments else first
        middle = begin if first <= begin < last else (first + last) // 2
        words = words_in(controller.text, controller.tokens, start=first, end=last)
        words.sort(key=lambda word: abs(word.start - middle))
        self.typed = ""
        self._names = dict(zip(words, names_for(len(words)), strict=True))

    def _fits(self, name: str) -> bool:
        return bool(name) and name.startswith(self.typed)

    def _reset(self) -> None:
        self.is_on, self.typed, self._names = False, "", {}

    def _on_mode_changed(self, mode: str) -> None:
        if mode != MODE and self.is_on:
            self._reset()
            self.changed.emit()

    def _tell(self, words: str) -> None:
        self._controller.message.emit(words, "note", False)
