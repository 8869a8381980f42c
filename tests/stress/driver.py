"""Starts a victim, listens to it, and kills it at the moment that was chosen."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.house.source import ROOT
from tests.stress.board import Board, Call, Place
from tests.stress.desk import Begun, Done
from tests.stress.victim import READY

PATIENCE = 60.0
"""Seconds after which a victim that says nothing has hung."""
LATEST = 2.0
"""Seconds after which a victim is killed whose own end did not come."""


class Means(StrEnum):
    """How the moment of a kill is chosen."""

    CLOCK = "by the clock"
    BOARD = "when something is being written"
    OPERATION = "at an operation of SQLite"
    STATEMENT = "before a statement"
    CALL = "at a call of the system"
    TORN = "in half a write"
    REQUEST = "at a request to a server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment to kill at.

    Args:
        after: seconds from the first word of the victim, or from its start (`early`). number: of the operation, the
            statement, the call or the request. places: what must be being written.
    """

    means: Means
    after: float = 0.0
    early: bool = False
    number: int = 0
    places: frozenset[Place] = frozenset()


@dataclass(slots=True, kw_only=True)
class Killed:
    """How a victim ended.

    Args:
        was_ready: the project was open. kinds: acts that it had begun.
        place: what was being written at that moment. call: the call it died in.
    """

    moment: Moment
    by_kill: bool = False
    place: Place = Place.NOTHING
    call: Call = Call.NONE
    was_ready: bool = False
    kinds: tuple[str, ...] = ()
    breaches: list[str] = field(default_factory=list)

    @property
    def during(self) -> str:
        """Name what was on its way."""
        return " + ".join(sorted(set(self.kinds))) or ("between acts" if self.was_ready else "opening")

    @property
    def inside(self) -> bool:
        """Tell whether it died while it wrote."""
        return self.by_kill and (self.place is not Place.NOTHING or self.call is not Call.NONE)


def choose(rng: Random, *, preloaded: bool) -> Moment:
    """Choose a moment; about half of them are aimed into a write."""
    means = rng.choices(list(Means), (40, 20, 12, 8, 12 * preloaded, 8 * preloaded, 0))[0]
    if means is Means.CLOCK:
        if rng.random() < 0.15:
            return Moment(means=means, after=rng.uniform(0.05, 0.5), early=True)
        return Moment(means=means, after=rng.uniform(0.0, 1.2))
    if means is Means.BOARD:
        wanted = rng.choice(
            [
                set(Place) - {Place.NOTHING},
                {Place.COMMIT},
                set(Place) - {Place.NOTHING, Place.TRANSACTION, Place.COMMIT},
            ]
        )
        return Moment(means=means, after=rng.uniform(0.0, 0.8), places=frozenset(wanted))
    highest = {Means.OPERATION: 2_000, Means.STATEMENT: 1_500}.get(means, 800)
    return Moment(means=means, number=max(1, round(highest ** rng.uniform(0.1, 1.0))))


@cache
def preload(folder: Path) -> Path | None:
    """Build `kill_at_write.c` and give the library; None where that is not possible."""
    compiler = next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), None)
    if not sys.platform.startswith("linux") or compiler is None:
        return None
    library = folder / "kill_at_write.so"
    source = Path(__file__).with_name("kill_at_write.c")
    built = subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"],
        check=False,
        capture_output=True,
    )
    return library if built.returncode == 0 else None


def run(
    project: Path,
    moment: Moment,
    *,
    seed: str,
    first: int,
    hear: Callable[[Begun | Done], list[str]],
    library: Path | None = None,
    more: tuple[str, ...] = (),
) -> Killed:
    """Run a victim over a project and kill it; `hear` takes what it says and gives what is wrong with it."""
    place = project.parent.parent / "board"
    place.unlink(missing_ok=True)
    board = Board(place)
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "tests.stress.victim", str(project), seed, "--board", str(place)]
    command += ["--line", str(writing), "--first", str(first), *_ending(moment), *more]
    complaints = project.parent.parent / "complaints"
    with complaints.open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(project, moment, place, library),
            pass_fds=(writing,),
            stdout=said,
            stderr=said,
        )
    os.close(writing)
    killed = Killed(moment=moment)
    ears = _Ears(reading, killed, hear)
    try:
        _watch(process, ears, board, killed)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
        killed.by_kill = process.returncode == -signal.SIGKILL
        killed.place, killed.call = board.place, board.call
        killed.was_ready = ears.ready is not None
        board.close()
    if not killed.by_kill and process.returncode != 0:
        killed.breaches.append(f"the program failed: {complaints.read_text(errors='replace')[-2000:]}")
    return killed


def _ending(moment: Moment) -> list[str]:
    if moment.means is Means.OPERATION:
        return ["--operations", str(moment.number)]
    if moment.means is Means.REQUEST:
        return ["--requests", str(moment.number)]
    return ["--statements", str(moment.number)] if moment.means is Means.STATEMENT else []


def _environment(project: Path, moment: Moment, board: Path, library: Path | None) -> dict[str, str]:
    found = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    if moment.means in (Means.CALL, Means.TORN):
        assert library is not None, "such a moment is chosen only where there is a library"
        found |= {
            "LD_PRELOAD": str(library),
            "STRESS_BOARD": str(board),
            "STRESS_FOLDER": str(project.parent),
            "STRESS_AT": str(moment.number),
        }
        if moment.means is Means.TORN:
            found["STRESS_TORN"] = "1"
    return found


def _watch(process: subprocess.Popen[bytes], ears: _Ears, board: Board, killed: Killed) -> None:
    """Listen until the victim is dead, and kill it when it is time."""
    moment = killed.moment
    started = time.monotonic()
    while not ears.ended:
        now = time.monotonic()
        waiting = 0.05
        from_here = started if moment.early else ears.ready
        if from_here is not None:
            left = from_here + (LATEST if moment.number else moment.after) - now
            if left <= 0 and (not moment.places or board.place in moment.places or left < -LATEST):
                process.kill()
                ears.hear_all()
                return
            waiting = max(0.0, min(left, waiting))
        elif now - started > PATIENCE:
            killed.breaches.append("the program does not open the project, and does not say why")
            process.kill()
        ears.listen(waiting)


class _Ears:
    """Takes messages off a pipe; what was not said to its end was not said."""

    def __init__(self, descriptor: int, killed: Killed, hear: Callable[[Begun | Done], list[str]]) -> None:
        self._descriptor = descriptor
        self._killed = killed
        self._tell = hear
        self._heard = bytearray()
        self.ended = False
        self.ready: float | None = None

    def listen(self, seconds: float) -> None:
        """Hear what comes within some time."""
        if select.select([self._descriptor], [], [], seconds)[0]:
            more = os.read(self._descriptor, 1 << 16)
            self._heard += more
            for message in self._messages():
                if message == READY:
                    self.ready = time.monotonic()
                else:
                    self._killed.breaches += self._tell(message)
            if not more:
                self.ended = True
                os.close(self._descriptor)

    def hear_all(self) -> None:
        """Hear to the end of the line: the other side is dead."""
        while not self.ended:
            self.listen(PATIENCE)

    def _messages(self) -> list[Any]:
        found = []
        while len(self._heard) >= 4:
            length = struct.unpack_from("<I", self._heard)[0]
            if len(self._heard) < 4 + length:
                break
            found.append(pickle.loads(self._heard[4 : 4 + length]))  # noqa: S301 - our own process
            del self._heard[: 4 + length]
        return found
