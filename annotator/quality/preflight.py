"""Holds the spans of one document against the tokens with which a spaCy model would be trained.

What a model cannot learn is named span by span, with what would mend it; nothing is changed here. Offsets are code
points; the tokens are those of whatever pipeline or language was chosen, not only the document's own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotator.model.annotation import Fragment, Fragments, SpanKey
from annotator.model.document import Tokens
from annotator.model.offsets import is_grapheme_border
from annotator.model.rules import Placed, trimmed, without_overlaps


class Flaw(StrEnum):
    """What keeps a span from being learnt as it stands, in the order in which it is told."""

    EMPTY = "empty"
    EDGES = "blank edges"
    MISALIGNED = "off token borders"
    DISCONTINUOUS = "several fragments"
    DUPLICATE = "duplicate"
    OVERLAPPING = "overlapping"
    LONG = "too long"


class Mend(StrEnum):
    """A change that takes a flaw away."""

    TRIM = "trim"
    EXTEND = "extend"
    SHRINK = "shrink"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One flaw of one span.

    Args:
        span, other: which of the spans, and the one that it doubles or gives way to.
        tokens: how many tokens it holds, as far as it matters.
        mends: the changes that are offered, with the fragments the span would get; None where it would go.
    """

    flaw: Flaw
    span: int
    other: int | None = None
    tokens: int = 0
    mends: tuple[tuple[Mend, Fragments | None], ...] = ()


def findings_in(
    text: str, spans: Sequence[SpanKey], tokens: Tokens, *, holds_overlaps: bool, longest: int
) -> list[Finding]:
    """Find the flaws of accepted spans, by span and then by flaw.

    Args:
        holds_overlaps: whether the layout has room for spans that share tokens.
        longest: most tokens of a span that a model tries; 0 for any number.
    """
    found = [*_alone(text, spans, tokens), *_doubles(text, spans)]
    double = {each.span for each in found if each.flaw is Flaw.DUPLICATE}
    placed = _placed(text, spans, tokens, besides=double)
    if not holds_overlaps:
        found += _overlaps(placed)
    found += [
        Finding(flaw=Flaw.LONG, span=index, tokens=last - first)
        for first, last, index in placed
        if longest and last - first > longest
    ]
    order = list(Flaw)
    return sorted(found, key=lambda each: (each.span, order.index(each.flaw)))


def _alone(text: str, spans: Sequence[SpanKey], tokens: Tokens) -> Iterator[Finding]:
    """Find what is wrong with each span by itself."""
    for index, (fragments, _) in enumerate(spans):
        inner = _without_blanks(text, fragments)
        if inner is None:
            yield Finding(flaw=Flaw.EMPTY, span=index, mends=((Mend.DROP, None),))
            continue
        if inner != fragments:
            yield Finding(flaw=Flaw.EDGES, span=index, mends=((Mend.TRIM, inner),))
        if len(inner) > 1:
            yield Finding(flaw=Flaw.DISCONTINUOUS, span=index)
        elif not tokens.on_borders(*inner[0]):
            yield Finding(flaw=Flaw.MISALIGNED, span=index, mends=tuple(_to_tokens(text, tokens, inner[0])))


def _without_blanks(text: str, fragments: Fragments) -> Fragments | None:
    """Take blanks off the edges of every fragment, and fragments of blanks away; None where nothing is left."""
    inner = [Fragment(*trimmed(text, start, end)) for start, end in fragments]
    left = tuple(each for each in inner if each.start < each.end)
    return left or None


def _to_tokens(text: str, tokens: Tokens, span: Fragment) -> Iterator[tuple[Mend, Fragments]]:
    """Give the stretches of whole tokens around a span and inside it, where there are such."""
    wider = tokens.snap(*span)
    if wider is not None and _is_whole(text, wider):
        yield Mend.EXTEND, (Fragment(*wider),)
    first, last = bisect_left(tokens.starts, span.start), bisect_right(tokens.ends, span.end)
    if first < last:
        narrower = (tokens.starts[first], tokens.ends[last - 1])
        if _is_whole(text, narrower):
            yield Mend.SHRINK, (Fragment(*narrower),)


def _is_whole(text: str, stretch: tuple[int, int]) -> bool:
    return all(is_grapheme_border(text, offset) for offset in stretch)


def _doubles(text: str, spans: Sequence[SpanKey]) -> Iterator[Finding]:
    """Find spans that say the same as an earlier one: the same words at the same place with the same label."""
    first: dict[tuple[Fragments, str], int] = {}
    for index, (fragments, label) in enumerate(spans):
        inner = _without_blanks(text, fragments)
        if inner is None:
            continue
        other = first.setdefault((inner, label), index)
        if other != index:
            yield Finding(flaw=Flaw.DUPLICATE, span=index, other=other, mends=((Mend.DROP, None),))


def _placed(text: str, spans: Sequence[SpanKey], tokens: Tokens, *, besides: set[int]) -> list[Placed]:
    """Give the tokens of every span of one piece that has any; blanks at its edges do not count."""
    placed: list[Placed] = []
    for index, (fragments, _) in enumerate(spans):
        inner = _without_blanks(text, fragments)
        if inner is not None and len(inner) == 1 and index not in besides:
            first, last = tokens.covering(*inner[0])
            if first < last:
                placed.append((first, last, index))
    return placed


def _overlaps(placed: Sequence[Placed]) -> Iterator[Finding]:
    """Find the spans that give way to a longer or earlier one where each token has room for one alone."""
    kept, dropped = without_overlaps(placed)
    ends = [last for _, last, _ in kept]
    for first, _last, index in dropped:
        other = kept[bisect_right(ends, first)]  # the first that ends behind its beginning
        yield Finding(flaw=Flaw.OVERLAPPING, span=index, other=other[2])
