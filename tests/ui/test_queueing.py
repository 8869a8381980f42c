"""Orders of documents in the window: chosen by keys, shown, followed by list, filter and “next document”, offered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu

from annotator.editing.commands import SetState
from annotator.model.document import State
from annotator.ui.actions import BY_ID
from annotator.ui.queueing import STRIP
from annotator.ui.window import MainWindow
from annotator.workflows import queueing
from annotator.workflows.queueing import Order
from annotator.workflows.session import Session
from tests.builders import a_project
from tests.ui.driving import Person, wait_until, wait_until_quiet
from tests.workflows.test_queueing import scored


@pytest.fixture
def reader(window: MainWindow, tmp_path: Path) -> Person:
    """Somebody with four documents: of 1, 3, 0 and 2 candidates."""
    session = a_project(tmp_path, name="News")
    for scores in ((0.9,), (0.9, 0.95, 0.99), (), (0.5, 0.6)):
        scored(session, *scores)
    suggested(session)
    session.close()
    assert window.open_project(session.path)
    window.activateWindow()
    window.focus_article()
    wait_until_quiet(window)
    return Person(window)


def suggested(session: Session) -> None:
    """Let nothing be left to propose, and nothing be learnt, or the window would let its machine propose anew."""
    session.set_suggest_settings(replace(session.suggest_settings(), learns=False))
    with session.project.writing() as connection:
        rows = [(key, "test", "", 0.0) for key in session.document_keys()]
        connection.executemany(
            "INSERT INTO suggested (document, version, skipped, at) VALUES (?, ?, ?, ?)", rows
        )


def listed(person: Person) -> list[int]:
    model = person.window.page.documents.model
    return [model.key(place) or 0 for place in range(model.rowCount())]


def ordered(person: Person, stroke: str) -> list[int]:
    """Press the key of an order and wait for the list."""
    person.press(stroke)
    wait_until(lambda: not person.window.page.documents.model.is_waiting, what="the order")
    return listed(person)


def session_of(person: Person) -> Session:
    session = person.window.controller.session
    assert session is not None
    return session


def test_the_list_and_the_next_document_follow_the_order(reader: Person) -> None:
    panel, controller = reader.window.page.documents, reader.window.controller
    assert listed(reader) == [1, 2, 3, 4]
    assert not panel._order.isVisible()
    assert ordered(reader, "Shift+F12") == [2, 4, 1, 3]
    assert panel._order.isVisible()
    assert reader.said == "Documents: most candidates first."
    assert panel._foot.place.text() == "3 of 4"
    assert controller.document == 1
    reader.press("Ctrl+PgDown")
    assert controller.document == 3
    reader.press("Ctrl+PgDown")
    assert reader.said == "This is the last document of the list."
    reader.press("Ctrl+PgUp", "Ctrl+PgUp")
    assert controller.document == 4
    assert ordered(reader, "F12") == [1, 2, 3, 4]
    assert not panel._order.isVisible()
    reader.press("Ctrl+PgUp")
    assert controller.document == 3


def test_what_is_finished_gives_way_to_the_next_in_the_order(reader: Person) -> None:
    controller = reader.window.controller
    ordered(reader, "Shift+F12")
    assert controller.document == 1
    controller.open_document(4)
    reader.window.focus_article()
    reader.press("Ctrl+Return", "Ctrl+Return")
    assert controller.document == 1
    reader.press("Ctrl+Return", "Ctrl+Return")
    assert controller.document == 3
    reader.press("Ctrl+Return")
    assert controller.document == 2, "from the end one goes on at the beginning"


def test_a_filter_narrows_the_order_and_enter_opens_the_first(reader: Person) -> None:
    session_of(reader).do(SetState(documents=(2,), state=State.SKIPPED))
    ordered(reader, "Shift+F12")
    panel = reader.window.page.documents
    reader.press("Ctrl+P")
    reader.type("is:todo")
    reader.press("Return")
    wait_until(lambda: listed(reader) == [4, 1, 3], what="the filter")
    wait_until(lambda: reader.window.controller.document == 4, what="the first")
    reader.press("Ctrl+PgDown")
    assert reader.window.controller.document == 1
    panel._clear_filter()
    wait_until(lambda: listed(reader) == [4, 1, 2, 3], what="all")


def test_documents_that_come_or_go_are_put_in_order(reader: Person) -> None:
    ordered(reader, "Shift+F12")
    session = session_of(reader)
    late = scored(session, 0.5, 0.5, 0.5, 0.5)
    wait_until(lambda: sorted(listed(reader)) == [1, 2, 3, 4, late], what="the newcomer")
    reader.window.work.suggested.emit()
    wait_until(lambda: listed(reader)[0] == late, what="another order once its candidates are made")


def test_what_is_put_in_order_anew_leaves_the_list_where_one_looks(
    window: MainWindow, tmp_path: Path
) -> None:
    session = a_project(tmp_path, name="Many")
    for _ in range(40):
        scored(session, 0.9)
    suggested(session)
    session.close()
    assert window.open_project(session.path)
    person = Person(window)
    panel = window.page.documents
    ordered(person, "Shift+F12")
    bar = panel.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    before, made = bar.value(), window.queueing._keys
    assert before > 0
    window.work.suggested.emit()
    wait_until(lambda: window.queueing._keys is not made, what="the order anew")
    assert bar.value() == before
    ordered(person, "Ctrl+F12")
    open_row = panel.list.visualRect(panel.list.currentIndex())
    assert panel.list.viewport().rect().intersects(open_row), (
        "an order that is chosen shows the open document"
    )


def test_what_was_learnt_puts_the_most_useful_in_order_anew_but_rarely(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = reader.window
    window.queueing.choose(Order.USEFUL)
    wait_until(lambda: listed(reader) == [4, 1, 2, 3], what="the order")
    wait_until_quiet(window)
    session = session_of(reader)
    with session.project.writing() as connection:
        connection.execute("UPDATE candidate SET score = 0.5 WHERE document = 2")
    window.learning.learnt.emit()
    assert not window.page.documents.model.is_waiting
    assert not window.jobs.running
    monkeypatch.setattr("annotator.ui.queueing.RARELY", 0.0)
    window.learning.learnt.emit()
    wait_until(lambda: listed(reader) == [2, 4, 1, 3], what="another order")


def test_an_order_is_kept_with_the_project(reader: Person) -> None:
    window = reader.window
    chance = ordered(reader, "Ctrl+F12")
    path = session_of(reader).path
    window.projects.close()
    assert window.queueing.order is Order.FILE
    assert window.open_project(path)
    wait_until(lambda: listed(reader) == chance, what="the same order")
    assert window.states.checked()["order_random"]
    assert not window.states.checked()["order_file"]


def test_the_menu_at_the_foot_ticks_the_order_and_waits_with_the_most_useful(reader: Person) -> None:
    panel = reader.window.page.documents
    ordered(reader, "Shift+F12")
    menu: QMenu = panel._foot.make_order_menu()
    entries = [
        (each.text().partition("\t")[0], each.isChecked(), each.isEnabled()) for each in menu.actions()
    ]
    assert entries == [
        ("File order", False, True),
        ("Most candidates first", True, True),
        ("Random order", False, True),
        ("Most useful next", False, False),
    ]
    menu.actions()[0].trigger()
    assert listed(reader) == [1, 2, 3, 4]
    menu.close()


def test_most_useful_waits_for_enough_and_is_then_offered_once(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = reader.window
    assert "Finish 50 documents first" in window.hindrance(BY_ID["order_useful"])
    monkeypatch.setattr("annotator.ui.queueing.ENOUGH", 1)
    reader.press("Ctrl+Return", "Ctrl+Return")
    wait_until(lambda: window.centre.strips.get(STRIP), what="the offer")
    assert "documents are done." in window.centre.strips.words()[STRIP]
    assert listed(reader) == [1, 2, 3, 4], "nothing happens by itself"
    assert ordered(reader, "Ctrl+Shift+F12")[0] == 4
    assert window.centre.strips.get(STRIP) is None
    ordered(reader, "F12")
    reader.press("Ctrl+Return", "Ctrl+Return")
    assert window.centre.strips.get(STRIP) is None, "asked once"


def test_without_the_file_one_stays_in_file_order(reader: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.model.errors import UserError

    def fail(*_: object) -> None:
        raise UserError("The disk is gone.", "Put it back.")

    monkeypatch.setattr("annotator.ui.queueing.ranked", fail)
    reader.press("Shift+F12")
    wait_until(lambda: reader.window.queueing.order is Order.FILE, what="file order")
    assert listed(reader) == [1, 2, 3, 4]
    assert "The disk is gone" in reader.window.centre.strips.words()["problem"]
    assert queueing.chosen_order(session_of(reader)) is Order.CANDIDATES, (
        "it is tried again at the next opening"
    )
