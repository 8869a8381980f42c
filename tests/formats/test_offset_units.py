"""In which unit a file counts is found out from its texts, and never guessed in silence."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.base import Reporter
from annotator.formats.offset_units import (
    ALL,
    EXCLUSIVE,
    PLAIN,
    Counting,
    OffsetOptions,
    Places,
    Unit,
    Votes,
    is_plain,
    may_differ,
)
from annotator.model.offsets import GraphemeMap, Utf16Map
from annotator.model.record import Problem

FIRE = "👩🏽\u200d🚒👩🏽\u200d🚒👩🏽\u200d🚒 seven firetrucks came. Ada left."


def counted_as(text: str, words: str, way: Counting) -> tuple[int, int]:
    """Give a place in another way of counting."""
    start = text.index(words)
    end = start + len(words)
    if way.unit is Unit.UTF16:
        start, end = Utf16Map(text).to_utf16(start), Utf16Map(text).to_utf16(end)
    elif way.unit is Unit.GRAPHEMES:
        start, end = GraphemeMap(text).to_grapheme(start), GraphemeMap(text).to_grapheme(end)
    return start, end - way.inclusive


@pytest.mark.parametrize("way", ALL, ids=lambda way: way.told)
def test_words_show_the_way_of_counting(way: Counting) -> None:
    votes = Votes(ALL)
    votes.add(FIRE, [(*counted_as(FIRE, "firetrucks", way), "firetrucks")])
    assert votes.result() == (way, True)
    assert Places(FIRE).pair(*counted_as(FIRE, "Ada", way), way) == (FIRE.index("Ada"), FIRE.index("Ada") + 3)


@pytest.mark.parametrize("way", EXCLUSIVE, ids=lambda way: way.told)
def test_without_words_the_borders_of_words_show_it(way: Counting) -> None:
    votes = Votes()
    votes.add(FIRE, [(*counted_as(FIRE, words, way), None) for words in ("firetrucks", "Ada", "seven")])
    assert votes.result() == (way, True)


def test_plain_texts_show_nothing_and_need_nothing() -> None:
    votes, problems = Votes(), list[Problem]()
    votes.add("Ada left.", [(0, 3, None)])
    assert votes.tell(Reporter("a.jsonl", problems.append), "a.jsonl") == PLAIN
    assert problems == []


def test_what_is_not_the_rule_is_told() -> None:
    votes, problems = Votes(), list[Problem]()
    votes.add(FIRE, [(*counted_as(FIRE, "Ada", Counting(Unit.UTF16)), "Ada")])
    votes.tell(Reporter("a.jsonl", problems.append), "a.jsonl")
    assert [(each.message, each.refused) for each in problems] == [
        ("a.jsonl counts in UTF-16 units; that was found out from 1 place.", False)
    ]


def test_what_cannot_be_told_is_said_and_the_rule_is_taken() -> None:
    votes, problems = Votes(), list[Problem]()
    votes.add("👩🏽 a b c d", [(5, 6, None)])  # a letter alone whether one counts code points or units
    assert votes.tell(Reporter("a.jsonl", problems.append), "a.jsonl") == PLAIN
    assert "cannot be told from 1 place" in problems[0].message


@given(text=st.text(max_size=40), start=st.integers(-2, 45), end=st.integers(-2, 45))
def test_places_lie_in_the_text_or_are_none(text: str, start: int, end: int) -> None:
    for way in ALL:
        pair = Places(text).pair(start, end, way)
        assert pair is None or all(0 <= place <= len(text) for place in pair)


@given(
    text=st.text(st.characters() | st.sampled_from("aéŁ“”–…\r\n\u0301😀"), max_size=12),
    ascii_only=st.booleans(),
)
def test_what_is_plain_at_a_glance_is(text: str, *, ascii_only: bool) -> None:
    line = json.dumps({"text": text}, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    for start, end in itertools.product(range(len(text) + 1), repeat=2):
        pairs = [Places(text).pair(start, end, way) for way in EXCLUSIVE]
        assert may_differ(line) or set(pairs) == {(start, end)}
        assert all(
            pair == (start, end) for pair, way in zip(pairs, EXCLUSIVE, strict=True) if is_plain(text, way)
        )


def test_texts_in_latin_script_are_plain_at_a_glance() -> None:
    assert not may_differ('{"text": "“Łódź” – naïve…\\n\\"x\\" 5 €"}'.encode())
    assert may_differ('{"text": "नमस्ते"}'.encode())
    assert may_differ(rb'{"text": "\ud83d\ude00"}')


def test_the_middle_of_a_character_is_no_place() -> None:
    assert Places("🚒x").pair(1, 2, Counting(Unit.UTF16)) is None


def test_a_person_may_say_it() -> None:
    assert OffsetOptions().chosen is None
    assert OffsetOptions(offsets="UTF-16 units").chosen == Counting(Unit.UTF16)
