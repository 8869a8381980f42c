"""What the right panel says about the selection, in words and small values; without Qt.

Sentences are made here so that they can be tested; how they look is the cards' matter.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from annotator.model.annotation import Origin, Provenance, Rejection, Relation, Span
from annotator.model.article import Annotations, Readings, RelationToDecide
from annotator.model.candidate import Candidate, Proposal
from annotator.model.schema import RelationType, Schema
from annotator.ui.models.article_items import Value, id_of, is_illegal, relation_words, relations_at
from annotator.ui.models.article_words import decided_words, moment_words, score_words
from annotator.ui.panels.state import End, RelationMode, end_of

Direction = Literal["out", "in", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLine:
    """One relation of the selected span: which way it runs from there, its type, and its other end."""

    id: str
    direction: Direction
    type: str
    other: End
    candidate: bool
    score: float | None = None
    illegal: bool = False

    @property
    def told(self) -> str:
        """Say all of it in words, for those who do not see it."""
        arrow = {"out": "to", "in": "from", "both": "with"}[self.direction]
        state = (
            f"candidate {score_words(self.score)}"
            if self.candidate and self.score is not None
            else "accepted"
        )
        wrong = ", does not fit the schema" if self.illegal else ""
        return f"{self.type} {arrow} {self.other.words}, {self.other.label}, {state}{wrong}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationTold:
    """A selected relation: its type, both ends in the order in which it runs, state and what speaks for it."""

    type: str
    words: str
    head: End
    child: End
    symmetric: bool
    state: str
    score: float | None = None
    problem: str = ""
    consequence: str = ""
    why: str = ""


def sources(proposals: Sequence[Proposal]) -> str:
    """Name who proposed something, best first: `role rule · memory`."""
    return " · ".join(dict.fromkeys(each.suggester for each in proposals))


def why(proposals: Iterable[Proposal]) -> str:
    """Give the reasons of the suggesters as sentences; empty if none gave one.

    Several stand in a line each, with who gives it, and how sure that one is where they are not equally so.
    """
    given: dict[str, list[Proposal]] = {}
    for each in proposals:
        if each.reason.strip():
            given.setdefault(_sentence(each.reason.strip()), []).append(each)
    if len(given) < 2:
        return "".join(f"Why: {reason}" for reason in given)
    tells_score = len({each.score for found in given.values() for each in found}) > 1
    lines = ["Why:"]
    for reason, found in given.items():
        score = f" ({score_words(found[0].score)})" if tells_score else ""
        lines.append(f"{sources(found)}{score}: {reason}")
    return "\n".join(lines)


def _sentence(reason: str) -> str:
    return reason if reason[-1] in ".!?…" else f"{reason}."


def history(value: Value | None) -> list[tuple[str, str]]:
    """List what happened to a thing that was decided, oldest first: when (empty where unknown), and what."""
    match value:
        case Span() | Relation():
            return _decided(value.provenance)
        case Rejection():
            who = f" by {value.provenance.annotator}" if value.provenance.annotator else ""
            return [(_when(value.provenance.at), f"rejected{who}: {value.reason.value}")]
    return []


def _decided(provenance: Provenance) -> list[tuple[str, str]]:
    told = []
    if provenance.suggesters:
        score = "" if provenance.score is None else f" ({score_words(provenance.score)})"
        told.append(("", f"proposed by {_listed(provenance.suggesters)}{score}"))
    words, _, _ = decided_words(provenance).rpartition(", ")
    return [*told, (_when(provenance.at), words)]


def _when(at: float) -> str:
    """Write a moment; of today the time alone."""
    moment = moment_words(at)
    day, _, clock = moment.partition(" ")
    return clock if day == moment_words(time.time()).partition(" ")[0] else moment


def state_words(value: Value | None) -> str:
    """Say the state of a thing in one or two words."""
    match value:
        case Readings() | RelationToDecide():
            return "candidate"
        case Rejection():
            return "rejected"
        case Span() | Relation():
            changed = value.provenance.origin is Origin.FIXED
            return "accepted, changed" if changed else "accepted"
    return ""


def relation_lines(annotations: Annotations, schema: Schema, text: str, item_id: str) -> list[RelationLine]:
    """List the relations of a span, accepted ones first."""
    lines = []
    for each in relations_at(annotations, item_id):
        label = each.label if isinstance(each, Relation) else each.candidate.label
        head, child = _ends(each, annotations)
        if head is None or child is None:
            continue
        is_head = _item_of(head, annotations) == item_id
        kind = schema.relation(label)
        direction: Direction = "both" if kind is not None and kind.symmetric else "out" if is_head else "in"
        lines.append(
            RelationLine(
                id=id_of(each),
                direction=direction,
                type=relation_words(label, schema),
                other=end_of(child if is_head else head, text),
                candidate=isinstance(each, RelationToDecide),
                score=each.candidate.score if isinstance(each, RelationToDecide) else None,
                illegal=isinstance(each, Relation) and is_illegal(each, annotations, schema),
            )
        )
    return lines


def relation_told(
    value: Relation | RelationToDecide, annotations: Annotations, schema: Schema, text: str
) -> RelationTold | None:
    """Tell a selected relation; None when an end of it is gone."""
    head, child = _ends(value, annotations)
    if head is None or child is None:
        return None
    label = value.label if isinstance(value, Relation) else value.candidate.label
    kind = schema.relation(label)
    illegal = isinstance(value, Relation) and is_illegal(value, annotations, schema)
    proposals = value.candidate.proposals if isinstance(value, RelationToDecide) else ()
    return RelationTold(
        type=label,
        words=relation_words(label, schema),
        head=end_of(head, text),
        child=end_of(child, text),
        symmetric=kind is not None and kind.symmetric,
        state=state_words(value),
        score=value.candidate.score if isinstance(value, RelationToDecide) else None,
        problem=f"It does not fit the schema: {label} does not go from {head.label} to {child.label}."
        if illegal
        else "",
        consequence=consequence(head, child, text) if isinstance(value, RelationToDecide) else "",
        why=why(proposals),
    )


def consequence(head: Span | Candidate, child: Span | Candidate, text: str) -> str:
    """Say which ends would be accepted with a relation; empty if both are already."""
    waiting = [end_of(each, text).words for each in (head, child) if isinstance(each, Candidate)]
    if not waiting:
        return ""
    if len(waiting) == 2:
        return "Accepting it accepts both ends too: they are still candidates."
    return f"Accepting it accepts {_shortened(waiting[0])} too: it is still a candidate."


def making(mode: RelationMode) -> str:
    """Say which ends would be accepted with the relation that is being made."""
    ends = [mode.start] if mode.target is None else [mode.start, mode.target]
    waiting = [_shortened(each.words) for each in ends if each.candidate]
    if not waiting:
        return ""
    if len(waiting) == 2:
        return "Both are still candidates. Making the relation accepts them too."
    return f"{waiting[0]} is still a candidate. Making the relation accepts it too."


def not_legal(mode: RelationMode, schema: Schema) -> str:
    """Say which labels take no relation with the start; empty if all do."""
    start = mode.start.label
    out = [
        each.name
        for each in schema.entities
        if not each.hidden and not schema.legal_between(first=start, second=each.name)
    ]
    if not out:
        return ""
    verb = "take" if len(out) > 1 else "takes"
    stay = "They stay" if len(out) > 1 else "It stays"
    return f"{_listed(out)} {verb} no relation with {start} in this schema. {stay} dimmed."


def ends_words(kind: RelationType) -> str:
    """Write which ends a relation type takes: `PERSON → ROLE`, `PERSON – PERSON`, `any → GPE, LOC`."""
    heads, children = (", ".join(ends) if ends else "any" for ends in (kind.heads, kind.children))
    return f"{heads} – {children}" if kind.symmetric else f"{heads} → {children}"


def legal_types(value: Value | None, annotations: Annotations, schema: Schema) -> frozenset[str] | None:
    """Name the relation types that may join the ends of a relation; None means that it does not matter here."""
    if not isinstance(value, Relation | RelationToDecide):
        return None
    head, child = _ends(value, annotations)
    if head is None or child is None:
        return None
    found = schema.legal_between(first=head.label, second=child.label)
    return frozenset(kind.name for kind, _ in found)


def can_turn(value: Value | None, annotations: Annotations, schema: Schema) -> bool:
    """Tell whether a relation may run the other way; a symmetric one has no way to run."""
    if not isinstance(value, Relation | RelationToDecide):
        return False
    head, child = _ends(value, annotations)
    label = value.label if isinstance(value, Relation) else value.candidate.label
    kind = schema.relation(label)
    if kind is None or head is None or child is None or kind.symmetric:
        return False
    return kind.allows(head=child.label, child=head.label)


def _ends(
    value: Relation | RelationToDecide, annotations: Annotations
) -> tuple[Span | Candidate | None, Span | Candidate | None]:
    if isinstance(value, RelationToDecide):
        return value.head, value.child
    return annotations.span(value.head), annotations.span(value.child)


def _item_of(end: Span | Candidate, annotations: Annotations) -> str:
    if isinstance(end, Span):
        return id_of(end)
    return next((id_of(group) for group in annotations.undecided if end in group.candidates), "")


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 40 else f"{words[:39].rstrip()}…"
