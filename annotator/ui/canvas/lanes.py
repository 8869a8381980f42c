"""The lanes in the margins: which relation runs where beside the text, kept until the relation changes.

Places are (block, line) pairs. A lane once given is kept, so that scrolling and editing make nothing flicker.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import NamedTuple

Place = tuple[int, int]
Run = tuple[Place, Place, str]
LANES = 5
"""Lanes on each side; a relation that finds none is named by chips instead."""


class Lane(NamedTuple):
    """A lane: side -1 left or 1 right, number 0 nearest the text."""

    side: int
    number: int


class LaneRun(NamedTuple):
    """What runs in a lane: the id of a relation, its lane, its upper and lower end."""

    relation: str
    lane: Lane
    upper: Place
    lower: Place


class Lanes:
    """All lanes of an article and what runs in them."""

    def __init__(self) -> None:
        self._runs: dict[Lane, list[Run]] = {
            Lane(side, number): [] for side in (-1, 1) for number in range(LANES)
        }
        self._given: dict[str, tuple[Lane | None, Place, Place]] = {}

    def given(self, relation: str) -> bool:
        """Tell whether a relation was given a lane, or told there is none."""
        return relation in self._given

    def lane(self, relation: str) -> Lane | None:
        """Give the lane of a relation, None where it found none."""
        return self._given[relation][0]

    def give(self, relation: str, first: Place, last: Place, *, side: int) -> Lane | None:
        """Give a relation the free lane nearest the text on a side, else on the other; keep it."""
        for wanted in (side, -side):
            for number in range(LANES):
                lane = Lane(wanted, number)
                runs = self._runs[lane]
                if _is_free(runs, first, last):
                    insort(runs, (first, last, relation))
                    self._given[relation] = (lane, first, last)
                    return lane
        self._given[relation] = (None, first, last)
        return None

    def release(self, relation: str) -> None:
        """Free what a relation held."""
        lane, first, last = self._given.pop(relation, _NOWHERE)
        if lane is not None:
            self._runs[lane].remove((first, last, relation))

    def crossing(self, first: Place, last: Place) -> list[LaneRun]:
        """List what runs beside the lines from one place to another."""
        return [
            LaneRun(relation, lane, upper, lower)
            for lane, runs in self._runs.items()
            for upper, lower, relation in _between(runs, first, last)
        ]

    def entangled(self, side: int, first: Place, last: Place) -> int:
        """Count what runs on a side and must cross a run between two places: neither lies within the other."""
        return sum(
            upper < first < lower < last or first < upper < last < lower
            for lane, runs in self._runs.items()
            if lane.side == side
            for upper, lower, _ in _between(runs, first, last)
        )

    def clear(self) -> None:
        """Free everything, as when lines are broken anew."""
        self._given.clear()
        for runs in self._runs.values():
            runs.clear()


_NOWHERE: tuple[Lane | None, Place, Place] = (None, (0, 0), (0, 0))


def _between(runs: list[Run], first: Place, last: Place) -> Iterator[Run]:
    # The runs of a lane lie one after another: at most one begins before the first place and passes it.
    index = bisect_left(runs, (first, (-1, -1), ""))
    if index and runs[index - 1][1] >= first:
        index -= 1
    while index < len(runs) and runs[index][0] <= last:
        yield runs[index]
        index += 1


def _is_free(runs: list[Run], first: Place, last: Place) -> bool:
    # The runs of a lane never overlap, so only the neighbours of the place matter.
    index = bisect_left(runs, (first, last, ""))
    if index < len(runs) and runs[index][0] <= last:
        return False
    return index == 0 or runs[index - 1][1] < first
