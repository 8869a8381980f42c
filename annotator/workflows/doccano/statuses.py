"""With which projects of servers this one was in step, and what changed here since; no server is asked."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.store.links import decided_in, standings
from annotator.sync.content import Place
from annotator.sync.labels import Labels, states_of
from annotator.sync.mapping import read_here
from annotator.workflows.doccano.links import DOCCANO, Links, base_of, linked_projects
from annotator.workflows.session import Session


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
