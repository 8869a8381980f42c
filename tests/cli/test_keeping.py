"""The commands that keep a project: copies, backups, the way back, and taking over."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.store.connections import log_of, side_file
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project, place
from tests.cli.test_commands import Terminal
from tests.store.test_locking import left, somebody

TEXT = "[Ada](PERSON) met [Bob](PERSON) and left."


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setenv("ANNOTATOR_NAME", "Ben")
    session = a_project(tmp_path)
    a_document(session, TEXT)
    session.close()
    return session.path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def accept(path: Path, words: str) -> None:
    session = open_project(path, annotator="Mara")
    document = session.document_keys()[0]
    session.do(commands.AddSpan(document, place(session.text(document), words), "ROLE"))
    session.close()


def spans_in(path: Path) -> int:
    session = open_project(path, annotator="Mara", read_only=True)
    count = len(session.annotations(session.document_keys()[0]).spans)
    session.close()
    return count


def test_a_copy_is_made_whole_or_clean(run: Terminal, path: Path, tmp_path: Path) -> None:
    accept(path, "left")
    out = run("copy", path, tmp_path / "whole")
    assert out.startswith(f"Made {tmp_path / 'whole.annot'}, ")
    told = json.loads(run("copy", path, tmp_path / "clean.annot", "--clean", "--json"))
    assert told == {
        "path": str(tmp_path / "clean.annot"),
        "size": (tmp_path / "clean.annot").stat().st_size,
        "clean": True,
    }
    assert b"Mara" in (tmp_path / "whole.annot").read_bytes()
    assert b"Mara" not in (tmp_path / "clean.annot").read_bytes()
    assert spans_in(tmp_path / "whole.annot") == spans_in(tmp_path / "clean.annot") == 1
    assert "exists already" in run.refused("copy", path, tmp_path / "whole.annot")
    assert "is not there" in run.refused("copy", tmp_path / "no.annot", tmp_path / "x.annot")


def test_a_copy_and_a_backup_are_made_while_the_window_has_the_project(
    run: Terminal, path: Path, tmp_path: Path
) -> None:
    window = open_project(path, annotator="Mara")
    run("copy", path, tmp_path / "copy.annot")
    run("backup", path)
    assert "Mara" in run.refused("restore", path, "1")
    assert "Mara" in run.refused("take-over", path)
    window.close()


def test_backups_are_made_listed_and_put_back(run: Terminal, path: Path, tmp_path: Path) -> None:
    assert "has no backups" in run("backups", path)
    made = Path(json.loads(run("backup", path, "--json"))["path"])
    accept(path, "left")
    (told,) = json.loads(run("backups", path, "--json"))
    assert (told["path"], told["opens"], told["reason"]) == (str(made), True, "asked for")
    assert str(made) in run("backups", path)
    out = run("restore", path, "1", "--to", tmp_path / "old.annot")
    assert out.startswith(f"Made {tmp_path / 'old.annot'} of the backup of ")
    assert (spans_in(tmp_path / "old.annot"), spans_in(path)) == (0, 1)
    out = run("restore", path, made)
    assert "What was there before is kept as" in out
    assert spans_in(path) == 0
    assert "before putting back" in run("backups", path)
    run("restore", path, "1")
    assert "has no backup 9: it has backups 1 to" in run.refused("restore", path, "9")
    assert "neither a number" in run.refused("restore", path, tmp_path / "gone.annot")
    assert "is not there" in run.refused("backup", tmp_path / "gone.annot")


def test_any_project_file_can_be_put_back(run: Terminal, path: Path, tmp_path: Path) -> None:
    run("copy", path, tmp_path / "elsewhere.annot")
    accept(path, "left")
    told = json.loads(run("restore", path, tmp_path / "elsewhere.annot", "--json"))
    assert Path(told["kept"]).is_file()
    assert spans_in(path) == 0


def test_a_backup_that_is_spoilt_is_not_put_back(run: Terminal, path: Path) -> None:
    made = Path(json.loads(run("backup", path, "--json"))["path"])
    made.write_bytes(made.read_bytes()[:5000])
    assert "cannot be opened" in run("backups", path)
    before = path.read_bytes()
    assert run.refused("restore", path, "1")
    assert path.read_bytes() == before


def test_a_project_left_open_is_explained_and_taken_over(run: Terminal, path: Path) -> None:
    left(side_file(path), somebody(), seconds=7200)
    for command in (("import", path, path.parent), ("suggest", path), ("accept", path)):
        said = run.refused(*command)
        assert "Mara on desk-4" in said
        assert "no sign of life for 2 hours" in said
        assert "annotator take-over test.annot" in said
    out = run("take-over", path)
    assert "was left open by Mara on desk-4 (process 312)" in out
    assert not side_file(path).exists()
    assert "left open by nobody" in run("take-over", path)


def test_after_a_killed_program_take_over_makes_one_file(run: Terminal, path: Path) -> None:
    killed = (
        "import os; from pathlib import Path; from annotator.workflows.projects import open_project\n"
        f"session = open_project(Path({str(path)!r}), annotator='Mara')\n"
        "session.set_setting('x', 1)\n"
        "os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", killed], check=False)
    assert log_of(path).exists()
    told = json.loads(run("take-over", path, "--json"))
    assert told["left_by"].startswith("Mara on ")
    assert not log_of(path).exists()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT value FROM setting WHERE name = 'x'").fetchone() == ("1",)
    connection.close()


def test_a_command_says_when_a_part_stays_beside_the_project(run: Terminal, path: Path) -> None:
    window = open_project(path, annotator="Mara")
    reader = open_project(path, annotator="Mara", read_only=True)
    window.close()
    run("accept", path)
    assert "test.annot-wal belongs to it" in run.err
    reader.close()
    assert not log_of(path).exists()
