"""Tokens answer where a stretch lies among them; parts, hashes and titles follow from the text alone."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.document import Part, Tokens, content_hash, part_of, title_of
from annotator.model.identity import new_id
from tests.builders import plain_tokens

TEXT = "Ada met Bob. He left."
TOKENS = Tokens([0, 4, 8, 11, 13, 16, 20], [3, 7, 11, 12, 15, 20, 21], [0, 4])


def test_a_stretch_widens_to_the_tokens_it_touches() -> None:
    assert TOKENS.snap(1, 5) == (0, 7)
    assert TOKENS.snap(8, 12) == (8, 12)
    assert TOKENS.snap(3, 4) is None
    assert TOKENS.snap(21, 30) is None


def test_a_stretch_on_token_borders_is_known() -> None:
    assert TOKENS.on_borders(0, 7)
    assert TOKENS.on_borders(8, 12)
    assert not TOKENS.on_borders(0, 6)
    assert not TOKENS.on_borders(1, 7)
    assert not TOKENS.on_borders(3, 4)
    assert not TOKENS.on_borders(20, 22)


def test_the_token_at_a_place_is_the_one_that_holds_it_or_the_next() -> None:
    assert [TOKENS.at(offset) for offset in (0, 2, 3, 4, 20, 21)] == [0, 0, 1, 1, 6, 7]


def test_a_token_knows_its_sentence() -> None:
    assert TOKENS.sentence_of(0) == (0, 4)
    assert TOKENS.sentence_of(3) == (0, 4)
    assert TOKENS.sentence_of(4) == (4, 7)
    assert Tokens([0], [3]).sentence_of(0) == (0, 1)


@given(st.text("ab .\n", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_snapping_gives_borders_around_the_stretch(text: str, one: int, other: int) -> None:
    tokens = plain_tokens(text)
    start, end = sorted((one, other))
    snapped = tokens.snap(start, end)
    touched = [
        index for index in range(len(tokens)) if tokens.starts[index] < end and start < tokens.ends[index]
    ]
    if not touched:
        assert snapped is None
        return
    assert snapped == (tokens.starts[touched[0]], tokens.ends[touched[-1]])
    assert tokens.on_borders(*snapped)
    assert tokens.covering(start, end) == (touched[0], touched[-1] + 1)


def test_parts_come_out_in_the_shares_asked_for() -> None:
    found = Counter(part_of(f"document {number}", seed="s") for number in range(4000))
    assert 0.77 < found[Part.TRAIN] / 4000 < 0.83
    assert 0.08 < found[Part.DEV] / 4000 < 0.12
    assert 0.08 < found[Part.TEST] / 4000 < 0.12


def test_a_part_depends_on_the_group_and_the_seed_alone() -> None:
    assert part_of("a", seed="1") is part_of("a", seed="1")
    names = [f"document {number}" for number in range(200)]
    assert [part_of(name, seed="1") for name in names] != [part_of(name, seed="2") for name in names]
    assert {part_of(name, seed="1", dev=0, test=0) for name in names} == {Part.TRAIN}
    assert {part_of(name, seed="1", dev=0, test=100) for name in names} == {Part.TEST}


def test_a_hash_tells_texts_apart_that_look_alike() -> None:
    assert content_hash("caf\u00e9") != content_hash("cafe\u0301")
    assert content_hash("a\r\n") != content_hash("a\n")
    assert len(content_hash("\ud800")) == 64


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        (" \n\t\n", ""),
        ("\n\n  A title \nmore", "A title"),
        ("x" * 200, "x" * 90 + "…"),
        ("word " * 40, ("word " * 18).strip() + "…"),
        ("a" + " " + "b" * 200, "a " + "b" * 88 + "…"),
    ],
)
def test_a_title_is_the_first_line_that_says_something(text: str, title: str) -> None:
    assert title_of(text) == title


def test_ids_sort_by_the_time_they_were_made() -> None:
    early, late = new_id(milliseconds=1_000), new_id(milliseconds=2_000)
    assert early < late
    assert uuid.UUID(early).version == 7
    assert uuid.UUID(early).variant == uuid.RFC_4122
    assert len({new_id() for _ in range(100)}) == 100
