"""Strict lines of JSON."""

from __future__ import annotations

import datetime as dt
import enum
import json
import uuid
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.jsonl import NotJsonError, is_whole, json_line, kind_of, parse_line
from annotator.model.errors import FormatError


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"a": NaN}', "it holds NaN"),
        ("[Infinity]", "it holds Infinity"),
        ("[-Infinity]", "it holds -Infinity"),
        ("[1e999]", "the number 1e999 is too large"),
        ("[" * 65 + "]" * 65, "nested deeper than 64 levels"),
        ('{"a":' * 65 + "1" + "}" * 65, "nested deeper than 64 levels"),
        ("[" * 100_000, "nested deeper than 64 levels"),
        (r'{"text": "a\ud83d"}', r"half a surrogate pair (\ud83d)"),
        (r'{"\uDE00": 1}', "half a surrogate pair"),
        ("[" + "9" * 5000 + "]", "not usable"),
        ('{"a": 1} {"b": 2}', "extra data at character 10"),
        ("{'a': 1}", "not JSON"),
        ("", "not JSON"),
    ],
)
def test_what_cannot_be_kept_is_refused(line: str, words: str) -> None:
    with pytest.raises(NotJsonError) as caught:
        parse_line(line)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "[" * 64 + "]" * 64,
        r'{"text": "\ud83d\ude00 \\ud83d"}',
        '{"a": 1e300, "b": -0.0}',
        '{"many": [' + ",".join(["{}"] * 200) + "]}",
    ],
)
def test_what_is_at_the_border_is_read(line: str) -> None:
    assert parse_line(line) == json.loads(line)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(_VALUES)
def test_every_value_comes_back_on_one_line(value: object) -> None:
    line = json_line(value, what="it")
    assert parse_line(line.decode()) == value
    assert line.count(b"\n") == 1
    assert len(line.decode().splitlines()) == 1


_BITS = (
    *'{}[]":,\\',
    "\\u",
    "d83d",
    "\\ude00",
    "1",
    "-0",
    "e999",
    ".5",
    "NaN",
    "null",
    "true",
    " ",
    "\n",
    "\x00",
    "é",
)


class _Refusing:
    """Reads nothing, so that the standard library has to."""

    def decode(self, _line: object) -> object:
        raise msgspec.DecodeError


@given(st.lists(st.sampled_from(_BITS), max_size=12).map("".join))
def test_msgspec_has_no_say_that_the_standard_library_would_not_have(line: str) -> None:
    def outcome() -> str:
        try:
            return repr(parse_line(line.encode(), depth=2))
        except NotJsonError as error:
            return str(error)

    with pytest.MonkeyPatch.context() as patch:
        quick = outcome()
        patch.setattr("annotator.formats.jsonl._READER", _Refusing())
        patch.setattr("annotator.formats.jsonl.is_surely_within", lambda *_: False)
        assert outcome() == quick


_BRACKETS = st.text('{}[]"\\a', max_size=4)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


@given(
    st.recursive(_BRACKETS, lambda inner: st.lists(inner) | st.dictionaries(_BRACKETS, inner), max_leaves=12),
    st.integers(0, 5),
)
def test_brackets_in_strings_hide_no_depth(value: object, limit: int) -> None:
    line = json.dumps(value)
    for written in (line, line.encode()):
        if _depth(value) > limit:
            with pytest.raises(NotJsonError, match="nested deeper"):
                parse_line(written, depth=limit)
        else:
            assert parse_line(written, depth=limit) == value


def test_bytes_that_are_no_text_are_an_error_of_their_own() -> None:
    with pytest.raises(UnicodeDecodeError):
        parse_line(b'{"a": "\xff"}')


class _Colour(enum.IntEnum):
    RED = 1


def test_what_json_writes_in_its_own_way_is_written_so() -> None:
    assert json_line({1: (1, 2), "a": _Colour.RED}, what="it") == b'{"1":[1,2],"a":1}\n'


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        {1, 2},
        object(),
        "\ud83d",
        b"bytes",
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        Decimal("1.5"),
        uuid.UUID(int=1),
    ],
)
def test_what_json_cannot_hold_is_an_error_with_a_name(value: object) -> None:
    with pytest.raises(FormatError, match=r"^a\.txt holds "):
        json_line({"a": value}, what="a.txt")


def test_kinds_have_words() -> None:
    values: list[object] = [None, True, 1, 0.5, "", [], {}]
    words = ["null", "true or false", "a number", "a number", "text", "a list", "an object"]
    assert [kind_of(value) for value in values] == words


def test_only_whole_numbers_are_whole() -> None:
    assert [is_whole(value) for value in (0, -3, True, 1.0, "1", None)] == [True, True] + [False] * 4
