"""`annotator remove`: takes documents out of a project, or, asked twice, out of its file for good."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from annotator.cli.opening import opened
from annotator.cli.options import json_option, project_argument
from annotator.cli.output import progress, say
from annotator.editing.commands import RemoveDocuments
from annotator.model.errors import UserError
from annotator.model.wording import counted
from annotator.workflows.removing import Removal, RemovalReport
from annotator.workflows.session import Session


@click.command("remove")
@project_argument
@click.option(
    "--document", "names", multiple=True, help="A document by its id or its source; may be repeated."
)
@click.option(
    "--removed", is_flag=True, help="Also those removed before, or whose import was undone; needs --for-good."
)
@click.option(
    "--for-good", is_flag=True, help="Out of the file, the journal and the index; nothing undoes it."
)
@click.option("--backups", is_flag=True, help="Also delete the backups of this project that still hold them.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@json_option
def remove(
    *,
    project: Path,
    names: tuple[str, ...],
    removed: bool,
    for_good: bool,
    backups: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Take documents out of a project; undo brings them back, unless they go --for-good."""
    if not names and not (removed and for_good):
        raise UserError("No document is named.", "Name one with --document.")
    if (removed or backups) and not for_good:
        raise UserError("--removed and --backups mean what goes for good.", "Add --for-good.")
    with opened(project) as session:
        if for_good:
            _for_good(session, names, removed=removed, backups=backups, yes=yes, as_json=as_json)
        else:
            _undoably(session, names, as_json=as_json)


def _undoably(session: Session, names: Sequence[str], *, as_json: bool) -> None:
    from annotator.workflows.removing import documents_named

    in_sight = set(session.document_keys())
    keys = tuple(key for key in documents_named(session, names) if key in in_sight)
    changes = session.do(RemoveDocuments(keys))
    line = f"{changes.message} Undo brings {'it' if len(keys) == 1 else 'them'} back."
    say({"documents": len(keys), "for_good": False}, [line], as_json=as_json)


def _for_good(
    session: Session, names: Sequence[str], *, removed: bool, backups: bool, yes: bool, as_json: bool
) -> None:
    from annotator.workflows.removing import documents_named, plan_removal, remove_for_good, taken_out

    keys = documents_named(session, names) + (taken_out(session) if removed else [])
    removal = plan_removal(session, keys)
    if not removal.documents:
        raise UserError("Nothing was removed before, so nothing is left of it.")
    if not yes:
        _ask_twice(removal, backups=backups)
    with progress(as_json=as_json) as report:
        done = remove_for_good(session, removal.documents, report, backups=removal.backups if backups else ())
    is_whole = done.swept and not done.kept
    say(_fields(removal, done), _told(removal, done), as_json=as_json, code=0 if is_whole else 1)


def _ask_twice(removal: Removal, *, backups: bool) -> None:
    if not sys.stdin.isatty():
        raise UserError("Removing for good is asked twice.", "Do it in a terminal, or add --yes.")
    for line in goes(removal):
        click.echo(line, err=True)
    if removal.backups:
        one = len(removal.backups) == 1
        word = f"{'goes' if one else 'go'} too"
        if not backups:
            word = f"still {'holds them and stays' if one else 'hold them and stay'} (--backups deletes)"
        click.echo(f"{counted(len(removal.backups), 'backup')} {word}:", err=True)
        for backup in removal.backups:
            click.echo(f"  {backup.path}", err=True)
    click.confirm("Remove this for good?", abort=True, err=True)
    number = len(removal.documents)
    typed: str = click.prompt(f"Nothing brings it back. Type how many documents go ({number})", err=True)
    if typed.strip() != str(number):
        raise click.Abort


def goes(removal: Removal) -> list[str]:
    """Say line by line what goes."""
    going = removal.going
    more = len(removal.documents) - len(removal.titles)
    lines = [
        f"{counted(going.documents, 'document')} go for good:"
        if going.documents > 1
        else "This goes for good:"
    ]
    lines += [f"  {title}" for title in removal.titles]
    lines += [f"  and {more:,} more"] if more > 0 else []
    lines.append(
        f"With {'it' if going.documents == 1 else 'them'}: {counted(going.spans, 'span')}, "
        f"{counted(going.relations, 'relation')}, {counted(going.rejections, 'rejection')}, "
        f"{counted(going.candidates, 'candidate')}, {counted(going.entries, 'entry', 'entries')} of the journal."
    )
    if going.shortened:
        lines.append(
            f"{counted(going.shortened, 'entry', 'entries')} of the journal "
            f"about other documents as well {'loses' if going.shortened == 1 else 'lose'} their part."
        )
    return lines


def _told(removal: Removal, done: RemovalReport) -> list[str]:
    lines = [f"Removed for good: {counted(done.documents, 'document')}."]
    if not done.swept:
        lines.append(
            "Somebody reads the project: words of them may stand in the file until it is opened for writing again."
        )
    if done.backups:
        lines.append(f"Deleted {counted(len(done.backups), 'backup')}.")
    lines += [f"Not deleted: {backup.path}" for backup in done.kept]
    left = [each for each in removal.backups if each not in done.backups and each not in done.kept]
    lines += (
        [f"{counted(len(left), 'backup')} still hold{'s' if len(left) == 1 else ''} them."] if left else []
    )
    return lines


def _fields(removal: Removal, done: RemovalReport) -> dict[str, object]:
    going = removal.going
    left = [each for each in removal.backups if each not in done.backups]
    return {
        "documents": done.documents,
        "for_good": True,
        "spans": going.spans,
        "relations": going.relations,
        "rejections": going.rejections,
        "entries": going.entries,
        "swept": done.swept,
        "backups_deleted": [str(each.path) for each in done.backups],
        "backups_left": [str(each.path) for each in left],
    }
