"""How long the program takes to start: the price of its imports, each in a process of its own."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import pytest

from tests.house import source

RUNS = 5


@pytest.mark.parametrize(
    ("what", "arguments", "limit"),
    [
        ("Python alone", ["-c", "pass"], 0.5),
        ("the workflows", ["-c", "import annotator.workflows"], 1.0),
        ("the terminal's help", ["-m", "annotator", "--help"], 1.0),
        ("the window's Qt", ["-c", "import PySide6.QtWidgets"], 1.5),
    ],
)
def test_the_start_is_quick(what: str, arguments: list[str], limit: float) -> None:
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], cwd=source.ROOT, check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    median = statistics.median(seconds)
    print(f"\n{what}: {median * 1000:.0f} ms (median of {RUNS})", end="")
    assert median < limit
