"""A disk of two megabytes that is really full, and one that really is read only: seen by one process alone.

The process runs in a mount namespace of its own (`unshare --mount`) and mounts a disk in memory there. The rights of
files would prove nothing: the tests may be run as root, who may write everywhere.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.faults.watching import ROOT, run_module

SIZE = "2m"
_PROBE = 'mount -t tmpfs -o size=64k none "$0"'


@functools.cache
def _unshare() -> tuple[tuple[str, ...], str]:
    """Give the command that starts a process with mounts of its own, or why there is none."""
    if not sys.platform.startswith("linux"):
        return (), "only Linux lets a process have mounts of its own"
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return (), "unshare or mount is not installed (Debian: util-linux, mount)"
    said = ""
    for more in ((), ("--map-root-user",)):
        command = ("unshare", *more, "--mount", "--propagation", "private")
        with tempfile.TemporaryDirectory() as folder:
            probe = subprocess.run(
                [*command, "sh", "-c", _PROBE, folder], capture_output=True, text=True, check=False
            )
        if probe.returncode == 0:
            return command, ""
        said = probe.stderr.strip().splitlines()[-1] if probe.stderr.strip() else "no reason given"
    return (), f"this machine lets us mount nothing ({said})"


def run_on_small_disk(
    module: str, scenario: str, folder: Path, *, environment: dict[str, str] | None = None
) -> str:
    """Run a scenario of a module of ours in a process with mounts of its own; skips the test where none is possible."""
    command, why_not = _unshare()
    if why_not:
        pytest.skip(f"Not tried: {scenario.replace('_', ' ')} on a small or read-only disk; {why_not}.")
    settings = folder / "settings"
    own = {**os.environ, "PYTHONPATH": str(ROOT), "ANNOTATOR_SETTINGS": str(settings), **(environment or {})}
    return run_module(module, scenario, str(folder), environment=own, before=command)


def run_scenario(scenarios: Sequence[Callable[[Path], None]]) -> None:
    """Run the scenario that the command line names in the folder that it names; the main of a module of ours."""
    name, folder = sys.argv[1:]
    next(each for each in scenarios if each.__name__ == name)(Path(folder))


class SmallDisk:
    """A small disk in memory, mounted in a folder; only within `run_on_small_disk`."""

    def __init__(self, folder: Path, *, size: str = SIZE) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        _mount("-t", "tmpfs", "-o", f"size={size}", "none", str(folder))
        self._filler = folder / "filler"

    def fill(self, *, leave: int = 0) -> None:
        """Fill it until nothing more goes in, but for so many bytes."""
        with self._filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        if leave:
            os.truncate(self._filler, max(0, self._filler.stat().st_size - leave))
        else:
            assert shutil.disk_usage(self.folder).free == 0

    def free(self) -> None:
        """Give the room back."""
        self._filler.unlink()

    def forbid_writing(self) -> None:
        """Make it read only; nobody may have a file on it open for writing."""
        _mount("-o", "remount,ro", str(self.folder))

    def allow_writing(self) -> None:
        """Let it be written again."""
        _mount("-o", "remount,rw", str(self.folder))


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
