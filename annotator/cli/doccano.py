"""The commands of doccano: bringing a project of a server in, sending it back, keeping both in step."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.opening import annotator_name, opened
from annotator.cli.options import Target, json_option
from annotator.cli.output import Outcome, progress, say
from annotator.model.errors import UserError
from annotator.workflows.projects import with_ending

if TYPE_CHECKING:
    from annotator.workflows.doccano import Choices, ProjectRow, Remote, RemoteProject, Status, SyncResult
    from annotator.workflows.reporting import Report
    from annotator.workflows.session import Session

PASSWORD = "ANNOTATOR_DOCCANO_PASSWORD"
"""The variable of the environment that holds the password where there is neither a keyring nor a person."""
_SIDES = ("mine", "theirs", "leave")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a person wrote."""

    file: Path
    url: str
    project: str
    user: str
    trust: Path | None
    unit: str
    member: str
    makers: bool
    remember: bool
    dry_run: bool
    yes: bool
    as_json: bool
    make: bool = False
    individual: bool = False
    sides: str = "leave"
    choose: tuple[str, ...] = ()
    delete_others: bool = False
    delete_missing: bool = False


def _server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what tells a server and an account."""
    for option in (
        json_option,
        click.option("--yes", is_flag=True, help="Do what the plan says without asking."),
        click.option("--dry-run", is_flag=True, help="Print the plan, and do nothing."),
        click.option("--remember", is_flag=True, help="Let the system's keyring keep the password."),
        click.option(
            "--makers",
            is_flag=True,
            help="Ask who made what, however many documents come from a shared project.",
        ),
        click.option(
            "--member", default="", help="Whose work, in a project that is not shared; yours by default."
        ),
        click.option(
            "--unit",
            type=click.Choice(["auto", "code points", "utf-16", "graphemes"]),
            default="auto",
            show_default=True,
            help="What the server's offsets count.",
        ),
        click.option("--trust", type=Target, default=None, help="A certificate file to trust as well."),
        click.option("--user", default="", help="The account; the one used last by default."),
        click.option("--project", "project", default="", help="Name or number of the project on the server."),
        click.option("--url", default="", help="Address of the server; the one used last by default."),
        click.argument("file", type=Target),
    ):
        command = option(command)
    return command


def _choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what is chosen for conflicts."""
    for option in (
        click.option("--delete-missing", is_flag=True, help="Delete what was deleted on the other side."),
        click.option("--delete-others", is_flag=True, help="Also delete there what others made."),
        click.option(
            "--choose",
            metavar="WHAT=SIDE",
            multiple=True,
            help="A side for one kind of thing or one document: span=mine, note=theirs, ID=leave. Can be repeated.",
        ),
        click.option(
            "--leave", "sides", flag_value="leave", default=True, help="Leave conflicts (the default)."
        ),
        click.option(
            "--theirs", "sides", flag_value="theirs", help="In conflicts the server's version stands."
        ),
        click.option("--mine", "sides", flag_value="mine", help="In conflicts the version of here stands."),
    ):
        command = option(command)
    return command


@click.group("doccano")
def doccano() -> None:
    """Bring in work from a doccano server, send it back, and keep both in step.

    The password comes from the system's keyring, from the environment variable ANNOTATOR_DOCCANO_PASSWORD, or is asked
    for; it is no option, since others could read it.
    """


@doccano.command("pull")
@_server_options
def pull(**told: Any) -> None:
    """Bring in what is new on the server; FILE is made where it is not there."""
    from annotator.workflows.doccano import Way

    asked = _Asked(**told)
    if with_ending(asked.file).exists() or asked.file.exists():
        _work(asked, only=Way.HERE)
    else:
        _pull_into_new(asked)


@doccano.command("push")
@_server_options
@_choice_options
@click.option("--make", is_flag=True, help="Make the project on the server if there is none of that name.")
@click.option("--individual", is_flag=True, help="A project that is made so: each member works alone.")
def push(**told: Any) -> None:
    """Send to the server what is new or changed here."""
    from annotator.workflows.doccano import Way

    _work(_Asked(**told), only=Way.THERE)


