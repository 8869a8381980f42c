"""A project file from a stranger: what in it could act is named, and the file is not opened."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from annotator.model.errors import NewerError, ProjectError
from annotator.store.connections import connect
from annotator.store.foreign import ForeignError, NewerThingsError, foreign_things
from annotator.store.migrate import APPLICATION_ID, latest
from annotator.workflows.projects import open_project
from tests.builders import a_document, a_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a closed project with one document."""
    session = a_project(tmp_path)
    a_document(session, "[Ada](PERSON) met Bob.")
    session.close()
    return session.path


def change(path: Path, *statements: str) -> None:
    """Change what a file holds, as another program could."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.execute(statement)


def redefined(table: str, old: str, new: str) -> str:
    """Give the statement that changes the definition of a table."""
    old, new = old.replace("'", "''"), new.replace("'", "''")
    return f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE name = '{table}'"


def test_a_project_of_ours_holds_nothing_foreign(path: Path) -> None:
    with closing(connect(path, read_only=True)) as connection:
        assert foreign_things(connection, version=latest()) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TRIGGER evil AFTER INSERT ON span BEGIN DELETE FROM document; END", "trigger evil"),
        ("CREATE VIEW evil AS SELECT load_extension('evil')", "view evil"),
        ("CREATE TABLE evil (x DEFAULT (random()))", "table evil"),
        ("CREATE INDEX evil ON span (abs(key))", "index evil"),
        ("CREATE VIRTUAL TABLE evil USING fts5 (x)", "table evil"),
        ("ALTER TABLE span ADD COLUMN evil AS (abs(key))", "table span (changed)"),
        ("ALTER TABLE span ADD COLUMN more TEXT", "table span (changed)"),
        (redefined("setting", "value TEXT", "value TEXT CHECK (abs(1))"), "table setting (changed)"),
        (redefined("setting", "value TEXT", "value TEXT DEFAULT (abs(1))"), "table setting (changed)"),
        (redefined("search", "unicode61", "trigram"), "table search (changed)"),
        (redefined("search_data", "block BLOB", "block BLOB UNIQUE"), "table search_data (changed)"),
        ("DROP INDEX span_by_type", "no index span_by_type"),
        ("DROP TABLE external_id", "no table external_id"),
        ('CREATE TABLE "a\nb\x1b[2J" (x)', r"table a\nb\u001b[2J"),
        (f'CREATE TABLE "{"x" * 5000}" (x)', f"table {'x' * 60}…"),
    ],
)
def test_what_annotator_did_not_make_is_named_and_refused(path: Path, statement: str, words: str) -> None:
    change(path, statement)
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(ProjectError) as refusal:
            open_project(path, annotator="Mara", read_only=read_only)
        if isinstance(refusal.value, ForeignError):
            assert any(words in thing for thing in refusal.value.things)
            assert str(refusal.value).startswith("test.annot holds things that annotator did not make: ")
            assert str(refusal.value).endswith("Repair it into a copy: annotator repair test.annot.")
        else:  # so wrong that SQLite itself cannot read what the file holds
            assert "test.annot" in str(refusal.value)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_many_foreign_things_are_counted(path: Path) -> None:
    change(path, *(f"CREATE TABLE evil{number} (x)" for number in range(50)))
    with pytest.raises(ForeignError, match="evil0, table evil1, table evil10 and 47 more"):
        open_project(path, annotator="Mara")


def test_what_sqlite_keeps_for_its_planner_is_no_stranger(path: Path) -> None:
    change(path, "ANALYZE")
    open_project(path, annotator="Mara").close()


def test_the_mark_of_a_project_alone_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "thing.annot"
    change(
        path, "CREATE TABLE a (b)", f"PRAGMA application_id = {APPLICATION_ID}", "PRAGMA user_version = 1001"
    )
    for read_only in (False, True):
        with pytest.raises(ProjectError):
            open_project(path, annotator="Mara", read_only=read_only)


def test_an_old_project_is_looked_at_before_it_is_brought_up_to_date(tmp_path: Path) -> None:
    from tests.data.make_old_project import HERE

    path = tmp_path / "old.annot"
    path.write_bytes((HERE / "1001.annot").read_bytes())
    change(path, "CREATE TRIGGER evil AFTER INSERT ON span BEGIN DELETE FROM document; END")
    before = path.read_bytes()
    with pytest.raises(ForeignError, match="trigger evil"):
        open_project(path, annotator="Mara")
    assert path.read_bytes() == before


NEWER = f"PRAGMA user_version = {latest() // 1000 * 1000 + 999}"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE later (key INTEGER PRIMARY KEY, x TEXT NOT NULL DEFAULT 'y')",
        "CREATE INDEX later ON span (note) WHERE flagged",
        "ALTER TABLE span ADD COLUMN later TEXT NOT NULL DEFAULT ''",
    ],
)
def test_a_newer_minor_version_opens_with_what_it_added(path: Path, statement: str) -> None:
    change(path, statement, NEWER)
    session = open_project(path, annotator="Mara")
    assert not session.read_only
    session.set_setting("x", 1)
    assert session.undoable(None) is not None
    session.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER later AFTER INSERT ON span BEGIN SELECT 1; END",
        "CREATE VIEW later AS SELECT 1",
        "CREATE TABLE later (x CHECK (x > 1))",
        "CREATE TABLE later (x, y AS (x))",
        "CREATE INDEX later ON span (abs(key))",
        "CREATE VIRTUAL TABLE later USING fts5 (x)",
    ],
)
def test_what_acts_in_a_newer_minor_version_is_only_read(path: Path, statement: str) -> None:
    change(path, statement, NEWER)
    before = path.read_bytes()
    with pytest.raises(
        NewerThingsError, match=r"newer annotator .* which keeps .* later in it. Open it read only"
    ):
        open_project(path, annotator="Mara")
    session = open_project(path, annotator="Mara", or_read_only=True)
    assert session.read_only
    assert session.counts().all == 1
    session.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE span ADD COLUMN later AS (abs(key))",
        "DROP INDEX span_by_type",
        redefined("setting", "value TEXT", "value TEXT CHECK (abs(1))"),
        redefined("span", "score REAL", "score REAL UNIQUE ON CONFLICT REPLACE"),
        redefined("span", "score REAL", "score REAL, x UNIQUE ON CONFLICT REPLACE"),
    ],
)
def test_what_a_newer_minor_version_may_not_change_is_refused(path: Path, statement: str) -> None:
    change(path, statement, NEWER)
    for read_only in (False, True):
        with pytest.raises(ForeignError):
            open_project(path, annotator="Mara", read_only=read_only)


def test_a_newer_major_version_is_refused_whatever_it_holds(path: Path) -> None:
    change(path, "CREATE VIEW later AS SELECT 1", f"PRAGMA user_version = {(latest() // 1000 + 1) * 1000}")
    with pytest.raises(NewerError, match="newer annotator"):
        open_project(path, annotator="Mara")


def test_a_connection_is_hardened(path: Path) -> None:
    with closing(connect(path, read_only=False)) as connection:
        assert connection.execute("PRAGMA trusted_schema").fetchone()[0] == 0
        assert connection.execute("PRAGMA cell_size_check").fetchone()[0] == 1
        assert connection.getlimit(sqlite3.SQLITE_LIMIT_ATTACHED) == 1
        with pytest.raises(sqlite3.Error):
            connection.execute("SELECT load_extension('evil')")
        with pytest.raises(sqlite3.DataError, match="too big"):
            connection.execute("SELECT zeroblob(1000000000)").fetchone()
        connection.execute("VACUUM")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="this Python cannot ask for it")
def test_the_files_own_bookkeeping_cannot_be_written(path: Path) -> None:
    with closing(connect(path, read_only=False)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("DELETE FROM sqlite_master")
