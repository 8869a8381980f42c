"""The keys of the article: an event filter that asks the one table and lets the handler carry it out.

Single letters, digits, Tab and the like mean something only while the article has the focus; so no field or list
ever loses a key to them.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from annotator.ui.action import Action
from annotator.ui.controller import Controller
from annotator.ui.keys import KeyMap, stroke_of
from annotator.ui.label_letters import LabelLetters
from annotator.ui.relation_letters import ALPHABET
from annotator.ui.relation_mode import RelationMode
from annotator.ui.word_jump import WordJump

PEEK = 0.4
"""Seconds from which a key that switches something counts as held: letting it go switches back."""
_HELD = {"plain": True, "scores": False}
"""Actions of keys that are held; True: switched back however short."""


class ArticleKeys(QObject):
    """Handles the keys of one widget; `run(id, stroke)` carries an action out, `hindrance(action)` may forbid it."""

    def __init__(
        self,
        view: QWidget,
        controller: Controller,
        relation: RelationMode,
        *,
        jump: WordJump,
        letters: LabelLetters,
        run: Callable[[str, str], None],
        hindrance: Callable[[Action], str],
    ) -> None:
        super().__init__(view)
        self._controller, self._relation = controller, relation
        self._jump, self._letters = jump, letters
        self._run, self._hindrance = run, hindrance
        self._map = KeyMap()
        self._held: dict[int, tuple[str, float]] = {}
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.FocusOut:
                self._release_all()
                self._letters.leave()
            return False
        if event.type() == QEvent.Type.KeyPress:
            return self._press(event)
        if event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
            return self._release(event)
        if event.type() == QEvent.Type.ShortcutOverride and self._meant(stroke_of(event)):
            event.accept()
            return True
        return False

    def _meant(self, stroke: str) -> bool:
        if not stroke:
            return False
        if (self._letters.is_on or self._jump.is_on) and not stroke.startswith("Ctrl+"):
            return True
        if self._relation.is_on and (stroke in ALPHABET or self._map.action("relation", stroke)):
            return True
        return self._map.action("article", stroke) is not None

    def _press(self, event: QKeyEvent) -> bool:
        stroke = stroke_of(event)
        if self._letters.is_on:
            return self._press_after_letter_key(event, stroke)
        if not stroke:
            return False
        if self._jump.is_on:
            return self._press_in_jump(stroke)
        if self._relation.is_on:
            return self._press_in_relation(stroke)
        action = self._map.action("article", stroke)
        if action is None:
            return False
        if action.id in _HELD:
            if not event.isAutoRepeat():
                self._held[event.key()] = action.id, time.monotonic()
                self._do(action, stroke)
            return True
        self._do(action, stroke)
        return True

    def _press_after_letter_key(self, event: QKeyEvent, stroke: str) -> bool:
        """Take the letter of a label: as it is typed, which may be no Latin one, else by the key."""
        letters = self._letters
        action = self._map.action("letter", stroke)
        # Alt is for menus; with AltGr a letter may be typed that no stroke has.
        typed = event.text() if event.text().isalpha() and (stroke or not event.text().isascii()) else ""
        if not stroke and not typed:
            return False
        if stroke in {"Up", "Down"}:
            letters.rows.move(1 if stroke == "Down" else -1)
        elif action is not None:
            self._run(action.id, stroke)
        elif stroke.startswith("Ctrl+"):
            letters.leave()
            return False
        else:
            by_key = stroke.removeprefix("Shift+")
            letters.take(typed, by_key.lower() if len(by_key) == 1 else by_key)
        return True

    def _press_in_jump(self, stroke: str) -> bool:
        jump = self._jump
        letter = stroke.removeprefix("Shift+")
        action = self._map.action("jump", stroke)
        if action is not None:
            self._run(action.id, stroke)
        elif len(letter) == 1 and letter in ALPHABET:
            jump.letter(letter)
        # Any other letter would do something else than it says while letters stand there: it does nothing.
        return not stroke.startswith("Ctrl+")

    def _press_in_relation(self, stroke: str) -> bool:
        mode = self._relation
        action = self._map.action("relation", stroke)
        if mode.target is not None and stroke in {"Up", "Down"}:
            mode.move_choice(1 if stroke == "Down" else -1)
        elif stroke == "L" and (mode.target is not None or mode.words_offered):
            self._letters.begin()
        elif len(stroke) == 1 and stroke in ALPHABET and not mode.words_offered:
            mode.letter(stroke)
        elif action is not None:
            self._run(action.id, stroke)
        elif stroke == "Backspace" and mode.typed:
            mode.leave()
        elif stroke in {"Up", "Down"}:
            self._run("page_up" if stroke == "Up" else "page_down", stroke)
        # Any other letter would do something else than it says while the mode is on: it does nothing.
        return not stroke.startswith("Ctrl+")

    def _do(self, action: Action, stroke: str) -> None:
        why_not = self._hindrance(action)
        if why_not:
            self._controller.message.emit(why_not, "note", False)
        else:
            self._run(action.id, stroke)

    def _release(self, event: QKeyEvent) -> bool:
        held = self._held.pop(event.key(), None)
        if held is None:
            return False
        name, since = held
        if _HELD[name] or time.monotonic() - since > PEEK:
            self._run(name, "")
        return True

    def _release_all(self) -> None:
        held, self._held = self._held, {}
        for name, _ in held.values():
            if _HELD[name]:
                self._run(name, "")
