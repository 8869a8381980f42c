"""Shows how candidates grow with what is learnt, for each corpus at hand; `CORPORA` and `WHOLE` choose."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks import learning_bench, relations_bench
from tests.benchmarks.course_chart import FOLDER, Row, draw
from tests.benchmarks.learning_corpora import Corpus, corpora, names

NAMED = os.environ.get("CORPORA", "").split() or names()
IS_WHOLE = bool(os.environ.get("WHOLE"))


def _here(wanted: list[str]) -> list[Corpus]:
    found = list(corpora(wanted))
    if not found:
        pytest.skip("none of these corpora is on this machine")
    return found


def _show(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    with capsys.disabled():
        print("", *lines, sep="\n", end="")


def _drawn(rows: list[Row], name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = draw(rows, learning_bench.TITLE, FOLDER / name)
    _show(capsys, f"drawn: {path}")
    assert path.stat().st_size


def test_entities(capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for found in _here(NAMED):
        lines, row = learning_bench.measure(found, whole=IS_WHOLE)
        _show(capsys, *lines)
        rows.append(row)
    _drawn(rows, "learning.png", capsys)


def test_relations(capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for found in _here([each for each in NAMED if each in relations_bench.CORPORA]):
        lines, drawn = relations_bench.measure(found, whole=IS_WHOLE)
        _show(capsys, *lines)
        rows += drawn
    _drawn(rows, "relations.png", capsys)


def test_one_article(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = learning_bench.measure_one_article()
    _show(capsys, line)
    assert "goal" in line
