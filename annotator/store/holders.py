"""Who holds a project: what the side file says of it, and whether that process still lives."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import tempfile
import time
import uuid
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from annotator.model.wording import counted

BEAT = 20.0
"""Seconds between two signs of life of a holder: the side file's time is set anew."""
SILENT_AFTER = 120.0
"""Seconds without a sign of life after which a holder on another machine counts as gone."""

Life = Literal["alive", "dead", "silent"]
"""`alive`: it runs, or may; `dead`: certainly gone; `silent`: on another machine, and long without a sign of life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who writes in a project, as the side file says.

    Args:
        process: its number; started: when the machine says it began, to tell it from a later one of that number.
        since: seconds since 1970. place: which running system and container its number belongs to.
        token: names this one holding. beaten: the side file's own time, as its disk tells it.
    """

    host: str
    process: int
    since: float
    annotator: str = ""
    started: str = ""
    place: str = ""
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    beaten: float = 0.0

    def written(self) -> bytes:
        """Give what stands in the side file; the first byte is the one that is locked (Windows hides it)."""
        content = {name: value for name, value in asdict(self).items() if name != "beaten"}
        return b" " + json.dumps(content).encode()

    @property
    def is_here(self) -> bool:
        """Tell whether its process would be seen from here."""
        return bool(self.place) and self.place == running_place()

    @property
    def is_on_this_machine(self) -> bool:
        """Tell whether it is, or was, a process of this machine."""
        return self.host == socket.gethostname() or self.is_here

    def words(self) -> str:
        """Name it: `Mara on desk-4 (process 312)`."""
        return f"{self.annotator or 'Somebody'} on {self.host} (process {self.process})"

    def since_words(self) -> str:
        """Say since when: `25 November, 10:52`."""
        return time.strftime("%d %B, %H:%M", time.localtime(self.since)).lstrip("0")


def myself(annotator: str) -> Holder:
    """Describe this process."""
    return Holder(
        host=socket.gethostname(),
        process=os.getpid(),
        since=time.time(),
        annotator=annotator,
        started=start_of(os.getpid()),
        place=running_place(),
    )


def read_holder(path: Path) -> Holder | None:
    """Read a side file; None where there is none, or none of ours."""
    try:
        with path.open("rb") as file:
            file.seek(1)
            found = json.loads(file.read().decode())
            beaten = os.fstat(file.fileno()).st_mtime
        return Holder(
            host=str(found["host"]),
            process=int(found["process"]),
            since=float(found["since"]),
            annotator=str(found.get("annotator", "")),
            started=str(found.get("started", "")),
            place=str(found.get("place", "")),
            token=str(found.get("token", "")),
            beaten=beaten,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def life_of(holder: Holder, *, folder: Path) -> Life:
    """Tell whether a holder still lives: by its process where that can be seen from here, else by its last sign."""
    if holder.is_here:
        return "alive" if _is_running(holder) else "dead"
    return "silent" if seconds_silent(holder, folder=folder) > SILENT_AFTER else "alive"


def seconds_silent(holder: Holder, *, folder: Path) -> float:
    """Give the seconds since the last sign of life, both times taken from the disk's own clock."""
    return max(0.0, time_of_disk(folder) - holder.beaten)


def time_of_disk(folder: Path) -> float:
    """Give the time as the disk of a folder tells it: another machine's clock may stamp its files."""
    with contextlib.suppress(OSError), tempfile.NamedTemporaryFile(dir=folder, prefix=".time-") as file:
        return os.fstat(file.fileno()).st_mtime
    return time.time()


@cache
def running_place() -> str:
    """Name the running system and the container in it whose processes are seen from here; empty if unknown."""
    with contextlib.suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        # The link itself is asked for: it names the space of process numbers, and leads to no file.
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115
    return ""


def start_of(process: int) -> str:
    """Give when a process began, as the system counts it; empty where it does not tell, or the process has ended."""
    with contextlib.suppress(OSError, IndexError):
        line = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        fields = line.rpartition(")")[
            2
        ].split()  # what stands behind the name in brackets, from field 3 of proc(5)
        return "" if fields[0] in {"Z", "X"} else fields[19]
    return ""


def _is_running(holder: Holder) -> bool:
    if sys.platform == "win32" or not holder.process:
        return True
    try:
        os.kill(holder.process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    # Where its beginning was noted, the system tells it for as long as the process runs.
    return not holder.started or start_of(holder.process) == holder.started


def held_words(holder: Holder | None, name: str) -> str:
    """Say that somebody writes in the project of a name."""
    if holder is None:
        return f"Another program has {name} open for writing."
    return f"{holder.words()} has {name} open for writing, since {holder.since_words()}."


def left_words(holder: Holder | None, name: str, *, folder: Path) -> str:
    """Say that somebody did not close the project of a name, and why that one counts as gone."""
    if holder is None:
        return f"{name} was being opened by a program that is gone."
    opened = f"{holder.words()} opened {name} on {holder.since_words()} and did not close it."
    if holder.is_here:
        return f"{opened} That process has ended."
    return (
        f"{opened} There has been no sign of life for {_span_words(seconds_silent(holder, folder=folder))}."
    )


def _span_words(seconds: float) -> str:
    for length, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= length:
            count = round(seconds / length)
            return counted(count, name)
    return "a moment"
