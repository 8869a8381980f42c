"""Looks at what a removal for good left that was killed: the next opening finishes it, and nothing else is touched."""

from __future__ import annotations

from tests.stress.model import Model
from tests.stress.state import APPENDED, COUNTS, Difference, Row, Shape, State, told

_TOUCHED = frozenset({*APPENDED, COUNTS, "batch", "setting"})
"""Tables in which other rows may change: names and counts of acts and imports that lost documents."""


def half_removed(model: Model, state: State, changed: Difference, documents: set[int]) -> list[str]:
    """Give what shows that documents were removed by half, or more than they."""
    found = []
    still = documents & state["document"].keys()
    if still:
        found.append(f"{len(still)} of {len(documents)} documents that were to go for good are still there")
    for name, rows in state.items():
        shape = model.shapes[name]
        left = [key for key, row in rows.items() if _document(name, shape, row) in documents]
        if left:
            found.append(f"{name} {left[:5]} of removed documents are still there")
    for name, differing in changed.items():
        shape = model.shapes[name]
        others = {
            key: row
            for key, row in differing.items()
            if _document(name, shape, row or model.state[name][key]) not in documents
        }
        if others and name not in _TOUCHED:
            found.append(f"a removal changed what is not removed: {told({name: others})}")
    found += _settings(changed)
    return found + _batches(model, state, changed, documents)


def _document(name: str, shape: Shape, row: Row) -> int | None:
    """Give the document that a row belongs to, if any."""
    if name in ("document", "tokenization"):
        key: int = row[shape.key[0]]
        return key
    place = shape.place("document")
    return None if place is None else row[place]


def _settings(changed: Difference) -> list[str]:
    strange = [key for key in changed.get("setting", {}) if key != "view"]
    return [f"settings {strange} are left of a removal"] if strange else []


def _batches(model: Model, state: State, changed: Difference, documents: set[int]) -> list[str]:
    """Accept that imports are called anew, and go where no document is left of them."""
    shape = model.shapes["batch"]
    name = shape.columns.index("name")
    batch = model.shapes["document"].columns.index("batch")
    touched = {model.state["document"][key][batch] for key in documents if key in model.state["document"]}
    held = {row[batch] for row in state["document"].values()}
    found = []
    for key, row in changed.get("batch", {}).items():
        before = model.state["batch"].get(key)
        is_renamed = row is not None and before is not None and _but(row, name) == _but(before, name)
        if key not in touched or not (is_renamed or (row is None and key not in held)):
            found.append(f"import {key} changed with a removal: {row!r:.200}")
    return found


def _but(row: Row, place: int) -> Row:
    return (*row[:place], *row[place + 1 :])
