"""A short piece of `make stress`, and the proof that it would notice what it looks for."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.stress.board import Place
from tests.stress.campaign import Result, campaign, table, use
from tests.stress.driver import Means, Moment
from tests.stress.watching import Fault

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")


def test_kills_lose_nothing() -> None:
    result = campaign(kills=10, seed="smoke")
    assert result.breaches == []
    assert result.killed == 10
    assert sum(result.inside.values()) > 0
    assert result.acknowledged > 0
    assert "0 breaches" in table(result, seed="smoke")


def soon(rng: Random) -> Moment:
    return Moment(means=Means.CLOCK, after=rng.uniform(0.1, 0.4))


def between_statements(rng: Random) -> Moment:
    return Moment(means=Means.STATEMENT, number=rng.randint(20, 200))


def in_an_export(rng: Random) -> Moment:
    # From a tenth of a millisecond to a fifth of a second: how long an export takes depends on the machine.
    return Moment(means=Means.BOARD, after=10 ** rng.uniform(-4, -0.7), places=frozenset({Place.EXPORT}))


@pytest.mark.parametrize(
    ("fault", "moments", "only", "words"),
    [
        (Fault.EARLY, soon, ("decide",), "not as it was said to be|half done, or lost"),
        (Fault.BEHIND, soon, ("decide",), "is gone, but there by step"),
        (Fault.HALVES, between_statements, ("decide", "change_types"), "half done, or lost|says . documents"),
        (Fault.DIRECT, in_an_export, ("take_out",), "is half an export|is half written"),
        (
            Fault.UNDONE,
            soon,
            ("decide", "undo_and_redo"),
            "is gone, but there by|is there, but not by|made, but nothing",
        ),
    ],
)
def test_a_program_that_is_worse_is_noticed(
    tmp_path: Path, fault: Fault, moments: Callable[[Random], Moment], only: tuple[str, ...], words: str
) -> None:
    result = Result()
    more = ("--fault", fault, "--only", *only)
    for attempt in range(16):  # where the machine is busy, kills fall beside what they are meant for
        folder = tmp_path / f"p{attempt}"
        use(folder, seed=f"worse {fault} {attempt}", result=result, kills=5, more=more, moments=moments)
        if any(re.search(words, line) for line in result.breaches):
            break
    assert any(re.search(words, line) for line in result.breaches), table(result, seed="")
