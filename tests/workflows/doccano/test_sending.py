"""Sending what is here to a server."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.annotation import Fragment
from annotator.model.errors import UserError
from annotator.sync.remote import (
    TypeKind,
)
from annotator.workflows.doccano import (
    Deed,
    Thing,
    Way,
    make_project,
    plan_sync,
    projects_of,
)
from annotator.workflows.session import Session
from tests.builders import a_document
from tests.sync.fake_server import FakeServer
from tests.workflows.doccano.both_sides import (
    TEXT,
    a_pair,
    a_remote_project,
    label,
    numbers,
    relate,
    said,
    said_there,
    sync,
)


def test_new_documents_go_by_upload_and_only_what_it_cannot_carry_by_calls(
    session: Session, server: FakeServer
) -> None:
    project = a_remote_project(server)
    for number in range(5):
        document = a_document(session, f"{TEXT} {number}", source=str(number))
        label(session, document, "Ada", "PERSON")
        label(session, document, "Rome", "GPE")
        relate(session, document, "Ada", "Rome", "VISITED")
    session.do(commands.SetNote(kind=None, key=document, note="look"))
    session.do(commands.FinishDocument(document=document))
    plan, done = sync(session, server, project)
    assert (plan.uploads, plan.counts[Way.THERE, Deed.ADD, Thing.SPAN]) == (5, 10)
    assert done.done[Way.THERE, Deed.ADD, Thing.DOCUMENT] == 5
    assert done.done[Way.THERE, Deed.ADD, Thing.RELATION] == 5
    assert not done.problems
    assert not done.differences
    assert "create_span" not in server.calls
    assert server.calls.count("export") == 1, "once to read back; there was nothing to compare before"
    assert [server.calls.count(name) for name in ("upload", "create_comment", "confirm")] == [1, 1, 1]
    types = {each.name: each for each in server.kept[project.id].types}
    assert types["PERSON"].background == "#4b77dc"
    assert (types["PERSON"].key, types["HOLDS_ROLE"].kind) == ("1", TypeKind.RELATION)
    before = server.written
    plan, done = sync(session, server, project)
    assert plan.is_empty
    assert server.written == before
    assert not session.project.rows("SELECT 1 FROM external_id WHERE remote LIKE 'upload/%'")


def test_only_what_changed_goes(session: Session, server: FakeServer) -> None:
    project, document, number = a_pair(session, server)
    session.do(commands.RelabelSpans((session.annotations(document).spans[0].key,), "ROLE"))
    label(session, document, "Rome", "GPE")
    session.do(commands.SetNote(kind=None, key=document, note="look"))
    before = list(server.calls)
    plan, done = sync(session, server, project)
    assert dict(plan.counts) == {
        (Way.THERE, Deed.CHANGE, Thing.SPAN): 1,
        (Way.THERE, Deed.CHANGE, Thing.RELATION): 1,
        (Way.THERE, Deed.ADD, Thing.SPAN): 1,
        (Way.THERE, Deed.ADD, Thing.NOTE): 1,
    }
    assert done.done == plan.counts
    assert said_there(server, project, number) == said(session, document)
    calls = server.calls[len(before) :]
    assert [calls.count(name) for name in ("delete_span", "create_span", "create_relation")] == [1, 2, 1]
    assert plan.calls >= 5


def test_what_doccano_cannot_hold_is_listed_and_stays(session: Session, server: FakeServer) -> None:
    project = a_remote_project(server, has_relations=False, allows_overlap=False)
    document = a_document(session, TEXT, source="first")
    label(session, document, "Ada met", "PERSON")
    label(session, document, "Ada", "ROLE")
    label(session, document, "Rome", "GPE")
    relate(session, document, "Ada met", "Rome", "VISITED")
    pieces = (Fragment(4, 7), Fragment(12, 14))
    session.do(commands.AddSpan(document, pieces, "ROLE"))
    plan, done = sync(session, server, project)
    assert {each.kind: each.count for each in plan.stays} == {"fragments": 1, "overlap": 1, "relations": 1}
    assert [each.words for each in plan.stays[0].examples] == ["met in"]
    assert not done.differences
    assert said_there(server, project, numbers(server, project)[0]) == {
        ("Ada met", "PERSON"),
        ("Rome", "GPE"),
    }
    assert plan_sync(session, server, project).is_empty


def test_a_project_is_made_on_the_server_and_listed(session: Session, server: FakeServer) -> None:
    project = make_project(session, server, " News ", shared=True)
    assert (project.name, project.has_relations, project.allows_overlap) == ("News", True, True)
    a_remote_project(server, kind="DocumentClassification")
    sync(session, server, project)
    rows = projects_of(server, session)
    assert [(each.is_linked, bool(each.obstacle)) for each in rows] == [(True, False), (False, True)]
    with pytest.raises(UserError, match="cannot be used"):
        plan_sync(session, server, rows[1].project)
