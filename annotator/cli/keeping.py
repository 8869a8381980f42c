"""Commands that keep a project: copies, backups and the way back, and what a program that is gone left open."""

from __future__ import annotations

import time
from pathlib import Path

import click

from annotator.cli.opening import annotator_name
from annotator.cli.options import Target, json_option, project_argument
from annotator.cli.output import progress, say
from annotator.model.errors import UserError
from annotator.workflows.backups import Backup


@click.command("copy")
@project_argument
@click.argument("target", type=Target)
@click.option(
    "--clean",
    is_flag=True,
    help="For strangers: no journal, rejections, removed documents or paths; annotators as annotator-1 and so on.",
)
@json_option
def copy(*, project: Path, target: Path, clean: bool, as_json: bool) -> None:
    """Copy a project whole, also while it is open; TARGET must not be there yet."""
    from annotator.workflows.copying import copy_project

    with progress(as_json=as_json) as report:
        made = copy_project(project, target, clean=clean, report=report)
    size = made.stat().st_size
    line = f"Made {made}, {_size(size)}{', without what tells of people and machines' if clean else ''}."
    say({"path": str(made), "size": size, "clean": clean}, [line], as_json=as_json)


@click.command("backup")
@project_argument
@json_option
def backup(*, project: Path, as_json: bool) -> None:
    """Make a backup of a project now, also while it is open, and let old ones go."""
    from annotator.workflows.backups import make_backup

    _must_be_there(project)
    with progress(as_json=as_json) as report:
        made = make_backup(project, report, asked=True)
    say(_told(made), [f"Made {made.path}, {_size(made.size)}."], as_json=as_json)


@click.command("backups")
@project_argument
@json_option
def backups(*, project: Path, as_json: bool) -> None:
    """List the backups of a project, newest first."""
    from annotator.workflows.backups import backup_root, list_backups, why_not_open

    found = list_backups(project)
    lines = [] if found else [f"{project.name} has no backups in {backup_root()}."]
    for number, each in enumerate(found, start=1):
        fault = " cannot be opened" if why_not_open(each) else ""
        what = f"{_size(each.size):>9}  {each.reason or 'by itself'}{fault}"
        lines.append(f"{number:>4}  {_time(each.at)}  {what}  {each.path}")
    say([{**_told(each), "opens": not why_not_open(each)} for each in found], lines, as_json=as_json)


@click.command("restore")
@project_argument
@click.argument("which")
@click.option("--to", "target", type=Target, default=None, help="Make a project of its own of it instead.")
@json_option
def restore(*, project: Path, which: str, target: Path | None, as_json: bool) -> None:
    """Put a backup in the place of a project; what is there now is kept as a backup, too.

    WHICH is a number of the list that `annotator backups PROJECT` prints, or the path of a backup.
    """
    from annotator.workflows.backups import copy_backup, list_backups, put_back

    found = _chosen(which, project, list_backups(project))
    with progress(as_json=as_json) as report:
        if target is not None:
            copy_backup(found, target, report)
            line = f"Made {target} of the backup of {_time(found.at)}."
            say({"path": str(target)}, [line], as_json=as_json)
            return
        kept = put_back(project, found, annotator=annotator_name(), report=report)
    line = f"{project.name} is as it was on {_time(found.at)}."
    line += f" What was there before is kept as {kept}." if kept else ""
    say({"path": str(project), "kept": str(kept) if kept else None}, [line], as_json=as_json)


@click.command("take-over")
@project_argument
@json_option
def take_over(*, project: Path, as_json: bool) -> None:
    """Close a project for a program that is gone and left it open; refused while that program lives."""
    from annotator.workflows.projects import open_project

    session = open_project(project, annotator=annotator_name(), take_over=True)
    left = session.project_left_by
    documents = session.counts().all
    closed = session.close()
    by = left or "nobody"
    lines = [f"{project.name} was left open by {by}; it is closed now and holds {documents:,} documents."]
    lines += [closed.words()] if not closed.is_whole else []
    fields = {"path": str(project), "left_by": left, "documents": documents}
    say(fields, [" ".join(lines)], as_json=as_json)


COMMANDS = (copy, backup, backups, restore, take_over)


def _chosen(which: str, project: Path, found: list[Backup]) -> Backup:
    if which.isdecimal():
        number = int(which)
        if not 1 <= number <= len(found):
            there = f"backups 1 to {len(found)}" if found else "none"
            raise UserError(
                f"{project.name} has no backup {which}: it has {there}.", "See: annotator backups PROJECT."
            )
        return found[number - 1]
    path = Path(which)
    for each in found:
        if each.path.absolute() == path.absolute():
            return each
    if not path.is_file():
        raise UserError(
            f"{which} is neither a number of the list nor a file.", "See: annotator backups PROJECT."
        )
    status = path.stat()
    return Backup(path=path, at=status.st_mtime, size=status.st_size, name=path.stem, reason="")


def _must_be_there(project: Path) -> None:
    if not project.is_file():
        raise UserError(f"{project} is not there.", "Choose a project file; its name ends in .annot.")


def _told(backup: Backup) -> dict[str, object]:
    return {"path": str(backup.path), "at": backup.at, "size": backup.size, "reason": backup.reason}


def _time(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB" if count >= 1_000_000 else f"{count / 1000:,.0f} kB"
