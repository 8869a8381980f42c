"""Removing for good in the window: off the main thread, with the next document opened, and nothing of it left."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.editing.commands import SetFlag
from annotator.ui.dialogs.remove_for_good import RemoveForGoodDialog
from annotator.ui.widgets import Button
from tests.ui.driving import Person, wait_until


def open_dialog(person: Person) -> RemoveForGoodDialog:
    person.window.run("remove_for_good")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RemoveForGoodDialog)
    wait_until(dialog.first_button.isEnabled, what="what goes")
    return dialog


def test_the_open_document_goes_and_the_next_one_is_opened(person: Person) -> None:
    window = person.window
    session = window.controller.session
    assert session is not None
    first, second = session.document_keys()
    window.controller.open_document(first)
    window.controller.do(SetFlag(kind=None, key=second, flagged=True))
    dialog = open_dialog(person)
    dialog.first_button.click()
    QTest.keyClicks(dialog.count_field, "1")
    dialog.second_button.click()
    assert window.controller.document == second
    wait_until(lambda: not window.jobs.running, what="the removal")
    wait_until(lambda: session.history(1)[0].name == "Removed for good: 1 document", what="the word of it")
    assert session.document_keys() == [second]
    assert window.log.messages[0].text == "Removed for good: 1 document."
    assert not session.setting("removing")
    window.run("undo")
    assert not session.document(second).flagged
    assert b"Lovelace" not in session.path.read_bytes()


def test_the_question_about_removing_leads_there(person: Person) -> None:
    window = person.window
    window.run("remove_document")
    button = next(each for each in window.centre.strips.findChildren(Button) if each.text() == "For good…")
    button.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RemoveForGoodDialog)
    assert dialog.documents == (window.controller.document,)
    wait_until(dialog.first_button.isEnabled, what="what goes")
    dialog.cancel_button.click()


def test_cancel_leaves_everything(person: Person) -> None:
    session = person.window.controller.session
    assert session is not None
    dialog = open_dialog(person)
    dialog.cancel_button.click()
    assert len(session.document_keys()) == 2
