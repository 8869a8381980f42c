"""Numbers and tokens come out of their packed form as they went in, in as few bytes as will do."""

from __future__ import annotations

import itertools
import random
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.model import packing
from annotator.model.document import Tokens
from annotator.model.limits import TEXT_LIMIT
from annotator.model.packing import pack_numbers, pack_tokens, unpack_numbers, unpack_tokens


@given(st.lists(st.integers(0, 1 << 31), max_size=50).map(sorted))
@example([])
@example([0, 0, 0])
@example([255, 256, 65_791, 65_792])
def test_numbers_that_never_fall_survive(numbers: list[int]) -> None:
    assert list(unpack_numbers(pack_numbers(numbers))) == numbers


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 70_000)), max_size=30),
    st.text(max_size=10),
)
def test_tokens_survive(gaps: list[tuple[int, int]], tokenizer: str) -> None:
    starts, ends, last = [], [], 0
    for gap, length in gaps:
        starts.append(last + gap)
        last += gap + length
        ends.append(last)
    sentences = list(range(0, len(starts), 3))
    tokens = Tokens(starts, ends, sentences, tokenizer)
    assert unpack_tokens(pack_tokens(tokens), pack_numbers(sentences), tokenizer) == tokens


def test_a_usual_text_takes_about_a_byte_a_token() -> None:
    chance = random.Random(4)
    lengths = [chance.choice((1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7, 8, 9, 11)) for _ in range(1000)]
    ends = list(itertools.accumulate(length + 1 for length in lengths))
    tokens = Tokens([end - length for end, length in zip(ends, lengths, strict=True)], ends)
    assert len(pack_tokens(tokens)) < 1.1 * 1000


@pytest.mark.parametrize("damage", [b"z", b"z\x00\xff", b"zabc"])
def test_damaged_numbers_are_a_value_error(damage: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        unpack_numbers(damage)


def test_numbers_that_are_larger_than_any_text_are_a_value_error() -> None:
    with pytest.raises(ValueError, match="larger than any text"):
        unpack_numbers(b"I" + b"\xff" * 8)


def test_what_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packing._LONGEST >= TEXT_LIMIT  # the longest text there may be still unfolds
    monkeypatch.setattr(packing, "_LONGEST", 1_000_000)
    press = zlib.compressobj(9, zlib.DEFLATED, 9)
    bomb = b"z" + press.compress(b"B" + bytes(1_000_000)) + press.flush()
    with pytest.raises(ValueError, match="too many"):
        unpack_numbers(bomb)
