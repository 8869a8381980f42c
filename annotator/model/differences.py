"""Where two rows of values differ: after an act nearly all of them are the same objects. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import compress, count
from operator import is_not
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_MUCH = 32
"""Values between the same beginning and end from which on those that are in both rows are left out."""
_KNOWN: deque[tuple[Sequence[Any], Sequence[Any], tuple[Sequence[Any], Sequence[Any]]]] = deque(maxlen=16)
"""What was told or compared last: after an act several ask about the same rows."""


def differing(old: Sequence[T], new: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """Give what only the old one of two rows holds, and what only the new one does.

    The same means the very same objects. Where nobody told what differs, much between the same beginning and the same
    end of both rows costs some time in rows of thousands, and few values there are given though they are in both.
    Rows that are handed over are not changed any more.
    """
    if old is new:
        return (), ()
    for known_old, known_new, parts in tuple(_KNOWN):
        if known_old is old and known_new is new:
            return parts
    return tell_difference(old, new, *_differing(old, new))


def tell_difference(
    old: Sequence[T], new: Sequence[T], gone: Sequence[T], made: Sequence[T]
) -> tuple[Sequence[T], Sequence[T]]:
    """Tell what is gone and what is new in a row that was made of another, so that nobody has to compare them."""
    _KNOWN.append((old, new, (gone, made)))
    return gone, made


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


class EditedRow(Generic[T]):
    """A row that is edited value by value, and tells what differs between what it gives and what it gave before.

    A value that comes back counts neither as gone nor as new, and must come back to its place among the others.
    """

    def __init__(self, values: tuple[T, ...]) -> None:
        self.values = list(values)
        self._given = values
        self._gone: dict[int, T] = {}
        self._made: dict[int, T] = {}

    def insert(self, index: int, value: T) -> None:
        """Put a value in."""
        self.values.insert(index, value)
        self._note(value, came=self._made, left=self._gone)

    def pop(self, index: int) -> T:
        """Take a value out, and give it."""
        value = self.values.pop(index)
        self._note(value, came=self._gone, left=self._made)
        return value

    def replace(self, first: int, last: int, values: Sequence[T]) -> None:
        """Put values in the place of those from `first` until `last`."""
        for value in self.values[first:last]:
            self._note(value, came=self._gone, left=self._made)
        for value in values:
            self._note(value, came=self._made, left=self._gone)
        self.values[first:last] = values

    def given(self) -> tuple[T, ...]:
        """Give the row as it is: the very same as before where nothing differs."""
        if self._gone or self._made:
            before, self._given = self._given, tuple(self.values)
            tell_difference(before, self._given, tuple(self._gone.values()), tuple(self._made.values()))
            self._gone, self._made = {}, {}
        return self._given

    def _note(self, value: T, *, came: dict[int, T], left: dict[int, T]) -> None:
        if left.pop(id(value), None) is None:
            came[id(value)] = value
