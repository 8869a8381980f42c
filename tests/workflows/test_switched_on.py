"""Whether any suggester is on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.editing.commands import AddPatternLists, NewPatternList
from annotator.suggest.added import Installed
from annotator.workflows.suggesting import learnt_file
from annotator.workflows.switched_on import proposes
from tests.builders import a_project


def test_any_of_them_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setattr("annotator.suggest.added.installed", Installed)
    session = a_project(tmp_path)
    off = replace(session.suggest_settings(), uses_pipeline=False, roles=False, relations=False)
    for one in (replace(off, uses_pipeline=True), replace(off, roles=True), replace(off, relations=True)):
        session.set_suggest_settings(one)
        assert proposes(session), one
    session.set_suggest_settings(off)
    assert not proposes(session)
    learnt = learnt_file(session)
    learnt.parent.mkdir(parents=True)
    learnt.write_bytes(b"")
    assert proposes(session)
    session.set_suggest_settings(replace(off, learns=False))
    assert not proposes(session)
    session.do(AddPatternLists((NewPatternList(name="Cities", label="GPE"),)))
    assert proposes(session)
    session.close()
