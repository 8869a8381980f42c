"""What the fine-tuned pipeline says counts by what came true of it, and changes nothing of the ranker's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.suggest.learning import keeping
from annotator.suggest.learning.learner import Learner
from annotator.suggest.learning.pages import Advice, Lesson, Page, Place
from tests.suggest.learning.lessons import a_lesson, a_page, scores, taught

SHOWN = 0.25


def _advised(page: Page, *places: Place, made: str = "first", **known: object) -> Page:
    told = Advice(made=made, documents=30, places=frozenset(places), **known)  # type: ignore[arg-type]
    return replace(page, advice=told)


def _lesson(number: int, *, is_right: bool) -> Lesson:
    """Make a lesson in which a name of its own stands, and the adviser says it, or another word."""
    made = a_lesson(f"Then [Zed{number}](PERSON) sang loudly.", document=number)
    said = Place(1, 2, "PERSON") if is_right else Place(3, 4, "PERSON")
    return replace(made, page=_advised(made.page, said))


def _taught(numbers: Iterable[int], *, is_right: bool) -> Learner:
    return taught(*(_lesson(number, is_right=is_right) for number in numbers))


PAGE = a_page("Then Quo sang loudly.", document=99)
SAID = Place(1, 2, "PERSON")


def test_what_proved_right_is_raised_and_what_proved_wrong_is_lowered() -> None:
    right, wrong = (_taught(range(1, 15), is_right=each) for each in (True, False))
    page = _advised(PAGE, SAID)
    assert scores(right, page)["Quo", "PERSON"] > scores(right, PAGE)["Quo", "PERSON"] > SHOWN
    page = _advised(PAGE, Place(3, 4, "PERSON"))
    assert scores(wrong, page)["loudly", "PERSON"] < scores(right, page)["loudly", "PERSON"]


def test_one_that_is_not_known_yet_changes_nothing_of_what_others_propose() -> None:
    learner = taught(*(a_lesson(f"[Norlab](ORG) grew {number}.", document=number) for number in range(1, 5)))
    page = a_page("We like Norlab.", document=99)
    before = scores(learner, page)
    after = scores(learner, _advised(page, Place(0, 1, "ORG")))
    assert {each: after[each] for each in before} == pytest.approx(before)


def test_the_ranker_s_own_counts_are_the_same_with_it_and_without() -> None:
    with_it = _taught(range(1, 9), is_right=True)
    without = taught(
        *(a_lesson(f"Then [Zed{number}](PERSON) sang loudly.", document=number) for number in range(1, 9))
    )
    assert with_it.records == without.records
    assert with_it.propose(PAGE) == without.propose(PAGE)
    assert not without.adviser.made


def test_another_one_begins_with_its_trial_and_with_what_came_true_of_those_before() -> None:
    learner = _taught(range(1, 15), is_right=True)
    promises = {
        kind: (each.right, each.expected, each.spread)
        for kind, each in learner.adviser.records.promises.items()
    }
    page = _advised(PAGE, SAID, made="second", counts={"PERSON": (9, 10)}, promises=promises)
    assert scores(learner, page) == scores(learner, _advised(PAGE, SAID))
    (*_, (suggester, reason)) = learner.reasons(SAID, learner.sources(page))
    assert suggester == "fine-tuned"
    assert (
        reason
        == "the spaCy pipeline, fine-tuned on 30 documents here, says PERSON, right 90 % of the time here"
    )
    assert (
        "right"
        not in dict(learner.reasons(SAID, learner.sources(_advised(PAGE, SAID, made="x"))))["fine-tuned"]
    )


def test_what_is_known_of_it_is_kept(tmp_path: Path) -> None:
    learner = _taught(range(1, 9), is_right=True)
    keeping.keep(learner, str(tmp_path / "learnt"), settings="x")
    keeping._hold("", (0, 0), None)
    again = keeping.learner_at(str(tmp_path / "learnt"))
    assert again is not None
    assert again.adviser == learner.adviser
    page = _advised(PAGE, SAID)
    assert again.propose(page) == learner.propose(page)
