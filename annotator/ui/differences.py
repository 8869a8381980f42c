"""Where two rows of values differ: after an act nearly all of them are the same objects. No Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, count
from operator import is_not
from typing import Any, Generic, TypeVar

T = TypeVar("T")
P = TypeVar("P", bound=tuple[Any, ...])
MANY = 256
"""Changes from which on sorting all is quicker than putting each in its place."""

_MUCH = 32
"""Values between the same beginning and end from which on those that are in both rows are left out."""
_RECENT: deque[tuple[Sequence[Any], Sequence[Any], tuple[Sequence[Any], Sequence[Any]]]] = deque(maxlen=6)
"""What was compared last: after an act several ask about the same two rows."""


def differing(old: Sequence[T], new: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """Give what lies between the same beginning and the same end of two rows: of the old one, and of the new one.

    The same means the very same objects; in a row of thousands that takes a fraction of a millisecond. Where much lies
    between, what is in both rows is left out as well: an act that proposes the same words all over an article changes
    few of its rows. Rows that are handed over are not changed any more.
    """
    if old is new:
        return (), ()
    for known_old, known_new, parts in _RECENT:
        if known_old is old and known_new is new:
            return parts
    parts = _differing(old, new)
    _RECENT.append((old, new, parts))
    return parts


def _differing(old: Sequence[T], new: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    shorter = min(len(old), len(new))
    first = next(compress(count(), map(is_not, old, new)), shorter)
    last = next(compress(count(), map(is_not, reversed(old), reversed(new))), shorter)
    last = min(last, shorter - first)
    old_part, new_part = old[first : len(old) - last], new[first : len(new) - last]
    if min(len(old_part), len(new_part)) < _MUCH:
        return old_part, new_part
    in_old, in_new = set(map(id, old_part)), set(map(id, new_part))
    return (
        [each for each in old_part if id(each) not in in_new],
        [each for each in new_part if id(each) not in in_old],
    )


class Ordered(Generic[P]):
    """Names in the order of their places, which end with the name; both are kept from one change to the next."""

    def __init__(self) -> None:
        self._places: dict[str, P] = {}
        self._order: list[P] = []
        self._names: list[str] = []
        self.names: tuple[str, ...] = ()

    def change(self, gone: Iterable[str], new: Mapping[str, P | None]) -> None:
        """Take names out, then put names in at their places; without a place one stays out."""
        removed = [place for name in gone if (place := self._places.pop(name, None)) is not None]
        added = {name: place for name, place in new.items() if place is not None}
        if not removed and not added:
            return
        self._places.update(added)
        if len(removed) + len(added) > MANY:
            self._order = sorted(self._places.values())
            self._names = [place[-1] for place in self._order]
        else:
            for place in removed:
                index = bisect_left(self._order, place)
                del self._order[index], self._names[index]
            for place in added.values():
                index = bisect_left(self._order, place)
                self._order.insert(index, place)
                self._names.insert(index, place[-1])
        self.names = tuple(self._names)
