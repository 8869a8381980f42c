"""Picking the partner of a relation by keys: who may be one, which letters they have, what will be made.

It draws nothing: the window hands `hints` to the article view and shows `strip` and the chooser. Directions come
from the schema, so a relation may be begun at either end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from annotator.editing.commands import (
    AcceptRelation,
    AddRelation,
    AddSpan,
    ChangeRelation,
    Command,
)
from annotator.model.annotation import Fragments, Relation, Span
from annotator.model.article import RelationToDecide
from annotator.ui.controller import Controller
from annotator.ui.models.article_items import id_of, relation_ends
from annotator.ui.panels.state import RelationMode as PanelState
from annotator.ui.panels.state import end_of
from annotator.ui.partners import Choice, Moved, Partner, Partners
from annotator.ui.relation_letters import letters_for, matches


class RelationMode(QObject):
    """The mode itself.

    Signals: `changed()` after every step; `left()` when it is over, `made(item id)` before that if something was made.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, controller: Controller, *, on_screen: Callable[[], tuple[int, int]]) -> None:
        """Work on a controller; `on_screen` gives the stretch of text (code points) that is on screen."""
        super().__init__(controller)
        self._controller = controller
        self._on_screen = on_screen
        self._start: Partner | None = None
        self._moved: Moved | None = None
        self._partners = Partners(controller)
        self._letters: dict[str, str] = {}
        self._known: list[Partner] = []
        self.typed = ""
        self.only = ""
        self.target: Partner | None = None
        self.choices: tuple[Choice, ...] = ()
        self.current = 0
        self.words_offered: Fragments = ()
        controller.mode_changed.connect(self._on_mode_changed)

    # ------------------------------------------------------------------ what is shown

    @property
    def is_on(self) -> bool:
        """Tell whether a partner is being picked."""
        return self._start is not None

    @property
    def start(self) -> Partner | None:
        """Give the end that stays."""
        return self._start

    @property
    def moving(self) -> str:
        """Give the type of the relation whose end is moved, or an empty string."""
        return self._moved.label if self._moved is not None else ""

    @property
    def hints(self) -> dict[str, str]:
        """Give the letters by item id of all that are ringed; off screen and beyond the alphabet they are empty."""
        if self.target is not None:
            return {self.target.item: self._letters.get(self.target.item, "")}
        return {
            item: letters
            for item, letters in self._letters.items()
            if not self.typed or letters.startswith(self.typed)
        }

    @property
    def partners(self) -> list[Partner]:
        """Give all legal partners in reading order, also those off screen."""
        return self._known

    @property
    def on_screen_count(self) -> int:
        """Count the partners that have letters."""
        return sum(bool(letters) for letters in self._letters.values())

    @property
    def further_count(self) -> int:
        """Count the partners that have none."""
        return len(self._letters) - self.on_screen_count

    def panel_state(self) -> PanelState | None:
        """Give what the right panel shows of it."""
        if self._start is None:
            return None
        text = self._controller.text
        choice = self.choices[self.current] if self.choices else None
        return PanelState(
            start=end_of(self._start.value, text),
            target=end_of(self.target.value, text) if self.target else None,
            legal=frozenset([self.moving]) if self.moving else self._partners.types(self._start.label),
            offered=tuple(each.name for each in self.choices),
            only=self.only,
            turned=choice.turned if choice else False,
        )

    def legal_ends(self, relation: str, end: str) -> frozenset[str]:
        """Give the item ids of the spans that an end (`head` or `child`) of a relation may be moved to."""
        thing = self._controller.things.get(relation)
        if not isinstance(thing, Relation | RelationToDecide) or not self._controller.writable:
            return frozenset()
        moved = Moved(thing, moves_head=end == "head")
        kept = self._partners.kept_end(moved)
        if kept is None:
            return frozenset()
        return frozenset(each.item for each in self._partners.of_start(kept, only="", moved=moved))

    # ------------------------------------------------------------------ in and out

    def begin(self) -> None:
        """Begin from the selected span, or move an end of the selected relation."""
        controller, selected = self._controller, self._controller.selected
        relation = selected.relation or selected.to_decide
        moved = Moved(relation) if relation is not None else None
        start = self._partners.of_item(selected.id) if moved is None else self._partners.kept_end(moved)
        if start is None:
            controller.message.emit("Select a span first: a relation begins at one.", "note", False)
            return
        controller.show_only(())  # partners may have any label
        self._reset()
        self._start, self._moved = start, moved
        self._known = self._find()
        if not self._known:
            where = "document" if self._partners.types(start.label) else "schema"
            self._reset()
            words = f"No legal partner for {_a(start.label)} in this {where}."
            controller.message.emit(words, "note", False)
            return
        controller.set_mode("relation")
        self.reletter()

    def leave(self) -> None:
        """One step out: close the chooser, forget a letter, drop the filter, else leave."""
        if self.words_offered:
            self.words_offered = ()
        elif self.target is not None:
            self.target, self.choices, self.typed = None, (), ""
        elif self.typed:
            self.typed = ""
        elif self.only:
            self.only = ""
            self._known = []
            self.reletter()
        else:
            self._finish()
            return
        self.changed.emit()

    def _finish(self) -> None:
        self._reset()
        self._controller.set_mode("decide")
        self.left.emit()

    def _reset(self) -> None:
        self._start = self.target = None
        self._moved = None
        self._letters = {}
        self._known = []
        self.typed = self.only = ""
        self.choices = ()
        self.words_offered = ()

    def _on_mode_changed(self, mode: str) -> None:
        if mode != "relation" and self.is_on:
            self._reset()
            self.left.emit()

    # ------------------------------------------------------------------ picking

    def reletter(self) -> None:
        """Give letters to the partners on screen, nearest to the start first."""
        if self._start is None:
            return
        first, last = self._on_screen()
        middle = self._start.value.fragments[0].start
        middle = min(max(middle, first), last)
        self._known = self._known or self._find()
        partners = sorted(self._known, key=lambda each: abs(each.value.fragments[0].start - middle))
        seen = [each for each in partners if first <= each.value.fragments[0].start < last]
        letters = dict(zip((each.item for each in seen), letters_for(len(seen)), strict=True))
        self._letters = {each.item: letters.get(each.item, "") for each in partners}
        self.typed = ""
        self.changed.emit()

    def follow(self) -> None:
        """Give the letters to the partners that are on screen now, unless one is being typed or was taken."""
        if self.is_on and not self.typed and self.target is None:
            self.reletter()

    def letter(self, letter: str) -> None:
        """Take a letter; a whole name picks its partner."""
        if self.target is not None:
            return
        items = [item for item, letters in self._letters.items() if letters]
        names = [self._letters[item] for item in items]
        typed = self.typed + letter
        found = matches(names, typed)
        if not found:
            self.typed = ""
            self._controller.message.emit(f"No partner has the letters {typed}.", "note", False)
            self.changed.emit()
        elif names[found[0]] == typed:
            self.pick(items[found[0]])
        else:
            self.typed = typed
            self.changed.emit()

    def digit(self, shortcut: str) -> None:
        """Choose a type: in the chooser, or as a filter of the partners; label the words that were clicked."""
        if self.words_offered:
            self._label_words(shortcut)
            return
        found = next((each for each in self._controller.schema.relations if each.shortcut == shortcut), None)
        if found is None:
            self._controller.message.emit(f"No relation type has the key {shortcut}.", "note", False)
        elif self.target is not None:
            chosen = next((each for each in self.choices if each.name == found.name), None)
            if chosen is None:
                self._controller.message.emit(f"{found.name} does not join these two.", "note", False)
            else:
                self._make(chosen)
        else:
            self.only_type(found.name)

    def only_type(self, name: str) -> None:
        """Ring only the partners that a type may join; the same type again rings all."""
        before, self.only = self.only, "" if self.only == name else name
        self._known = self._find()
        if not self._known:
            self.only = before
            self._controller.message.emit(f"{name} has no partner here.", "note", False)
        self.reletter()

    def pick(self, item: str) -> None:
        """Take a partner: with one legal type the relation is made at once, with several the chooser opens."""
        partner = self._partners.of_item(item)
        if partner is None or self._start is None:
            return
        if item not in self._letters:
            self._controller.message.emit(
                f"{partner.label} takes no relation with {_a(self._start.label)} here.", "note", False
            )
            return
        choices = self._partners.choices(self._start, partner, only=self.only, moved=self._moved)
        if len(choices) == 1:
            self.target = partner
            self._make(choices[0])
        else:
            self.target, self.choices, self.current = partner, tuple(choices), 0
            self.changed.emit()

    def take(self) -> None:
        """Take the type that is marked in the chooser."""
        if self.target is not None and self.choices:
            self._make(self.choices[self.current])

    def move_choice(self, by: int) -> None:
        """Mark another type in the chooser."""
        if self.choices:
            self.current = (self.current + by) % len(self.choices)
            self.changed.emit()

    def turn_choice(self) -> None:
        """Let the marked type run the other way, where the schema allows both."""
        if not self.choices:
            return
        chosen = self.choices[self.current]
        if not chosen.both_ways:
            self._controller.message.emit(f"{chosen.name} has only one direction here.", "note", False)
            return
        turned = replace(chosen, turned=not chosen.turned)
        self.choices = tuple(turned if each is chosen else each for each in self.choices)
        self.changed.emit()

    def other_end(self) -> None:
        """While an end is moved: keep this one and move the other."""
        if self._moved is None:
            return
        moved = replace(self._moved, moves_head=not self._moved.moves_head)
        kept = self._partners.kept_end(moved)
        if kept is not None:
            self._moved, self._start, self._known = moved, kept, []
            self.reletter()

    def offer_words(self, fragments: Fragments) -> None:
        """Offer to make a span of words that were clicked and to end the relation there."""
        self.words_offered = fragments
        self.changed.emit()

    def _label_words(self, shortcut: str) -> None:
        controller = self._controller
        found = next((each for each in controller.schema.entities if each.shortcut == shortcut), None)
        if found is None or controller.document is None:
            controller.message.emit(f"No label has the key {shortcut}.", "note", False)
            return
        changes = controller.do(AddSpan(controller.document, self.words_offered, found.name))
        if changes is None:
            return
        self.words_offered = ()
        self._known = []
        made = next((change.after for change in changes.changes if isinstance(change.after, Span)), None)
        self.reletter()
        if made is not None:
            self.pick(id_of(made))

    def _find(self) -> list[Partner]:
        if self._start is None:
            return []
        return self._partners.of_start(self._start, only=self.only, moved=self._moved)

    # ------------------------------------------------------------------ making

    def _make(self, choice: Choice) -> None:
        controller = self._controller
        command = self._command(choice)
        if command is None:
            return
        changes = controller.do(command)
        if changes is None:
            self.target, self.choices = None, ()
            self.changed.emit()
            return
        self._finish()
        made = next((change.after for change in changes.changes if isinstance(change.after, Relation)), None)
        if made is not None:
            controller.select(id_of(made))

    def _command(self, choice: Choice) -> Command | None:
        document, start, target = self._controller.document, self._start, self.target
        if document is None or start is None or target is None:
            return None
        moved = self._moved
        if moved is not None:
            ends = (target.end, None) if moved.moves_head else (None, target.end)
            if isinstance(moved.relation, Relation):
                return ChangeRelation(relation=moved.relation.key, head=ends[0], child=ends[1])
            what = moved.relation.candidate.what
            return AcceptRelation(document=document, candidate=what, head=ends[0], child=ends[1])
        head, child = (target, start) if choice.turned else (start, target)
        for each in self._controller.annotations.undecided_relations:
            proposed = relation_ends(self._controller.annotations, each)
            if each.candidate.label == choice.name and proposed == (head.item, child.item):
                return AcceptRelation(document=document, candidate=each.candidate.what)
        return AddRelation(document=document, head=head.end, child=child.end, label=choice.name)


def _a(label: str) -> str:
    """Put the article before a label as it is read."""
    return f"{'an' if label[:1] in 'AEIOU' else 'a'} {label}"
