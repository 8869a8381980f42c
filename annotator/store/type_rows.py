"""The types of a project as the tables have them: spans, relations and rejections point to them by row key.

`Types` translates names, so that a renamed type touches no span.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from annotator.model.annotation import Kind
from annotator.model.limits import NAME_REFUSED
from annotator.model.schema import EntityType, RelationType, Schema, Type
from annotator.store.cells import Columns, Stored
from annotator.store.soundness import sound

_ACTING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Kinds of characters that never stood in the name of a type."""


class Types:
    """The types of a project by row key and by name; `hidden` ones wait for an import, perhaps under a name in use."""

    def __init__(self, types: Iterable[Type]) -> None:
        self.hidden: set[int] = set()
        self.by_key: dict[int, str] = {}
        self.by_name: dict[tuple[Kind, str], int] = {}
        entities: list[EntityType] = []
        relations: list[RelationType] = []
        for each in sorted(types, key=lambda each: (each.position, each.key)):
            self.by_key[each.key] = each.name
            if each.hidden:
                self.hidden.add(each.key)
                continue
            if isinstance(each, RelationType):
                relations.append(each)
                self.by_name[Kind.RELATION, each.name] = each.key
            else:
                entities.append(each)
                self.by_name[Kind.SPAN, each.name] = each.key
        self.schema = Schema(tuple(entities), tuple(relations))

    def knowing(self, more: Mapping[tuple[Kind, str], int]) -> Types:
        """Give the same with further types by kind and name: hidden ones, while their import runs."""
        other = Types(())
        other.by_key = self.by_key | {key: name for (_, name), key in more.items()}
        other.by_name = self.by_name | dict(more)
        other.hidden = self.hidden
        other.schema = self.schema
        return other

    def name(self, key: int) -> str:
        """Give the name of a type."""
        return self.by_key[key]

    def key(self, kind: Kind, name: str) -> int:
        """Give the row key of a type.

        Raises:
            KeyError: no type of this name.
        """
        return self.by_name[kind, name]


def type_columns(each: Type, types: Types) -> Columns:
    """Write a type; ends of relation types by row key."""
    relation = each if isinstance(each, RelationType) else None
    ends = (
        [[types.key(Kind.SPAN, name) for name in side] for side in (relation.heads, relation.children)]
        if (relation is not None)
        else [[], []]
    )
    return {
        "key": each.key,
        "id": each.id,
        "kind": (Kind.SPAN if relation is None else Kind.RELATION).value,
        "name": each.name,
        "position": each.position,
        "shortcut": each.shortcut,
        "color": each.color,
        "shown": each.shown,
        "summary": each.summary,
        "guideline": each.guideline,
        "symmetric": int(relation is not None and relation.symmetric),
        "heads": json.dumps(ends[0]),
        "children": json.dumps(ends[1]),
        "hidden": int(each.hidden),
        "version": each.version,
    }


@sound("type")
def type_of(row: Stored, names: Mapping[int, str] | Types) -> Type:
    """Read a row of the table `type`; ends whose type is gone are left out."""
    common: dict[str, Any] = {
        name: row[name]
        for name in (
            "key",
            "id",
            "name",
            "position",
            "shortcut",
            "color",
            "shown",
            "summary",
            "guideline",
            "version",
        )
    }
    common["hidden"] = bool(row["hidden"])
    if len(row["name"]) > NAME_REFUSED:
        raise ValueError(f"a name has {len(row['name']):,} characters")
    if not row["name"].isprintable() and any(unicodedata.category(sign) in _ACTING for sign in row["name"]):
        raise ValueError(f"the name {row['name'][:40]!r} holds control characters")
    if row["kind"] == Kind.SPAN.value:
        return EntityType(**common)
    known = names.by_key if isinstance(names, Types) else names
    return RelationType(
        **common,
        symmetric=bool(row["symmetric"]),
        heads=tuple(known[key] for key in json.loads(row["heads"]) if key in known),
        children=tuple(known[key] for key in json.loads(row["children"]) if key in known),
    )
