"""What drives the window in tests lets the work beside it live, as the program's own loop does."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.ui.jobs import Jobs
from annotator.workflows.reporting import Report
from tests.ui.driving import let_live, wait_until

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture
def _patient_interpreter() -> Iterator[None]:
    """Let no thread take the interpreter from another: each gets it only where the other gives it away."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("application", "_patient_interpreter")
def test_a_thread_works_while_the_window_waits() -> None:
    goes, came = threading.Event(), threading.Event()

    def work() -> None:
        goes.wait()
        came.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    goes.set()
    for _ in range(200):
        let_live(20)
        if came.is_set():
            break
    assert came.is_set()
    thread.join()


@pytest.mark.usefixtures("_patient_interpreter")
def test_a_job_comes_to_its_end_while_the_window_waits(application: QApplication) -> None:
    del application
    jobs = Jobs()
    found: list[int] = []

    def work(report: Report) -> int:
        for done in range(1000):
            report(done, 1000, "Counting")
        return 1000

    jobs.run("Counting", work).finished.connect(found.append)
    wait_until(lambda: found and not jobs.running)
    assert found == [1000]


def test_no_test_waits_with_the_interpreter_in_its_hands() -> None:
    keeps = re.compile(r"\bqWait\(|\bqSleep\(")
    found = [
        path.relative_to(TESTS).as_posix()
        for path in sorted(TESTS.rglob("*.py"))
        if path != Path(__file__).resolve() and keeps.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
