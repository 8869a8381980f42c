"""Finds documents of a project for those of a server that have no link: after an interruption, or at the first sync."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from annotator.model.document import content_hash
from annotator.store.links import Standing
from annotator.sync.mapping import There, own_id


class Matching:
    """Matches by what an upload said, by where an import came from, and by texts that are there but once on both sides.

    Args:
        standings: documents of the project that have no link. source: from a number, where an import says it came from.
    """

    def __init__(self, standings: Iterable[Standing], *, source: Callable[[int], str]) -> None:
        self._by_id = {each.id: each for each in standings}
        self._by_source = {each.source: each for each in self._by_id.values() if each.source}
        self._source = source

    def pairs(self, documents: Sequence[There]) -> tuple[dict[int, Standing], list[There]]:
        """Give a document of the project for each number that has one, and the documents that are left."""
        found: dict[int, Standing] = {}
        left: list[There] = []
        hashes: dict[int, str] = {}
        for there in sorted(documents, key=lambda each: each.document.id):
            number = there.document.id
            standing = self._by_id.get(own_id(there.document)) or self._by_source.get(self._source(number))
            hashes[number] = content_hash(there.document.text)
            if standing is not None and standing.id in self._by_id and standing.hash == hashes[number]:
                found[number] = self._by_id.pop(standing.id)
            else:
                left.append(there)
        return found, self._by_text(left, hashes, found)

    def _by_text(
        self, documents: Sequence[There], hashes: dict[int, str], found: dict[int, Standing]
    ) -> list[There]:
        here: dict[str, list[Standing]] = defaultdict(list)
        for standing in self._by_id.values():
            here[standing.hash].append(standing)
        there: dict[str, int] = defaultdict(int)
        for each in documents:
            there[hashes[each.document.id]] += 1
        left = []
        for each in documents:
            content = hashes[each.document.id]
            if len(here[content]) == 1 and there[content] == 1:
                found[each.document.id] = here[content][0]
                del self._by_id[here[content][0].id]
            else:
                left.append(each)
        return left
