"""The commands by which documents come in, go out, and are turned from one format into another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from annotator.cli.opening import opened
from annotator.cli.options import (
    Target,
    documents_option,
    encoding_option,
    from_option,
    json_option,
    language_option,
    layout_option,
    must_stand_alone,
    project_argument,
    read_choices,
    read_set_option,
    set_option,
    set_when_read_option,
    written_choices,
)
from annotator.cli.output import Outcome, problem_words, progress
from annotator.model.errors import FormatError, UserError
from annotator.model.wording import counted
from annotator.workflows.losses import count_left_out
from annotator.workflows.problems import NOT_UTF8, is_of_wrong_encoding

ENCODING = "That is said with --encoding, as in --encoding cp1252."
NAMED = 12
"""Most new types that people are told by name."""


@click.command("import")
@project_argument
@click.argument("sources", type=Target, nargs=-1, required=True)
@click.option(
    "--on-duplicate",
    type=click.Choice(["skip", "keep", "replace"]),
    default="skip",
    show_default=True,
    help="What happens to a document that is known already.",
)
@from_option
@language_option
@encoding_option
@set_when_read_option
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
        details=read_choices(details, read_format),
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
        kinds=done.kinds,
    )
    if outcome.exit_code and not done.documents and not done.duplicates:
        _refuse(outcome, as_json=as_json)
    outcome.lines.append(f"Imported {outcome.counted} in {done.seconds:.1f} s.")
    if done.duplicates:
        were = "was" if done.duplicates == 1 else "were"
        other = "; --on-duplicate keep or replace does otherwise" if on_duplicate == "skip" else ""
        known = f"{counted(done.duplicates, 'document')} {were} known already and left out{other}."
        outcome.lines.append(known)
    if done.new_types:
        more = f" and {len(done.new_types) - NAMED:,} more" if len(done.new_types) > NAMED else ""
        outcome.lines.append(f"New types: {', '.join(done.new_types[:NAMED])}{more}.")
    outcome.finish(as_json=as_json)


def _refuse(outcome: Outcome, *, as_json: bool) -> None:
    """End an import that brought nothing in; what is wrong with one source stands in the message itself."""
    total = outcome.problems_total or len(outcome.problems)
    first = next(problem for problem in outcome.problems if problem.refused)
    if as_json or total > 1:
        outcome.show(as_json=as_json)
    what = f"{problem_words(first)}{f' (and {total - 1:,} more)' if total > 1 else ''}"
    if total > 1 and not as_json:
        what = "What is in the way stands above."
    todo = (
        "Look at the file: `annotator formats` lists what can be read, and --from reads it as one of these."
    )
    if is_of_wrong_encoding(outcome.problems):
        todo = ENCODING
    raise UserError(f"Nothing was imported. {what}", todo)


@click.command("export")
@project_argument
@click.argument("target", type=Target)
@click.option(
    "--format", "write_format", default="", help="docbin, prodigy ...; otherwise told by the target's name."
)
@layout_option
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
@documents_option
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

    if like is not None:
        chosen_anew = ("write_format", "layout", "part", "group_by", "documents", "details")
        must_stand_alone(
            "does not go with --like, which repeats the choices of an earlier export.", chosen_anew
        )
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
                details=written_choices(details, chosen),
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
    outcome.lines.append(f"Exported {outcome.counted} to {files}, read back and compared.")
    outcome.lines += done.told
    outcome.finish(as_json=as_json)


@click.command("convert")
@click.argument("source", type=Target)
@click.argument("target", type=Target)
@from_option
@click.option("--to", "write_format", default="", help="Format of the target; otherwise told by its name.")
@layout_option
@click.option("--assume-done", is_flag=True, help="Take documents as finished where the source does not say.")
@language_option
@encoding_option
@set_option
@read_set_option
@json_option
def convert(
    *,
    source: Path,
    target: Path,
    read_format: str,
    write_format: str,
    layout: str,
    assume_done: bool,
    language: str,
    encoding: str,
    details: dict[str, str],
    read_details: dict[str, str],
    as_json: bool,
) -> None:
    """Turn a file of one format into another."""
    from annotator.workflows.converting import convert as turn
    from annotator.workflows.converting import format_told_by

    chosen = write_format or format_told_by(target)
    with progress(as_json=as_json) as report, _naming_encoding():
        done = turn(
            source,
            target,
            read_format=read_format,
            write_format=chosen,
            encoding=encoding,
            language=language,
            layout=layout,
            assume_done=assume_done,
            read_details=read_choices(read_details, read_format),
            details=written_choices(details, chosen, reading_switch="--read-set"),
            report=report,
        )
    outcome = Outcome(
        documents=done.documents,
        spans=done.spans,
        relations=done.relations,
        read={"documents": done.read_documents, "spans": done.read_spans, "relations": done.read_relations},
        problems=done.problems,
        problems_total=done.problems_total,
        kinds=done.kinds,
        losses=done.losses,
    )
    outcome.lines.append(f"Wrote {outcome.counted} to {done.place}, read back and compared.")
    if count_left_out(done.losses):
        outcome.lines.append("With --assume-done, what the source does not call unfinished is written too.")
    outcome.lines += done.told
    outcome.finish(as_json=as_json)


@contextmanager
def _naming_encoding() -> Iterator[None]:
    """Add to what is wrong with an encoding how the terminal is told another."""
    try:
        yield
    except FormatError as error:
        if NOT_UTF8 in error.what:
            raise UserError(str(error), ENCODING) from error
        raise


COMMANDS = (import_, export, convert)
