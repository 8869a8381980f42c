"""The first screen: begin, open, or go on with a project of before."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.ui import style
from annotator.ui.dialogs.recent_list import RecentCard
from annotator.ui.dialogs.welcome import MANY, WelcomePage
from annotator.ui.theme import THEMES
from annotator.ui.widgets import ActionCard
from annotator.workflows.recent import Recent
from tests.ui.dialogs.conftest import Show


def a_recent(path: Path, *, name: str = "News", documents: int = 4, done: int = 1) -> Recent:
    return Recent(
        path=path, name=name, opened_at=time.time(), documents=documents, done=done, annotator="Mara"
    )


def some(folder: Path, count: int) -> list[Recent]:
    found = []
    for number in range(count):
        path = folder / f"{number}.annot"
        path.touch()
        found.append(a_recent(path, name=f"Project {number}"))
    return found


def test_the_keyboard_opens_a_recent_project(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    page = WelcomePage()
    recents = some(tmp_path, 3)
    show(page)
    page.set_projects(recents)
    chosen: list[Path] = []
    page.recent_chosen.connect(chosen.append)
    assert page.focusWidget() is page.list.cards[0]
    QTest.keyClick(page.list.cards[0], Qt.Key.Key_Down)
    assert page.focusWidget() is page.list.cards[1]
    QTest.keyClick(page.list.cards[1], Qt.Key.Key_Return)
    assert chosen == [recents[1].path]


def test_a_missing_project_is_looked_for_or_forgotten(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    page = WelcomePage()
    gone = a_recent(tmp_path / "gone.annot")
    show(page)
    page.set_projects([gone])
    located: list[Path] = []
    forgotten: list[Path] = []
    chosen: list[Path] = []
    page.locate_wanted.connect(located.append)
    page.forget_wanted.connect(forgotten.append)
    page.recent_chosen.connect(chosen.append)
    card: RecentCard = page.list.cards[0]
    QTest.keyClick(card, Qt.Key.Key_Return)
    QTest.mouseClick(card.locate_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(card, Qt.Key.Key_Delete)
    assert (located, forgotten, chosen) == ([gone.path, gone.path], [gone.path], [])


def test_the_filter_shows_from_the_sixth_project_on(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    page = WelcomePage()
    show(page)
    page.set_projects(some(tmp_path, MANY))
    assert not page.filter.isVisible()
    page.set_projects(some(tmp_path, MANY + 1))
    assert page.filter.isVisible()
    chosen: list[Path] = []
    page.recent_chosen.connect(chosen.append)
    # Folders are searched as well, and the folder of a test has a number of its own: the file is named.
    QTest.keyClicks(page.filter, "project 3.annot")
    assert [card.recent.name for card in page.list.cards] == ["Project 3"]
    QTest.keyClick(page.filter, Qt.Key.Key_Return)
    assert [path.name for path in chosen] == ["3.annot"]


def test_without_projects_the_first_button_has_the_focus(qtbot: QtBot, show: Show) -> None:
    page = WelcomePage()
    show(page)
    page.set_projects([])
    with qtbot.waitSignal(page.new_wanted):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Space)


def test_every_way_to_begin_is_wired(qtbot: QtBot, show: Show) -> None:
    page = WelcomePage()
    show(page)
    for button, signal in (
        (page.new_button, page.new_wanted),
        (page.open_button, page.open_wanted),
        (page.sample_button, page.sample_wanted),
    ):
        with qtbot.waitSignal(signal):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_at_200_percent_the_halves_stand_under_each_other(
    qapp: QApplication, show: Show, tmp_path: Path
) -> None:
    page = WelcomePage()
    page.set_projects(some(tmp_path, 2))
    page.resize(1280, 800)
    show(page)
    left = page.new_button.mapTo(page, page.new_button.rect().topLeft())
    card = page.list.cards[0]
    assert card.mapTo(page, card.rect().topLeft()).x() > left.x() + page.new_button.width()
    style.apply(qapp, THEMES["dark"], text_scale=2.0)
    qapp.processEvents()
    left = page.new_button.mapTo(page, page.new_button.rect().bottomLeft())
    card = page.list.cards[0]
    assert card.mapTo(page, card.rect().topLeft()).y() > left.y()


def test_the_ways_to_begin_are_equally_wide(qtbot: QtBot) -> None:
    page = WelcomePage()
    qtbot.addWidget(page)
    page.resize(1280, 860)
    page.show()
    QApplication.processEvents()
    cards = page.findChildren(ActionCard)
    assert len(cards) == 4
    assert len({card.width() for card in cards}) == 1
