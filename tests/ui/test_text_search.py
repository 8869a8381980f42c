"""Finding words in a text: what a person means by them, and no hit lost where two stretches meet."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.text_search import Alphabet, Options, find_all, query_for


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("Moscow and moscow", "MOSCOW", [(0, 6), (11, 17)]),
        ("White\nHouse, White  House", "white house", [(0, 11), (13, 25)]),
        ("a.b axb", "a.b", [(0, 3)]),
        ("🚀 go 🚀", "🚀", [(0, 1), (5, 6)]),
        ("anything", "  ", []),
        ("", "a", []),
        ("Zürich, Zu\u0308rich, ZURICH", "zurich", [(0, 6), (8, 15), (17, 23)]),
        ("Zürich, Zu\u0308rich, Zurich", "zürich", [(0, 6), (8, 15)]),
        ("Zürich, Zu\u0308rich, Zurich", "zu\u0308rich", [(0, 6), (8, 15)]),
        ("Straße, STRASSE", "strasse", [(0, 6), (8, 15)]),
        ("Straße, STRASSE", "STRAßE", [(0, 6), (8, 15)]),
        ("ﬁne fine", "fin", [(0, 2), (4, 7)]),
        ("O’Neill, O'Neill", "o'neill", [(0, 7), (9, 16)]),
        ("2019–20 “yes”", '2019-20 "yes"', [(0, 13)]),
        ("كِتَاب كتاب", "كتاب", [(0, 6), (7, 11)]),
        ("한국 한글", "한", [(0, 1), (3, 4)]),
        ("กี กา", "กา", [(3, 5)]),
    ],
)
def test_words_are_found_as_people_read_them(text: str, words: str, places: list[tuple[int, int]]) -> None:
    assert find_all(text, words) == places


@pytest.mark.parametrize(
    ("words", "options", "places"),
    [
        ("cat", Options(), [(0, 3), (7, 10), (16, 19), (20, 23)]),
        ("cat", Options(whole_words=True), [(0, 3), (16, 19), (20, 23)]),
        ("Cat", Options(match_case=True), [(16, 19)]),
        ("cat", Options(match_case=True, whole_words=True), [(0, 3), (20, 23)]),
        ("cát", Options(whole_words=True), []),
    ],
)
def test_capitals_and_whole_words_count_where_they_are_asked_for(
    words: str, options: Options, places: list[tuple[int, int]]
) -> None:
    assert find_all("cat con" + "cat" + "enate Cat cat", words, options) == places


def test_a_sign_beside_a_letter_is_no_part_of_the_word() -> None:
    assert find_all("(cat) cats", "(cat)", Options(whole_words=True)) == [(0, 5)]


def test_words_apart_are_found_each_and_the_last_may_go_on() -> None:
    text = "Oslo has fjords. Foslo has none."
    assert find_all(text, "oslo fjord", apart=True) == [(0, 4), (9, 15)]


def test_no_more_than_the_limit_are_listed() -> None:
    assert len(find_all("a " * 10, "a", limit=4)) == 4


@given(
    text=st.text(alphabet="aAäbß \u0308\n-–", max_size=60),
    words=st.text(alphabet="aäbsß -", min_size=1, max_size=6),
    size=st.integers(1, 9),
    whole=st.booleans(),
)
def test_no_hit_is_lost_or_cut_where_two_stretches_meet(
    text: str,
    words: str,
    size: int,
    whole: bool,  # noqa: FBT001 - a strategy
) -> None:
    query = query_for(words, Alphabet(text), Options(whole_words=whole))
    if query is None:
        return
    whole_text = [match.span() for match in query.pattern.finditer(text)]
    found = [hit for hits in query.stretches(text, size=size) for hit in hits]
    assert found == whole_text
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
