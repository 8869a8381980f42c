"""The dialog that removes for good: it says what goes, offers the backups, and asks twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from annotator.editing.commands import AcceptMany, RemoveDocuments
from annotator.ui.dialogs.remove_for_good import RemoveForGoodDialog
from annotator.ui.jobs import Jobs
from annotator.workflows.backups import make_backup
from annotator.workflows.session import Session
from tests.ui.dialogs.conftest import Show


@pytest.fixture(autouse=True)
def _backups_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))


def words(dialog: RemoveForGoodDialog) -> list[str]:
    QApplication.processEvents()  # what was just put into a layout is shown with the next turn
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog)]


def test_it_says_what_goes_and_asks_twice(
    session: Session, jobs: Jobs, show: Show, wait: Callable[[], None]
) -> None:
    first, _second = session.document_keys()
    session.do(AcceptMany(documents=(first,)))
    make_backup(session.path)
    make_backup(session.path, asked=True)
    dialog = RemoveForGoodDialog(session, (first,), jobs.run)
    assert not dialog.first_button.isEnabled()
    show(dialog)
    wait()
    said = words(dialog)
    assert [said[said.index(word) - 1] for word in ("spans", "relations", "steps of the history")] == [
        "3",
        "0",
        "2",
    ]
    assert not dialog.removed_card.isVisibleTo(dialog)
    assert dialog.note == "2 backups will still hold it"
    dialog.backup_cards[1].click()
    assert dialog.note == "1 backup will still hold it"
    asked: list[tuple[object, object]] = []
    dialog.wanted.connect(lambda documents, backups: asked.append((documents, backups)))
    dialog.first_button.click()
    assert asked == []
    assert not dialog.second_button.isEnabled()
    QTest.keyClicks(dialog.count_field, "2")
    assert not dialog.second_button.isEnabled()
    dialog.count_field.clear()
    QTest.keyClicks(dialog.count_field, "1")
    chosen = dialog.backups
    dialog.second_button.click()
    assert asked == [((first,), chosen)]
    assert len(chosen) == 1


def test_documents_removed_before_can_go_with_it(
    qtbot: QtBot, session: Session, jobs: Jobs, show: Show, wait: Callable[[], None]
) -> None:
    first, second = session.document_keys()
    session.do(RemoveDocuments((second,)))
    dialog = RemoveForGoodDialog(session, (first,), jobs.run)
    show(dialog)
    wait()
    assert "document with text, title and notes" in words(dialog)
    dialog.removed_card.click()
    wait()
    assert "documents with text, title and notes" in words(dialog)
    assert dialog.documents == (first, second)
    assert "No backup holds them." in words(dialog)


def test_without_room_it_says_so_and_does_nothing(
    session: Session, jobs: Jobs, show: Show, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.store import removing

    monkeypatch.setattr(
        removing, "room_for", lambda _project: removing.Room(needed=90_000_000, free=2_000_000)
    )
    dialog = RemoveForGoodDialog(session, tuple(session.document_keys()), jobs.run)
    show(dialog)
    wait()
    assert "needs 90.0 MB free on the disk; 2.0 MB are." in dialog.fault
    assert not dialog.first_button.isEnabled()
