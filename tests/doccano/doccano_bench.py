"""Measures what goes to and fro beside what a doccano server itself takes for it, in the same run.

Run by hand: `python -m tests.doccano.doccano_bench [documents] [calls]`. The documents have 125 words, 8 spans and 4
relations. Beside each figure stands the same work done with bare requests: one file handed over, imported by one task
and waited for; one export waited for and fetched; as many single calls, four at a time. Each is done twice, in turn,
and the shorter time counts. Then the workflows: a push of a project's documents into a new one of the server, the plan
after it, and a pull into a new project. A push sends and then reads all of it back, by an export, so it is shown beside
the server's import, and its two parts beside import and export. No time is asserted: machines differ, ratios travel
better.

The server answers with as many processes as it has by itself (twice the cores and one), on SQLite.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any, Self

import requests

from annotator.model.annotation import Fragment
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.sync.client import DoccanoServer, log_in
from annotator.sync.remote import IN_FLIGHT, RemoteProject, RemoteSpan, ServerError
from annotator.workflows.doccano import (
    Choices,
    Deed,
    Thing,
    Way,
    carry_out,
    make_project,
    plan_sync,
    pull_into_new,
)
from annotator.workflows.importing import ImportOptions, import_records
from annotator.workflows.reporting import silent
from tests.benchmarks.corpora import articles
from tests.builders import a_project
from tests.doccano.files import line, quiet
from tests.doccano.installing import ACCOUNTS
from tests.doccano.server import started

DOCUMENTS, CALLS = 10_000, 2_000
IN_A_FILE = 5_000
"""Documents of one upload of ours. The server begins with a task up to a second after it was asked."""
GOAL = 1.3
"""At most so many times as long as the server, or bare calls, alone."""
TIMES = 2
_LABEL = "PERSON"
WRITING = "The server writes an export"
"""What is reported when reading back begins."""
IMPORT, EXPORT = "import", "export"
PLANNING, SENDING, READING_BACK = "push, planning", "push, sending", "push, reading back"
PUSH, PLANNING_AGAIN, PULL = "push", "plan of linked ones", "pull"
PARTS = {
    PLANNING: IMPORT,
    SENDING: IMPORT,
    READING_BACK: EXPORT,
    PUSH: IMPORT,
    PLANNING_AGAIN: EXPORT,
    PULL: EXPORT,
}
"""What of the workflows is measured, and what of the server's own it stands beside."""


