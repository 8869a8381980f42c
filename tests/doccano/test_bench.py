"""Shows the times beside doccano's own; `MANY` in the environment names another number of documents than 10,000."""

from __future__ import annotations

import os

import pytest

from tests.doccano import doccano_bench
from tests.doccano.server import Server


@pytest.mark.slow
def test_as_many_documents_as_teams_have(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    many = int(os.environ.get("MANY", doccano_bench.DOCUMENTS))
    lines = []
    for line in doccano_bench.measure(many, many // 5):
        lines.append(line)
        with capsys.disabled():
            print(f"\n{line}", end="")
    assert all("ratio" in line for line in lines)
    assert len(lines) == 3 + len(doccano_bench.PARTS)
