"""Rows that this program cannot have written: turns what they make fail into a message.

A project file may come from a stranger or from a broken disk. What a row holds is looked at where it becomes a value
of the model, so that everything above may trust values.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, ParamSpec, TypeVar

from annotator.model.errors import RepairableError
from annotator.model.limits import EARLIEST, LATEST

P = ParamSpec("P")
R = TypeVar("R")

UNREADABLE = (
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What reading a row raises that holds something else than it should."""


class DamagedError(RepairableError):
    """A row holds what this program never writes."""

    def __init__(self, what: str, detail: str) -> None:
        super().__init__(
            f"A row of this project is damaged or was made by another program ({what}: {detail}).",
            "See all of them with: annotator check PROJECT.",
        )


def sound(what: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function that reads a row refuse one that this program cannot have written.

    The function's value is looked at too: every field of a dataclass must hold what its type says, and every moment
    must have a date. `what` names the row in the message of the `DamagedError`.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def reading(*args: P.args, **options: P.kwargs) -> R:
            try:
                value = function(*args, **options)
            except UNREADABLE as error:
                raise DamagedError(what, _short(error)) from error
            wrong = _wrong_field(value)
            if wrong:
                raise DamagedError(what, wrong)
            return value

        return reading

    return wrap


def _short(error: BaseException) -> str:
    written = f"{type(error).__name__} {error}"
    return written if len(written) <= 120 else written[:120] + "…"


def _wrong_field(value: Any) -> str:
    """Name a field that does not hold what its type says; empty where all do."""
    kind: Any = type(value)
    for name, allowed, look in _expected(kind):
        found: Any = getattr(value, name)
        if not look and type(found) in allowed:
            continue
        if not isinstance(found, allowed):
            return f"{name} is {type(found).__name__}"
        if look == "moment" and not EARLIEST <= getattr(value, name) <= LATEST:
            return f"{name} is {found}"
        if look == "inside" and (inner := _wrong_field(found)):
            return inner
    return ""


@functools.cache
def _expected(kind: type) -> tuple[tuple[str, tuple[type, ...], str], ...]:
    """Give for each field of a dataclass which classes its value may have, and what more is looked at.

    Nothing for a class that is none.
    """
    if not is_dataclass(kind):
        return ()
    hints = typing.get_type_hints(kind)
    expected = []
    for field in fields(kind):
        allowed = _classes(hints[field.name])
        look = "moment" if field.name == "at" else "inside" if any(map(is_dataclass, allowed)) else ""
        if field.init and allowed:
            expected.append((field.name, allowed, look))
    return tuple(expected)


def _classes(hint: Any) -> tuple[type, ...]:
    """Give the classes that a type hint stands for; none where it says nothing that could be looked at."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        parts = [_classes(each) for each in typing.get_args(hint)]
        return tuple(each for part in parts for each in part) if all(parts) else ()
    found = origin or hint
    if found is float:
        return float, int
    if isinstance(found, type):
        return (Mapping,) if issubclass(found, Mapping) else (found,)
    return ()
