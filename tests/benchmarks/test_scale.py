"""Shows the times of a large project beside its parts; `DOCUMENTS` in the environment names another size."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks import scale_bench


@pytest.mark.parametrize("kind", ["plain", "prose"])
def test_a_project_of_many_documents(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for line in scale_bench.measure(int(os.environ.get("DOCUMENTS", "100000")), kind):
        lines.append(line)
        with capsys.disabled():
            print(f"\n{line}", end="")
    assert any("ratio" in line for line in lines)
