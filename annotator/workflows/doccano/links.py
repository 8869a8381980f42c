"""What a project keeps of the server's projects with which it is in step: rows of `store/links.py`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotator.store.links import DOCUMENT, Link, drop_links, keep_links, linked_systems, links_of
from annotator.sync.content import Base, packed, unpacked
from annotator.sync.labels import KINDS, Known, Labels, packed_table, unpacked_table
from annotator.sync.remote import RemoteProject, RemoteType
from annotator.workflows.session import Session

DOCCANO = "doccano "
"""How the names of its systems begin."""
NONE = RemoteProject(id=0, name="", kind="")
"""Stands for the project of a server that nothing is known of."""
_PROJECT, _UPLOAD = "project", "upload/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLink:
    """What is known of a server's project.

    Args:
        unit: what its offsets count, empty where that is not known yet. account: who was logged in last.
        synced_at: seconds since 1970, None before the first sync ended. table: its types and ours.
    """

    address: str = ""
    project: RemoteProject = NONE
    unit: str = ""
    account: str = ""
    synced_at: float | None = None
    table: tuple[Known, ...] = ()

    def types(self) -> Iterator[RemoteType]:
        """Give the label types as they were at the last sync."""
        for known in self.table:
            if known.remote:
                yield RemoteType(
                    kind=KINDS[known.kind], id=known.remote, name=known.there[0], background=known.there[1]
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An upload that was begun: the ids of its documents, and the server's task where it became known."""

    row: str
    documents: tuple[str, ...]
    task: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """All rows of one of the server's projects; documents by their numbers there."""

    system: str
    project: ProjectLink
    documents: dict[int, Link]
    uploads: tuple[Upload, ...]


def system_of(address: str, project: RemoteProject, member: str) -> str:
    """Name a server's project, and in one that is not shared whose work is meant."""
    whose = "" if project.is_shared else f" as {member}"
    return f"{DOCCANO}{address}/projects/{project.id}{whose}"


def source_of(system: str, number: int) -> str:
    """Name a document of a server as the place it came from."""
    return f"{system.removeprefix(DOCCANO)} {number}"


def read_links(session: Session, system: str) -> Links:
    """Read the rows of a server's project; what cannot be read is as if it was not there."""
    project, documents, uploads = ProjectLink(), {}, []
    for link in links_of(session.project, system):
        if link.remote == _PROJECT:
            project = _project(link.base)
        elif link.remote.startswith(_UPLOAD):
            uploads.append(_upload(link))
        elif link.remote.startswith(DOCUMENT) and (number := link.remote.removeprefix(DOCUMENT)).isdecimal():
            documents[int(number)] = link
    return Links(system, project, documents, tuple(uploads))


def linked_projects(session: Session) -> list[Links]:
    """Read the rows of all server's projects, that which was in step last first."""
    found = [read_links(session, system) for system in linked_systems(session.project, DOCCANO)]
    return sorted(found, key=lambda each: -(each.project.synced_at or 0))


def base_of(link: Link, labels: Labels) -> Base | None:
    """Give what both sides had at the last sync; None where that is not known."""
    if not link.base:
        return None
    try:
        return unpacked(link.base, labels.name)
    except ValueError:
        return None


def document_link(system: str, number: int, *, local: str, content: str, base: Base, labels: Labels) -> Link:
    """Make the row of a document; `content` is the hash of its text."""
    return Link(
        system=system,
        remote=f"{DOCUMENT}{number}",
        local=local,
        hash=content,
        base=packed(base, labels.number),
    )


def apart(link: Link, side: str, labels: Labels) -> Link:
    """Give the row of a document that is gone on one side and left on the other."""
    base = base_of(link, labels) or Base()
    return replace(link, base=packed(replace(base, apart=side, going=None), labels.number))


def keep_project(session: Session, system: str, link: ProjectLink) -> None:
    """Write what is known of a server's project."""
    told = link.project
    written = {
        "address": link.address,
        "id": told.id,
        "name": told.name,
        "kind": told.kind,
        "shared": told.is_shared,
        "overlap": told.allows_overlap,
        "relations": told.has_relations,
        "graphemes": told.counts_graphemes,
        "unit": link.unit,
        "account": link.account,
        "synced": link.synced_at,
        "types": packed_table(link.table),
    }
    keep_links(
        session.project, [Link(system=system, remote=_PROJECT, base=json.dumps(written, ensure_ascii=False))]
    )


def keep_upload(session: Session, system: str, upload: Upload) -> None:
    """Write that an upload was begun."""
    base = json.dumps({"documents": upload.documents, "task": upload.task})
    keep_links(session.project, [Link(system=system, remote=upload.row, base=base)])


def drop_documents(session: Session, system: str, numbers: Iterable[int]) -> None:
    """Forget documents."""
    drop_links(session.project, system, [f"{DOCUMENT}{number}" for number in numbers])


def drop_uploads(session: Session, system: str, uploads: Sequence[Upload]) -> None:
    """Forget uploads that ended."""
    drop_links(session.project, system, [each.row for each in uploads])


def next_upload(uploads: Iterable[Upload]) -> str:
    """Give a free name for the row of an upload."""
    numbers = [int(number) for each in uploads if (number := each.row.removeprefix(_UPLOAD)).isdecimal()]
    return f"{_UPLOAD}{max(numbers, default=0) + 1}"


def _project(written: str) -> ProjectLink:
    told = _parsed(written)
    table: tuple[Known, ...] = ()
    with contextlib.suppress(ValueError):
        table = unpacked_table(told.get("types", []))
    synced = told.get("synced")
    number = told.get("id")
    return ProjectLink(
        address=str(told.get("address", "")),
        project=RemoteProject(
            id=number if isinstance(number, int) else 0,
            name=str(told.get("name", "")),
            kind=str(told.get("kind", "")),
            is_shared=bool(told.get("shared", True)),
            allows_overlap=bool(told.get("overlap", False)),
            has_relations=bool(told.get("relations", False)),
            counts_graphemes=bool(told.get("graphemes", False)),
        ),
        unit=str(told.get("unit", "")),
        account=str(told.get("account", "")),
        synced_at=float(synced) if isinstance(synced, int | float) else None,
        table=table,
    )


def _upload(link: Link) -> Upload:
    told = _parsed(link.base)
    documents = told.get("documents")
    kept = tuple(map(str, documents)) if isinstance(documents, list) else ()
    return Upload(row=link.remote, documents=kept, task=str(told.get("task", "")))


def _parsed(written: str) -> dict[str, Any]:
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(written)
        if isinstance(found, dict):
            return found
    return {}
