"""A simulated annotator: looks at an open document, decides what to do next, and knows which keys do it.

The annotator knows the gold and the keys, reads from the beginning to the end, and goes round once more for what was
proposed behind: a right candidate is accepted on the way to the next thing, alike ones by one press, and when all that
is left is right the document is finished with it. It neither writes nor presses: who does is `Hands`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from annotator.model.annotation import Fragments, RelationKey, SpanKey, surface
from annotator.model.article import Annotations, Readings, RelationToDecide
from annotator.model.document import Tokens
from annotator.model.schema import Schema
from tests.benchmarks.needs import (
    Act,
    Gold,
    Need,
    Place,
    key_of,
    needs_of,
    place_of_relation,
    place_of_span,
)
from tests.benchmarks.strokes import (
    Strokes,
    key,
    label_strokes,
    moves,
    presses,
    to_partner,
    to_type,
    to_words,
)

What = SpanKey | RelationKey
BEFORE_ALL: Place = (-1, 0, 0, "")
MOST = 20_000
"""Steps in one document after which something does not end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is to be seen of an open document.

    Args:
        text, tokens, schema, annotations: of the document. item: what is selected, None where words or nothing are.
        fragments: the words that are selected, of an item or without one.
    """

    text: str
    tokens: Tokens
    schema: Schema
    annotations: Annotations
    item: What | None = None
    fragments: Fragments = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is done next: the need, how it is done, and the keys for it, those that lead there first."""

    need: Need
    act: Act
    arrival: Strokes = ()
    strokes: Strokes = ()
    start: SpanKey | None = None

    @property
    def presses(self) -> int:
        """Count its keys."""
        return presses(self.arrival) + presses(self.strokes)


class Hands(Protocol):
    """What works on the document that is open: by commands, or by keys in a window."""

    def sight(self) -> Sight:
        """Give what is to be seen now."""

    def do(self, step: Step) -> None:
        """Carry out a step."""


class Annotator:
    """Works through one document."""

    def __init__(self, gold: Gold) -> None:
        self._gold = gold
        self._done_to = BEFORE_ALL

    def work(self, hands: Hands) -> list[Step]:
        """Do all there is to do, finishing included; give the steps.

        Raises:
            AssertionError: it does not end.
        """
        done: list[Step] = []
        while not done or done[-1].act is not Act.FINISH:
            assert len(done) < MOST, "the document is never done"
            step = self.next(hands.sight())
            hands.do(step)
            self._done_to = step.need.place
            done.append(step)
        return done

    def next(self, sight: Sight) -> Step:
        """Decide what to do next."""
        needs = needs_of(sight.annotations, self._gold, sight.schema)
        if len(needs) != 1 and all(each.act is Act.ACCEPT for each in needs):
            strokes = (key("finish"),) * (2 if needs else 1)
            return Step(need=Need(act=Act.FINISH, place=self._done_to), act=Act.FINISH, strokes=strokes)
        there = {span.identity for span in sight.annotations.spans}
        ready = [each for each in needs if _is_ready(each, there)]
        need = next((each for each in ready if each.place > self._done_to), ready[0])
        if need.proposed is None:
            return _added(need, sight)
        if isinstance(need.proposed, RelationToDecide):
            step = _of_relation(need, sight)
        else:
            step = _related_at_once(need, needs, sight) or _of_span(need, needs, sight)
        return replace(step, arrival=_arrival(what_of(need.proposed), sight))


def _is_ready(need: Need, there: set[SpanKey]) -> bool:
    """Tell whether both ends of a missing relation are there."""
    if need.proposed is not None or not isinstance(need.gold, RelationKey):
        return True
    return need.gold.head in there and need.gold.child in there


def what_of(proposed: Readings | RelationToDecide) -> What:
    """Name what is proposed: the best reading of a span, or what a relation would join."""
    return proposed.best.what if isinstance(proposed, Readings) else key_of(proposed)


def undecided(annotations: Annotations) -> list[tuple[Place, What]]:
    """List what is undecided in the order in which it is gone through."""
    spans = [(place_of_span(each.best.what), each.best.what) for each in annotations.undecided]
    relations = [(place_of_relation(key_of(each)), key_of(each)) for each in annotations.undecided_relations]
    return sorted((*spans, *relations), key=lambda each: each[0])


def place_of(what: What) -> Place:
    """Give the place of something in reading order."""
    return place_of_span(what) if isinstance(what, SpanKey) else place_of_relation(what)


