"""What is asked of the journal: what can be undone and redone, pages of the history, and none of it read end to end."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import Kind, SpanKey
from annotator.model.change import StepKind
from annotator.model.schema import EntityType
from annotator.store import past
from annotator.store.project import Project
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, place, propose

MIGRATION = "0003_asked.sql"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = a_project(tmp_path)
    yield session
    session.close()


def as_before_the_migration(project: Project) -> None:
    """Take a file back to what it was before the migration, and a same-words candidate with it."""
    project.connection.executescript(
        """DROP TABLE asked; DROP INDEX step_live; DROP INDEX step_everywhere; DROP INDEX change_by_document;
        ALTER TABLE step DROP COLUMN live;"""
    )


def migrate_again(project: Project) -> None:
    script = (resources.files("annotator.store") / "migrations" / MIGRATION).read_text(encoding="utf-8")
    project.connection.executescript(script)


def test_old_candidates_of_same_words_become_what_a_person_asked_for(session: Session) -> None:
    document = a_document(session, "Paris and [Paris](GPE).")
    propose(session, document, [SpanKey(place("Paris", "Paris"), "GPE")], suggester="same words")
    as_before_the_migration(session.project)
    migrate_again(session.project)
    left = session.project.rows("SELECT suggester FROM candidate")
    assert [row[0] for row in left] == ["test"]
    found = session.annotations(document).undecided
    assert [each.best.fragments[0].start for each in found] == [0, 10]
    assert found[0].best.proposals[0].suggester == "same words"
    session.do(commands.DeleteType(kind=Kind.SPAN, name="GPE"))
    assert session.annotations(document).undecided == ()
    session.undo(None)
    assert session.annotations(document).undecided[0] == found[0]


def test_what_is_live_is_what_the_entries_say(session: Session) -> None:
    first, second = (a_document(session, f"[Ada](PERSON) met Bob {number}.") for number in range(2))
    for document in (first, second):
        session.do(commands.AddSpan(document, place(session.text(document), "Bob"), "PERSON"))
        session.do(commands.AddSpan(document, place(session.text(document), "met"), "ROLE"))
    session.undo(first)
    session.undo(first)
    session.redo(first)
    session.undo(second)
    session.do(commands.AcceptMany(documents=(first,)))
    session.undo(second)
    session.do(commands.AddType(EntityType(name="DATE")))
    session.undo(None)
    live = session.project.rows("SELECT key, kind, live FROM step ORDER BY key")
    assert [tuple(row) for row in live if row["kind"] == StepKind.UNDO and row["live"]][-1:] != []
    assert all(not row["live"] for row in live if row["kind"] == StepKind.REDO)
    as_before_the_migration(session.project)
    migrate_again(session.project)
    again = session.project.rows("SELECT key, kind, live FROM step ORDER BY key")
    assert [tuple(row) for row in again] == [tuple(row) for row in live]


def test_an_act_on_one_document_leaves_the_redo_of_another(session: Session) -> None:
    first, second = (a_document(session, f"Ada met Bob {number}.") for number in range(2))
    session.do(commands.AddSpan(first, place(session.text(first), "Ada"), "PERSON"))
    session.undo(first)
    session.do(commands.AddSpan(second, place(session.text(second), "Ada"), "PERSON"))
    assert session.redoable(second) is None
    assert session.redoable(first) is not None
    session.do(commands.AddSpan(first, place(session.text(first), "Bob"), "PERSON"))
    assert session.redoable(first) is None


def test_the_history_comes_in_pages_and_is_searched_by_words_and_document(session: Session) -> None:
    first, second = (a_document(session, f"Ada met Bob {number}.") for number in range(2))
    for document in (first, second, first):
        session.do(commands.SetFlag(kind=None, key=document, flagged=not session.document(document).flagged))
    session.do(commands.AddType(EntityType(name="DATE")))
    every = past.history(session.project, limit=100)
    pages = past.history(session.project, limit=2)
    while len(more := past.history(session.project, limit=2, before=pages[-1].key)):
        pages += more
    assert pages == every
    assert len(every) == past.count_steps(session.project)
    flags = past.history(session.project, limit=9, words="FLAG mara")
    assert [each.name.split()[0] for each in flags] == ["Unflag", "Flag", "Flag"]
    of_second = past.history(session.project, limit=9, document=second)
    assert [each.documents for each in of_second][:2] == [0, 1]  # the type, which concerns all, and the flag
    assert len([each for each in of_second if each.name.startswith("Flag")]) == 1
    assert past.history(session.project, limit=9, words="nowhere") == []


@pytest.mark.parametrize("document", [None, 1])
def test_no_question_of_every_moment_reads_the_journal_through(
    session: Session, document: int | None
) -> None:
    plans: list[str] = []
    ask = session.project.rows

    def explain(statement: str, values: object = ()) -> object:
        if statement.lstrip().startswith("SELECT"):
            plans.extend(row["detail"] for row in ask(f"EXPLAIN QUERY PLAN {statement}", values))  # type: ignore[arg-type]
        return ask(statement, values)  # type: ignore[arg-type]

    session.project.rows = explain  # type: ignore[method-assign, assignment]
    past.newest_standing(session.project, document)
    past.newest_redoable(session.project, document)
    assert plans
    walked = [each for each in plans if each.startswith("SCAN") and "INDEX step_" not in each]
    assert [each for each in walked if "subquery" not in each.lower() and "(" not in each] == []
