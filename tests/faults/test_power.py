"""Power may go at any moment: what was said to be done is there afterwards, whole, and nothing half done is.

A sitting is recorded call by call; then the disk is rebuilt as it may be after losing power at every point at which
something was synced or said to be done, and our own code opens what is left.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.model.errors import ProjectError
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.faults.lost_power import Disk, lay_out
from tests.faults.states import faults_in, state_of
from tests.faults.watching import Call, calls_in, quick_place, run_watched

SHARES = (0.0, 0.5, 1.0, 0.9)
"""How much of what was not synced has arrived, for every point; more by chance below."""
POINT = "SDA"
SAID = "done:"


@dataclass(slots=True)
class Sitting:
    """A recorded sitting: its calls, and the states that were said to be done, in their order."""

    calls: list[Call]
    states: list[str]

    def moments(self) -> Iterator[tuple[int, int, Disk]]:
        """Give every moment at which power goes: its number, how many acts were said to be done, and the disk.

        A sync is looked at before it happened, when most waits, and a word of the program right after it.
        """
        disk, done = Disk(), 0
        for number, call in enumerate(self.calls):
            if call.kind in "SD":
                yield number, done, disk
            if call.kind == "A":
                done += 1
                yield number, done, disk
            else:
                disk.take(call)
        yield len(self.calls), done, disk


def record(folder: Path, *how: str) -> Sitting:
    """Let the acts of `recorded_acts.py` happen and give what they did."""
    place = folder.resolve() / "recorded"
    place.mkdir()
    log = folder / "calls"
    run_watched(
        "tests.faults.recorded_acts", str(place / "p.annot"), *how, project=place / "p.annot", log=log
    )
    calls = list(calls_in(log))
    return Sitting(calls, [call.name.rpartition(":")[2] for call in calls if call.kind == "A"])


def lost_in(sitting: Sitting, *, seed: int, more: int, until: str = "") -> tuple[int, list[str]]:
    """Lose power at every moment, in some ways; give how often that was, and what was lost or broken.

    Args:
        until: what is looked for; once something like it (a regular expression) was found, that is enough.
    """
    found: list[str] = []
    tried = 0
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(dir=quick_place()) as name:
        folder = Path(name)
        for number, done, disk in sitting.moments():
            if until and any(re.search(until, each) for each in found):
                break
            shares = [*SHARES, *(chance.random() for _ in range(more))]
            for share in (1.0,) if disk.is_settled else shares:
                lay_out(folder, disk.after(chance, share=share), chance)
                tried += 1
                found += [
                    f"call {number}, {share:.2f} arrived, {done} acts done: {fault}"
                    for fault in _opened_after(folder / "p.annot", sitting.states, done)
                ]
    return tried, found


def _opened_after(path: Path, states: list[str], done: int) -> Iterator[str]:
    """Open what is left and say what is wrong with it; before the first act was done anything may be missing."""
    try:
        session = open_project(path, annotator="Mara")
    except ProjectError as error:
        if done:
            yield f"does not open: {error}"
        return
    try:
        yield from _faults_of(session, states, done)
    finally:
        session.close()
    if done and (left := {each.name for each in path.parent.iterdir()} - {path.name}):
        yield f"leaves {sorted(left)}"


def _faults_of(session: Session, states: list[str], done: int) -> Iterator[str]:
    try:
        faults = faults_in(session.project)
        state = "" if faults else state_of(session.project)
    except Exception as error:  # noqa: BLE001 - whatever is raised by what was left is a fault
        yield f"cannot be read: {error!r}"
        return
    yield from faults
    if done and state and state not in states[done - 1 : done + 1]:
        yield f"lost {done - 1 - states.index(state)} acts" if state in states else "half an act"


@pytest.mark.slow
@pytest.mark.parametrize(("how", "more"), [("log", 2), ("rollback", 0)])
def test_power_may_go_at_any_moment(tmp_path: Path, how: str, more: int) -> None:
    sitting = record(tmp_path, how)
    tried, lost = lost_in(sitting, seed=20260, more=more)
    assert not lost, f"{len(lost)} of {tried} falls lost something:\n" + "\n".join(lost[:20])
    assert tried > 300, "the recording holds far fewer moments than it should"


@pytest.mark.parametrize(
    ("how", "lost_then"), [("OFF", "malformed|cannot be read|half an act"), ("NORMAL", r"lost \d+ acts")]
)
def test_a_program_that_does_not_wait_for_the_disk_is_found_out(
    tmp_path: Path, how: str, lost_then: str
) -> None:
    """Look whether the test above can fail: acts that were said to be done go, or the whole project does."""
    sitting = record(tmp_path, "log", how)
    _, lost = lost_in(sitting, seed=20261, more=0, until=lost_then)
    assert any(re.search(lost_then, each) for each in lost), lost[:20]


@pytest.mark.parametrize("how", ["log", "rollback"])
def test_each_act_waits_for_the_disk_before_it_is_said_to_be_done(tmp_path: Path, how: str) -> None:
    """Count what each act syncs, and look that nothing of it waits any more when it is told."""
    sitting = record(tmp_path, how)
    disk, synced, writes = Disk(), 0, 0
    for call in sitting.calls:
        if call.kind == "A":
            name = call.name.split(":")[1]
            for file in ("p.annot-wal",) if how == "log" else ("p.annot", "p.annot-journal"):
                assert not disk.unsynced(file), f"{name} was told while {file} was not on the disk"
            assert synced or not writes, f"{name} wrote and waited for no disk"
            if how == "log" and name in {"accept", "reject", "add", "move", "undo", "redo"}:
                assert 1 <= synced <= 4, f"{name} is one commit, but synced {synced} times"
            synced = writes = 0
            continue
        disk.take(call)
        is_data = not call.name.endswith(("-shm", ".lock"))
        synced += call.kind in "SD" and is_data
        writes += call.kind == "W" and is_data
