"""Projects of a server: listing them for who chooses one, what is asked of one, and making one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from annotator.model.errors import UserError
from annotator.sync.remote import Remote, RemoteProject, RemoteType
from annotator.workflows.doccano.facts import obstacle_of
from annotator.workflows.doccano.links import linked_projects, system_of
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session


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
