"""`annotator repair` in the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotator.cli.main import program
from annotator.model.errors import ProjectError
from tests.builders import a_project, a_record, bring


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a closed project of three documents."""
    session = a_project(tmp_path)
    bring(
        session,
        *(a_record(f"[Ada](PERSON) met Bob {number} times.", source=f"{number}") for number in range(3)),
    )
    session.close()
    return session.path


def without(path: Path, table: str) -> None:
    """Put zeros over the root of a table."""
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    data = bytearray(path.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = bytes(4096)
    path.write_bytes(data)


def test_a_sound_project_ends_with_0(path: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke(program, ["repair", str(path)])
    assert run.exit_code == 0
    assert f"Repaired test.annot into {tmp_path / 'test repaired.annot'}." in run.output
    assert "  3 texts came back" in run.output
    assert "Everything came back." in run.output


def test_what_is_lost_is_named_and_ends_with_1(path: Path, tmp_path: Path) -> None:
    without(path, "span")
    run = CliRunner().invoke(program, ["repair", str(path), "--to", str(tmp_path / "new.annot"), "--json"])
    assert run.exit_code == 1
    said = json.loads(run.output)
    assert (said["documents"], said["spans"], said["problems_total"]) == (3, 0, 3)
    assert [each["message"] for each in said["problems"]] == ["1 span could not be read."] * 3
    assert said["problems"][0]["record"] == "Ada met Bob 0 times."
    assert said["losses"] == [
        {
            "kind": "span",
            "count": 3,
            "message": "3 spans",
            "examples": [
                {"document": f"Ada met Bob {number} times.", "id": "", "label": "", "words": "", "places": []}
                for number in range(3)
            ],
        }
    ]
    run = CliRunner().invoke(program, ["check", str(tmp_path / "new.annot")])
    assert run.exit_code == 0, run.output
    run = CliRunner().invoke(program, ["repair", str(path)])
    assert run.exit_code == 1
    assert "Left out:\n  3 × … span could not be read.\n" in run.output
    assert "record Ada met Bob 0 times.: 1 span could not be read." in run.output
    assert "Not kept:\n  3 spans\n" in run.output


def test_nothing_done_is_said(path: Path, tmp_path: Path) -> None:
    without(path, "content")
    run = CliRunner().invoke(program, ["repair", str(path)])
    assert isinstance(run.exception, ProjectError), "run() ends with 2 for it"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["test.annot"]
