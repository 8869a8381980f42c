"""Both sides of a sync: a project here, and a server in memory that behaves, and misbehaves, like the real one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import Fragment, How, Kind
from annotator.model.document import State
from annotator.model.errors import UserError
from annotator.model.schema import EntityType
from annotator.store.links import links_of
from annotator.sync.remote import (
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    RemoteType,
    TypeKind,
    UnreachableError,
)
from annotator.sync.units import Offsets, Unit
from annotator.workflows import doccano_changing, doccano_reading
from annotator.workflows.checking import check
from annotator.workflows.doccano import (
    Choices,
    Deed,
    Options,
    Side,
    SyncPlan,
    SyncResult,
    Thing,
    Way,
    carry_out,
    details_of,
    make_project,
    plan_sync,
    projects_of,
    pull,
    pull_into_new,
    status,
)
from annotator.workflows.machine import is_in_process
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, place
from tests.editing.test_removing import remove
from tests.sync.fake_server import OTHER, FakeServer, KilledError, Trouble
from tests.workflows.conftest import PlainMachine

TEXT = "Ada met Bob in Rome."
EMOJI = "👩‍🚀 Ada met عَرَب in Rome 🇫🇷."
BOTH = Choices()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doccano_reading, "PAUSE", 0.0)


@pytest.fixture
def server() -> FakeServer:
    """Give a server with nothing on it."""
    return FakeServer()


def a_remote_project(server: FakeServer, **more: object) -> RemoteProject:
    told = {"kind": "SequenceLabeling", "has_relations": True, "allows_overlap": True, **more}
    return server.create_project(RemoteProject(id=0, name="News", **told))  # type: ignore[arg-type]


def label(session: Session, document: int, words: str, name: str) -> None:
    session.do(commands.AddSpan(document, place(session.text(document), words), name))


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
    server: FakeServer,
    project: RemoteProject,
    choices: Choices = BOTH,
    options: Options | None = None,
) -> tuple[SyncPlan, SyncResult]:
    plan = plan_sync(session, server, project, options)
    done = carry_out(session, server, plan, choices)
    assert check(session.project).breaches == ()
    return plan, done


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


# ---------------------------------------------------------------------- bringing in


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
    monkeypatch.setattr(doccano_reading, "MANY", 4)
    session.machine = None
    pull(session, server, project)
    assert is_in_process(session)
    monkeypatch.setattr(doccano_reading, "MANY", 1)
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


# ---------------------------------------------------------------------- sending


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


# ---------------------------------------------------------------------- conflicts, one of each kind


CONFLICTS = [Side.MINE, Side.THEIRS, Side.LEAVE]


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
    assert plan.missing_there == 1
    done = carry_out(session, server, plan, Choices(conflicts=side))
    assert session.document_keys() == ([] if side is Side.THEIRS else [document])
    assert len(numbers(server, project)) == (side is Side.MINE)
    assert list(done.left) == ([conflict] if side is Side.LEAVE else [])
    assert len(plan_sync(session, server, project).conflicts) == (side is Side.LEAVE)


@pytest.mark.parametrize("side", CONFLICTS)
def test_a_document_deleted_here_and_changed_there(session: Session, server: FakeServer, side: Side) -> None:
    project, document, number = a_pair(session, server)
    session.do(commands.RemoveDocuments((document,)))
    relabel_there(server, project, number, "Bob", "GPE")
    plan = plan_sync(session, server, project)
    (conflict,) = plan.conflicts
    assert (conflict.mine, conflict.theirs, plan.missing_here) == ("deleted", "changed", 1)
    carry_out(session, server, plan, Choices(conflicts=side))
    assert len(session.document_keys()) == (side is Side.THEIRS)
    assert len(numbers(server, project)) == (side is not Side.MINE)
    assert len(plan_sync(session, server, project).conflicts) == (side is Side.LEAVE)


# ---------------------------------------------------------------------- what is gone on one side


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


# ---------------------------------------------------------------------- other people's work


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


# ---------------------------------------------------------------------- trouble


def _lay(session: Session, server: FakeServer) -> RemoteProject:
    """Lay work of all kinds on both sides, all of it still to be done."""
    project = a_remote_project(server)
    keys = []
    for number in range(4):
        key = a_document(session, f"{TEXT} {number}", source=str(number))
        label(session, key, "Ada", "PERSON")
        label(session, key, "Bob", "PERSON")
        relate(session, key, "Ada", "Bob", "MET")
        keys.append(key)
    sync(session, server, project)
    _, second, third, fourth = numbers(server, project)
    session.do(commands.RelabelSpans((session.annotations(keys[0]).spans[1].key,), "ROLE"))
    session.do(commands.SetNote(kind=None, key=keys[0], note="one"))
    label(session, keys[1], "Rome", "GPE")
    session.do(commands.FinishDocument(document=keys[1]))
    session.do(commands.RemoveSpans((session.annotations(keys[2]).spans[0].key,)))
    session.do(commands.AddType(EntityType(name="DATE")))
    new = a_document(session, "Eve left in May.", source="new")
    label(session, new, "Eve", "PERSON")
    label(session, new, "May", "DATE")
    session.do(commands.SetNote(kind=None, key=new, note="new"))
    server.confirm(project.id, third, confirmed=True)
    server.create_comment(project.id, second, "theirs")
    remove_there(server, project, fourth, "Ada")
    server.put(project.id, "Oslo is cold.", (0, 4, "GPE"))
    return project


def _state(session: Session, server: FakeServer, project: RemoteProject) -> tuple[object, object, object]:
    """Give all that both sides hold, without numbers."""
    here = sorted(
        (
            session.text(key),
            sorted(said(session, key)),
            sorted(each.label for each in session.annotations(key).relations),
            session.document(key).note,
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
            bool(document.confirmed),
        )
        for document in server.kept[project.id].documents.values()
    )
    return here, there, sorted((each.kind, each.name) for each in server.kept[project.id].types)


@pytest.fixture
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Give what comes of that work when nothing goes wrong."""
    session = a_project(tmp_path_factory.mktemp("whole"))
    session.machine = PlainMachine()
    server = FakeServer()
    project = _lay(session, server)
    sync(session, server, project)
    found = _state(session, server, project)
    here, there, _ = found
    assert here == there
    assert plan_sync(session, server, project).is_empty
    yield found
    session.close()


