"""The project file: made, opened, locked, closed, copied, killed, full; and what is not one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.errors import LockedError, NewerError, ProjectError
from annotator.store.faults import ConflictError
from annotator.store.migrate import APPLICATION_ID, latest, migrations
from annotator.store.project import Project
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project, as_nobody, place
from tests.house.source import ROOT

TEXT = "[Ada](PERSON) met [Bob](PERSON) and left."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a closed project with one document and one decision."""
    session = a_project(tmp_path)
    document = a_document(session, TEXT)
    session.do(commands.AddSpan(document, place(session.text(document), "left"), "ROLE"))
    session.close()
    return session.path


RIGHTS = pytest.mark.skipif(sys.platform == "win32", reason="rights of files are POSIX")


def program(*lines: str, **values: object) -> list[str]:
    """Give the command that runs some lines of Python in a process of its own."""
    told = [f"{name} = {value!r}" for name, value in values.items()]
    return [sys.executable, "-c", "\n".join(["from pathlib import Path", *told, *lines])]


def test_closing_leaves_one_file(path: Path) -> None:
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    session = open_project(path, annotator="Mara")
    assert {each.name for each in path.parent.iterdir()} > {path.name, f"{path.name}.lock"}
    session.set_setting("x", 1)
    session.close()
    session.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_project_is_not_made_over_something_or_nowhere(path: Path, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="exists already"):
        Project.create(path, annotator="Mara")
    with pytest.raises(ProjectError, match="There is no folder"):
        Project.create(tmp_path / "no" / "a.annot", annotator="Mara")
    with pytest.raises(ProjectError, match="cannot be used"):
        Project.create(tmp_path / f"{'x' * 300}.annot", annotator="Mara")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty, not a project"),
        (b"Just a text.\n", "is not a project: it does not begin like one"),
        (b"SQLite format 3\x00" + b"x" * 4096, "damaged or not a project"),
    ],
)
def test_a_file_that_is_no_project_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "thing.annot"
    path.write_bytes(content)
    for read_only in (False, True):
        with pytest.raises(ProjectError, match=words) as refusal:
            Project.open(path, annotator="Mara", read_only=read_only)
        assert "thing.annot" in str(refusal.value)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["thing.annot"]


def test_a_folder_a_missing_file_and_another_database_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is a folder"):
        Project.open(tmp_path, annotator="Mara")
    with pytest.raises(ProjectError, match="is not there"):
        Project.open(tmp_path / "no.annot", annotator="Mara")
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE a (b)")
    connection.close()
    before = other.read_bytes()
    for read_only in (False, True):
        with pytest.raises(ProjectError, match="another program"):
            Project.open(other, annotator="Mara", read_only=read_only)
    assert other.read_bytes() == before


def test_a_project_of_a_newer_program_is_refused_and_untouched(path: Path) -> None:
    _set_version(path, 3000)
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(NewerError, match=r"file format 3\.0; this one reads up to 2"):
            Project.open(path, annotator="Mara", read_only=read_only)
    assert path.read_bytes() == before


def test_a_newer_minor_version_is_opened(path: Path) -> None:
    _set_version(path, 2999)
    open_project(path, annotator="Mara").close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 2999
    connection.close()


