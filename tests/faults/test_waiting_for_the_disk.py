"""Whoever writes in a project waits for the disk at each commit: every door opens its connection so."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.main import run
from annotator.editing import commands
from annotator.workflows.importing import import_documents
from annotator.workflows.projects import open_project, sample_project
from annotator.workflows.same_words import SameWords, propose_same_words
from annotator.workflows.session import Session
from annotator.workflows.suggesting import suggest
from tests.builders import a_document, a_project, a_record, bring
from tests.faults.machines import PlainMachine

FULL = 2
"""`PRAGMA synchronous`: 1 may lose the last acts when power goes, 0 the file; 3 syncs the folder as well."""


class _Asked(sqlite3.Connection):
    """A connection that notes how much it waits for the disk whenever it commits."""

    commits: list[tuple[str, int]]

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Carry a statement out; before a commit, ask."""
        if statement.strip().upper().startswith("COMMIT"):
            self._note()
        return super().execute(statement, *values)

    def executescript(self, script: str) -> sqlite3.Cursor:
        """Carry statements out; before them, ask."""
        self._note()
        return super().executescript(script)

    def _note(self) -> None:
        level = super().execute("PRAGMA synchronous").fetchone()[0]
        file = super().execute("PRAGMA database_list").fetchone()[2]
        self.commits.append((Path(file).name, level))


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Give the commits of every connection that is opened meanwhile: the file, and how much it waited."""
    _Asked.commits = []
    connect = sqlite3.connect

    def asked(*arguments: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*arguments, **{**options, "factory": _Asked})
        return made

    monkeypatch.setattr(sqlite3, "connect", asked)
    return _Asked.commits


def _edit(session: Session, folder: Path) -> None:
    key = a_document(session, "[Ada](PERSON) met [Bob](PERSON).")
    session.do(commands.AcceptMany(documents=(key,)))
    session.undo(None)
    session.redo(None)
    session.set_setting("view", {"document": key})


def _import(session: Session, folder: Path) -> None:
    source = folder / "a.txt"
    source.write_text("Ada met Bob.\n", encoding="utf-8")
    import_documents(session, [source])


def _import_beside(session: Session, folder: Path) -> None:
    clone = session.clone()
    bring(clone, a_record("[Ada](PERSON) met Bob."))
    clone.close()


def _suggest(session: Session, folder: Path) -> None:
    a_document(session, "[Ada](PERSON) met [Bob](PERSON).")
    suggest(session, again=True)


def _same_words(session: Session, folder: Path) -> None:
    key = a_document(session, "Ada met Bob, and Bob met Ada.")
    propose_same_words(
        session, SameWords(words="Ada", label="PERSON", reason="the same words"), documents=[key]
    )


@pytest.mark.parametrize("act", [_edit, _import, _import_beside, _suggest, _same_words])
def test_every_act_in_an_open_project(
    tmp_path: Path, commits: list[tuple[str, int]], act: Callable[[Session, Path], None]
) -> None:
    session = a_project(tmp_path)
    session.machine = PlainMachine()
    session.close()
    session = open_project(session.path, annotator="Mara")
    session.machine = PlainMachine()
    made = len(commits)
    act(session, tmp_path)
    session.close()
    assert made >= 5, "a new project is made with more commits than that"
    assert len(commits) > made
    assert {level for _, level in commits} <= {FULL, FULL + 1}


def test_the_sample_project(
    tmp_path: Path, commits: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.workflows.importing.machine_of", lambda _session: PlainMachine())
    sample_project(tmp_path, annotator="Mara")
    assert len(commits) > 5
    assert {level for _, level in commits} <= {FULL, FULL + 1}


def test_the_commands_of_the_terminal(tmp_path: Path, commits: list[tuple[str, int]]) -> None:
    project, source = tmp_path / "p.annot", tmp_path / "a.jsonl"
    tokens = [{"text": "Ada", "start": 0, "end": 3, "id": 0, "ws": False}]
    span = {"start": 0, "end": 3, "label": "PERSON", "score": 0.7}
    source.write_text(json.dumps({"text": "Ada", "tokens": tokens, "spans": [span]}), encoding="utf-8")
    for arguments in (
        ["new", str(project), "--schema", "news"],
        ["import", str(project), str(source)],
        ["accept", str(project)],
    ):
        before = len(commits)
        with pytest.raises(SystemExit) as end:
            run(open_window=lambda *_: 1, draw_picture=lambda *_: None, arguments=arguments)
        assert end.value.code == 0
        assert len(commits) > before
    assert {level for _, level in commits} <= {FULL, FULL + 1}
