"""The window without eyes or mouse: every control has a name and a role, Tab and F6 go everywhere in order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from annotator.ui.dialogs.parts import add_browse
from annotator.ui.tab_order import stops
from annotator.ui.widgets import ElidedLabel
from annotator.ui.window import MainWindow
from tests.ui.driving import Person, let_live, wait_until

USED = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QTabBar)
NO_ROLES = {QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Pane, QAccessible.Role.Window}
DIALOGS = (
    "settings",
    "keys",
    "about",
    "import",
    "export",
    "history",
    "backups",
    "messages",
    "document_info",
    "skip",
    "mapping",
    "train",
    "accept_above",
    "new_project",
    "remove_for_good",
)


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """Let Qt believe that an assistive technology is there."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


def controls(root: QWidget) -> list[QWidget]:
    """List what somebody can use in a window; heads of tables and scroll bars are parts of something that counts."""
    found = [root, *root.findChildren(QWidget)]
    return [
        each
        for each in found
        if each.isVisible()
        and each.window() is root.window()
        and (isinstance(each, USED) or each.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and not isinstance(each, QHeaderView | QScrollBar)
        and not isinstance(each.parentWidget(), QAbstractSpinBox)
    ]


def nameless(root: QWidget) -> list[str]:
    """List the controls of a window that a screen reader could not tell from others."""
    found = []
    for each in controls(root):
        interface = QAccessible.queryAccessibleInterface(each)
        labels = [flag for _, flag in interface.relations() if flag is QAccessible.RelationFlag.Label]
        # A box of choices is called what is chosen in it, so it needs a label beside it.
        named = each.accessibleName() or labels or not isinstance(each, QComboBox)
        if not interface.text(QAccessible.Text.Name) or not named or interface.role() in NO_ROLES:
            found.append(f"{type(each).__name__} in {type(each.parentWidget()).__name__}")
    return found


def test_every_control_of_the_window_has_a_name_and_a_role(person: Person) -> None:
    window = person.window
    assert len(controls(window)) > 20
    assert nameless(window) == []
    for index in range(window.page.work.tabs.count()):
        window.page.work.tabs.setCurrentIndex(index)
        QApplication.processEvents()
        assert nameless(window) == []
    person.press("Ctrl+F")
    assert nameless(window) == []
    window.run("remove_document")
    assert nameless(window) == []


def test_every_control_of_the_other_pages_has_a_name_and_a_role(person: Person) -> None:
    person.window.places.show_schema()
    QApplication.processEvents()
    assert nameless(person.window) == []
    person.window.run("suggesters")
    QApplication.processEvents()
    assert nameless(person.window) == []
    person.window.places.suggesters.page.new_list()
    wait_until(lambda: not person.window.jobs.running, what="quiet")
    assert nameless(person.window) == []
    person.window.show_welcome()
    QApplication.processEvents()
    assert nameless(person.window) == []


@pytest.mark.parametrize("action", DIALOGS)
def test_every_control_of_a_dialog_has_a_name_and_a_role(person: Person, action: str) -> None:
    seen: list[tuple[int, list[str]]] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            seen.append((len(controls(dialog)), nameless(dialog)))
            dialog.reject()

    timer = QTimer(person.window)
    timer.setInterval(50)
    timer.timeout.connect(look)
    timer.start()
    person.window.run(action)
    wait_until(lambda: seen, what=action)
    timer.stop()
    wait_until(lambda: QApplication.activeModalWidget() is None)
    assert seen[0][0] > 0
    assert seen[0][1] == []


def test_tab_reads_the_window_in_order_and_goes_round(person: Person) -> None:
    window = person.window
    parts = (window.top, window.page.documents, window.centre, window.page.work, window.status)
    order = [stop for part in parts for stop in stops(part)]
    places = [stop.mapTo(window, stop.rect().center()) for stop in stops(window.page.work)]
    assert places == sorted(places, key=lambda place: (place.y() // 12, place.x()))
    article = order.index(window.centre.view)
    begin = order[article + 1]
    begin.setFocus()
    reached = [begin]
    while reached[-1] is not window.centre.view and len(reached) <= len(order):
        QTest.keyClick(person.focus(), Qt.Key.Key_Tab)
        reached.append(person.focus())
    assert reached == [*order[article + 1 :], *order[: article + 1]]
    # In the article Tab means the next candidate; F6 leaves it.
    QTest.keyClick(person.focus(), Qt.Key.Key_Tab)
    assert person.focus() is window.centre.view
    begin.setFocus()
    QTest.keyClick(begin, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert person.focus() is window.centre.view


def test_what_stands_in_a_row_is_reached_as_it_is_read(person: Person) -> None:
    window = person.window
    left_to_right = [stop.accessibleName() for stop in stops(window.top)]
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        QApplication.processEvents()
        assert [stop.accessibleName() for stop in stops(window.top)] == left_to_right
    finally:
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_f6_goes_round_the_panels_and_the_question_both_ways(person: Person) -> None:
    window = person.window
    window.run("remove_document")

    def where() -> str:
        parts = {
            "documents": window.page.documents,
            "article": window.centre.view,
            "work": window.page.work,
            "question": window.centre.strips,
        }
        focus = person.focus()
        return next(name for name, part in parts.items() if part is focus or part.isAncestorOf(focus))

    def goes(key: str) -> list[str]:
        found = []
        for _ in range(4):
            person.press(key)
            found.append(where())
        return found

    assert goes("F6") == ["work", "question", "documents", "article"]
    assert goes("Shift+F6") == ["documents", "question", "work", "article"]


def test_the_field_of_a_place_lets_one_choose_by_key(qtbot: QtBot) -> None:
    field, asked = QLineEdit(), []
    field.setAccessibleName("Into")
    qtbot.addWidget(field)
    add_browse(field, "Choose the place", lambda: asked.append("asked"))
    field.show()
    field.activateWindow()
    assert QTest.qWaitForWindowActive(field)
    field.setFocus()
    assert nameless(field) == []
    QTest.keyClick(field, Qt.Key.Key_F4)
    assert asked == ["asked"]


def test_a_right_to_left_window_swaps_its_panels(window: MainWindow, person: Person) -> None:
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        QApplication.processEvents()

        def left(part: QWidget) -> int:
            return part.mapTo(window, part.rect().topLeft()).x()

        page = window.page
        assert left(page.work) < left(window.centre) < left(page.documents)
        assert left(window.centre) >= left(page.work) + page.work.width()
        person.press("A")
        assert person.words == "Ada Lovelace"
        person.press("S")  # the left edge goes to the left on the screen, whatever way the window is read
        assert person.words == "President Ada Lovelace"
        assert not window.grab().isNull()
    finally:
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("size", [(1280, 800), (960, 600)])
def test_no_words_are_cut_in_large_text(person: Person, percent: int, size: tuple[int, int]) -> None:
    window = person.window
    window.settings.window_size = percent
    window.resize(*size)
    let_live(50)
    assert (window.width(), window.height()) == size
    said: list[QLabel | QPushButton] = [*window.findChildren(QLabel), *window.findChildren(QPushButton)]

    def cut() -> list[str]:
        return [each.text() for each in said if each.isVisible() and each.text() and _is_cut(each)]

    wait_until(lambda: not cut(), patience=5, what=f"words that are whole, not {cut()}")


def _is_cut(each: QLabel | QPushButton) -> bool:
    """Tell whether some words are not to be seen; what elides says so itself, what is scrolled away can be had."""
    seen = each.visibleRegion().boundingRect()
    if seen.isEmpty() or isinstance(each, ElidedLabel):
        return False
    wraps = isinstance(each, QLabel) and each.wordWrap()
    return seen.width() < each.width() or (not wraps and each.width() < each.sizeHint().width())
