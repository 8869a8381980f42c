"""Plans over many candidates or whole documents: accepting the rest, finishing, taking decisions back."""

from __future__ import annotations

from dataclasses import replace

from annotator.editing.commands import AcceptMany, FinishDocument, Reopen
from annotator.editing.planning import Plan, Planner, Planning, chosen, shortened
from annotator.editing.plans_relations import Ends, key_of
from annotator.model.annotation import How, Kind, Origin, Relation, RelationKey, Span, SpanKey, surface
from annotator.model.article import Annotations, identity_of, moved_span
from annotator.model.candidate import Candidate, Proposal
from annotator.model.document import State
from annotator.model.errors import RuleError, StaleError
from annotator.model.schema import Schema
from annotator.model.wording import counted
from annotator.store.documents import DocumentFilter, document_keys

HAND = "hand"
"""Suggester of candidates that a person took back to undecided."""


def _accept_many(planner: Planner, command: AcceptMany) -> Plan:
    documents = _documents(planner) if command.documents is None else chosen(command.documents)
    plan = Plan("Accept candidates", everywhere=len(documents) > 20)
    spans = relations = finished = 0
    for key in documents:
        before = len(plan.changes)
        added_spans, added_relations = _accept_in(planner, plan, key, command)
        spans += added_spans
        relations += added_relations
        if len(plan.changes) > before:
            planner.begin_document(plan, key)
        was_read = added_spans or added_relations or planner.annotations(key).decided
        if command.done and was_read and not planner.left_after(plan, key):
            finished += planner.document(key).state is not State.DONE
            planner.finish_document(plan, key)
    if not plan.changes:
        raise StaleError("No candidate is left that fits.", "Lower the score, or make candidates first.")
    what = _what(spans, relations)
    where = f" in {counted(len(documents), 'document')}" if len(documents) > 1 else ""
    alike = f" {command.words} as {command.label}" if command.words and command.label else ""
    plan.name = f"Accept {what}{alike}{where}"
    plan.message = f"Accepted {what}{alike}{where}." + (
        f" {counted(finished, 'document')} done." if finished else ""
    )
    return plan


def _what(spans: int, relations: int) -> str:
    return (
        f"{counted(spans, 'span')} and {counted(relations, 'relation')}"
        if relations
        else counted(spans, "span")
    )


def _documents(planner: Planner) -> list[int]:
    """List the documents that an act on all of them means: not those left out of exports, nor the skipped."""
    keys = document_keys(planner.project, DocumentFilter(excluded=False))
    return [key for key in keys if planner.document(key).state is not State.SKIPPED]


def _accept_in(planner: Planner, plan: Plan, document: int, command: AcceptMany) -> tuple[int, int]:
    found = planner.annotations(document)
    text = planner.text(document) if command.words is not None else ""
    ends = Ends(planner, plan, document, how=command.how)
    before = ends.accepted_count
    if Kind.SPAN in command.kinds:
        for readings in found.undecided:
            candidate = readings.best
            if candidate.score < command.minimum or (
                command.label is not None and candidate.label != command.label
            ):
                continue
            if command.words is not None and surface(text, candidate.fragments) != command.words:
                continue
            ends.span(candidate)
    relations = 0
    if Kind.RELATION in command.kinds and command.words is None:
        relations = _accept_relations(planner, plan, document, command=command, ends=ends, found=found)
    return ends.accepted_count - before, relations


