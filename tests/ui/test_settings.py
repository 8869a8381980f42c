"""What a person chose reaches the article at once and is there again after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontInfo, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.ui import fonts
from annotator.ui.canvas.view import ArticleView
from annotator.ui.dialogs.settings import SettingsDialog
from annotator.ui.settings import Settings
from annotator.ui.window import MainWindow
from tests.ui.driving import Person


@pytest.fixture
def view(person: Person) -> ArticleView:
    return person.window.centre.view


def again() -> Settings:
    """Read the file as the next sitting will."""
    return Settings()


def turn_wheel(view: ArticleView, steps: int) -> None:
    place = QPointF(300, 200)
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_the_article_is_drawn_as_was_chosen_at_once(window: MainWindow, view: ArticleView) -> None:
    settings = window.settings
    settings.measure = 59
    assert view.scene.measure == round(59 * view.style_in_force.character)
    settings.article_font = "sans"
    assert QFontInfo(view.style_in_force.body).family() == fonts.SANS
    settings.text_size = 150
    assert view.font_size == 26
    height = view.scene.drawing(0).height
    settings.compact = True
    assert view.scene.drawing(0).height < height
    settings.less_motion = "always"
    assert view.reduced_motion
    settings.less_motion = "never"
    assert not view.reduced_motion


def test_a_look_is_drawn_once_and_not_again(
    window: MainWindow, view: ArticleView, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    monkeypatch.setattr(view, "_restyle", lambda *_, **__: drawn.append(1))
    window.settings.stays_after_decision = True
    assert drawn == []
    window.settings.measure = 67
    assert drawn == [1]


def test_zoom_with_wheel_and_keys_is_kept(window: MainWindow, view: ArticleView, person: Person) -> None:
    turn_wheel(view, 1)
    turn_wheel(view, 1)
    assert view.font_size == 19
    window.settings.theme = "dark"  # what sets everything else again leaves the size alone
    assert view.font_size == 19
    window.settings.sync()
    assert again().text_pixels == 19
    person.press("Ctrl++")
    assert (view.font_size, again().text_pixels) == (21, 21)
    person.press("Ctrl+-")
    assert view.font_size == 19
    person.press("Ctrl+0")
    assert (view.font_size, again().text_size) == (17, 100)


def test_every_size_the_wheel_can_reach_is_kept_exactly(window: MainWindow, view: ArticleView) -> None:
    sizes = set()
    for steps in (*[-1] * 8, *[1] * 26):
        turn_wheel(view, steps)
        assert window.settings.text_pixels == view.font_size
        sizes.add(view.font_size)
    assert sizes == set(range(11, 35))


def test_another_window_begins_as_the_last_one_ended(
    window: MainWindow, view: ArticleView, qtbot: QtBot
) -> None:
    settings = window.settings
    settings.measure, settings.article_font, settings.compact = 83, "sans", True
    settings.less_motion = "always"
    turn_wheel(view, -1)
    settings.sync()
    other = MainWindow(annotator="Mara", settings=again())
    qtbot.addWidget(other)
    style = other.centre.view.style_in_force
    assert (style.size, style.family, style.compact) == (16, "sans", True)
    assert other.centre.view.characters == 83
    assert other.centre.view.reduced_motion
    other.jobs.close()


def test_a_narrow_window_steps_down_from_the_measure_that_was_chosen(
    window: MainWindow, view: ArticleView
) -> None:
    window.settings.measure = 91
    wide = view.scene.measure
    found = []
    for width in (1900, 1000, 960):
        view.setFixedWidth(width)
        QApplication.processEvents()
        found.append(view.scene.measure)
        assert view.scene.measure + 2 * 56 <= view.viewport().width()
    assert found == sorted(found, reverse=True)
    assert wide <= round(91 * view.style_in_force.character)
    window.settings.measure = 51
    view.setFixedWidth(1900)
    QApplication.processEvents()
    assert view.scene.measure == round(51 * view.style_in_force.character)


def test_a_family_of_this_computer_can_be_chosen_and_one_that_has_gone_does_no_harm(
    qtbot: QtBot, window: MainWindow, view: ArticleView, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = fonts.own_families()
    assert fonts.SERIF not in own
    assert fonts.SANS not in own
    for family in own[:1]:
        window.settings.article_font = family
        assert view.style_in_force.body.families()[:2] == [family, fonts.SERIF]
    window.settings.article_font = "No Such Face"
    assert QFontInfo(view.style_in_force.body).family() == fonts.SERIF
    dialog = SettingsDialog(window.settings, "Mara")
    qtbot.addWidget(dialog)
    assert dialog.font_box.value == "No Such Face"
    assert dialog.font_box.currentText() == "No Such Face (not here)"


@pytest.mark.parametrize(
    ("line", "name", "taken"),
    [
        ("theme=sepia", "theme", "system"),
        ("text_size=9000", "text_size", 200),
        ("text_size=huge", "text_size", 100),
        ("measure=4", "measure", 51),
        ("compact=perhaps", "compact", False),
        ("less_motion=often", "less_motion", "system"),
        ("article_font=", "article_font", "serif"),
    ],
)
def test_what_the_file_cannot_mean_is_read_as_something_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, name: str, taken: object
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path))
    (tmp_path / "window.ini").write_text(f"[General]\n{line}\n", encoding="utf-8")
    assert getattr(again(), name) == taken


def test_a_setting_tells_only_when_it_became_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path))
    settings = again()
    with qtbot.waitSignal(settings.changed) as told:
        settings.text_size = 999
    assert (told.args, settings.text_size) == (["text_size"], 200)
    with qtbot.assertNotEmitted(settings.changed):
        settings.text_size = 300
        settings.theme = "system"
