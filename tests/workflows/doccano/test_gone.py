"""Documents that are gone on one side, and one way alone."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.document import State
from annotator.workflows.doccano import (
    Choices,
    Way,
    plan_sync,
)
from annotator.workflows.session import Session
from tests.builders import a_document
from tests.editing.test_removing import remove
from tests.sync.fake_server import FakeServer
from tests.workflows.doccano.both_sides import (
    a_pair,
    label,
    numbers,
    remove_there,
    said,
    said_there,
    sync,
)


@pytest.mark.parametrize("deletes", [False, True])
def test_documents_that_are_gone_on_one_side_are_left_alone_unless_chosen(
    session: Session, server: FakeServer, *, deletes: bool
) -> None:
    project, here, number = a_pair(session, server)
    there = a_document(session, "Another.", source="other")
    undone = a_document(session, "A third.", source="third")
    sync(session, server, project)
    others = [each for each in numbers(server, project) if each != number]
    session.do(commands.RemoveDocuments((here,)))
    server.delete_document(project.id, others[0])
    session.undo(undone)
    assert session.document_keys() == [there]
    plan, _ = sync(
        session, server, project, Choices(delete_missing_here=deletes, delete_missing_there=deletes)
    )
    assert (plan.missing_here, plan.missing_there, plan.counts) == (2, 1, {})
    assert session.document_keys() == ([] if deletes else [there])
    assert numbers(server, project) == ([others[1]] if deletes else [number, others[1]])
    again = plan_sync(session, server, project)
    assert again.is_empty
    assert (again.missing_here, again.missing_there) == (0, 0)
    if not deletes:  # which was an act after the undo
        session.redo(undone)
        assert undone in session.document_keys()
        assert plan_sync(session, server, project).is_empty


def test_what_was_removed_for_good_does_not_come_again(session: Session, server: FakeServer) -> None:
    project, document, number = a_pair(session, server)
    session.do(commands.SetNote(kind=None, key=document, note="Randbemerkung"))
    sync(session, server, project)
    remove(session, document)
    assert b"Randbemerkung" not in session.path.read_bytes()
    plan, _ = sync(session, server, project)
    assert plan.is_empty
    assert session.document_keys() == []
    assert numbers(server, project) == [number]


def test_a_document_is_left_as_it_is_on_demand(session: Session, server: FakeServer) -> None:
    project, document, number = a_pair(session, server)
    label(session, document, "Rome", "GPE")
    server.put(project.id, "Comes not.")
    identity = session.document(document).id
    last = numbers(server, project)[-1]
    _, done = sync(session, server, project, Choices(skipped=frozenset({identity, f"remote:{last}"})))
    assert done.done == {}
    assert ("Rome", "GPE") not in said_there(server, project, number)
    assert session.document_keys() == [document]
    assert len(plan_sync(session, server, project).documents) == 2


@pytest.mark.parametrize("only", list(Way))
def test_one_way_alone(session: Session, server: FakeServer, only: Way) -> None:
    project, document, number = a_pair(session, server)
    label(session, document, "Rome", "GPE")
    session.do(commands.SetNote(kind=None, key=document, note="mine"))
    remove_there(server, project, number, "Bob")
    server.confirm(project.id, number, confirmed=True)
    _, done = sync(session, server, project, Choices(only=only))
    assert {way for way, _, _ in done.done} == {only}
    assert (("Bob", "PERSON") in said(session, document)) is (only is Way.THERE)
    assert (("Rome", "GPE") in said_there(server, project, number)) is (only is Way.THERE)
    rest, done = sync(session, server, project)
    assert {way for way, _, _ in done.done} == set(Way) - {only}
    assert rest.counts == done.done
    assert (
        said(session, document) == said_there(server, project, number) == {("Ada", "PERSON"), ("Rome", "GPE")}
    )
    assert session.document(document).state is State.DONE
    assert plan_sync(session, server, project).is_empty
