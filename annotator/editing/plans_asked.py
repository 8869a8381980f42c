"""The plan for what a person asks to be proposed: the same words at other places, in one document or in thousands."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.editing.commands import ProposeSpans
from annotator.editing.planning import Plan, Planner, Planning, chosen, shortened
from annotator.model.annotation import Fragments, Kind, SpanKey
from annotator.model.candidate import Asked
from annotator.model.wording import counted
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
    there = asked_places(planner.project, places, kind)
    wanted = [each for each in places if each[0] in is_open and each not in there]
    plan = Plan("", everywhere=len(documents) > 20)
    for document, fragments in wanted:
        plan.add(_asked(planner, document, SpanKey(fragments, command.label), command.reason))
    where = _where(wanted)
    plan.name = f"Propose {shortened(command.words)} as {command.label} at {where}"
    plan.message = f"Proposed {shortened(command.words)} as {command.label} at {where}."
    if not wanted:
        plan.message = f"{shortened(command.words)} is proposed as {command.label} there already."
    return plan


def propose_alike(
    planner: Planner, plan: Plan, document: int, label: str, places: Sequence[Fragments]
) -> None:
    """Plan, beside a decision, that its words are proposed at other places of a document that is not finished."""
    if not places or not open_documents(planner.project, [document]):
        return
    kind = planner.project.types.key(Kind.SPAN, label)
    there = asked_places(planner.project, [(document, each) for each in places], kind)
    wanted = [each for each in places if (document, each) not in there]
    for fragments in wanted:
        plan.add(
            _asked(planner, document, SpanKey(fragments, label), f"you chose {label} for the same words")
        )
    if wanted:
        plan.message += f" Proposed at {counted(len(wanted), 'more place')}."


def _asked(planner: Planner, document: int, what: SpanKey, reason: str) -> Asked:
    return Asked(
        key=planner.new_key("asked"),
        document=document,
        what=what,
        reason=reason,
        annotator=planner.annotator,
        at=planner.at,
    )


def _where(places: Sequence[tuple[int, object]]) -> str:
    documents = len({document for document, _ in places})
    there = counted(len(places), "place")
    return f"{there} in {counted(documents, 'document')}" if documents > 1 else there


PLANS: dict[type, Planning] = {ProposeSpans: _propose}
