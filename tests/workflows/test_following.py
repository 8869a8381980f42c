"""A second window follows: what another connection or process writes is told to its listeners."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import SpanKey
from annotator.model.candidate import Proposal
from annotator.model.change import ChangeSet
from annotator.model.schema import EntityType
from annotator.store import articles
from annotator.store.connections import side_file
from annotator.store.file_systems import FileSystem
from annotator.workflows.backups import make_backup, put_back
from annotator.workflows.following import EVERY, Follower, WriterState, writer_of
from annotator.workflows.projects import open_project
from annotator.workflows.removing import remove_for_good
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, a_record, bring, place
from tests.house.source import ROOT
from tests.store.test_locking import left, somebody

TEXT = "[Ada](PERSON) met [Bob](PERSON) and left."


class Reader:
    """Follows a project and keeps what it was told."""

    def __init__(self, path: Path) -> None:
        self.session = open_project(path, annotator="Ben", read_only=True)
        self.told: list[ChangeSet] = []
        self.writers: list[WriterState] = []
        self.session.listen(self.told.append)
        self.follower = Follower(self.session, on_writer=self.writers.append)

    def look(self) -> list[ChangeSet]:
        self.told.clear()
        assert self.follower.look() >= EVERY
        return list(self.told)


@pytest.fixture(params=["log", "rollback"])
def writer(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """Open a project for writing, on a local disk and on one that cannot be trusted."""
    monkeypatch.setattr(
        "annotator.store.project.file_system_of",
        lambda _folder: FileSystem("x", trusted=request.param == "log"),
    )
    session = a_project(tmp_path)
    a_document(session, TEXT)
    yield session
    session.close()


@pytest.fixture
def reader(writer: Session) -> Iterator[Reader]:
    made = Reader(writer.path)
    yield made
    made.session.close()


def test_without_a_change_nothing_is_told(reader: Reader) -> None:
    assert reader.look() == []
    assert reader.look() == []


def test_decisions_undo_and_names_of_others_arrive(writer: Session, reader: Reader) -> None:
    (document,) = writer.document_keys()
    writer.do(commands.AddSpan(document, place(writer.text(document), "left"), "ROLE"))
    writer.do(commands.SetNote(kind=None, key=document, note="look"))
    (told,) = reader.look()
    assert told.documents == {document}
    assert not told.everywhere
    assert told.message.startswith("Mara: ")
    assert told.message.endswith(", and 1 more.")
    assert len(reader.session.annotations(document).spans) == 1
    writer.undo(document)
    (told,) = reader.look()
    assert told.documents == {document}
    assert reader.session.document(document).note == ""
    assert reader.look() == []


def test_imports_and_types_of_others_arrive_everywhere(writer: Session, reader: Reader) -> None:
    bring(writer, a_record("[Cleo](PERSON) spoke.", source="c.txt"))
    (told,) = reader.look()
    assert told.everywhere
    assert reader.session.counts().all == 2
    writer.do(commands.AddType(EntityType(name="EVENT", color="red")))
    (told,) = reader.look()
    assert told.schema
    assert "EVENT" in {each.name for each in reader.session.schema.entities}


def test_a_removal_for_good_arrives_everywhere(writer: Session, reader: Reader) -> None:
    writer.do(commands.SetFlag(kind=None, key=writer.document_keys()[0], flagged=True))
    reader.look()
    remove_for_good(writer, writer.document_keys()[:1])
    (told,) = reader.look()
    assert told.everywhere
    assert told.message.endswith("Removed for good: 1 document.")
    assert reader.session.document_keys() == writer.document_keys()


def test_an_import_under_way_is_not_told(writer: Session, reader: Reader) -> None:
    from annotator.store.batches import begin_batch

    begin_batch(writer.project, name="Import", at=time.time(), annotator="Mara")
    assert reader.look() == []


def test_candidates_of_others_arrive(writer: Session, reader: Reader) -> None:
    (document,) = writer.document_keys()
    text = writer.text(document)
    proposal = Proposal(
        what=SpanKey(place(text, "left"), "ROLE"), suggester="test", score=0.9, reason="for a test"
    )
    articles.set_candidates(writer.project, document, [proposal], version="1", skipped="")
    (told,) = reader.look()
    assert told.candidates
    assert told.documents == {document}
    assert told.step is None
    assert "left" in {
        text[each.candidates[0].fragments[0].start : each.candidates[0].fragments[0].end]
        for each in reader.session.annotations(document).undecided
    }


def test_a_flood_of_steps_is_told_as_everywhere(
    writer: Session, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.store.following.LISTED_STEPS", 3)
    (document,) = writer.document_keys()
    for number in range(5):
        writer.do(commands.SetNote(kind=None, key=document, note=str(number)))
    (told,) = reader.look()
    assert told.everywhere
    assert reader.look() == []


def test_the_writer_is_seen_to_close(writer: Session, reader: Reader) -> None:
    assert reader.follower.writer.writer == "here"
    writer.close()
    for _ in range(4):
        reader.look()
    assert [each.writer for each in reader.writers] == ["gone"]


def test_a_backup_that_is_put_back_elsewhere_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    session = a_project(tmp_path)
    a_document(session, TEXT)
    session.close()
    backup = make_backup(session.path)
    reader = Reader(session.path)
    put_back(session.path, backup, annotator="Mara")
    for _ in range(4):
        reader.look()
    assert [each.writer for each in reader.writers] == ["replaced"]
    reader.session.close()


def test_a_writer_that_died_is_told_apart_from_one_that_closed(tmp_path: Path) -> None:
    path = tmp_path / "p.annot"
    assert writer_of(path).writer == "gone"
    side_file(path).touch()
    assert writer_of(path).writer == "here"
    left(side_file(path), somebody(), seconds=7200)
    found = writer_of(path)
    assert found.writer == "left"
    assert "no sign of life for 2 hours" in found.words


def test_another_process_is_followed(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    document = a_document(session, TEXT)
    session.close()
    editing = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path\n"  # noqa: ISC004 - one text over several lines
            "from annotator.editing.commands import SetNote\n"
            "from annotator.workflows.projects import open_project\n"
            f"session = open_project(Path({str(session.path)!r}), annotator='Mara')\n"
            "print('open', flush=True)\n"
            "for line in sys.stdin:\n"
            f"    session.do(SetNote(kind=None, key={document}, note=line.strip()))\n"
            "    print('done', flush=True)\n"
            "session.close()",
        ],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert editing.stdin is not None
    assert editing.stdout is not None
    assert editing.stdout.readline() == "open\n"
    reader = Reader(session.path)
    assert reader.session.read_only
    for note in ("first", "second"):
        editing.stdin.write(f"{note}\n")
        editing.stdin.flush()
        assert editing.stdout.readline() == "done\n"
        (told,) = reader.look()
        assert told.documents == {document}
        assert reader.session.document(document).note == note
    editing.stdin.close()
    editing.wait()
    editing.stdout.close()
    for _ in range(4):
        reader.look()
    assert [each.writer for each in reader.writers] == ["gone"]
    reader.session.close()
