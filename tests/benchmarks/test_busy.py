"""Shows what keys take while the window learns and makes candidates; `PAIRS` of blocks are in the environment."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks import busy_bench


def test_keys_while_the_window_learns(capsys: pytest.CaptureFixture[str]) -> None:
    times = busy_bench.measure(int(os.environ.get("PAIRS", busy_bench.PAIRS)))
    with capsys.disabled():
        print("", *busy_bench.table(times), sep="\n")
    assert times.learning
    assert times.suggesting
