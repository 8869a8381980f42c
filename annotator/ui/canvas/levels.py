"""Puts the relations of one line on levels above its tags: as few crossings as can be, then as few levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations

from annotator.ui.canvas.figures import Connector

_GAP = 5.0
_LEVEL_COST = 0.6
_MOST_ORDERS = 5
"""With at most so many relations on a line every order is tried (120), else only swaps of neighbours."""

_Apart = list[list[bool]]
_Costs = list[list[int]]


def assign_levels(connectors: Sequence[Connector]) -> int:
    """Set the level of every connector of one line and give the number of levels."""
    if not connectors:
        return 0
    levels = [0] * len(connectors)
    if len(connectors) > 1:
        apart = [[_are_apart(one, other) for other in connectors] for one in connectors]
        if not all(apart[one][other] for one in range(len(apart)) for other in range(one)):
            levels = _best(connectors, apart)
    for connector, level in zip(connectors, levels, strict=True):
        connector.level = level
    return max(levels) + 1


def crossings(connectors: Sequence[Connector]) -> int:
    """Count where a line crosses a run or its words, with the levels as they are."""
    costs = _costs(connectors)
    return _count([connector.level for connector in connectors], costs)


def _best(connectors: Sequence[Connector], apart: _Apart) -> list[int]:
    """Find levels: the shortest lowest if that crosses nothing that another order would not, else the best order."""
    costs = _costs(connectors)
    number = len(connectors)
    least = sum(
        min(costs[one][other], costs[other][one])
        for one in range(number)
        for other in range(one)
        if not apart[one][other]
    )
    order = sorted(range(number), key=lambda index: (connectors[index].right - connectors[index].left, index))
    best = _stacked(order, apart)
    crossed = _count(best, costs)
    if crossed <= least:
        return best
    best_cost = crossed + _LEVEL_COST * max(best)
    for each in _orders(order, costs):
        levels = _stacked(each, apart)
        crossed = _count(levels, costs)
        cost = crossed + _LEVEL_COST * max(levels)
        if cost < best_cost - 1e-9:
            best, best_cost = levels, cost
    return best


def _orders(order: list[int], costs: _Costs) -> Iterator[Sequence[int]]:
    """Give the orders to try, from the lowest up; the first puts each where it crosses least."""
    if len(order) <= _MOST_ORDERS:
        yield from permutations(order)
        return
    left, sorted_order = list(order), []
    while left:
        lowest = min(left, key=lambda one: sum(costs[other][one] - costs[one][other] for other in left))
        left.remove(lowest)
        sorted_order.append(lowest)
    for each in (sorted_order, order):
        yield each
        for index, _ in enumerate(pairwise(each)):
            yield [*each[:index], each[index + 1], each[index], *each[index + 2 :]]


def _stacked(order: Sequence[int], apart: _Apart) -> list[int]:
    """Put each above all that came before it and share some of its width, in this order."""
    levels = [0] * len(order)
    for position, index in enumerate(order):
        own = apart[index]
        levels[index] = max((levels[other] + 1 for other in order[:position] if not own[other]), default=0)
    return levels


def _are_apart(one: Connector, other: Connector) -> bool:
    return one.right + _GAP <= other.left or one.left >= other.right + _GAP


def _costs(connectors: Sequence[Connector]) -> _Costs:
    """Count for each pair what crosses if the first lies above the second."""
    reaches = [(each.left, each.right, each.falls(), each.rises()) for each in connectors]
    return [
        [
            sum(low < x < high for x in falls) + sum(left < x < right for x in rises) if one != other else 0
            for other, (low, high, _, rises) in enumerate(reaches)
        ]
        for one, (left, right, falls, _) in enumerate(reaches)
    ]


def _count(levels: Sequence[int], costs: _Costs) -> int:
    return sum(
        costs[one][other] if level > other_level else costs[other][one]
        for one, level in enumerate(levels)
        for other, other_level in enumerate(levels[:one])
        if level != other_level
    )
