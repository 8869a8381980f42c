"""What a doccano server does beside the page: it imports files and writes exports, as tasks that one waits for."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from annotator.sync import exported as exports
from annotator.sync import shapes
from annotator.sync.asking import Asking
from annotator.sync.exported import Head, TrueHead
from annotator.sync.remote import (
    Progress,
    RefusedError,
    RemoteDocument,
    RemoteProject,
    ServerError,
    UnreachableError,
    Uploaded,
)

LOST = 30.0
"""Seconds without a new document after which the queue is asked whether it works."""
GIVEN_UP = 300.0
"""Seconds more without any sign of the queue after which nobody waits any longer."""
_EXPORTED = 0.02
"""Seconds more to wait for each document of an export, which gives no sign while it is written: ten times enough."""
_LOOKS = (0.1, 0.1, 0.2)
"""Seconds between two looks at a task; the last one from then on."""
_COUNTED = 2.0
"""Seconds between two looks at the number of documents."""
_RUNS = 40
"""How many gaps in the numbers of an export are looked at one by one before the whole list is asked for."""
_SAMPLES = 8
_WRITING = "The server writes an export"
_FETCHING = "Fetching the export"
_ONE_BY_ONE = "Fetching the documents one by one"
_READING = "The server reads the file"


class Tasks(Asking):
    """Has the server import and export."""

    lost_after = LOST
    """Seconds; tests are less patient."""

    def export(self, project: int, folder: Path, progress: Progress) -> Path:
        """Have the server write an export of all documents, and fetch it."""
        target = folder / f"doccano-{project}.zip"
        try:
            return self._exported(project, target, progress, confirmed=False)
        except RefusedError as error:
            if error.status != 403:
                raise
        exports.write_own(target, self._one_by_one(self.project(project), progress))
        return target

    def confirmed(self, project: int, progress: Progress, *, member: str = "") -> frozenset[int]:
        """Give the numbers of the documents that are confirmed, in a project that is not shared by one member."""
        if member in {"", self.account.name}:
            # The list takes a third of the time of an export, which has all that hangs on the documents besides.
            rows = self._all(f"projects/{project}/examples", shapes.Example, progress, confirmed="true")
            return frozenset(row.id for row in rows)
        with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
            target = self._exported(project, Path(folder) / "confirmed.zip", progress, confirmed=True)
            return frozenset(head.id for head in exports.heads(target, member) if isinstance(head.id, int))

    def documents(self, project: RemoteProject, exported: Path) -> Iterator[RemoteDocument]:
        """Read an export, with numbers that the server's list agrees to."""
        if exports.is_own(exported):
            return exports.read_own(exported)
        heads = exports.heads(exported)
        if self._agrees(project.id, heads):
            return exports.read(exported, project, ())
        listed = [TrueHead(row.id, row.text or "", row.meta) for row in self._examples(project.id, _silent)]
        if len(listed) != len(heads) or any(
            hash(true.text) != head.text and "data" not in true.metadata
            for true, head in zip(listed, heads, strict=True)
        ):
            raise ServerError(f"Documents of {project.name} came or went while they were read.", "Try again.")
        return exports.read(exported, project, listed)

    def upload(
        self, project: RemoteProject, file: Path, *, started: Callable[[str], None], progress: Progress
    ) -> Uploaded:
        """Have the server import a file of doccano's JSONL, and wait until it has."""
        with self.stopping(lambda: progress(0, 0, _READING)):
            body = {
                # Quotes stand around the number where a proxy or the server renders it as JSON.
                "uploadIds": [self._connection.send_file("fp/process/", "filepond", file).strip().strip('"')],
                "task": "RelationExtraction" if project.has_relations else project.kind,
                "format": "JSONL",
                "column_data": "text",
                "column_label": "label",
                # Otherwise it guesses, from the first lines.
                "encoding": "utf_8",
            }
            made = self._connection.write("POST", f"projects/{project.id}/upload", shapes.Made, body)
        started(made.task_id)
        return self.wait(project.id, made.task_id, progress)

    def wait(self, project: int, task: str, progress: Progress) -> Uploaded:
        """Wait for an upload that was begun earlier."""
        watch = _Watch(self, self.lost_after, lambda: self.count(project))
        with self.stopping(lambda: progress(0, 0, _READING)):
            ended = self._ended(task, watch.look)
        if ended is None:
            return Uploaded(lost=True)
        if ended.error is not None:
            return Uploaded(failure=ended.error.text)
        errors = ended.result.get("error") if isinstance(ended.result, dict) else ()
        return Uploaded(errors=tuple(_in_words(error) for error in errors or ()))

    def _one_by_one(self, project: RemoteProject, progress: Progress) -> Iterator[RemoteDocument]:
        """Ask for every document by itself; yield them as they come."""
        examples = self._examples(project.id, progress)
        comments = self.comments(project.id, progress) if any(e.comment_count for e in examples) else {}
        calls = [partial(self._with_all, project, e, comments.get(e.id, ())) for e in examples]
        for _, value in self.together(calls, progress, _ONE_BY_ONE):
            if isinstance(value, ServerError):
                raise value
            yield value

    def _exported(self, project: int, target: Path, progress: Progress, *, confirmed: bool) -> Path:
        body = {"format": "JSONL", "exportApproved": confirmed}
        with self.stopping(lambda: progress(0, 0, _WRITING)):
            made = self._connection.write("POST", f"projects/{project}/download", shapes.Made, body)
            patience = self.lost_after + self.count(project) * _EXPORTED
            ended = self._ended(made.task_id, _Watch(self, patience).look)
        if ended is None or ended.error is not None:
            why = ended.error.text if ended is not None and ended.error is not None else "nothing came of it"
            raise RefusedError(f"{self.address} could not write an export ({why}).", "Try again.", status=500)
        self._connection.fetch(
            f"projects/{project}/download",
            target,
            lambda done, total: progress(done, total, _FETCHING),
            taskId=made.task_id,
        )
        return target

    def _ended(self, task: str, look: Callable[[], bool]) -> shapes.Task | None:
        """Wait until a task has ended; None when `look` says that it never will."""
        looks = 0
        while True:
            status = self._connection.read(f"tasks/status/{task}", shapes.Task)
            if status.ready:
                return status
            if look():
                return None
            self._connection.pause(_LOOKS[min(looks, len(_LOOKS) - 1)])
            looks += 1

    def queue_works(self) -> bool:
        """Tell whether the server's queue of tasks says that it works; it is asked for one."""
        try:
            health = self._connection.read("health/", dict[str, Any], format="json")
        except ServerError:
            return False
        return health.get("CeleryHealthCheckCelery") in {"OK", "working"}

    def _agrees(self, project: int, heads: Sequence[Head]) -> bool:
        """Tell whether the server's list agrees to the numbers of an export.

        Numbers that rise one by one between two that are right are right: only the ends of such runs are asked for,
        and some places between, for the texts.
        """
        numbers = [head.id if isinstance(head.id, int) else -1 for head in heads]
        if any(after <= before for before, after in pairwise(numbers)):
            return False
        gaps = [place for place, (a, b) in enumerate(pairwise(numbers)) if b != a + 1]
        if len(gaps) > _RUNS:
            return False
        step = max(1, len(heads) // _SAMPLES)
        places = sorted({*range(0, len(heads), step), *gaps, len(heads) - 1} - {-1})
        calls = [partial(self._listed, project, place, 2) for place in places]
        for number, value in self.together(calls, _silent):
            if isinstance(value, ServerError):
                raise value
            for row, head in zip(value.results, heads[places[number] :], strict=False):
                if row.id != head.id or hash(row.text) != head.text:
                    return False
        return True


class _Watch:
    """Finds out that a task will never end: its queue works, and nothing comes of it.

    The server answers alike for a task that waits in its queue, is being done, or was lost when it was stopped.

    Args:
        patience: seconds without a sign after which the queue is asked.
        count: gives a number that changes while the task is done, if there is one.
    """

    def __init__(self, tasks: Tasks, patience: float, count: Callable[[], int] | None = None) -> None:
        self._tasks = tasks
        self._patience = patience
        self._count = count
        self._last = -1
        self._changed = self._looked = time.monotonic()

    def look(self) -> bool:
        """Tell whether it is lost; raise an UnreachableError when nobody should wait any longer."""
        now = time.monotonic()
        if now - self._looked < _COUNTED:
            return False
        self._looked = now
        if self._count is not None and (count := self._count()) != self._last:
            self._last, self._changed = count, now
            return False
        still = now - self._changed
        if still < self._patience:
            return False
        if self._tasks.queue_works():
            return True
        if still > self._patience + GIVEN_UP:
            raise UnreachableError(
                f"{self._tasks.address} does not begin with its task: the queue of tasks gives no sign.",
                "Tell whoever runs the server.",
            )
        return False


def _in_words(error: Any) -> str:
    """Say a line that was not taken; the file is named by us, so only its line matters."""
    if not isinstance(error, dict):
        return str(error)
    line, message = error.get("line"), error.get("message", "")
    return f"line {line}: {message}" if line else str(message)


def _silent(done: int, total: int, text: str) -> None:
    """Take what nobody wants to know."""
