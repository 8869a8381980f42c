"""Shows how candidates grow with what is learnt, for each corpus at hand; `CORPORA` names some, `QUICK` one order."""

from __future__ import annotations

import os

import pytest

from annotator.model.annotation import SpanKey, fragments_of
from tests.benchmarks import learning_bench
from tests.benchmarks.learning_corpora import corpora, names
from tests.benchmarks.learning_simulation import actions

NAMED = os.environ.get("CORPORA", "").split() or names()


@pytest.mark.parametrize("name", NAMED)
def test_a_corpus(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    orders = 1 if os.environ.get("QUICK") else learning_bench.ORDERS
    found = next(corpora([name]), None)
    if found is None:
        pytest.skip("this corpus is not on this machine")
    lines = []
    for line in learning_bench.measure(found, orders=orders):
        lines.append(line)
        with capsys.disabled():
            print(f"\n{line}", end="")
    assert any("met" in line or "MISSED" in line for line in lines)


def test_one_article(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = learning_bench.measure_one_article()
    with capsys.disabled():
        print(f"\n{line}", end="")
    assert "goal" in line


def _key(start: int, end: int, label: str = "X") -> SpanKey:
    return SpanKey(fragments_of((start, end)), label)


@pytest.mark.parametrize(
    ("shown", "gold", "count"),
    [
        ([], [], 1),
        ([_key(0, 3)], [_key(0, 3)], 1),
        ([], [_key(0, 3)], 5),
        ([_key(0, 3)], [], 3),
        ([_key(0, 3, "Y")], [_key(0, 3)], 3),
        ([_key(0, 2)], [_key(0, 3)], 4),
        ([_key(0, 2), _key(2, 3)], [_key(0, 3)], 6),
    ],
)
def test_what_it_takes_to_mend_a_document(shown: list[SpanKey], gold: list[SpanKey], count: int) -> None:
    assert actions(frozenset(shown), frozenset(gold)) == count
