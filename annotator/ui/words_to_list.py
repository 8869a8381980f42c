"""Adding the selected words to a pattern list, so that a list grows while one reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.editing.commands import AddPatternLists, ChangePatterns, NewPatternList
from annotator.model.errors import UserError
from annotator.model.patterns import free_name, phrase
from annotator.ui.popups import ListFinder

if TYPE_CHECKING:
    from annotator.editing.commands import Command
    from annotator.ui.window import MainWindow


class WordsToList(QObject):
    """Carries out `Shift+L` for a window: which list is asked only where there are several, or no label is known."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.finder: ListFinder | None = None

    def ask(self) -> None:
        """Add the words of the selection to the list of its label, or ask for the list."""
        from annotator.workflows.patterns import listed

        window = self._window
        controller, selected = window.controller, window.controller.selected
        session = controller.session
        if session is None or controller.document is None:
            return
        window.deciding.remember(self.ask)
        if len(selected.fragments) != 1:
            window.log.say("Words in pieces cannot be looked for. Select words that stand together.", "note")
            return
        words = controller.words(selected.fragments)
        label = "" if selected.kind == "text" else selected.label
        lists = [each for each in listed(session) if not label or each.list.label == label]
        if label and len(lists) < 2:
            self._add(words, lists[0].list.key if lists else 0, label)
        elif not lists:
            self._ask_label(words)
        else:
            if self.finder is None:
                self.finder = ListFinder(window.centre)
                self.finder.closed.connect(window.focus_article)
            self.finder.open(
                lists,
                schema=controller.schema,
                rect=window.acts.selected_rect(),
                room=window.centre.rect(),
                take=lambda key: self._take(words, key, label),
            )

    def _take(self, words: str, key: int, label: str) -> None:
        """Add words to the list that was taken, or to a new one."""
        self._window.focus_article()
        if key or label:
            self._add(words, key, label)
        else:
            self._ask_label(words)

    def _ask_label(self, words: str) -> None:
        """Ask what words are that no list has yet."""
        window = self._window

        def take(label: str) -> None:
            window.focus_article()
            self._add(words, 0, label)

        window.acts.find_label(take=take, relations=False)

    def _add(self, words: str, key: int, label: str) -> None:
        """Add words to a list, by row key; 0 begins one."""
        window = self._window
        session = window.controller.session
        if session is None:
            return
        try:
            wanted = phrase(words)
        except UserError as error:
            window.show_problem(error)
            return
        command: Command = ChangePatterns(list=key, added=(wanted,))
        if not key:
            from annotator.workflows.patterns import listed

            name = free_name(f"{label} words", [each.list.name for each in listed(session)])
            command = AddPatternLists((NewPatternList(name=name, label=label, patterns=(wanted,)),))
        window.controller.do(command)
