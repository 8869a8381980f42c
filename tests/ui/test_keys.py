"""From key events to strokes: letters by character, digits by place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from annotator.ui.keys import KeyMap, stroke_of

Modifier = Qt.KeyboardModifier
NONE = Modifier.NoModifier


def press(key: int, modifiers: Modifier = NONE, *, text: str = "", scan: int = 0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan, 0, 0, text)


@pytest.fixture
def on_x11(qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")


@pytest.mark.parametrize(
    ("event", "stroke"),
    [
        (press(Qt.Key.Key_A, text="a"), "A"),
        (press(Qt.Key.Key_A, Modifier.ShiftModifier, text="A"), "Shift+A"),
        (press(Qt.Key.Key_A, text="A"), "A"),  # caps lock
        (press(Qt.Key.Key_Tab), "Tab"),
        (press(Qt.Key.Key_Backtab, Modifier.ShiftModifier), "Shift+Tab"),
        (press(Qt.Key.Key_Space, Modifier.ShiftModifier, text=" "), "Shift+Space"),
        (press(Qt.Key.Key_Down, Modifier.ControlModifier), "Ctrl+Down"),
        (press(Qt.Key.Key_Period, text="."), "."),
        (press(Qt.Key.Key_Question, Modifier.ShiftModifier, text="?"), "?"),
        (press(Qt.Key.Key_3, text="3"), "3"),
        (press(Qt.Key.Key_3, Modifier.KeypadModifier, text="3"), "3"),
        (press(Qt.Key.Key_Shift, Modifier.ShiftModifier), ""),
        (press(Qt.Key.Key_Comma, text=","), ""),
    ],
)
def test_a_key_makes_its_stroke(qapp: QGuiApplication, event: QKeyEvent, stroke: str) -> None:
    assert stroke_of(event) == stroke


@pytest.mark.parametrize(
    ("scan", "text", "modifiers", "stroke"),
    [
        (10, "&", NONE, "1"),
        (11, "é", NONE, "2"),
        (19, "à", NONE, "0"),
        (10, "1", Modifier.ShiftModifier, "Shift+1"),
    ],
)
def test_a_french_digit_row_goes_by_place(
    on_x11: None, scan: int, text: str, modifiers: Modifier, stroke: str
) -> None:
    assert stroke_of(press(ord(text.upper()), modifiers, text=text, scan=scan)) == stroke


@pytest.mark.parametrize("scan", [61, 20, 58], ids=["us", "de", "fr"])
def test_the_question_mark_goes_by_its_sign_wherever_it_lies(on_x11: None, scan: int) -> None:
    event = press(Qt.Key.Key_Question, Modifier.ShiftModifier, text="?", scan=scan)
    assert stroke_of(event) == "?"


@pytest.mark.parametrize(("key", "stroke"), [(Qt.Key.Key_F10, "Shift+F10"), (Qt.Key.Key_Menu, "Shift+Menu")])
def test_the_keys_of_the_menu_make_strokes(qapp: QGuiApplication, key: int, stroke: str) -> None:
    assert stroke_of(press(key, Modifier.ShiftModifier)) == stroke


def test_french_a_and_q_go_by_character(on_x11: None) -> None:
    # The key left of S on a French keyboard types q, where others have A.
    assert stroke_of(press(Qt.Key.Key_Q, text="q", scan=38)) == "Q"


def test_a_layout_without_latin_letters_goes_by_place(on_x11: None) -> None:
    assert stroke_of(press(0x0424, text="ф", scan=38)) == "A"


@pytest.mark.parametrize(
    "modifier", [Modifier.AltModifier, Modifier.MetaModifier, Modifier.GroupSwitchModifier]
)
def test_altgr_and_menu_keys_make_no_stroke(qapp: QGuiApplication, modifier: Modifier) -> None:
    assert stroke_of(press(Qt.Key.Key_E, modifier, text="€")) == ""


def test_the_map_knows_scopes() -> None:
    keys = KeyMap()
    accept, partner = keys.action("article", "Return"), keys.action("relation", "Return")
    assert accept is not None
    assert accept.id == "accept"
    assert partner is not None
    assert partner.id == "likeliest"
    assert keys.action("window", "A") is None
    help_keys = keys.action("article", "?")
    assert help_keys is not None
    assert help_keys.id == "keys"
