"""Bringing a project of a server in without changing anything there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from annotator.model.schema import EntityType, RelationType, Schema
from annotator.sync.labels import made_here
from annotator.sync.plan import Choices, Options, SyncResult, Way
from annotator.sync.remote import Remote, RemoteProject, TypeKind
from annotator.workflows.doccano.doing import carry_out
from annotator.workflows.doccano.planning import plan_sync
from annotator.workflows.projects import new_project, with_ending
from annotator.workflows.reporting import Report, silent


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
        UserError: something is there already, or the place cannot be written. ServerError: the server
            cannot be reached, or refuses. Cancelled: the person stopped.
    """
    made = [made_here(each) for each in remote.types(project.id) if each.kind is not TypeKind.CATEGORY]
    schema = Schema(
        tuple(each for each in made if isinstance(each, EntityType)),
        tuple(each for each in made if isinstance(each, RelationType)),
    )
    session = new_project(path, name=project.name, schema=schema, language="en", annotator=annotator)
    try:
        plan = plan_sync(session, remote, project, options, report)
        done = carry_out(session, remote, plan, Choices(only=Way.HERE), report)
    except BaseException:
        session.close()
        with suppress(OSError):
            with_ending(path).unlink()
        raise
    session.close()
    return done
