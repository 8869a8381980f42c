"""Looks at every value of a row that was found: what cannot be is mended where something can stand for it.

The newest rows must be readable by `rows.py` and by every migration, so that nothing odd goes past here.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from annotator.model.annotation import How, Origin, Reason
from annotator.model.change import BatchState, StepKind
from annotator.model.document import Part, State
from annotator.model.errors import RuleError, UserError
from annotator.model.identity import new_id
from annotator.model.limits import EARLIEST, LATEST
from annotator.model.packing import unpack_numbers
from annotator.model.schema import COLORS, check_name
from annotator.store.cells import HOW_LETTERS, ORIGIN_LETTERS
from annotator.store.journal import read_columns
from annotator.store.repair.records import Value
from annotator.store.repair.shapes import Shape
from annotator.store.repair.trees import Found


class LostError(Exception):
    """The row holds what it cannot hold, and nothing can stand for it."""


Rule = Callable[[Value], Value]
_EXTENT = re.compile(r"\d{1,10}-\d{1,10}(,\d{1,10}-\d{1,10})*")
_OWN_COLOR = re.compile("#[0-9a-fA-F]{6}")
_SETTING = re.compile(r"[\w .:-]{1,100}")


def _identity(value: Value) -> Value:
    if isinstance(value, bytes):
        return value if len(value) == 16 else uuid.UUID(new_id()).bytes
    return value if value and "\ufffd" not in str(value) else new_id()


def _one_of(allowed: type[Any], instead: str, letters: Iterable[str] = ()) -> Rule:
    known = {each.value for each in allowed}.union(letters)
    return lambda value: value if value in known else instead


def _switch(value: Value) -> Value:
    return value if value in (0, 1) else 0


def _object(value: Value) -> Value:
    if value == "{}":
        return value
    return value if isinstance(_parsed(value), dict) else "{}"


def _base(value: Value) -> Value:
    """Keep what a sync knows of a link where it can be read; without it both sides are compared as they are."""
    return value if isinstance(_parsed(value), dict) else ""


def _keys(value: Value) -> Value:
    found = _parsed(value)
    return value if isinstance(found, list) and all(isinstance(each, int) for each in found) else "[]"


def _parsed(value: Value) -> Any:
    try:
        return json.loads(str(value))
    except (ValueError, RecursionError):
        return None


def _json_or_lost(value: Value) -> Value:
    if value is not None and _parsed(value) is None and value != "null":
        raise LostError
    return value


def _list_or_lost(value: Value) -> Value:
    if not isinstance(_parsed(value), list):
        raise LostError
    return value


def _row_or_lost(value: Value) -> Value:
    """Keep what the journal wrote of a row where it can be read as one."""
    if value is None:
        return value
    if not isinstance(_parsed(value), dict):
        raise LostError
    try:
        read_columns(str(value))
    except UserError as error:
        raise LostError from error
    return value


def _extent(value: Value) -> Value:
    """Keep fragments that rise and do not touch."""
    if value is None:
        return value
    if not isinstance(value, str) or not _EXTENT.fullmatch(value):
        raise LostError
    last = -1
    for piece in value.split(","):
        start, _, end = piece.partition("-")
        if not last < int(start) < int(end):
            raise LostError
        last = int(end)
    return value


def _packed_numbers(value: Value) -> Value:
    try:
        unpack_numbers(bytes(value) if isinstance(value, bytes) else b"")
    except (KeyError, ValueError) as error:
        raise LostError from error
    return value


def _setting(value: Value) -> Value:
    if not isinstance(value, str) or not _SETTING.fullmatch(value):
        raise LostError
    return value


def _kind(value: Value) -> Value:
    if value not in ("span", "relation"):
        raise LostError
    return value


def _number(value: Value) -> Value:
    if not isinstance(value, int) or value < 0:
        raise LostError
    return value


def _moment(value: Value) -> Value:
    """Keep what has a date; nobody knows another one."""
    return value if isinstance(value, int | float) and EARLIEST <= value <= LATEST else 0


def _version(value: Value) -> Value:
    return value if isinstance(value, int) and 0 <= value < 1 << 48 else 0


def _import(value: Value) -> Value:
    return value if isinstance(value, int) and 0 < value < 1 << 48 else 0


def _share(value: Value) -> Value:
    """Keep a score; a candidate cannot be without one, what a person decided can."""
    return value if value is None or (isinstance(value, int | float) and 0 <= value <= 1) else None


def _certain_share(value: Value) -> Value:
    if _share(value) is None:
        raise LostError
    return value


def _color(value: Value) -> Value:
    return value if value in COLORS or _OWN_COLOR.fullmatch(str(value)) else COLORS[0]


def _name(value: Value) -> Value:
    try:
        check_name(str(value))
    except RuleError as error:
        raise LostError from error
    return value


_EVERYWHERE: dict[str, Rule] = {
    "at": _moment,
    "score": _share,
    "id": _identity,
    "flagged": _switch,
    "excluded": _switch,
    "removed": _switch,
    "hidden": _switch,
    "symmetric": _switch,
    "everywhere": _switch,
    "live": _switch,
    "ignore_case": _switch,
    "enabled": _switch,
    "metadata": _object,
    "attributes": _object,
    "version": _version,
    "how": _one_of(How, How.SINGLE.value, HOW_LETTERS.values()),
    "origin": _one_of(Origin, Origin.MANUAL.value, ORIGIN_LETTERS.values()),
    "document": _number,
}
_OF_TABLE: dict[tuple[str, str], Rule] = {
    ("document", "state"): _one_of(State, State.IN_PROGRESS.value),
    ("document", "part"): _one_of(Part, Part.TRAIN.value),
    ("document", "batch"): _import,
    ("candidate", "score"): _certain_share,
    ("type", "color"): _color,
    ("type", "name"): _name,
    ("batch", "state"): _one_of(BatchState, BatchState.PUBLISHED.value),
    ("step", "kind"): _one_of(StepKind, StepKind.PAST.value),
    ("type", "kind"): _kind,
    ("type", "heads"): _keys,
    ("type", "children"): _keys,
    ("span", "fragments"): _extent,
    ("asked", "fragments"): _extent,
    ("rejection", "head"): _extent,
    ("rejection", "child"): _extent,
    ("rejection", "reason"): _one_of(Reason, Reason.WRONG.value),
    ("candidate", "head"): _extent,
    ("candidate", "child"): _extent,
    ("tokenization", "tokens"): _packed_numbers,
    ("tokenization", "sentences"): _packed_numbers,
    ("change", "before"): _row_or_lost,
    ("change", "after"): _row_or_lost,
    ("change", "document"): lambda value: value,
    ("pattern_block", "patterns"): _list_or_lost,
    ("external_id", "base"): _base,
    ("setting", "name"): _setting,
    ("setting", "value"): _json_or_lost,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A row ready to be written, its values in the order of the shape's columns, and the columns that were mended."""

    values: list[Value]
    mended: tuple[str, ...]


