"""Conflicts, one of each kind, and each way to decide them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.editing import commands
from annotator.sync.remote import (
    RemoteRelation,
    RemoteType,
    TypeKind,
)
from annotator.workflows.doccano import (
    Choices,
    Deed,
    Side,
    Thing,
    Way,
    carry_out,
    plan_sync,
)
from annotator.workflows.session import Session
from tests.builders import a_document
from tests.sync.fake_server import FakeServer
from tests.workflows.doccano.both_sides import (
    CONFLICTS,
    a_pair,
    describe,
    label,
    numbers,
    relabel_there,
    said,
    said_there,
    sync,
)


@pytest.mark.parametrize("side", CONFLICTS)
def test_a_span_relabelled_on_both_sides(session: Session, server: FakeServer, side: Side) -> None:
    project, document, number = a_pair(session, server, has_relations=False)
    bob = session.annotations(document).spans[1].key
    session.do(commands.RelabelSpans((bob,), "ROLE"))
    relabel_there(server, project, number, "Bob", "GPE")
    plan = plan_sync(session, server, project)
    (conflict,) = plan.conflicts
    assert (conflict.thing, conflict.mine, conflict.theirs) == (Thing.SPAN, "“Bob” is ROLE", "“Bob” is GPE")
    assert conflict.document == session.document(document).id
    done = carry_out(session, server, plan, Choices(conflicts=side))
    here, there = {Side.MINE: ("ROLE", "ROLE"), Side.THEIRS: ("GPE", "GPE"), Side.LEAVE: ("ROLE", "GPE")}[
        side
    ]
    assert ("Bob", here) in said(session, document)
    assert ("Bob", there) in said_there(server, project, number)
    assert list(done.left) == ([conflict] if side is Side.LEAVE else [])
    again = plan_sync(session, server, project)
    assert len(again.conflicts) == (side is Side.LEAVE)
    assert not again.counts
    if side is Side.THEIRS:
        session.do(commands.Undo(steps=done.steps))
        assert ("Bob", "ROLE") in said(session, document)


@pytest.mark.parametrize("side", CONFLICTS)
def test_a_span_deleted_here_and_related_there(session: Session, server: FakeServer, side: Side) -> None:
    project, document, number = a_pair(session, server)
    label(session, document, "Rome", "GPE")
    sync(session, server, project)
    rome = next(each for each in session.annotations(document).spans if each.label == "GPE")
    session.do(commands.RemoveSpans((rome.key,)))
    kept = server.kept[project.id].documents[number]
    ends = {each.label: each.id for each in kept.spans}
    kind = next(each.id for each in server.kept[project.id].types if each.name == "VISITED")
    wanted = RemoteRelation(head=ends["PERSON"], child=ends["GPE"], label="VISITED")
    server.create_relation(project.id, number, wanted, kind)
    plan = plan_sync(session, server, project)
    (conflict,) = plan.conflicts
    assert conflict.mine == "deleted"
    carry_out(session, server, plan, Choices(by_document={session.document(document).id: side}))
    labels = {each.label for each in session.annotations(document).relations}
    assert ("Rome", "GPE") in said(session, document) or side is not Side.THEIRS
    assert ("VISITED" in labels) is (side is Side.THEIRS)
    assert (("Rome", "GPE") in said_there(server, project, number)) is (side is not Side.MINE)
    assert len(plan_sync(session, server, project).conflicts) == (side is Side.LEAVE)


@pytest.mark.parametrize("side", CONFLICTS)
def test_a_note_written_on_both_sides(session: Session, server: FakeServer, side: Side) -> None:
    project, document, number = a_pair(session, server)
    session.do(commands.SetNote(kind=None, key=document, note="mine"))
    server.create_comment(project.id, number, "theirs")
    plan = plan_sync(session, server, project)
    assert [each.thing for each in plan.conflicts] == [Thing.NOTE]
    carry_out(session, server, plan, Choices(by_thing={Thing.NOTE: side}))
    there = [each.text for each in server.kept[project.id].documents[number].comments]
    assert session.document(document).note == ("theirs" if side is Side.THEIRS else "mine")
    assert there == (["mine"] if side is Side.MINE else ["theirs"])
    assert len(plan_sync(session, server, project).conflicts) == (side is Side.LEAVE)


@pytest.mark.parametrize("side", CONFLICTS)
def test_a_type_changed_on_both_sides(session: Session, server: FakeServer, side: Side) -> None:
    project, _, _ = a_pair(session, server)
    person = session.schema.entity("PERSON")
    assert person is not None
    session.do(commands.ChangeType(replace(person, color="teal")))
    remote = next(each for each in server.kept[project.id].types if each.name == "PERSON")
    server.change_type(project.id, replace(remote, background="#112233"))
    plan = plan_sync(session, server, project)
    (conflict,) = plan.conflicts
    assert conflict.thing is Thing.TYPE
    done = carry_out(session, server, plan, Choices(conflicts=side))
    now = session.schema.entity("PERSON")
    assert now is not None
    there = next(each for each in server.kept[project.id].types if each.name == "PERSON")
    assert now.color == ("#112233" if side is Side.THEIRS else "teal")
    assert there.background == ("#0c7365" if side is Side.MINE else "#112233")
    assert list(done.left) == ([conflict] if side is Side.LEAVE else [])
    assert len(plan_sync(session, server, project).conflicts) == (side is Side.LEAVE)


@pytest.mark.parametrize("side", CONFLICTS)
def test_a_type_renamed_here(session: Session, server: FakeServer, side: Side) -> None:
    project, document, number = a_pair(session, server)
    person = session.schema.entity("PERSON")
    assert person is not None
    session.do(commands.ChangeType(replace(person, name="HUMAN")))
    label(session, document, "Rome", "HUMAN")
    plan = plan_sync(session, server, project)
    assert [each.thing for each in plan.conflicts] == [Thing.TYPE]
    assert dict(plan.counts) == {(Way.THERE, Deed.ADD, Thing.SPAN): 1}
    carry_out(session, server, plan, Choices(conflicts=side))
    here = "PERSON" if side is Side.THEIRS else "HUMAN"
    there = "HUMAN" if side is Side.MINE else "PERSON"
    assert said(session, document) == {("Ada", here), ("Bob", here), ("Rome", here)}
    assert said_there(server, project, number) == {("Ada", there), ("Bob", there), ("Rome", there)}
    again = plan_sync(session, server, project)
    assert not again.counts
    assert len(again.conflicts) == (side is Side.LEAVE)


def test_a_type_renamed_or_made_there_is_followed(session: Session, server: FakeServer) -> None:
    project, document, number = a_pair(session, server)
    remote = next(each for each in server.kept[project.id].types if each.name == "PERSON")
    server.change_type(project.id, replace(remote, name="HUMAN", key="9"))
    server.create_type(project.id, RemoteType(kind=TypeKind.SPAN, name="NEW", key="z"))
    plan, done = sync(session, server, project)
    assert (
        dict(plan.counts)
        == dict(done.done)
        == {
            (Way.HERE, Deed.CHANGE, Thing.TYPE): 1,
            (Way.HERE, Deed.ADD, Thing.TYPE): 1,
        }
    )
    assert (
        said(session, document) == {("Ada", "HUMAN"), ("Bob", "HUMAN")} == said_there(server, project, number)
    )
    kind, new = session.schema.entity("HUMAN"), session.schema.entity("NEW")
    assert kind is not None
    assert new is not None
    assert (kind.shortcut, new.shortcut) == ("9", "L z")
    assert plan_sync(session, server, project).is_empty


@pytest.mark.parametrize("side", CONFLICTS)
def test_a_document_deleted_there_and_changed_here(session: Session, server: FakeServer, side: Side) -> None:
    project, document, number = a_pair(session, server)
    label(session, document, "Rome", "GPE")
    server.delete_document(project.id, number)
    plan = plan_sync(session, server, project)
    (conflict,) = plan.conflicts
    assert (conflict.thing, conflict.mine, conflict.theirs) == (Thing.DOCUMENT, "changed", "deleted")
    assert plan.missing_there == 0
    done = carry_out(session, server, plan, Choices(conflicts=side))
    assert session.document_keys() == ([] if side is Side.THEIRS else [document])
    assert len(numbers(server, project)) == (side is Side.MINE)
    assert list(done.left) == ([conflict] if side is Side.LEAVE else [])
    assert len(plan_sync(session, server, project).conflicts) == (side is Side.LEAVE)


def test_a_side_for_metadata_deletes_no_document(session: Session, server: FakeServer) -> None:
    project, document, number = a_pair(session, server)
    other = a_document(session, "Another one.", source="second")
    sync(session, server, project)
    (theirs,) = (each for each in numbers(server, project) if each != number)
    describe(session, other, year=2000)
    server.kept[project.id].documents[theirs].meta["year"] = 2001
    label(session, document, "Rome", "GPE")
    server.delete_document(project.id, number)
    plan = plan_sync(session, server, project)
    assert sorted(each.thing for each in plan.conflicts) == [Thing.DOCUMENT, Thing.METADATA]
    done = carry_out(session, server, plan, Choices(by_thing={Thing.METADATA: Side.THEIRS}))
    assert session.document_keys() == [document, other]
    assert session.document(other).metadata == {"year": 2001}
    assert done.done == {(Way.HERE, Deed.CHANGE, Thing.METADATA): 1}


@pytest.mark.parametrize("side", CONFLICTS)
def test_a_document_deleted_here_and_changed_there(session: Session, server: FakeServer, side: Side) -> None:
    project, document, number = a_pair(session, server)
    session.do(commands.RemoveDocuments((document,)))
    relabel_there(server, project, number, "Bob", "GPE")
    plan = plan_sync(session, server, project)
    (conflict,) = plan.conflicts
    assert (conflict.mine, conflict.theirs, plan.missing_here) == ("deleted", "changed", 0)
    carry_out(session, server, plan, Choices(conflicts=side))
    assert len(session.document_keys()) == (side is Side.THEIRS)
    assert len(numbers(server, project)) == (side is not Side.MINE)
    assert len(plan_sync(session, server, project).conflicts) == (side is Side.LEAVE)
