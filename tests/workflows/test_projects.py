"""Making and opening projects, schemas from presets and files, and the list of recent ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.model.errors import FormatError, LockedError, ProjectError, RuleError
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.workflows import recent
from annotator.workflows.projects import (
    load_schema,
    new_project,
    open_project,
    preset_schemas,
    sample_project,
    save_schema,
    seed_languages,
)
from tests.builders import SCHEMA, a_project
from tests.house.source import ROOT


def test_a_new_project_has_its_name_language_and_types(tmp_path: Path) -> None:
    session = new_project(
        tmp_path / "letters", name="Letters", schema=SCHEMA, language="de", annotator="Mara"
    )
    assert session.path == tmp_path / "letters.annot"
    assert (session.name, session.language) == ("Letters", "de")
    assert [each.name for each in session.schema.entities] == ["PERSON", "ROLE", "GPE"]
    assert (session.schema.title, session.schema.language) == ("Letters", "de")
    session.close()


def test_a_project_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    wrong = Schema((EntityType(name="A"),), (RelationType(name="R", heads=("NOPE",)),))
    with pytest.raises(RuleError, match="names an end NOPE"):
        new_project(tmp_path / "a.annot", name="a", schema=wrong, language="en", annotator="Mara")
    for path in (Path(), Path("/")):
        with pytest.raises(ProjectError, match="is a folder"):
            new_project(path, name="a", schema=SCHEMA, language="en", annotator="Mara")
    assert list(tmp_path.iterdir()) == []


def test_a_project_that_was_being_made_by_a_killed_program_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.annot"
    script = f"""
import os, signal
from pathlib import Path
from annotator.editing.editor import Editor
from annotator.workflows.projects import load_schema, new_project
Editor.do = lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM)
signal.signal(signal.SIGTERM, lambda *_: os._exit(9))
new_project(Path({str(path)!r}), name="a", schema=load_schema("news"), language="en", annotator="killed")
"""
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False, capture_output=True)
    assert ended.returncode == 9, ended.stderr
    assert not path.exists()
    assert all(each.name.startswith(".a.annot.") for each in tmp_path.iterdir())
    if (
        sys.platform != "linux"
    ):  # elsewhere it must be some minutes old: a process cannot be asked for its start
        for each in tmp_path.iterdir():
            os.utime(each, (0, 0))
    session = new_project(path, name="a", schema=SCHEMA, language="en", annotator="Mara")
    session.close()
    assert list(tmp_path.iterdir()) == [path]


def test_a_project_open_elsewhere_can_be_read(tmp_path: Path) -> None:
    first = a_project(tmp_path)
    with pytest.raises(LockedError):
        open_project(first.path, annotator="Ben")
    reader = open_project(first.path, annotator="Ben", or_read_only=True)
    assert (reader.read_only, first.read_only, first.holder) == (True, False, "")
    assert f"process {os.getpid()}" in reader.holder
    reader.close()
    first.close()


def test_the_preset_is_what_the_seeds_are_labelled_with() -> None:
    ((name, schema),) = preset_schemas()
    assert name == "news"
    assert [each.name for each in schema.entities] == [
        "PERSON",
        "ROLE",
        "ORG",
        "GPE",
        "LOC",
        "FAC",
        "NORP",
        "DATE",
        "EVENT",
    ]
    assert [each.name for each in schema.relations if each.symmetric] == ["MET", "SPOKE_WITH"]
    assert load_schema("news") == schema
    assert all(each.guideline for each in schema.entities)


def test_a_schema_is_read_from_a_file_and_kept_in_one(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    save_schema(SCHEMA, path, name="own")
    assert load_schema(str(path)) == SCHEMA
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_schema(str(path)) == SCHEMA


def test_a_schema_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"nope is neither a preset \(news\) nor a file"):
        load_schema("nope")
    with pytest.raises(FormatError, match="neither a preset"):
        load_schema(str(tmp_path))
    path = tmp_path / "own.toml"
    path.write_bytes(b'name = "caf\xe9"')
    with pytest.raises(FormatError, match=r"own\.toml is not UTF-8: byte 0xe9 at 11"):
        load_schema(str(path))
    path.write_text("[[entity")
    with pytest.raises(FormatError, match=r"own\.toml is not TOML"):
        load_schema(str(path))
    with pytest.raises(FormatError, match="cannot be written"):
        save_schema(SCHEMA, tmp_path / "no" / "x.toml", name="x")


def test_the_sample_project_holds_the_seed_articles_in_their_languages(tmp_path: Path) -> None:
    path = sample_project(tmp_path / "samples", annotator="Mara")
    assert sample_project(tmp_path / "samples", annotator="Ben") == path
    session = open_project(path, annotator="Mara")
    rows = session.documents()
    assert len(rows) >= 8
    assert {row.language for row in rows} == set(seed_languages().values()) > {"en"}
    assert session.usage() == {}
    session.close()


def test_recent_projects_stand_newest_first_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    assert recent.recent_projects() == []
    paths = []
    for name in ("a", "b", "a"):
        path = tmp_path / f"{name}.annot"
        session = open_project(path, annotator="Mara") if path.exists() else a_project(tmp_path, name=name)
        recent.remember(session)
        session.close()
        paths.append(path)
    assert [each.path for each in recent.recent_projects()] == [paths[0], paths[1]]
    newest = recent.recent_projects()[0]
    assert (newest.name, newest.documents, newest.done, newest.annotator) == ("a", 0, 0, "Mara")
    paths[1].unlink()
    assert [each.missing for each in recent.recent_projects()] == [False, True]
    recent.forget(paths[0])
    assert [each.path for each in recent.recent_projects()] == [paths[1]]


@pytest.mark.parametrize("content", ["", "{", "3", "[1, {}, null]", '[{"path": "a", "name": "x"}]', "\udcff"])
def test_a_list_of_recent_projects_that_is_broken_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path))
    (tmp_path / "recent.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert recent.recent_projects() == []


def test_the_list_of_recent_projects_stays_short_and_does_not_need_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    one = recent.Recent(
        path=tmp_path / "x.annot", name="x", opened_at=1.0, documents=1, done=0, annotator="Mara"
    )
    recent._write([replace(one, path=tmp_path / f"{number}.annot") for number in range(50)])
    assert len(recent.recent_projects()) == recent.LIMIT
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "file"))
    recent._write([one])
    assert recent.recent_projects() == []
    assert json.loads((tmp_path / "settings" / "recent.json").read_text())


@pytest.mark.parametrize("name", ["own.types.json", "annotation.conf"])
def test_types_go_to_other_programs_and_come_back(tmp_path: Path, name: str) -> None:
    schema = Schema(
        (EntityType(name="PERSON", shortcut="1", color="teal"), EntityType(name="GPE", guideline="Cities.")),
        (RelationType(name="IN", heads=("PERSON",), children=("GPE",)),),
    )
    losses = save_schema(schema, tmp_path / name, name="own")
    assert "guideline" in {loss.kind for loss in losses}
    assert all(loss.message for loss in losses)
    back = load_schema(str(tmp_path / name))
    assert [each.name for each in back.entities] == ["PERSON", "GPE"]
    assert all(each.color and each.shortcut for each in back.entities)
    is_doccano = name.endswith(".json")
    assert back.entities[0].color == ("teal" if is_doccano else "blue")
    assert [(each.name, each.heads) for each in back.relations] == (
        [] if is_doccano else [("IN", ("PERSON",))]
    )
