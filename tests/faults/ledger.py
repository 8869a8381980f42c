"""What was said to be done, and whether it is there: in memory, in the file, and after opening it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.model.annotation import Kind
from annotator.model.errors import NotSavedError, UserError
from annotator.store.project import Project
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.faults.states import faults_in, state_of


class Ledger:
    """Keeps the last state that was said to be done in an open project."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.state = state_of(session.project)

    def done(self, act: Callable[[], object]) -> None:
        """Let an act happen that must work."""
        act()
        before, self.state = self.state, state_of(self.session.project)
        assert self.state != before, "the act changed nothing"
        self.agree()

    def refused(self, act: Callable[[], object], *words: str) -> NotSavedError:
        """Let an act be refused as one that is not saved; gives the error after a look at its words."""
        error = refused(act, *words)
        assert isinstance(error, NotSavedError), f"{type(error).__name__}: {error}"
        assert "is NOT saved; all before it are." in error.what, error
        self.agree()
        return error

    def agree(self) -> None:
        """Look whether memory, the open file and what another connection reads are the last state that was said."""
        session = self.session
        assert state_of(session.project) == self.state, "a refused act left something, or something is gone"
        other = Session(Project.open(session.path, annotator="", read_only=True), annotator="")
        try:
            assert state_of(other.project) == self.state, "the file holds something else"
            assert session.schema == other.schema, "the schema in memory is not that of the file"
            assert session.counts() == other.counts()
            for key in session.document_keys():
                assert session.annotations(key) == other.annotations(key)
                assert session.document(key) == other.document(key)
            for kind, name in session.usage():
                assert (
                    session.schema.entity(name) if kind is Kind.SPAN else session.schema.relation(name)
                ) is not None
        finally:
            other.close()

    def opened_again(self, path: Path | None = None) -> Session:
        """Open the project again, which must be closed, and look whether all is there."""
        session = open_project(path or self.session.path, annotator="Mara")
        self.session = session
        assert state_of(session.project) == self.state, "something that was said to be done is gone"
        assert faults_in(session.project) == []
        return session


def refused(act: Callable[[], object], *words: str) -> UserError:
    """Let an act be refused with some words, and give the error: what, where and what to do are said."""
    with pytest.raises(UserError) as caught:
        act()
    error = caught.value
    missing = [each for each in words if each not in str(error)]
    assert not missing, f"not said: {missing} in: {error}"
    assert error.todo, f"nothing to do is said: {error}"
    return error
