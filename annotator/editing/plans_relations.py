"""Plans for relations: adding, accepting, turning round, moving an end, rejecting, removing."""

from __future__ import annotations

from dataclasses import replace

from annotator.editing.commands import (
    AcceptRelation,
    AddRelation,
    ChangeRelation,
    RejectRelation,
    RemoveRelations,
    ReverseRelation,
)
from annotator.editing.planning import Plan, Planner, Planning, chosen
from annotator.model.annotation import How, Origin, Reason, Relation, RelationKey, Span, SpanKey
from annotator.model.article import RelationToDecide
from annotator.model.candidate import Candidate
from annotator.model.errors import RuleError, StaleError
from annotator.model.rules import check_relation
from annotator.model.wording import counted


class Ends:
    """Turns ends given as row keys or as candidates into accepted spans, accepting each candidate once."""

    def __init__(self, planner: Planner, plan: Plan, document: int, *, how: How = How.SINGLE) -> None:
        self._planner = planner
        self._plan = plan
        self._document = document
        self._how = how
        self._accepted: dict[SpanKey, Span] = {}
        self._new: list[Span] = []

    def span(self, end: int | SpanKey | Span | Candidate) -> Span:
        """Give the accepted span of an end.

        Raises:
            StaleError: it is gone.
        """
        if isinstance(end, Span):
            return end
        if isinstance(end, int):
            span = self._planner.span(end)
            if span.document != self._document:
                raise RuleError("A relation joins two spans of one document.")
            return span
        what = end.what if isinstance(end, Candidate) else end
        if what not in self._accepted:
            self._accepted[what] = self._standing(what) or self._accept(what)
        return self._accepted[what]

    @property
    def accepted_count(self) -> int:
        """Count the candidates that were accepted."""
        return len(self._new)

    def accepted(self) -> list[Span]:
        """Give all spans of the document that stand or are accepted here, in reading order."""
        spans = [*self._planner.annotations(self._document).spans, *self._new]
        return sorted(spans, key=lambda span: (span.fragments, span.key))

    def _standing(self, what: SpanKey) -> Span | None:
        spans = self._planner.annotations(self._document).spans
        return next((span for span in spans if span.identity == what), None)

    def _accept(self, what: SpanKey) -> Span:
        for readings in self._planner.annotations(self._document).undecided:
            for candidate in readings.candidates:
                if candidate.what == what:
                    provenance = self._planner.provenance(
                        how=self._how, origin=Origin.CANDIDATE, candidate=candidate
                    )
                    span = self._planner.new_span(self._document, what, provenance)
                    self._plan.add(span)
                    self._new.append(span)
                    return span
        raise StaleError("An end of this relation is no longer there.", "Choose its ends anew.")


def _add(planner: Planner, command: AddRelation) -> Plan:
    plan = Plan("")
    ends = Ends(planner, plan, command.document)
    head, child = ends.span(command.head), ends.span(command.child)
    relation_type = check_relation(
        planner.schema, head=head.identity, child=child.identity, label=command.label
    )
    if not relation_type.symmetric and not _forward(planner, command.label, head.label, child.label):
        head, child = child, head
    _check_free(planner, command.document, head=head, child=child, label=command.label)
    relation = planner.new_relation(
        command.document, head=head.key, child=child.key, label=command.label, provenance=planner.provenance()
    )
    plan.add(relation)
    key = RelationKey(head.identity, child.identity, command.label)
    planner.withdraw_rejection(plan, command.document, key)
    planner.begin_document(plan, command.document)
    words = _words(planner, command.document, head, child)
    plan.name = f"Relate {words} {command.label}"
    plan.message = f"{command.label}: {words}.{_also(ends)}"
    return plan


def _forward(planner: Planner, label: str, head: str, child: str) -> bool:
    found = planner.schema.relation(label)
    return found is not None and found.allows(head=head, child=child)


def _words(planner: Planner, document: int, head: Span, child: Span) -> str:
    return f"{planner.words(document, head.fragments)} → {planner.words(document, child.fragments)}"


def _also(ends: Ends) -> str:
    if not ends.accepted_count:
        return ""
    return f" Its {'end was' if ends.accepted_count == 1 else 'ends were'} accepted too."


def _check_free(
    planner: Planner, document: int, *, head: Span, child: Span, label: str, besides: int = 0
) -> None:
    relation_type = planner.schema.relation(label)
    symmetric = relation_type is not None and relation_type.symmetric
    for relation in planner.annotations(document).relations:
        if relation.key == besides or relation.label != label:
            continue
        same = (relation.head, relation.child) == (head.key, child.key)
        turned = (relation.child, relation.head) == (head.key, child.key)
        if same or (symmetric and turned):
            raise RuleError(f"This {label} is there already.")


