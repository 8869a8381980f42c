"""What the keys of the article do to spans and relations: accept, reject, label, move edges, step on.

Every act reads the selection from the controller, makes one command and lets it carry that out; then it goes on to
the next thing that is undecided, unless the settings say to stay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from annotator.editing.commands import (
    AcceptMany,
    AcceptRelation,
    AcceptSpan,
    AddSpan,
    ChangeRelation,
    Command,
    MoveSpan,
    RejectMany,
    RejectRelation,
    RejectSpan,
    RelabelSpans,
    RemoveRelations,
    RemoveSpans,
    Reopen,
    ReverseRelation,
)
from annotator.model.annotation import Fragments, Kind, Relation, Span, SpanKey
from annotator.model.article import Readings, RelationToDecide
from annotator.model.candidate import Candidate
from annotator.model.rules import moved_edge
from annotator.model.schema import RelationType
from annotator.ui.alike_here import elsewhere, withdrawn
from annotator.ui.controller import Controller
from annotator.ui.models.article_items import chosen_reading, id_of
from annotator.ui.settings import Settings
from annotator.ui.stepping import Stepping

Edge = Literal["left", "right"]


class Deciding:
    """The acts on what is selected."""

    def __init__(self, controller: Controller, settings: Settings, stepping: Stepping) -> None:
        self._controller = controller
        self._settings = settings
        self._stepping = stepping
        self._last: Callable[[], None] | None = None

    # ------------------------------------------------------------------ accepting and rejecting

    def accept(self) -> None:
        """Accept the candidate and go on; on something accepted just go on."""
        self._last = self.accept
        controller, selected = self._controller, self._controller.selected
        document = controller.document
        if document is None:
            return
        if selected.candidate is not None:
            what = selected.candidate.what
            also = elsewhere(controller, what.fragments, what.label)
            self._decide(AcceptSpan(document=document, candidate=what, also=also))
        elif selected.to_decide is not None:
            self._decide(AcceptRelation(document=document, candidate=selected.to_decide.candidate.what))
        elif selected.rejection is not None:
            self.reopen()
        elif selected.grows:
            self.take_fragments()
        else:
            self._stepping.step(forward=True)

    def reject(self) -> None:
        """Reject the candidate with all its readings, or remove what was accepted, and go on."""
        self._last = self.reject
        document = self._controller.document
        if document is None:
            return
        match self._controller.selected.thing:
            case Span() as span:
                self._decide(RemoveSpans((span.key,)))
            case Relation() as relation:
                self._decide(RemoveRelations((relation.key,)))
            case RelationToDecide() as found:
                self._decide(RejectRelation(document, found.candidate.what))
            case _ as thing:
                readings = self._controller.selected.readings
                if readings is not None:
                    what = tuple(each.what for each in readings.candidates)
                    self._decide(RejectSpan(document, what, also=withdrawn(self._controller, readings)))
                elif thing is not None:
                    self._refuse("This is rejected already. U makes it undecided again.")

    def reopen(self) -> None:
        """Take the decision on the selection back; it stays selected as a candidate."""
        controller = self._controller
        document, thing = controller.document, controller.selected.thing
        if document is None or thing is None:
            return
        match thing:
            case Span():
                command = Reopen(document=document, spans=(thing.key,))
            case Relation():
                command = Reopen(document=document, relations=(thing.key,))
            case _ if controller.selected.rejection is not None:
                command = Reopen(document=document, rejections=(controller.selected.rejection.key,))
            case _:
                self._refuse("This is undecided already.")
                return
        self._do_and_stay(command)

    # ------------------------------------------------------------------ labels

    def label_key(self, shortcut: str) -> None:
        """Give the label, or the relation type, that a digit stands for."""
        controller = self._controller
        is_relation = controller.selected.kind in {"relation", "relation_candidate"}
        types = controller.schema.relations if is_relation else controller.schema.entities
        found = next((each for each in types if each.shortcut == shortcut), None)
        if found is None:
            self._refuse(f"No {'relation type' if is_relation else 'label'} has the key {shortcut}.")
        else:
            self.label(found.name)

    def label(self, name: str) -> None:
        """Give a label to the words or the span, or a type to the relation; a candidate is accepted with it."""
        self._last = lambda: self.label(name)
        controller, selected = self._controller, self._controller.selected
        document = controller.document
        if document is None:
            return
        match selected.thing:
            case Span() as span:
                if span.label != name:
                    self._decide(RelabelSpans((span.key,), name))
                else:
                    self._stepping.step(forward=True)
            case Relation() as relation:
                self._retype(relation, name)
            case RelationToDecide() as found:
                turned = self._is_turned(found.head.label, found.child.label, name)
                command = AcceptRelation(
                    document=document,
                    candidate=found.candidate.what,
                    turned=turned,
                    label=None if name == found.candidate.label else name,
                )
                self._decide(command)
            case _ if selected.candidate is not None:
                what = selected.candidate.what
                also = elsewhere(controller, what.fragments, name)
                label = None if name == what.label else name
                self._decide(AcceptSpan(document=document, candidate=what, label=label, also=also))
            case _ if selected.grows:
                self._take_fragments_as(name)
            case _ if selected.kind == "text":
                also = elsewhere(controller, selected.fragments, name)
                self._do_and_stay(AddSpan(document, selected.fragments, name, also=also))
            case _:
                self._refuse("Select words or a span first.")

    def _do_and_stay(self, command: Command) -> None:
        """Carry out a command and select what it made or changed; of a relation and its ends, the relation."""
        controller = self._controller
        with controller.held_selection():
            changes = controller.do(command)
            if changes is None:
                return
            is_relation = isinstance(command, AcceptRelation | ChangeRelation | ReverseRelation)
            rows = [each.after for each in changes.changes if isinstance(each.after, Relation)]
            if is_relation and rows:
                controller.select(id_of(rows[0]))
            else:
                controller.select_changed(changes)

    def _take_fragments_as(self, name: str) -> None:
        """Let a span have the fragments chosen for it, and a label; of a candidate both are one step."""
        controller, selected = self._controller, self._controller.selected
        readings, document = controller.things.get(selected.grows), controller.document
        if isinstance(readings, Readings) and document is not None:
            reading = chosen_reading(readings, controller.readings_chosen)
            label = None if name == reading.label else name
            what, fragments = reading.what, selected.fragments
            self._do_and_stay(AcceptSpan(document=document, candidate=what, fragments=fragments, label=label))
            return
        self.take_fragments()
        span = controller.selected.span
        if span is not None and span.label != name and span.fragments == selected.fragments:
            self._do_and_stay(RelabelSpans((span.key,), name))

    def _retype(self, relation: Relation, name: str) -> None:
        head, child = (self._controller.annotations.span(key) for key in (relation.head, relation.child))
        if head is None or child is None or relation.label == name:
            self._stepping.step(forward=True)
        elif self._is_turned(head.label, child.label, name):
            self._decide(
                ChangeRelation(relation=relation.key, label=name, head=relation.child, child=relation.head)
            )
        else:
            self._decide(ChangeRelation(relation=relation.key, label=name))

    def _is_turned(self, head: str, child: str, name: str) -> bool:
        """Tell whether a type joins the ends only the other way round."""
        found: RelationType | None = self._controller.schema.relation(name)
        return (
            found is not None
            and not found.allows(head=head, child=child)
            and found.allows(head=child, child=head)
        )

    # ------------------------------------------------------------------ edges

    def move_edge(self, edge: Edge, *, by: int, characters: bool = False) -> None:
        """Move an edge by words (or characters); a candidate is accepted with it and stays selected."""
        self._last = lambda: self.move_edge(edge, by=by, characters=characters)
        controller, selected = self._controller, self._controller.selected
        if selected.kind == "text":
            fragments = self._moved(selected.fragments, edge, by=by, characters=characters)
            if fragments is not None:
                controller.select_text(fragments)
            return
        if selected.span is None and selected.candidate is None:
            self._refuse("Only a span has edges. Select one first.")
            return
        fragments = self._moved(selected.fragments, edge, by=by, characters=characters)
        if fragments is not None:
            self.set_extent(fragments)

    def set_extent(self, fragments: Fragments) -> None:
        """Give the selected span or candidate other fragments; it stays selected."""
        controller, selected = self._controller, self._controller.selected
        document = controller.document
        if document is None:
            return
        if selected.span is not None:
            command: Command = MoveSpan(selected.span.key, fragments)
        elif selected.candidate is not None:
            command = AcceptSpan(document=document, candidate=selected.candidate.what, fragments=fragments)
        else:
            return
        self._do_and_stay(command)

    def take_fragments(self) -> None:
        """Give the span that fragments were chosen for these fragments; it is selected again."""
        controller, selected = self._controller, self._controller.selected
        with controller.held_selection():
            controller.select(selected.grows, reveal=False)
            self.set_extent(selected.fragments)

    def drop_fragment(self) -> None:
        """Take the last fragment from the selected span."""
        selected = self._controller.selected
        if len(selected.fragments) < 2:
            self._refuse("There is only one fragment. X removes the span.")
        elif selected.span is not None or selected.candidate is not None:
            self.set_extent(selected.fragments[:-1])

    def _moved(self, fragments: Fragments, edge: Edge, *, by: int, characters: bool) -> Fragments | None:
        controller = self._controller
        moved = moved_edge(
            controller.text, controller.tokens, fragments, edge=edge, by=by, characters=characters
        )
        if moved is None:
            self._refuse("The edge cannot go further.")
        return moved

    # ------------------------------------------------------------------ many at once

    def accept_alike(self) -> None:
        """Accept all candidates of this document with the same words and label; says how many."""
        self._last = self.accept_alike
        alike, document = self._alike(), self._controller.document
        if alike is not None and document is not None:
            label, words = alike
            self._decide(AcceptMany(documents=(document,), label=label, words=words, kinds=(Kind.SPAN,)))

    def reject_alike(self) -> None:
        """Reject all candidates of this document with the same words and label; says how many."""
        self._last = self.reject_alike
        alike, document = self._alike(), self._controller.document
        if alike is not None and document is not None:
            label, words = alike
            self._decide(RejectMany(document=document, label=label, words=words))

    def alike_count(self) -> tuple[str, str, int]:
        """Give label and words of the selected span, and how many undecided spans are alike."""
        controller, selected = self._controller, self._controller.selected
        found: Span | Candidate | None = selected.span or selected.candidate
        if found is None:
            return "", "", 0
        words = controller.words(found.fragments)
        count = sum(
            each.best.label == found.label and controller.words(each.best.fragments) == words
            for each in controller.annotations.undecided
        )
        return found.label, words, count

    def _alike(self) -> tuple[str, str] | None:
        selected = self._controller.selected
        found: Span | Candidate | None = selected.span or selected.candidate
        if found is None:
            self._refuse("Select a span first: alike means the same words and label.")
            return None
        return found.label, self._controller.words(found.fragments)

    # ------------------------------------------------------------------ relations

    def reverse(self) -> None:
        """Let the selected relation run the other way; a candidate is accepted so and stays selected."""
        self._last = self.reverse
        controller, selected = self._controller, self._controller.selected
        document = controller.document
        if document is None:
            return
        if selected.relation is not None:
            command: Command = ReverseRelation(selected.relation.key)
        elif selected.to_decide is not None:
            command = AcceptRelation(
                document=document, candidate=selected.to_decide.candidate.what, turned=True
            )
        else:
            self._refuse("Only a relation has a direction. Select one first.")
            return
        self._do_and_stay(command)

    def drag_end(self, relation: str, *, is_head: bool, span: str) -> None:
        """Let a relation end in another span, as the mouse dragged it there; a candidate is accepted so."""
        controller = self._controller
        thing, end = controller.things.get(relation), end_of_item(controller, span)
        document = controller.document
        if document is None or end is None or not controller.writable:
            return
        head, child = (end, None) if is_head else (None, end)
        if isinstance(thing, Relation):
            command: Command = ChangeRelation(relation=thing.key, head=head, child=child)
        elif isinstance(thing, RelationToDecide):
            what = thing.candidate.what
            command = AcceptRelation(document=document, candidate=what, head=head, child=child)
        else:
            return
        self._do_and_stay(command)

    # ------------------------------------------------------------------ repeating, going on

    @property
    def can_repeat(self) -> bool:
        """Tell whether there was an act to repeat."""
        return self._last is not None

    def remember(self, act: Callable[[], None]) -> None:
        """Let an act done elsewhere be the one that `repeat` does again."""
        self._last = act

    def repeat(self) -> None:
        """Do the last act again on what is selected now."""
        if self._last is not None:
            self._last()

    def _decide(self, command: Command) -> None:
        controller = self._controller
        order, here, place = controller.things.undecided, controller.selected.id, controller.place
        with controller.held_selection():
            changes = controller.do(command, again=lambda: self._decide(command))
            if changes is None:
                return
            if self._settings.stays_after_decision:
                controller.select_changed(changes)
            else:
                controller.select(self._next_of(order, here) or controller.things.after(place))

    def _next_of(self, order: tuple[str, ...], here: str) -> str:
        """Give what came behind the thing decided and is still left."""
        if here not in order:
            return ""
        left = self._controller.things.by_id
        return next((item for item in order[order.index(here) + 1 :] if item in left), "")

    def _refuse(self, words: str) -> None:
        self._controller.message.emit(words, "note", False)


def end_of_item(controller: Controller, item: str) -> int | SpanKey | None:
    """Give a span, or a candidate span as it is shown, as commands take an end of a relation."""
    thing = controller.things.get(item)
    if isinstance(thing, Span):
        return thing.key
    if isinstance(thing, Readings):
        return chosen_reading(thing, controller.readings_chosen).what
    return None
