"""Going from one thing to the next in the open document; nothing is decided here."""

from __future__ import annotations

from annotator.model.annotation import Fragment, Relation, Span
from annotator.model.article import RelationToDecide
from annotator.model.candidate import Candidate
from annotator.ui.controller import Controller
from annotator.ui.models.article_items import id_of, relation_ends, relations_at
from annotator.ui.selection import Thing


class Stepping:
    """Moves the selection."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self._went_to: tuple[int | None, str] = None, ""
        self._along = ""

    def step(self, *, forward: bool) -> None:
        """Go to the next or previous undecided thing, leaving this one open."""
        controller = self._controller
        item = controller.things.after(controller.place, forward=forward)
        if item:
            controller.select(item)
        else:
            self._tell_nothing_left()

    def step_any(self, *, forward: bool) -> None:
        """Go to the next or previous span or relation, decided or not."""
        controller = self._controller
        item = controller.things.beside(controller.selected.id, controller.place, forward=forward)
        if item:
            controller.select(item)
        else:
            self._tell(f"No span or relation {'after' if forward else 'before'} this one.")

    def other_end(self, *, seen: tuple[int, int]) -> bool:
        """Go along the selected relation to its other end; from a span, along the relation one came by.

        A relation stands at its later end, so the other one is the earlier, unless only that is on screen:
        `seen` gives the code points that are. Tells whether it went anywhere.
        """
        controller = self._controller
        item, thing = controller.selected.id, controller.selected.thing
        if isinstance(thing, Relation | RelationToDecide):
            self._along, target = item, self._far_end(thing, seen)
        else:
            relations = {id_of(each): each for each in relations_at(controller.annotations, item)}
            if not relations:
                self._tell("Select a relation first, or a span that has one.")
                return False
            if self._along not in relations:
                self._along = min(relations, key=lambda name: controller.things.place(name) or ())
            ends = relation_ends(controller.annotations, relations[self._along])
            target = ends[1] if ends[0] == item else ends[0]
            thing = relations[self._along]
        controller.spots.visit(target)
        label = thing.label if isinstance(thing, Relation) else thing.candidate.label
        self._tell(f"The other end of {label}. T goes back along it.")
        return True

    def _far_end(self, relation: Relation | RelationToDecide, seen: tuple[int, int]) -> str:
        things = self._controller.things
        ends = relation_ends(self._controller.annotations, relation)
        starts = {
            end: things.fragments(thing)[0].start for end in ends if (thing := things.get(end)) is not None
        }
        first, last = sorted(starts, key=starts.__getitem__)
        only_first = seen[0] <= starts[first] < seen[1] <= starts[last]
        return last if only_first else first

    def least_sure(self) -> None:
        """Go to the undecided thing with the lowest score; pressed again at once, to the next lowest."""
        controller = self._controller
        order = sorted(controller.things.undecided, key=self._score)
        if not order:
            self._tell_nothing_left()
            return
        here = controller.document, controller.selected.id
        goes_on = here == self._went_to and here[1] in order
        at = (order.index(here[1]) + 1) % len(order) if goes_on else 0
        item = order[at]
        self._went_to = controller.document, item
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

    def sentence(self) -> None:
        """Select the sentence around what is selected; again, the next one as well."""
        controller = self._controller
        fragments, tokens = controller.selected.fragments, controller.tokens
        if not fragments:
            return
        first, last = tokens.covering(fragments[0].start, fragments[-1].end)
        if last <= first:
            return
        begin, end = tokens.sentence_of(first)[0], tokens.sentence_of(last - 1)[1]
        is_whole = controller.selected.kind == "text" and (begin, end) == (first, last)
        if is_whole and end < len(tokens):
            end = tokens.sentence_of(end)[1]
        controller.select_text((Fragment(tokens.starts[begin], tokens.ends[end - 1]),))

    def _tell_nothing_left(self) -> None:
        things = self._controller.things
        if things.hidden_left:
            self._tell(
                f"Nothing left to decide here but {things.hidden_left:,} of hidden labels. Esc shows all."
            )
        else:
            self._tell("Nothing left to decide here.")

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
