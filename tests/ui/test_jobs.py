"""Long work beside the window: progress, cancel, faults, closing."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtWidgets import QApplication

from annotator.model.errors import Cancelled, UserError
from annotator.ui.candidates_queue import CHUNK, CandidatesQueue
from annotator.ui.jobs import Jobs
from annotator.ui.messages import job_words
from annotator.workflows.reporting import Report
from tests.ui.driving import wait_until


@pytest.fixture
def jobs(application: QApplication) -> Jobs:
    return Jobs()


def test_a_result_arrives_on_the_main_thread(jobs: Jobs) -> None:
    got: list[object] = []
    job = jobs.run("Counting", lambda _report: threading.current_thread())
    job.finished.connect(lambda thread: got.extend([thread, threading.current_thread()]))
    wait_until(lambda: got and not jobs.running)
    assert got[0] is not threading.main_thread()
    assert got[1] is threading.main_thread()


def test_progress_is_shown_after_half_a_second_only(jobs: Jobs) -> None:
    go_on = threading.Event()

    def work(report: Report) -> int:
        report(1, 4, "Making candidates")
        go_on.wait(5)
        return 4

    job = jobs.run("Making candidates", work)
    wait_until(lambda: job.total == 4)
    assert jobs.shown == ()
    wait_until(lambda: jobs.shown == (job,))
    assert job_words(job).startswith("Making candidates, 1 of 4")
    go_on.set()
    wait_until(lambda: not jobs.running)
    assert jobs.shown == ()


def test_cancelling_stops_at_the_next_report(jobs: Jobs) -> None:
    def work(report: Report) -> None:
        for done in range(10_000):
            report(done, 10_000, "")
            time.sleep(0.002)

    failed: list[object] = []
    job = jobs.run("Counting", work)
    job.failed.connect(failed.append)
    wait_until(lambda: job.is_running)
    job.cancel()
    wait_until(lambda: not jobs.running)
    assert isinstance(failed[0], Cancelled)


def test_what_a_person_can_mend_is_no_crash_and_all_else_is(jobs: Jobs) -> None:
    crashed: list[object] = []
    jobs.crashed.connect(crashed.append)

    def refuse(_report: Report) -> None:
        raise UserError("The disk is full.")

    def break_down(_report: Report) -> None:
        raise ZeroDivisionError

    jobs.run("One", refuse)
    jobs.run("Two", break_down)
    wait_until(lambda: not jobs.running)
    assert [type(error) for error in crashed] == [ZeroDivisionError]


def test_closing_cancels_and_waits(jobs: Jobs) -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(report: Report) -> None:
        begun.set()
        try:
            while True:
                report(0, 0, "")
                time.sleep(0.002)
        finally:
            ended.set()

    job = jobs.run("Counting", work)
    wait_until(lambda: job.is_running and begun.is_set())
    jobs.close()
    assert ended.is_set()
    wait_until(lambda: not jobs.running)


def test_what_is_closed_before_it_began_never_begins(jobs: Jobs) -> None:
    begun: list[object] = []
    failed: list[object] = []
    job = jobs.run("Counting", lambda _report: begun.append(True))
    job.failed.connect(failed.append)
    jobs.close()
    wait_until(lambda: not jobs.running)
    assert begun == []
    assert isinstance(failed[0], Cancelled)


def test_the_document_that_is_wanted_now_is_next_and_alone() -> None:
    queue = CandidatesQueue()
    queue.add(range(20))
    assert queue.take() == list(range(CHUNK))
    queue.prefer(15)
    queue.prefer(3)  # was made already
    assert queue.take() == [15]
    rest = queue.take() + queue.take() + queue.take()
    assert sorted(rest) == [each for each in range(CHUNK, 20) if each != 15]
    assert queue.done == 20


def test_jobs_may_go_with_the_last_of_their_work(application: QApplication) -> None:
    for _ in range(20):
        jobs = Jobs()
        found: list[int] = []
        jobs.run("Counting", lambda _report: 1).finished.connect(found.append)
        wait_until(lambda jobs=jobs, found=found: found and not jobs.running)  # type: ignore[misc]
        del jobs
        application.processEvents()
