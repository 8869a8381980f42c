"""Plans for spans: adding, accepting, fixing, rejecting, removing."""

from __future__ import annotations

from dataclasses import replace

from annotator.editing.commands import (
    AcceptSpan,
    AddSpan,
    MoveSpan,
    RejectMany,
    RejectSpan,
    RelabelSpans,
    RemoveSpans,
)
from annotator.editing.planning import Plan, Planner, Planning, chosen
from annotator.editing.plans_asked import propose_alike
from annotator.model.annotation import How, Origin, Reason, Span, SpanKey, surface
from annotator.model.candidate import Candidate
from annotator.model.errors import StaleError
from annotator.model.rules import checked_fragments
from annotator.model.wording import counted


def _add(planner: Planner, command: AddSpan) -> Plan:
    planner.check_entity(command.label)
    fragments = checked_fragments(planner.text(command.document), command.fragments)
    what = SpanKey(fragments, command.label)
    candidate = _candidate(planner, command.document, what)
    words = planner.words(command.document, fragments)
    plan = Plan(f"Label {words} {command.label}", f"Labelled {words} as {command.label}.")
    origin = Origin.MANUAL if candidate is None else Origin.CANDIDATE
    _accept(planner, plan, command.document, what, candidate=candidate, origin=origin)
    propose_alike(planner, plan, command.document, command.label, command.also)
    return plan


def _accept_span(planner: Planner, command: AcceptSpan) -> Plan:
    candidate = _candidate(planner, command.document, command.candidate)
    if candidate is None:
        raise StaleError(
            "This candidate is gone: it was decided or is no longer proposed.", "Go on to the next one."
        )
    label = command.label or command.candidate.label
    planner.check_entity(label)
    fragments = command.fragments or command.candidate.fragments
    fragments = checked_fragments(planner.text(command.document), fragments)
    what = SpanKey(fragments, label)
    words = planner.words(command.document, fragments)
    plan = Plan(f"Accept {words} as {label}", f"Accepted {words} as {label}.")
    fixed = what != command.candidate
    span = _accept(
        planner,
        plan,
        command.document,
        what,
        candidate=candidate,
        origin=Origin.FIXED if fixed else Origin.CANDIDATE,
    )
    if fixed:
        reason = Reason.WRONG_EXTENT if label == command.candidate.label else Reason.WRONG_LABEL
        planner.reject(plan, command.document, command.candidate, reason, span.provenance)
    propose_alike(planner, plan, command.document, label, command.also)
    return plan


def _candidate(planner: Planner, document: int, what: SpanKey) -> Candidate | None:
    group = planner.annotations(document).group_of(what)
    return None if group is None else next(each for each in group.candidates if each.what == what)


def _accept(
    planner: Planner, plan: Plan, document: int, what: SpanKey, *, candidate: Candidate | None, origin: Origin
) -> Span:
    planner.check_free(document, what)
    planner.withdraw_rejection(plan, document, what)
    span = planner.new_span(document, what, planner.provenance(origin=origin, candidate=candidate))
    plan.add(span)
    planner.begin_document(plan, document)
    return span


def _reject_span(planner: Planner, command: RejectSpan) -> Plan:
    readings = chosen(command.readings)
    first = readings[0]
    words = planner.words(command.document, first.fragments)
    plan = Plan(f"Reject {words} as {first.label}", f"Rejected {words} as {first.label}.")
    for what in readings:
        candidate = _candidate(planner, command.document, what)
        if candidate is None:
            raise StaleError("This candidate is gone: it was decided or is no longer proposed.", "Go on.")
        provenance = planner.provenance(origin=Origin.CANDIDATE, candidate=candidate)
        planner.reject(plan, command.document, what, Reason.WRONG, provenance)
    alike = _reject_also(planner, plan, command)
    if alike:
        plan.message = f"{plan.message[:-1]}, and {alike:,} alike."
    planner.begin_document(plan, command.document)
    return plan


def _reject_also(planner: Planner, plan: Plan, command: RejectSpan) -> int:
    """Plan that candidates alike go too, as nobody decided each of them; give at how many places."""
    places = set()
    for what in dict.fromkeys(command.also):
        candidate = None if what in command.readings else _candidate(planner, command.document, what)
        if candidate is not None:
            provenance = planner.provenance(how=How.BULK, origin=Origin.CANDIDATE, candidate=candidate)
            planner.reject(plan, command.document, what, Reason.WRONG, provenance)
            places.add(what.fragments)
    return len(places)


