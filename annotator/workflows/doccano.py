"""doccano: choosing a project of a server, bringing it in, and keeping both in step; the door to `doccano_*.py`.

`plan_sync` compares and writes nothing; `carry_out` does what a plan says. `doccano_reading.py` is where both sides are
compared, `doccano_doing.py` where they are changed; what of it is pure is in `annotator/sync`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from annotator.model.errors import UserError
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.store.links import decided_in, standings
from annotator.sync.content import Place
from annotator.sync.labels import Labels, made_here, states_of
from annotator.sync.mapping import read_here
from annotator.sync.plan import (
    Choices,
    Conflict,
    Deed,
    DocumentChange,
    Options,
    Others,
    Side,
    SyncPlan,
    SyncResult,
    Thing,
    Way,
)
from annotator.sync.remote import CertificateError, Remote, RemoteProject, RemoteType, TypeKind
from annotator.workflows.doccano_doing import carry_out
from annotator.workflows.doccano_facts import obstacle_of
from annotator.workflows.doccano_links import DOCCANO, Links, base_of, linked_projects, system_of
from annotator.workflows.doccano_planning import plan_sync
from annotator.workflows.projects import new_project, with_ending
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session

__all__ = [
    "CertificateError",
    "Choices",
    "Conflict",
    "Deed",
    "Details",
    "DocumentChange",
    "Options",
    "Others",
    "ProjectRow",
    "Remote",
    "RemoteProject",
    "RemoteType",
    "Side",
    "Status",
    "SyncPlan",
    "SyncResult",
    "Thing",
    "TypeKind",
    "Way",
    "carry_out",
    "details_of",
    "make_project",
    "plan_sync",
    "projects_of",
    "pull",
    "pull_into_new",
    "status",
    "statuses",
    "types_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """A project of a server; `is_linked` with the open one, `obstacle` says why it cannot be used, empty if it can."""

    project: RemoteProject
    documents: int
    is_linked: bool
    obstacle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is asked of a project when a person looks at it.

    `members` are those whose work can be read, the account's first; one alone where the project is shared.
    """

    types: Sequence[RemoteType]
    members: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a project keeps of one of a server's; `synced_at` in seconds since 1970."""

    address: str
    project: str
    account: str
    synced_at: float | None
    linked: int
    changed_here: int
    new_here: int


def projects_of(remote: Remote, session: Session | None, report: Report = silent) -> list[ProjectRow]:
    """List the projects of an account, with how many documents each has."""
    with remote.stopping(partial(report, 0, 0, "Asking for projects")):
        projects = remote.projects()
        counts = [0] * len(projects)
        calls = [partial(remote.count, each.id) for each in projects]
        for position, count in remote.together(calls, report, "Asking for projects"):
            if isinstance(count, int):
                counts[position] = count
    linked = {each.system for each in linked_projects(session)} if session is not None else set()
    return [
        ProjectRow(
            project=project,
            documents=count,
            is_linked=any(_belongs(system, remote.address, project) for system in linked),
            obstacle=obstacle_of(project),
        )
        for project, count in zip(projects, counts, strict=True)
    ]


def _belongs(system: str, address: str, project: RemoteProject) -> bool:
    beginning = system_of(address, replace(project, is_shared=True), "")
    return system == beginning or system.startswith(f"{beginning} as ")


def types_of(remote: Remote, project: RemoteProject) -> Sequence[RemoteType]:
    """List the label types of a project."""
    return remote.types(project.id)


def details_of(remote: Remote, project: RemoteProject, report: Report = silent) -> Details:
    """Ask what a person wants to know of a project before choosing it."""
    with remote.stopping(partial(report, 0, 0, "Asking for label types")):
        types = remote.types(project.id)
        own = remote.account.name
        others = [] if project.is_shared else [each.name for each in remote.members(project.id)]
    return Details(types=types, members=(own, *(name for name in others if name != own)))


def make_project(
    session: Session, remote: Remote, name: str, *, shared: bool, report: Report = silent
) -> RemoteProject:
    """Make a project on the server that can hold what this one holds.

    Raises:
        ServerError: the server cannot be reached, or refuses.
    """
    name = name.strip()
    if not name:
        raise UserError("A project needs a name.", "Type one.")
    wanted = RemoteProject(
        id=0,
        name=name,
        kind="SequenceLabeling",
        is_shared=shared,
        allows_overlap=True,
        has_relations=bool(session.schema.relations),
    )
    with remote.stopping(partial(report, 0, 0, "Making a project")):
        return remote.create_project(wanted)


def pull(
    session: Session,
    remote: Remote,
    project: RemoteProject,
    options: Options | None = None,
    report: Report = silent,
) -> SyncResult:
    """Bring in what is new or changed on the server; nothing is changed there.

    Raises:
        ServerError: the server cannot be reached, or refuses. Cancelled: the person stopped.
    """
    plan = plan_sync(session, remote, project, options, report)
    return carry_out(session, remote, plan, Choices(only=Way.HERE), options, report)


def pull_into_new(
    path: Path,
    remote: Remote,
    project: RemoteProject,
    options: Options | None = None,
    report: Report = silent,
    *,
    annotator: str,
) -> SyncResult:
    """Bring a project of a server into a new project file; where that fails there is no file.

    Raises:
        UserError: something is there already, or the place cannot be written. ServerError, Cancelled: as in `pull`.
    """
    made = [made_here(each) for each in remote.types(project.id) if each.kind is not TypeKind.CATEGORY]
    schema = Schema(
        tuple(each for each in made if isinstance(each, EntityType)),
        tuple(each for each in made if isinstance(each, RelationType)),
    )
    session = new_project(path, name=project.name, schema=schema, language="en", annotator=annotator)
    try:
        done = pull(session, remote, project, options, report)
    except BaseException:
        session.close()
        with suppress(OSError):
            with_ending(path).unlink()
        raise
    session.close()
    return done


def status(session: Session) -> Status | None:
    """Say with which server's project this one was in step last, and what changed here since; asks no server."""
    found = statuses(session)
    return found[0] if found else None


def statuses(session: Session) -> list[Status]:
    """Say so of every server's project, that which was in step last first."""
    return [_status(session, links) for links in linked_projects(session)]


def _status(session: Session, links: Links) -> Status:
    told = links.project
    labels = Labels(states_of(told.table, session.schema, told.types()))
    there = {each.id: each for each in standings(session.project)}
    linked = {
        link.local: base
        for link in links.documents.values()
        if link.local in there and (base := base_of(link, labels)) is not None
    }
    keys = [there[local].key for local, base in linked.items() if there[local].is_there and not base.apart]
    changed = 0
    for decided in decided_in(session.project, sorted(keys)):
        base = linked[decided.document.id]
        here = read_here(
            decided.document,
            decided.text,
            decided.spans,
            decided.relations,
            labels=labels,
            project=told.project,
            prior=[item for item in base.items if isinstance(item, Place)],
        )
        changed += here.content.items != base.items or here.content.values != base.here
    known = {link.local for link in links.documents.values()}
    new = sum(each.is_there and not each.is_excluded and each.id not in known for each in there.values())
    return Status(
        address=told.address or links.system.removeprefix(DOCCANO),
        project=told.project.name,
        account=told.account,
        synced_at=told.synced_at,
        linked=len(keys),
        changed_here=changed,
        new_here=new,
    )
