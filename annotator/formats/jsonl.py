"""Reads and writes single lines of JSON, strictly: finite numbers, whole characters, bounded depth.

msgspec does it, which is three to eight times as quick as the standard library. That one has the last word: it reads
what msgspec refuses, as its messages say where and why, and writes what msgspec would not give back as it was.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn, TypeGuard

import msgspec

from annotator.formats.base import half_a_pair
from annotator.model.errors import FormatError
from annotator.model.limits import JSON_DEPTH

OWN_DEPTH_LIMIT = JSON_DEPTH + 8
"""Deepest nesting in what we wrote ourselves, where fields of others stand a few levels deeper."""
_SHORT = 4_096
"""Bytes of a line up to which its brackets are few, mostly, so that counting them is quickest."""
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


def parse_line(line: str | bytes, *, depth: int = JSON_DEPTH) -> object:
    """Give the value of one line of JSON.

    Raises:
        NotJsonError: not JSON, too deep, a number that is not finite, or half a surrogate pair in a string.
        UnicodeDecodeError: bytes that are no UTF-8.
    """
    try:
        value = _READER.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        value = _carefully_read(line if isinstance(line, str) else line.decode().strip("\r\n \t"), depth)
    if not is_surely_within(line, depth) and _is_deeper(value, depth):
        raise NotJsonError(_too_deep(depth))
    return value


def _carefully_read(line: str, depth: int) -> object:
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
    if _HALF.search(line) and not _is_deeper(value, depth):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            half = ord(error.object[error.start])
            raise NotJsonError(
                f"not usable: it holds half a surrogate pair (\\u{half:04x}) in a string"
            ) from None
    return value


def json_line(value: object, *, what: str, depth: int | None = None, is_flat: bool = False) -> bytes:
    """Write a value as one line of JSON in UTF-8, with its line end; reading it gives the value.

    Characters that other readers take for line ends are written as escapes.

    Args:
        what: names it in messages. depth: how deeply it may be nested, if that is asked for. is_flat: it is known to
            hold text, whole numbers, true, false and null alone, in few levels, so that all this is not looked at.

    Raises:
        FormatError: the value holds something JSON cannot, or is nested more deeply.
    """
    try:
        line = _written(value, is_flat=is_flat)
    except UnicodeEncodeError as error:
        raise half_a_pair(what) from error
    except (TypeError, ValueError) as error:
        raise FormatError(
            f"{what} holds something that JSON cannot: {error}.", "Remove it from its fields."
        ) from error
    if depth is not None and not is_flat and not is_surely_within(line, depth) and _is_deeper(value, depth):
        raise FormatError(f"{what} holds fields that are {_too_deep(depth)}.", "Remove them.")
    if not line.isascii():
        for sign, escape in _LINE_ENDS:
            if sign[0] in line:  # quicker to tell
                line = line.replace(sign, escape)
    return line + b"\n"


def _written(value: object, *, is_flat: bool) -> bytes:
    try:
        line = _WRITER.encode(value)
        # What is no JSON, msgspec writes in some other way: null for NaN, text for dates, lists for sets.
        is_same = is_flat or _READER.decode(line) == value
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        is_same = False
    return line if is_same else _ENCODER.encode(value).encode()


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


def is_surely_within(line: str | bytes, limit: int) -> bool:
    """Tell at a glance at its brackets that a line is nested no deeper; False where they leave a doubt."""
    if isinstance(line, str):
        line = line.encode("utf-8", "surrogatepass")
    if len(line) <= _SHORT and line.count(b"{") + line.count(b"[") <= limit:
        return True
    left = line.translate(None, _NO_BRACKETS)
    quotes = left.count(b'"')
    if len(left) - quotes <= 2 * limit:
        return True
    if b"\\" in line:
        left = line.replace(b"\\\\", b"").replace(b'\\"', b"").translate(None, _NO_BRACKETS)
        quotes = left.count(b'"')
    # Strings without brackets leave two quotes side by side; one with brackets parts its own, which leaves a doubt.
    if 2 * left.count(b'""') < quotes:
        return False
    left = left.translate(None, b'"')
    for _ in range(limit // 2):
        if not left:
            break
        left = left.replace(b"{}", b"").replace(b"[]", b"")  # one level, or two
    return not left


def _is_deeper(value: object, limit: int) -> bool:
    level: list[Any] = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        level = [
            inner
            for each in level
            for inner in (each.values() if type(each) is dict else each)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return False
    return bool(level)


_READER, _WRITER = msgspec.json.Decoder(), msgspec.json.Encoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
_NO_BRACKETS = bytes(set(range(256)) - set(b'{}[]"'))
_LINE_ENDS = tuple((sign.encode(), f"\\u{ord(sign):04x}".encode()) for sign in "\u2028\u2029\x85")
