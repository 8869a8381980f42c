"""`Shift+Y`: candidates of all documents from a score on, counted first, accepted as one step."""

from __future__ import annotations

from annotator.ui.dialogs.accept_above import AcceptAboveDialog
from annotator.ui.window import MainWindow
from tests.ui.driving import Person, wait_until


def _dialog(person: Person) -> AcceptAboveDialog:
    person.press("Shift+Y")
    wait_until(lambda: person.window.findChildren(AcceptAboveDialog), what="the question")
    return person.window.findChildren(AcceptAboveDialog)[-1]


def test_they_are_counted_accepted_and_undone_as_one_step(person: Person, window: MainWindow) -> None:
    session = window.controller.session
    assert session is not None
    dialog = _dialog(person)
    dialog.slider.setValue(50)
    spans, _ = dialog.counts()
    assert dialog.accept_button.text() == f"Accept {spans}"
    dialog.accept_button.click()
    wait_until(lambda: not window.jobs.running and "Accepted" in person.said, what="accepted")
    after = [len(session.annotations(key).spans) for key in session.document_keys()]
    assert sum(after) == spans
    assert min(after) > 0, "in all of them"
    session.undo(session.document_keys()[-1])
    assert not any(session.annotations(key).spans for key in session.document_keys())


def test_where_nothing_is_left_that_is_said(person: Person, window: MainWindow) -> None:
    session = window.controller.session
    assert session is not None
    dialog = _dialog(person)
    dialog.slider.setValue(0)
    if dialog.relations_card.isEnabled():
        dialog.relations_card.setChecked(True)
    dialog.accept_button.click()
    wait_until(lambda: not window.jobs.running and "Accepted" in person.said, what="accepted")
    person.press("Shift+Y")
    wait_until(lambda: "No candidate is left" in person.said, what="said")
