"""What commands print: one line of JSON, or a few lines for people; progress only on a terminal.

What is said again and again stands there once, with its count and the first places.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import PurePath
from typing import Any

import click

from annotator.model.record import Example, Loss, Problem
from annotator.model.wording import counted, printable
from annotator.workflows.losses import is_aside
from annotator.workflows.problems import Alike, Kind, grouped, own_words
from annotator.workflows.reporting import Report, silent

PROBLEM_LIMIT = 1000
FIRST = 5
"""Most places of one thing that people are shown; `--json` names more."""
KINDS = 20
"""Most kinds of problems that people are shown."""
_DRAWN_EVERY = 0.05
"""Seconds between two drawings of the progress; what is reported in between costs nothing."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a command did: counts of the target or of what was added, counts of the source, problems, losses.

    `more` is what `--json` says besides, by name.
    """

    documents: int = 0
    spans: int = 0
    relations: int = 0
    read: dict[str, int] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    problems_total: int | None = None
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    losses: Sequence[Loss] = ()
    lines: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """Give 0 where all went well, 1 where records were refused."""
        return 1 if any(problem.refused for problem in self.problems) else 0

    def fields(self) -> dict[str, Any]:
        """Give what the line of JSON holds."""
        counts = {"documents": self.documents, "spans": self.spans, "relations": self.relations}
        total = len(self.problems) if self.problems_total is None else self.problems_total
        return {
            **counts,
            "read": self.read or counts,
            "problems": [problem_fields(problem) for problem in self.problems[:PROBLEM_LIMIT]],
            "problems_total": total,
            "losses": [
                {
                    "kind": loss.kind,
                    "count": loss.count,
                    "message": loss.message,
                    "examples": [_example(each) for each in loss.examples],
                }
                for loss in self.losses
            ],
            **self.more,
        }

    def show(self, *, as_json: bool) -> None:
        """Print it."""
        say(
            self.fields(),
            self.lines,
            remarks=chain(self.problem_lines(), self._loss_lines()),
            as_json=as_json,
        )

    def finish(self, *, as_json: bool) -> None:
        """Print it and end the command."""
        self.show(as_json=as_json)
        click.get_current_context().exit(self.exit_code)

    @property
    def counted(self) -> str:
        """Say what was counted."""
        nouns = ((self.documents, "document"), (self.spans, "span"), (self.relations, "relation"))
        return ", ".join(counted(count, noun) for count, noun in nouns)

    def problem_lines(self) -> Iterator[str]:
        """Write the problems for people: by what became of them and by kind."""
        groups, folder = grouped(self.problems, self.kinds), _folder_of(self.problems)
        for is_refused, head in ((True, "Left out:"), (False, "Changed, and kept:")):
            some = [each for each in groups if each.kind.refused == is_refused]
            if some:
                yield head
            for each in some[:KINDS]:
                yield from _lines_of(each, folder)
            if len(some) > KINDS:
                yield other_kinds([each.count for each in some[KINDS:]])

    def _loss_lines(self) -> Iterator[str]:
        if self.losses:
            yield "Not kept:"
        for loss in self.losses:
            yield f"  {loss.message}"
            if not is_aside(loss):  # what every document loses needs no examples
                yield from first_places(map(str, loss.examples), loss.count)


def say(
    fields: object,
    lines: Iterable[str],
    *,
    remarks: Iterable[str] = (),
    as_json: bool,
    code: int | None = None,
) -> None:
    """Print what came of a command; nothing that somebody else wrote can command the terminal.

    Args:
        fields: for the line of JSON. lines: for people. remarks: for people as well, on standard error.
        code: the exit code with which the command ends here; None lets it go on.
    """
    if as_json:
        print(json.dumps(fields, ensure_ascii=False))
    else:
        for line in lines:
            print(printable(line))
        for line in remarks:
            print(printable(line), file=sys.stderr)
    if code is not None:
        click.get_current_context().exit(code)


def first_places(places: Iterable[str], count: int) -> Iterator[str]:
    """Write the first of so many places, one a line, and how many more there are."""
    shown = list(islice(places, FIRST))
    yield from (f"      {place}" for place in shown)
    if count > len(shown):
        yield f"      … and {count - len(shown):,} more; --json lists more."


def other_kinds(counts: Sequence[int]) -> str:
    """Say that there are more, by the count of each kind that is not shown."""
    kinds = counted(len(counts), "other kind")
    return f"  … and {sum(counts):,} more of {kinds}; --json lists more."


def problem_words(problem: Problem, folder: str = "") -> str:
    """Write where a problem is and what it is: `file, line 3: what`; of files in `folder` the place in it."""
    for name in (problem.file, PurePath(problem.file).name):
        if name and problem.message.startswith(f"{name} "):  # as what is said of a whole file
            line = f" (line {problem.line})" if problem.line else ""
            file = _place_of(replace(problem, line=0), folder)
            return f"{file}{line}{problem.message.removeprefix(name)}"
    return f"{_place_of(problem, folder)}: {problem.message}"


def _lines_of(alike: Alike, folder: str) -> Iterator[str]:
    """Write problems of one kind: a line, or what they say with their count and the first places."""
    if len(alike.problems) == 1:
        yield f"  {problem_words(alike.problems[0], folder)}"
        return
    yield f"  {alike.count:,} × {alike.kind.words}"
    yield from first_places((_example_of(each, alike.kind, folder) for each in alike.problems), alike.count)


def _example_of(problem: Problem, kind: Kind, folder: str) -> str:
    words = own_words(problem, kind)
    if words == problem.message:
        return problem_words(problem, folder)
    return f"{_place_of(problem, folder)}{f': {words}' if words else ''}"


def _folder_of(problems: Iterable[Problem]) -> str:
    """Give the folder in which all files lie that have a whole path, with its separator; empty for none."""
    paths = {str(PurePath(each.file).parent) for each in problems if PurePath(each.file).is_absolute()}
    try:
        found = os.path.commonpath(paths) if paths else ""
    except ValueError:  # on several drives
        return ""
    return f"{found}{os.sep}" if len(PurePath(found).parts) > 1 else ""


def _place_of(problem: Problem, folder: str) -> str:
    parts = [problem.file.removeprefix(folder)]
    if problem.line:
        parts.append(f"line {problem.line:,}")
    if problem.record:
        parts.append(problem.record if problem.record.startswith("row ") else f"record {problem.record}")
    return ", ".join(parts)


def problem_fields(problem: Problem) -> dict[str, Any]:
    """Give a problem as JSON has it."""
    return {
        "file": problem.file,
        "line": problem.line,
        "record": problem.record,
        "message": problem.message,
        "refused": problem.refused,
    }


def _example(example: Example) -> dict[str, Any]:
    return {
        "document": example.document,
        "id": example.id,
        "label": example.label,
        "words": example.words,
        "places": [[list(fragment) for fragment in place] for place in example.places],
    }


@contextmanager
def progress(*, as_json: bool) -> Iterator[Report]:
    """Give a `report` that draws a bar on a terminal and nothing elsewhere."""
    if as_json or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        last = 0.0

        def report(done: int, total: int, text: str) -> None:
            nonlocal last
            if done != total and time.monotonic() - last < _DRAWN_EVERY:
                return
            last = time.monotonic()
            bar.update(task, completed=done, total=total or None, description=text)

        yield report