@doccano.command("sync")
@_server_options
@_choice_options
def sync(**told: Any) -> None:
    """Bring both sides into step."""
    _work(_Asked(**told), only=None)


@doccano.command("status")
@click.argument("file", type=Target)
@json_option
def status(*, file: Path, as_json: bool) -> None:
    """Say with what a project is in step, and what changed here since; asks no server."""
    from annotator.cli.doccano_telling import status_lines
    from annotator.workflows.doccano import statuses

    with opened(_there(file), read_only=True) as session:
        found = statuses(session)
    say([asdict(each) for each in found], status_lines(found), as_json=as_json, code=0)


def _there(file: Path) -> Path:
    return with_ending(file) if not file.exists() else file


# ---------------------------------------------------------------------- doing


def _work(asked: _Asked, *, only: Any) -> None:
    """Plan, show, ask, do."""
    from annotator.cli.doccano_telling import plan_fields, plan_lines, result_fields, result_lines
    from annotator.workflows.doccano import Options, carry_out, plan_sync

    choices = _choices(asked, only)
    with opened(_there(asked.file)) as session, progress(as_json=asked.as_json) as report:
        asked = _completed(asked, session)
        with _connected(asked, report) as remote:
            project = _project(asked, remote, session, report)
            options = Options(unit=asked.unit, member=asked.member, makers=asked.makers)
            plan = plan_sync(session, remote, project, options, report)
            outcome = Outcome(problems=plan.problems, more={"plan": plan_fields(plan)})
            outcome.lines += plan_lines(plan)
            if asked.dry_run:
                outcome.finish(as_json=asked.as_json)
            if not asked.yes:
                _ask(outcome, what=f"Go on with {plan.project.name}?", asked=asked)
                outcome.lines.clear()
            done = carry_out(session, remote, plan, choices, report)
    outcome.lines += result_lines(done)
    outcome.more |= result_fields(done)
    _finish(outcome, done, asked)


def _finish(outcome: Outcome, done: SyncResult, asked: _Asked) -> None:
    """Print what came of it; what differs, or was left in conflict, gives 1."""
    outcome.problems = [*outcome.problems, *done.problems, *done.differences]
    outcome.documents, outcome.spans, outcome.relations = (
        sum(count for (_, deed, kind), count in done.done.items() if deed == "add" and kind == thing)
        for thing in ("document", "span", "relation")
    )
    outcome.show(as_json=asked.as_json)
    click.get_current_context().exit(max(outcome.exit_code, int(bool(done.left))))


def _pull_into_new(asked: _Asked) -> None:
    from annotator.cli.doccano_telling import result_fields, result_lines
    from annotator.workflows.doccano import Options, details_of, pull_into_new

    with progress(as_json=asked.as_json) as report:
        asked = _completed(asked, None)
        with _connected(asked, report) as remote:
            project = _project(asked, remote, None, report)
            details = details_of(remote, project, report)
            count = remote.count(project.id)
            outcome = Outcome(more={"project": project.name, "count": count})
            names = ", ".join(each.name for each in details.types) or "none"
            outcome.lines.append(f"{project.name}: {count:,} documents; label types: {names}.")
            if asked.dry_run:
                outcome.finish(as_json=asked.as_json)
            if not asked.yes:
                _ask(outcome, what=f"Bring it into {with_ending(asked.file)}?", asked=asked)
                outcome.lines.clear()
            options = Options(unit=asked.unit, member=asked.member, makers=asked.makers)
            done = pull_into_new(asked.file, remote, project, options, report, annotator=annotator_name())
    outcome.lines += result_lines(done)
    outcome.more |= result_fields(done)
    _finish(outcome, done, asked)


def _ask(outcome: Outcome, *, what: str, asked: _Asked) -> None:
    """Show what would be done, and ask whether it shall be."""
    if asked.as_json or not sys.stdin.isatty():
        raise UserError(
            "Nothing was done: nobody is there to be asked.", "Look with --dry-run, then say --yes."
        )
    outcome.show(as_json=False)
    if not click.confirm(what, default=True):
        raise UserError("Nothing was done.")


