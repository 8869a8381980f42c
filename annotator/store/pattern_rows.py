"""Rows of pattern lists and of their blocks, as values and back."""

from __future__ import annotations

from annotator.model.annotation import Kind
from annotator.model.limits import NAME_REFUSED
from annotator.model.patterns import PatternBlock, PatternList
from annotator.model.wording import is_unprintable
from annotator.store.cells import Columns, Stored
from annotator.store.soundness import sound
from annotator.store.type_rows import Types


def list_columns(each: PatternList, types: Types) -> Columns:
    """Write a pattern list."""
    return {
        "key": each.key,
        "id": each.id,
        "name": each.name,
        "source": each.source,
        "type": types.key(Kind.SPAN, each.label),
        "ignore_case": int(each.ignore_case),
        "enabled": int(each.enabled),
        "version": each.version,
    }


@sound("pattern list")
def list_of(row: Stored, types: Types) -> PatternList:
    """Read a row of the table `pattern_list`."""
    for name in (row["name"], row["source"]):
        if len(name) > NAME_REFUSED:
            raise ValueError(f"a name has {len(name):,} characters")
        if not name.isprintable() and any(map(is_unprintable, name)):
            raise ValueError(f"the name {name[:40]!r} holds control characters")
    return PatternList(
        key=row["key"],
        id=row["id"],
        name=row["name"],
        source=row["source"],
        label=types.name(row["type"]),
        ignore_case=bool(row["ignore_case"]),
        enabled=bool(row["enabled"]),
        version=row["version"],
    )


def block_columns(block: PatternBlock, _types: Types) -> Columns:
    """Write a block of patterns."""
    return {"key": block.key, "list": block.list, "patterns": block.patterns, "version": block.version}


@sound("patterns")
def block_of(row: Stored, _types: Types) -> PatternBlock:
    """Read a row of the table `pattern_block`; what is in it is looked at where it is unpacked."""
    return PatternBlock(key=row["key"], list=row["list"], patterns=row["patterns"], version=row["version"])
