"""Language work in a process of its own, and the same in this one: cutting texts, proposing, listing pipelines.

spaCy and other people's suggesters run in one worker process, since a thread cannot be cut off and a crash in native
code would take the window along. A worker that dies, hangs or grows is replaced; the document it was on is named and
left out for that suggester, and the rest goes on. What happens inside the process stands in `worker_process.py`.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import TYPE_CHECKING, Any

from annotator.model.document import Tokens
from annotator.model.errors import Cancelled, UserError
from annotator.suggest import worker_process
from annotator.suggest.base import KINDS, Settings, Suggestions, Text

if TYPE_CHECKING:
    from annotator.suggest.pipelines import Pipeline

SILENCE = 60.0
"""Seconds after which a silent worker is given up; long texts get more."""
MEMORY = 3_000_000_000
"""Bytes of resident memory that a worker may have."""
LOSSES = 5
"""Documents that may cost a worker each in one call, before the call is given up."""
_TICK = 0.05
_LENGTH_A_SECOND = 5_000
_BATCH_LENGTH = 400_000


class WorkerError(UserError):
    """The worker process cannot do what it was asked."""


class WorkerFault(RuntimeError):
    """The program itself failed in the worker process; the message holds where."""


class _Lost(Exception):
    """The worker was lost; says how, and which suggester was on which documents."""

    def __init__(self, how: str, beginning: worker_process.Beginning | None) -> None:
        super().__init__(how)
        self.how = how
        self.beginning = beginning


class Worker:
    """One worker process for language work; calls from several threads take turns, request by request.

    Begins by itself with the first call, or ahead of it with `start`; begins anew after it was lost.

    Args:
        silence: seconds after which a silent worker is given up.
        memory: bytes of resident memory it may have.
    """

    def __init__(self, *, silence: float = SILENCE, memory: int = MEMORY) -> None:
        self._silence = silence
        self._memory = memory
        self._turn = threading.RLock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._ready = False
        self._numbers = itertools.count(1)
        self._outstanding = False
        self._wishes_to_stop = 0
        self._closed = False

    def __enter__(self) -> Worker:  # noqa: PYI034 - nothing is derived from it
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """Give the operating system's number of the process, None while there is none."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Begin the process without waiting for it.

        Raises:
            WorkerError: it was closed, or the system refuses another process.
        """
        with self._turn:
            if self._closed:
                raise WorkerError("The worker process was closed.")
            if self._process is None:
                self._begin()

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:
        """Run the suggesters over texts; one answer for each, in their order.

        A suggester that ends, hangs or overfills the process on a document is named in that answer's `skipped`.

        Raises:
            WorkerError: a suggester cannot be made, or too many documents were too much for one.
            Cancelled: `cancel` was called meanwhile.
        """
        from annotator.suggest.engine import batches

        found: list[Suggestions] = []
        culprits: list[str] = []
        wishes = self._wishes_to_stop
        for batch in batches(texts):
            found += self._propose(batch, settings, culprits, wishes)
        return found

    def tokenize(self, items: Sequence[tuple[str, str]]) -> list[Tokens]:
        """Cut texts into tokens; each item is a text and the code of its language.

        Raises:
            WorkerError: a text could not be cut. Cancelled: `cancel` was called meanwhile.
        """
        found: list[Tokens] = []
        wishes = self._wishes_to_stop
        for batch in _bounded(items):
            length = sum(len(text) for text, _ in batch)
            try:
                found += self._ask("tokenize", (batch,), length=length, wishes=wishes)
            except _Lost as lost:
                place = len(found) + (lost.beginning.documents[0] if lost.beginning is not None else 0)
                raise WorkerError(
                    f"Text {place + 1} of {len(items)} could not be cut into words: the worker process {lost.how}.",
                    "Leave it out, or give it another language.",
                ) from lost
        return found

    def pipelines(self) -> list[Pipeline]:
        """List the installed pipelines.

        Raises:
            WorkerError: the process cannot begin. Cancelled: `cancel` was called meanwhile.
        """
        found: list[Pipeline] = self._asked("pipelines", ())
        return found

    def warm(self, settings: Settings) -> str:
        """Load what `propose` will need and give the pipeline's name, empty if there is none.

        Raises:
            WorkerError: it cannot be loaded. Cancelled: `cancel` was called meanwhile.
        """
        name: str = self._asked("warm", (settings,))
        return name

    def cancel(self) -> None:
        """Let all calls that are under way in other threads end with `Cancelled`, at once."""
        self._wishes_to_stop += 1

    def close(self) -> None:
        """End the process; calls under way end with `Cancelled`, later ones with `WorkerError`. Safe to repeat."""
        self._closed = True
        self.cancel()
        with self._turn:
            self._end()

    def _propose(
        self, batch: Sequence[Text], settings: Settings, culprits: list[str], wishes: int
    ) -> list[Suggestions]:
        """Propose for a batch; where the worker is lost on it, for one document after the other."""
        length = sum(len(each.text) for each in batch)
        try:
            found: list[Suggestions] = self._ask("propose", (batch, settings), length=length, wishes=wishes)
            return found
        except _Lost as lost:
            if len(batch) == 1:
                return [self._without_culprit(batch[0], settings, culprits, wishes, lost)]
        return [found for each in batch for found in self._propose([each], settings, culprits, wishes)]

    def _without_culprit(
        self, text: Text, settings: Settings, culprits: list[str], wishes: int, lost: _Lost
    ) -> Suggestions:
        """Name the suggester that the worker was lost with, and let the others have the document."""
        if lost.beginning is None:
            raise WorkerError(
                f"The worker process {lost.how} before it could begin.",
                "Try again; restart the program if it stays.",
            ) from lost
        name = lost.beginning.suggester
        culprits.append(name)
        if len(culprits) > LOSSES:
            raise WorkerError(
                f"{name} was cut off on {len(culprits)} documents; the last time the worker process {lost.how}.",
                "Switch it off, or choose another pipeline.",
            ) from lost
        kinds = settings.enabled if settings.enabled is not None else (*KINDS, *settings.others)
        left = replace(settings, enabled=tuple(kind for kind in kinds if kind != lost.beginning.kind))
        reason = f"{name} was cut off on this document: the worker process {lost.how}."
        answer = self._propose([text], left, culprits, wishes)[0]
        return replace(answer, skipped=" ".join(filter(None, (reason, answer.skipped))))

    def _asked(self, work: str, given: tuple[Any, ...]) -> Any:
        try:
            return self._ask(work, given, length=0, wishes=self._wishes_to_stop)
        except _Lost as lost:
            raise WorkerError(f"The worker process {lost.how}.", "Try again.") from lost

    def _ask(self, work: str, given: tuple[Any, ...], *, length: int, wishes: int) -> Any:
        """Send a request and wait for its answer; a worker lost before it began on it gets a successor.

        Raises:
            _Lost: the worker died, hung or grew. WorkerError: it refused. Cancelled: nobody waits any more.
        """
        try:
            return self._ask_once(work, given, length=length, wishes=wishes)
        except _Lost as lost:
            if lost.beginning is not None:
                raise
        return self._ask_once(work, given, length=length, wishes=wishes)

    def _ask_once(self, work: str, given: tuple[Any, ...], *, length: int, wishes: int) -> Any:
        with self._turn:
            self._check_wishes(wishes)
            limit = self._silence + length / _LENGTH_A_SECOND
            self._send(work, given, limit, wishes)
            answer = self._wait_until(lambda: not self._outstanding, limit, wishes)
        if isinstance(answer, worker_process.Refusal):
            raise WorkerError(answer.what, answer.todo)
        if isinstance(answer, worker_process.Fault):
            raise WorkerFault(f"The worker process failed at “{work}”:\n{answer.trace}")
        assert isinstance(answer, worker_process.Answer), "an answer ends what is outstanding"
        return answer.result

    def _send(self, work: str, given: tuple[Any, ...], limit: float, wishes: int) -> None:
        self._make_ready(limit, wishes)
        assert self._connection is not None, "it was made ready"
        try:
            self._connection.send(worker_process.Request(next(self._numbers), work, given))
        except OSError as error:
            raise self._lost(self._ending(), None) from error
        self._outstanding = True

    def _make_ready(self, limit: float, wishes: int) -> None:
        """Let the process come to the end of what nobody waits for any more, or begin a new one."""
        if self._outstanding:
            with contextlib.suppress(_Lost):
                self._wait_until(lambda: not self._outstanding, limit, wishes)
        if not self._is_alive():
            self._end()
        self.start()
        self._wait_until(lambda: self._ready, limit, wishes)

    def _wait_until(
        self, is_over: Callable[[], bool], limit: float, wishes: int
    ) -> worker_process.Message | None:
        """Take messages until something is over; give the last of them.

        Raises:
            _Lost: the worker died, hung or grew. Cancelled: nobody waits any more.
        """
        message: worker_process.Message | None = None
        beginning: worker_process.Beginning | None = None
        heard = time.monotonic()
        while not is_over():
            self._check_wishes(wishes)
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
            self._ready = True
        elif not isinstance(message, worker_process.Beginning):
            self._outstanding = False
        return message

    def _check_wishes(self, wishes: int) -> None:
        if self._wishes_to_stop != wishes:
            raise Cancelled

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=True)
        process = context.Process(
            target=worker_process.serve, args=(theirs, self._memory), daemon=True, name="annotator worker"
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
        self._ready = False
        self._outstanding = False

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

    def _lost(self, how: str, beginning: worker_process.Beginning | None) -> _Lost:
        self._end()
        return _Lost(how, beginning)

    def _end(self) -> None:
        process, connection = self._process, self._connection
        self._process = self._connection = None
        self._outstanding = False
        if connection is not None:
            connection.close()
        if process is not None:
            process.join(0.2)
            if process.is_alive():
                process.kill()
            process.join()
            process.close()


class InProcess:
    """The same work in this process: for short commands and tests. A crash here is a crash of the program."""

    def start(self) -> None:
        """Do nothing: there is no process."""

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:
        """Run the suggesters over texts; one answer for each, in their order.

        Raises:
            UserError: a suggester cannot be made.
        """
        from annotator.suggest.engine import propose_all

        return propose_all(texts, settings)

    def tokenize(self, items: Sequence[tuple[str, str]]) -> list[Tokens]:
        """Cut texts into tokens; each item is a text and the code of its language."""
        from annotator.suggest.tokenizing import tokenize

        return [tokenize(text, language) for text, language in items]

    def pipelines(self) -> list[Pipeline]:
        """List the installed pipelines."""
        from annotator.suggest.pipelines import installed_pipelines

        return installed_pipelines()

    def warm(self, settings: Settings) -> str:
        """Load what `propose` will need and give the pipeline's name, empty if there is none.

        Raises:
            UserError: it cannot be loaded.
        """
        from annotator.suggest.base import PIPELINE
        from annotator.suggest.pipelines import find_pipeline, load

        pipeline = find_pipeline(settings.pipeline) if settings.runs(PIPELINE) else None
        if pipeline is not None:
            load(pipeline)
        return pipeline.title if pipeline is not None else ""

    def cancel(self) -> None:
        """Do nothing: a call here ends when it is done."""

    def close(self) -> None:
        """Do nothing: there is no process."""


def _bounded(items: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Cut items into requests of bounded length."""
    batch: list[tuple[str, str]] = []
    length = 0
    for item in items:
        if batch and (length + len(item[0]) > _BATCH_LENGTH or len(batch) >= 200):
            yield batch
            batch, length = [], 0
        batch.append(item)
        length += len(item[0])
    if batch:
        yield batch
