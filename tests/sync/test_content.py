"""How contents are kept and compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotation import Kind
from annotator.sync.content import (
    APART_HERE,
    Base,
    Content,
    hash_of,
    normal_note,
    note_of,
    packed,
    unpacked,
)
from tests.sync.contents import three

Triple = tuple[Base | None, Content, Content]
_NAMES = {(Kind.SPAN, 1): "PER", (Kind.SPAN, 2): "LOC", (Kind.RELATION, 3): "R", (Kind.RELATION, 4): "S"}
_NUMBERS = {(kind, name): number for (kind, number), name in _NAMES.items()}


def number(kind: Kind, name: str) -> int:
    return _NUMBERS[kind, name]


def name(kind: Kind, number: int) -> str:
    return _NAMES[kind, number]


@given(given=three(overlap=True), going=st.booleans(), gone=st.booleans())
def test_a_base_comes_back_as_it_was(given: Triple, *, going: bool, gone: bool) -> None:
    base, here, there = given
    base = base or Base()
    base = replace(base, there=there.values, going=here if going else None, apart=APART_HERE if gone else "")
    assert unpacked(packed(base, number), name) == base


@given(three(overlap=True))
def test_a_relation_is_kept_without_its_ends(given: Triple) -> None:
    _, here, _ = given
    base = Base(items=frozenset(here.relations))
    assert unpacked(packed(base, number), name) == base


def test_a_base_holds_no_words_of_a_text() -> None:
    written = packed(Base(items=frozenset()), number)
    assert written == "{}"


@pytest.mark.parametrize("written", ["", "[]", "3", '{"s":[[1]]}', '{"r":[[0,1,3]]}', '{"s":3}', "{"])
def test_what_is_no_base_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpacked(written, name)


def test_notes_are_comments_joined_by_a_blank_line() -> None:
    assert note_of(["one ", "", " \n", "two\r\nlines"]) == "one\n\ntwo\nlines"
    assert normal_note("  one\n \n\n\n two ") == "one\n\ntwo"


@given(st.lists(st.text(st.sampled_from("ab \n\t"), max_size=6)))
def test_the_normal_form_of_a_note_is_its_own(parts: list[str]) -> None:
    note = note_of(parts)
    assert normal_note(note) == note
    assert note_of(note.split("\n\n")) == note


def test_metadata_is_the_same_with_nulls_and_floats() -> None:
    assert hash_of({"a": 1, "b": None, "c": [1.0, {"d": None}]}) == hash_of({"c": [1, {}], "a": 1.0})
    assert hash_of({"a": 1}) != hash_of({"a": 2})
    assert hash_of({"a": None}) == hash_of({}) == ""
