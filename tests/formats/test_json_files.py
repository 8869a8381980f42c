"""JSON values are read one by one, however a file lays them out."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats import json_files
from annotator.formats.base import ReadOptions, Reporter
from annotator.formats.offset_units import may_differ
from annotator.model.record import Problem

OBJECTS: list[Any] = [{"text": 'Ada “left”, \\ " ] }'}, {"a": [1, {"b": None}]}, {"c": "\u2028 x"}]


def values(content: str | bytes, encoding: str = "") -> tuple[list[tuple[int, Any]], list[Problem]]:
    problems: list[Problem] = []
    raw = content.encode() if isinstance(content, str) else content
    found = json_files.values_of(
        io.BytesIO(raw),
        name="a.json",
        options=ReadOptions(encoding=encoding),
        reporter=Reporter("a.json", problems.append),
    )
    return list(found), problems


LAYOUTS = {
    "lines": lambda items: "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in items),
    "array": lambda items: json.dumps(items, ensure_ascii=False),
    "pretty array": lambda items: json.dumps(items, ensure_ascii=False, indent=2),
    "pretty objects": lambda items: "\n".join(
        json.dumps(each, ensure_ascii=False, indent=2) for each in items
    ),
    "objects with commas": lambda items: ",\n".join(json.dumps(each, indent=1) for each in items),
    "array of lines": lambda items: "[\n" + ",\n".join(json.dumps(each) for each in items) + "\n]\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_layout_gives_the_same_values(layout: str, encoding: str) -> None:
    found, problems = values(LAYOUTS[layout](OBJECTS).encode(encoding))
    assert [value for _, value in found] == OBJECTS
    assert [problem for problem in problems if problem.refused] == []


def test_values_know_the_line_they_begin_in() -> None:
    assert [line for line, _ in values('[\n {\n "a": 1\n },\n\n {"b": 2}]')[0]] == [2, 6]
    assert [line for line, _ in values('{"a": 1}\n\n{"b": 2}\n')[0]] == [1, 3]
    assert [line for line, _ in values('{\n"a": 1}\n{\n"b": 2}')[0]] == [1, 3]


def test_a_broken_line_is_left_out_and_the_rest_is_kept() -> None:
    found, problems = values('{"a": 1}\n{"b": \n{"c": 3}\n')
    assert [value for _, value in found] == [{"a": 1}, {"c": 3}]
    assert [(each.line, each.refused) for each in problems] == [(2, True)]


@pytest.mark.parametrize("content", ['[{"a": 1}, {"b": ', '[{"a": 1}, {"b": 2', '[{"a": 1},', '[{"a": 1}'])
def test_what_is_cut_off_is_told(content: str) -> None:
    found, problems = values(content)
    assert found[0] == (1, {"a": 1})
    assert len(problems) == 1
    assert problems[0].refused


def test_bytes_that_are_no_text_are_told() -> None:
    found, problems = values(b'[{"a": 1},\n{"b": "\xff"}]')
    assert "byte 0xFF near position 18" in problems[0].message
    assert [value for _, value in found] in ([], [{"a": 1}])


def test_nothing_gives_nothing() -> None:
    for content in ("", " \n", "[]", "[ ]\n"):
        assert values(content) == ([], [])


@given(
    items=st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=5,
    ),
    size=st.integers(1, 9),
)
def test_any_array_is_cut_right_wherever_its_pieces_end(items: list[Any], size: int) -> None:
    written = json.dumps(items, ensure_ascii=False, indent=1)
    pieces = (written[at : at + size] for at in range(0, len(written), size))
    assert [value for _, value in json_files._Stream(pieces).values()] == items


@pytest.mark.parametrize("sign", ["\u2060", "\\ud83d\\ude00", "\\r\\n"])
def test_a_sign_that_may_count_otherwise_is_seen_wherever_a_file_is_cut(sign: str) -> None:
    for before in range(6):
        content = b"a" * ((1 << 20) - before) + sign.encode() + b"a"
        assert any(map(may_differ, json_files._pieces_of(io.BytesIO(content))))
    assert not any(map(may_differ, json_files._pieces_of(io.BytesIO(b"a" * (1 << 21)))))


def test_a_deep_value_is_refused_in_words() -> None:
    found, problems = values("[" + "[" * 100 + "]" * 100 + "]")
    assert found == []
    assert "nested deeper than 64 levels" in problems[0].message
