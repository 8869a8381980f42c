"""What is dropped on the window: a project is opened, files and texts are brought into the open one, or begin one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from annotator.ui.opening import SUFFIX

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow


class Dropping:
    """Takes files and texts."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def offer(self, event: QDragEnterEvent) -> None:
        """Say that files and texts may be dropped."""
        if _paths(event.mimeData()) or event.mimeData().hasText():
            event.acceptProposedAction()

    def take(self, event: QDropEvent) -> None:
        """Take what was dropped, a moment later."""
        event.acceptProposedAction()
        paths, text = _paths(event.mimeData()), event.mimeData().text()
        # The other program waits until the drop is over; what follows may ask questions.
        QTimer.singleShot(0, self._window, lambda: self._take(paths, text))

    def _take(self, paths: list[Path], text: str) -> None:
        window = self._window
        projects = [path for path in paths if path.suffix == SUFFIX]
        if projects:
            window.projects.open_path(projects[0])
        elif paths and window.controller.writable:
            window.places.bring(paths)
        elif paths:
            window.places.ask_new_project(tuple(paths))
        elif text.strip() and window.controller.writable:
            window.places.ask_paste(text)


def _paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
