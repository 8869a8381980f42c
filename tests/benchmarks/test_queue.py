"""Shows what orders of many documents take; `DOCUMENTS` in the environment names another size."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks import queue_bench


def test_orders_of_many_documents(capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for line in queue_bench.measure(int(os.environ.get("DOCUMENTS", "100000"))):
        lines.append(line)
        with capsys.disabled():
            print(f"\n{line}", end="")
    assert any("order useful" in line for line in lines)
