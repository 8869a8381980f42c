"""`annotator pipelines`: what it says to people and to programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Terminal
from tests.pipelines import a_pipeline, a_wheel


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    return Terminal(capsys)


def test_a_wheel_is_added_listed_and_removed(run: Terminal, tmp_path: Path) -> None:
    wheel = a_wheel(tmp_path / "en_small-0.0.0-py3-none-any.whl", a_pipeline(tmp_path / "small"))
    out = run("pipelines", "add", wheel)
    assert out.splitlines() == [
        "Added en_small 0.0.0 (en, added): GPE.",
        "  Left behind: 1 file of code beside it.",
    ]
    (added,) = [each for each in json.loads(run("pipelines", "list", "--json"))["pipelines"] if each["added"]]
    assert (added["name"], added["labels"]) == ("en_small", ["GPE"])
    assert "en_small 0.0.0 (en, added): GPE." in run("pipelines", "list")
    assert run("pipelines", "remove", "en_small") == "Removed en_small.\n"


def test_one_that_spacy_cannot_load_is_not_kept(run: Terminal, tmp_path: Path) -> None:
    broken = a_pipeline(tmp_path / "broken")
    config = broken / "config.cfg"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('factory = "entity_ruler"', 'factory = "span_ruler"\nx = 1'), "utf-8")
    assert "cannot load" in run.refused("pipelines", "add", broken)
    assert "(en, added)" not in run("pipelines", "list")
