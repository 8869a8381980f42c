"""Pairs of entities that may be related, and what a classifier is told of each: the words around them, no parser.

Only places of one sentence make pairs: the words of a sentence tell how its own entities hang together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from annotator.suggest.learning.pages import Page, Place

NEIGHBOURS = 14
"""Most places behind a place that it makes pairs with."""
REACH = 60
"""Most tokens between the places of a pair."""
_WORDS = 12
"""Most words between two places that are told one by one."""
_PHRASE = 4
"""Most words between two places that are told as a whole."""
_STEM = 5
"""Letters of a word that stand for all its forms."""
_DISTANCES = (0, 1, 2, 3, 5, 8, 13, 21)

Allowed = Callable[[str, str], bool]
"""Tells whether any relation may go from a head of one label to a child of another."""


class Pair(NamedTuple):
    """Two places, in the direction of a relation between them."""

    head: Place
    child: Place


class Sight(NamedTuple):
    """Two places as they stand in a sentence: which of its places, and whether the head comes first."""

    one: int
    other: int
    forward: bool


def pairs_in(page: Page, places: Sequence[Place], allowed: Allowed) -> Iterator[tuple[Pair, list[str]]]:
    """Give every pair that may be related with what is told of it, in text order.

    Args:
        page: the document. places: its entities. allowed: which labels may be joined.
    """
    ordered = sorted(set(places))
    for first, last in page.sentences:
        inside = [each for each in ordered if first <= each.first and each.last <= last]
        for sight in _sights(inside):
            one, other = inside[sight.one], inside[sight.other]
            pair = Pair(one, other) if sight.forward else Pair(other, one)
            if allowed(pair.head.label, pair.child.label):
                yield pair, list(_told(page, inside, sight, (first, last)))


def with_said(told: list[str], said: Mapping[str, float]) -> list[str]:
    """Add what patterns say of a pair: for each label their score, in tenths."""
    return told + [f"said={label}:{round(score * 10)}" for label, score in sorted(said.items())]


def _sights(inside: Sequence[Place]) -> Iterator[Sight]:
    for one in range(len(inside)):
        for other in range(one + 1, min(len(inside), one + 1 + NEIGHBOURS)):
            if inside[other].first - inside[one].last <= REACH and inside[one][:2] != inside[other][:2]:
                yield Sight(one, other, forward=True)
                yield Sight(one, other, forward=False)


def _told(page: Page, inside: Sequence[Place], sight: Sight, sentence: tuple[int, int]) -> Iterator[str]:
    one, other = inside[sight.one], inside[sight.other]
    kind = f"{one.label}{'>' if sight.forward else '<'}{other.label}"
    yield "1"
    yield kind
    yield from _between(page, inside, sight, kind)
    yield from _around(page, one, other, sentence, kind)
    yield from _place_among(inside, sight, kind)
    for name, place in (("1", one), ("2", other)):
        head = page.words[place.last - 1].lower()
        yield f"end{name}={head}"
        yield f"end{name}={head} {kind}"


def _between(page: Page, inside: Sequence[Place], sight: Sight, kind: str) -> Iterator[str]:
    """Tell how far apart two places are, and which words stand between them."""
    one, other = inside[sight.one], inside[sight.other]
    words = [word.lower() for word in page.words[one.last : other.first]]
    distance = sum(border <= len(words) for border in _DISTANCES)
    entities = sum(one.last <= each.first and each.last <= other.first for each in inside)
    if other.first < one.last:
        yield f"over {kind}"
    yield f"far={distance}"
    yield f"far={distance} {kind}"
    yield f"among={min(entities, 4)}"
    yield f"among={min(entities, 4)} {kind}"
    for word in words[:_WORDS]:
        yield f"mid={word}"
        yield f"mid={_stem(word)} {kind}"
    if len(words) <= _PHRASE:
        phrase = " ".join(words)
        yield f"all={phrase}"
        yield f"all={phrase} {kind}"
    elif words:
        yield f"ends={words[0]} {words[-1]} {kind}"


def _around(page: Page, one: Place, other: Place, sentence: tuple[int, int], kind: str) -> Iterator[str]:
    """Tell the words before the first place and behind the second."""
    first, last = sentence
    before = [word.lower() for word in page.words[max(first, one.first - 2) : one.first]]
    behind = [word.lower() for word in page.words[other.last : min(last, other.last + 2)]]
    for number, word in enumerate(reversed(before), start=1):
        yield f"pre{number}={word} {kind}"
    for number, word in enumerate(behind, start=1):
        yield f"post{number}={word} {kind}"
    yield f"post={' '.join(behind)}"


def _place_among(inside: Sequence[Place], sight: Sight, kind: str) -> Iterator[str]:
    """Tell whether each place is the nearest of its label to the other, and how many there are in all."""
    one, other = inside[sight.one], inside[sight.other]
    nearer_one = any(each.label == one.label for each in inside[sight.one + 1 : sight.other])
    nearer_other = any(each.label == other.label for each in inside[sight.one + 1 : sight.other])
    yield f"near={int(not nearer_one)}{int(not nearer_other)} {kind}"
    yield f"many={min(len(inside), 8)} {kind}"
    same = [each for each in inside if each.label in (one.label, other.label)]
    yield f"same={min(len(same), 6)} {kind}"


def _stem(word: str) -> str:
    return word[:_STEM]
