"""Language work in a process of its own: cutting texts, proposing, learning, listing pipelines.

spaCy and other people's suggesters run in one worker process, since a thread cannot be cut off and a crash in native
code would take the window along. A worker that dies, hangs or grows is replaced; the document it was on is named and
left out for that suggester, and the rest goes on. `worker_link.py` speaks to the process; what happens inside it
stands in `worker_process.py`. The same work in this process is in `in_process.py`.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from annotator.model.document import Tokens
from annotator.model.errors import Cancelled
from annotator.model.packing import PackedTokens
from annotator.suggest import worker_process
from annotator.suggest.base import FINE_TUNED, LEARNT, GivenPatterns, Settings, Suggestions, Text
from annotator.suggest.cut_off import CutOff, with_reason
from annotator.suggest.worker_link import Link, LostError, WorkerError

if TYPE_CHECKING:
    from annotator.suggest.fine_tuned import Made
    from annotator.suggest.fine_tuning import Tell
    from annotator.suggest.phrases import Hit
    from annotator.suggest.pipelines import Pipeline
    from annotator.suggest.teaching import Decided

__all__ = ["Worker", "WorkerError", "WorkerFault"]

T = TypeVar("T")

AHEAD = 6
"""Chunks of texts that wait to be cut while the caller has an earlier one in hand: to begin takes a worker a second."""
SILENCE = 60.0
"""Seconds after which a silent worker is given up; long texts get more."""
FIND_SILENCE = 10.0
"""The same for looking for patterns, which a person waits for."""
MEMORY = 3_000_000_000
"""Bytes of resident memory that a worker may have."""
LOSSES = 5
"""Documents that may cost a worker each in one call, before the call is given up."""
_LENGTH_A_SECOND = 5_000
_IDLE_PATIENCE = 10
"""So many times as long a process may be silent that runs where a core has nothing else to do."""
_BATCH_LENGTH, _BATCH = 400_000, 400
"""Code points of texts, and texts, that are cut at one asking: with few askings the process is seldom idle."""


class _Line:
    """The way to one process, and whose turn it is."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.turn = threading.RLock()


class WorkerFault(RuntimeError):
    """The program itself failed in the worker process; the message holds where."""


