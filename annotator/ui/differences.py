"""Rows that are kept in order from one change to the next. No Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")
P = TypeVar("P", bound=tuple[Any, ...])


class Cut(NamedTuple):
    """Where a row in order is cut to take a value out, or to put one in behind all that stand before it."""

    at: int
    place: Any
    is_new: bool
    value: Any


def cuts_in(
    row: Sequence[T], gone: Iterable[T], new: Iterable[T], *, place: Callable[[T], Any] = lambda value: value
) -> list[Cut]:
    """Give the cuts in a row in the order of `place`, which differs for all values, that `rejoined` carries out."""
    return sorted(
        Cut(bisect_left(row, place(value), key=place), place(value), is_new, value)
        for values, is_new in ((gone, False), (new, True))
        for value in values
    )


def rejoined(
    row: Sequence[T], cuts: Iterable[Cut], *, value: Callable[[Any], T] = lambda value: value
) -> list[T]:
    """Give a row without what is gone and with what is new; copies it once, however many cuts there are."""
    found: list[T] = []
    at = 0
    for cut in cuts:
        found += row[at : cut.at]
        at = max(at, cut.at)
        if cut.is_new:
            found.append(value(cut.value))
        else:
            at = cut.at + 1
    found += row[at:]
    return found


class Ordered(Generic[P]):
    """Names in the order of their places, which end with the name; both are kept from one change to the next."""

    def __init__(self) -> None:
        self._places: dict[str, P] = {}
        self._order: list[P] = []
        self.names: tuple[str, ...] = ()

    def change(self, gone: Iterable[str], new: Mapping[str, P | None]) -> None:
        """Take names out, then put names in at their places; without a place one stays out."""
        removed = [place for name in gone if (place := self._places.pop(name, None)) is not None]
        added = {name: place for name, place in new.items() if place is not None}
        if not removed and not added:
            return
        self._places.update(added)
        if not self._order:
            self._order = sorted(added.values())
            self.names = tuple(place[-1] for place in self._order)
            return
        cuts = cuts_in(self._order, removed, added.values())
        self._order = rejoined(self._order, cuts)
        self.names = tuple(rejoined(self.names, cuts, value=lambda place: place[-1]))
