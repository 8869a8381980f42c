"""The tagger: what it reads and writes, and that the same lessons give the same one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.learning.features import page_features, shape, tagged
from annotator.suggest.learning.pages import Place
from annotator.suggest.learning.tagger import Tagger, train, untagged
from tests.suggest.learning.lessons import a_corpus, a_lesson, a_page


@st.composite
def places(draw: st.DrawFn) -> list[Place]:
    found, at = [], 0
    for _ in range(draw(st.integers(0, 4))):
        first = at + draw(st.integers(0, 2))
        at = first + draw(st.integers(1, 3))
        found.append(Place(first, at, draw(st.sampled_from("XY"))))
    return found


@given(places(), st.booleans())
def test_places_survive_as_tags(made: list[Place], with_ends: object) -> None:
    assert untagged(tagged(made, 20, ends=bool(with_ends))) == made


def test_of_overlapping_places_the_first_is_written() -> None:
    assert tagged([Place(0, 2, "X"), Place(1, 3, "Y")], 3, ends=True) == ["B-X", "L-X", "O"]


def test_shapes_are_short() -> None:
    assert [shape(word) for word in ("London", "MH-17", "1984", "é")] == ["Xx", "X-d", "d", "x"]


def _trained() -> bytes:
    examples = [
        (each.page, page_features(each.page, [], known=[], alike=[]), each.gold) for each in a_corpus(8)
    ]
    model = train(examples, labels=2, tokens=200)
    assert model is not None
    return model


def test_it_finds_names_it_has_not_seen_and_says_how_sure_it_is() -> None:
    page = a_page("Ivy Stone went to Oslo on a train.")
    tagging = Tagger(_trained()).tag(page, page_features(page, [], known=[], alike=[]))
    assert Place(0, 2, "PERSON") in tagging.best
    assert all(0 < probability <= 1 for probability in (*tagging.best.values(), *tagging.soft.values()))
    assert len(tagging.outside) == len(page.words)
    assert max(tagging.outside[5:]) > 0.9
    assert not set(tagging.best) & set(tagging.soft)


def test_the_same_lessons_give_the_same_tagger() -> None:
    assert _trained() == _trained()


@pytest.mark.parametrize("labels", [2, 20])
def test_nothing_is_trained_where_there_is_nothing_to_learn(labels: int) -> None:
    lesson = a_lesson("Nobody came.")
    features = page_features(lesson.page, [], known=[], alike=[])
    assert train([(lesson.page, features, ())], labels=labels, tokens=3) is None