def _accept_relations(
    planner: Planner, plan: Plan, document: int, *, command: AcceptMany, ends: Ends, found: Annotations
) -> int:
    drawn = {readings.best.what for readings in found.undecided}
    rejected = {rejection.what for rejection in found.rejections}
    joined: set[tuple[int, int, str]] = set()
    for relation in found.relations:
        joined |= _pairs(planner.schema, relation.head, relation.child, relation.label)
    count = 0
    for each in found.undecided_relations:
        candidate = each.candidate
        if candidate.score < command.minimum or (
            command.label is not None and candidate.label != command.label
        ):
            continue
        head_end, child_end = (_end(end, ends, drawn) for end in (each.head, each.child))
        if head_end is None or child_end is None:
            continue  # it hangs on a reading that is not taken
        if RelationKey(identity_of(head_end), identity_of(child_end), candidate.label) in rejected:
            continue
        head, child = ends.span(head_end), ends.span(child_end)
        if head.key == child.key or (head.key, child.key, candidate.label) in joined:
            continue
        joined |= _pairs(planner.schema, head.key, child.key, candidate.label)
        provenance = planner.provenance(how=command.how, origin=Origin.CANDIDATE, candidate=candidate)
        plan.add(
            planner.new_relation(
                document, head=head.key, child=child.key, label=candidate.label, provenance=provenance
            )
        )
        count += 1
    return count


def _end(end: Span | Candidate, ends: Ends, drawn: set[SpanKey]) -> Span | Candidate | None:
    """Give what an end is: a reading that is not drawn gives way to the accepted span of its label there."""
    if isinstance(end, Span) or end.what in drawn:
        return end
    return moved_span(end.what, ends.accepted())


def _pairs(schema: Schema, head: int, child: int, label: str) -> set[tuple[int, int, str]]:
    kind = schema.relation(label)
    pairs = {(head, child, label)}
    if kind is not None and kind.symmetric:
        pairs.add((child, head, label))
    return pairs


def _finish(planner: Planner, command: FinishDocument) -> Plan:
    found = planner.annotations(command.document)
    document = planner.document(command.document)
    plan = Plan(f"Finish {document.title}")
    accepted = ""
    if found.left and not command.accept_rest:
        raise RuleError(
            f"{counted(found.left, 'candidate')} left to decide here.", "Decide them, or accept the rest."
        )
    if found.left:
        spans, relations = _accept_in(
            planner, plan, command.document, AcceptMany(documents=(command.document,), how=How.BULK)
        )
        accepted = f" The rest was accepted: {_what(spans, relations)}."
    planner.finish_document(plan, command.document)
    if not plan.changes:
        raise RuleError("This document is done already.", "Go on to the next one.")
    title = shortened(document.title)
    plan.message = f"Done: {title}{'' if title.endswith('…') else '.'}{accepted}"
    return plan


def _reopen(planner: Planner, command: Reopen) -> Plan:
    found = planner.annotations(command.document)
    spans = [planner.span(key) for key in dict.fromkeys(command.spans)]
    relations = {key: planner.relation(key) for key in command.relations}
    named: list[Span | Relation] = [*spans, *relations.values()]
    if any(each.document != command.document for each in named):
        raise StaleError("This stands in another document.", "Open it first.")
    relations |= {relation.key: relation for relation in planner.relations_on(command.spans)}
    rejections = [each for each in found.rejections if each.key in command.rejections]
    total = len(spans) + len(relations) + len(rejections)
    if not total:
        raise StaleError("Nothing here was decided.", "Choose a decided span or relation.")
    plan = Plan(f"Take back {counted(total, 'decision')}", f"Undecided again: {counted(total, 'decision')}.")
    for relation in relations.values():
        plan.proposals.append((command.document, _by_hand(key_of(planner, relation))))
        plan.remove(relation)
    for span in spans:
        plan.proposals.append((command.document, _by_hand(span.identity)))
        plan.remove(span)
    for rejection in rejections:
        plan.remove(rejection)
    planner.begin_document(plan, command.document)
    _leave_done(planner, plan, command.document)
    return plan


def _by_hand(what: SpanKey | RelationKey) -> Proposal:
    return Proposal(what=what, suggester=HAND, score=0.99, reason="taken back to undecided")


def _leave_done(planner: Planner, plan: Plan, key: int) -> None:
    """Plan that a done document is in progress: it can be done only when nothing in it is undecided."""
    document = planner.document(key)
    if document.state is State.DONE:
        plan.replace(document, replace(document, state=State.IN_PROGRESS))


PLANS: dict[type, Planning] = {AcceptMany: _accept_many, FinishDocument: _finish, Reopen: _reopen}
