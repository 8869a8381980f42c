"""Adding a pipeline from a file where pipelines are chosen, and removing it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from annotator.ui.dialogs import mapping_editor
from annotator.ui.dialogs.mapping import MappingDialog
from annotator.ui.jobs import Jobs
from annotator.workflows.added_pipelines import added_pipelines
from annotator.workflows.session import Session
from tests.pipelines import a_pipeline, a_wheel
from tests.ui.dialogs.conftest import Show

Wait = Callable[[], None]


@pytest.fixture(autouse=True)
def _no_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setattr(mapping_editor, "first_hits", lambda *_: [])


@pytest.fixture
def dialog(session: Session, jobs: Jobs, show: Show, wait: Wait) -> MappingDialog:
    made = MappingDialog(session, jobs.run)
    show(made)
    wait()
    return made


def choose(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))


def test_a_wheel_is_added_and_chosen(
    dialog: MappingDialog, session: Session, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = dialog.editor
    assert not editor.adding.remove_button.isVisible()
    choose(monkeypatch, a_wheel(tmp_path / "en_small.whl", a_pipeline(tmp_path / "small")))
    editor.adding.add_button.click()
    wait()
    assert editor.pipeline is not None
    assert (editor.pipeline.title, editor.pipeline.labels) == ("en_small", ("GPE",))
    assert editor.adding.remove_button.isVisible()
    assert not editor.progress.isVisible()
    dialog.keep_button.click()
    assert session.suggest_settings().pipeline == editor.pipeline.name


def test_what_is_no_pipeline_is_said_in_the_strip(
    dialog: MappingDialog, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dialog.editor.pipeline
    file = tmp_path / "notes.txt"
    file.touch()
    choose(monkeypatch, file)
    dialog.editor.adding.add_button.click()
    wait()
    assert "notes.txt is no wheel" in dialog.editor.strip.accessibleName()
    assert dialog.editor.pipeline == before


def test_one_that_was_added_is_removed_after_a_question(
    dialog: MappingDialog, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = dialog.editor
    editor.adding.add(a_pipeline(tmp_path / "small"))
    wait()
    editor.adding.remove_button.click()
    box = editor.findChild(QMessageBox)
    assert box is not None
    assert box.text() == "Remove en_small from the program?"
    button = next(each for each in box.buttons() if each.text() == "Remove")
    button.click()
    wait()
    assert added_pipelines() == []
    assert editor.pipeline is None or editor.pipeline.title != "en_small"
    assert not editor.adding.remove_button.isVisible()
