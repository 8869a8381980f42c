"""The command `learn`: what it learns from, and what it says."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotator.cli.learning import learn
from annotator.editing import commands
from annotator.model.document import State
from annotator.workflows.projects import open_project
from annotator.workflows.session import SuggestSettings
from tests.builders import a_document, a_project, a_record, bring


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with a document finished by hand and one that came done."""
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    session = a_project(tmp_path)
    session.set_suggest_settings(SuggestSettings(uses_pipeline=False))
    first = a_document(session, "[Ada](PERSON) came.")
    session.do(commands.FinishDocument(document=first, accept_rest=True))
    record = a_record("[Bob](PERSON) came.", source="b")
    bring(
        session,
        type(record)(
            text=record.text, source="b", tokens=record.tokens, spans=record.spans, state=State.DONE
        ),
    )
    session.close()
    return session.path


def _told(project: Path, *arguments: str) -> str:
    result = CliRunner().invoke(learn, [str(project), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_what_was_finished_by_hand_is_learnt_once(project: Path) -> None:
    assert "Learnt from 1 document, all of them anew." in _told(project)
    assert "Nothing new to learn" in _told(project)


def test_what_came_done_is_learnt_where_it_is_said_to_be_gold(project: Path) -> None:
    told = json.loads(_told(project, "--imported-is-gold", "--json"))
    assert (told["documents"], told["anew"], told["trainings"]) == (2, True, 2)
    assert "Learnt from 1 document, all of them anew." in _told(project, "--imported-is-not-gold")


def test_it_says_that_learning_is_switched_off(project: Path) -> None:
    with closing(open_project(project, annotator="Mara")) as session:
        session.set_suggest_settings(SuggestSettings(learns=False))
    assert "switched off" in _told(project)


def test_fine_tuning_is_switched_on_and_off(project: Path) -> None:
    assert json.loads(_told(project, "--fine-tune", "--json"))["fine_tuned"] == 0, (
        "one document is not enough"
    )
    for arguments, is_on in ((("--json",), True), (("--no-fine-tune",), False)):
        _told(project, *arguments)
        with closing(open_project(project, annotator="Mara")) as session:
            assert session.suggest_settings().fine_tunes is is_on
