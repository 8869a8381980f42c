"""The plan that takes over what was decided elsewhere: on a server with which the project is in step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from annotator.editing.commands import TakenDocument, TakenSpan, TakeOver
from annotator.editing.planning import Plan, Planner, Planning
from annotator.model.annotation import How, Origin, Provenance, Reason, Relation, Span, SpanKey
from annotator.model.document import Document, State
from annotator.model.errors import RuleError, StaleError
from annotator.model.rules import checked_fragments
from annotator.model.wording import counted


def _take_over(planner: Planner, command: TakeOver) -> Plan:
    plan = Plan(command.name, everywhere=len(command.documents) > 20)
    for taken in command.documents:
        _Taking(planner, plan, taken, command.by or planner.annotator).plan()
    documents = len({each.document for each in command.documents})
    plan.message = f"{command.name}: {counted(documents, 'document')}."
    return plan


class _Taking:
    """What is planned for one document."""

    def __init__(self, planner: Planner, plan: Plan, taken: TakenDocument, by: str) -> None:
        self._planner = planner
        self._plan = plan
        self._taken = taken
        self._by = by
        self._text = planner.text(taken.document)
        found = planner.annotations(taken.document)
        self._spans = {span.identity: span for span in found.spans}
        self._relations = {relation.key: relation for relation in found.relations}
        self._changed = False

    def plan(self) -> None:
        """Plan all of it: relations go before their ends, and come after them."""
        moved = self._kept_ends()
        self._remove_relations(moved)
        for key in self._taken.without_spans:
            self._remove_span(key)
        for each in self._taken.spans:
            self._take_span(each)
        self._take_relations()
        self._settle()

    def _kept_ends(self) -> set[int]:
        """Give the spans that go on under another label or in another place, with the relations on them."""
        return {each.instead for each in self._taken.spans if each.instead}

    def _remove_relations(self, moved: set[int]) -> None:
        gone = {key for key in self._taken.without_relations if key in self._relations}
        ends = set(self._taken.without_spans) - moved
        gone |= {key for key, each in self._relations.items() if ends & {each.head, each.child}}
        for key in sorted(gone):
            self._plan.remove(self._relations.pop(key))
            self._changed = True

    def _remove_span(self, key: int) -> None:
        span = self._by_key(key)
        if span is None:
            return
        self._plan.remove(span)
        del self._spans[span.identity]
        self._changed = True
        if span.provenance.origin is Origin.CANDIDATE:
            provenance = replace(span.provenance, annotator=self._by, at=self._planner.at, how=How.IMPORTED)
            self._planner.reject(self._plan, span.document, span.identity, Reason.REMOVED, provenance)

    def _take_span(self, taken: TakenSpan) -> None:
        self._planner.check_entity(taken.label)
        what = SpanKey(checked_fragments(self._text, taken.fragments), taken.label)
        before = self._by_key(taken.instead)
        if what in self._spans:
            if before is not None and before.identity != what:
                self._remove_span(before.key)
            return
        self._changed = True
        self._planner.withdraw_rejection(self._plan, self._taken.document, what)
        provenance = self._decided(taken.annotator)
        if before is None:
            span = self._planner.new_span(self._taken.document, what, provenance)
            self._plan.add(span)
        else:
            del self._spans[before.identity]
            if before.provenance.origin is Origin.CANDIDATE:
                reason = Reason.WRONG_LABEL if before.fragments == what.fragments else Reason.WRONG_EXTENT
                self._planner.reject(self._plan, before.document, before.identity, reason, provenance)
            span = replace(before, fragments=what.fragments, label=what.label, provenance=provenance)
            self._plan.replace(before, span)
        self._spans[what] = span

    def _take_relations(self) -> None:
        keys = {span.identity: span.key for span in self._spans.values()}
        there = {(each.head, each.child, each.label) for each in self._relations.values()}
        for what in self._taken.relations:
            kind = self._planner.schema.relation(what.label)
            if kind is None:
                raise RuleError(f"This project has no relation type {what.label}.")
            head, child = keys.get(what.head), keys.get(what.child)
            if head is None or child is None:
                raise StaleError("An end of a relation is no longer there.", "Sync again.")
            ways = {(head, child, what.label)} | ({(child, head, what.label)} if kind.symmetric else set())
            if head != child and ways.isdisjoint(there):
                there.add((head, child, what.label))
                self._changed = True
                relation: Relation = self._planner.new_relation(
                    self._taken.document,
                    head=head,
                    child=child,
                    label=what.label,
                    provenance=self._decided(""),
                )
                self._plan.add(relation)

    def _settle(self) -> None:
        """Plan what changes of the document itself, as one change."""
        before = after = self._planner.document(self._taken.document)
        if self._changed and after.state in (State.TODO, State.SKIPPED):
            after = replace(after, state=State.IN_PROGRESS, reason="")
        if self._taken.done is not None:
            after = self._with_state(after, done=self._taken.done)
        told: dict[str, Any] = {
            name: value
            for name in ("note", "metadata", "attributes")
            if (value := getattr(self._taken, name)) is not None
        }
        self._plan.replace(before, replace(after, **told))

    def _with_state(self, document: Document, *, done: bool) -> Document:
        if done:
            if document.state is not State.DONE:
                self._plan.closed.append(document.key)
            return replace(document, state=State.DONE, reason="")
        return replace(document, state=State.IN_PROGRESS) if document.state is State.DONE else document

    def _by_key(self, key: int) -> Span | None:
        return next((span for span in self._spans.values() if span.key == key), None) if key else None

    def _decided(self, annotator: str) -> Provenance:
        return Provenance(
            annotator=annotator or self._by, at=self._planner.at, how=How.IMPORTED, origin=Origin.IMPORTED
        )


PLANS: dict[type, Planning] = {TakeOver: _take_over}
