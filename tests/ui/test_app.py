"""Starting, dropping files, faults, and the picture of the window."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from annotator.model.document import State
from annotator.ui.app import make_picture, watch_for_faults
from annotator.ui.dialogs.crash import CrashDialog
from annotator.ui.dialogs.importing import ImportDialog
from annotator.ui.dialogs.welcome import WelcomePage
from annotator.ui.window import MainWindow
from annotator.workflows.session import Session
from tests.ui.conftest import plain_machine
from tests.ui.driving import Person, wait_until, wait_until_quiet


def drop(window: MainWindow, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(400, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_files_dropped_anywhere_are_imported(person: Person, window: MainWindow, tmp_path: Path) -> None:
    article = tmp_path / "third.txt"
    article.write_text("Bob went to Rome.", encoding="utf-8")
    session = window.controller.session
    assert session is not None
    drop(window, files(article))
    wait_until(lambda: person.said.startswith(("Imported 1 document", "Candidates for")))
    assert session.counts().all == 3


def test_a_dropped_archive_is_imported_as_it_is(person: Person, window: MainWindow, tmp_path: Path) -> None:
    before = window.controller.session.counts().all if window.controller.session else 0
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("one.txt", "Ada left.")
        archive.writestr("two.txt", "Bob stayed.")
    drop(window, files(tmp_path / "some.zip"))
    wait_until(
        lambda: (
            window.controller.session is not None and window.controller.session.counts().all == before + 2
        ),
        what="the import",
    )


def test_what_no_name_tells_is_looked_at_before_it_comes_in(
    person: Person, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    drop(window, files(tmp_path / "picture.png"))
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), ImportDialog), what="the dialog")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ImportDialog)
    wait_until(lambda: not dialog.sources.is_looking, what="the look")
    assert not dialog.import_button.isEnabled()
    assert "is a picture" in dialog.source_table.strip.text
    dialog.reject()


def test_a_project_dropped_is_opened(window: MainWindow, project: Path) -> None:
    window.places.show_welcome()
    drop(window, files(project))
    wait_until(lambda: window.controller.session is not None)
    assert window.pages.currentWidget() is window.page


def test_a_file_that_is_no_project_is_told_and_the_welcome_page_stays(
    window: MainWindow, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.annot"
    wrong.write_text("nothing of the kind", encoding="utf-8")
    window.places.show_welcome()
    assert not window.open_project(wrong)
    told = QApplication.activeModalWidget()
    assert isinstance(told, QDialog)
    assert any("wrong.annot" in label.text() for label in told.findChildren(QLabel))
    told.reject()
    assert isinstance(window.pages.currentWidget(), WelcomePage)


def test_pasting_asks_and_makes_a_document(person: Person, window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("Carol met Dave in Oslo.")
    session = window.controller.session
    assert session is not None
    person.press("Ctrl+V")
    person.dialog()
    person.press("Ctrl+Return", "Return")
    wait_until(lambda: session.counts().all == 3)
    wait_until(lambda: window.controller.text == "Carol met Dave in Oslo.")


def test_skipping_asks_for_a_reason(person: Person, window: MainWindow) -> None:
    first = window.controller.document
    session = window.controller.session
    assert session is not None
    assert first is not None
    person.press("Ctrl+Shift+Return")
    person.dialog()
    person.type("a list of names")
    person.press("Return")
    wait_until(lambda: window.controller.document != first)
    assert session.document(first).state is State.SKIPPED
    assert session.document(first).reason


@pytest.mark.expects_log("Something went wrong")
def test_a_fault_shows_one_dialog_and_work_goes_on(person: Person, window: MainWindow) -> None:
    before = sys.excepthook
    stop = watch_for_faults(window)
    try:
        hook = sys.excepthook
        for _ in range(2):
            QTimer.singleShot(0, window, lambda: hook(*_a_fault()))
        wait_until(lambda: isinstance(QApplication.activeModalWidget(), CrashDialog))
        person.press("Return")
        wait_until(lambda: QApplication.activeModalWidget() is None)
    finally:
        stop()
    assert sys.excepthook is before
    person.press("A")
    assert window.controller.annotations.decided == 1


def _a_fault() -> tuple[type[BaseException], BaseException, None]:
    return ValueError, ValueError("a bug"), None


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_the_picture_shows_the_window(
    application: QApplication, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setattr("annotator.ui.opening.start_worker", plain_machine)
    target = tmp_path / "pictures" / "window.png"
    make_picture(project, target, size=(1280, 800), theme=theme)
    image = QImage(str(target))
    assert image.width() >= 1280
    colors = {image.pixel(x, y) for x in range(300, 900, 7) for y in range(60, 700, 7)}
    assert len(colors) > 20


def test_a_window_that_comes_up_is_painted_before_its_worker_begins(
    window: MainWindow, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []

    def start(session: Session) -> None:
        begun.append(coming.windowHandle().isExposed())
        plain_machine(session)

    monkeypatch.setattr("annotator.ui.opening.start_worker", start)
    window.close()
    coming = MainWindow(annotator="Mara")
    coming.show()
    assert coming.open_project(project)
    assert begun == []
    wait_until_quiet(coming)
    assert begun == [True]
    coming.close()


def test_a_file_that_the_system_hands_over_is_opened() -> None:
    """The application is made in a process of its own: in this one the tests have theirs."""
    script = """
from PySide6.QtGui import QFileOpenEvent
from annotator.ui.app import make_application
app = make_application()
app.project_wanted.connect(print)
app.sendEvent(app, QFileOpenEvent("/home/mara/news.annot"))
"""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
    assert done.stdout == "/home/mara/news.annot\n"
