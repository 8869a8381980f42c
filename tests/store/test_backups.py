"""Backups: whole, checked, in their place only when complete; which are kept; and how one is put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing import commands
from annotator.model.errors import Cancelled, LockedError, ProjectError
from annotator.store import whole_copies
from annotator.store.backups import (
    Backup,
    documents_in,
    folder_of,
    identity_of,
    list_backups,
    make_backup,
    superfluous,
    why_not_open,
)
from annotator.store.connections import side_file
from annotator.store.copying import clean_copy
from annotator.store.file_systems import FileSystem
from annotator.store.restoring import put_back
from annotator.store.whole_copies import CopyError, clear_parts, copy_whole, part_of
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project, place
from tests.data.make_old_project import HERE

TEXT = "[Ada](PERSON) met [Bob](PERSON) and left."
DAY = 86_400.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    session = a_project(tmp_path)
    a_document(session, TEXT)
    session.close()
    return session.path


def spans_in(path: Path) -> int:
    connection = sqlite3.connect(path)
    count: int = connection.execute("SELECT count(*) FROM span").fetchone()[0]
    connection.close()
    return count


def accept(path: Path, words: str) -> None:
    session = open_project(path, annotator="Mara")
    document = session.document_keys()[0]
    session.do(commands.AddSpan(document, place(session.text(document), words), "ROLE"))
    session.close()


# ---------------------------------------------------------------------- copying


@pytest.mark.parametrize("trusted", [True, False], ids=["log", "rollback"])
def test_a_copy_is_made_while_the_project_is_open_and_is_whole_alone(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, trusted: bool
) -> None:
    monkeypatch.setattr(
        "annotator.store.project.file_system_of", lambda _folder: FileSystem("x", trusted=trusted)
    )
    session = open_project(path, annotator="Mara")
    document = session.document_keys()[0]
    session.do(commands.AddSpan(document, place(session.text(document), "left"), "ROLE"))
    target = tmp_path / "copies" / "copy.annot"
    target.parent.mkdir()
    copy_whole(path, target)
    assert [each.name for each in target.parent.iterdir()] == ["copy.annot"]
    assert spans_in(target) == 1
    connection = sqlite3.connect(target)
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    connection.close()
    session.close()


def test_what_is_written_meanwhile_neither_stops_the_copy_nor_gets_half_into_it(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_copies, "PAGES", 1)
    session = open_project(path, annotator="Mara")
    document = session.document_keys()[0]
    steps = []

    def write(done: int, total: int) -> None:
        steps.append((done, total))
        if len(steps) <= 20:
            session.do(commands.SetNote(kind=None, key=document, note=f"note {len(steps)}"))

    copy_whole(path, tmp_path / "copy.annot", step=write)
    assert len(steps) > 20
    assert session.document(document).note == "note 20"
    session.close()
    copy = open_project(tmp_path / "copy.annot", annotator="Mara", read_only=True)
    assert copy.document(document).note == ""
    copy.close()


def test_without_a_snapshot_a_copy_gives_up_when_somebody_writes_all_the_time(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_copies, "PAGES", 1)
    monkeypatch.setattr(
        "annotator.store.project.file_system_of", lambda _folder: FileSystem("x", trusted=False)
    )
    session = open_project(path, annotator="Mara")
    document = session.document_keys()[0]
    numbers = iter(range(100_000))

    def write(_done: int, _total: int) -> None:
        session.do(commands.SetNote(kind=None, key=document, note=str(next(numbers))))

    with pytest.raises(CopyError, match="being written all the time"):
        copy_whole(path, tmp_path / "copy.annot", step=write)
    session.close()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_copy_that_is_stopped_leaves_nothing(path: Path, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        copy_whole(path, tmp_path / "copy.annot", step=stop)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_damaged_project_makes_no_backup_and_spoils_no_older_one(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.annot"
    copy_whole(path, target)
    before = target.read_bytes()
    content = bytearray(path.read_bytes())
    content[4096 * 5 : 4096 * 9] = os.urandom(4096 * 4)
    path.write_bytes(content)
    with pytest.raises(CopyError, match="is damaged") as refusal:
        copy_whole(path, target)
    assert refusal.value.is_damage
    assert target.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CopyError, match=r"No backup can be made in .*file"):
        make_backup(path, tmp_path / "file" / "backups")
    with pytest.raises(CopyError, match="cannot be copied to"):
        copy_whole(path, tmp_path / "no" / "copy.annot")


def test_half_copies_of_somebody_who_is_gone_are_cleared_away(tmp_path: Path) -> None:
    old, young = tmp_path / ".a.annot.desk-4-1.part", tmp_path / ".b.annot.desk-4-2.part"
    mine = part_of(tmp_path / "c.annot")
    for each in (old, young, mine):
        each.touch()
    os.utime(old, (1, 1))
    clear_parts(tmp_path)
    assert set(tmp_path.iterdir()) == {young, mine}


def test_a_copy_clears_away_what_a_killed_copy_to_the_same_place_left(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "c.annot"
    target.parent.mkdir()
    left = target.with_name(".c.annot.desk-4-1.part")
    other = target.with_name(".d.annot.desk-4-1.part")
    for each in (left, left.with_name(left.name + "-journal"), side_file(left), other):
        each.touch()
        os.utime(each, (1, 1))
    copy_whole(path, target)
    assert set(target.parent.iterdir()) == {target, other}


# ---------------------------------------------------------------------- the list


def test_backups_are_named_and_listed_newest_first(path: Path, tmp_path: Path) -> None:
    root = tmp_path / "backups"
    folder = folder_of(root, path, identity=identity_of(path))
    first = make_backup(path, folder, at=1_764_066_600)
    second = make_backup(path, folder, at=1_764_066_600, reason="asked for")
    third = make_backup(path, folder, at=1_764_066_600, reason="asked for")
    assert first.path.name == "test 2025-11-25T103000Z.annot"
    assert second.path.name == "test 2025-11-25T103000Z asked for.annot"
    assert third.path.name == "test 2025-11-25T103000Z asked for 2.annot"
    (folder / "notes.txt").touch()
    found = list_backups(root, path, identity=identity_of(path))
    assert {each.path for each in found} == {first.path, second.path, third.path}
    assert {(each.at, each.name) for each in found} == {(1_764_066_600.0, "test")}
    assert first.size == first.path.stat().st_size
    assert why_not_open(first.path) == ""
    # Moved elsewhere it is still found by its id; damaged by its place.
    moved = Path(shutil.move(path, tmp_path / "moved.annot"))
    assert len(list_backups(root, moved, identity=identity_of(moved))) == 3
    assert len(list_backups(root, path, identity="")) == 3


def test_a_backup_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "broken.annot"
    broken.write_bytes(b"SQLite format 3\x00" + bytes(5000))
    assert "cannot be read" in why_not_open(broken)
    assert "cannot be read" in why_not_open(tmp_path / "gone.annot")
    sqlite3.connect(tmp_path / "empty.annot").close()
    assert "empty" in why_not_open(tmp_path / "empty.annot")


def test_it_can_be_told_which_documents_a_backup_holds(path: Path, tmp_path: Path) -> None:
    session = open_project(path, annotator="Mara")
    known = session.document(session.document_keys()[0]).id
    session.close()
    backup = make_backup(path, tmp_path / "backups")
    unknown = known[:-1] + ("0" if known[-1] != "0" else "1")
    assert documents_in(backup.path, [known, unknown]) == {known}


def _made(*days_ago: float, reasons: Sequence[str] = (), size: int = 1_000_000) -> list[Backup]:
    noon = time.mktime((2026, 6, 15, 12, 0, 0, 0, 0, -1))
    reasons = [*reasons, *[""] * len(days_ago)]
    return [
        Backup(
            path=Path(f"{number}.annot"),
            at=noon - days * DAY,
            size=size,
            name="p",
            reason=reason,  # type: ignore[arg-type]
        )
        for number, (days, reason) in enumerate(zip(days_ago, reasons, strict=False))
    ]


def test_all_of_the_newest_day_stay_and_the_last_of_each_before() -> None:
    made = _made(0, 0.1, 0.2, 1, 1.1, 2, 2.1, reasons=["", "", "", "", "before update"])
    assert superfluous(made, days=14, megabytes=100) == [made[6]]
    assert superfluous(made, days=2, megabytes=100) == [made[5], made[6]]
    assert superfluous([], days=2, megabytes=100) == []


def test_days_without_a_backup_do_not_count() -> None:
    made = _made(0, 40, 90)
    assert superfluous(made, days=3, megabytes=100) == []


def test_the_oldest_go_when_there_are_too_many_bytes_but_never_the_newest() -> None:
    made = _made(0, 1, 2, 3)
    assert superfluous(made, days=14, megabytes=2) == [made[2], made[3]]
    assert superfluous(made, days=14, megabytes=0) == made[1:]


@given(
    made=st.lists(
        st.tuples(
            st.floats(0, 200), st.integers(0, 3_000_000), st.sampled_from(["", "asked for", "before update"])
        ),
        max_size=30,
    ),
    days=st.integers(1, 20),
    megabytes=st.integers(0, 20),
)
def test_whatever_was_made_the_newest_stays_within_days_and_size(
    made: list[tuple[float, int, str]], days: int, megabytes: int
) -> None:
    backups = [
        replace(_made(days_ago, reasons=[reason], size=size)[0], path=Path(f"{number}.annot"))
        for number, (days_ago, size, reason) in enumerate(made)
    ]
    gone = superfluous(backups, days=days, megabytes=megabytes)
    kept = [each for each in backups if each not in gone]
    assert len(kept) + len(gone) == len(backups)
    assert bool(kept) == bool(backups)
    if kept:
        newest = max(each.at for each in backups)
        assert newest in {each.at for each in kept}
        assert len(kept) == 1 or sum(each.size for each in kept) <= megabytes * 1_000_000
        assert len({time.strftime("%Y-%m-%d", time.localtime(each.at)) for each in kept}) <= days
        # Nothing newer goes while something older stays, but for the thinning of a day.
        oldest = min(each.at for each in kept)
        lost_days = {time.strftime("%Y-%m-%d", time.localtime(each.at)) for each in gone if each.at > oldest}
        kept_days = {time.strftime("%Y-%m-%d", time.localtime(each.at)) for each in kept}
        assert lost_days <= kept_days


# ---------------------------------------------------------------------- putting back


def test_a_backup_is_put_back_and_what_was_there_is_kept(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    backup = make_backup(path, folder, at=1.0)
    accept(path, "left")
    kept = put_back(path, backup.path, annotator="Mara", folder=folder)
    assert kept is not None
    assert kept.name.endswith("before putting back.annot")
    assert (spans_in(path), spans_in(kept)) == (0, 1)
    put_back(path, kept, annotator="Mara", folder=folder)
    assert spans_in(path) == 1
    assert {each.name for each in tmp_path.iterdir()} == {path.name, "backups"}


def test_nothing_is_put_back_under_a_writer_or_a_reader(path: Path, tmp_path: Path) -> None:
    backup = make_backup(path, tmp_path / "backups", at=1.0)
    accept(path, "left")
    writer = open_project(path, annotator="Mara")
    with pytest.raises(LockedError, match="Mara"):
        put_back(path, backup.path, annotator="Ben", folder=tmp_path / "backups")
    reader = open_project(path, annotator="Ben", read_only=True)
    writer.close()
    with pytest.raises(CopyError, match="still reads"):
        put_back(path, backup.path, annotator="Ben", folder=tmp_path / "backups")
    reader.close()
    assert spans_in(path) == 1
    assert not side_file(path).exists()


def test_a_backup_is_put_in_the_place_of_a_damaged_or_missing_project(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    backup = make_backup(path, folder, at=1.0)
    path.write_bytes(b"no database at all")
    kept = put_back(path, backup.path, annotator="Mara", folder=folder)
    assert kept is not None
    assert kept.read_bytes() == b"no database at all"
    assert spans_in(path) == 0
    path.unlink()
    assert put_back(path, backup.path, annotator="Mara", folder=folder) is None
    assert spans_in(path) == 0


def test_a_copy_is_made_in_a_thread_while_the_window_writes(path: Path, tmp_path: Path) -> None:
    session = open_project(path, annotator="Mara")
    document = session.document_keys()[0]
    ended = threading.Event()

    def copy() -> None:
        for number in range(5):
            make_backup(path, tmp_path / "backups", at=float(number))
        ended.set()

    thread = threading.Thread(target=copy)
    thread.start()
    number = 0
    while not ended.is_set():
        session.do(commands.SetNote(kind=None, key=document, note=str(number)))
        number += 1
    thread.join()
    session.close()
    made = sorted((tmp_path / "backups").iterdir())
    assert len(made) == 5
    assert [why_not_open(each) for each in made] == [""] * 5


def test_what_is_no_project_is_not_put_back(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    foreign = Path(shutil.copy(path, tmp_path / "foreign.annot"))
    for place_of, statement in (
        (other, "CREATE TABLE a (b)"),
        (foreign, "CREATE TRIGGER x AFTER DELETE ON span BEGIN DELETE FROM document; END"),
    ):
        connection = sqlite3.connect(place_of)
        connection.execute(statement)
        connection.commit()
        connection.close()
        before = path.read_bytes()
        with pytest.raises(CopyError, match="Nothing was put back"):
            put_back(path, place_of, annotator="Mara", folder=tmp_path / "backups")
        assert path.read_bytes() == before
    with pytest.raises(ProjectError, match="did not make"):
        clean_copy(foreign, tmp_path / "clean.annot")
    assert not (tmp_path / "clean.annot").exists()


def test_backups_of_older_versions_open_and_are_put_back(tmp_path: Path) -> None:
    for old in sorted(HERE.glob("*.annot")):
        assert why_not_open(old) == ""
        project = tmp_path / old.name
        put_back(project, old, annotator="Mara", folder=tmp_path / "backups")
        session = open_project(project, annotator="Mara")
        assert session.counts().all > 0
        session.close()
