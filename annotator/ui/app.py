"""Starting the program: the application, its fonts and look, the window; and the picture of it.

The only door between the terminal and the window.
"""

from __future__ import annotations

import getpass
import logging
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QEvent,
    QEventLoop,
    QMessageLogContext,
    Qt,
    QTimer,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from annotator import __version__
from annotator.model.errors import UserError
from annotator.ui import fonts, icons, style
from annotator.ui.look import choose_style
from annotator.ui.settings import Settings
from annotator.ui.warming import Warming
from annotator.ui.window import USUAL, MainWindow

_LOG = logging.getLogger("annotator.ui")
# What a desktop that lacks something makes Qt say; it is nobody's fault and nothing follows from it.
_HARMLESS = ("This plugin does not support", "XDG_RUNTIME_DIR", "D-Bus", "DBus", "OpenType support missing")


def run(path: Path | None = None, *, annotator: str = "") -> int:
    """Open the window, on a project if one is named, and stay until it is closed; gives the exit code."""
    app = make_application()
    settings = Settings()
    with style.sheet_at_end(app):
        choose_style(settings)  # the window takes its font when it is made
        window = MainWindow(annotator=settings.annotator or annotator or account_name(), settings=settings)
    watch_for_faults(window)
    # Ctrl+C in the terminal closes the window; Python sees it only when it is asked now and then.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    ticking = QTimer()
    ticking.timeout.connect(lambda: None)
    ticking.start(300)
    if isinstance(app, Application):
        app.project_wanted.connect(lambda name: window.open_project(Path(name)))
    window.show()
    if path is None or not window.open_project(path):
        window.places.show_welcome()
    Warming(window.centre.view.style_in_force.body, window).settle()
    return app.exec()


SWITCH = 0.0005
"""Seconds after which a thread at work lets another one go on."""


class Application(QApplication):
    """The application; `project_wanted(path)` when the system hands a file over, as macOS does on a double click."""

    project_wanted = Signal(str)

    def event(self, event: QEvent) -> bool:
        """Take what the system hands over; all else is Qt's."""
        if isinstance(event, QFileOpenEvent):
            self.project_wanted.emit(event.file())
            return True
        return super().event(event)


def make_application() -> QApplication:
    """Make the application, once, with its names, icon and fonts."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    qInstallMessageHandler(_on_qt_message)
    # Long work in a thread gives way sooner: an act asks the project a few dozen things, and waited 5 ms for each.
    sys.setswitchinterval(SWITCH)
    app = Application(sys.argv[:1])
    app.setApplicationName("annotator")
    app.setApplicationDisplayName("")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("annotator")
    fonts.load()
    app.setWindowIcon(icons.application_icon())
    return app


def watch_for_faults(window: MainWindow) -> Callable[[], None]:
    """Show whatever nobody caught in a dialog instead of ending; gives the function that stops it."""
    before = sys.excepthook

    def on_fault(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before(kind, error, traceback)
            return
        if isinstance(error, UserError):  # met where nobody asked, such as a damaged row that a panel reads
            QTimer.singleShot(0, window, lambda: window.show_problem(error))
            return
        _LOG.error("Something went wrong.", exc_info=(kind, error, traceback))
        # Not from within whatever event met the fault: the dialog has an event loop of its own.
        QTimer.singleShot(0, window, lambda: window.places.show_crash(error))

    sys.excepthook = on_fault

    def stop() -> None:
        sys.excepthook = before

    return stop


def account_name() -> str:
    """Give the name of the account that runs the program, for decisions to carry."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "annotator"


def make_picture(
    path: Path,
    target: Path,
    *,
    size: tuple[int, int] = USUAL,
    theme: str = "light",
    annotator: str = "",
    seconds: float = 60.0,
) -> None:
    """Draw the window with a project's first document open and its first candidate selected, as a PNG file.

    Candidates are waited for, at most so many seconds.

    Raises:
        UserError: the project cannot be opened. OSError: the file cannot be written.
    """
    app = make_application()
    window = MainWindow(annotator=annotator or account_name(), settings=Settings())
    try:
        style.choose("high_contrast" if theme == "contrast" else theme)
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.resize(*size)
        window.show()
        if not window.open_project(path):
            raise OSError(f"{path} could not be opened.")
        end = time.monotonic() + seconds
        app.processEvents()
        while time.monotonic() < end and window.jobs.running:
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        for _ in range(10):
            app.processEvents()
            time.sleep(0.02)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not window.grab().save(str(target), "PNG"):
            raise OSError(f"{target} cannot be written.")
    finally:
        window.close()


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if any(part in message for part in _HARMLESS):
        return
    if kind in {QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg}:
        _LOG.warning("Qt: %s", message)
    else:
        _LOG.debug("Qt: %s", message)
