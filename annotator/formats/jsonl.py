"""Reads and writes single lines of JSON, strictly: finite numbers, whole characters, bounded depth."""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn, TypeGuard

from annotator.model.errors import FormatError
from annotator.model.limits import JSON_DEPTH

OWN_DEPTH_LIMIT = JSON_DEPTH + 8
"""Deepest nesting in what we wrote ourselves, where fields of others stand a few levels deeper."""
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
}


class NotJsonError(Exception):
    """Say in words for a report why a line is no JSON that can be kept."""


def parse_line(line: str, *, depth: int = JSON_DEPTH) -> object:
    """Give the value of one line of JSON.

    Raises:
        NotJsonError: not JSON, too deep, a number that is not finite, or half a surrogate pair in a string.
    """
    try:
        value = _DECODER.decode(line)
    except RecursionError:
        raise NotJsonError(_too_deep(depth)) from None
    except json.JSONDecodeError as error:
        raise NotJsonError(
            f"not JSON: {_lowered(error.msg.removesuffix(' at'))} at character {error.colno:,}"
        ) from None
    except ValueError as error:  # a whole number of thousands of digits
        raise NotJsonError(f"not usable: {_lowered(str(error))}") from None
    if line.count("{") + line.count("[") > depth and _is_deeper(value, depth):
        raise NotJsonError(_too_deep(depth))
    if _HALF.search(line):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            half = ord(error.object[error.start])
            raise NotJsonError(
                f"not usable: it holds half a surrogate pair (\\u{half:04x}) in a string"
            ) from None
    return value


def json_line(value: object, *, what: str) -> bytes:
    """Write a value as one line of JSON in UTF-8, with its line end; `what` names it in messages.

    Characters that other readers take for line ends are written as escapes.

    Raises:
        FormatError: the value holds something JSON cannot.
    """
    try:
        line = _ENCODER.encode(value)
        if not line.isascii():
            line = line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
        return f"{line}\n".encode()
    except UnicodeEncodeError as error:
        raise FormatError(f"{what} holds half a surrogate pair.", "Take the broken character out.") from error
    except (TypeError, ValueError) as error:
        raise FormatError(
            f"{what} holds something that JSON cannot: {error}.", "Remove it from its fields."
        ) from error


def kind_of(value: object) -> str:
    """Say in words what kind of JSON value something is."""
    return "null" if value is None else _KINDS.get(type(value), type(value).__name__)


def is_whole(value: object) -> TypeGuard[int]:
    """Tell whether a JSON value is a whole number; `true` and `1.0` are not."""
    return type(value) is int


def _too_deep(depth: int) -> str:
    return f"nested deeper than {depth} levels"


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]


def _refuse_constant(name: str) -> NoReturn:
    raise NotJsonError(f"not JSON: it holds {name}, which is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise NotJsonError(f"not usable: the number {digits[:40]} is too large")
    return number


def _is_deeper(value: object, limit: int) -> bool:
    level = [value]
    for _ in range(limit + 1):
        containers = [each for each in level if isinstance(each, dict | list)]
        if not containers:
            return False
        level = [
            inner for each in containers for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return True


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
