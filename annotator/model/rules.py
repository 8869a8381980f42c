"""What is allowed: rules over texts, spans and relations, without knowing where they are kept."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from annotator.model.annotation import Fragment, Fragments, SpanKey, fragments_of
from annotator.model.document import Tokens
from annotator.model.errors import RuleError
from annotator.model.limits import FRAGMENT_LIMIT
from annotator.model.offsets import is_grapheme_border, whole_graphemes
from annotator.model.schema import RelationType, Schema

Placed = tuple[int, int, int]
"""First token of a span, last token + 1, and which span it is."""


def checked_fragments(text: str, pairs: Iterable[tuple[int, int]]) -> Fragments:
    """Sort and join fragments and refuse what no span can be.

    Raises:
        RuleError: none, too many, empty, out of the text, or cutting a character as people see it.
    """
    pairs = list(pairs)
    for start, end in pairs:
        if not 0 <= start < end <= len(text):
            raise RuleError(
                f"A span from {start} to {end} does not lie in this text of {len(text)} characters."
            )
    fragments = fragments_of(*pairs) if len(pairs) != 1 else (Fragment(*pairs[0]),)
    if not fragments or len(fragments) > FRAGMENT_LIMIT:
        raise RuleError(f"A span has 1 to {FRAGMENT_LIMIT} fragments; this one has {len(fragments)}.")
    for start, end in fragments:
        if not (is_grapheme_border(text, start) and is_grapheme_border(text, end)):
            raise RuleError(f"A span from {start} to {end} would cut a character in two.")
    return fragments


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Take blanks off both ends of a stretch; all blanks give an empty one."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def uncut(text: str, fragments: Fragments) -> Fragments:
    """Widen what is chosen until it cuts no character as people see it, nor a line end of two."""
    pairs = [whole_graphemes(text, start, end) for start, end in fragments]
    return fragments if pairs == list(fragments) else fragments_of(*pairs)


def is_learnable(tokens: Tokens, fragments: Fragments) -> bool:
    """Tell whether a span begins and ends with a token, so that a spaCy model can learn it."""
    return all(tokens.on_borders(start, end) for start, end in fragments)


def moved_edge(
    text: str, tokens: Tokens, fragments: Fragments, *, edge: str, by: int, characters: bool = False
) -> Fragments | None:
    """Move the `left` or `right` edge of a span by one token or grapheme cluster; None where it cannot go.

    `by` is -1 or 1. An edge never crosses the other edge of its fragment, and stops at no place that would cut
    a character in two.
    """
    left = edge == "left"
    index = 0 if left else len(fragments) - 1
    start, end = fragments[index]
    moved = _stepped(text, tokens, start if left else end, by=by, left=left, characters=characters)
    if moved is None:
        return None
    start, end = (moved, end) if left else (start, moved)
    if start >= end:
        return None
    return fragments_of(*fragments[:index], Fragment(start, end), *fragments[index + 1 :])


def _stepped(text: str, tokens: Tokens, offset: int, *, by: int, left: bool, characters: bool) -> int | None:
    """Give the next place for an edge: of a token, or of any character."""
    if characters or not len(tokens):
        places: Iterable[int] = range(offset + by, len(text) + 1 if by > 0 else -1, by)
    else:
        borders = tokens.starts if left else tokens.ends
        first = bisect_right(borders, offset) if by > 0 else bisect_left(borders, offset) - 1
        places = (borders[index] for index in range(first, len(borders) if by > 0 else -1, by))
    return next((place for place in places if is_grapheme_border(text, place)), None)


def check_relation(schema: Schema, *, head: SpanKey, child: SpanKey, label: str) -> RelationType:
    """Refuse a relation that the schema does not allow.

    Raises:
        RuleError: unknown type, both ends the same span, or ends that this type may not join.
    """
    relation = schema.relation(label)
    if relation is None:
        raise RuleError(f"This project has no relation type {label}.")
    if head == child:
        raise RuleError("A relation needs two different spans.")
    if not relation.allows(head=head.label, child=child.label):
        raise RuleError(f"{label} does not go from {head.label} to {child.label} in this schema.")
    return relation


def without_overlaps(placed: Iterable[Placed]) -> tuple[list[Placed], list[Placed]]:
    """Split spans into those that can stand side by side, in text order, and the others: longest first, then first.

    `doc.ents` of spaCy, whose tokens belong to one entity each, holds the former.
    """
    kept, dropped = [], []
    taken: set[int] = set()
    for each in sorted(placed, key=lambda place: (place[0] - place[1], place[0])):
        tokens = range(each[0], each[1])
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            kept.append(each)
        else:
            dropped.append(each)
    return sorted(kept), dropped
