"""Finding words in a document and anything in the palette."""

from __future__ import annotations

import pytest

from annotator.ui.finding import find_all
from annotator.ui.palette_entries import Entry, best, match, narrowing


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("Moscow and moscow", "MOSCOW", [(0, 6), (11, 17)]),
        ("White\nHouse, White  House", "white house", [(0, 11), (13, 25)]),
        ("a.b axb", "a.b", [(0, 3)]),
        ("🚀 go 🚀", "🚀", [(0, 1), (5, 6)]),
        ("anything", "  ", []),
    ],
)
def test_words_are_found_as_people_read_them(text: str, words: str, places: list[tuple[int, int]]) -> None:
    assert find_all(text, words) == places


def test_a_sign_narrows() -> None:
    assert narrowing("> acc") == (">", "acc")
    assert narrowing("acc") == ("", "acc")
    assert narrowing(":12") == (":", "12")


def test_the_beginning_counts_most_then_the_beginning_of_a_word() -> None:
    assert match("Accept", "acc") == (0, (0, 3))
    assert match("Find: accept", "acc") == (1, (6, 9))
    assert match("Accra accord", "cc") == (2, (1, 3))
    assert match("Accept all alike", "alike acc") is not None
    assert match("Reject", "acc") is None


def test_what_cannot_be_done_comes_last_and_sections_keep_their_order() -> None:
    def entry(section: str, text: str, *, why_not: str = "", rank: int = 0) -> Entry:
        return Entry(section=section, text=text, run=list, why_not=why_not, rank=rank)

    found = best(
        [
            entry("Documents", "b"),
            entry("Actions", "off", why_not="no"),
            entry("Actions", "second", rank=2),
            entry("Actions", "first"),
        ],
        narrowed=False,
    )
    assert [each.text for each in found] == ["first", "second", "off", "b"]
