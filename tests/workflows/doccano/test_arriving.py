"""Bringing in what a server holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import Fragment, How
from annotator.model.document import State
from annotator.model.errors import UserError
from annotator.sync.remote import (
    RemoteSpan,
    RemoteType,
    TypeKind,
)
from annotator.sync.units import Offsets, Unit
from annotator.workflows.doccano import (
    Deed,
    Options,
    Thing,
    Way,
    details_of,
    pull_into_new,
    reading,
    status,
)
from annotator.workflows.machine import is_in_process
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_document
from tests.sync.fake_server import OTHER, FakeServer, KilledError, Trouble
from tests.workflows.doccano.both_sides import (
    EMOJI,
    TEXT,
    a_remote_project,
    label,
    pull,
    said,
    said_there,
    sync,
)


def test_a_project_comes_in_with_all_it_holds(session: Session, server: FakeServer) -> None:
    project = a_remote_project(server)
    server.create_type(project.id, RemoteType(kind=TypeKind.SPAN, name="LOC", background="#0c7365", key="l"))
    server.create_type(project.id, RemoteType(kind=TypeKind.RELATION, name="IN", background="#112233"))
    start = EMOJI.encode("utf-16-le").index("Rome".encode("utf-16-le")) // 2
    document = server.put(project.id, EMOJI, (start, start + 4, "LOC"), year=1999)
    server.create_comment(project.id, document.id, "first")
    server.create_comment(project.id, document.id, "second")
    server.confirm(project.id, document.id, confirmed=True)
    document.categories[0] = ["sport"]
    done = pull(session, server, project)
    (key,) = session.document_keys()
    assert session.text(key) == EMOJI
    assert said(session, key) == {("Rome", "LOC")}
    told = session.document(key)
    assert (told.note, told.state, told.metadata) == ("first\n\nsecond", State.DONE, {"year": 1999})
    assert told.attributes == {"doccano": {"categories": ["sport"]}}
    kind = session.schema.entity("LOC")
    assert kind is not None
    assert (kind.color, kind.shortcut) == ("teal", "L l")
    (span,) = session.annotations(key).spans
    assert (span.provenance.annotator, span.provenance.how) == ("ada", How.IMPORTED)
    assert done.done[Way.HERE, Deed.ADD, Thing.DOCUMENT] == 1
    assert done.first_document == key
    assert server.calls.count("export") == 1
    assert pull(session, server, project).done == {}
    assert len(session.document_keys()) == 1
    for step in done.steps:
        session.do(commands.Undo(steps=(step,)))
    assert session.document_keys() == []


def test_a_worker_begins_before_many_documents_come(
    session: Session, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = a_remote_project(server)
    for number in range(3):
        server.put(project.id, f"{TEXT} {number}", (0, 3, "PERSON"))
    monkeypatch.setattr(reading, "MANY", 4)
    session.machine = None
    pull(session, server, project)
    assert is_in_process(session)
    monkeypatch.setattr(reading, "MANY", 1)
    server.put(project.id, f"{TEXT} 3", (0, 3, "PERSON"))
    pull(session, server, project)
    assert not is_in_process(session)
    assert [len(session.tokens(key)) for key in session.document_keys()] == [7] * 4


def test_a_project_comes_into_a_new_file(tmp_path: Path, server: FakeServer) -> None:
    project = a_remote_project(server)
    server.put(project.id, TEXT, (0, 3, "PERSON"))
    path = tmp_path / "news.annot"
    pull_into_new(path, server, project, annotator="eve")
    session = open_project(path, annotator="eve")
    assert said(session, session.document_keys()[0]) == {("Ada", "PERSON")}
    found = status(session)
    assert found is not None
    assert (found.project, found.account, found.linked, found.changed_here) == ("News", "ada", 1, 0)
    label(session, session.document_keys()[0], "Bob", "PERSON")
    a_document(session, "Another.", source="other")
    found = status(session)
    assert found is not None
    assert (found.changed_here, found.new_here) == (1, 1)
    session.close()
    other = tmp_path / "none.annot"
    server.trouble = Trouble(kills_after=3)
    with pytest.raises(KilledError):
        pull_into_new(other, server, project, annotator="eve")
    assert not other.exists()


@pytest.mark.parametrize("unit", ["code points", "utf-16", "graphemes"])
def test_offsets_come_and_go_in_the_server_s_unit(session: Session, server: FakeServer, unit: str) -> None:
    project = a_remote_project(server, counts_graphemes=unit == "graphemes")
    offsets = Offsets(EMOJI, Unit(unit))
    places = [(EMOJI.index(words), EMOJI.index(words) + len(words)) for words in ("Rome", "Ada", "عَرَب", "🇫🇷")]
    there = [offsets.there(*pair) for pair in places]
    server.put(project.id, EMOJI, *((*pair, "X") for pair in there if pair is not None))
    pull(session, server, project)
    (key,) = session.document_keys()
    assert sorted((each.start, each.end) for each in session.annotations(key).spans) == sorted(places)
    session.do(commands.AddSpan(key, (Fragment(0, 3),), "PERSON"))
    sync(session, server, project)
    (document,) = server.kept[project.id].documents.values()
    assert (*(offsets.there(0, 3) or ()), "PERSON") in {
        (each.start, each.end, each.label) for each in document.spans
    }


def test_in_individual_projects_each_member_s_work_is_their_own(session: Session, server: FakeServer) -> None:
    project = a_remote_project(server, is_shared=False)
    document = server.put(project.id, TEXT, (0, 3, "PERSON"))
    kind = server.types(project.id)[0].id
    other = server.as_member(OTHER)
    other.create_span(project.id, document.id, RemoteSpan(start=8, end=11, label="PERSON"), kind)
    pull(session, server, project)
    (key,) = session.document_keys()
    assert said(session, key) == {("Ada", "PERSON")}
    sync(session, server, project)
    assert said_there(server, project, document.id) == {("Ada", "PERSON"), ("Bob", "PERSON")}
    session.do(commands.RemoveSpans((session.annotations(key).spans[0].key,)))
    sync(session, server, project)
    assert said_there(server, project, document.id) == {("Bob", "PERSON")}
    assert details_of(server, project).members == ("ada", "bob")


def test_work_of_another_member_can_be_read_but_not_sent(session: Session, server: FakeServer) -> None:
    project = a_remote_project(server, is_shared=False)
    document = server.put(project.id, TEXT)
    other = server.as_member(OTHER)
    server.create_type(project.id, RemoteType(kind=TypeKind.SPAN, name="PERSON"))
    kind = server.types(project.id)[0].id
    other.create_span(project.id, document.id, RemoteSpan(start=8, end=11, label="PERSON"), kind)
    pull(session, server, project, Options(member="bob"))
    (key,) = session.document_keys()
    assert said(session, key) == {("Bob", "PERSON")}
    assert session.annotations(key).spans[0].provenance.annotator == "bob"
    with pytest.raises(UserError, match="only bob can send"):
        sync(session, server, project, options=Options(member="bob"))
