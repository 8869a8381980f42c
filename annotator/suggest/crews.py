"""Candidates for many documents at once: by several worker processes of this machine, or by those of a Dask cluster.

Both take shards of documents in order and give them back in order, with few of them under way, so that memory does not
grow with the project. Only who asked writes what comes back, so that nothing is lost or doubled where a worker is.
What was learnt lies in a file of this machine: its workers read it, those of a cluster are handed its bytes.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import queue
import threading
import uuid
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from annotator.model.errors import UserError
from annotator.suggest.base import Settings, Suggestions, Text
from annotator.suggest.handed_over import packed, unpacked, without_files
from annotator.suggest.worker import Worker

T = TypeVar("T")
Shard = tuple[T, Sequence[Text]]
"""Documents that are handed over together, beside something of the caller's."""

SHARD = 64
"""Documents of a shard."""
_AHEAD = 2
"""Shards under way for each worker: while it is on one, the next lies ready."""
_ANSWERS = 10.0
"""Seconds that a scheduler is given to answer."""
_one_at_a_time = threading.Lock()
"""Held by the thread of a worker that asks what was learnt: native code answers one question at a time."""


class Crew(Protocol):
    """Several that propose at once; `shard` is how many documents they like to be handed together."""

    shard: int

    def propose_stream(
        self, shards: Iterable[Shard[T]], settings: Settings
    ) -> Iterator[tuple[T, list[Suggestions]]]:
        """Give one answer for each text of each shard, shard by shard in their order.

        Raises:
            UserError: no suggester can run, or too many of the crew were lost.
        """

    def close(self) -> None:
        """Let them go."""


class CrewError(UserError):
    """The crew cannot be had, or was lost."""


class Workers:
    """Several worker processes of this machine.

    Args:
        count: how many; each takes some 300 MB with a small pipeline.
    """

    def __init__(self, count: int) -> None:
        self.shard = SHARD
        self._workers = [Worker() for _ in range(count)]
        for worker in self._workers:
            worker.start()

    def propose_stream(
        self, shards: Iterable[Shard[T]], settings: Settings
    ) -> Iterator[tuple[T, list[Suggestions]]]:
        """Give one answer for each text of each shard, shard by shard in their order.

        Raises:
            WorkerError: a suggester cannot be made, or too many documents were too much for one.
        """
        free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._workers:
            free.put(worker)

        def propose(texts: Sequence[Text]) -> list[Suggestions]:
            worker = free.get()
            try:
                return worker.propose(texts, settings)
            finally:
                free.put(worker)

        with ThreadPoolExecutor(len(self._workers), thread_name_prefix="crew") as threads:
            under_way: deque[tuple[T, Future[list[Suggestions]]]] = deque()
            try:
                for own, texts in shards:
                    under_way.append((own, threads.submit(propose, texts)))
                    if len(under_way) >= _AHEAD * len(self._workers):
                        first, made = under_way.popleft()
                        yield first, made.result()
                while under_way:
                    first, made = under_way.popleft()
                    yield first, made.result()
            finally:
                for _, made in under_way:
                    made.cancel()
                if under_way:
                    for worker in self._workers:
                        worker.cancel()

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.close()


@dataclass(frozen=True, slots=True)
class _Run:
    """One stream of shards on a cluster: its name, the settings, and what was learnt, as the cluster's future."""

    name: str
    settings: Settings
    learnt: Any


