"""What a repair brought back and what it did not, by kind and by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from annotator.model.wording import counted

KINDS = (
    *("text", "tokens", "span", "relation", "rejection", "asked", "type", "pattern_list", "pattern_block"),
    *("step", "candidate", "setting"),
)
"""What is counted, in the order in which it is told."""
NAMED = 5000
"""Most losses that are named one by one; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One thing that did not come back, or not as it was.

    Args:
        kind: one of `KINDS`. what: title or name, for a person. why: a sentence. count: how many of the kind.
        document: row key of the document it was in, or 0. mended: it is there, but not all of it is as it was.
    """

    kind: str
    what: str
    why: str
    count: int = 1
    document: int = 0
    mended: bool = False


@dataclass(slots=True, kw_only=True)
class Salvage:
    """The outcome of a repair.

    Args:
        back: how many came back, by kind. documents: those of them that people see.
        lost: by name, up to `NAMED`. lost_counts: by kind; those that are there but mended are not counted.
        remarks: sentences on the file as a whole. undo_ends: what ended undo, empty where all of it stands.
    """

    back: dict[str, int] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)
    lost_counts: dict[str, int] = field(default_factory=dict)
    told: int = 0
    remarks: list[str] = field(default_factory=list)
    undo_ends: str = ""

    def lose(
        self, kind: str, what: str, why: str, *, count: int = 1, document: int = 0, mended: bool = False
    ) -> None:
        """Note that something did not come back as it was."""
        self.told += 1
        if not mended:
            self.lost_counts[kind] = self.lost_counts.get(kind, 0) + count
        if len(self.lost) < NAMED:
            self.lost.append(
                Lost(kind=kind, what=what, why=why, count=count, document=document, mended=mended)
            )

    @property
    def whole(self) -> bool:
        """Tell whether everything came back as it was."""
        return not self.told and not self.undo_ends

    def counts(self) -> Iterator[tuple[str, int, int]]:
        """Yield kind, how many came back, and how many are known to be lost."""
        for kind in KINDS:
            back, lost = self.back.get(kind, 0), self.lost_counts.get(kind, 0)
            if back or lost:
                yield kind, back, lost


def gaps(known: list[int], last: int) -> list[tuple[int, int]]:
    """Give the stretches of keys from 1 to `last` that are not known."""
    found = []
    next_key = 1
    for key in [*known, last + 1]:
        if key > next_key:
            found.append((next_key, min(key - 1, last)))
        next_key = max(next_key, key + 1)
    return [(first, end) for first, end in found if first <= end]


def counted_rows(table: str, count: int) -> str:
    """Write how many rows of a table: `1 span`, `1,204 spans`."""
    word = "thing" if table == "asked" else table.replace("_", " ")
    return f"{counted(count, word)}{' asked for' if table == 'asked' else ''}"


def ranges(keys: list[int]) -> list[tuple[int, int]]:
    """Join neighbouring keys."""
    found: list[tuple[int, int]] = []
    for key in keys:
        if found and key == found[-1][1] + 1:
            found[-1] = (found[-1][0], key)
        else:
            found.append((key, key))
    return found
