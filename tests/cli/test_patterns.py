"""`annotator patterns`: adds, lists, tries, switches and removes lists; says what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.editing.commands import AddSpan
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project, place
from tests.cli.test_commands import Terminal

TEXT = "[Paris](GPE) and Rome, paris again."


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a closed project with a document in which a span is decided."""
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    session = a_project(tmp_path)
    document = a_document(session, TEXT)
    session.do(AddSpan(document, place(session.text(document), "Paris"), "GPE"))
    session.close()
    return session.path


@pytest.fixture
def cities(tmp_path: Path) -> Path:
    """Give a list of words."""
    path = tmp_path / "cities.txt"
    path.write_text("Paris\nRome\nOslo\n")
    return path


def test_a_list_is_added_tried_switched_and_removed(terminal: Terminal, project: Path, cities: Path) -> None:
    assert (
        terminal("patterns", project, "list")
        == "No pattern lists yet: annotator patterns PROJECT add FILE.\n"
    )
    out = terminal("patterns", project, "add", cities, "--label", "GPE", "--ignore-case")
    assert out == "Added cities with 3 patterns.\n"
    assert terminal("patterns", project, "list") == "cities: GPE, 3 patterns, any case, right 1 of 1 times.\n"
    out = terminal("patterns", project, "try", "cities")
    assert out == "3 places in 1 document.\n        2  Paris\n        1  Rome\n"
    assert terminal("patterns", project, "switch", "cities", "off") == "cities is off now.\n"
    assert terminal("patterns", project, "list").endswith("times, off.\n")
    out = terminal("patterns", project, "remove", "cities")
    assert out == "Removed pattern list cities. Undo brings it back.\n"
    session = open_project(project, annotator="Mara")
    session.undo(None)
    session.close()
    assert terminal("patterns", project, "list").startswith("cities: GPE")


def test_one_line_of_json(terminal: Terminal, project: Path, cities: Path) -> None:
    out = terminal("patterns", project, "add", cities, "--label", "GPE", "--name", "Towns", "--json")
    told = {
        "name": "Towns",
        "label": "GPE",
        "patterns": 3,
        "source": "cities.txt",
        "ignore_case": False,
        "enabled": True,
    }
    assert json.loads(out) == {"lists": [told], "problems": [], "problems_total": 0}
    assert json.loads(terminal("patterns", project, "list", "--json")) == {
        "lists": [{**told, "right": 1, "decided": 1}]
    }
    found = json.loads(terminal("patterns", project, "try", "Towns", "--documents", "5", "--json"))
    assert found == {
        "documents": 1,
        "hits": 2,
        "patterns": [{"pattern": "Paris", "hits": 1}, {"pattern": "Rome", "hits": 1}],
    }
    out = terminal("patterns", project, "switch", "Towns", "off", "--json")
    assert json.loads(out) == {"name": "Towns", "enabled": False}
    assert json.loads(terminal("patterns", project, "remove", "Towns", "--json")) == {"removed": ["Towns"]}


def test_labels_that_the_project_lacks_are_added_only_when_asked(
    terminal: Terminal, project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "patterns.jsonl"
    lines = [{"label": "GPE", "pattern": "Rome"}, {"label": "SHIP", "pattern": [{"LOWER": "vasa"}]}]
    path.write_text("\n".join(map(json.dumps, lines)))
    said = terminal.refused("patterns", project, "add", path)
    assert "This project has no label SHIP. Add --add-labels, or say --label." in said
    assert terminal("patterns", project, "list").startswith("No pattern lists yet")
    out = terminal("patterns", project, "add", path, "--add-labels")
    assert out == "Added patterns GPE, patterns SHIP with 2 patterns. New: SHIP.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "missing.txt", "--label", "GPE"), "missing.txt does not exist."),
        (("add", "CITIES"), "cities.txt names no label for its patterns. Say it with --label."),
        (("add", "CITIES", "--label", "SHIP"), "This project has no label SHIP."),
        (("remove", "cities"), "There is no pattern list cities. Add one first."),
        (("try", "cities"), "There is no pattern list cities."),
        (("switch", "cities", "on"), "There is no pattern list cities."),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    terminal: Terminal, project: Path, cities: Path, arguments: tuple[str, ...], said: str
) -> None:
    told = [cities if each == "CITIES" else each for each in arguments]
    assert said in terminal.refused("patterns", project, *told)


def test_what_is_wrong_in_a_file_is_told_with_its_line(
    terminal: Terminal, project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "patterns.jsonl"
    lines = ['{"label": "GPE", "pattern": "Rome"}', "oops", '{"label": "GPE", "pattern": [{"FOO": 1}]}']
    path.write_text("\n".join(lines))
    out = terminal("patterns", project, "add", path, "--json", code=1)
    found = json.loads(out)
    assert [(each["line"], each["refused"]) for each in found["problems"]] == [(2, True), (3, True)]
    assert [each["patterns"] for each in found["lists"]] == [1]


def test_a_hundred_thousand_lines_are_read(terminal: Terminal, project: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.txt"
    path.write_text("".join(f"word {number % 1000}\n" for number in range(100_000)))
    assert terminal("patterns", project, "add", path, "--label", "GPE") == "Added many with 1,000 patterns.\n"
