"""Offsets of a server in code points and back, and how it is found out what they count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.sync.units import Offsets, Unit, Votes, agree, units_of

SIGNS = st.text(st.sampled_from("aé \r\nعَب👩‍🚀🇫🇷🏽e\u0301ก"), min_size=1, max_size=12)


@given(SIGNS, st.data(), st.sampled_from(list(Unit)))
def test_what_can_be_named_there_comes_back(text: str, data: st.DataObject, unit: Unit) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    offsets = Offsets(text, unit)
    found = offsets.there(start, end)
    if found is None:
        assert unit is Unit.GRAPHEMES  # no other unit is larger than a code point
        return
    assert offsets.here(*found) == (start, end)
    if unit is Unit.UTF16:
        there = text.encode("utf-16-le")[2 * found[0] : 2 * found[1]]
        assert there.decode("utf-16-le") == text[start:end]
    if unit is Unit.CODE_POINTS:
        assert found == (start, end)


@given(SIGNS, st.integers(-2, 30), st.integers(-2, 30), st.sampled_from(list(Unit)))
def test_a_place_that_is_none_is_none(text: str, start: int, end: int, unit: Unit) -> None:
    found = Offsets(text, unit).here(start, end)
    if found is not None:
        assert 0 <= found[0] < found[1] <= len(text)
        assert Offsets(text, unit).there(*found) == (start, end)


@given(SIGNS, st.sampled_from(list(Unit)))
def test_units_that_agree_give_the_same(text: str, unit: Unit) -> None:
    if agree(text, (unit, Unit.CODE_POINTS)):
        every = [(start, end) for end in range(1, len(text) + 1) for start in range(end)]
        assert all(Offsets(text, unit).there(*pair) == pair for pair in every)


def test_the_middle_of_a_character_is_no_place() -> None:
    assert Offsets("a👩b", Unit.UTF16).here(0, 2) is None
    assert Offsets("a👩b", Unit.UTF16).here(1, 3) == (1, 2)
    assert Offsets("👩‍🚀!", Unit.GRAPHEMES).here(0, 1) == (0, 3)
    assert Offsets("👩‍🚀!", Unit.GRAPHEMES).there(0, 1) is None


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("counts_graphemes", [False, True])
def test_the_unit_is_found_out_from_word_borders(unit: Unit, *, counts_graphemes: bool) -> None:
    votes = Votes(units_of(counts_graphemes=counts_graphemes))
    text = "👩‍🚀 عَرَب 🇫🇷 Paris Rome Kyiv"
    for word in ("Paris", "Rome", "Kyiv"):
        start = text.index(word)
        pair = Offsets(text, unit).there(start, start + len(word))
        assert pair is not None
        votes.add(text, [pair])
    assert votes.unit is (unit if unit in votes.units else votes.unit)
    assert votes.asked == 3


def test_without_a_sign_it_is_what_the_window_counts() -> None:
    votes = Votes(units_of(counts_graphemes=False))
    votes.add("plain words", [(0, 5)])
    assert (votes.unit, votes.is_sure, votes.has_enough) == (Unit.UTF16, True, False)
