"""What desktops say about motion, with answers given here; and who follows whom."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.ui import motion
from annotator.ui.motion import Motion, ask_desktop, run_later

Hand = Callable[[str], None]


def asked(platform: str, folder: Path, *, says: str = "", animates: bool = True) -> list[bool]:
    """Ask a desktop of a kind whose programs and calls say this; its answers."""
    answers: list[bool] = []
    ask_desktop(
        answers.append,
        run=lambda _command, hand: hand(says),
        platform=platform,
        configuration=folder,
        windows=lambda: animates,
    )
    return answers


@pytest.mark.parametrize(
    ("platform", "says", "less"),
    [
        ("linux", "false\n", True),
        ("linux", "true\n", False),
        ("linux", "", False),
        ("darwin", "1\n", True),
        ("darwin", "0\n", False),
        ("darwin", "", False),
    ],
)
def test_a_program_of_the_desktop_is_believed(tmp_path: Path, platform: str, says: str, less: bool) -> None:  # noqa: FBT001
    assert asked(platform, tmp_path, says=says) == [less]


@pytest.mark.parametrize("animates", [True, False])
def test_windows_is_asked_itself(tmp_path: Path, animates: bool) -> None:  # noqa: FBT001
    assert asked("win32", tmp_path, animates=animates) == [not animates]


@pytest.mark.parametrize(
    ("name", "words", "less"),
    [
        ("kdeglobals", "[KDE]\nAnimationDurationFactor=0\n", True),
        ("kdeglobals", "[KDE]\nAnimationDurationFactor=0.5\n", False),
        ("kdeglobals", "Top=1\n[KDE]\nAnimationDurationFactor=0\n", False),
        ("kdeglobals", "[KDE]\nno sense\n", False),
        ("gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations=false\n", True),
        ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n", True),
        ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=true\n", False),
    ],
)
def test_files_of_the_desktop_are_read(tmp_path: Path, name: str, words: str, less: bool) -> None:  # noqa: FBT001
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(words, encoding="utf-8")
    assert asked("linux", tmp_path, says="true") == [less]


def test_a_file_that_is_no_text_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "kdeglobals").write_bytes(b"[KDE]\n\xff\xfe\x00")
    assert asked("linux", tmp_path, says="true") == [False]


def test_a_program_is_not_waited_for_and_one_that_is_not_there_wrote_nothing(
    qapp: QApplication, qtbot: QtBot
) -> None:
    owner, written = QObject(qapp), list[str]()
    run_later(owner, ["no-such-program-here"], written.append)
    run_later(owner, [sys.executable, "-c", "print('false')"], written.append)
    assert written == []
    qtbot.waitUntil(lambda: [words.strip() for words in sorted(written)] == ["", "false"])


def test_a_window_may_close_while_a_program_runs(qapp: QApplication, qtbot: QtBot) -> None:
    owner, written = QObject(), list[str]()
    run_later(owner, [sys.executable, "-c", "import time; time.sleep(0.2)"], written.append)
    owner.deleteLater()
    qtbot.wait(300)
    assert written == []


def test_the_choice_of_a_person_outdoes_the_desktop(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = {"less": True}
    monkeypatch.setattr(motion, "ask_desktop", lambda answer, **_: answer(desktop["less"]))
    follower, told = Motion(QObject(qapp)), list[bool]()
    follower.changed.connect(told.append)
    follower.choose("never")
    assert told == []
    follower.choose("system")
    assert told == [True]
    follower.choose("never")
    follower.choose("always")
    assert told == [True, False, True]
    follower.choose("system")
    desktop["less"] = False
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert not follower.is_less


def test_an_answer_that_comes_after_another_choice_is_not_taken(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[Callable[[bool], None]] = []
    monkeypatch.setattr(motion, "ask_desktop", lambda answer, **_: waiting.append(answer))
    follower = Motion(QObject(qapp))
    follower.choose("system")
    follower.choose("never")
    waiting[0](True)
    assert not follower.is_less
