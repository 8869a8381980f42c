"""A removal for good is said beforehand, takes the backups that are named, and tells whoever looks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from annotator.editing.commands import AcceptMany, RemoveDocuments
from annotator.model.change import ChangeSet
from annotator.model.errors import Cancelled, RuleError
from annotator.store import removing
from annotator.workflows.backups import list_backups, make_backup
from annotator.workflows.projects import open_project
from annotator.workflows.removing import documents_named, plan_removal, remove_for_good, taken_out
from annotator.workflows.session import Session
from tests.builders import a_document


@pytest.fixture(autouse=True)
def _backups_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))


def test_what_goes_is_said_and_which_backups_hold_it(session: Session) -> None:
    kept = a_document(session, "Ada met Bob.", source="kept")
    make_backup(session.path)
    first = a_document(session, "[Eve](PERSON) rules.", source="first")
    session.do(AcceptMany())
    holding = make_backup(session.path)
    broken = holding.path.with_name("test 2020-01-01T000000Z.annot")
    broken.write_bytes(b"no project")
    older = session.path.with_name(f"{session.path.name}.backup-1001")
    shutil.copy(holding.path, older)
    removal = plan_removal(session, [first, first])
    assert removal.documents == (first,)
    assert removal.titles == ("Eve rules.",)
    assert (removal.going.documents, removal.going.spans, removal.going.entries) == (1, 1, 2)
    assert {each.path for each in removal.backups} == {holding.path, broken, older}
    assert removal.free > 0
    assert removal.needed > 0
    heard: list[ChangeSet] = []
    session.listen(heard.append)
    done = remove_for_good(session, removal.documents, backups=removal.backups)
    assert (done.documents, done.swept, done.backups, done.kept) == (1, True, removal.backups, ())
    assert not older.exists()
    assert len(list_backups(session.path)) == 1
    assert plan_removal(session, [kept]).backups == tuple(list_backups(session.path))
    assert all(each.everywhere for each in heard)
    assert session.document_keys() == [kept]
    assert session.history()[0].name == "Removed for good: 1 document"


def test_documents_are_named_by_id_or_source_also_when_removed(session: Session) -> None:
    first, second = (a_document(session, f"Text {name}.", source=name) for name in ("a.txt", "b.txt"))
    session.do(RemoveDocuments((second,)))
    identity = session.document(first).id
    assert documents_named(session, ["b.txt", identity, "a.txt"]) == [second, first]
    assert taken_out(session) == [second]
    with pytest.raises(RuleError, match=r"No document here has the id or the source c\.txt"):
        documents_named(session, ["c.txt"])


def test_the_next_opening_finishes_what_was_stopped(session: Session) -> None:
    document, other = a_document(session, "Zirbelkiefer stands."), a_document(session, "Ada.")

    def stop(_done: int, _total: int, text: str) -> None:
        if text.startswith("Removing"):
            raise Cancelled

    with pytest.raises(Cancelled):
        remove_for_good(session, [document], stop)
    assert session.document_keys() == [other]
    assert session.project.value("SELECT count(*) FROM document") == 2
    session.close()
    again = open_project(session.path, annotator="Eve")
    try:
        assert again.project.value("SELECT count(*) FROM document") == 1
        assert removing.pending(again.project) == {}
        assert (again.history()[0].name, again.history()[0].annotator) == (
            "Removed for good: 1 document",
            "Eve",
        )
    finally:
        again.close()
    assert b"irbelkiefer" not in session.path.read_bytes()


def test_it_runs_beside_the_window(session: Session) -> None:
    document = a_document(session, "Zirbelkiefer stands.")
    heard: list[ChangeSet] = []
    session.listen(heard.append)
    own = session.clone()
    try:
        assert remove_for_good(own, [document]).swept
    finally:
        own.close()
    assert heard == []
    session.deliver()
    assert heard
    assert session.document_keys() == []
