"""The shared widgets: what they say, how they answer, and that theme and text size may change under them."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QCursor, QFontMetricsF, QHelpEvent, QImage, QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui import fonts, style
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT, THEMES, Theme, hue
from annotator.ui.widgets import (
    ActionCard,
    Button,
    Card,
    CheckCard,
    Chip,
    CountTabs,
    ElidedLabel,
    EmptyState,
    FormField,
    Hairline,
    IconButton,
    KeyCap,
    RadioCard,
    SearchField,
    Sign,
    Stepper,
    Strip,
    ThinProgress,
    chip_size,
    key_cap_size,
    key_words,
    make_label,
    paint_chip,
    paint_frame,
    paint_row,
)
from annotator.ui.widgets.painting import paint_words

W = TypeVar("W", bound=QWidget)
TITLE = "Ceasefire talks: US officials set to travel to Moscow"


def _strip() -> Strip:
    strip = Strip("Undo the import? 61 decisions go too.")
    strip.add_button("Undo it")
    return strip


def _empty() -> EmptyState:
    empty = EmptyState("import", "No documents yet", "Drop text files here.")
    empty.add_button("Import …", kind="primary", key="Ctrl+I")
    return empty


def _tabs(*counts: int) -> CountTabs:
    tabs = CountTabs(name="Documents")
    for text, count in zip(("All", "To do", "Open", "Done"), counts or (214, 138, 9, 61), strict=True):
        tabs.add_tab(text, count)
    return tabs


WITH_TEXT: dict[str, Callable[[], QWidget]] = {
    "KeyCap": lambda: KeyCap("Ctrl+Enter"),
    "Chip": lambda: Chip("PERSON", "blue"),
    "Button": lambda: Button("Accept", kind="soft", key="A"),
    "IconButton": lambda: IconButton("undo", "Undo", key="Ctrl+Z"),
    "ActionCard": lambda: ActionCard("plus", "New project", "sources, schema", key="Ctrl+N"),
    "RadioCard": lambda: RadioCard("National Security", "en_core_web_sm"),
    "CheckCard": lambda: CheckCard("Word lists", "none chosen"),
    "SearchField": lambda: SearchField("Filter", key="Ctrl+P"),
    "CountTabs": _tabs,
    "Strip": _strip,
    "EmptyState": _empty,
    "Stepper": lambda: Stepper(["Sources", "Schema", "Candidates"]),
}
ALL_WIDGETS: dict[str, Callable[[], QWidget]] = {
    **WITH_TEXT,
    "FormField": lambda: FormField("Name", QLineEdit(), hint="of the project"),
    "ElidedLabel": lambda: ElidedLabel(TITLE),
    "ThinProgress": ThinProgress,
    "Hairline": Hairline,
    "Sign": lambda: Sign("flag"),
    "Card": Card,
}
each_widget = pytest.mark.parametrize("make", ALL_WIDGETS.values(), ids=ALL_WIDGETS)
each_with_text = pytest.mark.parametrize("make", WITH_TEXT.values(), ids=WITH_TEXT)


@pytest.fixture(autouse=True)
def _back_to_light(qapp: QApplication) -> Iterator[None]:
    style.apply(qapp, LIGHT)
    # Away from the windows: what the pointer is on has another tone.
    QCursor.setPos(qapp.primaryScreen().geometry().bottomRight())
    yield
    style.apply(qapp, LIGHT)


# ---------------------------------------------------------------------------------------------- all of them


@each_with_text
def test_every_widget_says_its_name(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    widget = make()
    qtbot.addWidget(widget)
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface.text(QAccessible.Text.Name)


@each_widget
def test_every_widget_changes_its_theme_on_screen(
    qapp: QApplication, qtbot: QtBot, make: Callable[[], QWidget]
) -> None:
    widget = _shown(qtbot, make())
    pictures = []
    for theme in THEMES.values():
        style.apply(qapp, theme)
        pictures.append(_picture(widget))
    assert pictures[0] != pictures[1]
    assert pictures[1] != pictures[2]
    style.apply(qapp, LIGHT)
    assert _picture(widget) == pictures[0]


@each_with_text
def test_every_widget_grows_with_the_text(
    qapp: QApplication, qtbot: QtBot, make: Callable[[], QWidget]
) -> None:
    widget = _shown(qtbot, make())
    before = widget.sizeHint()
    style.apply(qapp, LIGHT, text_scale=2.0)
    qapp.processEvents()
    after = widget.sizeHint()
    assert after.width() >= before.width() * 1.3
    assert after.height() >= before.height() * 1.3
    style.apply(qapp, LIGHT)
    qapp.processEvents()
    assert widget.sizeHint() == before


@each_widget
def test_a_widget_that_is_gone_hears_of_nothing(qapp: QApplication, make: Callable[[], QWidget]) -> None:
    widget = make()
    gone = weakref.ref(widget)
    shiboken6.delete(widget)
    style.apply(qapp, DARK)
    del widget
    gc.collect()
    assert gone() is None


@each_widget
def test_a_widget_nobody_holds_is_let_go(qapp: QApplication, make: Callable[[], QWidget]) -> None:
    gone = weakref.ref(make())
    gc.collect()
    assert gone() is None
    style.apply(qapp, DARK)


@each_widget
def test_every_widget_is_drawn_from_right_to_left(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    widget = make()
    widget.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert not _picture(_shown(qtbot, widget)).isNull()


# ---------------------------------------------------------------------------------------------- key caps


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("A", "A"),
        ("", ""),
        ("+", "+"),
        ("Ctrl+K", "Ctrl K"),
        ("Ctrl+Shift+A", "Ctrl Shift A"),
        ("Ctrl++", "Ctrl +"),
        ("Ctrl+Return", "Ctrl Enter"),
        ("Ctrl+PgDown", "Ctrl PgDn"),
        ("Escape", "Esc"),
        ("Alt+Left", "Alt ←"),
        ("1–9", "1–9"),
        ("S D F G", "S D F G"),
    ],
)
def test_a_cap_says_what_stands_on_the_keys(monkeypatch: pytest.MonkeyPatch, keys: str, words: str) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert key_words(keys) == words


def test_on_a_mac_a_cap_shows_its_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert key_words("A") == "A"
    assert key_words("+") == "+"
    assert key_words("Ctrl+K")


def test_a_cap_of_one_letter_is_a_square(qtbot: QtBot) -> None:
    assert key_cap_size("A") == QSize(18, 18)
    wide = key_cap_size("Ctrl Enter")
    assert wide.height() == 18
    assert wide.width() >= QFontMetricsF(fonts.sans(11, 500)).horizontalAdvance("Ctrl Enter") + 8


def test_a_cap_may_say_another_key(qtbot: QtBot) -> None:
    cap = KeyCap("A")
    qtbot.addWidget(cap)
    cap.set_text("Ctrl+K")
    assert cap.text == "Ctrl K"
    assert cap.accessibleName() == "Key Ctrl K"
    assert cap.sizeHint().width() > 18


def test_a_cap_in_the_accent_is_seen_as_such(qtbot: QtBot) -> None:
    cap = _shown(qtbot, KeyCap("A"))
    assert cap.grab().toImage().pixelColor(9, 0) == LIGHT.key_edge
    cap.setEnabled(False)
    assert cap.grab().toImage().pixelColor(9, 0) == LIGHT.line


# ---------------------------------------------------------------------------------------------- chips


def test_a_filled_chip_lies_on_its_tint_and_a_hollow_one_has_its_line(qtbot: QtBot) -> None:
    chip = _shown(qtbot, Chip("PERSON", "blue"))
    colors = hue(LIGHT, "blue")
    middle, edge = QPoint(2, 9), QPoint(0, 9)
    assert chip.grab().toImage().pixelColor(middle) == colors.tint
    chip.set_label("PERSON", "blue", form="hollow")
    image = chip.grab().toImage()
    assert image.pixelColor(edge) == colors.line
    assert image.pixelColor(middle) == LIGHT.raised


def test_in_high_contrast_dashes_tell_the_candidate(qapp: QApplication) -> None:
    for form, kinds in (("filled", 1), ("hollow", 2)):
        image = _canvas(HIGH_CONTRAST)
        painter = QPainter(image)
        paint_chip(
            painter,
            QRect(10, 10, 100, 18),
            "PERSON",
            "blue",
            HIGH_CONTRAST,
            form="filled" if form == "filled" else "hollow",
        )
        painter.end()
        top = {image.pixelColor(x, 10).lightness() > 80 for x in range(20, 100)}
        assert len(top) == kinds


def test_a_struck_chip_has_no_box(qapp: QApplication) -> None:
    image = _canvas(LIGHT)
    painter = QPainter(image)
    paint_chip(painter, QRect(10, 10, 100, 18), "ORG", "teal", LIGHT, form="struck")
    painter.end()
    assert {image.pixelColor(x, 11).name() for x in range(10, 110)} == {LIGHT.page.name()}


def test_a_narrow_chip_is_cut_and_has_a_tooltip(qtbot: QtBot) -> None:
    chip = _shown(qtbot, Chip("GOVERNMENT_ORGANISATION", "teal"))
    assert chip.minimumSizeHint().width() < chip.sizeHint().width()
    chip.resize(60, 18)
    chip.grab()
    assert chip.toolTip() == "GOVERNMENT_ORGANISATION"
    chip.resize(chip.sizeHint())
    chip.grab()
    assert chip.toolTip() == ""


def test_chips_come_in_three_sizes(qapp: QApplication) -> None:
    heights = [chip_size("ROLE", size).height() for size in ("small", "normal", "large")]
    assert heights == [16, 18, 22]


# ---------------------------------------------------------------------------------------------- buttons


@pytest.mark.parametrize(
    ("kind", "height"), [("primary", 30), ("soft", 30), ("plain", 30), ("quiet", 28), ("danger", 30)]
)
def test_buttons_have_the_height_of_their_kind(qtbot: QtBot, kind: str, height: int) -> None:
    button = Button("Accept", kind="plain", key="A")
    qtbot.addWidget(button)
    button.set_kind(kind)  # type: ignore[arg-type]
    assert button.sizeHint().height() == height
    button.show()
    button.adjustSize()
    assert button.height() == height


def test_a_button_has_room_for_all_that_is_on_it(qtbot: QtBot) -> None:
    widths = []
    for key, icon_name in (("", ""), ("Ctrl+Enter", ""), ("Ctrl+Enter", "check")):
        button = Button("Done, next document", key=key, icon_name=icon_name)
        qtbot.addWidget(button)
        widths.append(button.sizeHint().width())
    cap = key_cap_size("Ctrl Enter").width()
    assert widths[1] >= widths[0] + cap
    assert widths[2] >= widths[1] + 16
    assert button.minimumSizeHint() == button.sizeHint()


def test_a_button_says_its_key_but_does_not_bind_it(qtbot: QtBot) -> None:
    button = Button("Accept", key="A")
    qtbot.addWidget(button)
    assert button.accessibleDescription() == "Key A"
    assert button.shortcut().isEmpty()
    button.set_key("")
    assert button.accessibleDescription() == ""


def test_a_button_is_pressed_by_mouse_and_keyboard(qtbot: QtBot) -> None:
    button = _shown(qtbot, Button("Accept", kind="primary"))
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, Qt.Key.Key_Space)


def test_the_ring_shows_for_the_keyboard_and_not_for_the_mouse(qtbot: QtBot) -> None:
    box = QWidget()
    column = QVBoxLayout(box)
    button, other = Button("Accept"), Button("Reject")
    column.addWidget(button)
    column.addWidget(other)
    _shown(qtbot, box)
    box.activateWindow()
    edge = QPoint(1, button.height() // 2)

    def shows_ring() -> bool:
        return button.grab().toImage().pixelColor(edge) == LIGHT.accent

    button.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(button.hasFocus)
    assert not shows_ring()
    other.setFocus(Qt.FocusReason.TabFocusReason)
    button.setFocus(Qt.FocusReason.BacktabFocusReason)
    qtbot.waitUntil(button.hasFocus)
    assert shows_ring()
    button.setFocus(Qt.FocusReason.OtherFocusReason)
    other.setFocus(Qt.FocusReason.TabFocusReason)
    assert not shows_ring()


def test_an_icon_button_is_named_and_shows_its_key(qtbot: QtBot) -> None:
    button = IconButton("undo", "Undo", key="Ctrl+Z")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Undo"
    assert button.toolTip() == "Undo   Ctrl Z"
    assert button.sizeHint() == QSize(28, 28)
    button.set_name("Undo accepting Moscow", key="Ctrl+Z")
    assert button.accessibleName() == "Undo accepting Moscow"


def test_an_action_card_keeps_its_height(qtbot: QtBot) -> None:
    box = QWidget()
    column = QVBoxLayout(box)
    card = ActionCard("plus", "New project", "sources, schema", key="Ctrl+N", is_primary=True)
    column.addWidget(card)
    _shown(qtbot, box)
    assert card.sizeHint().height() == 60
    assert card.minimumHeight() <= 60
    assert card.grab().toImage().pixelColor(8, 30) == LIGHT.accent
    assert card.accessibleDescription() == "sources, schema. Key Ctrl N"


# ---------------------------------------------------------------------------------------------- fields


def test_escape_empties_a_search_field_and_is_then_left_to_others(qtbot: QtBot) -> None:
    box = _Listener()
    field = SearchField("Filter", box, key="Ctrl+P")
    _shown(qtbot, box)
    QTest.keyClicks(field, "label:MET")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert box.escapes == 0
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert box.escapes == 1


def test_the_cross_empties_a_search_field(qtbot: QtBot) -> None:
    field = _shown(qtbot, SearchField("Filter"))
    cross = field.findChild(QToolButton)
    assert cross is not None
    assert not cross.isVisible()
    field.setText("label:MET")
    assert cross.isVisible()
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert field.text() == ""
    assert not cross.isVisible()


def test_the_words_of_a_search_field_never_run_under_key_or_cross(qtbot: QtBot) -> None:
    field = _shown(qtbot, SearchField("Filter", key="Ctrl+P"))
    assert field.textMargins().right() >= key_cap_size("Ctrl P").width()
    field.setText("x")
    assert field.textMargins().right() == 20
    assert field.textMargins().left() == 24


def test_a_form_field_says_what_is_wrong(qtbot: QtBot) -> None:
    box = QWidget()
    column = QVBoxLayout(box)
    editor = QLineEdit()
    field = FormField("Name", editor, hint="of the project")
    column.addWidget(QLineEdit())
    column.addWidget(field)
    _shown(qtbot, box)
    assert editor.accessibleName() == "Name"
    assert editor.accessibleDescription() == "of the project"
    field.set_fault("A name may not hold a slash.")
    assert field.fault == "A name may not hold a slash."
    assert editor.accessibleDescription() == field.fault
    assert editor.grab().toImage().pixelColor(0, editor.height() // 2) == LIGHT.bad
    field.set_fault("")
    assert field.fault == ""
    assert editor.grab().toImage().pixelColor(0, editor.height() // 2) == LIGHT.control
    assert field.editor is editor


# ---------------------------------------------------------------------------------------------- lines


def test_a_label_too_narrow_is_cut_and_has_a_tooltip(qtbot: QtBot) -> None:
    label = _shown(qtbot, ElidedLabel(TITLE, "head"))
    label.resize(label.sizeHint())
    assert not label.is_cut()
    label.resize(120, label.height())
    assert label.is_cut()
    _ask_for_tip(label)
    assert label.toolTip() == TITLE
    label.resize(label.sizeHint())
    _ask_for_tip(label)
    assert label.toolTip() == ""
    assert label.minimumSizeHint().width() < 30


def test_text_of_a_label_is_never_taken_for_markup(qtbot: QtBot) -> None:
    label = make_label("<b>Ada</b>", "strong")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize(
    ("done", "total", "part"), [(0, 214, 0.0), (107, 214, 0.5), (214, 214, 1.0), (0, 0, 0.0)]
)
def test_progress_is_drawn_as_far_as_it_got(qtbot: QtBot, done: int, total: int, part: float) -> None:
    progress = ThinProgress(height=2)
    qtbot.addWidget(progress)
    progress.set_progress(done, total)
    progress.resize(200, 2)
    progress.show()
    image = progress.grab().toImage()
    filled = sum(image.pixelColor(x, 1) == LIGHT.accent for x in range(200))
    assert filled == pytest.approx(200 * part, abs=2)


def test_progress_has_a_tone(qtbot: QtBot) -> None:
    progress = _shown(qtbot, ThinProgress(tone="good", name="Documents done"))
    progress.set_progress(1, 1)
    assert progress.accessibleName() == "Documents done"
    assert progress.grab().toImage().pixelColor(20, progress.height() // 2) == LIGHT.good
    progress.set_tone("bad")
    assert progress.grab().toImage().pixelColor(20, progress.height() // 2) == LIGHT.bad


# ---------------------------------------------------------------------------------------------- tabs


def test_tabs_are_chosen_by_key_and_mouse(qtbot: QtBot) -> None:
    tabs = _shown(qtbot, _tabs())
    tabs.setFocus()
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert tabs.currentIndex() == 1
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(3).center())
    assert tabs.currentIndex() == 3


def test_tabs_are_said_with_their_counts(qtbot: QtBot) -> None:
    tabs = _tabs(1214, 0, 0, 0)
    qtbot.addWidget(tabs)
    assert tabs.accessibleTabName(0) == "All, 1,214"
    tabs.set_count(0, None)
    assert tabs.accessibleTabName(0) == "All"


def test_tabs_without_room_shrink_gaps_then_drop_counts_but_not_the_current_one(qtbot: QtBot) -> None:
    tabs = _shown(qtbot, _tabs())
    whole = tabs.sizeHint().width()
    ends = []
    for width in (whole + 60, whole - 20, whole - 60):
        tabs.resize(width, 30)
        ends.append([tabs.tabSizeHint(index).width() for index in range(4)])
        assert tabs.tabRect(3).right() <= width
    assert ends[0][1] > ends[1][1] > ends[2][1]
    # The current one keeps its count, and only its gap shrank.
    assert ends[1][0] == ends[0][0] - (ends[0][1] - ends[1][1])
    assert ends[2][0] >= ends[1][0] - 8


def test_the_current_tab_is_underlined(qtbot: QtBot) -> None:
    tabs = _shown(qtbot, _tabs())
    tabs.setCurrentIndex(1)
    image = tabs.grab().toImage()
    row = tabs.height() - 2
    accent = [x for x in range(tabs.width()) if image.pixelColor(x, row) == LIGHT.accent]
    area = tabs.tabRect(1)
    assert accent
    assert area.left() <= accent[0]
    assert accent[-1] <= area.right()


# ---------------------------------------------------------------------------------------------- strips, empty states


def test_a_strip_waits_and_answers(qtbot: QtBot) -> None:
    strip = Strip("Read only: open in another window.", tone="warn", icon_name="lock")
    show = strip.add_button("Show it")
    strip.add_button("Open a copy")
    box = QWidget()
    column = QVBoxLayout(box)
    column.addWidget(QLineEdit())
    column.addWidget(strip)
    _shown(qtbot, box)
    assert strip.accessibleName() == strip.text == "Read only: open in another window."
    assert not show.hasFocus()
    with qtbot.waitSignal(show.clicked):
        QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    assert strip.grab().toImage().pixelColor(strip.width() // 2, 2) == LIGHT.warn_wash
    strip.set_message("Exported.", tone="good")
    assert strip.grab().toImage().pixelColor(strip.width() // 2, 2) == LIGHT.good_wash
    strip.remove_buttons()
    assert strip.buttons == ()


def test_a_strip_has_three_buttons_at_most(qtbot: QtBot) -> None:
    strip = Strip("Undo?")
    qtbot.addWidget(strip)
    for number in range(3):
        strip.add_button(str(number))
    with pytest.raises(ValueError, match="three"):
        strip.add_button("4")


def test_the_buttons_of_a_narrow_strip_go_under_its_text(qtbot: QtBot) -> None:
    strip = Strip("Undo “Import march.jsonl”? 61 decisions go too.")
    buttons = [strip.add_button(text) for text in ("Undo it", "Keep", "Show them")]
    box = QWidget()
    column = QVBoxLayout(box)
    column.addWidget(strip)
    column.addStretch(1)
    box.resize(900, 200)
    _shown(qtbot, box)
    assert strip.height() < 40
    box.resize(360, 200)
    qtbot.waitUntil(lambda: strip.height() > 55)
    assert all(button.mapTo(strip, QPoint(button.width(), 0)).x() <= strip.width() for button in buttons)


def test_an_empty_state_offers_the_next_act(qtbot: QtBot) -> None:
    empty = _empty()
    _shown(qtbot, empty)
    assert empty.accessibleName() == "No documents yet"
    (button,) = empty.buttons
    assert button.key == "Ctrl I"
    empty.set_words("search", "No document matches", "")
    assert empty.accessibleName() == "No document matches"
    empty.remove_buttons()
    assert empty.buttons == ()


# ---------------------------------------------------------------------------------------------- cards, steps


def test_of_several_choices_one_is_taken(qtbot: QtBot) -> None:
    box = QWidget()
    column = QVBoxLayout(box)
    first, second = RadioCard("ROLE", "role rule"), RadioCard("ORG", "en_core_web_sm")
    column.addWidget(first)
    column.addWidget(second)
    _shown(qtbot, box)
    first.setChecked(True)
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, pos=QPoint(second.width() - 5, 5))
    assert (first.isChecked(), second.isChecked()) == (False, True)
    second.setFocus()
    QTest.keyClick(second, Qt.Key.Key_Up)
    assert (first.isChecked(), second.isChecked()) == (True, False)


def test_choices_are_what_they_are_to_screen_readers(qtbot: QtBot) -> None:
    for card, role in (
        (RadioCard("ROLE"), QAccessible.Role.RadioButton),
        (CheckCard("Roles"), QAccessible.Role.CheckBox),
    ):
        qtbot.addWidget(card)
        assert QAccessible.queryAccessibleInterface(card).role() == role


def test_a_choice_has_a_head_a_line_a_chip_and_a_score(qtbot: QtBot) -> None:
    card = RadioCard("National Security", "en_core_web_sm")
    card.insert_before_head(Chip("ORG", "teal", form="hollow", size="small"))
    card.set_words("National Security", "en_core_web_sm", trailing=".62")
    _shown(qtbot, card)
    assert card.accessibleName() == "National Security .62"
    assert card.accessibleDescription() == "en_core_web_sm"
    with qtbot.waitSignal(card.toggled):
        QTest.mouseClick(card.findChild(Chip) or card, Qt.MouseButton.LeftButton)


def test_the_line_of_a_choice_wraps_and_pushes_it_higher(qtbot: QtBot) -> None:
    card = CheckCard("Pipeline", "names, places, dates; 81 in your first article, 0.16 s")
    qtbot.addWidget(card)
    assert card.heightForWidth(160) > card.heightForWidth(600)


def test_a_card_is_raised(qtbot: QtBot) -> None:
    card = Card()
    card.resize(120, 90)
    _shown(qtbot, card)
    assert card.grab().toImage().pixelColor(60, 45) == LIGHT.raised


def test_steps_are_said_and_those_done_can_be_gone_back_to(qtbot: QtBot) -> None:
    stepper = _shown(qtbot, Stepper(["Sources", "Schema", "Candidates"]))
    stepper.resize(stepper.sizeHint())
    assert stepper.accessibleName() == "Step 1 of 3: Sources"
    width = stepper.width()
    stepper.set_current(1)
    assert (stepper.current, stepper.sizeHint().width()) == (1, width)
    with qtbot.waitSignal(stepper.step_chosen) as caught:
        QTest.mouseClick(stepper, Qt.MouseButton.LeftButton, pos=QPoint(10, 12))
    assert caught.args == [0]
    with qtbot.assertNotEmitted(stepper.step_chosen):
        QTest.mouseClick(stepper, Qt.MouseButton.LeftButton, pos=QPoint(width - 10, 12))
    with pytest.raises(IndexError):
        stepper.set_current(3)


# ---------------------------------------------------------------------------------------------- painters


def test_a_frame_never_grows_over_its_neighbours(qapp: QApplication) -> None:
    image = _canvas(LIGHT)
    painter = QPainter(image)
    paint_frame(painter, QRect(10, 10, 40, 20), fill=LIGHT.wash, border=LIGHT.accent, radius=6, width=2)
    painter.end()
    painted = [(x, y) for x in range(120) for y in range(60) if image.pixelColor(x, y) != LIGHT.page]
    assert (min(painted)[0], max(painted)[0]) == (10, 49)
    assert (min(y for _, y in painted), max(y for _, y in painted)) == (10, 29)
    assert image.pixelColor(30, 11) == LIGHT.accent
    assert image.pixelColor(30, 13) == LIGHT.wash


@pytest.mark.parametrize(("right_to_left", "x"), [(False, 11), (True, 108)])
def test_a_chosen_row_has_a_bar_where_reading_begins(qapp: QApplication, right_to_left: bool, x: int) -> None:  # noqa: FBT001
    image = _canvas(LIGHT)
    painter = QPainter(image)
    paint_row(painter, QRect(10, 10, 100, 40), LIGHT, chosen=True, right_to_left=right_to_left)
    painter.end()
    assert image.pixelColor(x, 30) == LIGHT.accent
    assert image.pixelColor(60, 30) == LIGHT.wash
    assert image.pixelColor(60, 55) == LIGHT.page


def test_capitals_stand_in_the_middle(qapp: QApplication) -> None:
    image = _canvas(LIGHT)
    painter = QPainter(image)
    width = paint_words(painter, QRect(0, 0, 120, 60), "HHH", font=fonts.sans(20), color=QColor("#000000"))
    painter.end()
    rows = {y for x in range(120) for y in range(60) if image.pixelColor(x, y).lightness() < 100}
    assert (min(rows) + max(rows)) / 2 == pytest.approx(29.5, abs=1)
    assert width == pytest.approx(QFontMetricsF(fonts.sans(20)).horizontalAdvance("HHH"))


def test_the_painters_leave_the_painter_as_it_was(qapp: QApplication) -> None:
    image = _canvas(LIGHT)
    painter = QPainter(image)
    before = (painter.pen(), painter.brush(), painter.font(), painter.renderHints())
    paint_frame(painter, QRect(0, 0, 9, 9), fill=None, border=LIGHT.bad, radius=2, dashed=True)
    paint_words(painter, QRect(0, 0, 99, 20), "x", font=fonts.serif(17), color=LIGHT.bad)
    paint_row(painter, QRect(0, 0, 99, 20), LIGHT, hovered=True)
    assert (painter.pen(), painter.brush(), painter.font(), painter.renderHints()) == before
    painter.end()


class _Listener(QWidget):
    """Counts how often Esc came through."""

    escapes = 0

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, ARG002 - Qt's name and argument
        self.escapes += 1


def _shown(qtbot: QtBot, widget: W) -> W:
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
    return widget


def _picture(widget: QWidget) -> QImage:
    if widget.sizeHint().isValid():
        widget.adjustSize()
    else:
        widget.resize(40, 40)
    return widget.grab().toImage()


def _canvas(theme: Theme) -> QImage:
    image = QImage(120, 60, QImage.Format.Format_RGB32)
    image.fill(theme.page)
    return image


def _ask_for_tip(widget: QWidget) -> None:
    widget.event(QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), widget.mapToGlobal(QPoint(5, 5))))
