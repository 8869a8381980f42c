"""Spans against tokens: what a spaCy model could not learn of them, and what would mend it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotation import Fragment, SpanKey, fragments_of
from annotator.model.document import Tokens
from annotator.quality.preflight import Finding, Flaw, Mend, findings_in
from tests.builders import plain_tokens

TEXT = "New York  hosts the e\u0301te\u0301 fair."


def span(start: int, end: int, label: str = "X") -> SpanKey:
    return SpanKey((Fragment(start, end),), label)


def found(*spans: SpanKey, holds_overlaps: bool = True, longest: int = 0, text: str = TEXT) -> list[Finding]:
    return findings_in(text, spans, plain_tokens(text), holds_overlaps=holds_overlaps, longest=longest)


def test_what_lies_on_tokens_is_left_in_peace() -> None:
    assert found(span(0, 8), span(0, 3), span(10, 15)) == []


def test_blanks_at_the_edges_are_taken_off() -> None:
    (one,) = found(span(4, 10))
    assert (one.flaw, one.mends) == (Flaw.EDGES, ((Mend.TRIM, (Fragment(4, 8),)),))


def test_nothing_but_blanks_can_only_go() -> None:
    (one,) = found(span(8, 10))
    assert (one.flaw, one.mends) == (Flaw.EMPTY, ((Mend.DROP, None),))


def test_a_span_inside_words_grows_or_shrinks_to_tokens() -> None:
    (one,) = found(span(1, 8))
    assert one.flaw is Flaw.MISALIGNED
    assert dict(one.mends) == {Mend.EXTEND: (Fragment(0, 8),), Mend.SHRINK: (Fragment(4, 8),)}


def test_a_part_of_one_word_can_only_grow() -> None:
    (one,) = found(span(1, 3))
    assert dict(one.mends) == {Mend.EXTEND: (Fragment(0, 3),)}


def test_a_span_with_blanks_that_is_off_tokens_too_has_both_flaws() -> None:
    assert [each.flaw for each in found(span(5, 9))] == [Flaw.EDGES, Flaw.MISALIGNED]


def test_the_same_twice_is_a_duplicate_whatever_blanks_it_has() -> None:
    flaws = found(span(4, 8), span(4, 9), span(4, 8, "Y"))
    assert [(each.flaw, each.span, each.other) for each in flaws] == [
        (Flaw.EDGES, 1, None),
        (Flaw.DUPLICATE, 1, 0),
    ]


def test_overlaps_are_told_only_where_there_is_no_room_for_them() -> None:
    spans = (span(0, 3), span(0, 8), span(4, 15), span(16, 19))
    assert found(*spans) == []
    flaws = found(*spans, holds_overlaps=False)
    assert [(each.flaw, each.span, each.other) for each in flaws] == [
        (Flaw.OVERLAPPING, 0, 1),
        (Flaw.OVERLAPPING, 2, 1),
    ]


def test_spans_of_several_fragments_and_long_ones_are_told() -> None:
    pieces = SpanKey(fragments_of((0, 3), (10, 15)), "X")
    flaws = found(pieces, span(0, 19), longest=3)
    assert [(each.flaw, each.span, each.tokens) for each in flaws] == [
        (Flaw.DISCONTINUOUS, 0, 0),
        (Flaw.LONG, 1, 4),
    ]
    assert found(span(0, 19), longest=4) == []


def test_no_mend_cuts_a_character() -> None:
    cut = Tokens([0, 1], [1, 4])
    (one,) = findings_in("e\u0301te", [span(2, 4)], cut, holds_overlaps=True, longest=0)
    assert one.flaw is Flaw.MISALIGNED
    assert dict(one.mends) == {}


@given(
    st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 12), st.sampled_from("XY")), max_size=8),
    st.sampled_from([Mend.TRIM, Mend.EXTEND, Mend.SHRINK]),
)
def test_mending_what_can_be_mended_leaves_nothing_of_its_kind(
    raw: list[tuple[int, int, str]], how: Mend
) -> None:
    spans = [span(start, min(len(TEXT), start + width), label) for start, width, label in raw]
    for each in found(*spans):
        wanted = dict(each.mends).get(how)
        if wanted is not None:
            after = {one.flaw for one in found(SpanKey(wanted, spans[each.span].label))}
            assert each.flaw not in after


@pytest.mark.parametrize("text", ["", "   "])
def test_a_text_without_tokens_has_no_findings_without_spans(text: str) -> None:
    assert found(text=text) == []
