"""The self-test holds the bundled pipeline against the hashes it was built with."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from annotator.cli import self_test


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a frozen program's pipeline of one file and a loader."""
    folder = tmp_path / "a_pipeline_of_two_files"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "meta.json").write_text("{}", encoding="utf-8")
    (tmp_path / "annotator").mkdir()
    lines = [f"{hashlib.sha256(b'{}').hexdigest()}  {folder.name}/meta.json", f"0  {folder.name}/__init__.py"]
    (tmp_path / "annotator" / "pipeline.sha256").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def test_a_pipeline_as_it_was_built_is_well(pipeline: Path) -> None:
    assert self_test._changed_files() == []


def test_a_file_that_was_changed_or_lost_is_named(pipeline: Path) -> None:
    (pipeline / "meta.json").write_text('{"lang": "en"}', encoding="utf-8")
    assert self_test._changed_files() == ["a_pipeline_of_two_files/meta.json"]
    (pipeline / "meta.json").unlink()
    assert self_test._changed_files() == ["a_pipeline_of_two_files/meta.json"]


def test_elsewhere_nothing_is_bundled() -> None:
    assert self_test._changed_files() == []
