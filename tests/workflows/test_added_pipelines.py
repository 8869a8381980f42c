"""Pipelines that a person adds: taken from wheels and folders, without their code, within bounds."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

import pytest

from annotator.model.errors import UserError
from annotator.workflows import chosen_pipelines
from annotator.workflows.added_pipelines import (
    add_pipeline,
    added_pipelines,
    is_added,
    pipelines_folder,
    remove_pipeline,
)
from annotator.workflows.suggesting import package_or_folder, pipelines, try_pipeline
from tests.pipelines import a_pipeline, a_wheel


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_pipeline(tmp_path_factory.mktemp("pipelines") / "model-best")


def test_a_wheel_gives_its_data_and_no_code(folder: Path, tmp_path: Path) -> None:
    wheel = a_wheel(tmp_path / "en_small-0.0.0-py3-none-any.whl", folder)
    done = add_pipeline(wheel)
    assert (done.pipeline.title, done.pipeline.labels, done.left_behind) == ("en_small", ("GPE",), 1)
    assert [each.title for each in added_pipelines()] == ["en_small"]
    assert list(pipelines_folder().rglob("*.py")) == []
    assert [each.name for each in pipelines_folder().iterdir()] == ["en_small"]


def test_a_folder_and_a_tar_archive_are_taken_as_well(folder: Path, tmp_path: Path) -> None:
    add_pipeline(folder)
    with tarfile.open(tmp_path / "en_small.tar.gz", "w:gz") as archive:
        archive.add(folder, arcname="en_small-0.0.0/en_small/en_small-0.0.0")
    assert add_pipeline(tmp_path / "en_small.tar.gz").pipeline.labels == ("GPE",)
    assert len(added_pipelines()) == 1


def test_it_stands_beside_the_installed_ones_and_can_be_loaded(folder: Path) -> None:
    added = add_pipeline(folder).pipeline
    (each,) = [each for each in pipelines() if each.is_added]
    assert each.name == added.name == package_or_folder("en_small")
    try_pipeline(added)
    assert chosen_pipelines.may_be_used(added.name)


def test_the_same_name_again_replaces_it(folder: Path, tmp_path: Path) -> None:
    add_pipeline(folder)
    add_pipeline(a_pipeline(tmp_path / "newer", version="2.0.0"))
    assert [(each.title, each.version) for each in added_pipelines()] == [("en_small", "2.0.0")]


def test_it_is_removed_by_its_name(folder: Path) -> None:
    add_pipeline(folder)
    assert remove_pipeline("en_small").title == "en_small"
    assert added_pipelines() == []
    assert list(pipelines_folder().iterdir()) == []
    with pytest.raises(UserError, match="No pipeline en_small was added"):
        remove_pipeline("en_small")


@pytest.mark.parametrize("name", ["../../evil/config.cfg", "/etc/evil.cfg", "en_small\\..\\evil.cfg"])
def test_a_name_that_leads_out_of_the_folder_refuses_the_whole(
    folder: Path, tmp_path: Path, name: str
) -> None:
    wheel = a_wheel(tmp_path / "evil.whl", folder, more={name: b"x"})
    with pytest.raises(UserError, match="leads out of its folder"):
        add_pipeline(wheel)
    assert added_pipelines() == []


def test_links_are_refused(tmp_path: Path) -> None:
    made = a_pipeline(tmp_path / "linked")
    (made / "secret").symlink_to("/etc/passwd")
    with pytest.raises(UserError, match="holds a link, secret"):
        add_pipeline(made)


def test_more_than_a_pipeline_may_hold_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.workflows.added_pipelines._FILES", 3)
    with pytest.raises(UserError, match="larger than a pipeline may be"):
        add_pipeline(folder)
    wheel = a_wheel(tmp_path / "bomb.whl", folder, more={"en_small/zeros": b"\0" * 1000})
    monkeypatch.setattr("annotator.formats.packed.most_unpacked", lambda _size: 500)
    with pytest.raises(UserError, match="unpacks to more"):
        add_pipeline(wheel)


@pytest.mark.parametrize(
    ("meta", "why"),
    [
        ({"spacy_version": ">=2.3,<2.4"}, r"is made for spaCy >=2\.3,<2\.4; here is"),
        ({"spacy_version": "newest"}, "says nothing"),
        ({"name": "../small"}, "cannot be the name of a folder"),
        ({"name": None}, "does not say what the pipeline is called"),
        ({"labels": {}}, "finds no entities"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path: Path, meta: dict[str, Any], why: str) -> None:
    with pytest.raises(UserError, match=why):
        add_pipeline(a_pipeline(tmp_path / "made", **meta))
    assert added_pipelines() == []
    assert not pipelines_folder().exists() or list(pipelines_folder().iterdir()) == []


def test_what_is_no_pipeline_is_said(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("Oslo", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for source, why in (
        (text, "no wheel"),
        (tmp_path / "empty", "holds no spaCy pipeline"),
        (tmp_path / "x", "no file"),
    ):
        with pytest.raises(UserError, match=why):
            add_pipeline(source)


def test_a_folder_elsewhere_is_not_an_added_one(tmp_path: Path) -> None:
    assert not is_added(str(tmp_path / "en_small"))
    assert not is_added("en_core_web_sm")
    assert not is_added(f"{pipelines_folder()}/../other")
    assert is_added(str(pipelines_folder() / "en_small"))
