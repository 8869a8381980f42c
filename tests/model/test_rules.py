"""What may be labelled and joined: every refusal has its own words, and edges move only where they may."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotator.model.annotation import Fragment, SpanKey, fragments_of
from annotator.model.document import Tokens
from annotator.model.errors import RuleError
from annotator.model.limits import FRAGMENT_LIMIT
from annotator.model.offsets import is_grapheme_border
from annotator.model.rules import (
    check_relation,
    checked_fragments,
    is_learnable,
    moved_edge,
    trimmed,
    uncut,
)
from tests.builders import SCHEMA, plain_tokens

texts = st.text(
    st.sampled_from("ab c.\r\né\u0301\U0001f469\u200d\U0001f680\U0001f1e9\U0001f1ea"), max_size=20
)
stretches = st.lists(st.tuples(st.integers(-2, 22), st.integers(-2, 22)), max_size=4)


@given(texts, stretches)
def test_checked_fragments_lie_in_the_text_and_cut_no_character(
    text: str, pairs: list[tuple[int, int]]
) -> None:
    try:
        fragments = checked_fragments(text, pairs)
    except RuleError:
        good = [pair for pair in pairs if 0 <= pair[0] < pair[1] <= len(text)]
        joined = fragments_of(*good)
        cuts = any(not is_grapheme_border(text, edge) for fragment in joined for edge in fragment)
        assert not pairs or len(good) < len(pairs) or cuts
        return
    assert fragments == fragments_of(*pairs)
    assert all(0 <= start < end <= len(text) for start, end in fragments)
    assert all(is_grapheme_border(text, edge) for fragment in fragments for edge in fragment)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([], "1 to 50 fragments; this one has 0"),
        ([(0, 0)], "from 0 to 0 does not lie in this text of 9 characters"),
        ([(3, 2)], "from 3 to 2"),
        ([(-1, 2)], "from -1 to 2"),
        ([(0, 10)], "from 0 to 10"),
        ([(0, 1), (2, 3), (8, 12)], "from 8 to 12"),
        ([(0, 6)], "from 0 to 6 would cut a character in two"),
    ],
)
def test_a_refused_stretch_is_named(pairs: list[tuple[int, int]], words: str) -> None:
    with pytest.raises(RuleError, match=words):
        checked_fragments("ab cde\u0301 f", pairs)


def test_a_span_has_a_limited_number_of_fragments() -> None:
    pairs = [(index * 2, index * 2 + 1) for index in range(FRAGMENT_LIMIT + 1)]
    assert len(checked_fragments("a " * 60, pairs[:-1])) == FRAGMENT_LIMIT
    with pytest.raises(RuleError, match="this one has 51"):
        checked_fragments("a " * 60, pairs)


def test_blanks_are_taken_off_both_ends() -> None:
    assert trimmed("  Ada \n", 0, 7) == (2, 5)
    assert trimmed("   ", 0, 3) == (3, 3)


@given(texts, st.data())
def test_what_is_chosen_widens_until_it_cuts_no_character(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(places, places), max_size=3))
    fragments = fragments_of(*(pair for pair in pairs if pair[0] < pair[1]))
    whole = uncut(text, fragments)
    assert all(is_grapheme_border(text, edge) for fragment in whole for edge in fragment)
    assert all(any(low <= start and end <= high for low, high in whole) for start, end in fragments)
    assert uncut(text, whole) == whole
    assert uncut("ab\r\n👩\u200d🚀", fragments_of((1, 3), (5, 6))) == fragments_of((1, 7))


def test_only_what_begins_and_ends_with_a_token_can_be_learnt() -> None:
    tokens = plain_tokens("heart and lung")
    assert is_learnable(tokens, fragments_of((0, 5), (10, 14)))
    assert not is_learnable(tokens, fragments_of((0, 5), (10, 13)))


@pytest.mark.parametrize("unit", ["token", "character"])
@given(texts, st.data(), st.sampled_from(["left", "right"]), st.sampled_from([-1, 1]))
def test_an_edge_moves_to_the_next_place_or_nowhere(
    unit: str, text: str, data: st.DataObject, edge: str, by: int
) -> None:
    characters = unit == "character"
    # A tokenizer that knows no graphemes may cut them.
    cuts = sorted({0, len(text), *data.draw(st.sets(st.integers(0, len(text)), max_size=6))})
    tokens = data.draw(st.sampled_from([plain_tokens(text), Tokens(cuts[:-1], cuts[1:])]))
    borders = [index for index in range(len(text) + 1) if is_grapheme_border(text, index)]
    assume(len(borders) > 1)
    chosen = sorted(
        data.draw(st.lists(st.sampled_from(borders), min_size=2, max_size=6, unique=True).map(sorted))
    )
    pairs = [pair for pair in zip(chosen[::2], chosen[1::2], strict=False) if pair[0] < pair[1]]
    fragments = fragments_of(*pairs)
    moved = moved_edge(text, tokens, fragments, edge=edge, by=by, characters=characters)
    if moved is None:
        return
    assert checked_fragments(text, moved) == moved
    old, new = (fragments[0][0], moved[0][0]) if edge == "left" else (fragments[-1][1], moved[-1][1])
    assert (new - old) * by > 0
    kept = slice(1, None) if edge == "left" else slice(0, -1)
    assert moved[kept] == fragments[kept]
    if characters:
        between = [index for index in borders if min(old, new) < index < max(old, new)]
        assert not between
    elif len(tokens):
        assert new in (tokens.starts if edge == "left" else tokens.ends)


def test_edges_move_by_tokens_and_by_characters() -> None:
    text = "Dr Ada Lovelace met Bob"
    tokens = plain_tokens(text)
    ada = fragments_of((3, 6))
    assert moved_edge(text, tokens, ada, edge="right", by=1) == fragments_of((3, 15))
    assert moved_edge(text, tokens, ada, edge="left", by=-1) == fragments_of((0, 6))
    assert moved_edge(text, tokens, ada, edge="right", by=-1) is None
    assert moved_edge(text, tokens, ada, edge="left", by=1) is None
    assert moved_edge(text, tokens, ada, edge="right", by=-1, characters=True) == fragments_of((3, 5))
    assert moved_edge(text, tokens, fragments_of((0, 2)), edge="left", by=-1) is None
    assert moved_edge(text, tokens, fragments_of((20, 23)), edge="right", by=1) is None


def test_an_edge_passes_over_a_token_border_inside_a_character() -> None:
    text = "x \U0001f469\u200d\U0001f680 y"
    tokens = Tokens([0, 2, 3, 4, 6], [1, 3, 4, 5, 7])
    assert moved_edge(text, tokens, fragments_of((0, 1)), edge="right", by=1) == fragments_of((0, 5))
    assert moved_edge(text, tokens, fragments_of((6, 7)), edge="left", by=-1) == fragments_of((2, 7))


def test_an_edge_of_a_span_in_pieces_stays_in_its_piece() -> None:
    text = "a b c d"
    tokens = plain_tokens(text)
    pieces = fragments_of((0, 1), (4, 5))
    assert moved_edge(text, tokens, pieces, edge="right", by=-1) is None
    assert moved_edge(text, tokens, pieces, edge="left", by=1) is None
    assert moved_edge(text, tokens, pieces, edge="right", by=1) == fragments_of((0, 1), (4, 7))


def end(label: str, start: int = 0) -> SpanKey:
    return SpanKey((Fragment(start, start + 1),), label)


def test_a_relation_must_fit_the_schema() -> None:
    assert check_relation(SCHEMA, head=end("PERSON"), child=end("GPE", 5), label="VISITED").name == "VISITED"
    assert check_relation(SCHEMA, head=end("PERSON"), child=end("PERSON", 5), label="MET").symmetric
    with pytest.raises(RuleError, match="no relation type KNOWS"):
        check_relation(SCHEMA, head=end("PERSON"), child=end("GPE"), label="KNOWS")
    with pytest.raises(RuleError, match="two different spans"):
        check_relation(SCHEMA, head=end("PERSON"), child=end("PERSON"), label="MET")
    with pytest.raises(RuleError, match="VISITED does not go from GPE to PERSON"):
        check_relation(SCHEMA, head=end("GPE"), child=end("PERSON", 5), label="VISITED")
