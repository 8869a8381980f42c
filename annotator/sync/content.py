"""What both sides can hold of a document: spans, relations, note, state, categories, metadata; and how a base is kept.

Places are code points, end exclusive. Contents are compared as they are: what says the same is the same, whatever
number a server gave it. A base is the content at the last sync; it holds no words but those of the note, and labels as
numbers of `labels.py`, so that renaming one rewrites nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from annotator.model.annotation import Kind

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
APART_HERE, APART_THERE = "here", "there"
"""A document that is gone on one side and was left on the other: it is no new document there."""


class Place(NamedTuple):
    """A span: code points `start` to `end` and its label."""

    start: int
    end: int
    label: str

    def meets(self, other: Place) -> bool:
        """Tell whether two spans share a character."""
        return self.start < other.end and other.start < self.end


class Tie(NamedTuple):
    """A relation: what it joins, and its label."""

    head: Place
    child: Place
    label: str


Item = Place | Tie


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What a document has one of. `metadata` is a hash of it, `note` is in its normal form."""

    note: str = ""
    confirmed: bool = False
    categories: frozenset[str] = frozenset()
    metadata: str = ""


VALUES = ("note", "confirmed", "categories", "metadata")
"""The names of all of them."""


@dataclass(frozen=True, slots=True)
class Content:
    """What one side holds of a document."""

    spans: frozenset[Place] = frozenset()
    relations: frozenset[Tie] = frozenset()
    values: Values = field(default_factory=Values)

    @property
    def items(self) -> frozenset[Item]:
        """Give spans and relations together."""
        return self.spans | self.relations

    def without(self, types: Collection[tuple[Kind, str]]) -> Content:
        """Give the same without spans and relations of some types, and without relations that lose an end so."""

        def stays(item: Item) -> bool:
            if isinstance(item, Tie):
                return (Kind.RELATION, item.label) not in types and stays(item.head) and stays(item.child)
            return (Kind.SPAN, item.label) not in types

        return self.having(filter(stays, self.items))

    def having(self, items: Iterable[Item]) -> Content:
        """Give the same with other spans and relations."""
        kept = frozenset(items)
        ties = frozenset(item for item in kept if isinstance(item, Tie))
        return replace(
            self, spans=frozenset(item for item in kept if isinstance(item, Place)), relations=ties
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What is known of a linked document.

    Args:
        items: spans and relations that both sides had at the last sync. here, there: the values that each side had.
        going: what the server's side was about to become when the last sync began to change it, None where it ended.
        apart: `APART_HERE` where it is gone here and was left there, `APART_THERE` the other way round.
    """

    items: frozenset[Item] = frozenset()
    here: Values = field(default_factory=Values)
    there: Values = field(default_factory=Values)
    going: Content | None = None
    apart: str = ""


def normal_note(text: str) -> str:
    """Give a note as both sides keep it: paragraphs without blanks at their ends, one blank line between them."""
    return "\n\n".join(
        part for each in _BLANK_LINES.split(text.replace("\r\n", "\n")) if (part := each.strip())
    )


def note_of(comments: Iterable[str]) -> str:
    """Give the note that comments make, oldest first."""
    return "\n\n".join(note for each in comments if (note := normal_note(each)))


def paragraphs(note: str) -> frozenset[str]:
    """Give the paragraphs of a note."""
    return frozenset(note.split("\n\n")) if note else frozenset()


def hash_of(metadata: Mapping[str, Any]) -> str:
    """Give a short hash of metadata in its normal form; empty where there is none.

    An export writes null for what is missing and floats for whole numbers: both say the same as without.
    """
    plain = _normal(metadata)
    if not plain:
        return ""
    written = json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _normal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _normal(each) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_normal(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Callable[[Kind, str], int]
Name = Callable[[Kind, int], str]


def packed(base: Base, number: Number) -> str:
    """Write a base as compact JSON; `number` gives the number of a label."""
    written = _items_packed(base.items, number) | _values_packed(base.here)
    if base.there != base.here:
        written["t"] = _values_packed(base.there)
    if base.going is not None:
        written["g"] = _items_packed(base.going.items, number) | _values_packed(base.going.values)
    if base.apart:
        written["a"] = base.apart
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def unpacked(written: str, name: Name) -> Base:
    """Read what `packed` wrote; `name` gives the label of a number.

    Raises:
        ValueError: it is none of that.
    """
    try:
        value = json.loads(written)
        here = _values_unpacked(value)
        going = value.get("g")
        return Base(
            items=_items_unpacked(value, name),
            here=here,
            there=_values_unpacked(value["t"]) if "t" in value else here,
            going=None
            if going is None
            else Content(values=_values_unpacked(going)).having(_items_unpacked(going, name)),
            apart=str(value.get("a", "")),
        )
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError(f"no base: {written[:40]!r}") from error


def _items_packed(items: Iterable[Item], number: Number) -> dict[str, Any]:
    kept = frozenset(items)
    ties = sorted(item for item in kept if isinstance(item, Tie))
    ends = {end for tie in ties for end in (tie.head, tie.child)}
    # An end may be gone on one side while its relation is still known: it is kept behind the others.
    spans = sorted(item for item in kept if isinstance(item, Place))
    more = sorted(ends.difference(spans))
    at = {span: index for index, span in enumerate((*spans, *more))}
    written: dict[str, Any] = {}
    if at:
        written["s"] = [[each.start, each.end, number(Kind.SPAN, each.label)] for each in at]
    if more:
        written["x"] = len(spans)
    if ties:
        written["r"] = [[at[tie.head], at[tie.child], number(Kind.RELATION, tie.label)] for tie in ties]
    return written


def _items_unpacked(value: Mapping[str, Any], name: Name) -> frozenset[Item]:
    places = [Place(int(start), int(end), name(Kind.SPAN, label)) for start, end, label in value.get("s", ())]
    ties = [
        Tie(places[head], places[child], name(Kind.RELATION, label))
        for head, child, label in value.get("r", ())
    ]
    return frozenset([*places[: value.get("x", len(places))], *ties])


def _values_packed(values: Values) -> dict[str, Any]:
    told = {
        "n": values.note,
        "d": int(values.confirmed),
        "c": sorted(values.categories),
        "m": values.metadata,
    }
    return {name: each for name, each in told.items() if each}


def _values_unpacked(value: Mapping[str, Any]) -> Values:
    return Values(
        note=str(value.get("n", "")),
        confirmed=bool(value.get("d", 0)),
        categories=frozenset(map(str, value.get("c", ()))),
        metadata=str(value.get("m", "")),
    )
