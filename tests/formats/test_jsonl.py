"""Strict lines of JSON."""

from __future__ import annotations

import json

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


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object(), "\ud83d"])
def test_what_json_cannot_hold_is_an_error_with_a_name(value: object) -> None:
    with pytest.raises(FormatError, match=r"^a\.txt holds "):
        json_line({"a": value}, what="a.txt")


def test_kinds_have_words() -> None:
    values: list[object] = [None, True, 1, 0.5, "", [], {}]
    words = ["null", "true or false", "a number", "a number", "text", "a list", "an object"]
    assert [kind_of(value) for value in values] == words


def test_only_whole_numbers_are_whole() -> None:
    assert [is_whole(value) for value in (0, -3, True, 1.0, "1", None)] == [True, True] + [False] * 4
