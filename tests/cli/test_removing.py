"""`annotator remove`: undoable without more, for good when it is asked twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.workflows.backups import list_backups, make_backup
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project
from tests.cli.test_commands import Terminal


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a closed project of two documents and a backup of both."""
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    session = a_project(tmp_path)
    for name in ("one", "two"):
        a_document(session, f"[Zirbel{name}](PERSON) stands.", source=f"{name}.txt")
    make_backup(session.path)
    session.close()
    return session.path


def titles(path: Path) -> list[str]:
    session = open_project(path, annotator="Mara", read_only=True)
    try:
        return [row.title for row in session.documents()]
    finally:
        session.close()


def test_without_for_good_undo_brings_it_back(terminal: Terminal, project: Path) -> None:
    out = terminal("remove", project, "--document", "one.txt")
    assert out == "Removed Zirbelone stands from the project. Undo brings it back.\n"
    assert titles(project) == ["Zirbeltwo stands."]
    session = open_project(project, annotator="Mara")
    session.undo(None)
    session.close()
    assert len(titles(project)) == 2


def test_for_good_with_backups(terminal: Terminal, project: Path) -> None:
    out = terminal("remove", project, "--document", "one.txt", "--for-good", "--backups", "--yes", "--json")
    found = json.loads(out)
    assert (found["documents"], found["for_good"], found["swept"]) == (1, True, True)
    assert (len(found["backups_deleted"]), found["backups_left"]) == (1, [])
    assert list_backups(project) == []
    assert b"irbelone" not in project.read_bytes()
    assert titles(project) == ["Zirbeltwo stands."]


def test_backups_stay_unless_asked_for_and_are_named(terminal: Terminal, project: Path) -> None:
    out = terminal("remove", project, "--document", "one.txt", "--document", "two.txt", "--for-good", "--yes")
    assert out == "Removed for good: 2 documents.\n1 backup still holds them.\n"
    assert len(list_backups(project)) == 1


def test_what_was_removed_before_goes_too(terminal: Terminal, project: Path) -> None:
    terminal("remove", project, "--document", "one.txt")
    assert b"Zirbelone" in project.read_bytes()
    out = terminal("remove", project, "--removed", "--for-good", "--yes")
    assert out.startswith("Removed for good: 1 document.")
    assert b"irbelone" not in project.read_bytes()
    said = terminal.refused("remove", project, "--removed", "--for-good", "--yes")
    assert "Nothing was removed before" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "No document is named."),
        (("--document", "one.txt", "--backups"), "mean what goes for good"),
        (
            ("--document", "nine.txt", "--for-good", "--yes"),
            "No document here has the id or the source nine.txt",
        ),
        (("--document", "one.txt", "--for-good"), "asked twice"),
    ],
)
def test_what_is_not_meant_is_refused(
    terminal: Terminal, project: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in terminal.refused("remove", project, *arguments)
    assert len(titles(project)) == 2


@pytest.mark.parametrize(("answers", "left"), [("y\n2\n", 0), ("y\n1\n", 2), ("n\n", 2), ("", 2)])
def test_it_is_asked_twice(
    terminal: Terminal, project: Path, monkeypatch: pytest.MonkeyPatch, answers: str, left: int
) -> None:
    import io

    keyboard = io.StringIO(answers)
    keyboard.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", keyboard)
    terminal(
        "remove",
        project,
        *("--document", "one.txt", "--document", "two.txt", "--for-good"),
        code=0 if left == 0 else 2,
    )
    assert "2 documents go for good:" in terminal.err
    assert "1 backup still holds them and stays (--backups deletes):" in terminal.err
    assert len(titles(project)) == left