class Cluster:
    """The workers of a Dask cluster, on which this program must be installed in the same version.

    Args:
        address: of the scheduler, such as `tcp://10.0.0.5:8786`.

    Raises:
        CrewError: the package `distributed` is missing, nobody answers there, or the scheduler has no worker.
    """

    def __init__(self, address: str) -> None:
        self.shard = SHARD
        self._address = address
        self._client = _client_of(address)
        if not self._client.scheduler_info().get("workers"):
            self._client.close()
            raise CrewError(
                f"The scheduler at {address} has no worker.", f"Start some with: dask worker {address}"
            )

    def propose_stream(
        self, shards: Iterable[Shard[T]], settings: Settings
    ) -> Iterator[tuple[T, list[Suggestions]]]:
        """Give one answer for each text of each shard, shard by shard in their order.

        A shard whose worker is lost is done by another one; documents that cost several workers are named in
        their answers and left out.

        Raises:
            CrewError: the scheduler is gone, or a worker has another version of the program.
            UserError: a suggester cannot be made there.
        """
        under_way: deque[tuple[T, Sequence[Text], Any]] = deque()
        with self._told():
            run = self._begin(settings)
            try:
                for own, texts in shards:
                    under_way.append((own, texts, self._submit(run, texts)))
                    if len(under_way) >= self._most_under_way():
                        yield self._first(run, under_way)
                while under_way:
                    yield self._first(run, under_way)
            finally:
                self._client.cancel([future for _, _, future in under_way], force=True)

    def close(self) -> None:
        """Leave the cluster as it is."""
        self._client.close()

    def _most_under_way(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return _AHEAD * max(1, sum(threads.values()))

    def _begin(self, settings: Settings) -> _Run:
        """Hand what was learnt over, once for all shards; the scheduler can do so again where a worker is lost."""
        name = uuid.uuid4().hex[:12]
        learnt = packed(settings)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of some megabytes, which go over once
            given = self._client.submit(dict, learnt, key=f"annotator-{name}-learnt", pure=False)
        return _Run(name, without_files(settings), given)

    def _submit(self, run: _Run, texts: Sequence[Text], *, alone: bool = False) -> Any:
        """Hand a shard over under the keys of its documents, so that no scheduler does it twice at once."""
        keys = f"{texts[0].document}-{texts[-1].document}" if texts else "none"
        key = f"annotator-{run.name}-{'alone-' if alone else ''}{keys}-{len(texts)}"
        given = (list(texts), run.settings, run.learnt, version_here())
        return self._client.submit(_propose_there, *given, key=key, pure=False)

    def _first(
        self, run: _Run, under_way: deque[tuple[T, Sequence[Text], Any]]
    ) -> tuple[T, list[Suggestions]]:
        from distributed.scheduler import KilledWorker

        own, texts, future = under_way[0]
        try:
            made: list[Suggestions] = future.result()
        except KilledWorker:
            made = list(itertools.chain(*(self._alone(run, each) for each in texts)))
        under_way.popleft()
        return own, made

    def _alone(self, run: _Run, text: Text) -> list[Suggestions]:
        from distributed.scheduler import KilledWorker

        try:
            made: list[Suggestions] = self._submit(run, [text], alone=True).result()
        except KilledWorker:
            reason = "It was left out: the workers of the cluster that were on it were lost."
            return [Suggestions(document=text.document, skipped=reason)]
        return made

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in words what ends the work."""
        from concurrent.futures import CancelledError

        try:
            yield
        except (CancelledError, OSError) as error:  # a closed connection is an OSError to Dask, too
            raise CrewError(
                f"The scheduler at {self._address} is gone.",
                "What was made is kept. Ask again, and it goes on with the rest.",
            ) from error
        except ModuleNotFoundError as error:
            raise CrewError(
                f"A worker of {self._address} cannot run this program: {error}.",
                "Install the same version of annotator, and the pipeline, on every worker.",
            ) from error


def version_here() -> str:
    """Give the version of the program that is installed on this machine; empty where its package does not tell."""
    try:
        return importlib.metadata.version("annotator-desktop")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _client_of(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise CrewError(
            "A cluster needs the package distributed, which is missing here.",
            "Add it with: pip install distributed",
        ) from error
    try:
        client: Any = Client  # whose methods have no types
        return client(address, timeout=_ANSWERS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CrewError(
            f"No Dask scheduler answers at {address}.", "Is it running, and is the address right?"
        ) from error


def _propose_there(
    texts: Sequence[Text], settings: Settings, learnt: Mapping[str, bytes], version: str
) -> list[Suggestions]:
    """Run on a worker of a cluster; `learnt` is what was learnt, packed, and empty where nothing was.

    Raises:
        CrewError: another version of the program is installed there.
    """
    if version != version_here():
        raise CrewError(
            f"A worker of the cluster has annotator {version_here()}, and here it is {version}.",
            "Install the same version on every worker.",
        )
    from annotator.suggest.engine import propose_all

    if not learnt:
        return propose_all(texts, settings)
    with _one_at_a_time:
        return propose_all(texts, unpacked(learnt, settings))
