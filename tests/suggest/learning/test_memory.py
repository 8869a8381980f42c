"""What memory counts, and that a document can be left out of all counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.learning.memory import Memory, folded, longest
from annotator.suggest.learning.pages import Place


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def test_words_that_were_accepted_are_known_with_how_often_they_stood_there() -> None:
    memory = Memory()
    memory.learn(1, _words("Ada met Ada"), [Place(0, 1, "PERSON")])
    (match,) = memory.matches(_words("today Ada"))
    assert (match.first, match.last, dict(match.labels), match.seen) == (1, 2, {"PERSON": 1}, 2)
    assert match.ratio("PERSON") == 0.5


def test_new_words_are_counted_in_older_documents_too() -> None:
    memory = Memory()
    memory.learn(1, _words("New York and York"), [])
    memory.learn(2, _words("in New York"), [Place(1, 3, "GPE")])
    (match,) = memory.matches(_words("New York"))
    assert match.seen == 2


def test_what_stands_at_the_end_is_not_taken_for_something_longer() -> None:
    memory = Memory()
    memory.learn(1, _words("Ada Lovelace and Ada"), [Place(0, 2, "PERSON"), Place(3, 4, "PERSON")])
    found = memory.matches(_words("with Ada"))
    assert [(each.first, each.last) for each in found] == [(1, 2)]


def test_of_overlapping_matches_the_longest_is_chosen_and_rare_ones_are_left_out() -> None:
    memory = Memory()
    memory.learn(1, _words("Ada Lovelace was Ada and May"), [Place(0, 2, "PERSON"), Place(3, 4, "PERSON")])
    memory.learn(2, _words("May may may May May May May May May"), [Place(0, 1, "PERSON")])
    chosen = longest(memory.matches(_words("Ada Lovelace in May")))
    assert [(each.first, each.last) for each in chosen] == [(0, 2)]


def test_rejections_are_remembered_by_words_and_label() -> None:
    memory = Memory()
    memory.learn(1, _words("May rain"), [], [Place(0, 1, "PERSON")])
    assert memory.rejected(("May",), "PERSON") == 1
    assert memory.rejected(("May",), "DATE") == 0
    assert memory.matches(_words("May rain")) == []


def test_capitals_and_the_s_of_a_plural_are_folded() -> None:
    assert folded(["Opiates", "GLASS", "gas", "buses"]) == ("opiate", "glass", "gas", "buse")


def test_the_documents_with_an_accepted_word_are_counted() -> None:
    memory = Memory()
    for document in (1, 2):
        memory.learn(document, _words("Ada and Ada"), [Place(0, 1, "PERSON"), Place(2, 3, "PERSON")])
    assert memory.documents_with(("Ada",), "PERSON") == 2
    assert memory.accepted(("Ada",), "PERSON") == 4


documents = st.lists(
    st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=8).flatmap(
        lambda words: st.tuples(
            st.just(tuple(words)),
            st.lists(
                st.tuples(st.integers(0, len(words) - 1), st.integers(1, 3), st.sampled_from("XY")),
                max_size=3,
            ),
        )
    ),
    min_size=1,
    max_size=5,
)


def _places(words: tuple[str, ...], told: list[tuple[int, int, str]]) -> list[Place]:
    return [Place(first, min(first + length, len(words)), label) for first, length, label in told]


@given(documents, st.data())
def test_a_document_left_out_is_as_one_that_was_never_learnt(
    made: list[tuple[tuple[str, ...], list[tuple[int, int, str]]]], data: st.DataObject
) -> None:
    left_out = data.draw(st.integers(0, len(made) - 1))
    whole, rest = Memory(), Memory()
    for number, (words, told) in enumerate(made):
        whole.learn(number, words, _places(words, told))
        if number != left_out:
            rest.learn(number, words, _places(words, told))
    asked = made[left_out][0]
    assert whole.matches(asked, without=left_out) == rest.matches(asked)
