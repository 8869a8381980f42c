"""Projects that older versions left open here, hold what they held, and can be undone to where they began."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.model.errors import ProjectError
from annotator.store.migrate import latest, migrations
from annotator.store.project import Project
from annotator.workflows.checking import check
from annotator.workflows.projects import open_project
from tests.data.describing import decided, settled
from tests.data.make_old_project import HERE, make, redo, undo_all

OLD = sorted(HERE.glob("*.annot"))


@pytest.fixture(params=OLD, ids=lambda path: str(path.stem))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """Give a copy of an old project, and what it holds."""
    kept: Path = request.param
    copy = tmp_path / kept.name
    shutil.copy(kept, copy)
    return copy, json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))


def test_every_migration_has_a_project_of_the_version_before_it() -> None:
    missing = sorted(set(range(1, len(migrations()))) - {int(path.stem) % 1000 for path in OLD})
    assert missing == [], "before a migration is added: python -m tests.data.make_old_project"
    assert OLD


def test_an_old_project_is_of_the_version_it_is_named_after() -> None:
    for path in OLD:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (int(path.stem),)


def test_an_old_project_holds_what_it_held(old: tuple[Path, dict[str, Any]]) -> None:
    path, holds = old
    session = open_project(path, annotator="Eve")
    try:
        assert decided(session) == holds["decided"]
        assert settled(session) == {name: holds[name] for name in settled(session)}
        assert session.project.value("PRAGMA user_version") == latest()
    finally:
        session.close()


def test_an_old_project_is_undone_and_redone(old: tuple[Path, dict[str, Any]]) -> None:
    path, holds = old
    session = open_project(path, annotator="Eve")
    try:
        undone = undo_all(session, most=len(holds["undone"]))
        assert undone == holds["undone"]
        assert decided(session) == holds["at the beginning"]
        assert check(session.project).breaches == ()
        redo(session, len(undone))
        assert decided(session) == holds["decided"]
        assert check(session.project).breaches == ()
    finally:
        session.close()


def test_an_old_project_is_undone_to_where_it_was_empty(old: tuple[Path, dict[str, Any]]) -> None:
    path, holds = old
    session = open_project(path, annotator="Eve")
    try:
        undone = undo_all(session)
        assert len(undone) >= len(holds["undone"])
        assert decided(session) == {"documents": [], "entities": [], "relations": []}
        redo(session, len(undone))
        assert decided(session) == holds["decided"]
        assert check(session.project).breaches == ()
    finally:
        session.close()


def test_an_old_project_leaves_a_backup_of_itself(old: tuple[Path, dict[str, Any]]) -> None:
    path, holds = old
    Project.open(path, annotator="Eve").close()
    if holds["version"] == latest():
        assert list(path.parent.iterdir()) == [path]
        return
    backup = path.with_name(f"{path.name}.backup-{holds['version']}")
    assert set(path.parent.iterdir()) == {path, backup}
    with closing(sqlite3.connect(backup)) as there, closing(sqlite3.connect(HERE / path.name)) as kept:
        assert list(there.iterdump()) == list(kept.iterdump())


def test_a_backup_is_never_written_over(old: tuple[Path, dict[str, Any]]) -> None:
    path, holds = old
    first = path.with_name(f"{path.name}.backup-{holds['version']}")
    first.write_bytes(b"of another day")
    Project.open(path, annotator="Eve").close()
    assert first.read_bytes() == b"of another day"
    second = path.with_name(f"{path.name}.backup-{holds['version']}-2")
    assert second.is_file() == (holds["version"] < latest())


def test_an_old_project_that_cannot_be_copied_stays_as_it_is(
    old: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, holds = old
    if holds["version"] == latest():
        pytest.skip("this one is not old yet")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("annotator.store.whole_copies.put_in_place", full)
    with pytest.raises(
        ProjectError, match=r"copied before it is brought up to date, but .* no room .* not touched"
    ):
        Project.open(path, annotator="Eve")
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_the_maker_makes_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    for one, other in zip(make(first), make(second), strict=True):
        assert one.name == other.name
        assert one.read_bytes() == other.read_bytes()
