"""Labels beyond the digits: `L`, then the letter of a label. A small list at the selection shows which there are.

The list has no focus: its keys are the article's. Which letter a label has is settled on the page of the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.model.schema import EntityType
from annotator.ui.models.article_items import label_words
from annotator.ui.popups import place_beside
from annotator.ui.rows import Floating, Row, Rows
from annotator.ui.theme import theme_hub

if TYPE_CHECKING:
    from annotator.model.schema import Type
    from annotator.ui.window import MainWindow

PREFIX = "L "
"""What the shortcut of such a label begins with."""


@dataclass(frozen=True, slots=True)
class Lettered:
    """A label or relation type with its letter."""

    letter: str
    type: Type


def lettered(types: tuple[Type, ...]) -> tuple[Lettered, ...]:
    """List the types that have a letter, by letter."""
    found = [
        Lettered(each.shortcut.removeprefix(PREFIX), each)
        for each in types
        if each.shortcut.startswith(PREFIX)
    ]
    return tuple(sorted(found, key=lambda each: each.letter.casefold()))


class LabelLetters(QObject):
    """Waits for the letter after `L`; `changed()` when that begins and ends."""

    changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._found: tuple[Lettered, ...] = ()
        self._card = Floating(window.centre, margin=6, accent=True)
        self._card.setAccessibleName("Labels by letter")
        self.rows = Rows(self._card, row_height=30)
        self.rows.chosen.connect(self._on_chosen)
        self._card.column.addWidget(self.rows)
        controller = window.controller
        for signal in (
            controller.selection_changed,
            controller.document_changed,
            controller.schema_changed,
            controller.mode_changed,
            window.centre.view.scrolled,
        ):
            signal.connect(self.leave)

    @property
    def is_on(self) -> bool:
        """Tell whether a letter is waited for."""
        return bool(self._found)

    def begin(self) -> None:
        """Show the labels that have a letter, or say that none has."""
        window = self._window
        self._found = lettered(self._types())
        if not self._found:
            what = "relation type" if self._is_about_relations() else "label"
            self._tell(f"No {what} has a letter of its own. Give it one under Labels and relations, Ctrl L.")
            return
        schema = window.controller.schema
        self.rows.set_rows(tuple(_row(each, label_words(each.type.name, schema)) for each in self._found))
        self.rows.setFixedWidth(min(self.rows.sizeHint().width(), theme_hub().px(420)))
        place_beside(self._card, window.acts.selected_rect(), window.centre.rect().adjusted(8, 0, -8, -40))
        self._card.show()
        self._card.raise_()
        self.changed.emit()

    def take(self, *letters: str) -> None:
        """Give the label of a letter; of several spellings of a key the first that any label has counts."""
        asked = [letter for letter in letters if letter]
        for same in (str, str.casefold):
            for letter in asked:
                for each in self._found:
                    if same(each.letter) == same(letter):
                        self._give(each)
                        return
        if asked:
            self.leave()
            self._tell(
                f"No {'relation type' if self._is_about_relations() else 'label'} has the key L {asked[0]}."
            )

    def take_marked(self) -> None:
        """Give the label that is marked in the list."""
        if 0 <= self.rows.current < len(self._found):
            self._give(self._found[self.rows.current])

    def leave(self) -> None:
        """Wait no longer."""
        if self._found:
            self._found = ()
            self._card.hide()
            self.changed.emit()

    def _give(self, chosen: Lettered) -> None:
        self.leave()
        relation = self._window.relation
        if relation.is_on:
            relation.digit(chosen.type.shortcut)
        else:
            self._window.deciding.label(chosen.type.name)

    def _types(self) -> tuple[Type, ...]:
        window = self._window
        schema, relation = window.controller.schema, window.relation
        if relation.choices:
            offered = {choice.name for choice in relation.choices}
            return tuple(each for each in schema.relations if each.name in offered)
        return schema.relations if self._is_about_relations() else schema.entities

    def _is_about_relations(self) -> bool:
        window = self._window
        if window.relation.is_on:
            return not window.relation.words_offered
        return window.controller.selected.kind in {"relation", "relation_candidate"}

    def _on_chosen(self, index: int) -> None:
        self.rows.mark(index)
        self.take_marked()
        self._window.focus_article()

    def _tell(self, words: str) -> None:
        self._window.controller.message.emit(words, "note", False)


def _row(each: Lettered, shown: str) -> Row:
    kind, beside = each.type, each.type.summary.split(":", maxsplit=1)[0].split(";", maxsplit=1)[0]
    if isinstance(kind, EntityType):
        return Row(text="", chip=(shown, kind.color), beside=beside, key=each.letter)
    return Row(text=kind.name, beside=beside, key=each.letter)
