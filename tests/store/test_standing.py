"""What is kept of an article while others write: never anything that stands no more, and nothing is read in vain."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.editing import commands
from annotator.model.annotation import SpanKey
from annotator.model.candidate import Proposal
from annotator.model.schema import EntityType
from annotator.store import articles
from annotator.store.project import Project
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, place

TEXT = "[Ada](PERSON) met [Bob](PERSON) in [Paris](GPE)."


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project with two documents."""
    session = a_project(tmp_path)
    a_document(session, TEXT, source="first")
    a_document(session, f"{TEXT} Again.", source="second")
    yield session
    session.close()


def write_candidates(project: Project, document: int, words: str, score: float) -> None:
    """Write what a run of the suggesters writes; inside `writing`."""
    what = SpanKey(place("Ada met Bob in Paris.", words), "PERSON")
    articles.set_candidates(
        project, document, [Proposal(what=what, suggester="run", score=score)], version="1"
    )
    articles.refresh_tally(project, document)


def is_fresh(session: Session, document: int) -> bool:
    project = session.project
    return articles.annotations_in(project, document) == articles.read_article(project, document).annotations


def reads_of(session: Session, document: int, meanwhile: Callable[[], None]) -> int:
    """Count how often an article is read again after something was done."""
    articles.annotations_in(session.project, document)
    meanwhile()
    with patch.object(articles, "read_article", wraps=articles.read_article) as read:
        articles.annotations_in(session.project, document)
    return read.call_count


def test_candidates_of_another_document_do_not_make_an_article_be_read_again(session: Session) -> None:
    first, second = session.document_keys()
    with closing(session.project.sibling()) as other:

        def run_over(document: int) -> None:
            with other.writing(tells=True):
                write_candidates(other, document, "Ada", 0.5)

        assert reads_of(session, first, lambda: run_over(second)) == 0
        assert reads_of(session, first, lambda: run_over(second)) == 0
        assert reads_of(session, first, lambda: run_over(first)) == 1
        assert is_fresh(session, first)


def test_an_act_does_not_read_its_article_again_after_others_got_candidates(session: Session) -> None:
    first, second = session.document_keys()
    articles.annotations_in(session.project, first)
    with closing(session.project.sibling()) as other:
        for words in ("Ada", "met"):
            with other.writing(tells=True):
                write_candidates(other, second, words, 0.5)
            with patch.object(articles, "read_article", wraps=articles.read_article) as read:
                candidate = session.annotations(first).undecided[0].best.what
                session.do(commands.AcceptSpan(document=first, candidate=candidate))
                session.undo(first)
            assert read.call_count == 0
    assert is_fresh(session, first)


def test_any_other_write_makes_it_be_read_again(session: Session) -> None:
    first, second = session.document_keys()
    with closing(session.project.sibling()) as other:

        def set_a_setting() -> None:
            other.set_setting("anything", 1)

        def write_more_than_candidates() -> None:
            with other.writing(tells=True):
                write_candidates(other, second, "Ada", 0.6)
                set_a_setting()

        assert reads_of(session, first, set_a_setting) == 1
        assert reads_of(session, first, write_more_than_candidates) == 1


def test_a_stranger_s_write_is_noticed(session: Session) -> None:
    first, _ = session.document_keys()
    with closing(sqlite3.connect(session.path)) as stranger:

        def write() -> None:
            with stranger:
                stranger.execute("DELETE FROM candidate WHERE document = ?", (first,))

        assert reads_of(session, first, write) == 1
        assert session.annotations(first).undecided == ()


def test_what_is_read_while_candidates_are_written_does_not_outlive_them(session: Session) -> None:
    first, _ = session.document_keys()
    with closing(session.project.sibling()) as other:
        with other.writing(tells=True):
            write_candidates(other, first, "met", 0.9)
            before = session.annotations(first)
        assert session.annotations(first) != before
        assert is_fresh(session, first)


def test_long_work_rests_while_somebody_writes(session: Session) -> None:
    first, _ = session.document_keys()
    with closing(session.project.sibling()) as other, patch("annotator.store.project.time.sleep") as sleep:
        other.rest()
        rested = sleep.call_count
        session.do(commands.SetNote(kind=None, key=first, note="seen"))
        other.rest()
        session.project.turn.asked_urgently -= 60
        other.rest()
    assert (rested, sleep.call_count) == (1, 2)  # the import of the fixture was a moment ago


def test_types_that_another_connection_writes_are_seen(session: Session) -> None:
    _, second = session.document_keys()
    names = {each.name for each in session.schema.entities}
    with closing(session.clone()) as own:
        with own.project.writing(tells=True):
            write_candidates(own.project, second, "met", 0.9)
        assert "EVENT" not in names
        own.do(commands.AddType(EntityType(name="EVENT")))
    assert "EVENT" in {each.name for each in session.schema.entities}


OPERATIONS = ("run", "run over both", "failed run", "setting", "accept", "undo", "stranger")
PLANS = st.lists(
    st.tuples(
        st.sampled_from(OPERATIONS),
        st.booleans(),
        st.sampled_from(["Ada", "met", "Paris"]),
        st.floats(0.1, 0.9),
    ),
    max_size=12,
)


class Writers:
    """All who write in a project: its own connection, another one of the program, and a stranger."""

    def __init__(self, session: Session, documents: list[int]) -> None:
        self.session = session
        self.documents = documents
        self.other = session.project.sibling()
        self.stranger = sqlite3.connect(session.path)

    def close(self) -> None:
        self.other.close()
        self.stranger.close()

    def run(self, documents: list[int], words: str, score: float, *, fails: bool = False) -> None:
        """Write candidates, and look at the first document before they are there."""
        with self.other.writing(tells=True):
            for each in documents:
                write_candidates(self.other, each, words, score)
                self.session.annotations(documents[0])
            if fails:
                raise ZeroDivisionError

    def do(self, operation: str, document: int, words: str, score: float) -> None:
        """Do one thing."""
        if operation == "run":
            self.run([document], words, score)
        elif operation == "run over both":
            self.run(self.documents, words, score)
        elif operation == "failed run":
            with pytest.raises(ZeroDivisionError):
                self.run([document], words, score, fails=True)
        elif operation == "setting":
            self.other.set_setting(words, score)
        elif operation == "stranger":
            with self.stranger as connection:
                connection.execute("UPDATE candidate SET score = ? WHERE document = ?", (score, document))
        elif operation == "undo":
            step = self.session.undoable(document)
            if step is not None and not step.name.startswith("Import"):
                self.session.undo(document)
        elif readings := self.session.annotations(document).undecided:
            what = readings[0].best.what
            self.session.do(commands.AcceptSpan(document=document, candidate=what))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(plan=PLANS)
def test_what_is_kept_is_what_stands_whoever_wrote_before(
    session: Session, plan: list[tuple[str, bool, str, float]]
) -> None:
    documents = session.document_keys()
    with closing(Writers(session, documents)) as writers:
        for operation, at, words, score in plan:
            writers.do(operation, documents[at], words, score)
            assert is_fresh(session, documents[0])
            assert all(is_fresh(session, document) for document in documents)


def test_two_threads_that_write_and_read_end_with_the_same(session: Session) -> None:
    documents = session.document_keys()
    ended = threading.Event()

    def run() -> None:
        with closing(session.project.sibling()) as other:
            for number in range(60):
                with other.writing(tells=True):
                    write_candidates(other, documents[number % 2], "met", 0.2 + number / 100)
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    while not ended.is_set():
        for document in documents:
            session.annotations(document)
    thread.join()
    assert all(is_fresh(session, document) for document in documents)
