"""What the columns of WebAnno TSV 3 hold: layers as the head of a file declares them, and the values of their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

NONE, NULL = "_", "*"
"""No annotation here; an annotation without a value."""
_SIGN = re.compile(r"\\->|\\.|.", re.DOTALL)
_NUMBER = re.compile(r"(.*)\[([0-9]{1,9})\]", re.DOTALL)
_POINTER = re.compile(r"([0-9]+-[0-9]+(?:\.[0-9]+)?)(?:\[([0-9]{1,9})(?:_([0-9]{1,9}))?\])?")
_LINK = re.compile(r"(.*)->([0-9]{1,9})-([0-9]{1,9})", re.DOTALL)
_MEANINGS = {"\\t": "\t", "\\n": "\n", "\\r": "\r"}


class Kind(Enum):
    """What a layer holds."""

    SPANS = "#T_SP="
    CHAINS = "#T_CH="
    RELATIONS = "#T_RL="


@dataclass(frozen=True, slots=True)
class Slot:
    """A feature that points to other annotations: the columns of roles and of targets, and the layer pointed to."""

    roles: int
    targets: int
    target_layer: str
    name: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: its type, the columns of its features by name, its slots; of relations, what they join and where from.

    A layer of spans without any feature has one column, which says no more than that there is a span.
    """

    kind: Kind
    type: str
    features: tuple[tuple[str, int], ...]
    slots: tuple[Slot, ...] = ()
    base: str = ""
    sources: int = 0

    @property
    def name(self) -> str:
        """Give the last part of its type, by which people know it."""
        return self.type.rsplit(".", 1)[-1]

    @property
    def label(self) -> str:
        """Give the feature that says what an annotation is: `value`, or else the first."""
        names = [name for name, _ in self.features]
        return "value" if "value" in names else names[0] if names else ""


def layer_of(line: str, column: int) -> tuple[Layer, int] | None:
    """Give the layer that a line of the head declares and the column behind it; None if it declares none."""
    kind = next((each for each in Kind if line.startswith(each.value)), None)
    if kind is None:
        return None
    name, *declared = line.removeprefix(kind.value).split("|")
    features: list[tuple[str, int]] = []
    slots: list[Slot] = []
    base = ""
    upcoming = iter(declared)
    for feature in upcoming:
        if kind is Kind.RELATIONS and feature.startswith("BT_"):
            base = feature.removeprefix("BT_")
        elif feature.startswith("ROLE_"):
            role = feature.removeprefix("ROLE_").split(":", 1)[-1].rsplit("_", 1)[0]
            slots.append(Slot(column, column + 1, next(upcoming, ""), role))
            column += 2
        else:
            features.append((feature, column))
            column += 1
    if kind is Kind.SPANS and not declared:
        features.append(("", column))
        column += 1
    sources = column
    column += kind is Kind.RELATIONS
    return Layer(kind, name.strip(), tuple(features), tuple(slots), base, sources), column


def meant(words: str) -> str:
    """Give what escaped words mean."""
    return "".join(_MEANINGS.get(sign, sign[1:] if len(sign) > 1 else sign) for sign in _SIGN.findall(words))


def parts_of(cell: str, between: str = "|") -> list[str]:
    """Cut a cell at a sign, but not where it is escaped; the parts are still escaped."""
    parts = [""]
    for sign in _SIGN.findall(cell):
        if sign == between:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def numbered(part: str) -> tuple[str | None, int]:
    """Give what a part says, None for an annotation without a value, and its number, 0 where it has none."""
    found = _NUMBER.fullmatch(part)
    number = 0
    if found is not None and not _ends_escaping(found.group(1)):
        part, number = found.group(1), int(found.group(2))
    return (None if part in (NULL, "") else meant(part)), number


def _ends_escaping(words: str) -> bool:
    return (len(words) - len(words.rstrip("\\"))) % 2 == 1


def stacked(
    cells: Sequence[str], columns: Sequence[tuple[str, int]]
) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Give the annotations that one row has of a layer: the number of each, and its features."""
    parts = {name: parts_of(cells[column]) for name, column in columns if column < len(cells)}
    parts = {name: each for name, each in parts.items() if each != [NONE]}
    for index in range(max(map(len, parts.values()), default=0)):
        number, features = 0, dict[str, str | None]()
        for name, each in parts.items():
            if index < len(each):
                features[name], told = numbered(each[index])
                number = number or told
        yield number, features


def pointer(part: str) -> tuple[str, int, int] | None:
    """Give the row that a part points to, with the numbers of source and target there, 0 where one is plain."""
    found = _POINTER.fullmatch(part)
    if found is None:
        return None
    return found.group(1), int(found.group(2) or 0), int(found.group(3) or 0)


def link(part: str) -> tuple[str | None, int, int] | None:
    """Give the words of a link of a chain, the number of the chain, and its place there."""
    found = _LINK.fullmatch(part)
    if found is None:
        return None
    words = found.group(1)
    return (None if words in (NULL, "") else meant(words)), int(found.group(2)), int(found.group(3))
