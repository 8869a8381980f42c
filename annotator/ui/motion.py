"""Whether anything may move by itself: what a person chose, or what the desktop asks for.

Qt does not tell what the desktop asks for, so each system is asked in its own way, and none is waited for: files and
Windows answer at once, programs of the desktop a moment later.
"""

from __future__ import annotations

import configparser
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

Answer = Callable[[bool], None]
Run = Callable[[list[str], Callable[[str], None]], None]
"""Starts a program and hands over what it wrote, some time later; nothing written where there is no such program."""

_CLIENT_AREA_ANIMATION = 0x1042
"""Windows' SPI_GETCLIENTAREAANIMATION."""
_GNOME = ["gsettings", "get", "org.gnome.desktop.interface", "enable-animations"]
_MAC = ["defaults", "read", "com.apple.universalaccess", "reduceMotion"]
_OFF = {"false", "0"}
_LOOK, _PATIENCE = 20, 5.0
"""Milliseconds between two looks for an answer, and seconds after which there will be none."""


class Motion(QObject):
    """Holds the choice and follows the desktop while that is what was chosen; `changed(less)` tells."""

    changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_less = False
        self._choice = "never"
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_state)

    def choose(self, choice: str) -> None:
        """Take a choice, `system`, `always` or `never`; told at once, the desktop's answer when it comes."""
        if choice != self._choice:
            self._choice = choice
            self._set(choice == "always")
            self._ask()

    def _ask(self) -> None:
        if self._choice == "system":
            ask_desktop(self._on_answer, run=lambda command, hand: run_later(self, command, hand))

    def _on_state(self, state: Qt.ApplicationState) -> None:
        # Whoever comes back from the settings of the desktop finds them followed.
        if state == Qt.ApplicationState.ApplicationActive:
            self._ask()

    def _on_answer(self, less: bool) -> None:  # noqa: FBT001 - an answer
        if self._choice == "system":
            self._set(less)

    def _set(self, less: bool) -> None:  # noqa: FBT001 - a setter
        if less != self.is_less:
            self.is_less = less
            self.changed.emit(less)


def ask_desktop(
    answer: Answer,
    *,
    run: Run,
    platform: str = sys.platform,
    configuration: Path | None = None,
    windows: Callable[[], bool] | None = None,
) -> None:
    """Ask the desktop whether it wants less motion; `answer` is called once, now or later."""
    if platform == "win32":
        answer(not (windows or _windows_animates)())
    elif platform == "darwin":
        run(_MAC, lambda words: answer(words.strip() == "1"))
    elif _files_want_less(configuration or _configuration()):
        answer(True)
    else:
        run(_GNOME, lambda words: answer(words.strip() in _OFF))


def run_later(owner: QObject, command: list[str], hand: Callable[[str], None]) -> None:
    """Run a program in the background and hand over what it wrote, unless the owner has gone by then."""
    written: list[str] = []
    # A thread and a look at its list now and then: a window may close at any time, and nothing of Qt waits for it.
    threading.Thread(target=lambda: written.append(_output(command)), daemon=True).start()
    timer = QTimer(owner)

    def look() -> None:
        if written:
            timer.stop()
            timer.deleteLater()
            hand(written[0])

    timer.timeout.connect(look)
    timer.start(_LOOK)


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the commands are the ones above
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")


def _files_want_less(folder: Path) -> bool:
    """Read what KDE and other desktops without GNOME's settings keep in files."""
    return (
        _kept(folder / "kdeglobals", "KDE", "AnimationDurationFactor") in {"0", "0.0"}
        or _kept(folder / "gtk-4.0" / "settings.ini", "Settings", "gtk-enable-animations") in _OFF
        or _kept(folder / "gtk-3.0" / "settings.ini", "Settings", "gtk-enable-animations") in _OFF
    )


def _kept(path: Path, section: str, name: str) -> str:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
        return parser.get(section, name, fallback="").strip().lower()
    except (OSError, UnicodeDecodeError, configparser.Error):
        return ""


def _configuration() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation))


def _windows_animates() -> bool:
    import ctypes

    wanted = ctypes.c_int(1)
    user = getattr(ctypes, "windll").user32  # noqa: B009 - there on Windows alone
    user.SystemParametersInfoW(_CLIENT_AREA_ANIMATION, 0, ctypes.byref(wanted), 0)
    return bool(wanted.value)
