"""The commands of the terminal. Each opens a project, asks a workflow, and prints what came of it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from annotator.cli.output import Outcome, place_of, progress
from annotator.editing.commands import AcceptMany
from annotator.model.errors import UserError
from annotator.model.record import Problem
from annotator.workflows.session import Session

Target = click.Path(path_type=Path)


def annotator_name() -> str:
    """Give the name under which decisions are kept: `ANNOTATOR_NAME`, else the account's."""
    named = os.environ.get("ANNOTATOR_NAME", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "annotator"


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[Session]:
    """Open a project for a command and close it after."""
    from annotator.workflows.projects import open_project

    session = open_project(path, annotator=annotator_name(), read_only=read_only)
    if session.care:
        click.echo(session.care, err=True)
    try:
        yield session
    finally:
        if left := session.close().words():
            click.echo(left, err=True)


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")(function)


def _settings(_context: click.Context, _parameter: click.Parameter, told: Sequence[str]) -> dict[str, str]:
    """Give the choices by their names."""
    found: dict[str, str] = {}
    for each in told:
        name, sign, chosen = each.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(f"{each!r} is not of the form NAME=VALUE, such as scheme=BIOES.")
        found[name.strip().replace("-", "_")] = chosen.strip()
    return found


def set_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the choices of a format."""
    told = "A choice of the format, such as scheme=BIOES; `annotator formats` lists them. Can be repeated."
    return click.option(
        "--set", "details", metavar="NAME=VALUE", multiple=True, callback=_settings, help=told
    )(function)


def finish(outcome: Outcome, *, as_json: bool) -> None:
    """Print what a command did, and end with its exit code."""
    outcome.show(as_json=as_json)
    click.get_current_context().exit(outcome.exit_code)


def _counted(outcome: Outcome) -> str:
    return f"{outcome.documents:,} documents, {outcome.spans:,} spans, {outcome.relations:,} relations"


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
    counts = f"{len(types.entities)} entity types, {len(types.relations)} relation types"
    finish(Outcome(lines=[f"Made {made} with {counts}."]), as_json=as_json)


@click.command("import")
@click.argument("project", type=Target)
@click.argument("sources", type=Target, nargs=-1, required=True)
@click.option(
    "--on-duplicate",
    type=click.Choice(["skip", "keep", "replace"]),
    default="skip",
    show_default=True,
    help="What happens to a document that is known already.",
)
@click.option(
    "--from", "read_format", default="", help="Format of the sources; otherwise told by their content."
)
@click.option(
    "--language", default="", help="Language of texts whose file names none; otherwise the project's."
)
@click.option("--encoding", default="", help="Encoding of text files that are not UTF-8, for example cp1252.")
@set_option
@json_option
def import_(
    *,
    project: Path,
    sources: tuple[Path, ...],
    on_duplicate: str,
    read_format: str,
    language: str,
    encoding: str,
    details: dict[str, str],
    as_json: bool,
) -> None:
    """Bring files or folders into a project."""
    from annotator.workflows.importing import ImportOptions, import_documents

    options = ImportOptions(
        on_duplicate=on_duplicate,
        format=read_format,
        language=language,
        encoding=encoding,
        details=details,
    )
    with opened(project) as session, progress(as_json=as_json) as report:
        done = import_documents(session, sources, options, report)
    outcome = Outcome(
        documents=done.documents,
        spans=done.spans,
        relations=done.relations,
        read={"documents": done.read_documents, "spans": done.read_spans, "relations": done.read_relations},
        problems=done.problems,
        problems_total=done.problems_total,
    )
    outcome.lines.append(f"Imported {_counted(outcome)} in {done.seconds:.1f} s.")
    if done.duplicates:
        outcome.lines.append(f"{done.duplicates:,} were known already and left out.")
    if done.new_types:
        outcome.lines.append(f"New types: {', '.join(done.new_types)}.")
    if outcome.exit_code and not done.documents and not done.duplicates:
        if as_json:
            outcome.show(as_json=True)
        raise UserError(_nothing_done(done.problems, done.problems_total))
    finish(outcome, as_json=as_json)


def _nothing_done(problems: Sequence[Problem], total: int) -> str:
    first = next(problem for problem in problems if problem.refused)
    more = f" (and {total - 1:,} more)" if total > 1 else ""
    return f"Nothing was imported. {place_of(first)}{first.message}{more}"


@click.command("suggest")
@click.argument("project", type=Target)
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
    outcome.lines.append(f"Candidates in {_counted(outcome)}.")
    finish(outcome, as_json=as_json)


@click.command("accept")
@click.argument("project", type=Target)
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
        f"Accepted {spans:,} spans and {relations:,} relations; {finished:,} documents done."
    )
    finish(outcome, as_json=as_json)


def _totals(session: Session) -> tuple[int, int, int]:
    """Count done documents, spans and relations."""
    rows = list(_rows(session))
    return session.counts().done, sum(row.spans for row in rows), sum(row.relations for row in rows)


def _rows(session: Session) -> Iterator[Any]:
    after: int | None = None
    while page := session.documents(after=after, limit=1000):
        yield from page
        after = page[-1].key


@click.command("export")
@click.argument("project", type=Target)
@click.argument("target", type=Target)
@click.option(
    "--format", "write_format", default="", help="docbin, prodigy ...; otherwise told by the target's name."
)
@click.option(
    "--layout",
    type=click.Choice(["auto", "ents", "spans", "both"]),
    default="auto",
    show_default=True,
    help="Where a DocBin keeps spans.",
)
@click.option(
    "--part",
    type=click.Choice(["all", "train", "dev", "test", "each"]),
    default="all",
    show_default=True,
    help="Which part of the corpus; each writes a file for every part into a folder.",
)
@click.option(
    "--group-by",
    metavar="FIELD",
    default="",
    help="Keep documents that share a value in one part: source, author, date or any field of the metadata.",
)
@click.option(
    "--documents",
    type=click.Choice(["done", "decided", "all"]),
    default="done",
    show_default=True,
    help="Which documents; those not done are never gold negatives.",
)
@click.option(
    "--like", type=Target, default=None, help="Repeat the choices of an earlier export by its manifest."
)
@set_option
@json_option
def export(
    *,
    project: Path,
    target: Path,
    write_format: str,
    layout: str,
    part: str,
    group_by: str,
    documents: str,
    like: Path | None,
    details: dict[str, str],
    as_json: bool,
) -> None:
    """Write decisions to a file that trains a model."""
    from annotator.workflows.exporting import ExportOptions, format_for, options_from
    from annotator.workflows.exporting import export as write
    from annotator.workflows.tokenizers import chosen_by_hand

    if "tokenizer" in details:
        details["tokenizer"] = chosen_by_hand(details["tokenizer"])
    with opened(project, read_only=True) as session, progress(as_json=as_json) as report:
        if like is not None:
            options = options_from(like)
        else:
            chosen = write_format or format_for(target)
            options = ExportOptions(
                format=chosen,
                layout=layout,
                part=part,
                group_by=group_by,
                documents=documents,
                details=details,
            )
        done = write(session, target, options, report)
    outcome = Outcome(
        documents=done.documents,
        spans=done.spans,
        relations=done.relations,
        read={"documents": done.read_documents, "spans": done.read_spans, "relations": done.read_relations},
        losses=done.losses,
    )
    files = ", ".join(str(path) for path in done.files)
    outcome.lines.append(f"Exported {_counted(outcome)} to {files}, read back and compared.")
    outcome.lines += done.told
    finish(outcome, as_json=as_json)


@click.command("convert")
@click.argument("source", type=Target)
@click.argument("target", type=Target)
@click.option(
    "--from", "read_format", default="", help="Format of the source; otherwise told by its content."
)
@click.option("--to", "write_format", default="", help="Format of the target; otherwise told by its name.")
@click.option(
    "--layout", type=click.Choice(["auto", "ents", "spans", "both"]), default="auto", show_default=True
)
@click.option("--assume-done", is_flag=True, help="Take documents as finished where the source does not say.")
@set_option
@json_option
def convert(
    *,
    source: Path,
    target: Path,
    read_format: str,
    write_format: str,
    layout: str,
    assume_done: bool,
    details: dict[str, str],
    as_json: bool,
) -> None:
    """Turn a file of one format into another."""
    from annotator.workflows.converting import convert as turn
    from annotator.workflows.tokenizers import chosen_by_hand

    if "tokenizer" in details:
        details["tokenizer"] = chosen_by_hand(details["tokenizer"])
    with progress(as_json=as_json) as report:
        done = turn(
            source,
            target,
            read_format=read_format,
            write_format=write_format,
            layout=layout,
            assume_done=assume_done,
            details=details,
            report=report,
        )
    outcome = Outcome(
        documents=done.documents,
        spans=done.spans,
        relations=done.relations,
        read={"documents": done.read_documents, "spans": done.read_spans, "relations": done.read_relations},
        problems=done.problems,
        problems_total=done.problems_total,
        losses=done.losses,
    )
    outcome.lines.append(f"Wrote {_counted(outcome)} to {target}, read back and compared.")
    outcome.lines += done.told
    finish(outcome, as_json=as_json)


@click.command("info")
@click.argument("project", type=Target)
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
            f"{session.name} ({session.path.name}): {_counted(outcome)}, {undecided:,} undecided."
        )
        outcome.lines.append(
            f"To do {counts.todo:,}, in progress {counts.in_progress:,}, "
            f"done {counts.done:,}, skipped {counts.skipped:,}."
        )
        outcome.lines += [f"  {name}: {count:,}" for (_, name), (count, _) in usage.items()]
    finish(outcome, as_json=as_json)


COMMANDS = (new, import_, suggest, accept, export, convert, info)
"""Every command of the terminal."""