def _arrival(what: What, sight: Sight) -> Strokes:
    """Give the keys that lead to something undecided: forwards or backwards, whichever is shorter."""
    if sight.item == what:
        return ()
    order = undecided(sight.annotations)
    here = (
        place_of(sight.item)
        if sight.item
        else (sight.fragments[0].start, -1, 0, "")
        if sight.fragments
        else None
    )
    there = next(number for number, each in enumerate(order) if each[1] == what)
    if here is None:
        first, last = 0, len(order) - 1
    else:
        first = next((number for number, each in enumerate(order) if each[0] > here), 0)
        last = next(
            (number for number in reversed(range(len(order))) if order[number][0] < here), len(order) - 1
        )
    forward, backward = (there - first) % len(order) + 1, (last - there) % len(order) + 1
    return (key("next"),) * forward if forward <= backward else (key("previous"),) * backward


# --------------------------------------------------------------------------- spans


def _of_span(need: Need, needs: Sequence[Need], sight: Sight) -> Step:
    group = need.proposed
    assert isinstance(group, Readings)
    shown = (key("reading"),) * need.reading
    if 2 * need.reading > len(group.candidates):
        shown = (key("reading_back"),) * (len(group.candidates) - need.reading)
    gold = need.gold
    if need.act in {Act.ACCEPT, Act.REJECT}:
        is_alike = _all_alike(need, needs, sight)
        accepts = need.act is Act.ACCEPT
        if is_alike:
            act = Act.ACCEPT_ALIKE if accepts else Act.REJECT_ALIKE
            return Step(need=need, act=act, strokes=(key("accept_alike" if accepts else "reject_alike"),))
        return Step(need=need, act=need.act, strokes=(key("accept" if accepts else "reject"),))
    assert isinstance(gold, SpanKey)
    label = label_strokes(gold.label, sight.schema.entities)
    if need.act is Act.READ_OTHERWISE:
        best = group.best.what
        by_label = label if gold.fragments == best.fragments else None
        strokes = (*shown, key("accept"))
        if by_label is not None and presses(by_label) < presses(strokes):
            return Step(need=need, act=Act.RELABEL, strokes=by_label)
        return Step(need=need, act=need.act, strokes=strokes)
    if need.act is Act.RELABEL:
        return Step(need=need, act=need.act, strokes=(*shown, *label))
    return _reshaped(need, group, gold, label, sight)


def _reshaped(need: Need, group: Readings, gold: SpanKey, label: Strokes, sight: Sight) -> Step:
    """Move the edges; or reject it and add the span, where that takes fewer keys."""
    what = group.best.what
    rejected = Step(need=need, act=Act.REJECT, strokes=(key("reject"),))
    try:
        steps = moves(sight.text, sight.tokens, what.fragments, gold.fragments)
    except ValueError:
        return rejected
    strokes = (*(key(each.action) for each in steps), *(label if gold.label != what.label else ()))
    words = to_words(sight.text, sight.tokens, what.fragments, gold.fragments)
    if presses(strokes) > 1 + presses(words) + presses(label):
        return rejected
    return Step(need=need, act=Act.RESHAPE, strokes=strokes)


def _all_alike(need: Need, needs: Sequence[Need], sight: Sight) -> bool:
    """Tell whether there are others with these words and this label, and all of them are to be treated alike."""

    def alike(group: Readings) -> tuple[str, str]:
        return group.best.label, surface(sight.text, group.best.fragments)

    group = need.proposed
    assert isinstance(group, Readings)
    there = [
        (each, other)
        for each in needs
        if isinstance(other := each.proposed, Readings) and alike(other) == alike(group)
    ]
    is_whole = all(len(other.candidates) == 1 for _, other in there) or need.act is Act.ACCEPT
    return len(there) > 1 and is_whole and all(each.act is need.act for each, _ in there)


def _related_at_once(need: Need, needs: Sequence[Need], sight: Sight) -> Step | None:
    """Begin a missing relation at a right candidate, which is accepted with it, where the other end is there before."""
    what = need.gold
    if need.act is not Act.ACCEPT or not isinstance(what, SpanKey):
        return None
    there = {span.identity for span in sight.annotations.spans}
    for each in needs:
        gold = each.gold
        if each.act is not Act.ADD or not isinstance(gold, RelationKey) or what not in gold[:2]:
            continue
        other = gold.child if gold.head == what else gold.head
        if other in there and place_of_span(other) < need.place and what in _starts(gold, sight.schema):
            return Step(need=each, act=Act.ADD, strokes=_relation_strokes(gold, what, sight), start=what)
    return None


