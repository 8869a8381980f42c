"""Says in words what stands at a place or is a value of a document, for plans and results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from annotator.sync.content import Item, Place, Tie

_BRIEF = 40
"""Most of the words of a span that are told, in code points."""


def items_words(text: str, items: Iterable[Item]) -> str:
    """Say what stands at a place: `“Kyiv” is LOC`; what is gone is deleted."""
    in_order = sorted(items, key=lambda each: (isinstance(each, Tie), each))
    said = [
        f"“{item_words(text, item)}” is {item.label}" if isinstance(item, Place) else item_words(text, item)
        for item in in_order
    ]
    return "; ".join(said) or "deleted"


def value_words(name: str, value: Any) -> str:
    """Say what a note, a state or categories are."""
    if name == "confirmed":
        return "done" if value else "not done"
    if name == "note":
        return value or "no note"
    return ", ".join(sorted(value)) or "none"


def metadata_words(ours: Mapping[str, Any], others: Mapping[str, Any]) -> str:
    """Say what one side has in those metadata in which the other has something else."""
    told = [
        f"{name}: {ours.get(name, 'none')}"
        for name in {**ours, **others}
        if ours.get(name) != others.get(name)
    ]
    return _brief(", ".join(told)) or "none"


def item_words(text: str, item: Item) -> str:
    """Say the words of a span, or of both ends of a relation."""
    if isinstance(item, Tie):
        return f"“{item_words(text, item.head)}” {item.label} “{item_words(text, item.child)}”"
    return _brief(text[item.start : item.end])


def _brief(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _BRIEF else words[: _BRIEF - 1].rstrip() + "…"
