"""Every command of the terminal: what it prints, what it says when it cannot, and its exit code."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator import __version__
from annotator.cli import main
from annotator.cli.output import KINDS, PROBLEM_LIMIT, Outcome, progress
from annotator.editing import commands
from annotator.model.annotation import Fragment, SpanKey
from annotator.model.record import Example, Loss, Problem
from annotator.workflows.problems import kind_of
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, as_nobody, place, propose

KEYS = ["documents", "spans", "relations", "read", "problems", "problems_total", "losses"]


class Terminal:
    """Runs commands in this process and keeps what they said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.opened: list[Any] = []

    def __call__(self, *arguments: object, code: int = 0) -> str:
        """Run a command, check its exit code, and give what it wrote to standard output."""
        with pytest.raises(SystemExit) as ended:
            main.run(
                open_window=self._open_window,
                draw_picture=lambda *picture: self.opened.append(picture),
                arguments=[str(each) for each in arguments],
            )
        said = self._capsys.readouterr()
        self.err = said.err
        assert ended.value.code == code, said.err
        assert "Traceback" not in said.err
        return said.out

    def json(self, *arguments: object, code: int = 0) -> dict[str, Any]:
        """Run a command with --json and give its one line."""
        out = self(*arguments, "--json", code=code)
        assert out.endswith("\n")
        (line,) = out.splitlines()
        found: dict[str, Any] = json.loads(line)
        assert list(found) == KEYS
        assert set(found["read"]) == {"documents", "spans", "relations"}
        assert len(found["problems"]) <= found["problems_total"]
        return found

    def refused(self, *arguments: object) -> str:
        """Run a command that can do nothing and give its message."""
        assert self(*arguments, code=2) == ""
        return self.err

    def _open_window(self, path: Path | None, annotator: str) -> int:
        self.opened.append((path, annotator))
        return 0


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal whose person is called Mara."""
    monkeypatch.setenv("ANNOTATOR_NAME", "Mara")
    return Terminal(capsys)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with two documents, candidates in both."""
    session = a_project(tmp_path, name="p")
    a_document(session, "[Ada](PERSON) met [Bob](PERSON).", source="a")
    second = a_document(session, "[Eve](PERSON) left.", source="b")
    propose(session, second, [SpanKey(place("Eve left.", "left"), "ROLE")], score=0.3)
    session.close()
    return session.path


@pytest.fixture
def seen(project: Path) -> Iterator[Session]:
    """Open the project for reading."""
    session = open_project(project, annotator="Ben", read_only=True)
    yield session
    session.close()


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    return found["documents"], found["spans"], found["relations"]


def test_a_project_is_made_with_a_preset_or_without(run: Terminal, tmp_path: Path) -> None:
    out = run("new", tmp_path / "a", "--schema", "news", "--language", "de", "--name", "Letters")
    assert out == f"Made {tmp_path / 'a.annot'} with 9 entity types, 8 relation types.\n"
    session = open_project(tmp_path / "a.annot", annotator="Mara")
    assert (session.name, session.language, len(session.schema.entities)) == ("Letters", "de", 9)
    session.close()
    assert counts(run.json("new", tmp_path / "b.annot")) == (0, 0, 0)
    assert "exists already" in run.refused("new", tmp_path / "b.annot")
    assert "neither a preset (news) nor a file" in run.refused("new", tmp_path / "c", "--schema", "nope")
    assert "There is no folder" in run.refused("new", tmp_path / "no" / "c")
    assert "is a folder" in run.refused("new", "/")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.annot", "b.annot"]


