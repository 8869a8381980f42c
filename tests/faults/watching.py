"""Runs a program of ours with its file calls watched, and reads what was recorded."""

from __future__ import annotations

import ctypes
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("watching.c")
ROOT = Path(__file__).parents[2]
PATIENCE = 240
"""Seconds after which a program of ours that was started will not end."""

REFUSE_WRITES, REFUSE_SYNCS, REFUSE_NEW_FILES = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Call:
    """One record of `watching.c`, which says what the kinds are; `first` is an offset or a length."""

    kind: str
    name: str
    first: int = 0
    content: bytes = b""


@functools.cache
def library() -> Path:
    """Compile the watching library, once, and give its file; skips the test where that cannot be done."""
    if not sys.platform.startswith("linux"):
        pytest.skip("Losing power and refused writes are tried on Linux only: they need LD_PRELOAD.")
    compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
    if compiler is None:
        pytest.skip("No C compiler is here (gcc), so that losing power and refused writes were not tried.")
    made = Path(tempfile.mkdtemp(prefix="annotator-watching-")) / "watching.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(SOURCE), "-ldl", "-lpthread"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[0] if done.stderr.strip() else "no reason given"
        pytest.skip(f"The C compiler makes no library here ({reason}): losing power was not tried.")
    return made


def run_watched(module: str, *arguments: str, project: Path, log: Path | None = None) -> str:
    """Run a module of the tests with the library loaded and give what it said.

    Args:
        project: a file that is watched with all others in its folder. log: where records go, if wanted.
    """
    environment = {
        **os.environ,
        "LD_PRELOAD": str(library()),
        "WATCH_PREFIX": f"{project.parent}/",
        "WATCH_FOLDER": str(project.parent),
        "PYTHONPATH": str(ROOT),
    }
    if log is not None:
        environment["WATCH_LOG"] = str(log)
    return run_module(module, *arguments, environment=environment)


def run_module(
    module: str, *arguments: str, environment: dict[str, str], before: tuple[str, ...] = ()
) -> str:
    """Run a module of the tests in a process of its own and give what it said; fails where it does."""
    command = [*before, sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    if done.returncode:
        pytest.fail(f"{module} {' '.join(arguments)}:\n{done.stdout}{done.stderr}", pytrace=False)
    return done.stdout


def quick_place() -> str | None:
    """Give a folder in memory, if there is one: what stands there waits for no disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of a random name is made in it
    return str(memory) if memory.is_dir() else None


def calls_in(log: Path) -> Iterator[Call]:
    """Read the records of a log, in order."""
    with log.open("rb") as file:
        while head := file.readline():
            kind, name, first, second = head.decode().split()
            length = int(second) if kind == "W" else int(first) if kind == "R" else 0
            yield Call(kind, name, int(first), file.read(length))


class Watch:
    """Speaks to the library from within the watched process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)

    def say(self, word: str) -> None:
        """Put a word among the records; it holds no blanks."""
        self._library.watch_say(word.encode())

    def refuse(self, kinds: int, *, error: int, after: int = 0, times: int = -1) -> None:
        """Refuse calls of some kinds with an error number, after so many that work, for ever or so many times."""
        self._library.watch_refuse(kinds, after, times, error)

    def count(self, kinds: int) -> None:
        """Count calls of some kinds from now on and refuse none."""
        self._library.watch_refuse(kinds, 0, 0, 0)

    def allow(self) -> None:
        """Refuse nothing any more."""
        self._library.watch_refuse(0, 0, 0, 0)

    @property
    def calls(self) -> int:
        """Give how many calls were counted."""
        return int(self._library.watch_calls())
