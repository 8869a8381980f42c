"""What runs in the worker process: it waits for requests on a pipe, does language work, and answers.

Only `worker.py` talks to it. The process ends when its parent does, takes no Ctrl+C (the parent decides), writes
nothing on standard output, and stands back behind the window where the machine is busy.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import warnings
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from annotator.model.document import Tokens
from annotator.model.errors import UserError
from annotator.model.packing import packed
from annotator.suggest.failure import Failure
from annotator.suggest.standing_back import stand_back

OUT_OF_MEMORY = 77
"""Exit code of a process that ended itself because it had grown too large."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Request:
    """A piece of work: its number, the name of a function of `_WORK`, and what it is given."""

    number: int
    work: str
    given: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has begun."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A suggester begins on documents: what switches it, its name, row keys."""

    number: int
    kind: str
    suggester: str
    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work has come; `of` is 0 where nobody knows, `score` is 0 to 1, the best so far."""

    number: int
    done: int
    of: int
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a request."""

    number: int
    result: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request could not be done and the person can mend it."""

    number: int
    what: str
    todo: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The program itself failed at a request; `trace` says where."""

    number: int
    trace: str


Message = Ready | Beginning | Progress | Answer | Refusal | Fault


def serve(connection: Connection, memory: int, *, idle: bool) -> None:
    """Answer requests until the pipe is closed; the target of the process.

    Args:
        connection: the process's end of a two-way pipe.
        memory: bytes of resident memory at which the process ends itself. idle: nobody waits for what it does.
    """
    _settle_in()
    stand_back(idle=idle)
    threading.Thread(target=_watch, args=(memory,), daemon=True, name="watch").start()
    with contextlib.suppress(EOFError, OSError):
        connection.send(Ready())
        while isinstance(request := connection.recv(), Request):
            connection.send(_answered(request, connection))


def resident_bytes(process: int | None = None) -> int:
    """Give the resident memory of a process, or of this one, in bytes; 0 where the system does not tell."""
    try:
        with open(f"/proc/{process or 'self'}/statm", encoding="ascii") as file:  # noqa: PTH123 - read often
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        pass
    if process is not None or sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _settle_in() -> None:
    for name in _THREADS:
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    if sys.stderr is not None:
        sys.stdout = sys.stderr


def _watch(memory: int) -> None:
    """End the process when its parent is gone, or when it has grown too large."""
    parent = multiprocessing.parent_process()
    while parent is None or parent.is_alive():
        if resident_bytes() > memory:
            os._exit(OUT_OF_MEMORY)
        time.sleep(0.25)
    os._exit(0)


def _answered(request: Request, connection: Connection) -> Message:
    try:
        with Failure() as failure:
            return Answer(request.number, _WORK[request.work](request, connection))
    except UserError as error:
        return Refusal(request.number, error.what, error.todo)
    return Fault(request.number, failure.trace)


def _propose(request: Request, connection: Connection) -> Any:
    from annotator.suggest.engine import Stage, propose_all

    def note(stage: Stage) -> None:
        connection.send(Beginning(request.number, stage.kind, stage.name, stage.documents))

    return propose_all(*request.given, note=note)


def _learn(request: Request, connection: Connection) -> Any:
    from annotator.suggest.engine import Stage, learn_all

    def note(stage: Stage) -> None:
        connection.send(Beginning(request.number, stage.kind, stage.name, stage.documents))

    pickles, settings, anew = request.given
    return learn_all([ForkingPickler.loads(each) for each in pickles], settings, anew=anew, note=note)


def _tokenize(request: Request, connection: Connection) -> Any:
    from annotator.suggest.tokenizing import tokenize_all

    items: Sequence[tuple[str, str]] = request.given[0]
    connection.send(Beginning(request.number, "", "the tokenizer", tuple(range(len(items)))))
    return tokenize_all(items)


def _tokenize_packed(request: Request, connection: Connection) -> Any:
    return [packed(tokens) for tokens in _tokenize(request, connection)]


def _find_patterns(request: Request, connection: Connection) -> Any:
    from annotator.suggest.patterns import find

    texts, given, pipeline = request.given

    def announce(what: str, documents: tuple[int, ...]) -> None:
        connection.send(Beginning(request.number, given.kind, what, documents))

    announce(given.name, tuple(each.document for each in texts))
    return find(texts, given, announce, pipeline=pipeline)


def _pattern_faults(request: Request, _: Connection) -> Any:
    from annotator.suggest.patterns import faults

    return faults(*request.given)


def _pipelines(_: Request, __: Connection) -> Any:
    from annotator.suggest.pipelines import installed_pipelines

    return installed_pipelines()


def _train(request: Request, connection: Connection) -> Any:
    from annotator.suggest.training import train

    connection.send(Beginning(request.number, "", "training", ()))

    def tell(done: int, of: int, score: float) -> None:
        connection.send(Progress(request.number, done, of, score))

    return train(*request.given, tell=tell)


def _fine_tune(request: Request, connection: Connection) -> Any:
    from annotator.suggest.fine_tuning import fine_tune

    connection.send(Beginning(request.number, "", "fine-tuning", ()))

    def tell(done: int, of: int) -> None:
        connection.send(Progress(request.number, done, of, 0.0))

    pickles, settings = request.given
    return fine_tune([ForkingPickler.loads(each) for each in pickles], settings, tell=tell)


_WORK: dict[str, Callable[[Request, Connection], Any]] = {
    "propose": _propose,
    "learn": _learn,
    "tokenize": _tokenize,
    "tokenize_packed": _tokenize_packed,
    "find_patterns": _find_patterns,
    "pattern_faults": _pattern_faults,
    "train": _train,
    "fine_tune": _fine_tune,
    "pipelines": _pipelines,
}


def one_by_one(values: Iterable[object]) -> list[bytes]:
    """Pickle values for `learn` and `fine_tune`, each by itself.

    Whoever pickles holds the interpreter until it is done: fifty documents at once let a key wait for 20 ms and more.
    """
    return [bytes(ForkingPickler.dumps(each)) for each in values]


def _packed(tokens: Tokens) -> tuple[Callable[..., Tokens], tuple[Any, ...]]:
    """Send tokens as three arrays: a tenth of the time and size that a list of numbers takes."""
    numbers = (array("I", tokens.starts), array("I", tokens.ends), array("I", tokens.sentences))
    return _unpacked, (*numbers, tokens.tokenizer)


def _unpacked(starts: Sequence[int], ends: Sequence[int], sentences: Sequence[int], tokenizer: str) -> Tokens:
    return Tokens(tuple(starts), tuple(ends), tuple(sentences), tokenizer)


ForkingPickler.register(Tokens, _packed)
