"""Going from one thing to the next in the open document; nothing is decided here."""

from __future__ import annotations

from annotator.model.annotation import Relation, Span
from annotator.model.article import RelationToDecide
from annotator.model.candidate import Candidate
from annotator.ui.controller import Controller
from annotator.ui.selection import Thing


class Stepping:
    """Moves the selection."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self._rounds: tuple[str, ...] = ()

    def step(self, *, forward: bool) -> None:
        """Go to the next or previous undecided thing, leaving this one open."""
        controller = self._controller
        item = controller.things.after(controller.place, forward=forward)
        if item:
            controller.select(item)
        else:
            self._tell("Nothing left to decide here.")

    def step_span(self, *, forward: bool) -> None:
        """Go to the next or previous span, decided or not."""
        controller = self._controller
        item = controller.things.span_beside(controller.place, forward=forward)
        if item:
            controller.select(item)
        else:
            self._tell(f"No span {'after' if forward else 'before'} this one.")

    def least_sure(self) -> None:
        """Go to the undecided thing with the lowest score; pressed again, to the next lowest."""
        controller = self._controller
        order = sorted(controller.things.undecided, key=self._score)
        if not order:
            self._tell("Nothing left to decide here.")
            return
        here = controller.selected.id
        at = order.index(here) + 1 if here in self._rounds and here in order else 0
        item = order[at % len(order)]
        self._rounds = tuple(order)
        controller.select(item, third=True)
        self._tell(f"Score {self._score(item)[0]:.2f}, {at + 1} of {len(order)}.")

    def _score(self, item: str) -> tuple[float, str]:
        thing = self._controller.things.get(item)
        return (score_of(thing), item) if thing is not None else (1.0, item)

    def next_reading(self, *, forward: bool) -> None:
        """Show another reading of the candidate."""
        selected = self._controller.selected
        if selected.readings is None or len(selected.readings.candidates) < 2:
            self._tell("There is only one reading here.")
        else:
            self._controller.choose_reading(selected.reading + (1 if forward else -1))

    def outer(self) -> None:
        """Select the span around this one; from the outermost back to the innermost."""
        controller = self._controller
        fragments = controller.selected.fragments
        if not fragments:
            return
        start, end = fragments[0].start, fragments[-1].end
        around = []
        for item in controller.things.spans:
            thing = controller.things.get(item)
            here = controller.things.fragments(thing) if thing is not None else ()
            if here and here[0].start < end and start < here[-1].end:
                around.append((here[-1].end - here[0].start, here[0].start, item))
        around.sort()
        names = [item for _, _, item in around]
        if not names or names == [controller.selected.id]:
            self._tell("No other span lies here.")
            return
        at = names.index(controller.selected.id) + 1 if controller.selected.id in names else 0
        controller.select(names[at % len(names)])

    def _tell(self, words: str) -> None:
        self._controller.message.emit(words, "note", False)


def score_of(thing: Thing) -> float:
    """Give how sure the suggesters are of something undecided, 0 to 1; 1 of what is decided."""
    if isinstance(thing, RelationToDecide):
        return thing.candidate.score
    if isinstance(thing, Span | Relation):
        return 1.0
    best: Candidate | None = getattr(thing, "best", None)
    return best.score if best is not None else 1.0