def test_an_import_says_what_was_added_and_what_was_read(
    run: Terminal, project: Path, tmp_path: Path
) -> None:
    lines = [
        {"text": "Zoe left.", "spans": [{"start": 0, "end": 3, "label": "PERSON"}], "answer": "accept"},
        {"text": "Max left.", "spans": [{"start": 0, "end": 3, "label": "NEW"}], "answer": "accept"},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = run.json("import", project, source)
    assert (counts(found), found["read"]["spans"], found["problems"]) == ((2, 2, 0), 2, [])
    again = run.json("import", project, source)
    assert (counts(again), again["read"]["documents"]) == ((0, 0, 0), 2)
    assert "--on-duplicate keep or replace does otherwise" in run("import", project, source)
    out = run("import", project, source, "--on-duplicate", "replace")
    assert "2 documents were known already and left out.\n" in out
    assert counts(run.json("info", project)) == (4, 2, 0)


def test_one_good_and_one_bad_source_give_one(run: Terminal, project: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("Fine.")
    bad.write_bytes(b"caf\xe9")
    found = run.json("import", project, good, bad, tmp_path / "missing.txt", code=1)
    assert found["documents"] == 1
    assert found["problems_total"] == 2
    assert all({"file", "line", "record", "message"} <= set(problem) for problem in found["problems"])
    assert "bad.txt is not UTF-8" in found["problems"][0]["message"]
    assert "missing.txt is not there" in found["problems"][1]["message"]
    run("import", project, good, bad, code=1)
    assert "not UTF-8" in run.err


def test_an_import_of_nothing_but_bad_files_gives_two(run: Terminal, project: Path, tmp_path: Path) -> None:
    bad, empty = tmp_path / "bad.txt", tmp_path / "empty.txt"
    bad.write_bytes(b"caf\xe9")
    empty.touch()
    for source in (bad, empty):
        message = run.refused("import", project, source)
        assert message.startswith("annotator: Nothing was imported.")
        assert source.name in message
    found = run.json("import", project, bad, empty, code=2)
    assert (counts(found), found["problems_total"]) == ((0, 0, 0), 2)
    assert "(and 1 more)" in run.err
    assert "is not there" in run.refused("import", project, tmp_path / "missing.txt")
    assert "no text encoding named 'x'" in run.refused("import", project, bad, "--encoding", "x")
    assert counts(run.json("info", project)) == (2, 0, 0)


def test_accepting_says_what_was_added(run: Terminal, project: Path) -> None:
    found = run.json("accept", project, "--min-score", "0.5", "--label", "PERSON")
    assert counts(found) == (0, 3, 0)
    found = run.json("accept", project, "--done")
    assert counts(found) == (2, 1, 0)
    assert "No candidate is left that fits" in run.refused("accept", project)
    assert run("accept", project, "--done", code=2) == ""


def test_accepting_in_bulk_says_so_in_every_decision(run: Terminal, project: Path, seen: Session) -> None:
    assert run("accept", project, "--done") == "Accepted 4 spans and 0 relations; 2 documents done.\n"
    told = [span.provenance for key in seen.document_keys() for span in seen.annotations(key).spans]
    assert {(each.annotator, each.how.value) for each in told} == {("Mara", "bulk")}


def test_an_export_goes_out_and_is_repeated(run: Terminal, project: Path, tmp_path: Path) -> None:
    assert "No document is done yet" in run.refused("export", project, tmp_path / "out.jsonl")
    run("accept", project, "--done")
    found = run.json("export", project, tmp_path / "out.jsonl")
    assert (counts(found), counts(found["read"])) == ((2, 4, 0), (2, 4, 0))
    like = tmp_path / "out.jsonl.manifest.json"
    again = run.json("export", project, tmp_path / "again.jsonl", "--like", like)
    assert counts(again) == (2, 4, 0)
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()
    out = run("export", project, tmp_path / "parts", "--format", "prodigy", "--part", "each")
    assert "read back and compared" in out
    assert (tmp_path / "parts" / "manifest.json").exists()
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"options": {"colour": "red"}}')
    assert "is not the manifest" in run.refused("export", project, tmp_path / "x", "--like", wrong)
    assert "no format named" in run.refused("export", project, tmp_path / "x", "--format", "zzz")


def test_a_file_is_converted(run: Terminal, project: Path, tmp_path: Path) -> None:
    run("accept", project, "--done")
    run("export", project, tmp_path / "out.jsonl")
    found = run.json("convert", tmp_path / "out.jsonl", tmp_path / "back.annot.jsonl")
    assert (counts(found), counts(found["read"])) == ((2, 4, 0), (2, 4, 0))
    with (tmp_path / "out.jsonl").open("a") as file:
        file.write("{broken\n")
    found = run.json("convert", tmp_path / "out.jsonl", tmp_path / "back.annot.jsonl", code=1)
    assert found["problems"][0]["line"] == 3
    assert "does not tell a format" in run.refused("convert", tmp_path / "out.jsonl", tmp_path / "x.y")
    assert "is not there" in run.refused("convert", tmp_path / "no.jsonl", tmp_path / "x.jsonl")


def test_info_says_what_a_project_holds(run: Terminal, project: Path) -> None:
    out = run("info", project)
    assert out.splitlines() == [
        "p (p.annot): 2 documents, 0 spans, 0 relations, 4 undecided.",
        "To do 2, in progress 0, done 0, skipped 0.",
    ]
    run("accept", project)
    assert "  PERSON: 3" in run("info", project).splitlines()
    assert counts(run.json("info", project)) == (2, 4, 0)


@pytest.mark.parametrize("command", ["info", "accept", "suggest", "import", "export"])
def test_what_is_no_project_is_refused(run: Terminal, tmp_path: Path, command: str) -> None:
    (tmp_path / "notes.txt").write_text("A note.")
    (tmp_path / "empty.annot").touch()
    more = [tmp_path / "notes.txt"] if command in ("import", "export") else []
    for name, words in (
        ("notes.txt", "is not a project"),
        ("empty.annot", "is empty, not a project"),
        (".", "is a folder"),
        ("missing.annot", "is not there"),
    ):
        message = run.refused(command, tmp_path / name, *more)
        assert message.startswith("annotator: ")
        assert words in message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.annot", "notes.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files are POSIX")
def test_a_project_that_may_only_be_read(run: Terminal, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    copy = Path(shutil.copy(project, folder))
    copy.chmod(0o444)
    folder.chmod(0o555)
    with as_nobody(tmp_path):
        assert counts(run.json("info", copy)) == (2, 0, 0)
        assert "cannot be used: Permission denied" in run.refused("accept", copy)
        assert "No document is done yet" in run.refused("export", copy, tmp_path / "out.jsonl")
    folder.chmod(0o755)
    assert [path.name for path in folder.iterdir()] == ["p.annot"]


def test_a_project_open_for_writing_is_left_alone(run: Terminal, project: Path, tmp_path: Path) -> None:
    session = open_project(project, annotator="Ben")
    key = session.document_keys()[0]
    session.do(commands.FinishDocument(document=key, accept_rest=True))
    assert "Ben on " in run.refused("accept", project)
    assert "open for writing" in run.err
    assert counts(run.json("info", project)) == (2, 2, 0)
    assert counts(run.json("export", project, tmp_path / "out.jsonl")) == (1, 2, 0)
    session.close()


def test_candidates_are_made_at_the_terminal(
    run: Terminal, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.workflows.conftest import PlainMachine

    monkeypatch.setattr("annotator.workflows.suggesting.machine_of", lambda _session: PlainMachine())
    found = run.json("suggest", project)
    assert counts(found) == (2, 1, 0)
    assert counts(run.json("suggest", project)) == (0, 0, 0)
    assert run("suggest", project, "--again") == "Candidates in 2 documents, 1 span, 0 relations.\n"
    assert run("suggest", project, "--again", "--workers", "2").startswith("Candidates in 2 documents, ")


def test_wrong_use_is_two_with_a_hint(run: Terminal, project: Path) -> None:
    for arguments in (
        ("accept",),
        ("accept", project, "--min-score", "7"),
        ("export", project),
        ("info", "a", "b"),
    ):
        assert "Usage: annotator" in run.refused(*arguments)
    assert "No such option" in run.refused("--nope")


def test_a_path_or_nothing_opens_the_window(run: Terminal, project: Path) -> None:
    run()
    run(project)
    run("open", project, "--picture", "x.png")
    assert run.opened[:2] == [(None, "Mara"), (project, "Mara")]
    assert run.opened[2][:3] == (project, Path("x.png"), "light")
    assert "A picture needs a project" in run.refused("open", "--picture", "x.png")


def test_the_version_is_printed(run: Terminal) -> None:
    assert run("--version") == f"annotator {__version__}\n"


def test_a_stopped_command_says_so(run: Terminal, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("annotator.workflows.session.Session.counts", stop)
    assert run.refused("info", project).strip() == "annotator: stopped."


AN_EXAMPLE = Example(document="a.txt", id="7", label="PERSON", words="Ada", places=((Fragment(14, 17),),))
EXAMPLE_TOLD = {"document": "a.txt", "id": "7", "label": "PERSON", "words": "Ada", "places": [[[14, 17]]]}


def test_what_is_said_often_stands_once_and_json_lists_it_all(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem(file="a.jsonl", line=number, message="broken") for number in range(1, 1500)]
    losses = (
        Loss(kind="overlap", count=2, message="2 spans overlap.", examples=(AN_EXAMPLE,)),
        Loss(kind="names", count=1, message="Left out of 1 document: title.", examples=(AN_EXAMPLE,)),
    )
    outcome = Outcome(problems=problems, problems_total=1499, losses=losses)
    told = outcome.fields()
    assert (len(told["problems"]), told["problems_total"]) == (PROBLEM_LIMIT, 1499)
    assert told["losses"][0] == {
        "kind": "overlap",
        "count": 2,
        "message": "2 spans overlap.",
        "examples": [EXAMPLE_TOLD],
    }
    assert told["losses"][1]["examples"] == [EXAMPLE_TOLD]
    assert outcome.exit_code == 1
    outcome.show(as_json=False)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "Left out:",
        "  1,499 × broken",
        *(f"      a.jsonl, line {number}" for number in range(1, 6)),
        "      … and 1,494 more; --json lists more.",
        "Not kept:",
        "  2 spans overlap.",
        "      a.txt: PERSON “Ada” at 14",
        "      … and 1 more; --json lists more.",
        "  Left out of 1 document: title.",
    ]


def test_problems_stand_by_what_became_of_them_and_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [
        Problem(file="a.ann", line=1, message="'T1' has no text."),
        Problem(file="b.ann", record="7", message="mended", refused=False),
        Problem(file="a.ann", line=2, message="'T2' has no text."),
    ]
    kinds = {kind_of(problems[0]): 9, kind_of(problems[1]): 1}
    outcome = Outcome(problems=problems, problems_total=10, kinds=kinds)
    outcome.show(as_json=False)
    assert capsys.readouterr().err.splitlines() == [
        "Left out:",
        "  9 × … has no text.",
        "      a.ann, line 1: 'T1'",
        "      a.ann, line 2: 'T2'",
        "      … and 7 more; --json lists more.",
        "Changed, and kept:",
        "  b.ann, record 7: mended",
    ]
    assert Outcome(problems=problems[1:2]).exit_code == 0


def test_of_many_kinds_the_first_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    letters = [chr(ord("a") + number) for number in range(KINDS + 2)]
    Outcome(problems=[Problem(file="x", message=letter) for letter in letters]).show(as_json=False)
    *_, last, end = capsys.readouterr().err.splitlines()
    assert last == f"  x: {letters[KINDS - 1]}"
    assert end == "  … and 2 more of 2 other kinds; --json lists more."


def test_progress_is_drawn_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress(as_json=False) as report:
        report(1, 2, "Working")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress(as_json=True) as report:
        report(1, 2, "Working")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress(as_json=False) as report:
        report(1, 2, "Working")
    assert "Working" in capsys.readouterr().err


def test_processes_here_and_a_cluster_exclude_each_other(run: Terminal, project: Path) -> None:
    said = run.refused("suggest", project, "--workers", "2", "--cluster", "tcp://127.0.0.1:9")
    assert "exclude each other" in said