def _accept_relation(planner: Planner, command: AcceptRelation) -> Plan:
    found = _to_decide(planner, command.document, command.candidate)
    plan = Plan("")
    ends = Ends(planner, plan, command.document)
    head = ends.span(found.head if command.head is None else command.head)
    child = ends.span(found.child if command.child is None else command.child)
    if command.turned:
        head, child = child, head
    label = command.label or command.candidate.label
    check_relation(planner.schema, head=head.identity, child=child.identity, label=label)
    _check_free(planner, command.document, head=head, child=child, label=label)
    what = RelationKey(head.identity, child.identity, label)
    planner.withdraw_rejection(plan, command.document, what)
    fixed = what != command.candidate
    provenance = planner.provenance(
        origin=Origin.FIXED if fixed else Origin.CANDIDATE, candidate=found.candidate
    )
    plan.add(
        planner.new_relation(
            command.document, head=head.key, child=child.key, label=label, provenance=provenance
        )
    )
    if fixed:
        reason = Reason.WRONG if command.turned else Reason.WRONG_LABEL
        if (head.identity, child.identity) not in {
            (command.candidate.head, command.candidate.child),
            (command.candidate.child, command.candidate.head),
        }:
            reason = Reason.WRONG_EXTENT
        planner.reject(plan, command.document, command.candidate, reason, provenance)
    planner.begin_document(plan, command.document)
    words = _words(planner, command.document, head, child)
    plan.name = f"Accept {label}: {words}"
    plan.message = f"Accepted {label}: {words}.{_also(ends)}"
    return plan


def _to_decide(planner: Planner, document: int, what: RelationKey) -> RelationToDecide:
    for each in planner.annotations(document).undecided_relations:
        if each.candidate.what == what:
            return each
    raise StaleError(
        "This candidate relation is gone: it was decided or lost an end.", "Go on to the next one."
    )


def _reject_relation(planner: Planner, command: RejectRelation) -> Plan:
    found = _to_decide(planner, command.document, command.candidate)
    label = command.candidate.label
    words = " → ".join(planner.words(command.document, end.fragments) for end in (found.head, found.child))
    plan = Plan(f"Reject {label}: {words}", f"Rejected {label}: {words}.")
    provenance = planner.provenance(origin=Origin.CANDIDATE, candidate=found.candidate)
    planner.reject(plan, command.document, command.candidate, Reason.WRONG, provenance)
    planner.begin_document(plan, command.document)
    return plan


def key_of(planner: Planner, relation: Relation) -> RelationKey:
    """Say what an accepted relation joins, as a candidate's key."""
    head, child = planner.span(relation.head), planner.span(relation.child)
    return RelationKey(head.identity, child.identity, relation.label)


def _remove(planner: Planner, command: RemoveRelations) -> Plan:
    relations = [planner.relation(key) for key in chosen(command.relations)]
    first = relations[0]
    words = _words(planner, first.document, planner.span(first.head), planner.span(first.child))
    what = f"{first.label}: {words}" if len(relations) == 1 else counted(len(relations), "relation")
    plan = Plan(f"Remove {what}", f"Removed {what}.")
    for relation in relations:
        plan.remove(relation)
        if relation.provenance.origin is Origin.CANDIDATE:
            provenance = replace(
                relation.provenance, annotator=planner.annotator, at=planner.at, how=How.SINGLE
            )
            planner.reject(plan, relation.document, key_of(planner, relation), Reason.REMOVED, provenance)
        planner.begin_document(plan, relation.document)
    return plan


def _reverse(planner: Planner, command: ReverseRelation) -> Plan:
    relation = planner.relation(command.relation)
    relation_type = planner.schema.relation(relation.label)
    if relation_type is not None and relation_type.symmetric:
        raise RuleError(f"{relation.label} has no direction.")
    change = ChangeRelation(relation=relation.key, head=relation.child, child=relation.head)
    plan = _change(planner, change)
    plan.name = f"Turn {relation.label} round"
    return plan


def _change(planner: Planner, command: ChangeRelation) -> Plan:
    relation = planner.relation(command.relation)
    plan = Plan("")
    ends = Ends(planner, plan, relation.document)
    head = ends.span(relation.head if command.head is None else command.head)
    child = ends.span(relation.child if command.child is None else command.child)
    label = command.label or relation.label
    check_relation(planner.schema, head=head.identity, child=child.identity, label=label)
    _check_free(planner, relation.document, head=head, child=child, label=label, besides=relation.key)
    what = RelationKey(head.identity, child.identity, label)
    planner.withdraw_rejection(plan, relation.document, what)
    provenance = replace(relation.provenance, annotator=planner.annotator, at=planner.at, how=How.SINGLE)
    if relation.provenance.origin is Origin.CANDIDATE and key_of(planner, relation) != what:
        reason = Reason.WRONG_LABEL if label != relation.label else Reason.WRONG_EXTENT
        planner.reject(plan, relation.document, key_of(planner, relation), reason, provenance)
        provenance = replace(provenance, origin=Origin.FIXED)
    plan.replace(
        relation, replace(relation, head=head.key, child=child.key, label=label, provenance=provenance)
    )
    planner.begin_document(plan, relation.document)
    words = _words(planner, relation.document, head, child)
    plan.name = f"Change to {label}: {words}"
    plan.message = f"{label}: {words}.{_also(ends)}"
    return plan


PLANS: dict[type, Planning] = {
    AddRelation: _add,
    AcceptRelation: _accept_relation,
    RejectRelation: _reject_relation,
    RemoveRelations: _remove,
    ReverseRelation: _reverse,
    ChangeRelation: _change,
}
