"""The right panel, as a person works with it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from annotator.model.annotation import fragments_of
from annotator.model.schema import EntityType, Schema
from annotator.ui import style
from annotator.ui.models.article_items import id_of
from annotator.ui.panels.state import End, RelationMode, SelectionState, WorkState
from annotator.ui.panels.work import GUIDE, NOTES, RELATIONS, SPANS, WORK, WorkPanel
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT
from tests.ui.panels.articles import SCHEMA, a_document, candidate_of, place, selected


def words_in(widget: QWidget) -> str:
    """Give all words that can be read in a widget."""
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    buttons = [button.text() for button in widget.findChildren(QAbstractButton) if button.isVisible()]
    return " | ".join(part for part in (*labels, *buttons) if part)


def click(qtbot: QtBot, widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


# ------------------------------------------------------------------ labels


def test_a_click_on_a_label_gives_it(qtbot: QtBot, panel: WorkPanel) -> None:
    cells = panel.work.types.grid.rows()
    assert [cell.accessibleName() for cell in cells] == ["PERSON", "ROLE", "ORG", "GPE", "New label"]
    with qtbot.waitSignal(panel.label_chosen) as caught:
        click(qtbot, cells[3])
    assert caught.args == ["GPE"]
    with qtbot.waitSignal(panel.new_label_wanted):
        click(qtbot, cells[4])


def test_the_label_of_the_selection_is_marked(panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, "s2"))
    named = [cell.accessibleName() for cell in panel.work.types.grid.rows()]
    assert named[0] == "PERSON, chosen"
    assert panel.work.types.grid.rows()[0].accessibleDescription() == "key 1, 2 in this document"


def test_arrows_move_among_the_labels_and_enter_gives_one(qtbot: QtBot, panel: WorkPanel) -> None:
    panel.activateWindow()
    first = panel.work.types.grid.rows()[0]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(QApplication.focusWidget() or first, key)
    # Five cells in two columns of three: down to 2, right to 5, up to 4, left to 1.
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.label_chosen) as caught:
        QTest.keyClick(QApplication.focusWidget() or first, Qt.Key.Key_Return)
    assert caught.args == ["ROLE"]


def test_tab_passes_the_labels_in_one_step(panel: WorkPanel) -> None:
    policies = [row.focusPolicy() for row in panel.work.types.grid.rows()]
    assert policies.count(Qt.FocusPolicy.StrongFocus) == 1


def test_many_labels_are_low_and_scroll(panel: WorkPanel, state: WorkState) -> None:
    tall = panel.work.types.grid.row_height
    schema = Schema(tuple(EntityType(name=f"TYPE_{number}") for number in range(60))).with_defaults()
    panel.set_state(replace(state, schema=schema))
    grid = panel.work.types.grid
    assert grid.row_height < tall
    assert grid.row_count == 31
    assert panel.work.types.height() < 14 * grid.row_height
    panel.set_state(state)
    assert len(grid.rows()) == 5
    assert grid.row_height == tall


def test_a_hidden_type_is_not_offered(panel: WorkPanel, state: WorkState) -> None:
    entities = (replace(SCHEMA.entities[0], hidden=True), *SCHEMA.entities[1:])
    panel.set_state(replace(state, schema=Schema(entities)))
    assert panel.work.types.grid.rows()[0].accessibleName() == "ROLE"


def test_the_menu_of_a_label(panel: WorkPanel) -> None:
    asked: list[tuple[str, str]] = []
    panel.type_menu_wanted.connect(lambda kind, name, _place: asked.append((kind, name)))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(3, 3), QPoint(3, 3))
    QApplication.sendEvent(panel.work.types.grid.rows()[1], event)
    assert asked == [("span", "ROLE")]


# ------------------------------------------------------------------ the selection


def test_nothing_selected_says_what_tab_does(panel: WorkPanel, state: WorkState) -> None:
    assert "Tab goes to the next of 3 candidates." in words_in(panel.work.span)
    panel.set_state(WorkState(schema=SCHEMA, document=a_document()))
    assert "Nothing left to decide here." in words_in(panel.work.span)
    panel.set_state(WorkState(schema=SCHEMA))
    assert "No document is open." in words_in(panel.work.span)


def test_a_candidate_can_be_accepted_and_rejected(qtbot: QtBot, panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, candidate_of(state, "ROLE")))
    said = words_in(panel.work.span)
    assert "National Security Adviser" in said
    assert "candidate" in said
    assert "¶2" in said
    buttons = panel.work.span.buttons
    with qtbot.waitSignal(panel.accept_wanted):
        click(qtbot, buttons.accept)
    with qtbot.waitSignal(panel.reject_wanted):
        click(qtbot, buttons.reject)
    assert buttons.reopen.isHidden()


def test_readings_are_chosen_by_click_arrow_and_hint(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    item = candidate_of(state, "ROLE")
    panel.set_state(selected(state, item))
    panel.activateWindow()
    cards = panel.work.readings.cards()
    assert [card.isChecked() for card in cards] == [True, False]
    assert "Why: a title before a name." in words_in(panel.work.readings)
    chosen: list[int] = []
    panel.reading_chosen.connect(chosen.append)
    click(qtbot, cards[1])
    panel.set_state(selected(state, item, reading=1))
    assert set(chosen) == {1}
    chosen.clear()
    cards[1].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(cards[1], Qt.Key.Key_Up)
    assert set(chosen) == {0}
    chosen.clear()
    assert panel.work.readings.act is not None
    click(qtbot, panel.work.readings.act)
    assert chosen == [0]


def test_a_reading_alone_is_no_choice(panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, candidate_of(state, "PERSON")))
    assert panel.work.readings.cards() == []
    said = words_in(panel.work.readings)
    assert "Proposed by" in said
    assert "sm" in said
    assert ".90" in said
    assert panel.work.note.isHidden()


def test_an_accepted_span_can_be_removed_or_taken_back(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    panel.set_state(selected(state, "s2"))
    buttons = panel.work.span.buttons
    assert (buttons.accept.isHidden(), buttons.reject.text()) == (True, "Remove")
    with qtbot.waitSignal(panel.reopen_wanted):
        click(qtbot, buttons.reopen)
    assert "full name" in panel.work.note.field.toPlainText()


def test_relations_of_the_selection_lead_to_the_relation(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    panel.set_state(selected(state, "s2"))
    rows = [
        row
        for row in panel.work.relations.findChildren(QAbstractButton)
        if row.accessibleName().startswith("h")
    ]
    assert [row.accessibleName() for row in rows] == ["holds role to Press Secretary, ROLE, accepted"]
    with qtbot.waitSignal(panel.item_chosen) as caught:
        click(qtbot, rows[0])
    assert caught.args == ["r1"]
    assert panel.work.relations.act is not None
    with qtbot.waitSignal(panel.relation_wanted):
        click(qtbot, panel.work.relations.act)


def test_selected_words_wait_for_a_label(panel: WorkPanel, state: WorkState) -> None:
    selection = SelectionState(kind="text", fragments=place("Moscow"), place="¶2  90–96")
    panel.set_state(replace(state, selection=selection))
    said = words_in(panel.work.span)
    assert "Moscow" in said
    assert "Press a label key, or click a label." in said
    panel.set_state(replace(state, selection=replace(selection, grows=True)))
    assert "Enter adds these words to the span, Esc leaves it as it is." in words_in(panel.work.span)


def test_several_spans_are_counted(panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(replace(state, selection=SelectionState(kind="several", count=12, label="GPE")))
    assert "12 spans selected" in words_in(panel.work.span)
    assert panel.work.types.grid.rows()[3].accessibleName() == "GPE, chosen"


def test_a_span_that_cannot_be_learned_says_so(panel: WorkPanel, state: WorkState) -> None:
    odd = replace(state.annotations.spans[0], fragments=fragments_of((1, 4)))
    annotations = replace(state.annotations, spans=(odd, *state.annotations.spans[1:]))
    panel.set_state(selected(replace(state, annotations=annotations), "s1"))
    assert "Not on a word border" in words_in(panel.work.span)


def test_a_word_without_end_never_widens_the_panel(panel: WorkPanel, state: WorkState) -> None:
    text = "x" * 400
    panel.set_state(
        replace(state, text=text, selection=SelectionState(kind="text", fragments=fragments_of((0, 400))))
    )
    panel.grab()
    assert panel.work.span.width() <= panel.width()


# ------------------------------------------------------------------ relations


def test_a_selected_relation_shows_types_ends_and_why(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    panel.set_state(selected(state, id_of(state.annotations.undecided_relations[0])))
    assert panel.work.types.shows_relations
    named = [row.accessibleName() for row in panel.work.types.types.rows()]
    assert named == [
        "HOLDS_ROLE, PERSON → ROLE, chosen",
        "VISITED, PERSON → GPE, not legal here",
        "MET, PERSON – PERSON, not legal here",
    ]
    said = words_in(panel.work.relation)
    for part in (
        "HOLDS_ROLE",
        ".74",
        "Waltz",
        "National Security Adviser",
        "They are neighbours.",
        "both ends",
    ):
        assert part in said
    with qtbot.waitSignal(panel.accept_wanted):
        click(qtbot, panel.work.relation.buttons.accept)
    assert panel.work.span.isHidden()


def test_a_type_that_is_not_legal_cannot_be_clicked(qtbot: QtBot, panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, "r2"))
    chosen: list[str] = []
    panel.relation_type_chosen.connect(chosen.append)
    rows = panel.work.types.types.rows()
    click(qtbot, rows[0])
    click(qtbot, rows[1])
    assert chosen == ["VISITED"]
    assert "does not fit the schema" in words_in(panel.work.relation)


def test_a_relation_is_turned_where_the_schema_allows(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    act = panel.work.relation.act
    assert act is not None
    panel.set_state(selected(state, "r1"))
    assert not act.isEnabled()
    panel.set_state(selected(state, "r2"))
    with qtbot.waitSignal(panel.turn_wanted):
        click(qtbot, act)


def test_the_relation_mode_shows_what_will_be_made(panel: WorkPanel, state: WorkState) -> None:
    mode = RelationMode(
        start=End("PERSON", "Mike Waltz"),
        target=End("PERSON", "Waltz", candidate=True),
        legal=frozenset({"HOLDS_ROLE", "MET"}),
        offered=("MET",),
    )
    panel.set_state(replace(selected(state, "s2"), relation_mode=mode))
    named = [row.accessibleName().rpartition(", ")[2] for row in panel.work.types.types.rows()]
    assert named == ["PERSON → ROLE", "not legal here", "chosen"]
    said = words_in(panel.work.making)
    for part in ("Mike Waltz", "MET", "no direction", "Waltz is still a candidate."):
        assert part in said
    assert "ORG takes no relation" in words_in(panel.work.not_legal)
    assert panel.work.span.isHidden()
    panel.set_state(selected(state, "s2"))
    assert panel.work.making.isHidden()


# ------------------------------------------------------------------ reading only


def test_a_project_that_is_only_read_offers_no_act(panel: WorkPanel, state: WorkState) -> None:
    for item in (candidate_of(state, "ROLE"), "s2", "r2"):
        panel.set_state(replace(selected(state, item), read_only=True))
        buttons = panel.work.span.buttons if item != "r2" else panel.work.relation.buttons
        assert not any(button.isEnabled() for button in buttons.findChildren(QAbstractButton))
        rows = panel.work.types.types.rows() if item == "r2" else panel.work.types.grid.rows()
        assert not any(row.isEnabled() for row in rows)
    assert panel.work.note.field.isReadOnly()
    assert not panel.edit_note()
    assert "New label" not in [row.accessibleName() for row in panel.work.types.grid.rows()]


# ------------------------------------------------------------------ notes


def test_a_note_is_taken_over_when_it_is_left(qtbot: QtBot, panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, "s3"))
    panel.activateWindow()
    assert panel.edit_note()
    QTest.keyClicks(panel.work.note.field, "who is he?")
    with qtbot.waitSignal(panel.article_wanted), qtbot.waitSignal(panel.note_changed) as caught:
        QTest.keyClick(panel.work.note.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == ["span", 3, "who is he?"]


def test_the_keys_of_the_window_rest_while_a_note_is_written(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    finish = QAction("finish", window)
    finish.setShortcut("Ctrl+Return")
    finished: list[bool] = []
    finish.triggered.connect(lambda: finished.append(True))
    window.addAction(finish)
    window.setCentralWidget(panel)
    window.show()
    window.activateWindow()
    with qtbot.waitActive(window):
        panel.set_state(selected(state, "s3"))
    panel.edit_note()
    QTest.keyClicks(panel.work.note.field, "x")
    with qtbot.waitSignal(panel.note_changed):
        QTest.keyClick(panel.work.note.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert finished == []
    panel.tabs.setFocus()
    QTest.keyClick(panel.tabs, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(finished) == 1
    window.takeCentralWidget()


def test_a_note_is_as_high_as_its_words_up_to_a_limit(panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, "s2"))
    field = panel.work.note.field
    heights = []
    for lines in (1, 3, 10, 40):
        field.setPlainText("\n".join(["word"] * lines))
        panel.grab()
        heights.append(field.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]
    assert field.verticalScrollBar().isVisible()
    field.setPlainText("word")
    panel.grab()
    assert not field.verticalScrollBar().isVisible()


def test_escape_gives_a_note_up(qtbot: QtBot, panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, "s2"))
    panel.edit_note()
    changed: list[object] = []
    panel.note_changed.connect(lambda *what: changed.append(what))
    QTest.keyClicks(panel.work.note.field, "!")
    QTest.keyClick(panel.work.note.field, Qt.Key.Key_Escape)
    panel.set_state(selected(state, "s3"))
    assert changed == []


def test_a_note_belongs_to_what_was_selected_when_it_was_written(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    panel.set_state(selected(state, "s2"))
    panel.edit_note()
    with qtbot.waitSignal(panel.note_changed) as caught:
        panel.work.note.field.setPlainText("written, then clicked elsewhere")
        panel.set_state(selected(state, "s3"))
    assert caught.args == ["span", 2, "written, then clicked elsewhere"]
    assert panel.work.note.field.toPlainText() == ""


def test_a_candidate_takes_no_note(panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, candidate_of(state, "ROLE")))
    assert not panel.edit_note()


def test_notes_and_flags_are_listed_counted_and_lead_to_their_place(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    assert panel.tabs.accessibleTabName(NOTES) == "Notes, 3"
    panel.show_tab(NOTES)
    rows = [row for row in panel.notes._rows if row.isVisible()]
    assert [row.accessibleName() for row in rows] == [
        "PERSON, Karoline Leavitt: full name",
        "GPE, Jeddah, flagged: no note",
        "VISITED, Jeddah → Mike Waltz: the wrong way round",
    ]
    with qtbot.waitSignal(panel.item_chosen) as caught:
        click(qtbot, rows[2])
    assert caught.args == ["r2"]


def test_the_document_has_a_note_and_a_flag(qtbot: QtBot, panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(replace(state, document=a_document(note="twice", flagged=True)))
    assert panel.tabs.accessibleTabName(NOTES) == "Notes, 4"
    panel.edit_document_note()
    assert panel.notes.field.toPlainText() == "twice"
    with qtbot.waitSignal(panel.flag_changed) as flag:
        panel.notes.flag.click()
    assert flag.args == ["document", 1, False]
    panel.notes.field.setPlainText("thrice")
    with qtbot.waitSignal(panel.note_changed) as caught:
        panel.set_state(WorkState(schema=SCHEMA))
    assert caught.args == ["document", 1, "thrice"]


# ------------------------------------------------------------------ tables


def test_the_table_of_spans_selects_and_acts(qtbot: QtBot, panel: WorkPanel) -> None:
    panel.show_tab(SPANS)
    panel.activateWindow()
    view = panel.spans.view
    panel.take_focus()
    chosen: list[str] = []
    panel.item_chosen.connect(chosen.append)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert chosen == []
    QTest.keyClick(view, Qt.Key.Key_Return)
    with qtbot.waitSignal(panel.reject_wanted):
        QTest.keyClick(view, Qt.Key.Key_X)
    with qtbot.waitSignal(panel.accept_wanted):
        QTest.keyClick(view, Qt.Key.Key_A)
    rect = view.visualRect(panel.spans.model.index(3, 1))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert chosen == ["s2", "s2", "s2", "s4"]


def test_the_table_filters_while_one_types_and_follows_the_selection(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    panel.show_tab(SPANS)
    panel.set_state(selected(state, "s3"))
    assert panel.spans.view.currentIndex().row() == 2
    QTest.keyClicks(panel.spans.field, "waltz")
    qtbot.waitUntil(lambda: panel.spans.model.rowCount() == 2)
    assert panel.spans.view.currentIndex().row() == 0
    with qtbot.waitSignal(panel.item_chosen) as caught:
        QTest.keyClick(panel.spans.field, Qt.Key.Key_Return)
    assert caught.args == ["s3"]


def test_a_head_sorts_and_a_third_click_brings_the_reading_order_back(qtbot: QtBot, panel: WorkPanel) -> None:
    panel.show_tab(SPANS)
    head = panel.spans.view.horizontalHeader()
    firsts = []
    for _ in range(3):
        x = head.sectionViewportPosition(1) + 10
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, head.height() // 2))
        row = panel.spans.model.row(0)
        firsts.append(row.cells[1] if row is not None else "")
    assert firsts == ["Jeddah", "Waltz", "Press Secretary"]


def test_the_table_of_relations_marks_what_does_not_fit(panel: WorkPanel) -> None:
    panel.show_tab(RELATIONS)
    told = [row.told for place in range(3) if (row := panel.relations.model.row(place)) is not None]
    assert told == ["accepted", "accepted, does not fit the schema, has a note", "candidate .74"]


def test_tables_without_rows_say_what_to_do(panel: WorkPanel) -> None:
    panel.set_state(WorkState(schema=SCHEMA, document=a_document()))
    panel.show_tab(RELATIONS)
    assert "Select a span and press R." in words_in(panel.relations)


# ------------------------------------------------------------------ guide


def test_the_guide_opens_at_the_label_of_the_selection(panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, "s2"))
    panel.show_tab(GUIDE)
    assert panel.guide.choice.currentText() == "PERSON"
    assert panel.guide.text.toPlainText().strip() == "Full names."
    panel.guide.choice.setCurrentText("ORG")
    assert "No guideline yet" in words_in(panel.guide)
    panel.show_guide("HOLDS_ROLE")
    assert panel.guide.choice.currentText() == "HOLDS_ROLE"


def test_a_guideline_can_fetch_nothing_and_run_nothing(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    evil = (
        "![pixel](file:///etc/hostname) [a link](https://example.org) "
        '<img src="file:///etc/hostname"> <b>bold</b>'
    )
    entity = replace(SCHEMA.entities[0], guideline=evil)
    panel.set_state(selected(replace(state, schema=Schema((entity, *SCHEMA.entities[1:]))), "s2"))
    panel.show_tab(GUIDE)
    text = panel.guide.text
    assert "<b>bold</b>" in text.toPlainText()
    assert text.loadResource(2, "file:///etc/hostname") == ""
    assert not text.openLinks()
    assert not text.textInteractionFlags() & Qt.TextInteractionFlag.LinksAccessibleByMouse


# ------------------------------------------------------------------ the whole


@pytest.mark.parametrize("index", [WORK, SPANS, RELATIONS, NOTES, GUIDE])
def test_what_can_be_focused_has_a_name(panel: WorkPanel, state: WorkState, index: int) -> None:
    panel.set_state(selected(state, candidate_of(state, "ROLE")))
    panel.show_tab(index)
    nameless = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]
    assert nameless == []


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_nothing_is_wider_than_the_panel_at_any_text_size(
    qapp: QApplication, panel: WorkPanel, state: WorkState, scale: float
) -> None:
    style.apply(qapp, LIGHT, text_scale=scale)
    panel.resize(round(264 * scale), 900)
    for item in (candidate_of(state, "ROLE"), "s2", "r2", "x1"):
        panel.set_state(selected(state, item))
        panel.grab()
        assert panel.work.span.width() <= panel.work._area.viewport().width()


def test_a_narrow_panel_puts_the_buttons_under_each_other(
    qapp: QApplication, panel: WorkPanel, state: WorkState
) -> None:
    panel.set_state(selected(state, candidate_of(state, "ROLE")))
    panel.grab()
    buttons = panel.work.span.buttons
    assert buttons.accept.y() == buttons.reject.y()
    style.apply(qapp, LIGHT, text_scale=2.0)
    panel.resize(360, 900)
    panel.grab()
    assert buttons.accept.y() < buttons.reject.y()
    assert panel.work.span.width() <= panel.work._area.viewport().width()


def test_every_look_is_another_picture(qapp: QApplication, panel: WorkPanel, state: WorkState) -> None:
    panel.set_state(selected(state, candidate_of(state, "ROLE")))
    pictures: list[QImage] = []
    for theme in (LIGHT, DARK, HIGH_CONTRAST):
        style.apply(qapp, theme)
        pictures.append(panel.grab().toImage())
    assert all(one != other for one, other in pairwise(pictures))
    style.apply(qapp, LIGHT)
    assert panel.grab().toImage() == pictures[0]


def test_right_to_left_windows_are_mirrored(qapp: QApplication, panel: WorkPanel) -> None:
    before = panel.work.types.grid.rows()[0].x()
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    panel.resize(panel.width() + 1, panel.height())
    panel.grab()
    assert panel.work.types.grid.rows()[0].x() > before


def test_only_the_tab_that_is_seen_is_filled(panel: WorkPanel, state: WorkState) -> None:
    assert panel.spans.model.total == 0
    panel.show_tab(SPANS)
    assert panel.spans.model.total == 7
    panel.show_tab(WORK)
    panel.set_state(replace(state, annotations=replace(state.annotations, spans=())))
    assert panel.spans.model.total == 7
    panel.show_tab(SPANS)
    assert panel.spans.model.total == 3


def test_a_decision_reaches_an_open_table_soon_after(
    qtbot: QtBot, panel: WorkPanel, state: WorkState
) -> None:
    panel.show_tab(SPANS)
    panel.set_state(replace(state, annotations=replace(state.annotations, spans=())))
    assert panel.spans.model.total == 7
    qtbot.waitUntil(lambda: panel.spans.model.total == 3)
    panel.set_state(replace(state, document=a_document(key=2)))
    assert panel.spans.model.total == 7


def test_the_panel_begins_anew_with_another_project(panel: WorkPanel) -> None:
    panel.show_tab(SPANS)
    panel.set_session(None)
    assert panel.tabs.currentIndex() == WORK
    assert panel.work.types.grid.rows() == []
