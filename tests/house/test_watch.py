"""The eye on what a test leaves behind: it sees threads, processes and log records, and lets the rest be."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"

pytest_plugins = ["pytester"]

ACTS = """
import logging, subprocess, threading, time
import pytest

kept = []
odd = lambda: logging.getLogger("annotator.store").warning("odd")

def test_calm_log(): logging.getLogger("annotator.store").info("opened")
def test_calm_log_of_others(): logging.getLogger("elsewhere").warning("not ours")
def test_calm_daemon(): threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
def test_calm_thread_that_ends(): threading.Thread(target=time.sleep, args=(0.05,)).start()
def test_calm_process_that_ended(): subprocess.Popen(["sleep", "0"]).wait()
@pytest.mark.expects_log
def test_calm_announced(): odd()
@pytest.mark.expects_log("odd")
def test_calm_announced_by_name(): odd()

def test_left_log(): odd()
def test_left_thread(): threading.Thread(target=time.sleep, args=(1,)).start()
def test_left_process(): kept.append(subprocess.Popen(["sleep", "1"]))
@pytest.mark.expects_log("even")
def test_left_another_log(): odd()
@pytest.mark.expects_log
def test_left_nothing_of_what_was_announced(): pass
"""


def test_what_is_left_behind_fails_the_test_that_left_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # the tests below run in a process of their own
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8").replace("GRACE = 5.0", "GRACE = 0.2"))
    pytester.makeini("[pytest]\nmarkers =\n    expects_log(*parts): announces a record\n")
    pytester.makepyfile(ACTS)
    run = pytester.runpytest_subprocess("-rA", "-p", "no:pytest-qt", "-p", "no:cov", "-p", "no:logging")
    lines = [line.partition(" - ")[0] for line in run.outlines]
    left = {
        name.rpartition("::")[2]
        for line in lines
        for mark, _, name in [line.partition(" ")]
        if mark == "ERROR"
    }
    named = {line.removeprefix("def ").partition("(")[0] for line in ACTS.splitlines() if "def test_" in line}
    assert left == {name for name in named if name.startswith("test_left")}
    run.assert_outcomes(passed=len(named), errors=len(left))
