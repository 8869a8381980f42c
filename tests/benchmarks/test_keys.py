"""Shows how many keys a person presses in the real window; `KEYS` names other numbers of documents."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks import keys_bench
from tests.benchmarks.learning_corpora import corpora

COUNTS = [int(each) for each in os.environ.get("KEYS", "").split()] or [
    keys_bench.SAMPLES,
    keys_bench.HEADLINES,
]


@pytest.mark.parametrize(("name", "count"), list(zip(("seeds", "news"), COUNTS, strict=False)))
def test_every_decision_by_keys(name: str, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = next(corpora([name]), None)
    if found is None:
        pytest.skip("this corpus is not on this machine")
    lines = []
    for line in keys_bench.measure(found, count):
        lines.append(line)
        with capsys.disabled():
            print(f"\n{line}", end="")
    assert any(f"in {count} of {count}" in line for line in lines), "the gold is out of reach of the keys"
