"""What single cells of tables hold: lists written as JSON or as Python writes them, spans of all known shapes, text.

Nothing here knows which column means what.
"""

from __future__ import annotations

import ast
import datetime as dt
import decimal
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from annotator.formats.jsonl import NotJsonError, is_whole, parse_line
from annotator.model.limits import JSON_DEPTH

LITERAL_LIMIT = 4_000_000
"""Longest cell that is read as a Python literal, in characters: the syntax tree takes many times that."""
_STARTS = ("start", "start_offset", "begin", "start_char")
_ENDS = ("end", "end_offset", "stop", "end_char")
_LABELS = ("label", "labels", "entity_group", "type", "entity", "tag")
_SURFACES = ("text", "word")
_INSIDE = ("spans", "entities")
"""Keys under which an object holds the list of its spans."""


def listed(cell: object) -> object:
    """Give the list or object that a cell holds or spells out as JSON or as a Python literal; None for others."""
    if isinstance(cell, list | dict):
        return cell
    if isinstance(cell, tuple):
        return list(cell)
    if not isinstance(cell, str) or cell.lstrip()[:1] not in ("[", "{", "("):
        return None
    written = cell.strip()
    try:
        value = parse_line(written)
    except NotJsonError:
        value = _literal(written)
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, list | dict) else None


def _literal(written: str) -> object:
    deepest = max(written.count(each) for each in "[({")
    if len(written) > LITERAL_LIMIT or (deepest > JSON_DEPTH and _depth(written) > JSON_DEPTH):
        return None
    try:
        return ast.literal_eval(written)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _depth(written: str) -> int:
    depth = most = 0
    for sign in written:
        depth += (sign in "[({") - (sign in "])}")
        most = max(most, depth)
    return most


def span_items(value: object) -> list[Any] | None:
    """Give the items of a list of spans, also of one inside an object or spread over lists; None if it is none."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    for name in _INSIDE:
        if isinstance(value.get(name), list):
            return list(value[name])
    lists = {name: each for name, each in value.items() if isinstance(each, list)}
    if lists and len({len(each) for each in lists.values()}) == 1 and _named(lists, _STARTS) is not None:
        return [dict(zip(lists, each, strict=True)) for each in zip(*lists.values(), strict=True)]
    return None


def are_spans(value: object) -> bool:
    """Tell whether a value is a list of spans with something in it."""
    items = span_items(value)
    if not items:
        return False
    start, end, labels, _ = span_parts(items[0])
    return is_whole(start) and is_whole(end) and bool(labels)


def span_parts(item: object) -> tuple[object, object, list[object], object]:
    """Give start, end, labels and, where they are told, the words of a span, however it is written."""
    if isinstance(item, list | tuple):
        if len(item) != 3:
            return None, None, [], None
        if isinstance(item[0], str) and is_whole(item[1]):  # label first, as some write it
            return item[1], item[2], [item[0]], None
        return item[0], item[1], [item[2]], None
    if isinstance(item, dict):
        label = _named(item, _LABELS)
        labels = label if isinstance(label, list) else [label]
        return _named(item, _STARTS), _named(item, _ENDS), labels, _named(item, _SURFACES)
    return None, None, [], None


def _named(item: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((item[name] for name in names if item.get(name) is not None), None)


def plain(value: object) -> Any:
    """Give what a cell holds as a JSON value; what JSON has no kind for becomes text, bytes and no-numbers nothing."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    return None if isinstance(value, bytes) else str(value)


def in_cell(value: object) -> str:
    """Give a JSON value as a cell shows it: text as it is, nothing as nothing, all else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
