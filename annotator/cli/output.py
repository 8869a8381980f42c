"""What commands print: one line of JSON, or a few lines for people; progress only on a terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from annotator.model.record import Example, Loss, Problem
from annotator.model.wording import printable
from annotator.workflows.reporting import Report, silent

PROBLEM_LIMIT = 1000
EXAMPLE_LIMIT = 5
"""Most examples of a loss that people are shown; `--json` names up to twenty."""
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
    losses: Sequence[Loss] = ()
    lines: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """Give 0 where all went well, 1 where records were refused."""
        return 1 if any(problem.refused for problem in self.problems) else 0

    def as_json(self) -> str:
        """Write it as one line."""
        counts = {"documents": self.documents, "spans": self.spans, "relations": self.relations}
        total = len(self.problems) if self.problems_total is None else self.problems_total
        content: dict[str, Any] = {
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
        return json.dumps(content, ensure_ascii=False)

    def show(self, *, as_json: bool) -> None:
        """Print it."""
        if as_json:
            print(self.as_json())
            return
        for line in self.lines:
            print(printable(line))
        for problem in list(self.problems)[:20]:
            print(f"  {printable(place_of(problem) + problem.message)}", file=sys.stderr)
        more = (len(self.problems) if self.problems_total is None else self.problems_total) - 20
        if more > 0:
            print(f"  … and {more:,} more; --json lists up to {PROBLEM_LIMIT:,}.", file=sys.stderr)
        for loss in self.losses:
            print(f"  not kept: {printable(loss.message)}", file=sys.stderr)
            for example in loss.examples[:EXAMPLE_LIMIT]:
                named = f" (document {example.id})" if example.id else ""
                print(f"    {printable(str(example))}{printable(named)}", file=sys.stderr)
            if len(loss.examples) > EXAMPLE_LIMIT:
                print(f"    … --json names {len(loss.examples)} of them.", file=sys.stderr)


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


def place_of(problem: Problem) -> str:
    """Write where a problem is: `file, line 3: `."""
    parts = [problem.file]
    if problem.line:
        parts.append(f"line {problem.line}")
    if problem.record:
        parts.append(f"record {problem.record}")
    return ", ".join(parts) + ": "


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
