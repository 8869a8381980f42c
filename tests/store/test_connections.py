"""Opening where little can be trusted or nothing written, and what closing says of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.errors import LeftLockError, LockedError, ProjectError
from annotator.store import holders
from annotator.store.connections import log_of, side_file
from annotator.store.file_systems import FileSystem
from annotator.store.project import Project
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project, place, propose
from tests.store.test_locking import left, somebody

TEXT = "[Ada](PERSON) met [Bob](PERSON) and left."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    session = a_project(tmp_path)
    a_document(session, TEXT)
    session.close()
    return session.path


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every disk be one whose locks cannot be trusted."""
    monkeypatch.setattr(
        "annotator.store.project.file_system_of", lambda _folder: FileSystem("nfs4", trusted=False)
    )


@pytest.fixture
def read_only_place(tmp_path: Path) -> Iterator[Path]:
    """Give a small disk that is mounted for reading; `fill` a copy into it first by `remount`."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "none", str(folder)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def seal(folder: Path) -> None:
    """Let a mounted disk be read from now on, and no longer written."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


def names(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir()}


def accept(session: object, words: str, *, label: str = "ROLE") -> None:
    document = session.document_keys()[0]  # type: ignore[attr-defined]
    text = session.text(document)  # type: ignore[attr-defined]
    session.do(commands.AddSpan(document, place(text, words), label))  # type: ignore[attr-defined]


# ---------------------------------------------------------------------- closing


def test_closing_says_that_the_one_file_is_all(path: Path) -> None:
    session = open_project(path, annotator="Mara")
    accept(session, "left")
    closed = session.close()
    assert session.care == ""
    assert closed.is_whole
    assert closed.words() == ""
    assert session.close() == closed
    assert names(path) == {path.name}


def test_closing_under_a_reader_names_the_file_that_belongs_to_it_and_the_reader_folds_it_in(
    path: Path,
) -> None:
    writer = open_project(path, annotator="Mara")
    reader = open_project(path, annotator="Ben", read_only=True)
    accept(writer, "left")
    closed = writer.close()
    assert closed.log == path.with_name("test.annot-wal")
    assert "test.annot-wal belongs to it" in closed.words()
    assert closed.log.exists()
    assert len(reader.annotations(reader.document_keys()[0]).spans) == 1
    assert reader.close().is_whole
    assert names(path) == {path.name}


def test_a_reader_that_closes_leaves_the_log_to_a_writer(path: Path) -> None:
    writer = open_project(path, annotator="Mara")
    reader = open_project(path, annotator="Ben", read_only=True)
    reader.close()
    accept(writer, "left")
    assert writer.close().is_whole


def test_a_clone_closes_its_own_connection_only(path: Path) -> None:
    session = open_project(path, annotator="Mara")
    clone = session.clone()
    accept(clone, "left")
    assert clone.close().is_whole
    assert clone.close().is_whole
    accept(session, "met")
    assert session.close().is_whole


# ---------------------------------------------------------------------- places where nothing can be written


def test_a_closed_project_is_complete_on_a_read_only_disk(path: Path, read_only_place: Path) -> None:
    copy = Path(shutil.copy(path, read_only_place / "copy.annot"))
    seal(read_only_place)
    reader = open_project(copy, annotator="Mara", or_read_only=True)
    assert reader.read_only
    assert reader.holder == ""
    assert len(reader.annotations(reader.document_keys()[0]).undecided) == 2
    reader.close()
    with pytest.raises(ProjectError, match="Read-only file system"):
        open_project(copy, annotator="Mara")


def test_a_copy_of_a_project_that_is_open_is_read_on_a_read_only_disk(
    path: Path, read_only_place: Path
) -> None:
    writer = open_project(path, annotator="Mara")
    accept(writer, "left")
    writer.project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    alone = Path(shutil.copy(path, read_only_place / "alone.annot"))
    accept(writer, "met")
    both = Path(shutil.copy(path, read_only_place / "both.annot"))
    shutil.copy(log_of(path), log_of(both))
    writer.close()
    seal(read_only_place)
    reader = open_project(alone, annotator="Mara", read_only=True)
    clone = reader.clone()
    assert len(clone.annotations(reader.document_keys()[0]).spans) == 1
    clone.close()
    reader.close()
    with pytest.raises(ProjectError, match=r"A part of both\.annot is in both\.annot-wal"):
        open_project(both, annotator="Mara", read_only=True)


# ---------------------------------------------------------------------- disks that cannot be trusted