@cache
def _rules(shape: Shape) -> tuple[tuple[int, Rule], ...]:
    found = []
    for number, column in enumerate(shape.columns):
        rule = _OF_TABLE.get((shape.name, column.name)) or _EVERYWHERE.get(column.name)
        if rule is not None and number != shape.key:
            found.append((number, rule))
    return tuple(found)


def checked(shape: Shape, found: Found) -> Checked:
    """Look at a row that fits its table.

    Raises:
        LostError: it cannot be used.
    """
    record = found.record
    values = list(record.values)
    mended = {shape.columns[number].name for number in record.damaged}
    missing = shape.columns[len(values) :]
    values += [column.default for column in missing]
    if not record.whole:
        mended.update(column.name for column in missing)
        for number, column in enumerate(shape.columns):
            if values[number] is None and not column.nullable and number != shape.key:
                values[number] = instead(column.name, key=found.key)
    if shape.key is not None:
        if found.key <= 0:
            raise LostError
        values[shape.key] = found.key
    for number, rule in _rules(shape):
        value = values[number]
        better = rule(value)
        if better is not value:
            values[number] = better
            mended.add(shape.columns[number].name)
    return Checked(values, tuple(sorted(mended)))


_INSTEAD: dict[str, Value] = {
    "state": State.TODO.value,
    "part": Part.TRAIN.value,
    "metadata": "{}",
    "attributes": "{}",
    "heads": "[]",
    "children": "[]",
    "kind": "span",
    "color": "blue",
}
_NUMBERS = frozenset(
    {
        *("length", "flagged", "excluded", "removed", "hidden", "symmetric", "version", "at", "batch"),
        *("documents", "ignore_case", "enabled"),
    }
)


def instead(column: str, *, key: int) -> Value:
    """Give what a column holds in a row of which nothing else is known; `key` is the row's."""
    if column == "id":
        return new_id()
    if column in {"position", "key"}:
        return key
    if column in _NUMBERS:
        return 0
    return _INSTEAD.get(column, "")
