"""Fragments keep their order and stay apart; what a span says of itself follows from them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotation import (
    Fragment,
    Kind,
    Provenance,
    Reason,
    Rejection,
    RelationKey,
    SpanKey,
    fragments_of,
    overlaps,
    surface,
)

pairs = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 8)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=6,
)


def characters(stretches: object) -> set[int]:
    return {index for start, end in stretches for index in range(start, end)}  # type: ignore[attr-defined]


@given(pairs)
def test_fragments_hold_the_same_characters_sorted_and_apart(found: list[tuple[int, int]]) -> None:
    fragments = fragments_of(*found)
    assert characters(fragments) == characters(found)
    assert all(before.end < after.start for before, after in pairwise(fragments))
    assert fragments_of(*fragments) == fragments


@given(pairs, pairs)
def test_two_spans_overlap_when_they_share_a_character(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    one, other = fragments_of(*first), fragments_of(*second)
    assert overlaps(one, other) == overlaps(other, one) == bool(characters(one) & characters(other))


def test_touching_stretches_are_one_fragment() -> None:
    assert fragments_of((3, 5), (0, 3)) == (Fragment(0, 5),)


def test_the_words_of_a_span_are_its_fragments_joined_by_one_blank() -> None:
    assert surface("heart and lung disease", fragments_of((0, 5), (15, 22))) == "heart disease"


def test_a_rejection_knows_its_kind() -> None:
    end = SpanKey(fragments_of((0, 3)), "PERSON")

    def rejection(what: SpanKey | RelationKey) -> Rejection:
        return Rejection(
            key=1,
            id="x",
            document=1,
            layer=1,
            what=what,
            reason=Reason.WRONG,
            provenance=Provenance(annotator="Mara", at=0.0),
        )

    assert rejection(end).kind is Kind.SPAN
    assert rejection(RelationKey(end, end, "MET")).kind is Kind.RELATION
