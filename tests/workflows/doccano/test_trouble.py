"""Kills, lost and doubled requests, and changes in between: it ends in the same state."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.model.schema import EntityType
from annotator.store.links import links_of
from annotator.sync.remote import (
    RemoteProject,
    UnreachableError,
)
from annotator.workflows.doccano import (
    Deed,
    Thing,
    Way,
    carry_out,
    changing,
    plan_sync,
)
from annotator.workflows.session import Session
from tests.builders import a_document, a_project
from tests.sync.fake_server import FakeServer, KilledError, Trouble
from tests.workflows.conftest import PlainMachine
from tests.workflows.doccano.both_sides import (
    TEXT,
    a_pair,
    a_remote_project,
    describe,
    label,
    numbers,
    relabel_there,
    relate,
    remove_there,
    said,
    said_there,
    state_of,
    sync,
)


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
    describe(session, keys[3], page=3)
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


@pytest.fixture
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Give what comes of that work when nothing goes wrong."""
    session = a_project(tmp_path_factory.mktemp("whole"))
    session.machine = PlainMachine()
    server = FakeServer()
    project = _lay(session, server)
    sync(session, server, project)
    found = state_of(session, server, project)
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
    assert state_of(session, server, project) == wanted
    assert plan_sync(session, server, project).is_empty


@pytest.mark.parametrize("seed", range(10))
def test_with_requests_lost_and_doubled_it_ends_in_the_samestate_of(
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
    assert state_of(session, server, project) == wanted
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
    monkeypatch.setattr(changing, "SINGLY", 1)
    monkeypatch.setattr(changing, "FEW", 1)
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