def test_an_older_project_is_copied_before_it_is_brought_up_to_date(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (*migrations(), "CREATE TABLE later (x);")
    monkeypatch.setattr("annotator.store.migrate.migrations", lambda: more)
    with pytest.raises(ProjectError, match="older annotator"):
        Project.open(path, annotator="Mara", read_only=True)
    project = Project.open(path, annotator="Mara")
    assert project.rows("SELECT * FROM later") == []
    project.close()
    copy = path.with_name(f"{path.name}.backup-{latest() - 1}")
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT count(*) FROM span").fetchone()[0] == 1
    connection.close()


def test_a_migration_that_fails_leaves_the_project_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (*migrations(), "CREATE TABLE later (x); CREATE TABLE span (x);")
    with monkeypatch.context() as patch:
        patch.setattr("annotator.store.migrate.migrations", lambda: broken)
        with pytest.raises(ProjectError):
            Project.open(path, annotator="Mara")
    session = open_project(path, annotator="Mara")
    assert session.counts().all == 1
    session.close()


def _set_version(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    connection.close()


def test_a_second_writer_is_refused_by_name_until_the_first_lets_go(path: Path) -> None:
    first = open_project(path, annotator="Mara")
    with pytest.raises(LockedError, match=rf"Mara on .* \(process {os.getpid()}\) has {path.name} open"):
        open_project(path, annotator="Ben")
    first.close()
    second = open_project(path, annotator="Ben")
    assert not second.read_only
    second.close()


def test_a_second_session_reads_and_follows(path: Path) -> None:
    writer = open_project(path, annotator="Mara")
    reader = open_project(path, annotator="Ben", or_read_only=True)
    assert reader.read_only
    assert "Mara" in reader.holder
    document = reader.document_keys()[0]
    writer.do(commands.AddSpan(document, place(writer.text(document), "Ada"), "PERSON"))
    assert len(reader.annotations(document).spans) == 2
    with pytest.raises(ProjectError, match="Read only"):
        reader.do(commands.RenameDocument(document, "x"))
    with pytest.raises(ProjectError, match="Read only"):
        reader.set_setting("x", 1)
    reader.close()
    writer.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_reader_that_stays_does_not_hold_up_the_closing_and_loses_nothing(path: Path) -> None:
    writer = open_project(path, annotator="Mara")
    reader = open_project(path, annotator="Ben", read_only=True)
    writer.set_setting("x", 1)
    began = time.monotonic()
    writer.close()
    assert time.monotonic() - began < 2.0
    copy = path.with_name("copy.annot")
    shutil.copy(path, copy)
    assert reader.setting("x") == 1
    reader.close()
    again = open_project(copy, annotator="Mara")
    assert again.setting("x") == 1
    again.close()


@RIGHTS
def test_a_copy_opens_in_a_folder_that_may_not_be_written(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    copy = Path(shutil.copy(path, folder / "copy.annot"))
    copy.chmod(0o444)
    folder.chmod(0o555)
    with as_nobody(tmp_path):
        reader = open_project(copy, annotator="Mara", read_only=True)
        assert len(reader.annotations(reader.document_keys()[0]).spans) == 1
        reader.close()
        with pytest.raises(ProjectError, match="cannot be used: Permission denied"):
            open_project(copy, annotator="Mara")
        with pytest.raises(ProjectError, match="cannot be used: Permission denied"):
            Project.create(folder / "new.annot", annotator="Mara")
    folder.chmod(0o755)
    assert [each.name for each in folder.iterdir()] == ["copy.annot"]


@RIGHTS
def test_a_project_without_rights_is_refused(path: Path, tmp_path: Path) -> None:
    path.chmod(0o000)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    with as_nobody(tmp_path):
        for read_only in (False, True):
            for where in (path, closed / "a.annot"):
                with pytest.raises(ProjectError, match="cannot be used: Permission denied"):
                    Project.open(where, annotator="Mara", read_only=read_only)
        with pytest.raises(ProjectError, match="cannot be used: Permission denied"):
            Project.create(closed / "a.annot", annotator="Mara")


def test_what_was_acknowledged_survives_a_kill(path: Path) -> None:
    editing = subprocess.Popen(
        program(
            "from annotator.workflows.projects import open_project",
            "from annotator.editing.commands import SetNote",
            "session = open_project(Path(path), annotator='Mara')",
            "document = session.document_keys()[0]",
            "for number in range(100_000):",
            "    session.do(SetNote(kind=None, key=document, note=str(number)))",
            "    print(number, flush=True)",
            path=str(path),
        ),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert editing.stdout is not None
    with editing.stdout as lines:
        acknowledged = [lines.readline() for _ in range(30)]
        editing.kill()
        acknowledged += [line for line in lines if line.endswith(b"\n")]
    editing.wait()
    told = int(acknowledged[-1])
    assert path.with_name(f"{path.name}.lock").exists()
    session = open_project(path, annotator="Mara")
    document = session.document_keys()[0]
    assert int(session.document(document).note) >= told >= 29
    assert len(session.history(1000)) == int(session.document(document).note) + 1 + 3
    session.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are POSIX")
def test_a_full_disk_is_told_and_loses_only_the_last_act(path: Path) -> None:
    editing = subprocess.run(
        program(
            "import resource, signal",
            "from annotator.model.errors import ProjectError",
            "from annotator.workflows.projects import open_project",
            "from annotator.editing.commands import SetNote",
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
            "session = open_project(Path(path), annotator='Mara')",
            "document = session.document_keys()[0]",
            "limit = Path(path).stat().st_size + 50_000",
            "hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]",
            "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))",
            "number = 0",
            "try:",
            "    while True:",
            "        session.do(SetNote(kind=None, key=document, note=str(number) + 'x' * 2000))",
            "        number += 1",
            "except ProjectError as error:",
            "    print(number, type(error).__name__, error)",
            "print(session.document(document).note.rstrip('x'))",
            "resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))",
            "session.do(SetNote(kind=None, key=document, note='room again'))",
            "session.close()",
            path=str(path),
        ),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told, kept = editing.stdout.splitlines()
    number, kind, message = told.split(" ", 2)
    assert kind == "NotSavedError"
    assert "is NOT saved; all before it are." in message
    assert int(number) > 0
    assert int(kept) == int(number) - 1
    session = open_project(path, annotator="Mara")
    assert session.document(session.document_keys()[0]).note == "room again"
    session.close()


def test_a_transaction_is_whole_or_nothing(path: Path) -> None:
    session = open_project(path, annotator="Mara")
    project = session.project

    def write_and_fail() -> None:
        with project.writing():
            project.set_setting("x", 1)
            raise KeyError

    def write_what_hangs_in_the_air() -> None:
        with project.writing() as connection:
            connection.execute("UPDATE span SET note = 'x'")
            connection.execute("UPDATE span SET type = 999")

    with pytest.raises(KeyError):
        write_and_fail()
    assert session.setting("x") is None
    with pytest.raises(ConflictError):
        write_what_hangs_in_the_air()
    assert [span.note for span in session.annotations(session.document_keys()[0]).spans] == [""]
    session.close()


def test_settings_keep_anything_that_json_holds(path: Path) -> None:
    session = open_project(path, annotator="Mara")
    for value in (None, 0, "Zoë 😀", [1, {"a": [True]}], {"b": 1.5}):
        session.set_setting("x", value)
        assert session.setting("x", "missing") == value
    assert session.setting("never set", "missing") == "missing"
    assert (session.name, session.language) == ("test", "en")
    session.close()


def test_keys_are_never_used_twice(path: Path) -> None:
    session = open_project(path, annotator="Mara")
    document = session.document_keys()[0]
    (span,) = session.annotations(document).spans
    session.undo(document)
    session.do(commands.AddSpan(document, span.fragments, "PERSON"))
    (other,) = session.annotations(document).spans
    assert other.key > span.key
    session.close()
