"""What comes with the program, and its licences: from what was built in, else from the installed packages."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from annotator.workflows.notices import parts


def test_an_installation_shows_what_its_packages_say() -> None:
    found = {each.name: each for each in parts()}
    assert {"Inter (font)", "PySide6_Essentials", "spacy", "click"} <= set(found)
    assert "annotator-desktop" not in found
    assert "Open Font License" in found["Inter (font)"].text()
    assert all("No licence is stated" not in found[name].text() for name in ("spacy", "PySide6_Essentials"))


def test_a_frozen_program_shows_what_was_written_when_it_was_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "annotator" / "notices"
    folder.mkdir(parents=True)
    (folder / "000-Qt.txt").write_text("Qt is used under the LGPL.", encoding="utf-8")
    listed = [{"name": "Qt", "version": "6.9.0", "licence": "LGPL-3.0-only", "file": "000-Qt.txt"}]
    (folder / "index.json").write_text(json.dumps(listed), encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    (only,) = parts()
    assert (only.name, only.version, only.text()) == ("Qt", "6.9.0", "Qt is used under the LGPL.")
