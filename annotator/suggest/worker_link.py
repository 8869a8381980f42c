"""The worker process as seen from outside: begun, spoken to, watched, ended, and begun anew.

Knows how to wait for an answer without waiting for ever; what is asked, and what to do when the process is lost, is for
`worker.py` to say.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from annotator.model.errors import UserError
from annotator.suggest import worker_process

_TICK = 0.05


class WorkerError(UserError):
    """The worker process cannot do what it was asked."""


class LostError(Exception):
    """The worker was lost; says how, and which suggester was on which documents."""

    def __init__(self, how: str, beginning: worker_process.Beginning | None) -> None:
        super().__init__(how)
        self.how = how
        self.beginning = beginning


def ask_apart(
    work: str,
    given: tuple[Any, ...],
    *,
    memory: int,
    limit: float,
    told: Callable[[worker_process.Progress], None],
    check: Callable[[], None],
    error: type[UserError],
    cut_off: tuple[str, str],
    failed: tuple[str, str],
    idle: bool = False,
) -> Any:
    """Ask a process that begins for this and ends with it, and give the result; all else as for `Link` and its `ask`.

    Args:
        error: what is raised where there is none.
        cut_off, failed: what happened where the process was lost, or the work failed, as a beginning to which the
            reason is added; and what to do.

    Raises:
        UserError: of the kind `error`, or a `WorkerError` where no process can begin.
    """
    link = Link(memory=memory, told=told, idle=idle)
    try:
        answer = link.ask(work, given, limit=limit, check=check)
    except LostError as lost:
        raise error(f"{cut_off[0]}: its process {lost.how}.", cut_off[1]) from lost
    finally:
        link.end()
    if isinstance(answer, worker_process.Refusal):
        raise error(answer.what, answer.todo)
    if isinstance(answer, worker_process.Fault):
        raise error(f"{failed[0]}: {answer.trace.strip().splitlines()[-1][:300]}", failed[1])
    assert isinstance(answer, worker_process.Answer), "nothing else ends a request"
    return answer.result


class Link:
    """A process and the pipe to it; begins with the first question, and again after it was lost.

    Not safe for several threads at once: `Worker` lets them take turns.

    Args:
        memory: bytes of resident memory that the process may have.
        told: called with what the process tells of long work. idle: nobody waits for what it does.
    """

    def __init__(
        self,
        *,
        memory: int,
        told: Callable[[worker_process.Progress], None] = lambda _: None,
        idle: bool = False,
    ) -> None:
        self._memory = memory
        self._idle = idle
        self._told = told
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._is_ready = False
        self._is_busy = False
        self._numbers = itertools.count(1)

    @property
    def process_id(self) -> int | None:
        """Give the operating system's number of the process, None while there is none."""
        return self._process.pid if self._process is not None else None

    def ask(
        self, work: str, given: tuple[Any, ...], *, limit: float, check: Callable[[], None]
    ) -> worker_process.Message:
        """Send a request and wait for its answer; a process lost before it began on it gets a successor.

        Args:
            work: what is to be done, with what is `given`.
            limit: seconds of silence after which the process is given up.
            check: called again and again while waiting; raises where nobody waits any more.

        Raises:
            LostError: the process died, hung or grew. WorkerError: none can begin.
        """
        try:
            return self._ask_once(work, given, limit, check)
        except LostError as lost:
            if lost.beginning is not None:
                raise
        return self._ask_once(work, given, limit, check)

    def _ask_once(
        self, work: str, given: tuple[Any, ...], limit: float, check: Callable[[], None]
    ) -> worker_process.Message:
        self._make_ready(limit, check)
        assert self._connection is not None, "it was made ready"
        self._is_busy = True
        try:
            self._connection.send(worker_process.Request(next(self._numbers), work, given))
        except OSError as error:
            raise self._lost(self._ending(), None) from error
        answer = self._wait_until(lambda: not self._is_busy, limit, check)
        assert answer is not None, "an answer ends what is busy"
        return answer

    def _make_ready(self, limit: float, check: Callable[[], None]) -> None:
        """Let the process come to the end of what nobody waits for any more, or begin a new one."""
        if self._is_busy:
            with contextlib.suppress(LostError):
                self._wait_until(lambda: not self._is_busy, limit, check)
        if not self._is_alive():
            self.end()
        self.begin()
        self._wait_until(lambda: self._is_ready, limit, check)

    def _wait_until(
        self, is_over: Callable[[], bool], limit: float, check: Callable[[], None]
    ) -> worker_process.Message | None:
        """Take messages until something is over; give the last of them.

        Raises:
            LostError: the process died, hung or grew.
        """
        message: worker_process.Message | None = None
        beginning: worker_process.Beginning | None = None
        heard = time.monotonic()
        while not is_over():
            check()
            received = self._received()
            if received is not None:
                message = received
                heard = time.monotonic()
                beginning = received if isinstance(received, worker_process.Beginning) else beginning
            elif not self._is_alive():
                raise self._lost(self._ending(), beginning)
            elif time.monotonic() - heard > limit:
                raise self._lost(f"did not answer for {limit:.0f} seconds", beginning)
            elif self._is_too_large():
                raise self._lost(f"used more than {self._memory / 1e9:.1f} GB of memory", beginning)
        return message

    def _received(self) -> worker_process.Message | None:
        """Take one message, waiting a moment; None if there is none."""
        assert self._connection is not None, "it was started"
        try:
            if not self._connection.poll(_TICK):
                return None
            message: worker_process.Message = self._connection.recv()
        except (EOFError, OSError):
            time.sleep(_TICK)  # it has just died
            return None
        if isinstance(message, worker_process.Ready):
            self._is_ready = True
        elif isinstance(message, worker_process.Progress):
            self._told(message)
        elif not isinstance(message, worker_process.Beginning):
            self._is_busy = False
        return message

    def begin(self) -> None:
        """Begin the process without waiting for it, unless there is one.

        Raises:
            WorkerError: the system refuses another process.
        """
        if self._process is not None:
            return
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=True)
        process = context.Process(
            target=worker_process.serve,
            args=(theirs, self._memory),
            kwargs={"idle": self._idle},
            daemon=True,
            name="annotator worker",
        )
        try:
            process.start()
        except OSError as error:
            ours.close()
            raise WorkerError(
                f"The worker process cannot begin: {error.strerror}.", "Close other programs."
            ) from error
        finally:
            theirs.close()  # so that the pipe ends for us when the process does
        self._process, self._connection = process, ours
        self._is_ready = False
        self._is_busy = False

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def _is_too_large(self) -> bool:
        return (
            self._process is not None and worker_process.resident_bytes(self._process.pid or 0) > self._memory
        )

    def _ending(self) -> str:
        """Say how the process ended, e.g. `was ended by signal 9`."""
        assert self._process is not None, "it was started"
        self._process.join(1.0)
        code = self._process.exitcode
        if code == worker_process.OUT_OF_MEMORY:
            return f"used more than {self._memory / 1e9:.1f} GB of memory"
        if code is None:
            return "broke off"
        return f"was ended by signal {-code}" if code < 0 else f"ended by itself (exit code {code})"

    def _lost(self, how: str, beginning: worker_process.Beginning | None) -> LostError:
        self.end()
        return LostError(how, beginning)

    def end(self) -> None:
        """End the process; safe to repeat."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        self._is_busy = False
        if connection is not None:
            connection.close()
        if process is not None:
            process.join(0.2)
            if process.is_alive():
                process.kill()
            process.join()
            process.close()