@pytest.mark.parametrize("seed", range(14))
def test_killed_anywhere_it_goes_on_without_losing_or_doubling(
    session: Session, server: FakeServer, wanted: object, seed: int
) -> None:
    project = _lay(session, server)
    chance = random.Random(seed)
    kills = 0
    for _ in range(60):
        server.trouble = Trouble(random=chance, kills_after=chance.randrange(3, 45))
        try:
            sync(session, server, project)
            break
        except KilledError:
            kills += 1
    server.trouble = Trouble()
    sync(session, server, project)
    assert _state(session, server, project) == wanted
    assert plan_sync(session, server, project).is_empty


@pytest.mark.parametrize("seed", range(10))
def test_with_requests_lost_and_doubled_it_ends_in_the_same_state(
    session: Session, server: FakeServer, wanted: object, seed: int
) -> None:
    project = _lay(session, server)
    server.trouble = Trouble(random=random.Random(seed), chance=0.08)
    for _ in range(60):
        try:
            sync(session, server, project)
            break
        except UnreachableError:
            continue
    server.trouble = Trouble()
    sync(session, server, project)
    assert _state(session, server, project) == wanted
    assert plan_sync(session, server, project).is_empty


def test_what_changes_here_while_a_plan_is_looked_at_is_left(session: Session, server: FakeServer) -> None:
    project, document, number = a_pair(session, server)
    relabel_there(server, project, number, "Bob", "GPE")
    plan = plan_sync(session, server, project)
    label(session, document, "Rome", "GPE")
    done = carry_out(session, server, plan)
    assert "changed here meanwhile" in done.problems[0].message
    assert ("Bob", "PERSON") in said(session, document)
    sync(session, server, project)
    assert said(session, document) == said_there(server, project, number)


def test_a_text_that_is_on_both_sides_once_is_the_same_document(session: Session, server: FakeServer) -> None:
    project = a_remote_project(server)
    document = a_document(session, TEXT, source="mine")
    label(session, document, "Ada", "PERSON")
    server.put(project.id, TEXT, (8, 11, "PERSON"))
    _, done = sync(session, server, project)
    assert said(session, document) == {("Ada", "PERSON"), ("Bob", "PERSON")}
    assert len(numbers(server, project)) == 1
    assert (Way.THERE, Deed.ADD, Thing.DOCUMENT) not in done.done


def test_many_documents_are_read_back_from_one_export(
    session: Session, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doccano_changing, "SINGLY", 1)
    monkeypatch.setattr(doccano_changing, "FEW", 1)
    project = a_remote_project(server)
    keys = [a_document(session, f"{TEXT} {number}", source=str(number)) for number in range(4)]
    sync(session, server, project)
    for key in keys:
        label(session, key, "Ada", "PERSON")
        session.do(commands.SetNote(kind=None, key=key, note="look"))
    before = server.calls.count("document")
    _, done = sync(session, server, project)
    assert server.calls.count("document") == before
    assert done.done[Way.THERE, Deed.ADD, Thing.SPAN] == 4
    assert plan_sync(session, server, project).is_empty
    for key in keys:  # states and comments need not even that
        session.do(commands.SetNote(kind=None, key=key, note="look again"))
        session.do(commands.FinishDocument(document=key))
    exports = server.calls.count("export")
    sync(session, server, project)
    assert server.calls.count("document") == before
    assert server.calls.count("export") == exports + 1
    assert plan_sync(session, server, project).is_empty


def test_links_hold_no_words_of_a_text(session: Session, server: FakeServer) -> None:
    project, _, _ = a_pair(session, server)
    (system,) = {row[0] for row in session.project.rows("SELECT system FROM external_id")}
    written = " ".join(each.base for each in links_of(session.project, system) if "document/" in each.remote)
    assert "Ada" not in written
    assert "PERSON" not in written
    assert session.usage()[Kind.SPAN, "PERSON"][0] == 2
    assert project.id
