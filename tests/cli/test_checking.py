"""`annotator check` in the terminal."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotator.cli.main import program
from annotator.editing.commands import AddSpan, FinishDocument
from annotator.model.annotation import Fragment
from annotator.model.errors import ProjectError
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a closed project."""
    session = a_project(tmp_path)
    a_document(session, "[Ada](PERSON) met Bob.")
    session.close()
    return session.path


def test_a_sound_project_is_clean(path: Path) -> None:
    run = CliRunner().invoke(program, ["check", str(path)])
    assert (run.exit_code, run.output) == (0, "test.annot keeps all rules: 1 document.\n")
    run = CliRunner().invoke(program, ["check", str(path), "--json"])
    assert run.exit_code == 0
    assert json.loads(run.output) == {"clean": True, "documents": 1, "breaches": [], "breaches_total": 0}


def test_breaches_are_named_and_obeyed_by_no_terminal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE content SET text = 'x'")
        connection.execute("UPDATE batch SET state = 'a' || char(27) || '[2J'")
    run = CliRunner().invoke(program, ["check", str(path)])
    assert run.exit_code == 1
    assert "text: document 1: Its length is kept as 12, but the text has 1 characters." in run.output
    assert "\x1b" not in run.output
    assert r"\x1b[2J" in run.output
    run = CliRunner().invoke(program, ["check", str(path), "--json"])
    said = json.loads(run.output)
    assert run.exit_code == 1
    assert not said["clean"]
    assert said["breaches_total"] == len(said["breaches"])
    assert {"text", "import"} <= {each["rule"] for each in said["breaches"]}


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    run = CliRunner().invoke(program, ["check", str(tmp_path / "no.annot")])
    assert isinstance(run.exception, ProjectError)  # `main.run` makes exit code 2 of it


@pytest.fixture
def flawed(tmp_path: Path) -> Path:
    """Make a closed project with blanks at an edge and half a word."""
    session = a_project(tmp_path)
    document = a_document(session, "Ada met Bob in Oslo.", source="one.txt")
    for start, end in ((0, 4), (9, 11)):
        session.do(AddSpan(document, (Fragment(start, end),), "PERSON"))
    session.do(FinishDocument(document=document))
    session.close()
    return session.path


def test_where_nothing_is_done_nothing_can_be_learnt(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    a_document(session, "Ada met Bob in Oslo.", source="one.txt")
    session.close()
    run = CliRunner().invoke(program, ["check", str(session.path), "--for-spacy"])
    assert run.exit_code == 0
    assert run.output.startswith("No document fits this choice, so spaCy has nothing to learn. Finish one,")


def test_what_spacy_cannot_learn_is_listed_and_changes_nothing(flawed: Path) -> None:
    before = flawed.read_bytes()
    run = CliRunner().invoke(program, ["check", str(flawed), "--for-spacy"])
    assert run.exit_code == 1
    assert run.output.splitlines() == [
        "2 spans of 1 document against the tokens of the project, layout ents:",
        "  1 blank edges  (--fix trim)",
        "      Ada met Bob in Oslo., at 0: PERSON “Ada”. Blanks at its edges.",
        "  1 off token borders  (--fix extend)",
        "      Ada met Bob in Oslo., at 9: PERSON “ob”. Off token borders. The tokens there: “Bob”.",
    ]
    assert flawed.read_bytes() == before
    run = CliRunner().invoke(program, ["check", str(flawed), "--for-spacy", "en", "--json"])
    said = json.loads(run.output)
    assert (run.exit_code, said["findings_total"], said["tokenizer"]) == (1, 2, "spaCy's rules for English")
    assert [each["fixes"] for each in said["findings"]] == [["trim"], ["extend"]]


def test_fixes_are_steps_that_can_be_undone(flawed: Path) -> None:
    arguments = ["check", str(flawed), "--for-spacy", "--fix", "trim", "--fix", "extend", "--fix", "drop"]
    run = CliRunner().invoke(program, arguments)
    assert (run.exit_code, run.output.splitlines()) == (
        0,
        [
            "Trim blanks off 1 span.",
            "Extend 1 span to token borders.",
            "2 spans of 1 document against the tokens of the project, layout ents: spaCy can learn all of them.",
        ],
    )
    session = open_project(flawed, annotator="Mara")
    assert [step.name for step in session.history(limit=2)] == [
        "Extend 1 span to token borders",
        "Trim blanks off 1 span",
    ]
    session.close()


def test_fixes_and_choices_belong_to_the_check_for_spacy(flawed: Path) -> None:
    for more in (["--fix", "trim"], ["--set", "longest=5"], ["--layout", "both"], ["--documents", "all"]):
        run = CliRunner().invoke(program, ["check", str(flawed), *more])
        assert run.exit_code == 2
        assert f"{more[0]} goes with --for-spacy" in run.output
    run = CliRunner().invoke(program, ["check", str(flawed), "--for-spacy", "en", "--set", "longes=5"])
    assert run.exit_code == 2
    assert "knows no 'longes'; it can be told tokenizer, windows, longest" in " ".join(run.output.split())


def test_the_safe_fixes_are_one_step_together(flawed: Path) -> None:
    run = CliRunner().invoke(program, ["check", str(flawed), "--for-spacy", "--fix", "all"])
    assert (run.exit_code, run.output.splitlines()[0]) == (0, "Fix 2 spans.")
    run = CliRunner().invoke(program, ["check", str(flawed), "--for-spacy", "--fix", "all", "--json"])
    assert (run.exit_code, json.loads(run.output)["fixed"]) == (0, [])
