"""The command `train`: what it says to people and to programs, and when the pipeline is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotator.cli.training import train
from annotator.workflows import training
from annotator.workflows.projects import open_project
from annotator.workflows.training import Score, TrainOptions, TrainReport, Tried
from tests.builders import a_project


def a_report(folder: Path, *, old: float) -> TrainReport:
    """Make a report of a pipeline with .8, beside one that has so much of ten right."""
    right = round(old * 10)
    return TrainReport(
        folder=folder,
        parts={"train": 80, "dev": 10},
        tried_on=10,
        new=Tried(name="mine", score=Score(8, 10, 10), labels={"PERSON": Score(8, 10, 10)}),
        old=Tried(name="en_core", score=Score(right, 10, 10), labels={}),
        steps=1200,
        seconds=61.4,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    session = a_project(tmp_path)
    session.close()
    return session.path


def told(project: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch, old: float = 0.5) -> str:
    seen: list[TrainOptions] = []

    def instead(_session: object, target: Path, options: TrainOptions, _report: object) -> TrainReport:
        seen.append(options)
        return a_report(target, old=old)

    monkeypatch.setattr(training, "train", instead)
    result = CliRunner().invoke(train, [str(project), str(project.parent / "out"), *arguments])
    assert result.exit_code == 0, result.output
    assert seen == [TrainOptions(most_steps=5 if "--steps" in arguments else 0)]
    return result.output


def test_people_read_both_scores_and_what_to_do(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = told(project, "--steps", "5", monkeypatch=monkeypatch)
    assert "in 61 s and 1,200 steps; documents: train 80, dev 10." in output
    assert "mine: 0.80" in output
    assert "en_core: 0.50" in output
    assert "PERSON: 0.80, 0.00 (10 decided)" in output
    assert f"suggest PROJECT --with {project.parent / 'out'}" in output


def test_it_is_used_where_it_is_better_and_was_wished(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not better" in told(project, "--use", monkeypatch=monkeypatch, old=0.8)
    assert pipeline_of(project) == ""
    assert "from now on" in told(project, "--use", monkeypatch=monkeypatch)
    assert pipeline_of(project) == str(project.parent / "out")


def pipeline_of(project: Path) -> str:
    session = open_project(project, annotator="Mara", read_only=True)
    try:
        return session.suggest_settings().pipeline
    finally:
        session.close()


def test_programs_read_all_of_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = json.loads(told(project, "--json", monkeypatch=monkeypatch))
    assert found["new"]["labels"]["PERSON"] == {"right": 8, "proposed": 10, "decided": 10, "f1": 0.8}
    assert (found["old"]["f1"], found["is_better"], found["is_used"]) == (0.5, True, False)
    assert found["documents"] == 90
