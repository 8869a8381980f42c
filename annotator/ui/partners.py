"""Which spans may be joined by a relation, by which types, and which of those is the likeliest. No Qt widget."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from annotator.model.annotation import Relation, Span, SpanKey
from annotator.model.article import Readings, RelationToDecide
from annotator.model.candidate import Candidate
from annotator.ui.controller import Controller
from annotator.ui.models.article_items import chosen_reading, relation_ends

_PROPOSED = 1_000_000
"""Counts more than any number of relations of a type."""


@dataclass(frozen=True, slots=True)
class Partner:
    """Something a relation can end in: item id and what it is now."""

    item: str
    value: Span | Candidate

    @property
    def end(self) -> int | SpanKey:
        """Give the end as commands take it."""
        return self.value.key if isinstance(self.value, Span) else self.value.what

    @property
    def label(self) -> str:
        """Give its label."""
        return self.value.label


@dataclass(frozen=True, slots=True)
class Choice:
    """One type that may join start and target; `turned`: the target is the head, `both_ways`: it may be either."""

    name: str
    shortcut: str
    summary: str
    symmetric: bool
    turned: bool
    both_ways: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The end of a relation that is moved: which relation, and whether its head moves."""

    relation: Relation | RelationToDecide
    moves_head: bool = False

    @property
    def label(self) -> str:
        """Give the type of the relation."""
        relation = self.relation
        return relation.label if isinstance(relation, Relation) else relation.candidate.label


class Partners:
    """Answers for the open document of a controller."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def of_item(self, item: str) -> Partner | None:
        """Give a span, or a candidate span as it is shown; None for anything else."""
        thing = self._controller.things.get(item)
        if isinstance(thing, Span):
            return Partner(item, thing)
        if isinstance(thing, Readings):
            return Partner(item, chosen_reading(thing, self._controller.readings_chosen))
        return None

    def kept_end(self, moved: Moved) -> Partner | None:
        """Give the end of a relation that stays while the other is moved."""
        head, child = relation_ends(self._controller.annotations, moved.relation)
        return self.of_item(child if moved.moves_head else head)

    def of_start(self, start: Partner, *, only: str, moved: Moved | None) -> list[Partner]:
        """List all that may be joined with a span, in reading order; `only` by this type if it is not empty."""
        found = (self.of_item(item) for item in self._controller.things.spans if item != start.item)
        return [
            each for each in found if each is not None and self._legal(start, each, only=only, moved=moved)
        ]

    def choices(self, start: Partner, partner: Partner, *, only: str, moved: Moved | None) -> list[Choice]:
        """List the types that may join two spans, the likeliest first."""
        found = self._legal(start, partner, only=only, moved=moved)
        if len(found) > 1:
            counts = self._used(start, partner)
            found.sort(key=lambda each: -counts[each.name])
        return found

    def types(self, label: str) -> frozenset[str]:
        """Name the relation types that a span of this label may have at either end."""
        return frozenset(
            each.name
            for each in self._controller.schema.relations
            if not each.heads or not each.children or label in (*each.heads, *each.children)
        )

    def _legal(self, start: Partner, partner: Partner, *, only: str, moved: Moved | None) -> list[Choice]:
        schema = self._controller.schema
        if moved is not None:
            head, child = (partner, start) if moved.moves_head else (start, partner)
            found = schema.relation(moved.label)
            if found is None or not found.allows(head=head.label, child=child.label):
                return []
            return [Choice(found.name, found.shortcut, found.summary, found.symmetric, moved.moves_head)]
        return [
            Choice(
                each.name,
                each.shortcut,
                each.summary,
                each.symmetric,
                turned,
                both_ways=not each.symmetric
                and not turned
                and each.allows(head=partner.label, child=start.label),
            )
            for each, turned in schema.legal_between(first=start.label, second=partner.label)
            if not only or each.name == only
        ]

    def _used(self, start: Partner, partner: Partner) -> Counter[str]:
        """Count how often a type was taken here; one that is proposed for this very pair counts most."""
        annotations = self._controller.annotations
        counts: Counter[str] = Counter(relation.label for relation in annotations.relations)
        for each in annotations.undecided_relations:
            if {start.item, partner.item} == set(relation_ends(annotations, each)):
                counts[each.candidate.label] += _PROPOSED
        return counts