def _relation_strokes(gold: RelationKey, start: SpanKey, sight: Sight) -> Strokes:
    other = gold.child if start == gold.head else gold.head
    spans = [span.identity for span in sight.annotations.spans]
    spans += [each.best.what for each in sight.annotations.undecided]
    partner = to_partner(start, other, spans, sight.schema)
    return key("relation"), partner, to_type(gold, start, sight.schema)


def _added(need: Need, sight: Sight) -> Step:
    if isinstance(need.gold, SpanKey):
        words = to_words(sight.text, sight.tokens, sight.fragments, need.gold.fragments)
        label = label_strokes(need.gold.label, sight.schema.entities)
        return Step(need=need, act=Act.ADD, strokes=(*words, *label))
    gold = need.gold
    assert gold is not None
    start, arrival = min(
        ((end, _to_span(end, sight)) for end in _starts(gold, sight.schema)),
        key=lambda each: presses(each[1]),
    )
    strokes = _relation_strokes(gold, start, sight)
    return Step(need=need, act=Act.ADD, arrival=arrival, strokes=strokes, start=start)


# --------------------------------------------------------------------------- relations


def _of_relation(need: Need, sight: Sight) -> Step:
    found, gold = need.proposed, need.gold
    assert isinstance(found, RelationToDecide)
    if need.act is Act.ACCEPT:
        return Step(need=need, act=need.act, strokes=(key("accept"),))
    if not isinstance(gold, RelationKey):
        return Step(need=need, act=Act.REJECT, strokes=(key("reject"),))
    before = key_of(found)
    label = label_strokes(gold.label, sight.schema.relations)
    if need.act is Act.TURN:
        return Step(need=need, act=need.act, strokes=(key("reverse"),))
    kind = sight.schema.relation(gold.label)
    assert kind is not None
    turns = (before.head, before.child) != (gold.head, gold.child) and not kind.symmetric
    fits = kind.allows(head=before.head.label, child=before.child.label)
    # A type that joins the ends only the other way round is turned by the program.
    strokes = (key("reverse"), *label) if turns and fits else label
    return Step(need=need, act=Act.RELABEL, strokes=strokes)


def _starts(gold: RelationKey, schema: Schema) -> tuple[SpanKey, ...]:
    """Give the ends that a relation may begin at without being turned: the head, or either where one way is legal."""
    kind = schema.relation(gold.label)
    assert kind is not None
    both = kind.allows(head=gold.child.label, child=gold.head.label) and not kind.symmetric
    return (gold.head,) if both else (gold.head, gold.child)


def _to_span(end: SpanKey, sight: Sight) -> Strokes:
    """Give the keys that select an accepted span: step by step, or letters over a word in it and the span there."""
    if sight.item == end:
        return ()
    order = sorted(_standing(sight.annotations))
    ways: list[Strokes] = []
    there = next(number for number, each in enumerate(order) if each[1] == end)
    if sight.item is not None or sight.fragments:
        here = place_of(sight.item) if sight.item else (sight.fragments[0].start, -1, 0, "")
        behind = [number for number, each in enumerate(order) if each[0] > here]
        before = [number for number, each in enumerate(order) if each[0] < here]
        if behind and there >= behind[0]:
            ways.append((key("next_span"),) * (there - behind[0] + 1))
        if before and there <= before[-1]:
            ways.append((key("previous_span"),) * (before[-1] - there + 1))
    try:
        words = to_words(sight.text, sight.tokens, sight.fragments, end.fragments)
        ways.append((*words[: 2 if words[0] == key("jump") else None], key("outer")))
    except ValueError:
        assert ways, f"no keys select {end}"
    return min(ways, key=presses)


def _standing(annotations: Annotations) -> list[tuple[Place, What]]:
    spans = {span.key: span.identity for span in annotations.spans}
    found: list[tuple[Place, What]] = [(place_of_span(each), each) for each in spans.values()]
    for each in annotations.relations:
        joined = RelationKey(spans[each.head], spans[each.child], each.label)
        found.append((place_of_relation(joined), joined))
    return found + undecided(annotations)
