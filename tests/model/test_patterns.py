"""What can be a pattern, how it is written, and what two patterns have in common."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.errors import RuleError
from annotator.model.patterns import (
    BLOCK,
    PHRASE_LIMIT,
    TOKENS_LIMIT,
    WRITTEN_LIMIT,
    Pattern,
    check_list_name,
    exact_words,
    folded,
    free_name,
    in_blocks,
    pack_patterns,
    phrase,
    token_pattern,
    typed_pattern,
    unpack_patterns,
)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ABC"), inner, max_size=3),
    max_leaves=5,
)
TOKENS = st.lists(st.dictionaries(st.sampled_from(["LOWER", "OP", "IN"]), VALUES), min_size=1, max_size=3)


def test_blanks_in_a_phrase_are_one() -> None:
    assert phrase("  New \n York\u00a0City ") == Pattern("New York City")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (" \n", "empty"),
        ("a" * (PHRASE_LIMIT + 1), "1,001 characters"),
        ("half \ud83d", "U+D83D"),
        ("a\0b", "U+0000"),
    ],
)
def test_what_is_no_phrase_is_said(words: str, said: str) -> None:
    with pytest.raises(RuleError, match="U\\+" if said.startswith("U+") else said) as refusal:
        phrase(words)
    assert said in refusal.value.what


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "list of token descriptions"),
        ({"LOWER": "a"}, "list of token descriptions"),
        (["a"], "described by an object"),
        ([{"LOWER": "a"}] * (TOKENS_LIMIT + 1), "101 tokens"),
        ([{"LOWER": "a" * WRITTEN_LIMIT}], "characters"),
        ([{"LOWER": "\udc80"}], "U+DC80"),
    ],
)
def test_what_is_no_token_pattern_is_said(value: object, said: str) -> None:
    with pytest.raises(RuleError) as refusal:
        token_pattern(value)
    assert said in refusal.value.what


def test_a_token_pattern_nested_without_end_is_refused() -> None:
    deep: object = {}
    for _ in range(5_000):
        deep = {"NOT": deep}
    with pytest.raises(RuleError, match="nested"):
        token_pattern([deep])
    with pytest.raises(RuleError, match="nested"):
        typed_pattern('[{"A":' + "[" * 5_000 + "]" * 5_000 + "}]")


def test_what_is_typed_is_a_phrase_unless_it_begins_as_json() -> None:
    assert typed_pattern("[sic] he said") == phrase("[sic] he said")
    assert typed_pattern(' [ {"LOWER": "acme"} ] ') == token_pattern([{"LOWER": "acme"}])
    with pytest.raises(RuleError, match=r"no JSON.*character"):
        typed_pattern('[{"LOWER": acme}]')


@given(st.lists(st.one_of(st.text(min_size=1), TOKENS), max_size=5))
def test_what_is_packed_comes_back(written: list[object]) -> None:
    patterns = []
    for each in written:
        try:
            patterns.append(phrase(each) if isinstance(each, str) else token_pattern(each))
        except RuleError:
            continue
    packed = pack_patterns(patterns)
    json.loads(packed)
    assert unpack_patterns(packed) == patterns


def test_blocks_are_bounded_and_keep_the_order() -> None:
    patterns = [phrase(f"word {number}") for number in range(2 * BLOCK + 1)]
    blocks = list(in_blocks(patterns))
    assert [len(unpack_patterns(each)) for each in blocks] == [BLOCK, BLOCK, 1]
    assert [one for each in blocks for one in unpack_patterns(each)] == patterns


def test_case_makes_no_difference_where_it_is_ignored() -> None:
    paris, shouted = phrase("Paris"), phrase("PARIS")
    assert folded(paris, ignore_case=True) == folded(shouted, ignore_case=True)
    assert folded(paris, ignore_case=False) != folded(shouted, ignore_case=False)
    written = token_pattern([{"LOWER": "paris"}])
    assert folded(written, ignore_case=True) != folded(phrase(written.text), ignore_case=True)


def test_names_of_lists() -> None:
    assert check_list_name("  Big  cities ") == "Big cities"
    for wrong in ("", " ", "a" * 101, "a\u202eb"):
        with pytest.raises(RuleError):
            check_list_name(wrong)
    assert free_name("Cities", []) == "Cities"
    assert free_name("Cities", ["Cities", "Cities 2"]) == "Cities 3"
    assert free_name("\u202e", []) == "Patterns"
    assert len(free_name("a" * 300, ["a" * 100])) <= 100


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([{"lower": "new"}, {"LOWER": "york"}], (True, ("new", "york"))),
        ([{"ORTH": "New"}, {"TEXT": "York"}], (False, ("New", "York"))),
        ([{"LOWER": "new", "OP": "+"}], None),
        ([{"LOWER": "new"}, {"ORTH": "York"}], None),
        ([{"LOWER": {"IN": ["new"]}}], None),
        ([{"LOWER": "new"}, {}], None),
        ([{}], None),
    ],
)
def test_patterns_that_only_name_words_are_known(value: object, words: object) -> None:
    assert exact_words(token_pattern(value)) == words
    assert exact_words(phrase("New York")) is None
