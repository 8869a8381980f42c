"""Shows the times of the article view beside a plain editor's; whoever runs it judges them."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.benchmarks import canvas_bench


@pytest.mark.parametrize("name", ["article", "big", "giant", "dense"])
def test_the_article_view_beside_a_plain_editor(
    name: str, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    canvas_bench.main([name])
    shown = capsys.readouterr().out
    with capsys.disabled():
        print(f"\n{shown}", end="")
    assert "first paint" in shown
