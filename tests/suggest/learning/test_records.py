"""What is counted of sources, labels and habits."""

from __future__ import annotations

import pytest

from annotator.suggest.hints import Hint
from annotator.suggest.learning.pages import Place
from annotator.suggest.learning.records import Promise, Records


def _hint(said: str, label: str = "", *, first: int = 0) -> Hint:
    return Hint(first, first + 1, label, "pipe", said, 0.8)


def test_precision_moves_from_what_is_usual_to_what_was_seen() -> None:
    records = Records()
    before = records.precision("pipe", "ORG")
    for _ in range(40):
        records.count("pipe", "ORG", right=False)
        records.count("pipe", "GPE", right=True)
    assert records.precision("pipe", "ORG") < 0.1 < before < 0.9 < records.precision("pipe", "GPE")
    assert records.precision("pipe", "DATE") == pytest.approx(0.5, abs=0.05)


def test_a_label_is_taken_for_what_it_turns_out_to_be() -> None:
    records = Records()
    assert records.mapped(_hint("ORG")) == ("", 0.0)
    assert records.mapped(_hint("ORG", "COMPANY"))[0] == "COMPANY"
    for _ in range(10):
        records.learn_hints([_hint("ORG", "COMPANY")], [Place(0, 1, "GENE")])
    assert records.mapped(_hint("ORG", "COMPANY"))[0] == "GENE"
    assert records.mapped(_hint("ORG"))[1] == pytest.approx(10 / 15)


def test_a_label_that_is_nothing_here_is_told_so() -> None:
    records = Records()
    for _ in range(40):
        records.learn_hints([_hint("ORG", "COMPANY")], [])
    assert records.mapped(_hint("ORG", "COMPANY")) == ("", 0.0)


def test_articles_are_left_out_until_most_spans_hold_them() -> None:
    words = ["the", "Council", "met", "the", "Board"]
    records = Records()
    assert not records.keeps_articles
    records.learn_gold(words, [Place(1, 2, "ORG")])
    assert not records.keeps_articles
    for _ in range(3):
        records.learn_gold(words, [Place(0, 2, "ORG")])
    assert records.keeps_articles


def test_labels_of_spans_inside_others_are_counted() -> None:
    records = Records()
    records.learn_gold(
        ["Bank", "of", "Norway", "here"], [Place(0, 3, "ORG"), Place(2, 3, "GPE"), Place(3, 4, "X")]
    )
    assert dict(records.nested) == {("ORG", "GPE"): 1}


def test_promises_that_do_not_come_true_are_corrected() -> None:
    kept, broken = Promise(), Promise()
    for number in range(40):
        kept.count(0.5, right=bool(number % 2))
        broken.count(0.5, right=False)
    assert kept.correction == 0
    assert -2 <= broken.correction < -1
    assert Promise().correction == 0


def test_one_document_is_little_experience_however_many_spans_it_has() -> None:
    words = [f"w{number}" for number in range(50)]
    one, many = Records(), Records()
    one.learn_gold(words, [Place(at, at + 1, "ORG") for at in range(50)])
    for at in range(50):
        many.learn_gold(words, [Place(at, at + 1, "ORG")])
    assert 0 < one.experience <= many.experience / 5
    assert many.experience == 50
