"""Shows the times of the project file beside bare SQLite's; whoever runs it judges them."""

from __future__ import annotations

import pytest

from tests.benchmarks import store_bench


def test_the_project_file_beside_bare_sqlite(capsys: pytest.CaptureFixture[str]) -> None:
    store_bench.main()
    shown = capsys.readouterr().out
    with capsys.disabled():
        print(f"\n{shown}", end="")
    assert "one durable act" in shown
