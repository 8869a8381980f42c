"""The commands that work in a project. Each opens one, asks a workflow, and prints what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from annotator.cli.opening import annotator_name, opened
from annotator.cli.options import Target, json_option, project_argument
from annotator.cli.output import Outcome, progress
from annotator.editing.commands import AcceptMany
from annotator.model.errors import UserError
from annotator.model.wording import counted
from annotator.workflows.session import Session


@click.command("new")
@click.argument("project", type=Target)
@click.option(
    "--schema", default="", help="A preset (news) or a schema file (TOML); without it the schema is empty."
)
@click.option("--language", default="en", show_default=True, help="Language code of the texts.")
@click.option("--name", default="", help="Name of the project; otherwise that of the file.")
@json_option
def new(*, project: Path, schema: str, language: str, name: str, as_json: bool) -> None:
    """Make a project."""
    from annotator.model.schema import Schema
    from annotator.workflows.projects import load_schema, new_project

    types = load_schema(schema) if schema else Schema()
    session = new_project(
        project, name=name or project.stem, schema=types, language=language, annotator=annotator_name()
    )
    made = session.path
    session.close()
    counts = (
        f"{counted(len(types.entities), 'entity type')}, {counted(len(types.relations), 'relation type')}"
    )
    Outcome(lines=[f"Made {made} with {counts}."]).finish(as_json=as_json)


@click.command("suggest")
@project_argument
@click.option(
    "--with", "pipeline", default="", help="Name or folder of a spaCy pipeline; kept for this project."
)
@click.option("--again", is_flag=True, help="Make them anew for every document.")
@click.option("--workers", type=click.IntRange(1, 256), default=None, help="Use so many processes at once.")
@click.option("--cluster", default="", metavar="ADDRESS", help="Use the Dask cluster of this scheduler.")
@json_option
def suggest(
    *, project: Path, pipeline: str, again: bool, workers: int | None, cluster: str, as_json: bool
) -> None:
    """Make candidates for documents that have none yet."""
    from annotator.workflows import machine, suggesting

    if workers and cluster:
        raise UserError("--workers and --cluster exclude each other.", "Name one of them.")
    with (
        opened(project) as session,
        machine.crew(workers=workers or 0, cluster=cluster) as crew,
        progress(as_json=as_json) as report,
    ):
        if pipeline:
            pipeline = suggesting.package_or_folder(pipeline)
            session.set_suggest_settings(replace(session.suggest_settings(), pipeline=pipeline))
        done = suggesting.suggest(session, report, again=again or bool(pipeline), crew=crew)
    outcome = Outcome(
        documents=done.documents, spans=done.spans, relations=done.relations, problems=done.problems
    )
    outcome.lines.append(f"Candidates in {outcome.counted}.")
    outcome.finish(as_json=as_json)


@click.command("accept")
@project_argument
@click.option(
    "--min-score", type=click.FloatRange(0.0, 1.0), default=0.0, help="Only candidates of this score or more."
)
@click.option("--label", default=None, help="Only candidates of this type.")
@click.option(
    "--done", is_flag=True, help="Mark documents done in which something was decided and nothing is left."
)
@json_option
def accept(*, project: Path, min_score: float, label: str | None, done: bool, as_json: bool) -> None:
    """Accept undecided candidates, in one step."""
    with opened(project) as session:
        before = _totals(session)
        session.do(AcceptMany(minimum=min_score, label=label, done=done))
        after = _totals(session)
    finished, spans, relations = (now - then for now, then in zip(after, before, strict=True))
    outcome = Outcome(documents=finished, spans=spans, relations=relations)
    outcome.lines.append(
        f"Accepted {counted(spans, 'span')} and {counted(relations, 'relation')}; "
        f"{counted(finished, 'document')} done."
    )
    outcome.finish(as_json=as_json)


def _totals(session: Session) -> tuple[int, int, int]:
    """Count done documents, spans and relations."""
    rows = list(_rows(session))
    return session.counts().done, sum(row.spans for row in rows), sum(row.relations for row in rows)


def _rows(session: Session) -> Iterator[Any]:
    after: int | None = None
    while page := session.documents(after=after, limit=1000):
        yield from page
        after = page[-1].key


@click.command("info")
@project_argument
@json_option
def info(*, project: Path, as_json: bool) -> None:
    """Say what a project holds."""
    with opened(project, read_only=True) as session:
        counts = session.counts()
        usage = session.usage()
        rows = list(_rows(session))
        outcome = Outcome(
            documents=counts.all,
            spans=sum(row.spans for row in rows),
            relations=sum(row.relations for row in rows),
        )
        undecided = sum(row.undecided for row in rows)
        outcome.lines.append(
            f"{session.name} ({session.path.name}): {outcome.counted}, {undecided:,} undecided."
        )
        outcome.lines.append(
            f"To do {counts.todo:,}, in progress {counts.in_progress:,}, "
            f"done {counts.done:,}, skipped {counts.skipped:,}."
        )
        outcome.lines += [f"  {name}: {count:,}" for (_, name), (count, _) in usage.items()]
    outcome.finish(as_json=as_json)


COMMANDS = (new, suggest, accept, info)
