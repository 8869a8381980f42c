"""A pipeline in a folder is used only where it was chosen on this machine, and no other folder is even looked at."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from annotator.suggest.pipelines import find_pipeline, is_installed
from annotator.workflows.chosen_pipelines import KEPT, is_folder, may_be_used, remember_choice
from annotator.workflows.projects import open_project
from annotator.workflows.session import SuggestSettings
from annotator.workflows.suggesting import package_or_folder, settings_of, suggest
from tests.builders import a_project, a_record, bring
from tests.workflows.conftest import PlainMachine


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of settings of its own."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(folder))
    return folder


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("", False),
        ("en_core_web_sm", False),
        ("/models/evil", True),
        ("models/evil", True),
        ("./evil", True),
        (r"\\server\share\evil", True),
        ("//server/share/evil", True),
        ("C:\\evil", True),
        ("en-core", True),
    ],
)
def test_what_is_a_folder(name: str, folder: bool) -> None:  # noqa: FBT001
    assert is_folder(name) == folder
    assert may_be_used(name) != folder


def test_a_folder_that_a_stranger_names_is_not_used(tmp_path: Path, settings: Path) -> None:
    session = a_project(tmp_path)
    session.set_setting("suggest", {"pipeline": r"\\server\share\evil", "roles": False})
    assert session.suggest_settings() == SuggestSettings(roles=False)
    assert settings_of(session).pipeline == ""
    assert session.refused_pipeline == r"\\server\share\evil"
    bring(session, a_record("Ada met Bob."))
    session.machine = PlainMachine()
    report = suggest(session)
    assert "was never chosen on this machine" in report.problems[0].message
    session.close()
    assert not settings.exists()


def test_a_folder_that_a_person_chose_is_used_in_every_project(tmp_path: Path) -> None:
    folder = str(tmp_path / "model")
    session = a_project(tmp_path)
    session.set_suggest_settings(SuggestSettings(pipeline=folder))
    assert session.suggest_settings().pipeline == folder
    assert session.refused_pipeline == ""
    session.close()
    copy = tmp_path / "copy.annot"
    shutil.copy(session.path, copy)
    other = open_project(copy, annotator="Eve")
    assert other.suggest_settings().pipeline == folder
    other.close()


def test_the_same_project_elsewhere_is_a_strangers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = a_project(tmp_path)
    session.set_suggest_settings(SuggestSettings(pipeline=str(tmp_path / "model")))
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "of another person"))
    assert session.suggest_settings().pipeline == ""
    assert session.refused_pipeline == str(tmp_path / "model")
    session.close()


def test_the_list_has_an_end_and_may_be_broken(settings: Path) -> None:
    for number in range(KEPT + 5):
        remember_choice(f"/models/{number}")
    assert not may_be_used("/models/4")
    assert may_be_used("/models/5")
    assert may_be_used("/models/x/../104")
    for content in ("[", "{}", "[1, null]", '"/models/5"'):
        (settings / "pipelines.json").write_text(content, encoding="utf-8")
        assert not may_be_used("/models/5")


def test_a_plain_name_is_a_package_wherever_the_program_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("en_core_web_sm", "mine"):
        (tmp_path / name).mkdir()
        meta = {"lang": "en", "name": "x", "version": "1", "labels": {"ner": ["EVIL"]}, "pipeline": ["ner"]}
        (tmp_path / name / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = find_pipeline()
    assert found is None or "EVIL" not in found.labels
    assert not is_installed("mine")
    assert package_or_folder("mine") == str(tmp_path / "mine")
    assert package_or_folder("nowhere") == "nowhere"
    chosen = find_pipeline(package_or_folder("mine"))
    assert chosen is not None
    assert chosen.labels == ("EVIL",)
