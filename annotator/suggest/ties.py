"""Changes the relations of a text into ties between places and back, and lets what was learnt rank them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.model.annotation import RelationKey, SpanKey
from annotator.model.candidate import Proposal
from annotator.model.schema import Schema
from annotator.suggest.base import Text
from annotator.suggest.hints import Heard, key_of
from annotator.suggest.learning.pages import Place, Tie, page_of, place_of
from annotator.suggest.learning.relating import Related, Relations
from annotator.suggest.relations import KEPT, SHOWN, RelationSuggester, held_back, likely

LEARNT_RELATIONS = "learnt relations"
"""Names the classifier beside its proposals."""
RELATION_SUGGESTERS = (RelationSuggester.name, LEARNT_RELATIONS)
"""Whoever proposes relations."""
_TOLD = 0.1
"""Least probability that the classifier must give a relation to be named for it."""


def ties_of(text: Text, relations: Iterable[RelationKey], schema: Schema) -> tuple[Tie, ...]:
    """Give relations as ties; those with an end of several fragments, or without a token, are left out."""
    found = (_tie(text, each, schema) for each in relations)
    return tuple(sorted({tie for tie in found if tie is not None}))


def said_of(text: Text, proposals: Iterable[Proposal], schema: Schema) -> tuple[tuple[Tie, float], ...]:
    """Give proposed relations as ties with their scores."""
    found: dict[Tie, float] = {}
    for each in proposals:
        tie = _tie(text, each.what, schema) if isinstance(each.what, RelationKey) else None
        if tie is not None:
            found[tie] = max(each.score, found.get(tie, 0.0))
    return tuple(sorted(found.items()))


def ranked_relations(
    text: Text,
    spans: Iterable[Proposal],
    by_pattern: Sequence[Proposal],
    learnt: Relations,
    schema: Schema,
) -> tuple[Proposal, ...]:
    """Propose relations between accepted spans and likely ones, from what patterns say and what was learnt.

    Args:
        text: the text. spans: proposed spans. by_pattern: what patterns propose between them.
        learnt: what was learnt about relations. schema: says which relations there may be.
    """
    keys = {place_of(key, text.tokens): key for key in sorted(set(text.accepted) | likely(spans))}
    places = [place for place in keys if place is not None]
    spoken: dict[Tie, Proposal] = {}
    kept = []
    weak: dict[Tie, Proposal] = {}
    for each in by_pattern:
        tie = _tie(text, each.what, schema) if isinstance(each.what, RelationKey) else None
        if tie is None:
            kept.append(held(each))  # an end of several fragments is no place
        else:
            # Only what patterns say firmly is learnt from, and asked.
            (spoken if each.score >= SHOWN else weak)[tie] = each
    said = tuple(sorted((tie, each.score) for tie, each in spoken.items()))
    pairs = set()
    for related in learnt.propose(page_of(Heard(text=text)), places, said, share=KEPT):
        what = _relation(text, related.tie, schema)
        if what is not None:
            pairs.add(related.tie[:2])
            found = _proposals(what, related, spoken.get(related.tie), learnt.trained_on)
            kept += [replace(each, score=held_back(each.score, learnt.shown)) for each in found]
    kept += [held(each) for tie, each in weak.items() if tie[:2] not in pairs]
    return tuple(sorted(kept, key=lambda each: (each.what, each.suggester)))


def held(proposal: Proposal) -> Proposal:
    """Give what a pattern proposes as it is handed over: a weak one is held back."""
    return replace(proposal, score=held_back(proposal.score, SHOWN))


def _proposals(what: RelationKey, related: Related, spoken: Proposal | None, lessons: int) -> list[Proposal]:
    """Give a proposal for each that speaks for a relation, all with the score that they have together."""
    score = round(min(related.score, 0.999), 3)
    found = []
    if spoken is not None:
        found.append(Proposal(what=what, suggester=spoken.suggester, score=score, reason=spoken.reason))
    if related.by_classifier >= _TOLD or spoken is None:
        documents = "1 document" if lessons == 1 else f"{lessons:,} documents"
        reason = f"{related.by_classifier:.0%} likely by its words, learnt from {documents} here"
        found.append(Proposal(what=what, suggester=LEARNT_RELATIONS, score=score, reason=reason))
    return found


def _tie(text: Text, relation: RelationKey, schema: Schema) -> Tie | None:
    head, child = place_of(relation.head, text.tokens), place_of(relation.child, text.tokens)
    if head is None or child is None or head[:2] == child[:2]:
        return None
    if child < head and _has_no_direction(relation.label, schema):
        head, child = child, head
    return Tie(head, child, relation.label)


def _relation(text: Text, tie: Tie, schema: Schema) -> RelationKey | None:
    """Give a tie as a relation of the text; None where the schema has none of it."""
    head, child = (_key(text, place) for place in (tie.head, tie.child))
    kind = schema.relation(tie.label)
    if kind is None:
        return None
    if kind.allows(head=head.label, child=child.label):
        return RelationKey(head, child, tie.label)
    if kind.symmetric and kind.allows(head=child.label, child=head.label):
        return RelationKey(child, head, tie.label)
    return None


def _key(text: Text, place: Place) -> SpanKey:
    return key_of(text, *place)


def _has_no_direction(label: str, schema: Schema) -> bool:
    kind = schema.relation(label)
    return kind is not None and kind.symmetric
