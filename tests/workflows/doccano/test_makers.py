"""Other people's work in shared projects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.editing import commands
from annotator.model.annotation import How
from annotator.sync.remote import (
    RemoteSpan,
)
from annotator.workflows.doccano import (
    Choices,
    Options,
    carry_out,
    plan_sync,
    planning,
)
from annotator.workflows.session import Session
from tests.sync.fake_server import OTHER, FakeServer
from tests.workflows.doccano.both_sides import (
    TEXT,
    a_pair,
    a_remote_project,
    said,
    said_there,
    sync,
)


def test_what_others_made_is_named_and_stays_unless_chosen(session: Session, server: FakeServer) -> None:
    project, document, number = a_pair(session, server, has_relations=False)
    kept = server.kept[project.id].documents[number]
    kept.spans = [replace(each, user=OTHER.user) for each in kept.spans]
    bob = session.annotations(document).spans[1].key
    session.do(commands.RemoveSpans((bob,)))
    plan, _ = sync(session, server, project)
    (other,) = plan.others
    assert (other.whose, other.label, other.words) == ("bob", "PERSON", "Bob")
    assert other.document == session.document(document).id
    assert ("Bob", "PERSON") in said_there(server, project, number)
    assert ("Bob", "PERSON") not in said(session, document)
    assert len(plan_sync(session, server, project).others) == 1
    sync(session, server, project, Choices(delete_others=True))
    assert said_there(server, project, number) == {("Ada", "PERSON")}
    assert plan_sync(session, server, project).is_empty


def test_who_made_what_comes_along(session: Session, server: FakeServer) -> None:
    project, _, number = a_pair(session, server)
    other = server.as_member(OTHER)
    kind = next(each.id for each in server.kept[project.id].types if each.name == "GPE")
    other.create_span(project.id, number, RemoteSpan(start=15, end=19, label="GPE"), kind)
    other.put(project.id, "Eve left.", (0, 3, "PERSON"))
    sync(session, server, project)
    made = {
        each.label: each.provenance.annotator
        for key in session.document_keys()
        for each in session.annotations(key).spans
        if each.provenance.how is How.IMPORTED
    }
    assert made == {"GPE": "bob", "PERSON": "bob"}


def test_where_many_documents_come_it_is_said_that_nobody_is_asked_who_made_what(
    session: Session, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "ASKED_SINGLY", 2)
    project = a_remote_project(server)
    for number in range(2):
        server.put(project.id, f"{TEXT} {number}", (0, 3, "PERSON"))
    assert plan_sync(session, server, project).told == []
    server.put(project.id, TEXT, (0, 3, "PERSON"))
    plan, _ = sync(session, server, project)
    (told,) = plan.told
    assert told.startswith("3 documents come, more than the 2 ")
    assert told.endswith("made by doccano.")
    makers = {
        each.provenance.annotator
        for key in session.document_keys()
        for each in session.annotations(key).spans
    }
    assert makers == {"doccano"}


def test_all_documents_are_asked_where_one_wants_it(
    session: Session, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "ASKED_SINGLY", 2)
    project = a_remote_project(server)
    other = server.as_member(OTHER)
    for number in range(3):
        other.put(project.id, f"{TEXT} {number}", (0, 3, "PERSON"))
    plan = plan_sync(session, server, project, Options(makers=True))
    assert plan.told == []
    carry_out(session, server, plan)
    makers = [
        each.provenance.annotator
        for key in session.document_keys()
        for each in session.annotations(key).spans
    ]
    assert makers == ["bob"] * 3
