"""Shows the times of every format beside the library alone; `DOCUMENTS` in the environment names another size."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks import formats_bench


@pytest.mark.parametrize("name", formats_bench.names())
def test_a_file_of_many_documents(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for line in formats_bench.measure(name, int(os.environ.get("DOCUMENTS", formats_bench.DOCUMENTS))):
        lines.append(line)
        with capsys.disabled():
            print(f"\n{line}", end="")
    assert any("ratio" in line for line in lines)
