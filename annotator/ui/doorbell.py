"""How windows of one person on one machine find each other: the one that writes in a project answers at a local door.

Whoever may ring is the same person (a socket of their own); nothing is said but that the window is wanted.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_WAIT = 300
"""Milliseconds in which a window on this machine answers."""


class Doorbell(QObject):
    """The door of the window that writes in a project; `rung()` when another window of the person wants it."""

    rung = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server: QLocalServer | None = None

    def answer_for(self, path: Path) -> None:
        """Answer for a project that this window writes in. Without local sockets it stays silent."""
        from PySide6.QtNetwork import QLocalServer

        self.close()
        name = _name_of(path)
        # Only one window writes in a project, so a door of this name was left by one that is gone.
        QLocalServer.removeServer(name)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._on_rung)
        if server.listen(name):
            self._server = server
        else:
            server.deleteLater()

    def close(self) -> None:
        """Answer no more."""
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None

    def _on_rung(self) -> None:
        while self._server is not None and (caller := self._server.nextPendingConnection()) is not None:
            caller.readyRead.connect(self.rung)
            caller.disconnected.connect(caller.deleteLater)
            if caller.bytesAvailable():
                self.rung.emit()


def is_answered(path: Path) -> bool:
    """Tell whether a window of this person on this machine writes in a project."""
    return _call(path, wanted=False)


def ring(path: Path) -> bool:
    """Ask the window that writes in a project to come to the front; tell whether it heard."""
    return _call(path, wanted=True)


def _call(path: Path, *, wanted: bool) -> bool:
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(_name_of(path))
    is_there = socket.waitForConnected(_WAIT)
    if is_there and wanted:
        socket.write(b"show")
        socket.waitForBytesWritten(_WAIT)
    socket.disconnectFromServer()
    return is_there


def _name_of(path: Path) -> str:
    place = str(path.resolve())
    return f"annotator-{hashlib.sha256(place.encode()).hexdigest()[:24]}"
