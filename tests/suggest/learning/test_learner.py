"""The learner as a whole: what it proposes after what it was taught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.suggest.learning.learner import Learner
from annotator.suggest.learning.pages import Lesson, Place
from tests.suggest.learning.lessons import a_corpus, a_lesson, a_page, scores, taught

SHOWN = 0.25


def test_without_lessons_a_hint_is_worth_what_hints_usually_are() -> None:
    assert scores(Learner(), a_page("Ada spoke.", ("Ada", "PERSON", "PERSON"))) == {("Ada", "PERSON"): 0.6}


def test_one_decision_is_remembered_at_once() -> None:
    learner = taught(a_lesson("[Norlab](ORG) grew."))
    assert scores(learner, a_page("We like Norlab."))["Norlab", "ORG"] > SHOWN


def test_a_single_span_lets_no_other_word_be_proposed() -> None:
    learner = taught(a_lesson("[oxycodone](DRUG) works"))
    page = a_page("It came, then Mylan 30 and oxycodone (or morphine) did, in A or B.")
    assert learner.sources(page).tagging is not None, "it is trained, and judged"
    assert {words for words, _ in scores(learner, page)} == {"oxycodone"}


def test_what_was_rejected_does_not_come_back() -> None:
    page = a_page("They saw May again.", ("May", "PERSON", "PERSON"))
    lessons = [
        a_lesson(
            "It rained in May here.",
            ("May", "PERSON", "PERSON"),
            document=number,
            rejected=[("May", "PERSON")],
        )
        for number in (1, 2, 3)
    ]
    assert scores(taught(*lessons), page)["May", "PERSON"] < SHOWN
    kept = [
        a_lesson("We saw [May](PERSON) here.", ("May", "PERSON", "PERSON"), document=number)
        for number in (1, 2, 3)
    ]
    assert scores(taught(*kept), page)["May", "PERSON"] > SHOWN


def test_while_little_is_known_the_start_is_no_worse_than_alone() -> None:
    learner = taught(a_lesson("Rain fell on [Odda](GPE).", ("Odda", "GPE", "GPE")))
    page = a_page("Zora Quill came to Turin.", ("Zora Quill", "PERSON", "PERSON"), ("Turin", "GPE", "GPE"))
    found = scores(learner, page)
    assert found["Zora Quill", "PERSON"] > SHOWN
    assert found["Turin", "GPE"] > SHOWN


def test_one_long_document_does_not_make_the_start_worse_than_alone() -> None:
    names = " met ".join(f"[Ada{letter} Berg{letter}](PERSON)" for letter in "abcdefghijklmnopqrstuvwxyz" * 3)
    page = a_page("Then Mei Ling Tan spoke .", ("Mei Ling Tan", "PERSON", "PERSON"))
    before = scores(taught(), page)["Mei Ling Tan", "PERSON"]
    after = scores(taught(a_lesson(names)), page)
    assert max(after, key=lambda each: after[each]) == ("Mei Ling Tan", "PERSON")
    assert after["Mei Ling Tan", "PERSON"] >= 0.8 * before


def test_a_start_that_is_mostly_wrong_is_no_longer_shown() -> None:
    lessons = [
        a_lesson(f"The Lender pays [Firm {number}](ORG).", ("Lender", "PERSON", "PERSON"), document=number)
        for number in range(1, 25)
    ]
    page = a_page("The Borrower pays.", ("Borrower", "PERSON", "PERSON"))
    assert scores(taught(*lessons), page).get(("Borrower", "PERSON"), 0.0) < SHOWN


def test_a_label_of_the_pipeline_that_has_no_name_here_is_learnt() -> None:
    lessons = [
        a_lesson(f"The [Smad{number}](GENE) rises.", (f"Smad{number}", "ORG", ""), document=number)
        for number in range(1, 12)
    ]
    page = a_page("The Id1 rises.", ("Id1", "ORG", ""))
    assert scores(taught(*lessons), page)["Id1", "GENE"] > SHOWN


def test_articles_are_taken_in_where_the_guideline_wants_them() -> None:
    lessons = [
        a_lesson(f"So [the Council {number}](ORG) met.", (f"Council {number}", "ORG", "ORG"), document=number)
        for number in range(1, 6)
    ]
    page = a_page("So the Board met.", ("Board", "ORG", "ORG"))
    assert ("the Board", "ORG") in scores(taught(*lessons), page)


def test_another_form_of_known_words_is_proposed() -> None:
    learner = taught(*[a_lesson("He took [opiate](DRUG) here.", document=number) for number in (1, 2, 3)])
    assert ("Opiates", "DRUG") in scores(learner, a_page("Opiates are bad."))


def test_the_tagger_is_trained_often_at_first_and_then_ever_more_seldom() -> None:
    learner, trainings = Learner(), []
    for number, lesson in enumerate(a_corpus(20), start=1):
        learner.learn(lesson)
        if learner.is_due:
            learner.train()
            trainings.append(number)
    assert trainings == [1, 2, 3, 4, 5, 6, 9, 14]


def test_reasons_are_words() -> None:
    learner = taught(*a_corpus(8))
    page = a_page("Ada Lovelace went to Odda.", ("Ada Lovelace", "PERSON", "PERSON"))
    told = dict(learner.reasons(Place(0, 2, "PERSON"), learner.sources(page)))
    assert told["pipe"] == "pipe says PERSON"
    assert told["memory"] == "accepted 2 of 2 times as PERSON (2 documents)"
    assert told["tagger"] == "the tagger, learnt from 6 documents here, is sure of PERSON"


def test_a_pipeline_s_share_and_rejections_are_told() -> None:
    lessons = [
        a_lesson(
            f"Here is [Firm{number}](ORG) and May.",
            (f"Firm{number}", "ORG", "ORG"),
            ("May", "ORG", "ORG"),
            document=number,
            rejected=[("May", "ORG")],
        )
        for number in range(1, 4)
    ]
    learner = taught(*lessons)
    page = a_page("Then May came.", ("May", "ORG", "ORG"))
    told = dict(learner.reasons(Place(1, 2, "ORG"), learner.sources(page)))
    assert told["pipe"] == "pipe says ORG, right 50 % of the time here; rejected 3 times before"


@settings(max_examples=15)
@given(st.permutations(range(6)))
def test_the_same_decisions_in_the_same_order_give_the_same_candidates(order: list[int]) -> None:
    corpus = a_corpus(6)
    lessons: list[Lesson] = [corpus[number] for number in order]
    page = a_page("Ada Lovelace and Ivy Stone went to Odda.", ("Ivy Stone", "PERSON", "PERSON"))
    assert taught(*lessons).propose(page) == taught(*lessons).propose(page)


def test_vectors_are_asked_for_while_training_with_them_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.suggest.learning.learner.SMALL", 10)
    few, many = Learner(), Learner()
    for number in range(60):
        few.learn(a_lesson("[Ada](PERSON) met Bob near the new bridge.", document=number))
        label = f"L{number % 30}"
        many.learn(a_lesson(f"[Ada]({label}) met Bob near the new bridge.", document=number))
    assert few.wants_vectors
    assert many.wants_vectors
    monkeypatch.setattr("annotator.suggest.learning.learner.QUICK", 60 * 9 * 10)
    assert few.wants_vectors, "few labels are learnt quickly"
    assert not many.wants_vectors


def test_of_very_many_documents_the_tagger_learns_from_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    learner = taught(*a_corpus(8))
    page = a_page("Ada Lovelace and Ivy Stone went to Odda.")
    before = learner.propose(page)
    monkeypatch.setattr("annotator.suggest.learning.learner.LARGEST", 80)
    assert [each.page.document for each in learner._newest(40)] == [7, 8]
    assert [each.page.document for each in learner._newest(1)] == [8]
    learner.train()
    assert learner.propose(page) != before