class Worker:
    """A worker process for language work; calls from several threads take turns, request by request.

    Begins by itself with the first call, or ahead of it with `start`; begins anew after it was lost. Learning, which
    takes seconds and for which nobody waits, has a process of its own, which begins when something is learnt.

    Args:
        silence: seconds after which a silent worker is given up.
        memory: bytes of resident memory it may have.
    """

    def __init__(self, *, silence: float = SILENCE, memory: int = MEMORY) -> None:
        self._silence = silence
        self._line = _Line(Link(memory=memory))
        self._learning_line = _Line(Link(memory=memory, idle=True))
        self._cut_off = CutOff()
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
        return self._line.link.process_id

    def start(self) -> None:
        """Begin the process without waiting for it.

        Raises:
            WorkerError: it was closed, or the system refuses another process.
        """
        self._begin(self._line)

    def _begin(self, line: _Line) -> None:
        with line.turn:
            if self._closed:
                raise WorkerError("The worker process was closed.")
            line.link.begin()

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
        return self._cut("tokenize", items)

    def tokenize_packed(self, items: Sequence[tuple[str, str]]) -> list[PackedTokens]:
        """Cut texts into tokens, and give them packed, as a project keeps them; else like `tokenize`.

        Raises:
            WorkerError: a text could not be cut. Cancelled: `cancel` was called meanwhile.
        """
        return self._cut("tokenize_packed", items)

    def _cut(self, work: str, items: Sequence[tuple[str, str]]) -> list[Any]:
        found: list[Any] = []
        wishes = self._wishes_to_stop
        for batch in _bounded(items):
            try:
                found += self._cut_some(work, batch, wishes)
            except LostError:
                for item in batch:  # one by one, to know which it is
                    found += self._cut_alone(work, item, len(found), len(items), wishes)
        return found

    def tokenize_stream(
        self, chunks: Iterable[tuple[T, Sequence[tuple[str, str]]]]
    ) -> Iterator[tuple[T, list[PackedTokens]]]:
        """Cut chunks of texts, each with something of the caller's, while the caller has others in hand.

        Raises:
            WorkerError: a text could not be cut. Cancelled: `cancel` was called meanwhile.
        """
        under_way: deque[tuple[T, Future[list[PackedTokens]]]] = deque()
        with ThreadPoolExecutor(1, thread_name_prefix="tokens") as pool:
            try:
                for own, items in chunks:
                    under_way.append((own, pool.submit(self.tokenize_packed, items)))
                    if len(under_way) > AHEAD:
                        first, cut = under_way.popleft()
                        yield first, cut.result()
                while under_way:
                    first, cut = under_way.popleft()
                    yield first, cut.result()
            finally:
                for _, cut in under_way:
                    cut.cancel()

    def _cut_some(self, work: str, items: Sequence[tuple[str, str]], wishes: int) -> list[Any]:
        found: list[Any] = self._ask(
            work, (items,), length=sum(len(text) for text, _ in items), wishes=wishes
        )
        return found

    def _cut_alone(self, work: str, item: tuple[str, str], place: int, total: int, wishes: int) -> list[Any]:
        try:
            return self._cut_some(work, [item], wishes)
        except LostError as lost:
            raise WorkerError(
                f"Text {place + 1} of {total} could not be cut into words: the worker process {lost.how}.",
                "Leave it out, or give it another language.",
            ) from lost

    def find_patterns(
        self, texts: Sequence[Text], given: GivenPatterns, pipeline: str = ""
    ) -> list[list[Hit]]:
        """Give for each text where the patterns of a list stand; `pipeline` as in `Settings`.

        Raises:
            WorkerError: it took too long or could not be done; says which pattern it was on.
            Cancelled: `cancel` was called meanwhile.
        """
        found: list[list[Hit]] = []
        wishes = self._wishes_to_stop
        length = sum(len(each.text) for each in texts)
        try:
            found = self._ask(
                "find_patterns", (texts, given, pipeline), length=length, wishes=wishes, silence=FIND_SILENCE
            )
        except LostError as lost:
            self._cut_off.note([given], lost)
            what = given.name if lost.beginning is None else lost.beginning.suggester
            raise WorkerError(
                f"{what[:1].upper()}{what[1:]} was cut off: the worker process {lost.how}.",
                "Change this pattern, or switch the list off.",
            ) from lost
        return found

    def pattern_faults(self, patterns: Sequence[str]) -> list[str]:
        """Say of token patterns what spaCy has against each; empty where it takes it.

        Raises:
            WorkerError: it could not be done. Cancelled: `cancel` was called meanwhile.
        """
        faults: list[str] = self._asked("pattern_faults", (patterns,))
        return faults

    def pipelines(self) -> list[Pipeline]:
        """List the installed pipelines.

        Raises:
            WorkerError: the process cannot begin. Cancelled: `cancel` was called meanwhile.
        """
        found: list[Pipeline] = self._asked("pipelines", ())
        return found

    def learn(self, decided: Sequence[Decided], settings: Settings, *, anew: bool) -> int:
        """Learn from finished documents, in their order; give how often the tagger was trained.

        Args:
            decided: the documents. settings: `learnt` names the file in which it is kept. anew: begin from nothing.

        Raises:
            WorkerError: it cannot be done. Cancelled: `cancel` was called meanwhile.
        """
        length = sum(len(each.text.text) for each in decided)
        given = (worker_process.one_by_one(decided), settings, anew)
        try:
            trainings: int = self._ask(
                "learn", given, length=length, wishes=self._wishes_to_stop, line=self._learning_line
            )
        except LostError as lost:
            raise WorkerError(
                f"Learning was cut off: the worker process {lost.how}.",
                "Candidates stay as they were before.",
            ) from lost
        return trainings

    def fine_tune(
        self, decided: Sequence[Decided], settings: Settings, *, tell: Tell, check: Callable[[], None]
    ) -> Made:
        """Fine-tune the pipeline in a process of its own, which ends with this call; all as `fine_tune_apart` does.

        Raises:
            UserError: it cannot be done. Cancelled: `cancel` was called meanwhile; whatever `check` raises.
        """
        from annotator.suggest.fine_tuning import fine_tune_apart

        wishes = self._wishes_to_stop

        def is_wanted() -> None:
            self._check_wishes(wishes)
            check()

        return fine_tune_apart(decided, settings, tell=tell, check=is_wanted)

    def cancel(self) -> None:
        """Let all calls that are under way in other threads end with `Cancelled`, at once."""
        self._wishes_to_stop += 1

    def close(self) -> None:
        """End the process; calls under way end with `Cancelled`, later ones with `WorkerError`. Safe to repeat."""
        self._closed = True
        self.cancel()
        for line in (self._line, self._learning_line):
            with line.turn:
                line.link.end()

    def _propose(
        self, batch: Sequence[Text], settings: Settings, culprits: list[str], wishes: int
    ) -> list[Suggestions]:
        """Propose for a batch; where the worker is lost on it, for one document after the other."""
        length = sum(len(each.text) for each in batch)
        try:
            asked, reason = self._cut_off.left(settings)
            found: list[Suggestions] = self._ask("propose", (batch, asked), length=length, wishes=wishes)
            return with_reason(found, reason)
        except LostError as lost:
            if self._cut_off.note(settings.patterns, lost):
                return self._propose(batch, settings, culprits, wishes)
            if len(batch) == 1:
                return [self._without_culprit(batch[0], settings, culprits, wishes, lost)]
        return [found for each in batch for found in self._propose([each], settings, culprits, wishes)]

    def _without_culprit(
        self, text: Text, settings: Settings, culprits: list[str], wishes: int, lost: LostError
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
        kinds = settings.enabled if settings.enabled is not None else settings.kinds
        left = replace(settings, enabled=tuple(kind for kind in kinds if kind != lost.beginning.kind))
        if lost.beginning.kind == LEARNT:
            left = replace(settings, learnt="")
        if lost.beginning.kind == FINE_TUNED:
            left = replace(settings, fine_tuned="")
        reason = f"{name} was cut off on this document: the worker process {lost.how}."
        answer = self._propose([text], left, culprits, wishes)[0]
        return replace(answer, skipped=" ".join(filter(None, (reason, answer.skipped))))

    def _asked(self, work: str, given: tuple[Any, ...]) -> Any:
        try:
            return self._ask(work, given, length=0, wishes=self._wishes_to_stop)
        except LostError as lost:
            raise WorkerError(f"The worker process {lost.how}.", "Try again.") from lost

    def _ask(
        self,
        work: str,
        given: tuple[Any, ...],
        *,
        length: int,
        wishes: int,
        silence: float = math.inf,
        line: _Line | None = None,
    ) -> Any:
        """Send a request and wait for its answer.

        Raises:
            LostError: the worker died, hung or grew. WorkerError: it refused. Cancelled: nobody waits any more.
        """
        limit = min(silence, self._silence) + length / _LENGTH_A_SECOND
        line = line or self._line
        if line is self._learning_line:
            limit *= _IDLE_PATIENCE
        with line.turn:
            self._check_wishes(wishes)
            self._begin(line)
            answer = line.link.ask(work, given, limit=limit, check=lambda: self._check_wishes(wishes))
        if isinstance(answer, worker_process.Refusal):
            raise WorkerError(answer.what, answer.todo)
        if isinstance(answer, worker_process.Fault):
            raise WorkerFault(f"The worker process failed at “{work}”:\n{answer.trace}")
        assert isinstance(answer, worker_process.Answer), "nothing else ends a request"
        return answer.result

    def _check_wishes(self, wishes: int) -> None:
        if self._wishes_to_stop != wishes:
            raise Cancelled


def _bounded(items: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Cut items into requests of bounded length."""
    batch: list[tuple[str, str]] = []
    length = 0
    for item in items:
        if batch and (length + len(item[0]) > _BATCH_LENGTH or len(batch) >= _BATCH):
            yield batch
            batch, length = [], 0
        batch.append(item)
        length += len(item[0])
    if batch:
        yield batch