def _reject_many(planner: Planner, command: RejectMany) -> Plan:
    text = planner.text(command.document)
    plan = Plan(f"Reject all {command.words} as {command.label}")
    for readings in planner.annotations(command.document).undecided:
        for candidate in readings.candidates:
            if candidate.label == command.label and surface(text, candidate.fragments) == command.words:
                provenance = planner.provenance(how=How.BULK, origin=Origin.CANDIDATE, candidate=candidate)
                planner.reject(plan, command.document, candidate.what, Reason.WRONG, provenance)
    if not plan.changes:
        raise StaleError(f"No candidate {command.words} as {command.label} is left.", "Go on.")
    plan.message = f"Rejected {counted(len(plan.changes), 'candidate')} {command.words} as {command.label}."
    planner.begin_document(plan, command.document)
    return plan


def _remove(planner: Planner, command: RemoveSpans) -> Plan:
    spans = [planner.span(key) for key in chosen(command.spans)]
    relations = planner.relations_on(command.spans)
    first = planner.words(spans[0].document, spans[0].fragments)
    what = f"{first} as {spans[0].label}" if len(spans) == 1 else counted(len(spans), "span")
    with_relations = f" and {counted(len(relations), 'relation')}" if relations else ""
    plan = Plan(f"Remove {what}{with_relations}", f"Removed {what}{with_relations}.")
    for relation in relations:
        plan.remove(relation)
    for span in spans:
        plan.remove(span)
        if span.provenance.origin is Origin.CANDIDATE:
            provenance = replace(span.provenance, annotator=planner.annotator, at=planner.at, how=How.SINGLE)
            planner.reject(plan, span.document, span.identity, Reason.REMOVED, provenance)
        planner.begin_document(plan, span.document)
    return plan


def _relabel(planner: Planner, command: RelabelSpans) -> Plan:
    planner.check_entity(command.label)
    spans = [planner.span(key) for key in chosen(command.spans)]
    first = planner.words(spans[0].document, spans[0].fragments)
    what = first if len(spans) == 1 else counted(len(spans), "span")
    plan = Plan(
        f"Make {what} {command.label}", f"{what} {'is' if len(spans) == 1 else 'are'} {command.label} now."
    )
    for span in spans:
        if span.label != command.label:
            change_span(planner, plan, span, SpanKey(span.fragments, command.label), Reason.WRONG_LABEL)
    unfit = sum(_unfit(planner, span.key, command.label) for span in spans)
    if unfit:
        plan.message += (
            f" {counted(unfit, 'relation')} no longer {'fits' if unfit == 1 else 'fit'} the schema."
        )
    return plan


def _unfit(planner: Planner, key: int, label: str) -> int:
    count = 0
    for relation in planner.relations_on((key,)):
        ends = [label if end == key else planner.span(end).label for end in (relation.head, relation.child)]
        kind = planner.schema.relation(relation.label)
        count += kind is not None and not kind.allows(head=ends[0], child=ends[1])
    return count


def _move(planner: Planner, command: MoveSpan) -> Plan:
    span = planner.span(command.span)
    fragments = checked_fragments(planner.text(span.document), command.fragments)
    words = planner.words(span.document, fragments)
    plan = Plan(f"Move {span.label} to {words}", f"{span.label} is {words} now.")
    if fragments != span.fragments:
        change_span(planner, plan, span, SpanKey(fragments, span.label), Reason.WRONG_EXTENT)
    return plan


def change_span(
    planner: Planner, plan: Plan, span: Span, what: SpanKey, reason: Reason, *, how: How = How.SINGLE
) -> None:
    """Plan that an accepted span says something else; what had been proposed there is rejected for that reason."""
    planner.check_free(span.document, what, besides=span.key)
    planner.withdraw_rejection(plan, span.document, what)
    provenance = replace(span.provenance, annotator=planner.annotator, at=planner.at, how=how)
    if span.provenance.origin is Origin.CANDIDATE:
        planner.reject(plan, span.document, span.identity, reason, provenance)
        provenance = replace(provenance, origin=Origin.FIXED)
    plan.replace(span, replace(span, fragments=what.fragments, label=what.label, provenance=provenance))
    planner.begin_document(plan, span.document)


PLANS: dict[type, Planning] = {
    AddSpan: _add,
    AcceptSpan: _accept_span,
    RejectSpan: _reject_span,
    RejectMany: _reject_many,
    RemoveSpans: _remove,
    RelabelSpans: _relabel,
    MoveSpan: _move,
}
