"""`annotator repair`: reads what is left of a damaged project into a new one."""

from __future__ import annotations

from pathlib import Path

import click

from annotator.cli.opening import annotator_name
from annotator.cli.options import Target, json_option, project_argument
from annotator.cli.output import Outcome, progress


@click.command("repair")
@project_argument
@click.option(
    "--to", "target", type=Target, default=None, help="The new project; otherwise beside the old one."
)
@json_option
def repair(*, project: Path, target: Path | None, as_json: bool) -> None:
    """Read what is left of a damaged project into a new one.

    The damaged file is only read. Ends with 0 where everything came back, 1 where something is lost (each is named),
    2 where nothing could be done.
    """
    from annotator.workflows.repairing import kind_words, repair_project

    with progress(as_json=as_json) as report:
        done = repair_project(project, target, annotator=annotator_name(), report=report)
    outcome = Outcome(
        documents=done.documents,
        spans=done.spans,
        relations=done.relations,
        problems=done.problems,
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
