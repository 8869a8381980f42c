"""Shows the times of the article view beside a plain editor's; whoever runs it judges them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.benchmarks import canvas_bench
from tests.benchmarks.canvas_documents import DOCUMENTS, make_project


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("canvas")
    return {name: make_project(name, folder) for name in DOCUMENTS}


@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_the_article_view_beside_a_plain_editor(
    name: str, platform: str, projects: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    if platform == "xcb" and "DISPLAY" not in os.environ:
        pytest.skip("there is no screen")
    ours, plain = canvas_bench.measure(projects[name], platform)
    lines = list(canvas_bench.table(name, platform, ours, plain))
    with capsys.disabled():
        print("", *lines, sep="\n")
    assert len(lines) == len(canvas_bench.ROWS) + 2
