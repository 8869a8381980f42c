"""Relations are learnt from finished documents: pairs, patterns that are believed as far as they were right, scores."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.learning.pages import Lesson, Page, Place, Tie
from annotator.suggest.learning.pairs import NEIGHBOURS, Pair, pairs_in
from annotator.suggest.learning.relating import NONE, Relations, train

NAMES = ("Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Hana", "Ivo")


def a_page(*sentences: str, document: int = 1) -> Page:
    """Make a page of sentences, their words divided by blanks."""
    words: list[str] = []
    ranges = []
    for each in sentences:
        ranges.append((len(words), len(words) + len(each.split())))
        words += each.split()
    return Page(document=document, words=tuple(words), sentences=tuple(ranges))


def places(page: Page, **labels: str) -> tuple[Place, ...]:
    """Find single words of a page: `PERSON="Ada|Bob"`."""
    return tuple(
        Place(at, at + 1, label)
        for at, word in enumerate(page.words)
        for label, words in labels.items()
        if re.fullmatch(words, word)
    )


def anything(_head: str, _child: str) -> bool:
    return True


def a_lesson(number: int, *, said: float = 0.0, right: bool = False) -> Lesson:
    """Say who hired whom, and that nobody hired the third; `said` is what a pattern says of one of both pairs."""
    first, second, third = (NAMES[(number + step) % len(NAMES)] for step in (0, 1, 2))
    page = a_page(f"{first} hired {second} , not {third} .", document=number)
    one, other, last = places(page, PERSON=f"{first}|{second}|{third}")
    hired, not_hired = Tie(one, other, "HIRED"), Tie(other, last, "HIRED")
    return Lesson(
        page=page,
        gold=(one, other, last),
        relations=(hired,),
        said=((hired if right else not_hired, said),) if said else (),
    )


def taught(count: int, *, said: float = 0.0, right: bool = False) -> Relations:
    """Teach some lessons and train."""
    learnt = Relations()
    lessons = [a_lesson(number, said=said, right=right) for number in range(count)]
    for each in lessons:
        learnt.learn(each)
    learnt.train(lessons)
    return learnt


def test_places_of_one_sentence_make_pairs_in_both_directions() -> None:
    page = a_page("Ada met Bob .", "Cleo left .")
    ada, bob, cleo = places(page, PERSON="Ada|Bob|Cleo")
    found = [pair for pair, _ in pairs_in(page, (cleo, bob, ada), anything)]
    assert found == [Pair(ada, bob), Pair(bob, ada)]


def test_only_what_may_be_joined_makes_pairs() -> None:
    page = a_page("Ada of Rome met Bob .")
    ada, rome, _ = found = places(page, PERSON="Ada|Bob", GPE="Rome")
    pairs = [
        pair for pair, _ in pairs_in(page, found, lambda head, child: (head, child) == ("PERSON", "GPE"))
    ]
    assert Pair(ada, rome) in pairs
    assert all(pair.head.label == "PERSON" and pair.child.label == "GPE" for pair in pairs)


@given(st.lists(st.integers(0, 59), min_size=2, max_size=40, unique=True))
def test_each_place_has_few_pairs_and_all_tell_something(starts: list[int]) -> None:
    page = a_page(" ".join(f"w{number}" for number in range(60)))
    found = list(pairs_in(page, [Place(at, at + 1, "X") for at in starts], anything))
    assert len(found) <= 2 * NEIGHBOURS * len(starts)
    assert len({pair for pair, _ in found}) == len(found)
    assert all(told and len(told) == len([each for each in told if each]) for _, told in found)


def test_a_learnt_verb_relates_names_that_were_never_seen() -> None:
    learnt = taught(8)
    page = a_page("Yara hired Zoe , not Xenia .")
    yara, zoe, xenia = found = places(page, PERSON="Yara|Zoe|Xenia")
    proposed = learnt.propose(page, found, ())
    assert proposed[0].tie == Tie(yara, zoe, "HIRED")
    assert proposed[0].by_pattern == 0.0
    assert all(xenia not in each.tie for each in proposed)


def test_without_lessons_patterns_are_shown_as_they_speak() -> None:
    page = a_page("Ada hired Bob .")
    ada, bob = found = places(page, PERSON="Ada|Bob")
    (shown,) = Relations().propose(page, found, [(Tie(ada, bob, "HIRED"), 0.6)])
    assert shown.score == pytest.approx(0.6)
    assert Relations().propose(page, found, [(Tie(ada, bob, "HIRED"), 0.2)]) == []


def test_a_pattern_that_was_wrong_is_believed_less_and_one_that_was_right_stays() -> None:
    page = a_page("Ada saw Bob .")
    ada, bob = found = places(page, PERSON="Ada|Bob")
    said = [(Tie(ada, bob, "HIRED"), 0.6)]
    believed = []
    for learnt in (taught(12, said=0.6), Relations(), taught(12, said=0.6, right=True)):
        (found_now,) = [each for each in learnt.propose(page, found, said) if each.tie.head == ada]
        weight = 20 / (20 + (0 if not learnt.trained_on else 12))
        believed.append(found_now.by_pattern / weight)
    wrong, new, right = believed
    assert wrong < 0.3 < new < right
    assert new == pytest.approx(0.6)


def test_patterns_may_join_what_stands_in_two_sentences() -> None:
    page = a_page("Ada came .", "She hired Bob .")
    ada, bob = found = places(page, PERSON="Ada|Bob")
    (shown,) = taught(6).propose(page, found, [(Tie(ada, bob, "HIRED"), 0.9)])
    assert shown.by_classifier == 0.0


def test_each_ordered_pair_has_one_label() -> None:
    page = a_page("Ada met Bob .")
    ada, bob = found = places(page, PERSON="Ada|Bob")
    said = [(Tie(ada, bob, label), score) for label, score in (("MET", 0.7), ("HIRED", 0.5))]
    (shown,) = Relations().propose(page, found, said)
    assert shown.tie.label == "MET"
    assert shown.score == pytest.approx(0.7)


def test_the_same_lessons_give_the_same_classifier() -> None:
    first, second = (taught(7).classifier for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.model == second.model


def test_there_is_no_classifier_of_one_label() -> None:
    assert train([]) is None
    assert train([(["a"], NONE), (["b"], NONE)]) is None