class Bare:
    """Does the same with requests alone, as any script would."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.session = requests.Session()
        account = {"username": "admin", "password": ACCOUNTS["admin"]}
        self.session.post(f"{address}/v1/auth/login/", json=account, timeout=60).raise_for_status()
        self.session.headers["X-CSRFToken"] = str(self.session.cookies["csrftoken"])

    def post(self, path: str, **options: Any) -> requests.Response:
        answer = self.session.post(f"{self._address}/v1/{path}", timeout=600, **options)
        answer.raise_for_status()
        return answer

    def upload(self, project: int, file: Path) -> None:
        with file.open("rb") as stream:
            number = self.post("fp/process/", files={"filepond": (file.name, stream)}).text
        body = {"uploadIds": [number], "task": "RelationExtraction", "format": "JSONL", "encoding": "utf_8"}
        self._wait(self.post(f"projects/{project}/upload", json=body).json()["task_id"])

    def export(self, project: int, target: Path) -> None:
        body = {"format": "JSONL", "exportApproved": False}
        task = self.post(f"projects/{project}/download", json=body).json()["task_id"]
        self._wait(task)
        url = f"{self._address}/v1/projects/{project}/download"
        target.write_bytes(self.session.get(url, params={"taskId": task}, timeout=600).content)

    def spans(self, project: int, documents: Sequence[int], span: RemoteSpan, kind: int) -> None:
        body = {"start_offset": span.start, "end_offset": span.end, "label": kind, "prob": 0}
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            paths = (f"projects/{project}/examples/{number}/spans" for number in documents)
            for _ in pool.map(lambda path: self.post(path, json=body), paths):
                pass

    def _wait(self, task: str) -> None:
        while True:
            answer = self.session.get(f"{self._address}/v1/tasks/status/{task}", timeout=60)
            if answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
                time.sleep(0.2)  # SQLite was busy; this program's own client asks again, too
                continue
            status = answer.json()
            if status["ready"]:
                assert not status["error"], status
                return
            time.sleep(0.2)


def measure(documents: int, calls: int, *, in_a_file: int = IN_A_FILE) -> Iterator[str]:
    """Yield a line for each figure."""
    with tempfile.TemporaryDirectory(prefix="doccano-bench-") as name:
        folder = Path(name)
        workers = 2 * (os.cpu_count() or 1) + 1
        with started(folder / "home", workers=workers) as server:
            remote = log_in(server.address, "admin", ACCOUNTS["admin"])
            bench = _Bench(Bare(server.address), remote, folder, documents, in_a_file)
            yield from bench.lines(calls)
            remote.close()


class _Bench:
    def __init__(
        self, bare: Bare, remote: DoccanoServer, folder: Path, documents: int, in_a_file: int
    ) -> None:
        self._bare = bare
        self._remote = remote
        self._folder = folder
        self._rows = list(_written(documents))
        self._whole = self._file("whole", self._rows)
        starts = range(0, documents, in_a_file)
        self._parts = [self._file(f"part-{n}", self._rows[n : n + in_a_file]) for n in starts]
        self._project = RemoteProject(id=0, name="", kind="")

    def lines(self, calls: int) -> Iterator[str]:
        many = f"{len(self._rows):,} documents"
        yield self._line(f"import of {many}", self._import_bare, self._import)
        yield self._line(f"export of {many}", self._export_bare, self._export)
        numbers = [row.id for row in self._remote.documents(self._project, self._folder / "ours.zip")]
        kinds = {type_.name: type_.id for type_ in self._remote.types(self._project.id)}
        # Behind the text, where no span is in the way, each time at another place.
        ends = iter(range(1_000_000, 2_000_000, 2))
        chosen = list(islice((n for _ in range(calls) for n in numbers), calls))
        kind = kinds[_LABEL]

        def span() -> RemoteSpan:
            start = next(ends)
            return RemoteSpan(start=start, end=start + 1, label=_LABEL)

        yield self._line(
            f"{calls:,} single calls",
            lambda: self._bare.spans(self._project.id, chosen, span(), kind),
            lambda: self._spans(chosen, span(), kind),
        )
        with Figures(self._remote, self._folder, self._rows) as figures:
            rounds = [
                {IMPORT: _seconds(self._import_bare)}
                | figures.push()
                | {EXPORT: _seconds(self._export_bare)}
                | figures.pull()
                for _ in range(TIMES)
            ]
        for what, beside in PARTS.items():
            figure, own = (min(each[name] for each in rounds) for name in (what, beside))
            yield _ratio(f"{what}, {many}", figure, own)

    def _line(self, what: str, bare: Callable[[], None], ours: Callable[[], None]) -> str:
        times = [(_seconds(bare), _seconds(ours)) for _ in range(TIMES)]
        reference, figure = (min(column) for column in zip(*times, strict=True))
        return _ratio(what, figure, reference)

    def _file(self, name: str, rows: Sequence[dict[str, Any]]) -> Path:
        path = self._folder / f"{name}.jsonl"
        path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
        return path

    def _new(self) -> RemoteProject:
        wanted = RemoteProject(id=0, name="Bench", kind="SequenceLabeling", has_relations=True)
        self._project = self._remote.create_project(wanted)
        return self._project

    def _import_bare(self) -> None:
        self._bare.upload(self._new().id, self._whole)

    def _import(self) -> None:
        project = self._new()
        for part in self._parts:
            told = self._remote.upload(project, part, started=_forget, progress=quiet)
            assert not told.errors, told
            assert not told.failure, told
            assert not told.lost, told

    def _export_bare(self) -> None:
        self._bare.export(self._project.id, self._folder / "bare.zip")

    def _export(self) -> None:
        path = self._remote.export(self._project.id, self._folder, quiet).rename(self._folder / "ours.zip")
        documents = list(self._remote.documents(self._project, path))
        assert len(documents) == len(self._rows)
        assert sum(len(document.spans) for document in documents) >= 8 * len(self._rows)
        assert sum(len(document.relations) for document in documents) == 4 * len(self._rows)

    def _spans(self, documents: Sequence[int], span: RemoteSpan, kind: int) -> None:
        create = self._remote.create_span
        calls = [partial(create, self._project.id, number, span, kind) for number in documents]
        for _, value in self._remote.together(calls, quiet):
            if isinstance(value, ServerError):
                raise value


class Figures:
    """The workflows with the same documents.

    Args:
        rows: lines of doccano's JSONL with relations, in code points.
    """

    def __init__(self, remote: DoccanoServer, folder: Path, rows: Sequence[dict[str, Any]]) -> None:
        self._remote = remote
        self._folder = folder
        self._rows = rows
        self._numbers = itertools.count(1)
        self._session = a_project(folder, name="here")
        self._project = RemoteProject(id=0, name="", kind="")

    def __enter__(self) -> Self:
        records = map(_record, self._rows)
        import_records(self._session, "Import", records, options=ImportOptions(), report=silent)
        return self

    def __exit__(self, *error: object) -> None:
        self._session.close()

    def push(self) -> dict[str, float]:
        """Send all to a new project; give the seconds of its parts by their names in `PARTS`."""
        self._project = make_project(self._session, self._remote, f"Push {next(self._numbers)}", shared=True)
        begun: dict[str, float] = {}

        def report(done: int, total: int, text: str) -> None:
            begun.setdefault(text, time.perf_counter())

        start = time.perf_counter()
        plan = plan_sync(self._session, self._remote, self._project)
        planned = time.perf_counter()
        told = carry_out(self._session, self._remote, plan, Choices(only=Way.THERE), report=report)
        end = time.perf_counter()
        assert told.done[Way.THERE, Deed.ADD, Thing.DOCUMENT] == len(self._rows)
        assert not told.problems
        assert not told.differences
        reading = begun[WRITING]
        again = _seconds(lambda: plan_sync(self._session, self._remote, self._project))
        return {
            PLANNING: planned - start,
            SENDING: reading - planned,
            READING_BACK: end - reading,
            PUSH: end - start,
            PLANNING_AGAIN: again,
        }

    def pull(self) -> dict[str, float]:
        """Bring it into a new project."""
        path = self._folder / f"pulled-{next(self._numbers)}.annot"
        start = time.perf_counter()
        told = pull_into_new(path, self._remote, self._project, annotator="Mara")
        end = time.perf_counter()
        assert told.done[Way.HERE, Deed.ADD, Thing.SPAN] == sum(len(row["entities"]) for row in self._rows)
        assert not told.problems
        return {PULL: end - start}


def _record(row: dict[str, Any]) -> Record:
    spans = tuple(
        RecordSpan(fragments=(Fragment(each["start_offset"], each["end_offset"]),), label=each["label"])
        for each in row["entities"]
    )
    relations = tuple(
        RecordRelation(head=each["from_id"], child=each["to_id"], label="VISITED")
        for each in row["relations"]
    )
    return Record(text=row["text"], source=row["annotator"]["id"], spans=spans, relations=relations)


def _ratio(what: str, figure: float, reference: float) -> str:
    verdict = "" if figure <= GOAL * reference else f"  (more than {GOAL})"
    return f"{what}: {figure:.1f} s; doccano alone {reference:.1f} s; ratio {figure / reference:.2f}{verdict}"


def _written(documents: int) -> Iterator[dict[str, Any]]:
    for number, (text, spans) in enumerate(articles(documents, kind="prose")):
        pairs = [(place, place + 1, "with") for place in range(0, len(spans) - 1, 2)]
        yield line(text, *spans, relations=pairs, annotator={"id": f"made-{number}"})


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _forget(task: str) -> None:
    """Be told of a task that is waited for right away."""


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    sizes = [int(argument) for argument in arguments]
    for text in measure(*sizes, *(DOCUMENTS, CALLS)[len(sizes) :]):
        print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
