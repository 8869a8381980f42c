"""Puts the relations of one line on levels above its tags: shortest lowest, as few crossings as can be had cheaply."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from annotator.ui.canvas.figures import Connector

_GAP = 5.0
_LEVEL_COST = 0.6
_MOST_ORDERS = 4
"""With at most so many relations on a line every order is tried (24), else only swaps of neighbours."""


def assign_levels(connectors: Sequence[Connector]) -> int:
    """Set the level of every connector of one line and give the number of levels."""
    if not connectors:
        return 0
    order = sorted(range(len(connectors)), key=lambda index: (_length(connectors[index]), index))
    best = _greedy(connectors, order)
    best_crossings = _crossings(connectors, best)
    if best_crossings:
        best = _search(connectors, order, best, best_crossings)
    for connector, level in zip(connectors, best, strict=True):
        connector.level = level
    return max(best) + 1


def crossings(connectors: Sequence[Connector]) -> int:
    """Count where a stem crosses a run or its words, with the levels as they are."""
    return _crossings(connectors, [connector.level for connector in connectors])


def _search(
    connectors: Sequence[Connector], order: list[int], best: list[int], best_crossings: int
) -> list[int]:
    best_cost = best_crossings + _LEVEL_COST * (max(best) + 1)
    if len(order) <= _MOST_ORDERS:
        orders = [list(each) for each in permutations(order)]
    else:
        orders = [_swapped(order, index) for index in range(len(order) - 1)][:24]
        orders.append(order[::-1])
    for each in orders:
        levels = _greedy(connectors, each)
        cost = _crossings(connectors, levels) + _LEVEL_COST * (max(levels) + 1)
        if cost < best_cost - 1e-9:
            best, best_cost = levels, cost
    return best


def _swapped(order: list[int], index: int) -> list[int]:
    swapped = order.copy()
    swapped[index], swapped[index + 1] = swapped[index + 1], swapped[index]
    return swapped


def _greedy(connectors: Sequence[Connector], order: Sequence[int]) -> list[int]:
    levels = [0] * len(connectors)
    taken: list[list[Connector]] = []
    for index in order:
        connector = connectors[index]
        # Above whatever of its width lies there already: a run never passes below another's stem start.
        for level, row in enumerate(taken):
            if all(
                connector.right + _GAP <= other.left or connector.left >= other.right + _GAP for other in row
            ):
                levels[index] = level
                row.append(connector)
                break
        else:
            levels[index] = len(taken)
            taken.append([connector])
    return levels


def _crossings(connectors: Sequence[Connector], levels: Sequence[int]) -> int:
    count = 0
    for high, level in zip(connectors, levels, strict=True):
        for low, other in zip(connectors, levels, strict=True):
            if other < level:
                count += sum(low.left < foot.x < low.right for foot in high.feet)
    return count


def _length(connector: Connector) -> float:
    return connector.right - connector.left
