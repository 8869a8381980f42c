"""Every command of the terminal from all its sides: help, JSON, and what it says when it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from annotator.cli.every_command import COMMANDS
from annotator.editing import commands
from annotator.sync.remote import RemoteProject
from annotator.workflows.backups import make_backup
from tests.builders import a_document, a_project
from tests.cli.test_commands import Terminal
from tests.pipelines import a_pipeline
from tests.sync.fake_server import FakeServer

FACES = [
    (each.name or "", *([sub] if sub else []))
    for each in COMMANDS
    if not each.hidden
    for sub in (each.commands if isinstance(each, click.Group) else [""])
]
"""Every command by its words; the project stands between those of a group."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    from tests.workflows.conftest import PlainMachine

    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setenv("ANNOTATOR_NAME", "Mara")
    monkeypatch.setattr("annotator.workflows.suggesting.machine_of", lambda _session: PlainMachine())
    return Terminal(capsys)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with a finished document and one with a candidate, and a backup of it."""
    session = a_project(tmp_path, name="p")
    first = a_document(session, "[Ada](PERSON) met [Bob](PERSON).", source="a")
    a_document(session, "[Eve](PERSON) left.", source="b")
    session.do(commands.FinishDocument(document=first, accept_rest=True))
    session.close()
    return session.path


Arguments = Callable[[Path, Path], list[object]]
"""Gives what a command needs behind its words to do its work, for a project and a folder."""
_SERVER = ("--url", "http://fake", "--user", "ada", "--project", "News", "--yes")
GOOD: dict[str, Arguments] = {
    "new": lambda _project, folder: [folder / "n.annot"],
    "suggest": lambda project, _folder: [project],
    "learn": lambda project, _folder: [project],
    "accept": lambda project, _folder: [project],
    "info": lambda project, _folder: [project],
    "import": lambda project, folder: [project, folder / "a.txt"],
    "export": lambda project, folder: [project, folder / "out.jsonl"],
    "convert": lambda _project, folder: [folder / "a.txt", folder / "b.annot.jsonl"],
    "check": lambda project, _folder: [project],
    "formats": lambda _project, _folder: [],
    "copy": lambda project, folder: [project, folder / "copy.annot"],
    "backup": lambda project, _folder: [project],
    "backups": lambda project, _folder: [project],
    "restore": lambda project, _folder: [project, "1"],
    "take-over": lambda project, _folder: [project],
    "remove": lambda project, _folder: [project, "--document", "a"],
    "repair": lambda project, folder: [project, "--to", folder / "r.annot"],
    "patterns add": lambda _project, folder: [folder / "a.txt", "--label", "GPE"],
    "patterns list": lambda _project, _folder: [],
    "patterns try": lambda _project, _folder: ["words"],
    "patterns switch": lambda _project, _folder: ["words", "off"],
    "patterns remove": lambda _project, _folder: ["words"],
    "pipelines add": lambda _project, folder: [folder / "small"],
    "pipelines list": lambda _project, _folder: [],
    "pipelines remove": lambda _project, _folder: ["en_small"],
    "doccano pull": lambda project, _folder: [project, *_SERVER],
    "doccano push": lambda project, _folder: [project, *_SERVER],
    "doccano sync": lambda project, _folder: [project, *_SERVER],
    "doccano status": lambda project, _folder: [project],
    "train": lambda project, folder: [project, folder / "model"],
}
OF_A_PROJECT = {each.name for each in COMMANDS if isinstance(each, click.Group) and each.params}
"""The groups between whose words a project stands."""
SLOW = "train"
"""Does its work in seconds; its own tests look at its JSON."""


def words_of(face: tuple[str, ...], project: Path, *more: object) -> list[object]:
    """Write a command down."""
    name, *sub = face
    return [name, *([project] if name in OF_A_PROJECT else []), *sub, *more]


def test_every_command_is_looked_at() -> None:
    assert set(GOOD) == set(map(" ".join, FACES))


@pytest.mark.parametrize("face", FACES, ids=" ".join)
def test_help_names_the_command_and_explains_every_option(
    run: Terminal, project: Path, face: tuple[str, ...]
) -> None:
    command: click.Command = next(each for each in COMMANDS if each.name == face[0])
    assert face[0] in run("--help")
    if isinstance(command, click.Group):
        assert face[1] in run(face[0], "--help")
        command = command.commands[face[1]]
    out = run(*words_of(face, project, "--help"))
    assert "--json" in out
    assert command.help
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [each.opts[0] for each in options if not each.help] == []
    assert all(each.opts[0] in out for each in options)


@pytest.mark.parametrize("face", [each for each in FACES if each != (SLOW,)], ids=" ".join)
def test_json_is_one_line(
    run: Terminal, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, face: tuple[str, ...]
) -> None:
    (tmp_path / "a.txt").write_text("Zoe left.", encoding="utf-8")
    if face[0] == "patterns":
        (tmp_path / "words.txt").write_text("Oslo\n", encoding="utf-8")
        run("patterns", project, "add", tmp_path / "words.txt", "--label", "GPE")
    if face[0] == "pipelines":
        a_pipeline(tmp_path / "small", name="small")
        run("pipelines", "add", tmp_path / "small")
    if face[0] == "restore":
        make_backup(project)
    if face[0] == "doccano":
        monkeypatch.setenv("ANNOTATOR_DOCCANO_PASSWORD", "secret")
        server = FakeServer()
        server.create_project(RemoteProject(id=0, name="News", kind="SequenceLabeling"))
        monkeypatch.setattr("annotator.sync.client.log_in", lambda *_told, **_more: server)
    out = run(*words_of(face, project, *GOOD[" ".join(face)](project, tmp_path), "--json"))
    (line,) = out.splitlines()
    assert isinstance(json.loads(line), (dict, list))
    assert run.err == ""


@pytest.mark.parametrize("face", FACES, ids=" ".join)
def test_wrong_use_and_missing_files_are_2_and_told_on_standard_error(
    run: Terminal, tmp_path: Path, face: tuple[str, ...]
) -> None:
    missing = tmp_path / "missing.annot"
    assert "No such option" in run.refused(*words_of(face, missing, "--nope"))
    if face[0] not in ("formats", "patterns") and face != ("pipelines", "list"):
        assert "Usage: annotator" in run.refused(*face)
    needs_none = ("formats", "new", "convert", "backups", "pipelines")
    if face[0] not in needs_none and face != ("doccano", "pull"):
        message = run.refused(*words_of(face, missing, *GOOD[" ".join(face)](missing, tmp_path)))
        assert message.startswith("annotator: ")
        assert "missing.annot" in message
