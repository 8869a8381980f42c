"""`annotator repair`: reads what is left of a damaged project into a new one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from annotator.cli.output import Outcome, progress
from annotator.model.record import Problem

Target = click.Path(path_type=Path)


@click.command("repair")
@click.argument("project", type=Target)
@click.option(
    "--to", "target", type=Target, default=None, help="The new project; otherwise beside the old one."
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def repair(*, project: Path, target: Path | None, as_json: bool) -> None:
    """Read what is left of a damaged project into a new one.

    The damaged file is only read. Ends with 0 where everything came back, 1 where something is lost (each is named),
    2 where nothing could be done.
    """
    from annotator.cli.commands import annotator_name
    from annotator.workflows.repairing import kind_words, repair_project

    with progress(as_json=as_json) as report:
        done = repair_project(project, target, annotator=annotator_name(), report=report)
    outcome = Outcome(
        documents=done.documents,
        spans=done.spans,
        relations=done.relations,
        problems=done.problems if as_json else [_printable(each) for each in done.problems],
        problems_total=done.problems_total,
        losses=done.losses,
    )
    outcome.lines.append(f"Repaired {project.name} into {done.path}.")
    outcome.lines += [f"  {kind_words(kind, back)} came back" for kind, back, _ in done.counts]
    outcome.lines += [f"  {remark}" for remark in done.remarks]
    if done.whole:
        outcome.lines.append("Everything came back.")
    outcome.show(as_json=as_json)
    click.get_current_context().exit(0 if done.whole else 1)


def _printable(problem: Problem) -> Problem:
    """Give a problem whose title, which may come from a stranger or a broken disk, cannot command a terminal."""
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in problem.record)
    return replace(problem, record=shown)