@pytest.mark.usefixtures("network")
def test_where_locks_cannot_be_trusted_there_is_a_rollback_journal(path: Path) -> None:
    writer = open_project(path, annotator="Mara")
    assert writer.project.has_rollback_journal
    assert writer.care.startswith("test.annot lies on a disk whose locks cannot be trusted (nfs4)")
    connections = [writer.project.connection, writer.clone().project.connection]
    for connection in connections:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
        assert connection.execute("PRAGMA synchronous").fetchone()[0] >= 2
    reader = open_project(path, annotator="Ben", or_read_only=True)
    assert reader.read_only
    assert "Mara" in reader.holder
    before = reader.project.value("PRAGMA data_version")
    accept(writer, "left")
    clone = writer.clone()
    propose(clone, clone.document_keys()[0], [])
    accept(clone, "met")
    assert reader.project.value("PRAGMA data_version") != before
    assert len(reader.annotations(reader.document_keys()[0]).spans) == 2
    assert names(path) == {path.name, side_file(path).name}
    assert writer.close().is_whole
    reader.close()
    assert names(path) == {path.name}


def test_a_log_that_was_left_is_folded_in_where_locks_cannot_be_trusted(
    path: Path, request: pytest.FixtureRequest
) -> None:
    killed = (
        "import os; from pathlib import Path; from annotator.workflows.projects import open_project\n"
        f"session = open_project(Path({str(path)!r}), annotator='Mara')\n"
        "session.set_setting('x', 1)\n"
        "os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", killed], check=False)
    assert log_of(path).exists()
    side_file(path).unlink()
    request.getfixturevalue("network")
    session = open_project(path, annotator="Ben")
    assert session.setting("x") == 1
    session.close()
    assert names(path) == {path.name}


@pytest.mark.usefixtures("network")
def test_half_a_transaction_of_a_killed_writer_is_never_read(path: Path) -> None:
    before = path.read_bytes()
    killed = (
        "import os; from pathlib import Path\n"
        "from annotator.store import project; from annotator.store.file_systems import FileSystem\n"
        "project.file_system_of = lambda _folder: FileSystem('nfs4', trusted=False)\n"
        "from annotator.workflows.projects import open_project\n"
        f"session = open_project(Path({str(path)!r}), annotator='Mara')\n"
        "connection = session.project.connection\n"
        "connection.execute('PRAGMA cache_size = 2')\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "connection.execute(\"UPDATE content SET text = 'half'\")\n"
        "for number in range(200):\n"
        "    connection.execute('INSERT INTO setting VALUES (?, ?)', (str(number), '1' * 2000))\n"
        "os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", killed], check=False)
    assert path.read_bytes() != before
    with pytest.raises(ProjectError, match=r"A part of test\.annot is in test\.annot-journal"):
        open_project(path, annotator="Ben", read_only=True)
    session = open_project(path, annotator="Ben", take_over=True)
    assert session.text(session.document_keys()[0]).startswith("Ada met Bob")
    session.close()
    assert names(path) == {path.name}


# ---------------------------------------------------------------------- holders that are gone


def test_a_project_left_by_another_machine_is_explained_and_taken_over(path: Path) -> None:
    left(side_file(path), somebody(), seconds=3600)
    with pytest.raises(LeftLockError, match=r"Mara on desk-4 .* did not close it.*take-over test\.annot"):
        open_project(path, annotator="Ben")
    reader = open_project(path, annotator="Ben", or_read_only=True)
    assert reader.left_behind
    assert "no sign of life for 1 hour" in reader.holder
    reader.close()
    taken = open_project(path, annotator="Ben", take_over=True)
    assert not taken.read_only
    assert taken.project.left_by is not None
    taken.close()
    assert names(path) == {path.name}


def test_a_living_holder_is_never_taken_over(path: Path) -> None:
    left(side_file(path), somebody(), seconds=holders.SILENT_AFTER / 2)
    with pytest.raises(LockedError, match="Mara on desk-4") as refusal:
        open_project(path, annotator="Ben", take_over=True)
    assert not isinstance(refusal.value, LeftLockError)


def test_whoever_was_taken_over_writes_no_more(path: Path) -> None:
    sleeper = open_project(path, annotator="Mara")
    accept(sleeper, "left")
    side_file(path).unlink()
    left(side_file(path), somebody(annotator="Ben"))
    for session in (sleeper, sleeper.clone()):
        with pytest.raises(LockedError, match=r"Ben on desk-4.* taken over from here"):
            accept(session, "met")
    sleeper.close()
    assert side_file(path).exists()


def test_opening_does_not_let_go_of_the_locks_of_a_window_in_the_same_program(path: Path) -> None:
    writer = open_project(path, annotator="Mara")
    accept(writer, "left")
    Project.open(path, annotator="Ben", read_only=True).close()
    other = (
        f"import sqlite3; other = sqlite3.connect({str(path)!r}, timeout=0)\n"
        "other.execute('PRAGMA journal_mode = DELETE')"
    )
    ended = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
    assert "locked" in ended.stderr
    writer.close()
