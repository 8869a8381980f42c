"""Real processes that ask for one lock at the same moment, some hundred times: never do two of them have it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.store.holders import myself
from tests.house.source import ROOT

RACERS = 3


@contextmanager
def racers(folder: Path, *, rounds: int, how: str, what: str) -> Iterator[list[subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "tests.store.racing", str(folder), str(rounds), how, what]
    started = [
        subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(RACERS)
    ]
    try:
        yield started
    finally:
        for racer in started:
            assert racer.stdin is not None
            assert racer.stdout is not None
            racer.stdin.close()
            racer.stdout.close()
            racer.wait()


def run(folder: Path, *, rounds: int, how: str, what: str) -> list[list[str]]:
    """Give what the racers of each round said."""
    outcomes = []
    with racers(folder, rounds=rounds, how=how, what=what) as all_of_them:
        for number in range(rounds):
            for racer in all_of_them:
                assert racer.stdin is not None
                racer.stdin.write(f"{number}\n")
                racer.stdin.flush()
            said = []
            for racer in all_of_them:
                assert racer.stdout is not None
                said.append(racer.stdout.readline().strip())
            for racer, word in zip(all_of_them, said, strict=True):
                if word == "lost":
                    continue
                assert racer.stdin is not None
                assert racer.stdout is not None
                racer.stdin.write("on\n")
                racer.stdin.flush()
                assert racer.stdout.readline().strip() == "released"
            outcomes.append(sorted(said))
    return outcomes


@pytest.mark.parametrize("how", ["system", "file"])
def test_of_processes_that_race_for_a_lock_one_wins(tmp_path: Path, how: str) -> None:
    outcomes = run(tmp_path, rounds=200, how=how, what="take")
    assert outcomes == [["lost"] * (RACERS - 1) + ["won"]] * 200
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["system", "file"])
def test_of_processes_that_race_to_take_over_from_a_dead_one_at_most_one_wins(
    tmp_path: Path, how: str
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for number in range(100):
        dead = replace(myself("Mara"), process=gone.pid, started="1")
        (tmp_path / f"{number}.lock").write_bytes(dead.written())
    outcomes = run(tmp_path, rounds=100, how=how, what="take_over")
    words = {word for said in outcomes for word in said}
    assert words <= {"won", "lost"}
    assert all(said.count("won") == 1 for said in outcomes)
