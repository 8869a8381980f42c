"""The commands of doccano, with a server in memory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.sync.remote import LoginError, RemoteProject
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project, place
from tests.cli.test_commands import Terminal
from tests.sync.fake_server import FakeServer
from tests.workflows.conftest import PlainMachine

TEXT = "Ada met Bob in Rome."
SERVER = ("--url", "http://fake", "--user", "ada", "--project", "News")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """Give a server with an empty project, on which everybody may log in with one password."""
    server = FakeServer()
    wanted = RemoteProject(
        id=0, name="News", kind="SequenceLabeling", has_relations=True, allows_overlap=True
    )
    server.create_project(wanted)

    def log_in(address: str, name: str, password: str, *, trust: Path | None = None) -> FakeServer:
        assert (address, name, trust) == ("http://fake", "ada", None)
        if password != "secret":
            raise LoginError("The server does not know this account and password.")
        return server

    monkeypatch.setattr("annotator.sync.client.log_in", log_in)
    return server


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: FakeServer
) -> Terminal:
    assert server.address
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setenv("ANNOTATOR_NAME", "Mara")
    monkeypatch.setenv("ANNOTATOR_DOCCANO_PASSWORD", "secret")
    monkeypatch.setattr("annotator.workflows.importing.machine_of", lambda _session: PlainMachine())
    return Terminal(capsys)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    session = a_project(tmp_path, name="p")
    document = a_document(session, TEXT, source="first")
    session.do(commands.AddSpan(document, place(TEXT, "Ada"), "PERSON"))
    session.close()
    return session.path


def only(server: FakeServer) -> RemoteProject:
    (found,) = server.kept.values()
    return found.told


def test_a_project_is_brought_into_a_new_file_and_back(
    run: Terminal, tmp_path: Path, server: FakeServer
) -> None:
    document = server.put(only(server).id, TEXT, (0, 3, "PERSON"))
    out = run("doccano", "pull", tmp_path / "news", *SERVER, "--dry-run")
    assert "News: 1 documents; label types: PERSON." in out
    assert not (tmp_path / "news.annot").exists()
    out = run("doccano", "pull", tmp_path / "news", *SERVER, "--yes")
    assert "documents into this project" in out
    session = open_project(tmp_path / "news.annot", annotator="Mara")
    (key,) = session.document_keys()
    session.do(commands.AddSpan(key, place(TEXT, "Bob"), "PERSON"))
    session.close()
    out = run("doccano", "status", tmp_path / "news")
    assert "News on http://fake, account ada" in out
    assert "1 linked document, 1 of them changed here since" in out
    # Server, account and project are known by now.
    out = run("doccano", "push", tmp_path / "news", "--dry-run")
    assert "spans to the server" in out
    assert len(document.spans) == 1
    told = json.loads(run("doccano", "push", tmp_path / "news", "--yes", "--json"))
    assert told["done"] == [{"way": "there", "deed": "add", "thing": "span", "count": 1}]
    assert told["spans"] == 1
    assert len(document.spans) == 2
    assert "Nothing is to be done." in run("doccano", "sync", tmp_path / "news", "--yes")


def test_a_project_is_made_on_the_server_where_that_is_asked_for(
    run: Terminal, project: Path, server: FakeServer
) -> None:
    other = (*SERVER[:-1], "Other", "--yes")
    assert "has no project Other" in run.refused("doccano", "push", project, *other)
    run("doccano", "push", project, *other, "--make", "--individual")
    made = next(each for each in server.kept.values() if each.told.name == "Other")
    assert (made.told.is_shared, len(made.documents)) == (False, 1)


def test_conflicts_are_left_with_1_and_decided_on_demand(
    run: Terminal, project: Path, server: FakeServer
) -> None:
    run("doccano", "sync", project, *SERVER, "--yes")
    (document,) = server.kept[only(server).id].documents.values()
    server.create_comment(only(server).id, document.id, "theirs")
    session = open_project(project, annotator="Mara")
    (key,) = session.document_keys()
    session.do(commands.SetNote(kind=None, key=key, note="mine"))
    session.close()
    out = run("doccano", "sync", project, "--yes", code=1)
    assert "Left as they are; say --mine or --theirs: 1 conflict" in out
    assert "here mine; there theirs" in out
    told = json.loads(run("doccano", "sync", project, "--dry-run", "--json"))
    assert [each["thing"] for each in told["plan"]["conflicts"]] == ["note"]
    run("doccano", "sync", project, "--yes", "--choose", "note=mine")
    assert [each.text for each in document.comments] == ["mine"]
    assert "not of the form" in run.refused("doccano", "sync", project, "--choose", "note")


def test_a_label_type_that_is_gone_is_named_and_deleted_on_demand(
    run: Terminal, project: Path, server: FakeServer
) -> None:
    run("doccano", "sync", project, *SERVER, "--yes")
    session = open_project(project, annotator="Mara")
    session.do(commands.DeleteType(kind=Kind.SPAN, name="GPE"))
    session.close()
    out = run("doccano", "sync", project, "--yes")
    assert "Label type GPE gone here, and used nowhere; it stays unless you say --delete-missing." in out
    told = json.loads(run("doccano", "sync", project, "--dry-run", "--json"))
    assert {"way": "there", "kind": "span", "name": "GPE"} in told["plan"]["gone_types"]
    run("doccano", "sync", project, "--yes", "--delete-missing")
    assert "GPE" not in {each.name for each in server.kept[only(server).id].types}


def test_nothing_is_done_where_nobody_can_be_asked(run: Terminal, project: Path, server: FakeServer) -> None:
    assert "--yes" in run.refused("doccano", "sync", project, *SERVER)
    assert not server.kept[only(server).id].documents


def test_a_wrong_password_and_none_are_told(
    run: Terminal, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_DOCCANO_PASSWORD", "wrong")
    assert "does not know this account" in run.refused("doccano", "sync", project, *SERVER, "--yes")
    monkeypatch.delenv("ANNOTATOR_DOCCANO_PASSWORD")
    monkeypatch.setattr("annotator.workflows.passwords._backend", lambda: None)
    message = run.refused("doccano", "sync", project, *SERVER, "--yes")
    assert "There is no password for ada" in message


def test_what_is_missing_is_asked_for_by_its_switch(run: Terminal, project: Path) -> None:
    assert "--url" in run.refused("doccano", "sync", project)
    assert "--user" in run.refused("doccano", "sync", project, "--url", "http://fake")
    assert "not linked" in run("doccano", "status", project)
