"""Numbers and tokens come out of their packed form as they went in, in as few bytes as will do."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from annotator.model.document import Tokens
from annotator.store.packing import pack_numbers, pack_tokens, unpack_numbers, unpack_tokens


@given(st.lists(st.integers(0, 1 << 31), max_size=50).map(sorted))
@example([])
@example([0, 0, 0])
@example([255, 256, 65_791, 65_792])
def test_numbers_that_never_fall_survive(numbers: list[int]) -> None:
    assert unpack_numbers(pack_numbers(numbers)) == numbers


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


def test_a_usual_text_takes_two_bytes_a_token() -> None:
    tokens = Tokens(list(range(0, 6000, 6)), list(range(5, 6000, 6)))
    assert len(pack_tokens(tokens)) == 2 * 1000 + 1
