"""The lanes in the margins: which relation runs where beside the text, kept until the relation changes.

Places are (block, line) pairs. A lane once given is kept, so that scrolling and editing make nothing flicker.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import NamedTuple

Place = tuple[int, int]
LANES = 5
"""Lanes on each side; a relation that finds none is named by chips instead."""


class Lane(NamedTuple):
    """A lane: side -1 left or 1 right, number 0 nearest the text."""

    side: int
    number: int


class Lanes:
    """All lanes of an article and what runs in them."""

    def __init__(self) -> None:
        self._runs: dict[Lane, list[tuple[Place, Place, str]]] = {
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

    def crossing(self, first: Place, last: Place) -> list[tuple[str, Place, Place]]:
        """List what runs beside the lines from one place to another: relation, its upper and lower end."""
        found = []
        for runs in self._runs.values():
            # The runs of a lane lie one after another: at most one begins before the first place and passes it.
            index = bisect_left(runs, (first, (-1, -1), ""))
            if index and runs[index - 1][1] >= first:
                index -= 1
            while index < len(runs) and runs[index][0] <= last:
                upper, lower, relation = runs[index]
                found.append((relation, upper, lower))
                index += 1
        return found

    def clear(self) -> None:
        """Free everything, as when lines are broken anew."""
        self._given.clear()
        for runs in self._runs.values():
            runs.clear()


_NOWHERE: tuple[Lane | None, Place, Place] = (None, (0, 0), (0, 0))


def _is_free(runs: list[tuple[Place, Place, str]], first: Place, last: Place) -> bool:
    # The runs of a lane never overlap, so only the neighbours of the place matter.
    index = bisect_left(runs, (first, last, ""))
    if index < len(runs) and runs[index][0] <= last:
        return False
    return index == 0 or runs[index - 1][1] < first
