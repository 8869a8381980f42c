"""The plan for what a person asks to be proposed: the same words at other places, in one document or in thousands."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.editing.commands import ProposeSpans
from annotator.editing.planning import Plan, Planner, Planning, chosen, counted, shortened
from annotator.model.annotation import Kind, SpanKey
from annotator.model.candidate import Asked
from annotator.store.asked import asked_places, open_documents


def _propose(planner: Planner, command: ProposeSpans) -> Plan:
    """Plan the places that may still be proposed.

    Whether a place is decided is not asked again: a candidate over a decision is not drawn, and asking thousands of
    documents would keep everybody else from writing.
    """
    planner.check_entity(command.label)
    places = chosen(command.places)
    documents = list(dict.fromkeys(document for document, _ in places))
    is_open = open_documents(planner.project, documents)
    kind = planner.project.types.key(Kind.SPAN, command.label)
    there = asked_places(planner.project, documents, kind)
    wanted = [each for each in places if each[0] in is_open and each not in there]
    plan = Plan("", everywhere=len(documents) > 20)
    for document, fragments in wanted:
        plan.add(
            Asked(
                key=planner.new_key("asked"),
                document=document,
                what=SpanKey(fragments, command.label),
                reason=command.reason,
                annotator=planner.annotator,
                at=planner.at,
            )
        )
    where = _where(wanted)
    plan.name = f"Propose {shortened(command.words)} as {command.label} at {where}"
    plan.message = f"Proposed {shortened(command.words)} as {command.label} at {where}."
    if not wanted:
        plan.message = f"{shortened(command.words)} is proposed as {command.label} there already."
    return plan


def _where(places: Sequence[tuple[int, object]]) -> str:
    documents = len({document for document, _ in places})
    there = counted(len(places), "place")
    return f"{there} in {counted(documents, 'document')}" if documents > 1 else there


PLANS: dict[type, Planning] = {ProposeSpans: _propose}
