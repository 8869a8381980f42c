"""A doccano server on 127.0.0.1, with SQLite: started, stopped, killed and started again.

python -m tests.doccano.server start [PORT]     starts one and says where; its data are kept
python -m tests.doccano.server stop             stops it
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.doccano import installing
from tests.doccano.installing import ACCOUNTS, UnavailableError, backend, environment, installed, place

START, STOP = 120.0, 20.0
"""Seconds that starting and stopping may take."""
_DIE_WITH_PARENT = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a program that is told to end when whoever started it is gone, however that came."""


@dataclass
class Server:
    """A server and where its data lie.

    Args:
        folder: of the installation. home: of its data. port: 0 takes a free one at the first start, and keeps it.
        workers: processes that answer; concurrency: tasks at a time. stays: goes on when this process ends.
        is_quick: looks for tasks more often than it does by itself, for tests that do not measure.
    """

    folder: Path
    home: Path
    port: int = 0
    workers: int = 2
    concurrency: int = 2
    stays: bool = False
    is_quick: bool = False
    running: list[int] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start pages and tasks, and wait until both are ready.

        Raises:
            TimeoutError: they are not, in time.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        if not (self.home / "db.sqlite3").exists():
            shutil.copy(self.folder / "blank" / "db.sqlite3", self.home)
        self.start_pages()
        self.start_tasks()
        end = time.monotonic() + START
        while not (self.answers() and b"ready." in self._log("tasks")):
            if time.monotonic() > end:
                self.stop()
                raise TimeoutError(f"doccano did not start; see the logs in {self.home}")
            time.sleep(0.1)

    def start_pages(self) -> None:
        """Start what answers requests. doccano's own command would answer every machine of the network."""
        self.port = self.port or _free_port()
        places = ("--chdir", str(backend(self.folder)), "-b", f"127.0.0.1:{self.port}")
        limits = ("-w", str(self.workers), "--timeout", "60", "--preload", "--log-level", "warning")
        self._spawn("pages", "gunicorn", "config.wsgi", *places, *limits)

    def start_tasks(self) -> None:
        """Start what imports and exports."""
        (self.home / "tasks.log").unlink(missing_ok=True)
        self._spawn("tasks", "doccano", "task", "--concurrency", str(self.concurrency))

    def answers(self) -> bool:
        """Tell whether it answers requests."""
        try:
            urllib.request.urlopen(f"{self.address}/v1/me", timeout=10)  # noqa: S310  on this machine
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """Stop all there is; tasks that are under way are broken off."""
        self._end(signal.SIGQUIT)

    def kill(self) -> None:
        """Kill all there is, in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def _spawn(self, name: str, program: str, *options: str) -> None:
        command = (str(self.folder / "venv/bin" / program), *options)
        if not self.stays:
            command = (sys.executable, "-c", _DIE_WITH_PARENT, *command)
        log = os.open(self.home / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # Not by subprocess: tests watch over what they start by that, and a server outlives a test.
            self.running.append(
                os.posix_spawn(
                    command[0],
                    command,
                    environment(self.home, is_quick=self.is_quick),
                    file_actions=[(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)],
                    setsid=True,
                )
            )
        finally:
            os.close(log)

    def _end(self, first: signal.Signals) -> None:
        for pid in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, first) if first == signal.SIGKILL else os.kill(pid, first)
        end = time.monotonic() + STOP
        for pid in self.running:
            while not _is_gone(pid) and time.monotonic() < end:
                time.sleep(0.05)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            while not _is_gone(pid):
                time.sleep(0.05)
        self.running.clear()

    def _log(self, name: str) -> bytes:
        path = self.home / f"{name}.log"
        return path.read_bytes() if path.exists() else b""


@contextlib.contextmanager
def started(home: Path, *, workers: int = 2, is_quick: bool = False) -> Iterator[Server]:
    """Give a server that runs meanwhile, and whose data nobody wants afterwards.

    Raises:
        UnavailableError: it cannot be had here.
    """
    server = Server(installed(), home, workers=workers, is_quick=is_quick)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_gone(pid: int) -> bool:
    """Tell whether a process has ended; one of our own is laid to rest."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def main(arguments: Sequence[str]) -> int:
    """Start or stop a server from the terminal."""
    home = place() / "home"
    note = home / "running.json"
    known: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {"port": 0, "running": []}
    server = Server(place(), home, port=known["port"], running=known["running"], stays=True)
    if arguments[:1] == ["stop"]:
        server.stop()
        note.unlink(missing_ok=True)
        return 0
    if arguments[:1] != ["start"]:
        print(__doc__)
        return 2
    try:
        server.folder = installed()
        server.stop()
        server.port = int(arguments[1]) if len(arguments) > 1 else server.port
        server.start()
    except (UnavailableError, TimeoutError) as error:
        print(f"doccano: {error}")
        return 1
    note.write_text(json.dumps({"port": server.port, "running": server.running}))
    print(
        f"doccano answers at {server.address}; accounts: {', '.join(ACCOUNTS)}; passwords: {installing.__file__}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
