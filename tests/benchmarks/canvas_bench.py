"""Times the article view beside a plain text editor of Qt's with the same text, in one run.

Run by hand: `python -m tests.benchmarks.canvas_bench [offscreen|xcb] [article big giant dense line many]`. Nothing is
asserted: machines differ, ratios travel better. Figures are milliseconds, p50/p95. Goals: offscreen those of the
design; on a screen at most 1.3 times the plain editor, and the same milliseconds for what it cannot do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.canvas_documents import DOCUMENTS, make_project

RATIO = 1.3
"""Goal on a screen: at most so many times as long as the plain editor."""
LEAST = 0.05
"""Milliseconds below which nothing was done."""
Times = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Goal:
    """At most so many milliseconds (or MB), at the 50th or the 95th percentile."""

    most: float
    share: float = 0.95

    def __str__(self) -> str:
        return f"p{self.share * 100:.0f} < {self.most:g}"


_KEYS = {f"key to repaint, {key}": Goal(16) for key in ("A", "digit", "X", "undo")}
_USUAL = {
    "wheel frame": Goal(8),
    "cold page": Goal(16),
    "cold jump": Goal(16),
    "label edit": Goal(8),
    **_KEYS,
}
_HUGE = {"first paint": Goal(300, 0.5), "wheel frame": Goal(16), "label edit": Goal(16), **_KEYS}
GOALS: dict[str, dict[str, Goal]] = {
    "article": {**_USUAL, "first paint": Goal(20, 0.5)},
    "big": {**_USUAL, "first paint": Goal(60, 0.5), "memory, used": Goal(40, 0.5)},
    "giant": {**_USUAL, "first paint": Goal(60, 0.5)},
    "dense": {**_USUAL, "first paint": Goal(60, 0.5)},
    "line": _HUGE,
    "many": _HUGE,
}
ROWS = (
    *(
        "open to painted",
        "first paint",
        "wheel frame",
        "cold page",
        "cold jump",
        "full repaint",
        "label edit",
    ),
    *_KEYS,
    *("memory, opened", "memory, used"),
)


def at(times: list[float], share: float) -> float:
    """Give a percentile."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure(path: Path, platform: str) -> tuple[Times, Times]:
    """Measure ours (view and window) and the plain editor, each in a process of its own."""
    plain = _in_a_process("plain", path, platform)
    return {**_in_a_process("view", path, platform), **_in_a_process("window", path, platform)}, plain


def _in_a_process(what: str, path: Path, platform: str) -> Times:
    command = [sys.executable, "-m", "tests.benchmarks.canvas_measures", what, str(path)]
    with tempfile.TemporaryDirectory() as settings:
        environment = {**os.environ, "QT_QPA_PLATFORM": platform, "ANNOTATOR_SETTINGS": settings}
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    found: Times = json.loads(told.stdout.splitlines()[-1])
    return found


def table(name: str, platform: str, ours: Times, plain: Times) -> Iterator[str]:
    """Write one document on one platform: every figure, the plain editor's, ratios, goal and whether it is met."""
    yield f"{name}, {platform}"
    yield f"  {'':24}{'ours':>14}{'plain':>14}{'ratio':>14}   goal"
    for row in ROWS:
        mine, theirs = ours[row], plain.get(row)
        if theirs and at(theirs, 0.5) < LEAST:
            theirs = None  # all of it is on screen: there is nothing to do
        verdict = _verdict(mine, theirs, GOALS[name].get(row), platform)
        beside = _pair(theirs) if theirs else "-"
        ratio = f"{_ratio(mine, theirs, 0.5):.2f}/{_ratio(mine, theirs, 0.95):.2f}" if theirs else "-"
        yield f"  {row:24}{_pair(mine):>14}{beside:>14}{ratio:>14}   {verdict}".rstrip()


def _pair(times: list[float]) -> str:
    return f"{times[0]:.0f}" if len(times) == 1 else f"{at(times, 0.5):.1f}/{at(times, 0.95):.1f}"


def _ratio(ours: list[float], plain: list[float], share: float) -> float:
    return at(ours, share) / max(0.01, at(plain, share))


def _verdict(ours: list[float], plain: list[float] | None, goal: Goal | None, platform: str) -> str:
    """Tell the goal and whether it is met; empty where there is none."""
    if goal is None:
        return ""
    if platform != "offscreen" and plain is not None and goal.share > 0.5:
        over = max(_ratio(ours, plain, 0.5), _ratio(ours, plain, 0.95)) / RATIO
        return f"ratio < {RATIO}  {_met(over)}"
    return f"{goal}  {_met(at(ours, goal.share) / goal.most)}"


def _met(share: float) -> str:
    return "met" if share < 1 else f"MISSED, {share:.2f} times it"


def main(arguments: list[str]) -> None:
    """Print a table for every document on every platform that is named, or for all."""
    platforms = [each for each in arguments if each not in DOCUMENTS] or ["offscreen"]
    with tempfile.TemporaryDirectory() as folder:
        for name in [each for each in arguments if each in DOCUMENTS] or list(DOCUMENTS):
            path = make_project(name, Path(folder))
            for platform in platforms:
                for line in table(name, platform, *measure(path, platform)):
                    print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
