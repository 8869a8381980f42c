"""Worker processes stand back behind the window, and what nobody waits for runs where a core has nothing else to do."""

from __future__ import annotations

import os
import sys

import pytest

from annotator.suggest.worker_link import Link

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its policies are Linux's")


@on_linux
@pytest.mark.parametrize(("idle", "policy", "nice"), [(True, "SCHED_IDLE", 19), (False, "SCHED_BATCH", 10)])
def test_a_worker_stands_back(*, idle: bool, policy: str, nice: int) -> None:
    link = Link(memory=3_000_000_000, idle=idle)
    try:
        answer = link.ask("pattern_faults", ([],), limit=60, check=lambda: None)
        assert link.process_id is not None
        found = os.sched_getscheduler(link.process_id), os.getpriority(os.PRIO_PROCESS, link.process_id)
    finally:
        link.end()
    assert getattr(answer, "result", None) == []
    assert found == (getattr(os, policy), max(nice, os.nice(0)))
