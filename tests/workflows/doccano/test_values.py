"""Metadata and categories of documents that both sides have."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.sync.remote import RemoteType, TypeKind
from annotator.workflows.doccano import Choices, Deed, Side, Thing, Way, plan_sync
from annotator.workflows.session import Session
from tests.builders import a_document
from tests.sync.fake_server import OTHER, FakeServer
from tests.workflows.doccano.both_sides import (
    CONFLICTS,
    TEXT,
    a_pair,
    a_remote_project,
    describe,
    numbers,
    pull,
    sync,
)

INTENT = "IntentDetectionAndSlotFilling"


def sorted_under(session: Session, document: int, *names: str) -> None:
    """Give a document categories."""
    taken = commands.TakenDocument(document=document, attributes={"doccano": {"categories": list(names)}})
    session.do(commands.TakeOver(name="Other categories", documents=(taken,)))


def categories(session: Session, document: int) -> list[str]:
    told = session.document(document).attributes.get("doccano", {})
    return sorted(told.get("categories", []))


def test_metadata_that_changed_here_go_there_whole(session: Session, server: FakeServer) -> None:
    project, document, number = a_pair(session, server)
    ours = {"year": 1999, "share": 1 / 3, "tags": ["a", {"b": 0.1}]}
    describe(session, document, **ours)
    plan, done = sync(session, server, project)
    assert plan.counts == {(Way.THERE, Deed.ADD, Thing.METADATA): 1} == done.done
    told = server.kept[project.id].documents[number].meta
    assert {name: told[name] for name in ours} == ours
    assert plan_sync(session, server, project).is_empty
    describe(session, document, year=2000)
    sync(session, server, project)
    told = server.kept[project.id].documents[number].meta
    assert sorted(told) == ["annotator", "year"]
    assert told["annotator"]["id"] == session.document(document).id
    other, key = server.put(project.id, "Theirs.", page=7), None
    pull(session, server, project)
    key = session.document_keys()[-1]
    describe(session, key, page=8)
    sync(session, server, project)
    assert other.meta["page"] == 8
    assert plan_sync(session, server, project).is_empty


def test_metadata_that_changed_there_come(session: Session, server: FakeServer) -> None:
    project = a_remote_project(server)
    document = a_document(session, TEXT, source="first")
    describe(session, document, year=1999, share=0.1)
    sync(session, server, project)
    (number,) = numbers(server, project)
    server.kept[project.id].documents[number].meta["year"] = 2001
    server.kept[project.id].documents[number].meta["new"] = "yes"
    sync(session, server, project)
    assert session.document(document).metadata == {"year": 2001, "share": 0.1, "new": "yes"}
    assert plan_sync(session, server, project).is_empty


@pytest.mark.parametrize("side", CONFLICTS)
def test_metadata_changed_on_both_sides(session: Session, server: FakeServer, side: Side) -> None:
    project = a_remote_project(server)
    document = a_document(session, TEXT, source="first")
    describe(session, document, year=1999, by="ada")
    sync(session, server, project)
    (number,) = numbers(server, project)
    describe(session, document, year=2000, by="ada")
    server.kept[project.id].documents[number].meta["year"] = 2001
    plan, done = sync(session, server, project, Choices(conflicts=side))
    (conflict,) = plan.conflicts
    assert (conflict.thing, conflict.mine, conflict.theirs) == (Thing.METADATA, "year: 2000", "year: 2001")
    here = session.document(document).metadata["year"]
    there = server.kept[project.id].documents[number].meta["year"]
    assert (here, there) == {
        Side.MINE: (2000, 2000),
        Side.THEIRS: (2001, 2001),
        Side.LEAVE: (2000, 2001),
    }[side]
    assert bool(done.left) is (side is Side.LEAVE)
    assert plan_sync(session, server, project).is_empty is (side is not Side.LEAVE)


def test_documents_that_meet_for_the_first_time_get_the_metadata_of_the_side_that_has_any(
    session: Session, server: FakeServer
) -> None:
    project = a_remote_project(server)
    ours, theirs = a_document(session, TEXT), a_document(session, "Theirs.")
    describe(session, ours, year=1999)
    there = server.put(project.id, TEXT)
    server.put(project.id, "Theirs.", page=7)
    plan, done = sync(session, server, project)
    assert (plan.conflicts, plan.counts) == ([], done.done)
    assert all(plan.counts[way, Deed.ADD, Thing.METADATA] == 1 for way in Way)
    assert (there.meta["year"], session.document(theirs).metadata) == (1999, {"page": 7})
    assert plan_sync(session, server, project).is_empty


@pytest.mark.parametrize("side", CONFLICTS)
def test_metadata_of_documents_that_meet_and_say_something_else(
    session: Session, server: FakeServer, side: Side
) -> None:
    project = a_remote_project(server)
    document = a_document(session, TEXT)
    describe(session, document, year=1999, by="ada")
    there = server.put(project.id, TEXT, year=2001, by="ada")
    plan, _ = sync(session, server, project, Choices(conflicts=side))
    (conflict,) = plan.conflicts
    assert (conflict.thing, conflict.mine, conflict.theirs) == (Thing.METADATA, "year: 1999", "year: 2001")
    assert (session.document(document).metadata["year"], there.meta["year"]) == {
        Side.MINE: (1999, 1999),
        Side.THEIRS: (2001, 2001),
        Side.LEAVE: (1999, 2001),
    }[side]
    assert plan_sync(session, server, project).is_empty is (side is not Side.LEAVE)


def test_who_is_no_administrator_is_told_that_metadata_stay_here(
    session: Session, server: FakeServer
) -> None:
    project, document, number = a_pair(session, server)
    describe(session, document, year=1999)
    bob = server.as_member(OTHER)
    plan, done = sync(session, bob, project)
    assert done.differences == []
    (stays,) = plan.stays
    assert stays.message.startswith("Stays here: metadata of 1 document: only administrators")
    assert "year" not in server.kept[project.id].documents[number].meta
    sync(session, server, project)
    assert server.kept[project.id].documents[number].meta["year"] == 1999


@pytest.mark.parametrize("is_shared", [False, True])
def test_categories_go_and_come_where_the_project_has_them(
    session: Session, server: FakeServer, *, is_shared: bool
) -> None:
    project = a_remote_project(server, kind=INTENT, has_relations=False, is_shared=is_shared)
    document = a_document(session, TEXT, source="first")
    sorted_under(session, document, "sport", "news")
    plan, done = sync(session, server, project)
    assert (
        plan.counts[Way.THERE, Deed.ADD, Thing.CATEGORY]
        == 1
        == done.done[Way.THERE, Deed.ADD, Thing.CATEGORY]
    )
    (number,) = numbers(server, project)
    there = server.kept[project.id].documents[number]
    key = 0 if is_shared else 1
    assert (sorted(there.categories[key]), plan_sync(session, server, project).is_empty) == (
        ["news", "sport"],
        True,
    )
    sorted_under(session, document, "sport", "press")
    sync(session, server, project)
    assert sorted(there.categories[key]) == ["press", "sport"]
    there.categories[key] = ["sport"]
    sync(session, server, project)
    assert categories(session, document) == ["sport"]
    assert plan_sync(session, server, project).is_empty


def test_elsewhere_it_is_said_that_categories_stay(session: Session, server: FakeServer) -> None:
    project, document, _ = a_pair(session, server)
    sorted_under(session, document, "sport")
    new = a_document(session, "New.", source="new")
    sorted_under(session, new, "sport")
    plan, _ = sync(session, server, project)
    assert [each.message for each in plan.stays] == [
        "Stays here: categories of 2 documents: this project of the server has none."
    ]
    assert Thing.CATEGORY not in {thing for _, _, thing in plan.counts}
    assert not [each for each in server.kept[project.id].types if each.kind is TypeKind.CATEGORY]


def test_a_category_type_that_is_there_is_not_made_again(session: Session, server: FakeServer) -> None:
    project = a_remote_project(server, kind=INTENT, has_relations=False)
    server.create_type(project.id, RemoteType(kind=TypeKind.CATEGORY, name="sport", background="#112233"))
    document = a_document(session, TEXT, source="first")
    sync(session, server, project)
    sorted_under(session, document, "sport")
    server.calls.clear()
    sync(session, server, project)
    assert "create_type" not in server.calls
    there = server.kept[project.id].documents[numbers(server, project)[0]]
    assert there.categories == {0: ["sport"]}
