"""Which part of the corpus documents go to when some of them must stay together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.model.document import Part, part_of

DEV_SHARE = 10
"""Percent of the documents that go to dev where none is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document to be parted.

    Args:
        name: its id, or a hash of its text. part: where it is now; None for nowhere yet.
        kept: values that keep it together with others by a person's wish, such as its source; they settle its part.
        ties: what keeps it with others besides: near-duplicates, equal texts.
    """

    name: str
    part: Part | None = None
    kept: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()


def parted(members: Sequence[Member], *, seed: str) -> list[Part]:
    """Give the part of each document, such that what is tied together is in one part.

    Where a person wished it, the part comes from a hash of the value that is kept together, and of nothing else, so
    that adding documents moves none. Else it is that of the first of those that are tied together.
    """
    parts: list[Part] = [Part.TRAIN] * len(members)
    for group in _groups(members):
        kept = min((value for index in group for value in members[index].kept), default=None)
        first = members[group[0]]
        part = first.part or Part(part_of(first.name, seed=seed))
        if kept is not None:
            part = Part(part_of(kept, seed=seed))
        for index in group:
            parts[index] = part
    return parts


def with_dev(members: Sequence[Member], parts: Sequence[Part], *, seed: str) -> list[Part]:
    """Give the parts such that both train and dev have documents, moving whole groups and no more than it takes.

    Where there is only one group, one of them stays empty.
    """
    found = list(parts)
    groups = sorted(_groups(members), key=lambda group: _order(members[group[0]].name, seed))
    if len(groups) < 2:
        return found

    def of(part: Part) -> list[list[int]]:
        return [group for group in groups if found[group[0]] is part]

    def move(some: Sequence[Sequence[int]], part: Part, enough: int) -> None:
        for group in some:
            if found.count(part) < enough:
                for index in group:
                    found[index] = part

    if Part.TRAIN not in found:
        move(of(Part.DEV)[1:] or of(Part.TEST), Part.TRAIN, len(found))
    if Part.DEV not in found:
        move(of(Part.TRAIN)[:-1] or of(Part.TEST), Part.DEV, max(1, len(found) * DEV_SHARE // 100))
    return found


def _order(name: str, seed: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{name}".encode()).digest()


def _groups(members: Sequence[Member]) -> list[list[int]]:
    """Put together whatever shares a value, directly or by way of others; in the order of their first members."""
    above = list(range(len(members)))

    def root(index: int) -> int:
        while above[index] != index:
            above[index] = above[above[index]]
            index = above[index]
        return index

    first: dict[str, int] = {}
    for index, member in enumerate(members):
        for value in (*member.kept, *member.ties):
            one, other = root(first.setdefault(value, index)), root(index)
            above[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = {}
    for index in range(len(members)):
        groups.setdefault(root(index), []).append(index)
    return list(groups.values())
