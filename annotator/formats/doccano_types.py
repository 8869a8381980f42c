"""Reads and writes doccano's files of label types: a JSON list of names with colours and keys.

It holds no documents. Types of spans and of relations are lists of their own there: a file whose name ends in
`.relations.types.json` is one of relations.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.formats.base import Format, ReadOptions, Report, Reporter, file_name, shown
from annotator.formats.json_files import values_of
from annotator.formats.jsonl import kind_of
from annotator.formats.text_files import opened
from annotator.formats.type_files import write_types
from annotator.model.errors import RuleError
from annotator.model.hues import color_of, hex_of
from annotator.model.limits import TYPE_LIMIT
from annotator.model.record import Loss, Record
from annotator.model.schema import EntityType, RelationType, Schema, Type, check_name

SUFFIX = ".types.json"
_RELATIONS = f".relations{SUFFIX}"
_KEY = re.compile(r"(?:L )?([0-9a-zA-Z])|(Shift\+)([0-9])")
_MARK = re.compile(rb'"(?:suffix_key|background_color|prefix_key)"\s*:')
_HAS_TEXT = re.compile(rb'"text"\s*:')


def sniff(head: bytes, path: Path) -> float:
    """Tell by the keys of the first type."""
    del path
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:4_000]
    is_types = start.startswith((b"[", b"{")) and _MARK.search(start) and _HAS_TEXT.search(start)
    return 0.95 if is_types else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield nothing; say so where the file holds no type either."""
    found = types(path, options, lambda _problem: None)
    if not found.entities and not found.relations:
        Reporter(shown(path), report).refused(f"{file_name(path)} holds no documents and no label types.")
    return iter(())


def types(path: Path, options: ReadOptions, report: Report) -> Schema:
    """Give the types of a file; what cannot be used of one is reported."""
    return _types_of(path, options, report, of_relations=_is_of_relations(path))


def _is_of_relations(path: Path) -> bool:
    return path.name.lower().endswith(_RELATIONS)


def _types_of(path: Path, options: ReadOptions, report: Report, *, of_relations: bool) -> Schema:
    reporter, name = Reporter(shown(path), report), file_name(path)
    found: dict[str, EntityType] = {}
    with opened(path) as file:
        for line, value in values_of(file, name=name, options=options, reporter=reporter):
            told = _type(value, reporter.at(line=line))
            if told is None:
                continue
            if told.name in found or len(found) >= TYPE_LIMIT:
                why = "stands there twice" if told.name in found else "is one too many"
                reporter.at(line=line).refused(f"The type {told.name} {why}; it was left out.")
                continue
            taken = {each.shortcut for each in found.values() if each.shortcut}
            if told.shortcut in taken:
                reporter.at(line=line).repaired(f"The key of {told.name} is another type's; it has none now.")
                told = replace(told, shortcut="")
            found[told.name] = told
    if of_relations:
        relations = [
            RelationType(name=each.name, color=each.color, shortcut=each.shortcut) for each in found.values()
        ]
        return Schema((), tuple(relations))
    return Schema(tuple(found.values()))


def _type(value: object, reporter: Reporter) -> EntityType | None:
    if not isinstance(value, dict):
        reporter.refused(f"This is {kind_of(value)}, not a label type; it was left out.")
        return None
    name = value.get("text")
    try:
        if not isinstance(name, str):
            raise RuleError(f"its name is {kind_of(name)}, not text.")
        check_name(name.strip())
    except RuleError as error:
        reporter.refused(f"A label type was left out: {error.what}")
        return None
    return EntityType(
        name=name.strip(),
        color=color_of(value.get("background_color")),
        shortcut=_shortcut(value, name.strip(), reporter),
    )


def _shortcut(value: dict[str, Any], name: str, reporter: Reporter) -> str:
    """Give the key: digits as they are, letters behind `L`, since plain letters are acts here."""
    prefix, key = value.get("prefix_key") or "", value.get("suffix_key") or ""
    if not isinstance(key, str) or not isinstance(prefix, str) or len(key) != 1:
        return ""
    if key.isascii() and key.isdigit() and prefix in ("", "shift"):
        return f"Shift+{key}" if prefix else key
    if key.isalpha() and prefix in ("", "shift"):
        reporter.repaired(f"The key {key} of {name} became L {key.lower()}.")
        return f"L {key.lower()}"
    reporter.repaired(f"The key {prefix} {key} of {name} is used for something else here; it has none now.")
    return ""


def write(path: Path, schema: Schema) -> tuple[Loss, ...]:
    """Write the types of spans, or of relations where the name says so, as doccano's page of labels imports them."""
    of_relations = _is_of_relations(path)
    kept = Schema((), schema.relations) if of_relations else Schema(schema.entities)
    chosen: list[Type] = [*kept.entities, *kept.relations]
    content = json.dumps(list(map(_fields, chosen)), ensure_ascii=False, indent=2)
    return write_types(
        path,
        schema,
        f"{content}\n",
        kept=kept,
        read=lambda part: _types_of(part, ReadOptions(), lambda _problem: None, of_relations=of_relations),
    )


def _fields(each: Type) -> dict[str, Any]:
    color = hex_of(each.color)
    found = _KEY.fullmatch(each.shortcut)
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return {
        "text": each.name,
        "prefix_key": "shift" if found is not None and found.group(2) else None,
        "suffix_key": None if found is None else (found.group(1) or found.group(3)).lower(),
        "background_color": color,
        "text_color": "#ffffff" if 299 * red + 587 * green + 114 * blue < 150_000 else "#000000",
    }


FORMAT = Format(
    name="doccano-types",
    title="doccano label types",
    suffixes=(SUFFIX,),
    sniff=sniff,
    read=read,
    types=types,
    write_types=write,
)
