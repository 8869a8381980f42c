"""Label types that one side deleted since the last sync."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.model.schema import EntityType
from annotator.sync.remote import RemoteProject
from annotator.workflows.doccano import Choices, Deed, GoneType, Side, Thing, Way, carry_out, plan_sync
from annotator.workflows.session import Session
from tests.builders import a_document
from tests.sync.fake_server import OTHER, FakeServer
from tests.workflows.doccano.both_sides import (
    CONFLICTS,
    TEXT,
    a_pair,
    label,
    numbers,
    remove_there,
    said,
    said_there,
    sync,
)

WITH_TYPES = Choices(delete_types=True)


def names_there(server: FakeServer, project: RemoteProject) -> set[str]:
    return {each.name for each in server.kept[project.id].types}


def names_here(session: Session) -> set[str]:
    schema = session.schema
    return {each.name for each in schema.entities} | {each.name for each in schema.relations}


def delete_there(server: FakeServer, project: RemoteProject, name: str) -> None:
    server.delete_type(project.id, next(each for each in server.kept[project.id].types if each.name == name))


@pytest.mark.parametrize("deletes", [False, True])
def test_a_type_deleted_here_goes_there_with_its_own_spans_if_chosen(
    session: Session, server: FakeServer, *, deletes: bool
) -> None:
    project, _, number = a_pair(session, server)
    session.do(commands.DeleteType(kind=Kind.SPAN, name="PERSON"))
    plan, done = sync(session, server, project, Choices(delete_types=deletes))
    # Relation types that joined persons alone went with it.
    assert [each.name for each in plan.gone_types] == ["PERSON", "HOLDS_ROLE", "VISITED", "MET"]
    assert {each.way for each in plan.gone_types} == {Way.THERE}
    assert plan.counts == {
        (Way.THERE, Deed.DELETE, Thing.SPAN): 2,
        (Way.THERE, Deed.DELETE, Thing.RELATION): 1,
    }
    assert said_there(server, project, number) == set()
    assert ("PERSON" in names_there(server, project)) is not deletes
    assert done.done.get((Way.THERE, Deed.DELETE, Thing.TYPE), 0) == deletes * len(plan.gone_types)
    after = plan_sync(session, server, project)
    assert (after.is_empty, after.counts) == (deletes, {})
    if not deletes:
        sync(session, server, project, WITH_TYPES)
        assert "PERSON" not in names_there(server, project)
        assert plan_sync(session, server, project).is_empty


def test_a_type_that_others_use_there_stays_and_they_are_named(session: Session, server: FakeServer) -> None:
    project, _, number = a_pair(session, server)
    bob = server.as_member(OTHER)
    person = next(each.id for each in server.kept[project.id].types if each.name == "PERSON")
    remove_there(server, project, number, "Bob")
    first = server.kept[project.id].documents[number].spans[0]
    bob.create_span(project.id, number, first, person)
    remove_there(server, project, number, "Ada")
    bob.create_span(project.id, number, first, person)
    sync(session, server, project)
    session.do(commands.DeleteType(kind=Kind.SPAN, name="PERSON"))
    plan, done = sync(session, server, project, WITH_TYPES)
    assert "PERSON" not in {each.name for each in plan.gone_types}
    assert "PERSON was deleted here; the server uses it once, so it stays there." in plan.told
    assert said_there(server, project, number) == {("Ada", "PERSON")}
    assert "PERSON" in names_there(server, project)
    assert done.problems == []


def test_what_is_made_of_a_type_meanwhile_keeps_it_there(session: Session, server: FakeServer) -> None:
    project, _, _ = a_pair(session, server)
    session.do(commands.DeleteType(kind=Kind.SPAN, name="PERSON"))
    sync(session, server, project)
    plan = plan_sync(session, server, project)
    bob = server.as_member(OTHER)
    there = bob.put(project.id, "Eve.", (0, 3, "PERSON"))
    done = carry_out(session, server, plan, WITH_TYPES)
    assert [each.message for each in done.problems] == [
        "PERSON was not deleted there: 1 document has it still (by bob)."
    ]
    assert len(there.spans) == 1


def test_in_individual_projects_the_work_of_every_member_counts(session: Session, server: FakeServer) -> None:
    project, _, number = a_pair(session, server, is_shared=False)
    bob = server.as_member(OTHER)
    person = next(each.id for each in server.kept[project.id].types if each.name == "PERSON")
    bob.create_span(project.id, number, server.kept[project.id].documents[number].spans[0], person)
    session.do(commands.DeleteType(kind=Kind.SPAN, name="PERSON"))
    _, done = sync(session, server, project, WITH_TYPES)
    assert [each.message for each in done.problems] == [
        "PERSON was not deleted there: 1 document has it still (by bob)."
    ]


@pytest.mark.parametrize("side", CONFLICTS)
def test_a_type_deleted_there_and_used_here_is_a_conflict(
    session: Session, server: FakeServer, side: Side
) -> None:
    project, document, number = a_pair(session, server)
    delete_there(server, project, "PERSON")
    label(session, document, "Rome", "PERSON")
    new = a_document(session, "Eve left.", source="new")
    label(session, new, "Eve", "PERSON")
    plan, done = sync(session, server, project, Choices(conflicts=side))
    (conflict,) = plan.conflicts
    assert (conflict.thing, conflict.title) == (Thing.TYPE, "PERSON")
    assert (conflict.mine, conflict.theirs) == ("used 4 times", "deleted")
    assert plan.counts == {(Way.THERE, Deed.ADD, Thing.DOCUMENT): 1}
    ours = {("Ada", "PERSON"), ("Bob", "PERSON"), ("Rome", "PERSON")}
    (other,) = [each for each in numbers(server, project) if each != number]
    if side is Side.MINE:
        assert said_there(server, project, number) == said(session, document) == ours
        assert said_there(server, project, other) == {("Eve", "PERSON")}
        assert "PERSON" in names_there(server, project)
    elif side is Side.THEIRS:
        assert said(session, document) == said(session, new) == set()
        assert "PERSON" not in names_here(session)
    else:
        assert (said(session, document), said(session, new)) == (ours, {("Eve", "PERSON")})
        assert "PERSON" not in names_there(server, project)
        assert list(done.left) == [conflict]
    after = plan_sync(session, server, project)
    assert (after.counts, bool(after.conflicts)) == ({}, side is Side.LEAVE)
    if side is Side.LEAVE:
        sync(session, server, project, Choices(by_thing={Thing.TYPE: Side.MINE}))
        assert said_there(server, project, number) == ours
        assert plan_sync(session, server, project).is_empty
    for step in done.steps:
        session.do(commands.Undo(steps=(step,)))
    assert said(session, document) == ours


@pytest.mark.parametrize("deletes", [False, True])
def test_a_type_deleted_there_and_unused_here_goes_if_chosen(
    session: Session, server: FakeServer, *, deletes: bool
) -> None:
    project, document, _ = a_pair(session, server)
    (relation,) = session.annotations(document).relations
    session.do(commands.RemoveRelations((relation.key,)))
    sync(session, server, project)
    delete_there(server, project, "MET")
    plan, _ = sync(session, server, project, Choices(delete_types=deletes))
    assert plan.gone_types == (GoneType(way=Way.HERE, kind=Kind.RELATION, name="MET"),)
    assert ("MET" in names_here(session)) is not deletes
    assert plan_sync(session, server, project).is_empty is deletes


def test_a_type_that_is_gone_there_and_found_again_here_is_no_news(
    session: Session, server: FakeServer
) -> None:
    project, _, _ = a_pair(session, server)
    session.do(commands.DeleteType(kind=Kind.SPAN, name="PERSON"))
    delete_there(server, project, "PERSON")
    assert "PERSON" not in {each.name for each in plan_sync(session, server, project).gone_types}
    new = a_document(session, TEXT + " Again.", source="again")
    session.do(commands.AddType(EntityType(name="PERSON")))
    label(session, new, "Ada", "PERSON")
    sync(session, server, project)
    assert "PERSON" in names_there(server, project)
