"""Lays documents on both sides of a sync, and tells what either has."""

from __future__ import annotations

from dataclasses import replace

from annotator.editing import commands
from annotator.model.document import State
from annotator.sync.mapping import metadata_of
from annotator.sync.remote import (
    Remote,
    RemoteDocument,
    RemoteProject,
)
from annotator.workflows.checking import check
from annotator.workflows.doccano import (
    Choices,
    Options,
    Side,
    SyncPlan,
    SyncResult,
    Way,
    carry_out,
    plan_sync,
)
from annotator.workflows.session import Session
from tests.builders import a_document, place
from tests.sync.fake_server import FakeServer

TEXT = "Ada met Bob in Rome."
EMOJI = "👩‍🚀 Ada met عَرَب in Rome 🇫🇷."
BOTH = Choices()
CONFLICTS = [Side.MINE, Side.THEIRS, Side.LEAVE]


def a_remote_project(server: FakeServer, **more: object) -> RemoteProject:
    told = {"kind": "SequenceLabeling", "has_relations": True, "allows_overlap": True, **more}
    return server.create_project(RemoteProject(id=0, name="News", **told))  # type: ignore[arg-type]


def label(session: Session, document: int, words: str, name: str) -> None:
    session.do(commands.AddSpan(document, place(session.text(document), words), name))


def describe(session: Session, document: int, **metadata: object) -> None:
    """Give a document other metadata."""
    taken = commands.TakenDocument(document=document, metadata=metadata)
    session.do(commands.TakeOver(name="Other metadata", documents=(taken,)))


def relate(session: Session, document: int, head: str, child: str, name: str) -> None:
    text, found = session.text(document), session.annotations(document).spans
    keys = {text[each.start : each.end]: each.key for each in found}
    session.do(commands.AddRelation(document=document, head=keys[head], child=keys[child], label=name))


def said(session: Session, document: int) -> set[tuple[str, str]]:
    text = session.text(document)
    return {(text[each.start : each.end], each.label) for each in session.annotations(document).spans}


def said_there(server: FakeServer, project: RemoteProject, number: int) -> set[tuple[str, str]]:
    document = server.kept[project.id].documents[number]
    units = document.text.encode("utf-16-le")
    return {(units[2 * each.start : 2 * each.end].decode("utf-16-le"), each.label) for each in document.spans}


def sync(
    session: Session,
    server: Remote,
    project: RemoteProject,
    choices: Choices = BOTH,
    options: Options | None = None,
) -> tuple[SyncPlan, SyncResult]:
    plan = plan_sync(session, server, project, options)
    done = carry_out(session, server, plan, choices)
    assert check(session.project).breaches == ()
    return plan, done


def pull(
    session: Session, remote: Remote, project: RemoteProject, options: Options | None = None
) -> SyncResult:
    """Bring in what is new or changed on a server."""
    return carry_out(session, remote, plan_sync(session, remote, project, options), Choices(only=Way.HERE))


def numbers(server: FakeServer, project: RemoteProject) -> list[int]:
    return sorted(server.kept[project.id].documents)


def a_pair(session: Session, server: FakeServer, **more: object) -> tuple[RemoteProject, int, int]:
    """Lay a document on both sides: Ada and Bob are persons who met, and both sides know it."""
    project = a_remote_project(server, **more)
    document = a_document(session, TEXT, source="first")
    label(session, document, "Ada", "PERSON")
    label(session, document, "Bob", "PERSON")
    if project.has_relations:
        relate(session, document, "Ada", "Bob", "MET")
    sync(session, server, project)
    (number,) = numbers(server, project)
    assert plan_sync(session, server, project).is_empty
    return project, document, number


def relabel_there(server: FakeServer, project: RemoteProject, number: int, words: str, name: str) -> None:
    document = server.kept[project.id].documents[number]
    start = document.text.index(words)
    document.spans = [replace(each, label=name) if each.start == start else each for each in document.spans]


def remove_there(server: FakeServer, project: RemoteProject, number: int, words: str) -> None:
    document = server.kept[project.id].documents[number]
    start = document.text.index(words)
    for span in [each for each in document.spans if each.start == start]:
        server.delete_span(project.id, number, span.id)


def state_of(session: Session, server: FakeServer, project: RemoteProject) -> tuple[object, object, object]:
    """Give all that both sides hold, without numbers."""
    here = sorted(
        (
            session.text(key),
            sorted(said(session, key)),
            sorted(each.label for each in session.annotations(key).relations),
            session.document(key).note,
            dict(session.document(key).metadata),
            session.document(key).state is State.DONE,
        )
        for key in session.document_keys()
    )
    there = sorted(
        (
            document.text,
            sorted((document.text[each.start : each.end], each.label) for each in document.spans),
            sorted(each.label for each in document.relations),
            "\n\n".join(each.text for each in document.comments),
            metadata_of(RemoteDocument(id=0, text="", metadata=document.meta)),
            bool(document.confirmed),
        )
        for document in server.kept[project.id].documents.values()
    )
    return here, there, sorted((each.kind, each.name) for each in server.kept[project.id].types)
