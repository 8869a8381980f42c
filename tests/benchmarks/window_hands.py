"""Hands on the keyboard of the real window: nothing but key presses, and what is to be seen through its models."""

from __future__ import annotations

from annotator.model.annotation import Relation, RelationKey, Span, SpanKey
from annotator.model.article import Readings, RelationToDecide
from annotator.ui.window import MainWindow
from tests.benchmarks.annotator import Sight, Step, What, what_of
from tests.benchmarks.needs import key_of
from tests.benchmarks.strokes import Choice, Partner, Stroke, Word, key
from tests.ui.driving import Person

PAGES = 60
"""Pages that are turned for a word before it counts as out of reach."""


TWINS = 4
"""Presses of the same key that are tried where things stand at one place."""


class OutOfReachError(Exception):
    """The keys did not do what they are for: says which, and where."""


class WindowHands:
    """Works on the document that is open in a window; `pressed` counts every key."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._person = Person(window)
        self.pressed = 0

    def sight(self) -> Sight:
        """Give what is to be seen now."""
        controller = self._window.controller
        # Of a relation the word cursor does not know where it stands.
        is_relation = controller.selected.kind in {"relation", "relation_candidate"}
        return Sight(
            text=controller.text,
            tokens=controller.tokens,
            schema=controller.schema,
            annotations=controller.annotations,
            item=self._item(),
            fragments=() if is_relation else controller.selected.fragments,
        )

    def do(self, step: Step) -> None:
        """Press the keys of a step.

        Raises:
            OutOfReachError: they lead elsewhere.
        """
        for stroke in step.arrival:
            self._press(stroke)
        wanted: What | None = step.start
        if step.need.proposed is not None:
            wanted = what_of(step.need.proposed)
        # Of several at one place the next one may be meant.
        for _ in range(TWINS if step.arrival and wanted is not None else 0):
            if self._item() != wanted:
                self._press(step.arrival[-1])
        if wanted is not None and self._item() != wanted:
            raise OutOfReachError(
                f"{step.arrival} leads to {self._item()}, not to {wanted}; {self._person.said}"
            )
        for stroke in step.strokes:
            self._press(stroke)

    def _item(self) -> What | None:
        """Name what is selected."""
        controller = self._window.controller
        match controller.selected.thing:
            case Span() as span:
                return span.identity
            case Readings() as readings:
                return readings.best.what
            case RelationToDecide() as found:
                return key_of(found)
            case Relation() as relation:
                ends = [controller.annotations.span(end) for end in (relation.head, relation.child)]
                head, child = (end.identity for end in ends if end is not None)
                return RelationKey(head, child, relation.label)
        return None

    def _press(self, stroke: Stroke) -> None:
        match stroke:
            case Word():
                self._type_over(stroke)
            case Partner():
                self._type_partner(stroke.span)
            case Choice():
                for each in stroke.strokes if self._window.relation.target is not None else ():
                    self._one(each)
            case _:
                self._one(stroke)

    def _one(self, stroke: str) -> None:
        self.pressed += 1
        if self._window.label_finder.isVisible() and len(stroke) == 1:
            self._person.type(stroke)
        else:
            self._person.press(stroke)

    def _type_over(self, word: Word) -> None:
        """Type the letters that stand over a word, turning pages until it is on screen."""
        window, place = self._window, (word.fragment.start, word.fragment.end)
        for _ in range(PAGES):
            if place in window.jump.hints:
                break
            first = window.centre.view.visible_range()[0]
            self._one(key("jump_next" if word.fragment.start >= first else "jump_previous"))
        if place not in window.jump.hints:
            raise OutOfReachError(f"no letters stand over {place}; {self._person.said}")
        for letter in window.jump.hints[place]:
            self._one(letter)

    def _type_partner(self, span: SpanKey) -> None:
        """Type the letters on a partner, turning pages until it is on screen."""
        window = self._window
        things = window.controller.things
        item = things.of_key(span)
        for _ in range(PAGES):
            if window.relation.hints.get(item):
                break
            first = window.centre.on_screen()[0]
            ahead = span.fragments[0].start >= first
            self._one(key("partners_next" if ahead else "partners_previous"))
        letters = window.relation.hints.get(item, "")
        if not letters:
            raise OutOfReachError(f"no letters stand on {span}; {self._person.said}")
        for letter in letters:
            self._one(letter)
