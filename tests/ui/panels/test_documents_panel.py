"""The left panel, as a person works with it."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.model.change import Change, ChangeSet
from annotator.model.document import State
from annotator.ui import style
from annotator.ui.panels.document_list import is_cut
from annotator.ui.panels.documents import DocumentsPanel
from annotator.ui.theme import DARK, HIGH_CONTRAST
from annotator.workflows.session import DocumentFilter, Session
from tests.ui.panels.articles import Listing, a_document, a_row

LONG = "A title that is much longer than any panel at the side of a window could ever be wide"


@pytest.fixture
def listing() -> Listing:
    """Return a session with six documents, one in each state and one flagged."""
    return Listing(
        [
            a_row(1, LONG, state=State.IN_PROGRESS, undecided=41, spans=54),
            a_row(2, "Grain", state=State.DONE, spans=64, relations=22),
            a_row(3, "Grain again", undecided=63),
            a_row(4, "Opinion", state=State.SKIPPED, reason="not news"),
            a_row(5, "Dam", state=State.IN_PROGRESS, undecided=8, spans=1, flagged=True),
            a_row(6, "Gulf", undecided=3),
        ]
    )


@pytest.fixture
def panel(qtbot: QtBot, listing: Listing) -> DocumentsPanel:
    """Return the panel, shown and active, with those documents and the first one open."""
    made = DocumentsPanel()
    qtbot.addWidget(made)
    made.resize(272, 600)
    made.set_session(cast("Session", listing))
    made.set_current(1)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def titles(panel: DocumentsPanel) -> list[str]:
    found = [panel.model.row(place) for place in range(panel.model.rowCount())]
    return [row.title for row in found if row is not None]


def tab_words(panel: DocumentsPanel) -> list[str]:
    return [panel._tabs.accessibleTabName(index) for index in range(panel._tabs.count())]


def test_tabs_count_the_states_and_filter_by_them(panel: DocumentsPanel) -> None:
    assert tab_words(panel) == ["All, 6", "To do, 2", "Open, 2", "Done, 1"]
    panel._tabs.setCurrentIndex(1)
    assert titles(panel) == ["Grain again", "Gulf"]
    assert panel.current_filter() == DocumentFilter(state=State.TODO)
    assert panel._foot.place.text() == "2 shown"


def test_typing_filters_after_a_moment_and_tells(qtbot: QtBot, panel: DocumentsPanel) -> None:
    panel.focus_filter()
    with qtbot.waitSignal(panel.filter_changed):
        QTest.keyClicks(panel._field, "grain")
    assert titles(panel) == ["Grain", "Grain again"]
    panel._tabs.setCurrentIndex(3)
    assert titles(panel) == ["Grain"]


def test_a_state_that_is_typed_and_a_tab_do_not_fight(panel: DocumentsPanel) -> None:
    panel.set_filter_text("is:done")
    assert panel._tabs.currentIndex() == 3
    assert titles(panel) == ["Grain"]
    panel._tabs.setCurrentIndex(0)
    assert panel._field.text() == ""
    assert len(titles(panel)) == 6


def test_skipped_and_flagged_documents_are_shown_by_the_menu(panel: DocumentsPanel) -> None:
    menu = panel._foot.make_menu()
    assert [action.text() for action in menu.actions()] == ["All documents\t6", "Flagged\t1", "Skipped\t1"]
    menu.actions()[2].trigger()
    assert titles(panel) == ["Opinion"]
    assert panel._foot.button.text() == "Show: skipped"
    menu.actions()[1].trigger()
    assert titles(panel) == ["Dam"]
    assert panel._foot.button.text() == "Show: flagged"
    menu.actions()[0].trigger()
    assert len(titles(panel)) == 6


def test_nothing_found_offers_the_way_back(qtbot: QtBot, panel: DocumentsPanel) -> None:
    panel.set_filter_text("kangaroo is:bogus")
    assert panel._pages.currentWidget() is panel._no_match
    assert panel._no_match.accessibleName() == "No document matches “kangaroo is:bogus”"
    assert "is:bogus is unknown" in panel._problem.text()
    QTest.mouseClick(panel._no_match.buttons[0], Qt.MouseButton.LeftButton)
    assert panel._pages.currentWidget() is panel.list
    assert panel._problem.isHidden()


def test_an_empty_project_offers_to_import(qtbot: QtBot, panel: DocumentsPanel) -> None:
    panel.set_session(cast("Session", Listing([])))
    assert panel._pages.currentWidget() is panel._empty
    with qtbot.waitSignal(panel.import_wanted):
        QTest.mouseClick(panel._empty.buttons[0], Qt.MouseButton.LeftButton)


def test_a_project_that_is_only_read_offers_no_import(panel: DocumentsPanel) -> None:
    listing = Listing([])
    listing.read_only = True
    panel.set_session(cast("Session", listing))
    assert panel._empty_import.isHidden()
    assert not panel._head.importing.isEnabled()
    assert panel._head.exporting.isEnabled()


def test_arrows_move_the_cursor_and_enter_opens(qtbot: QtBot, panel: DocumentsPanel) -> None:
    panel.take_focus()
    chosen: list[int] = []
    panel.document_chosen.connect(chosen.append)
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert chosen == []
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert chosen == [3]


def test_a_click_opens(qtbot: QtBot, panel: DocumentsPanel) -> None:
    with qtbot.waitSignal(panel.document_chosen) as caught:
        place = panel.list.visualRect(panel.model.index(1)).center()
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [2]


def test_letters_typed_in_the_list_filter_it(qtbot: QtBot, panel: DocumentsPanel) -> None:
    panel.take_focus()
    QTest.keyClick(panel.list, Qt.Key.Key_G)
    assert panel._field.text() == "g"
    QTest.keyClicks(QApplication.focusWidget() or panel._field, "rain ag")
    assert panel._field.text() == "grain ag"
    with qtbot.waitSignal(panel.document_chosen) as caught:
        QTest.keyClick(panel._field, Qt.Key.Key_Return)
    assert caught.args == [3]


def test_down_leads_from_the_filter_into_the_list_and_up_leads_back(
    qtbot: QtBot, panel: DocumentsPanel
) -> None:
    panel.focus_filter()
    QTest.keyClick(panel._field, Qt.Key.Key_Down)
    assert panel.list.hasFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    assert panel._field.hasFocus()


def test_escape_empties_the_filter(qtbot: QtBot, panel: DocumentsPanel) -> None:
    panel.set_filter_text("grain")
    panel.focus_filter()
    QTest.keyClick(panel._field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(titles(panel)) == 6)


def test_the_menu_of_a_document_comes_by_mouse_and_by_key(panel: DocumentsPanel) -> None:
    asked: list[int] = []
    panel.document_menu_wanted.connect(lambda key, _place: asked.append(key))
    place = panel.list.visualRect(panel.model.index(4)).center()
    mouse = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, panel.list.mapToGlobal(place))
    QApplication.sendEvent(panel.list.viewport(), mouse)
    panel.set_current(2)
    key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(panel.list.viewport(), key)
    assert asked == [5, 2]


def test_a_decision_changes_the_row_at_once_and_the_counts_soon(
    qtbot: QtBot, panel: DocumentsPanel, listing: Listing
) -> None:
    listing.rows[2] = a_row(3, "Grain again", state=State.DONE, spans=3)
    asked = listing.counted
    panel.refresh(
        ChangeSet(documents=frozenset({3}), changes=(Change(a_document(key=3), a_document(key=3)),))
    )
    assert panel.model.row(2) is listing.rows[2]
    assert tab_words(panel)[3] == "Done, 1"
    qtbot.waitUntil(lambda: tab_words(panel)[3] == "Done, 2")
    assert listing.counted == asked + 1
    panel.refresh(ChangeSet(documents=frozenset({3})))
    assert not panel._count_timer.isActive()


def test_new_documents_appear_and_the_open_one_stays_marked(panel: DocumentsPanel, listing: Listing) -> None:
    listing.rows.append(a_row(7, "Last"))
    panel.refresh(ChangeSet(everywhere=True))
    assert titles(panel)[-1] == "Last"
    assert panel.list.open_key == 1
    assert panel._foot.place.text() == "1 of 7"


def test_a_document_far_down_is_brought_into_view_when_its_turn_comes(
    qtbot: QtBot, panel: DocumentsPanel
) -> None:
    many = Listing([a_row(number) for number in range(1, 9_001)])
    panel.set_session(cast("Session", many))
    panel.set_current(8_000)
    assert panel._foot.place.text() == "more than 1,000 shown"

    def is_shown() -> bool:
        index = panel.model.index(7_999)
        return index.isValid() and panel.list.viewport().rect().contains(panel.list.visualRect(index))

    qtbot.waitUntil(is_shown)
    panel.model.finish()
    assert panel.model.loaded() < 500
    assert panel._foot.place.text() == "8,000 of 9,000"


def test_a_title_that_is_cut_is_told_in_full(panel: DocumentsPanel) -> None:
    rows = [panel.model.row(place) for place in (0, 1)]
    rects = [panel.list.visualRect(panel.model.index(place)) for place in (0, 1)]
    cut = [is_cut(rect, row.title, "short") for rect, row in zip(rects, rows, strict=True) if row is not None]
    assert cut == [True, False]


def test_rows_grow_with_the_text_and_follow_the_theme(qapp: QApplication, panel: DocumentsPanel) -> None:
    first = panel.model.index(0)
    before, height = panel.grab().toImage(), panel.list.visualRect(first).height()
    style.apply(qapp, DARK)
    assert panel.grab().toImage() != before
    style.apply(qapp, HIGH_CONTRAST, text_scale=2.0)
    panel.grab()
    assert panel.list.visualRect(first).height() == 2 * height


def test_going_round_the_panels_shows_a_line_until_one_leaves(qtbot: QtBot, panel: DocumentsPanel) -> None:
    panel.take_focus()
    assert panel._entered.isVisible()
    panel.list.clearFocus()
    assert not panel._entered.isVisible()


def test_everything_has_a_name(panel: DocumentsPanel) -> None:
    parts = (
        panel,
        panel.list,
        panel._field,
        panel._tabs,
        panel._head.name,
        panel._head.importing,
        panel._head.exporting,
        panel._foot.button,
    )
    assert [part for part in parts if not part.accessibleName()] == []
