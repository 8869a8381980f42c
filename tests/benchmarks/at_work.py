"""Hands that work on an open project by the commands of editing, as the window would after the same keys."""

from __future__ import annotations

from annotator.editing.commands import (
    AcceptMany,
    AcceptRelation,
    AcceptSpan,
    AddRelation,
    AddSpan,
    ChangeRelation,
    Command,
    FinishDocument,
    MoveSpan,
    RejectMany,
    RejectRelation,
    RejectSpan,
    RelabelSpans,
)
from annotator.model.annotation import Fragments, Kind, RelationKey, SpanKey, surface
from annotator.model.article import Readings, RelationToDecide
from annotator.workflows.same_words import alike_in
from annotator.workflows.session import Session
from annotator.workflows.showing import least_shown
from annotator.workflows.withdrawing import withdrawn_with
from tests.benchmarks.annotator import Sight, Step, What, place_of, undecided, what_of
from tests.benchmarks.needs import Act, key_of
from tests.benchmarks.strokes import moves


class SessionHands:
    """Works on a document of a session; what is selected after each act is what the window would have selected."""

    def __init__(self, session: Session, document: int) -> None:
        self._session = session
        self._document = document
        self._text, self._tokens = session.text(document), session.tokens(document)
        self._schema = session.schema
        self._learns = session.suggest_settings().learns
        self._least = least_shown(session)
        self._annotations = session.annotations(document)
        order = undecided(self._annotations)
        self._item: What | None = order[0][1] if order else None
        self._fragments: Fragments = ()

    def sight(self) -> Sight:
        """Give what is to be seen now."""
        fragments = self._item.fragments if isinstance(self._item, SpanKey) else self._fragments
        return Sight(
            text=self._text,
            tokens=self._tokens,
            schema=self._schema,
            annotations=self._annotations,
            item=self._item,
            fragments=fragments,
        )

    def do(self, step: Step) -> None:
        """Carry out a step, and select what is selected then."""
        proposed = step.need.proposed
        order = [what for _, what in undecided(self._annotations)]
        here = what_of(proposed) if proposed is not None else None
        match step.act:
            case Act.FINISH:
                self._do(FinishDocument(document=self._document, accept_rest=self._annotations.left > 0))
            case Act.ADD:
                self._add(step)
            case Act.RESHAPE if isinstance(proposed, Readings):
                self._reshape(proposed, step)
                if step.need.gold is not None and step.need.gold.label != proposed.best.label:
                    self._go_on(order, here)
            case Act.TURN | Act.RELABEL if isinstance(proposed, RelationToDecide):
                self._change_relation(proposed, step)
                if step.act is Act.RELABEL:
                    self._go_on(order, here)
            case _:
                self._do(self._decision(step))
                self._go_on(order, here)

    def _do(self, command: Command) -> None:
        self._session.do(command)
        self._annotations = self._session.annotations(self._document)

    def _go_on(self, order: list[What], here: What | None) -> None:
        """Select what came behind the thing decided and is left, else what is behind it, going round."""
        assert here is not None
        now = undecided(self._annotations)
        left = {what for _, what in now}
        following = next((each for each in order[order.index(here) + 1 :] if each in left), None)
        if following is None and now:
            behind = (what for place, what in now if place > place_of(here))
            following = next(behind, now[0][1])
        self._item, self._fragments = following, ()

    # ------------------------------------------------------------------ spans

    def _decision(self, step: Step) -> Command:
        proposed, document = step.need.proposed, self._document
        if isinstance(proposed, RelationToDecide):
            joined = proposed.candidate.what
            if step.act is Act.ACCEPT:
                return AcceptRelation(document=document, candidate=joined)
            return RejectRelation(document, joined)
        assert isinstance(proposed, Readings)
        best, words = proposed.best.what, surface(self._text, proposed.best.fragments)
        match step.act:
            case Act.ACCEPT_ALIKE:
                return AcceptMany(documents=(document,), label=best.label, words=words, kinds=(Kind.SPAN,))
            case Act.REJECT_ALIKE:
                return RejectMany(document=document, label=best.label, words=words)
            case Act.REJECT:
                return self._rejection(proposed)
        gold, reading = step.need.gold, step.need.reading
        assert isinstance(gold, SpanKey)
        takes_best = step.act is Act.RELABEL and step.need.act is Act.READ_OTHERWISE
        what = proposed.candidates[0 if takes_best else reading].what
        also = self._elsewhere(gold.fragments, gold.label)
        label = None if gold.label == what.label else gold.label
        return AcceptSpan(document=document, candidate=what, label=label, also=also)

    def _rejection(self, proposed: Readings) -> Command:
        gone: tuple[SpanKey, ...] = ()
        if self._learns:
            gone = withdrawn_with(
                self._annotations, self._text, rejected=proposed.candidates, least=self._least
            )
        return RejectSpan(self._document, tuple(each.what for each in proposed.candidates), also=gone)

    def _reshape(self, proposed: Readings, step: Step) -> None:
        """Move the edges word by word, as the keys do: the first press accepts."""
        gold, what = step.need.gold, proposed.best.what
        assert isinstance(gold, SpanKey)
        path = [each.after for each in moves(self._text, self._tokens, what.fragments, gold.fragments)]
        self._do(AcceptSpan(document=self._document, candidate=what, fragments=path[0]))
        here = self._span(SpanKey(path[0], what.label))
        for fragments in path[1:]:
            self._do(MoveSpan(here, fragments))
        self._item = SpanKey(gold.fragments, what.label)
        if gold.label != what.label:
            self._do(RelabelSpans((here,), gold.label))

    def _span(self, what: SpanKey) -> int:
        found = self._annotations.accepted(what)
        assert found is not None, "it was accepted"
        return found.key

    def _end(self, what: SpanKey) -> int | SpanKey:
        """Give an end as commands take it: an accepted span, or a candidate, which is accepted with the relation."""
        found = self._annotations.accepted(what)
        return what if found is None else found.key

    def _elsewhere(self, fragments: Fragments, label: str) -> tuple[Fragments, ...]:
        if not self._learns:
            return ()
        return alike_in(self._annotations, self._text, self._tokens, fragments=fragments, label=label)

    def _add(self, step: Step) -> None:
        gold = step.need.gold
        if isinstance(gold, RelationKey):
            head, child = (self._end(each) for each in (gold.head, gold.child))
            self._do(AddRelation(document=self._document, head=head, child=child, label=gold.label))
        elif gold is not None:
            also = self._elsewhere(gold.fragments, gold.label)
            self._do(AddSpan(self._document, gold.fragments, gold.label, also=also))
        self._item, self._fragments = gold, ()

    # ------------------------------------------------------------------ relations

    def _change_relation(self, proposed: RelationToDecide, step: Step) -> None:
        gold, before = step.need.gold, key_of(proposed)
        assert isinstance(gold, RelationKey)
        kind = self._schema.relation(gold.label)
        assert kind is not None
        turned = (before.head, before.child) != (gold.head, gold.child) and not kind.symmetric
        label = None if gold.label == before.label else gold.label
        fits = kind.allows(head=before.head.label, child=before.child.label)
        if turned and fits and label is not None:  # V turns and accepts it, then the digit
            self._do(AcceptRelation(document=self._document, candidate=proposed.candidate.what, turned=True))
            made = self._annotations.relations[-1].key
            self._do(ChangeRelation(relation=made, label=label))
        else:
            command = AcceptRelation(
                document=self._document, candidate=proposed.candidate.what, turned=turned, label=label
            )
            self._do(command)
        self._item = gold
