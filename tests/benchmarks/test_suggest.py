"""Shows how many documents a second get candidates from several processes, beside spaCy alone."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks import suggest_bench


def test_candidates_for_many_documents(capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(suggest_bench.measure(int(os.environ.get("DOCUMENTS", "4000"))))
    with capsys.disabled():
        print("", *lines, sep="\n")
    assert any("ratio" in line for line in lines)