# ---------------------------------------------------------------------- what was asked for


def _completed(asked: _Asked, session: Session | None) -> _Asked:
    """Fill in what was not said: from the project's link, else from the account used last."""
    from annotator.workflows.doccano import statuses
    from annotator.workflows.doccano.accounts import last_accounts

    links: Sequence[Status] = statuses(session) if session is not None else ()
    link = next((each for each in links if not asked.url or each.address == asked.url), None)
    url = asked.url or (link.address if link is not None else "")
    account = next((each for each in last_accounts() if not url or each.address == url), None)
    user = asked.user or (link.account if link is not None else "") or (account.name if account else "")
    url = url or (account.address if account else "")
    project = asked.project or (link.project if link is not None else "")
    needed = (("server", "--url", url), ("account", "--user", user), ("project", "--project", project))
    for what, switch, value in needed:
        if not value:
            raise UserError(f"Which {what}?", f"Say {switch}.")
    trust = asked.trust or (account.trust if account is not None else None)
    return replace(asked, url=url, user=user, project=project, trust=trust)


@contextmanager
def _connected(asked: _Asked, report: Report) -> Iterator[Remote]:
    """Log in, with a password that is found or asked for."""
    from annotator.workflows.doccano.accounts import Account, connect, keep_password, password_of

    account = Account(address=asked.url, name=asked.user, trust=asked.trust)
    password = os.environ.get(PASSWORD) or password_of(account)
    if password is None:
        if not sys.stdin.isatty():
            raise UserError(
                f"There is no password for {asked.user}.", f"Put it into the variable {PASSWORD}."
            )
        password = str(click.prompt(f"Password of {asked.user} on {asked.url}", hide_input=True, err=True))
    remote = connect(account, password, stop=report)
    try:
        if asked.remember and not keep_password(account, password):
            click.echo("This system has no keyring; the password was not kept.", err=True)
        yield remote
    finally:
        remote.close()


def _project(asked: _Asked, remote: Remote, session: Session | None, report: Report) -> RemoteProject:
    """Find the project on the server, or make it where that was asked for."""
    from annotator.workflows.doccano import make_project, projects_of

    rows = projects_of(remote, session, report)
    found = [each for each in rows if asked.project in (each.project.name, str(each.project.id))]
    if len(found) > 1:
        found = _the_one(found)
    if len(found) == 1:
        if found[0].obstacle:
            raise UserError(f"{found[0].project.name} cannot be used. {found[0].obstacle}")
        return found[0].project
    if found:
        numbers = ", ".join(str(each.project.id) for each in found)
        raise UserError(
            f"There are {len(found)} projects {asked.project}.", f"Name one by its number: {numbers}."
        )
    if asked.make and session is not None and not asked.dry_run:
        return make_project(session, remote, asked.project, shared=not asked.individual, report=report)
    names = ", ".join(each.project.name for each in rows) or "none"
    raise UserError(f"{asked.url} has no project {asked.project} for {asked.user}.", f"There are: {names}.")


def _the_one(found: list[ProjectRow]) -> list[ProjectRow]:
    """Give of several projects of a name the one that is linked, where it is one."""
    linked = [each for each in found if each.is_linked]
    return linked if len(linked) == 1 else found


def _choices(asked: _Asked, only: Any) -> Choices:
    from annotator.workflows.doccano import Choices, Side, Thing

    by_thing, by_document = {}, {}
    for told in asked.choose:
        what, _, side = told.rpartition("=")
        if not what or side not in _SIDES:
            raise click.BadParameter(f"{told!r} is not of the form WHAT=SIDE, such as span=mine.")
        if what in list(Thing):
            by_thing[Thing(what)] = Side(side)
        else:
            by_document[what] = Side(side)
    return Choices(
        conflicts=Side(asked.sides),
        by_thing=by_thing,
        by_document=by_document,
        delete_others=asked.delete_others,
        delete_missing_here=asked.delete_missing,
        delete_missing_there=asked.delete_missing,
        delete_types=asked.delete_missing,
        only=only,
    )
