"""What every test stands on: a screen, a home of its own, and an eye on what is left behind.

Fixtures for one part of the program live beside that part's tests, not here.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import multiprocessing
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest

# Before anything imports Qt: without a screen asked for (`packaging/with_display.py` does), none is used.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "PYTEST_XDIST_WORKER" in os.environ and os.environ["QT_QPA_PLATFORM"] == "xcb":
    # Tests that run at once would take the focus from each other: each process has a screen of its own.
    import with_display

    _screen = contextlib.ExitStack()
    os.environ.update(_screen.enter_context(with_display.screen()))
    atexit.register(_screen.close)

hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    print_blob=True,
    # Shared machines are slow by the minute; that says nothing about the program.
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")

#: How long what a test started may take to end, in seconds.
GRACE = 5.0


@pytest.fixture(scope="session", autouse=True)
def _home_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep settings and recent projects of the person who runs the tests out of them, and safe."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        yield


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that makes a record at WARNING or above which `expects_log` did not announce."""
    listener = _Listener()
    logger = logging.getLogger("annotator")
    logger.addHandler(listener)
    yield
    logger.removeHandler(listener)
    marker = request.node.get_closest_marker("expects_log")
    expected: tuple[str, ...] = marker.args if marker is not None else ()
    unexpected = [
        line
        for line in listener.lines
        if marker is None or (expected and not any(p in line for p in expected))
    ]
    if unexpected:
        pytest.fail("Unexpected log: " + "; ".join(unexpected), pytrace=False)
    if marker is not None:
        missing = [part for part in expected if not any(part in line for line in listener.lines)]
        if missing or not listener.lines:
            pytest.fail(f"Expected in the log, but not there: {missing or 'any warning'}", pytrace=False)


@pytest.fixture(autouse=True)
def _nothing_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a thread or a process behind; daemon threads end with the program."""
    threads = set(threading.enumerate())
    workers = {worker.pid for worker in multiprocessing.active_children()}
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen.__init__

    def start_and_remember(self: subprocess.Popen[bytes], *args: Any, **options: Any) -> None:
        start(self, *args, **options)
        started.append(self)

    monkeypatch.setattr(subprocess.Popen, "__init__", start_and_remember)
    yield

    def left() -> list[str]:
        found = [t.name for t in threading.enumerate() if t not in threads and not t.daemon and t.is_alive()]
        found += [worker.name for worker in multiprocessing.active_children() if worker.pid not in workers]
        return found + [f"process {process.args!r}" for process in started if process.poll() is None]

    if found := _after_grace(left):
        pytest.fail(f"Left running: {found}", pytrace=False)


class _Listener(logging.Handler):
    """Keeps what was logged at WARNING or above, one line a record."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def _after_grace(find: Callable[[], list[str]]) -> list[str]:
    """Return what is found, after it had GRACE seconds to end by itself."""
    end = time.monotonic() + GRACE
    while (found := find()) and time.monotonic() < end:
        time.sleep(0.02)
    return found
