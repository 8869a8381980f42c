"""The plan that mends many spans at once: other fragments, and doubles that go."""

from __future__ import annotations

from dataclasses import replace

from annotator.editing.commands import MendSpans
from annotator.editing.planning import Plan, Planner, Planning
from annotator.editing.plans_spans import change_span
from annotator.model.annotation import How, Origin, Reason, Relation, Span, SpanKey
from annotator.model.errors import StaleError
from annotator.model.rules import checked_fragments


def _mend(planner: Planner, command: MendSpans) -> Plan:
    plan = Plan(command.name, f"{command.name}.")
    spans = {key: planner.span(key) for key, _ in (*command.moves, *command.drops)}
    heirs = dict(command.drops)
    moves: list[tuple[Span, SpanKey]] = []
    taken: dict[tuple[int, SpanKey], int] = {}
    for key, fragments in command.moves:
        span = spans[key]
        what = SpanKey(checked_fragments(planner.text(span.document), fragments), span.label)
        there = planner.annotations(span.document).accepted(what)
        heir = there.key if there is not None else taken.setdefault((span.document, what), key)
        if heir != key:
            heirs[key] = heir
        elif what != span.identity:
            moves.append((span, what))
    if not moves and not heirs:
        raise StaleError("Nothing is left to mend here.", "Check again.")
    _hand_over(planner, plan, heirs)
    for key, heir in heirs.items():
        _take_out(planner, plan, spans[key], is_double=bool(heir))
    for span, what in moves:
        change_span(planner, plan, span, what, Reason.WRONG_EXTENT, how=How.BULK)
    return plan


def _hand_over(planner: Planner, plan: Plan, heirs: dict[int, int]) -> None:
    """Plan that relations of spans that go hang on their heirs; one that stands there already goes."""
    touched = planner.relations_on(heirs)
    standing = planner.relations_on({_heir(heirs, key) for key in heirs} - {0})
    there = {_pair(planner, each) for each in standing} - {_pair(planner, each) for each in touched}
    for relation in touched:
        head, child = _heir(heirs, relation.head), _heir(heirs, relation.child)
        after = replace(relation, head=head, child=child)
        if not head or not child or head == child or _pair(planner, after) in there:
            plan.remove(relation)
        else:
            there.add(_pair(planner, after))
            plan.replace(relation, after)


def _heir(heirs: dict[int, int], key: int) -> int:
    """Follow a span to the one that stands for it in the end; 0 for none."""
    seen = {key}
    while key in heirs and (key := heirs[key]) not in seen:
        seen.add(key)
    return key


def _pair(planner: Planner, relation: Relation) -> tuple[int, int, str]:
    kind = planner.schema.relation(relation.label)
    head, child = relation.head, relation.child
    if kind is not None and kind.symmetric and head > child:
        head, child = child, head
    return head, child, relation.label


def _take_out(planner: Planner, plan: Plan, span: Span, *, is_double: bool) -> None:
    plan.remove(span)
    if not is_double and span.provenance.origin is Origin.CANDIDATE:
        provenance = replace(span.provenance, annotator=planner.annotator, at=planner.at, how=How.BULK)
        planner.reject(plan, span.document, span.identity, Reason.REMOVED, provenance)
    planner.begin_document(plan, span.document)


PLANS: dict[type, Planning] = {MendSpans: _mend}
