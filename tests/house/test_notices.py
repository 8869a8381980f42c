"""The build knows whose every file of the frozen program is, and has a notice for each."""

from __future__ import annotations

import importlib.metadata
import json
import tomllib
from pathlib import Path

import bundle
import click
import notices
import pytest
from building import PACKAGING, BuildError
from bundle import Owner

from tests.house import source

TABLE = tomllib.loads((PACKAGING / "notices.toml").read_text(encoding="utf-8"))
WHEELS = Path(click.__file__).parents[1]


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a small frozen folder, with the list that the recipe writes."""
    files = {
        "PySide6/Qt/lib/libQt6Core.so.6": str(WHEELS / "PySide6/Qt/lib/libQt6Core.so.6"),
        "PySide6/Qt/lib/libicudata.so.73": str(WHEELS / "PySide6/Qt/lib/libicudata.so.73"),
        "annotator/resources/fonts/Inter-Bold.otf": str(source.ROOT / "resources/fonts/Inter-Bold.otf"),
        "annotator/seeds/gold.jsonl": str(source.ROOT / "seeds/gold.jsonl"),
    }
    modules = [("click", click.__file__), ("json", json.__file__)]
    contents = tmp_path / "contents.json"
    contents.write_text(json.dumps({"modules": modules, "files": list(files.items())}), encoding="utf-8")
    monkeypatch.setattr(bundle, "CONTENTS", contents)
    folder = tmp_path / "_internal"
    for name in (*files, "base_library.zip"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_every_file_has_an_owner(inside: Path) -> None:
    assert set(bundle.owners(inside, TABLE)) == {
        Owner(bundle.QT, "Qt"),
        Owner(bundle.LIBRARY, "ICU"),
        Owner(bundle.FONT, "Inter"),
        Owner(bundle.OURS, "annotator"),
        Owner(bundle.PACKAGE, "click"),
        Owner(bundle.PYTHON, "Python"),
    }


def test_a_file_that_is_nobodys_stops_the_build(inside: Path) -> None:
    (inside / "libstranger.so.1").touch()
    with pytest.raises(BuildError, match=r"libstranger\.so\.1"):
        notices.write(inside)


def test_each_part_gets_a_text(inside: Path) -> None:
    notices.write(inside)
    listed = json.loads((inside / "annotator" / "notices" / "index.json").read_text(encoding="utf-8"))
    texts = {
        each["name"]: (inside / "annotator" / "notices" / each["file"]).read_text(encoding="utf-8")
        for each in listed
    }
    assert {"annotator", "Python", "click", "ICU", "Inter (font)", "pyinstaller"} <= set(texts)
    assert "Expat (pyexpat)" in texts["Python"]
    assert "LUCENT" in texts["Python"]  # whose licence is none of the common ones
    qt = texts["Qt and PySide6"]
    assert "download.qt.io" in qt
    assert "PCRE2" in qt  # which is in QtCore
    assert "XSVG" not in qt  # which is in QtSvg, and that is not here
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["GNU LGPL"]


def test_a_module_of_qt_of_which_nothing_is_known_stops_the_build(
    inside: Path,
) -> None:
    name = "PySide6/Qt/lib/libQt6Sql.so.6"
    (inside / name).touch()
    contents = inside.parent / "contents.json"
    told = json.loads(contents.read_text(encoding="utf-8"))
    told["files"].append((name, str(WHEELS / name)))
    contents.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BuildError, match="Sql"):
        notices.write(inside)


def test_a_package_without_a_licence_stops_the_build(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not the class itself: a library that was loaded before may have put finders of its own in the place of Python's.
    found = type(importlib.metadata.distribution("click"))
    monkeypatch.setattr(found, "files", property(lambda _each: []))
    with pytest.raises(BuildError, match="click has no file with its licence"):
        notices._package("click", {})


def test_every_licence_that_the_table_names_has_its_text() -> None:
    named = {name for each in TABLE["qt"]["third"] for name in each["licence"].split(" AND ")}
    named |= {name for each in TABLE["distribution"].values() for name in each.get("texts", [])}
    assert [name for name in named - {"Public domain"} if not (notices.TEXTS / f"{name}.txt").is_file()] == []
    assert {each["module"] for each in TABLE["qt"]["third"]} <= set(TABLE["qt"]["modules"])
