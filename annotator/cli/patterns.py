"""`annotator patterns`: adds files of patterns to a project, lists, tries, switches and removes what it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.opening import opened
from annotator.cli.options import Target, json_option, project_argument
from annotator.cli.output import PROBLEM_LIMIT, Outcome, problem_fields, progress, say
from annotator.editing.commands import ChangePatternList, RemovePatternLists
from annotator.model.errors import UserError
from annotator.model.patterns import Pattern, PatternList
from annotator.model.wording import counted

if TYPE_CHECKING:
    from annotator.workflows.patterns import ArrivingPatterns, Record
    from annotator.workflows.session import Session

_SHOWN = 50
"""Most patterns of a trial that people are shown."""


@click.group("patterns")
@project_argument
@click.pass_context
def patterns(context: click.Context, project: Path) -> None:
    """Keep lists of words and token patterns that are proposed in every document."""
    context.obj = project


@patterns.command("add")
@click.argument("files", type=Target, nargs=-1, required=True)
@click.option("--label", default="", help="Propose all of them as this label, whatever the files say.")
@click.option("--add-labels", is_flag=True, help="Add labels of the files that the project lacks.")
@click.option(
    "--name", default="", help="Name of the list, where there is but one; otherwise that of its file."
)
@click.option("--ignore-case", is_flag=True, help="Find phrases in any case.")
@click.option("--encoding", default="", help="Encoding of files that are not UTF-8, for example cp1252.")
@json_option
@click.pass_obj
def add(
    project: Path,
    *,
    files: tuple[Path, ...],
    label: str,
    add_labels: bool,
    name: str,
    ignore_case: bool,
    encoding: str,
    as_json: bool,
) -> None:
    """Add files: spaCy's and Prodigy's JSONL, tables (CSV, TSV), or a phrase a line (TXT)."""
    from annotator.workflows.machine import machine_of
    from annotator.workflows.patterns import Adding, add_lists, listed, read_files

    with opened(project) as session, progress(as_json=as_json) as report:
        arriving = read_files(machine_of(session), files, report, encoding=encoding)
        targets = _targets(session, arriving, label=label, add_labels=add_labels)
        before = {each.list.key for each in listed(session)}
        done = add_lists(session, arriving, Adding(targets, ignore_case, name))
        added = [each for each in listed(session) if each.list.key not in before]
    outcome = Outcome(problems=arriving.problems, problems_total=arriving.problems_total)
    told = {
        "lists": [_fields(each.list, each.patterns) for each in added],
        "problems": [problem_fields(each) for each in arriving.problems[:PROBLEM_LIMIT]],
        "problems_total": arriving.problems_total,
    }
    remarks = outcome.problem_lines()
    say(told, [done.message], remarks=remarks, as_json=as_json, code=outcome.exit_code)


def _targets(session: Session, arriving: ArrivingPatterns, *, label: str, add_labels: bool) -> dict[str, str]:
    """Give the project's label for each label of the files.

    Raises:
        UserError: the project lacks one.
    """
    from annotator.workflows.patterns import targets_of

    schema = session.schema
    if label:
        if schema.entity(label) is None and not add_labels:
            raise UserError(f"This project has no label {label}.", "Add --add-labels, or name another one.")
        return dict.fromkeys((each.label for each in arriving.lists), label)
    targets = targets_of(arriving, schema)
    if "" in targets:
        names = ", ".join(dict.fromkeys(each.source for each in arriving.lists if not each.label))
        raise UserError(f"{names} names no label for its patterns.", "Say it with --label.")
    missing = [name for name, target in targets.items() if not target]
    if missing and not add_labels:
        shown = ", ".join(missing[:10]) + (" …" if len(missing) > 10 else "")
        raise UserError(f"This project has no label {shown}.", "Add --add-labels, or say --label.")
    return {name: target or name for name, target in targets.items()}


@patterns.command("list")
@json_option
@click.pass_obj
def list_(project: Path, *, as_json: bool) -> None:
    """List the pattern lists, each with how often it was right in the documents worked on last."""
    from annotator.workflows.patterns import list_as_given, listed, recorded

    with opened(project, read_only=True) as session:
        found = [(each, recorded(session, list_as_given(session, each.list))) for each in listed(session)]
    lines = [_line(each.list, each.patterns, record) for each, record in found]
    told = [_fields(each.list, each.patterns, record) for each, record in found]
    nothing = "No pattern lists yet: annotator patterns PROJECT add FILE."
    say({"lists": told}, lines or [nothing], as_json=as_json)


@patterns.command("try")
@click.argument("name")
@click.option(
    "--documents", type=click.IntRange(min=1), default=200, show_default=True, help="The first so many."
)
@json_option
@click.pass_obj
def try_(project: Path, *, name: str, documents: int, as_json: bool) -> None:
    """Count what a list finds in the first documents, pattern by pattern."""
    from annotator.workflows.patterns import list_as_given, list_named, patterns_of, try_patterns

    with opened(project, read_only=True) as session, progress(as_json=as_json) as report:
        each = list_named(session, name)
        known = patterns_of(session, each.key)
        trial = try_patterns(session, list_as_given(session, each), report, first=documents)
    if trial.problem:
        raise UserError(trial.problem)
    counts = sorted(trial.counts.items(), key=lambda pair: (-pair[1], pair[0]))
    lines = [f"{counted(trial.hits, 'place')} in {counted(trial.documents, 'document')}."]
    lines += [f"  {count:>7,}  {_short(known[number])}" for number, count in counts[:_SHOWN]]
    if len(counts) > _SHOWN:
        lines.append(f"  … and {counted(len(counts) - _SHOWN, 'more pattern')}; --json names all.")
    hits = [{"pattern": known[number].value, "hits": count} for number, count in counts]
    told = {"documents": trial.documents, "hits": trial.hits, "patterns": hits}
    say(told, lines, as_json=as_json)


@patterns.command("switch")
@click.argument("name")
@click.argument("state", type=click.Choice(["on", "off"]))
@json_option
@click.pass_obj
def switch(project: Path, *, name: str, state: str, as_json: bool) -> None:
    """Switch a list on or off: one that is off proposes nothing."""
    from annotator.workflows.patterns import list_named

    with opened(project) as session:
        each = list_named(session, name)
        message = session.do(ChangePatternList(replace(each, enabled=state == "on"))).message
    say({"name": each.name, "enabled": state == "on"}, [message], as_json=as_json)


@patterns.command("remove")
@click.argument("names", nargs=-1, required=True)
@json_option
@click.pass_obj
def remove(project: Path, *, names: Sequence[str], as_json: bool) -> None:
    """Remove lists by name; undo brings them back."""
    from annotator.workflows.patterns import list_named

    with opened(project) as session:
        lists = [list_named(session, name) for name in dict.fromkeys(names)]
        message = session.do(RemovePatternLists(tuple(each.key for each in lists))).message
    line = f"{message} Undo brings {'it' if len(lists) == 1 else 'them'} back."
    say({"removed": [each.name for each in lists]}, [line], as_json=as_json)


def _fields(each: PatternList, count: int, record: Record | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": each.name,
        "label": each.label,
        "patterns": count,
        "source": each.source,
        "ignore_case": each.ignore_case,
        "enabled": each.enabled,
    }
    return told if record is None else {**told, "right": record.right, "decided": record.decided}


def _line(each: PatternList, count: int, record: Record) -> str:
    parts = [f"{each.label}", counted(count, "pattern")]
    parts += ["any case"] if each.ignore_case else []
    parts += [f"right {record.right:,} of {record.decided:,} times"] if record.decided else []
    parts += [] if each.enabled else ["off"]
    return f"{each.name}: {', '.join(parts)}."


def _short(pattern: Pattern) -> str:
    return pattern.text if len(pattern.text) <= 100 else pattern.text[:99] + "…"
