"""A doccano server in the process of the killer, which lives on when a victim dies, and the victim's way to it.

What was asked is done there whole, or was never asked; whether the victim hears of it is another matter.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from annotator.sync.remote import RefusedError
from annotator.workflows.doccano import Choices, Way, carry_out, plan_sync
from tests.stress.desk import Desk
from tests.sync.fake_server import ME, FakeServer

WAYS = {"sync": None, "pull": Way.HERE, "push": Way.THERE}
_CALLBACK = "a function of the victim's"


@contextlib.contextmanager
def serving(server: FakeServer, place: Path) -> Iterator[None]:
    """Answer victims meanwhile, at a socket of that name."""
    with Listener(str(place), family="AF_UNIX") as listener:
        over = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, listener, over))
        thread.start()
        try:
            yield
        finally:
            over.set()
            with contextlib.suppress(OSError, EOFError):
                Client(str(place)).close()  # or it would wait for the next one
            thread.join()


def _serve(server: FakeServer, listener: Listener, over: threading.Event) -> None:
    while not over.is_set():
        with listener.accept() as line, contextlib.suppress(EOFError, OSError):
            while True:
                line.send(_answer(server, *line.recv()))


def _answer(server: FakeServer, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    tasks: list[str] = []
    given = [_quiet if each == _CALLBACK else each for each in arguments]
    named = {key: _quiet if each == _CALLBACK else each for key, each in named.items()}
    if "started" in named:
        named["started"] = tasks.append
    try:
        found = getattr(server, name)(*given, **named)
    except RefusedError as error:
        return "refused", (error.what, error.status), tasks
    return "done", list(found) if name == "documents" else found, tasks


def _quiet(*_told: object) -> None:
    """Be told of progress by nobody."""


class FarServer:
    """The same server as a victim has it; ends its process at a request, before it, behind it or unanswered."""

    address = "http://fake"
    account = ME
    stopping = FakeServer.stopping
    together = FakeServer.together
    close = FakeServer.close

    def __init__(self, place: Path, *, ends_at: int = 0) -> None:
        self._line: Connection = Client(str(place))
        self._left, self._way = ends_at, ends_at % 3

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._ask, name)

    def _ask(self, name: str, *arguments: Any, **named: Any) -> Any:
        self._left -= 1
        self._end(0)
        started = named.get("started")
        told = {key: _CALLBACK if callable(each) else each for key, each in named.items()}
        self._line.send((name, [_CALLBACK if callable(each) else each for each in arguments], told))
        self._end(1)
        how, found, tasks = self._line.recv()
        self._end(2)
        for task in tasks:
            assert started is not None, "whoever uploads wants to know the task"
            started(task)
        if how == "refused":
            raise RefusedError(found[0], status=found[1])
        return found

    def _end(self, way: int) -> None:
        if self._left == 0 and self._way == way:
            os.kill(os.getpid(), signal.SIGKILL)


def work(desk: Desk, socket: Path, way: str, *, ends_at: int) -> None:
    """Do what a victim does: bring its project into step, one way or both."""
    remote = FarServer(socket, ends_at=ends_at)
    (project,) = remote.projects()
    plan = plan_sync(desk.session, remote, project)
    carry_out(desk.session, remote, plan, Choices(only=WAYS[way]))
